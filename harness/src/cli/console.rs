//! What people see on the terminal. Everything printed by commands goes through here; text of a target is made visible.

use super::arguments::{Colour, Format};
use crate::engine::Observer;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::model::visible::visible;
use crate::problem::{CaseRef, Cluster, Clusters, Problem, Reason, Tally};
use crate::record::{Counts, Event, TrialFinished, WaitedSummary};
use indicatif::{ProgressBar, ProgressDrawTarget, ProgressStyle};
use std::io::{IsTerminal, Write};
use std::sync::atomic::{AtomicU8, AtomicUsize, Ordering};
use std::sync::{Mutex, OnceLock, PoisonError};
use std::time::Duration;

static COLOUR: AtomicU8 = AtomicU8::new(0);

/// `--color`, before anything is printed.
pub fn set_colour(colour: Colour) {
    COLOUR.store(colour as u8, Ordering::Relaxed);
}

/// Whether to colour what goes to a stream: `--color`, else NO_COLOR and the kind of stream decide.
pub fn colour(stream: &impl IsTerminal) -> bool {
    match COLOUR.load(Ordering::Relaxed) {
        c if c == Colour::Always as u8 => true,
        c if c == Colour::Never as u8 => false,
        _ => std::env::var_os("NO_COLOR").is_none_or(|v| v.is_empty()) && stream.is_terminal(),
    }
}

/// A style, or nothing where there are no colours.
fn painted(text: &str, code: &str) -> String {
    static STDOUT: OnceLock<bool> = OnceLock::new();
    match *STDOUT.get_or_init(|| colour(&std::io::stdout())) {
        true => format!("\x1b[{code}m{text}\x1b[0m"),
        false => text.to_owned(),
    }
}

const BOLD: &str = "1";
const DIM: &str = "2";
const RED: &str = "1;31";
const GREEN: &str = "32";
const YELLOW: &str = "33";
const MAGENTA: &str = "35";

pub fn good(text: &str) -> String {
    painted(text, GREEN)
}

pub fn bad(text: &str) -> String {
    painted(text, RED)
}

/// Whether something holds.
pub fn tick(holds: bool) -> String {
    match holds {
        true => good("✓"),
        false => bad("✗"),
    }
}

/// A line of output. A closed pipe (`| head`) is not an error.
pub fn line(text: &str) {
    let _ = writeln!(std::io::stdout().lock(), "{text}");
}

pub fn heading(text: &str) {
    line(&painted(text, BOLD));
}

/// A line for people that is not output.
pub fn note(text: &str) {
    let _ = writeln!(std::io::stderr().lock(), "{text}");
}

pub fn error(text: &str) {
    let mark = match colour(&std::io::stderr()) {
        true => "\x1b[1;31merror:\x1b[0m",
        false => "error:",
    };
    let _ = writeln!(std::io::stderr().lock(), "{mark} {text}");
}

/// Failures shown with all their evidence; of what has been shown, further trials get a line.
const SHOWN_IN_FULL: usize = 20;
/// Problems listed at the end.
const PROBLEMS_LISTED: usize = 12;

/// Prints trials as they end. One of three formats; a progress bar where stderr is a terminal.
pub struct Console {
    tally: Mutex<Tally>,
    format: Format,
    bar: ProgressBar,
    total: usize,
    done: AtomicUsize,
    failed: AtomicUsize,
    shown: AtomicUsize,
}

impl Console {
    pub fn new(format: Format, total: usize) -> Self {
        let target = match format == Format::Json || !std::io::stderr().is_terminal() {
            true => ProgressDrawTarget::hidden(),
            false => ProgressDrawTarget::stderr_with_hz(10),
        };
        let bar = ProgressBar::with_draw_target(Some(total as u64), target);
        let template = "{bar:30.green/black.bright} {pos}/{len} {msg} {elapsed}";
        if let Ok(style) = ProgressStyle::with_template(template) {
            bar.set_style(style.progress_chars("━━─"));
        }
        Self {
            tally: Mutex::default(),
            format,
            bar,
            total,
            done: AtomicUsize::new(0),
            failed: AtomicUsize::new(0),
            shown: AtomicUsize::new(0),
        }
    }

    /// Whether a trial shows something that was not shown before.
    fn is_news(&self, trial: &TrialFinished) -> bool {
        let news = self.tally.lock().unwrap_or_else(PoisonError::into_inner).add(trial).news;
        let bad = matches!(trial.verdict, Verdict::Failed | Verdict::Errored);
        bad && news && self.shown.fetch_add(1, Ordering::Relaxed) < SHOWN_IN_FULL
    }

    /// What was wrong, by problem as in the report: the most frequent first.
    pub fn print_problems(&self) {
        if self.format == Format::Json {
            return;
        }
        let mut tally = self.tally.lock().unwrap_or_else(PoisonError::into_inner);
        tally.errors.sort();
        let problems = tally.failing();
        let failing = problems.iter().map(|problem| (problem, &tally.failures.list[problem.clusters[0]]));
        let mut lines: Vec<[String; 2]> =
            failing.map(|(p, lead)| problem_lines(&tally.apis, p, lead)).collect();
        lines.extend(tally.errors.list.iter().map(|reason| reason_lines(&tally.apis, reason)));
        for (id, waived) in &tally.waived {
            let are = if waived.findings == 1 { "finding is" } else { "findings are" };
            line(&visible(&format!("{} {are} waived by {id}, e.g. {}", waived.findings, waived.example)));
        }
        if lines.is_empty() {
            return;
        }
        let s = if lines.len() == 1 { "" } else { "s" };
        heading(&format!("{} problem{s}", lines.len()));
        for (number, [what, whereabouts]) in (1..).zip(lines.iter().take(PROBLEMS_LISTED)) {
            line(&format!("{number:>3}. {what}"));
            line(&painted(whereabouts, DIM));
        }
        if lines.len() > PROBLEMS_LISTED {
            line(&format!("     … and {} more, in the report", lines.len() - PROBLEMS_LISTED));
        }
        line("");
    }

    fn print(&self, text: &str) {
        self.bar.suspend(|| {
            let _ = std::io::stdout().lock().write_all(text.as_bytes());
        });
    }

    /// The bar goes; what was printed stays.
    pub fn finish(&self) {
        if self.format == Format::Terse && self.total > 0 {
            self.print("\n");
        }
        self.bar.finish_and_clear();
    }
}

impl Observer for Console {
    fn trial_finished(&self, trial: &TrialFinished) {
        let done = self.done.fetch_add(1, Ordering::Relaxed) + 1;
        let bad = matches!(trial.verdict, Verdict::Failed | Verdict::Errored);
        if bad {
            let failed = self.failed.fetch_add(1, Ordering::Relaxed) + 1;
            self.bar.set_message(format!("· {failed} not passed"));
        }
        let news = self.format != Format::Json && self.is_news(trial);
        match self.format {
            Format::Json => {
                if let Ok(json) = serde_json::to_string(&Event::TrialFinished(Box::new(trial.clone()))) {
                    self.print(&format!("{json}\n"));
                }
            }
            Format::Terse => {
                let (mark, code) = match trial.verdict {
                    Verdict::Passed => (".", GREEN),
                    Verdict::Failed => ("F", RED),
                    Verdict::Errored => ("E", MAGENTA),
                    Verdict::Skipped => ("s", YELLOW),
                    Verdict::Waived => ("w", YELLOW),
                    Verdict::Flaky => ("f", YELLOW),
                };
                let end = if done.is_multiple_of(100) { "\n" } else { "" };
                self.print(&format!("{}{end}", painted(mark, code)));
                if news {
                    self.print(&format!("\n{}", failure(trial)));
                }
            }
            // A bar says enough of what passes; without one, every trial has its line.
            Format::Pretty if news => self.print(&failure(trial)),
            Format::Pretty if bad => self.print(&one_line(trial)),
            Format::Pretty if self.bar.is_hidden() => self.print(&one_line(trial)),
            Format::Pretty => {}
        }
        self.bar.inc(1);
    }
}

/// The problems of a tally, numbered: what is wrong, and where it was seen.
pub fn problems(tally: &Tally) -> Vec<String> {
    lines_of(tally, &tally.failing(), &tally.failures)
}

/// Warnings by cause.
pub fn warnings(tally: &Tally) -> Vec<String> {
    lines_of(tally, &tally.warning(), &tally.warnings)
}

fn lines_of(tally: &Tally, problems: &[Problem], clusters: &Clusters) -> Vec<String> {
    let lines = problems.iter().map(|p| problem_lines(&tally.apis, p, &clusters.list[p.clusters[0]]));
    (1..)
        .zip(lines)
        .map(|(number, [what, place])| format!("{number:>3}. {what}\n{}", painted(&place, DIM)))
        .collect()
}

/// A problem of the target: what is wrong, and where it was seen.
fn problem_lines(apis: &[String], problem: &Problem, lead: &Cluster) -> [String; 2] {
    let place = lead.place();
    let at = if place.is_empty() { place } else { format!("{place}: ") };
    let what = format!("{} {at}{}", name(apis, lead.key.api), lead.sample.finding.message);
    let seen = example(&problem.operations, problem.refs.first());
    [format!("{} × {}", problem.trials.len(), visible(&what)), format!("     {}", visible(&seen))]
}

/// A reason why trials could not be judged, and where it was met.
fn reason_lines(apis: &[String], reason: &Reason) -> [String; 2] {
    let what = format!("{} not judged: {}", name(apis, reason.api), reason.text);
    let met = example(&reason.operations, reason.refs.first());
    [format!("{} × {}", reason.trials, visible(&what)), format!("     {}", visible(&met))]
}

fn name(apis: &[String], api: usize) -> &str {
    apis.get(api).map_or("", String::as_str)
}

fn example(operations: &[String], first: Option<&CaseRef>) -> String {
    let trial = first.map(|case| format!("; e.g. {}", case.name)).unwrap_or_default();
    format!("in {}{trial}", operations.join(", "))
}

fn verdict_word(verdict: Verdict) -> String {
    let (word, code) = match verdict {
        Verdict::Passed => ("ok     ", GREEN),
        Verdict::Failed => ("FAILED ", RED),
        Verdict::Errored => ("ERRORED", MAGENTA),
        Verdict::Skipped => ("skipped", YELLOW),
        Verdict::Waived => ("waived ", YELLOW),
        Verdict::Flaky => ("flaky  ", YELLOW),
    };
    painted(word, code)
}

fn one_line(trial: &TrialFinished) -> String {
    let worst = trial.findings().find(|(_, f)| f.fails()).map(|(_, f)| f.message.as_str());
    let reason = trial.reason.as_deref().or(worst).filter(|_| trial.verdict != Verdict::Passed);
    let reason = reason.map(|r| format!(" ({})", visible(r))).unwrap_or_default();
    let warnings = trial.findings().filter(|(_, f)| f.level < Level::Must).count();
    let warnings =
        if warnings > 0 { painted(&format!(" {warnings} warnings"), YELLOW) } else { String::new() };
    let time = painted(&format!("{:.0} ms", trial.duration_ms), DIM);
    format!("{} {} {time}{warnings}{reason}\n", verdict_word(trial.verdict), trial.name)
}

/// A trial that did not pass, with its evidence: what, where, expected and found, which lines, and how to see it.
pub fn failure(trial: &TrialFinished) -> String {
    let mut out = format!("{} {}\n", verdict_word(trial.verdict), painted(&trial.name, BOLD));
    let mut add = |label: &str, text: &str| {
        let text = visible(text);
        let mut lines = text.lines();
        let first = lines.next().unwrap_or_default();
        match (label, first) {
            ("", "") => out.push('\n'),
            _ => out.push_str(&format!("  {} {first}\n", painted(&format!("{label:>10}"), DIM))),
        }
        for line in lines {
            out.push_str(&format!("             {line}\n"));
        }
    };
    add("case", &format!("{} — {}", trial.location, trial.title));
    if let Some(reason) = &trial.reason {
        add("reason", reason);
    }
    for step in &trial.steps {
        let must: Vec<&Finding> = step.findings.iter().filter(|f| f.fails()).collect();
        if must.is_empty() && step.error.is_none() {
            continue;
        }
        for finding in must {
            add("", "");
            add(&finding.check, &format!("{} (at {})", finding.message, finding.at));
            if let Some(expected) = &finding.expected {
                add("expected", expected);
            }
            if let Some(actual) = &finding.actual {
                add("actual", actual);
            }
            finding.details.iter().for_each(|detail| add("", detail));
            if let Some(case) = finding.case.as_ref().filter(|c| **c != trial.location) {
                add("line", &case.to_string());
            }
            if let Some(spec) = &finding.spec {
                let schema = finding.schema.as_ref().map(|s| format!(" {s}")).unwrap_or_default();
                add("contract", &format!("{spec}{schema}"));
            }
            if let Some(doc) = &finding.doc {
                add("document", doc);
            }
        }
        add("curl", &step.curl);
    }
    out.push('\n');
    out
}

/// What a run waited for its target, a line each reason.
pub fn waited(waited: Option<&WaitedSummary>) -> Vec<String> {
    let Some(WaitedSummary { rate_ms, postponed, retry_after_ms }) = waited.copied() else {
        return Vec::new();
    };
    let seconds = |ms: u64| Duration::from_millis(ms).as_secs_f64();
    let mut lines = Vec::new();
    if rate_ms > 0 {
        lines.push(format!(
            "waited {:.1} s for the rate limit of the target, all jobs together",
            seconds(rate_ms)
        ));
    }
    if postponed > 0 {
        let s = if postponed == 1 { "" } else { "s" };
        let seconds = seconds(retry_after_ms);
        lines.push(format!("waited {seconds:.1} s because {postponed} answer{s} asked for it (Retry-After)"));
    }
    lines
}

/// The end of a run in three lines.
pub fn summary(
    counts: &Counts,
    seconds: f64,
    target: &str,
    report: Option<&str>,
    interrupted: bool,
) -> String {
    let mut parts = Vec::new();
    let mut part = |n: usize, word: &str, code: &str| {
        if n > 0 {
            parts.push(painted(&format!("{n} {word}"), code));
        }
    };
    part(counts.failed, "failed", RED);
    part(counts.errored, "errored", MAGENTA);
    part(counts.passed, "passed", GREEN);
    part(counts.waived, "waived", YELLOW);
    part(counts.flaky, "flaky", YELLOW);
    part(counts.skipped, "skipped", YELLOW);
    part(counts.warnings, if counts.warnings == 1 { "warning" } else { "warnings" }, YELLOW);
    let verdict = match (counts.failed, counts.errored, interrupted) {
        (1.., _, _) => painted("not conformant", RED),
        (0, 1.., _) => painted("could not judge everything", MAGENTA),
        (0, 0, true) => painted("interrupted", MAGENTA),
        (0, 0, false) if counts.judged() == 0 => painted("nothing was judged", YELLOW),
        (0, 0, false) => painted("conformant", GREEN),
    };
    let report = report.map(|r| format!("\nreport: {r}")).unwrap_or_default();
    format!(
        "{verdict}: {} of {} in {seconds:.2} s against {target}{report}",
        parts.join(", "),
        counts.total()
    )
}
