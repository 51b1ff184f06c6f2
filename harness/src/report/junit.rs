//! `junit.xml`: one suite an API, failures, errors and skipped cases kept apart.
//!
//! Written straight to the file, suite by suite, so that its size is not a matter of memory. The elements are those
//! that both schemas in use have in common: Jenkins' `junit-10.xsd` and, as long as no case is skipped (it knows no
//! skipped cases), Windy Road's `JUnit.xsd`. XML 1.0 cannot carry control characters, so they are symbols here too.

use super::error::ReportError;
use super::evidence::evidence;
use super::index::{ApiIndex, Index};
use super::visible;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::TrialFinished;
use std::fmt::Write as _;
use std::io::Write;

/// Warnings of one suite that are written out.
const MAX_WARNINGS: usize = 500;
/// Bytes of evidence of one case, and of all cases: CI servers read the file whole. The record has the rest.
const MAX_OF_CASE: usize = 64 * 1024;
const MAX_EVIDENCE: usize = 4 * 1024 * 1024;

/// Writes the document.
pub fn write(index: &Index, out: &mut dyn Write) -> Result<(), ReportError> {
    out.write_all(b"<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<testsuites>\n")?;
    let mut room = Room { left: MAX_EVIDENCE };
    for (number, api) in index.apis.iter().enumerate() {
        out.write_all(suite_start(index, number, api).as_bytes())?;
        let mut warnings = Warnings { text: String::new(), left: MAX_WARNINGS };
        for number in api.operations.iter().flat_map(|o| &o.trials) {
            let trial = index.trial(*number)?;
            out.write_all(case(&trial, &mut room).as_bytes())?;
            warnings.add(&trial);
        }
        let end = "    <system-err/>\n  </testsuite>\n";
        write!(out, "    <system-out>{}</system-out>\n{end}", text(&warnings.text))?;
    }
    out.write_all(b"</testsuites>\n")?;
    Ok(())
}

/// The suite's start tag and its properties.
fn suite_start(index: &Index, number: usize, api: &ApiIndex) -> String {
    let started = &index.started;
    let counts = &api.counts;
    // Windy Road's schema has no such attribute.
    let skipped = match counts.skipped {
        0 => String::new(),
        n => format!(" skipped=\"{n}\""),
    };
    let mut out = format!(
        "  <testsuite name=\"{name}\" package=\"{suite}\" id=\"{number}\" timestamp=\"{time}\" hostname=\"localhost\" \
         tests=\"{tests}\" failures=\"{failures}\" errors=\"{errors}\"{skipped} time=\"{seconds}\">\n    <properties>\n",
        name = attribute(&api.name),
        suite = attribute(&started.suite),
        time = timestamp(&started.started),
        tests = counts.total(),
        failures = counts.failed,
        errors = counts.errored,
        seconds = seconds(api.duration_ms),
    );
    let seed = started.seed.to_string();
    let command = started.command.join(" ");
    let faults = started.faults.join(" ");
    let properties = [
        ("tool", started.tool.as_str()),
        ("run", &started.run),
        ("target", &started.target),
        ("url", started.urls.get(&api.name).map_or("", String::as_str)),
        ("seed", &seed),
        ("command", &command),
        ("faults", &faults),
        ("interrupted", if index.interrupted() { "true" } else { "" }),
    ];
    for (name, value) in properties.iter().filter(|(_, value)| !value.is_empty()) {
        let _ = writeln!(out, "      <property name=\"{name}\" value=\"{}\"/>", attribute(value));
    }
    out.push_str("    </properties>\n");
    out
}

fn case(trial: &TrialFinished, room: &mut Room) -> String {
    let start = format!(
        "    <testcase name=\"{}\" classname=\"{}\" time=\"{}\"",
        attribute(&trial.case),
        attribute(&format!("{}.{}", trial.api, trial.operation)),
        seconds(trial.duration_ms)
    );
    let reason = trial.reason.as_deref();
    match trial.verdict {
        Verdict::Passed => format!("{start}/>\n"),
        // JUnit's schema knows neither waived nor flaky: what it says beside a passed case is the nearest.
        Verdict::Waived | Verdict::Flaky => {
            let says = format!("{}: {}", trial.verdict.as_str(), reason.unwrap_or_default());
            let more = match trial.verdict {
                Verdict::Waived => format!("\n{}", room.take(trial)),
                _ => String::new(),
            };
            format!(
                "{start}>\n      <system-out>{}{}</system-out>\n    </testcase>\n",
                text(&says),
                text(&more)
            )
        }
        Verdict::Skipped => {
            format!(
                "{start}>\n      <skipped message=\"{}\"/>\n    </testcase>\n",
                attribute(reason.unwrap_or_default())
            )
        }
        Verdict::Failed => {
            let musts: Vec<&Finding> = trial.findings().map(|(_, f)| f).filter(|f| f.fails()).collect();
            let message = match musts.as_slice() {
                [] => reason.unwrap_or("the answer is wrong").to_owned(),
                [one] => format!("{}: {}", one.at, one.message),
                [first, ..] => format!("{}: {} (and {} more)", first.at, first.message, musts.len() - 1),
            };
            let kind = musts.first().map_or("finding", |f| f.check.as_str());
            element(&start, "failure", &message, kind, &room.take(trial))
        }
        Verdict::Errored => {
            let error = trial.steps.iter().rev().find_map(|s| s.error.as_ref());
            let message =
                reason.or(error.map(|e| e.message.as_str())).unwrap_or("the answer could not be judged");
            element(&start, "error", message, error.map_or("error", |e| e.kind.as_str()), &room.take(trial))
        }
    }
}

fn element(start: &str, name: &str, message: &str, kind: &str, body: &str) -> String {
    format!(
        "{start}>\n      <{name} message=\"{}\" type=\"{}\">{}</{name}>\n    </testcase>\n",
        attribute(message),
        attribute(kind),
        text(body)
    )
}

/// The room that is left for evidence.
struct Room {
    left: usize,
}

impl Room {
    /// What is known of a case that is not well, cut where it is too long, with a note of where the whole is.
    fn take(&mut self, trial: &TrialFinished) -> String {
        let mut whole = evidence(trial);
        let most = MAX_OF_CASE.min(self.left);
        let length = whole.len();
        if length > most {
            let end = (0..=most).rev().find(|at| whole.is_char_boundary(*at)).unwrap_or(0);
            whole.truncate(end);
            whole.push_str(&format!(
                "\n… cut: the first {end} of {length} bytes; run.ndjson has {} whole\n",
                trial.name
            ));
        }
        self.left = self.left.saturating_sub(whole.len());
        whole
    }
}

/// Findings below `must`, which JUnit has no element for.
struct Warnings {
    text: String,
    left: usize,
}

impl Warnings {
    fn add(&mut self, trial: &TrialFinished) {
        for (_, finding) in trial.findings().filter(|(_, f)| f.level != Level::Must) {
            if self.left == 0 {
                return;
            }
            self.left -= 1;
            let (level, name) = (finding.level.as_str(), &trial.name);
            let _ = writeln!(self.text, "warning ({level}) {name} at {}: {}", finding.at, finding.message);
            if self.left == 0 {
                self.text.push_str("more warnings are in run.ndjson\n");
            }
        }
    }
}

/// Seconds with three decimals, as the schemas' patterns want them.
fn seconds(milliseconds: f64) -> String {
    format!("{:.3}", milliseconds.max(0.0) / 1_000.0)
}

/// `2026-11-22T02:14:33`: the schemas allow neither a zone nor a fraction.
fn timestamp(rfc3339: &str) -> &str {
    let shape = |t: &&str| {
        t.bytes().enumerate().all(|(i, b)| match i {
            4 | 7 => b == b'-',
            10 => b == b'T',
            13 | 16 => b == b':',
            _ => b.is_ascii_digit(),
        })
    };
    rfc3339.get(..19).filter(shape).unwrap_or("1970-01-01T00:00:00")
}

fn attribute(value: &str) -> String {
    escape(&visible::line_text(value)).replace('"', "&quot;")
}

fn text(value: &str) -> String {
    escape(&visible::block_text(value))
}

fn escape(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for c in value.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c => out.push(c),
        }
    }
    out
}
