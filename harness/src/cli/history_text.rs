//! What `proofmark history` prints for people.

use super::console;
use super::history::{CaseHistory, shown};
use crate::history::{Point, Trend};
use crate::model::verdict::Verdict;
use crate::model::visible::visible;
use crate::record::{Counts, RunSummary, RunVerdict};
use std::path::Path;

/// Runs that are listed of a case that does not pass.
const FAILURES: usize = 5;
/// Marks of a trend in a row.
const ACROSS: usize = 60;

/// A line a run, the latest first.
pub fn runs(runs: &[RunSummary], all: usize, reports: &Path) {
    if runs.is_empty() {
        let of = shown(reports);
        console::line(&format!("no runs in `{}` that fit (see `proofmark run`)", of.display()));
        return;
    }
    let rows: Vec<[String; 6]> = runs.iter().map(row).collect();
    let width = |column: usize| rows.iter().map(|row| row[column].chars().count()).max().unwrap_or_default();
    let widths: Vec<usize> = (0..6).map(width).collect();
    for (run, row) in runs.iter().zip(&rows) {
        let cells: Vec<String> = row
            .iter()
            .zip(&widths)
            .map(|(cell, width)| format!("{cell}{}", " ".repeat(width - cell.chars().count())))
            .collect();
        console::line(&format!("{} {}", mark(run.verdict()), cells.join("  ").trim_end()));
    }
    if all > runs.len() {
        console::line(&format!("… and {} earlier (`-n {all}`)", all - runs.len()));
    }
}

fn row(run: &RunSummary) -> [String; 6] {
    let commit = run.commit.as_deref().map(short).unwrap_or_default();
    let apis = match run.apis.len() {
        0..=3 => run.apis.join(" "),
        n => format!("{n} APIs"),
    };
    let seconds = run.duration_ms as f64 / 1000.0;
    [run.run.clone(), run.target.clone(), counts(run), format!("{seconds:.1} s"), commit, apis]
        .map(|cell| visible(&cell).into_owned())
}

/// `2 failed, 966 passed (of 968)`.
fn counts(run: &RunSummary) -> String {
    let Counts { passed, failed, errored, skipped: _, waived, flaky, warnings } = run.counts;
    let parts = [
        (failed, "failed"),
        (errored, "errored"),
        (waived, "waived"),
        (flaky, "flaky"),
        (passed, "passed"),
        (warnings, if warnings == 1 { "warning" } else { "warnings" }),
    ];
    let mut words: Vec<String> =
        parts.iter().filter(|(n, _)| *n > 0).map(|(n, word)| format!("{n} {word}")).collect();
    if words.is_empty() {
        words.push("nothing judged".into());
    }
    if !run.is_whole() && run.selected < run.planned {
        words.push(format!("of {}", run.planned));
    }
    if run.interrupted {
        words.push("interrupted".into());
    }
    if run.gate == Some(false) {
        words.push("refused by the gate".into());
    }
    if !run.faults.is_empty() {
        words.push(format!("{} fault{}", run.faults.len(), if run.faults.len() == 1 { "" } else { "s" }));
    }
    words.join(", ")
}

/// Each verdict has a sign of its own; colour only helps.
fn mark(verdict: RunVerdict) -> String {
    match verdict {
        RunVerdict::Green => console::good("✓"),
        RunVerdict::Failed => console::bad("✗"),
        RunVerdict::NotJudged => "?".into(),
        RunVerdict::Interrupted => "…".into(),
    }
}

fn sign(verdict: Verdict) -> String {
    match verdict {
        Verdict::Passed => console::good("✓"),
        Verdict::Failed => console::bad("✗"),
        Verdict::Errored => "?".into(),
        Verdict::Waived => "≈".into(),
        Verdict::Flaky => "↻".into(),
        Verdict::Skipped => "–".into(),
    }
}

fn short(commit: &str) -> String {
    commit.chars().take(8).collect()
}

/// The trend of a case.
pub fn case(found: &CaseHistory) {
    console::heading(&visible(&found.case.name));
    console::line(&visible(&found.case.title));
    let trend = Trend::of(&found.points);
    let Some(latest) = found.points.last() else {
        console::line("it was not run in any run that fits");
        return;
    };
    let across = &found.points[found.points.len().saturating_sub(ACROSS)..];
    let marks: String = across.iter().map(|point| sign(point.verdict)).collect();
    let times: Vec<Option<f64>> =
        across.iter().map(|point| (point.verdict != Verdict::Errored).then_some(point.duration_ms)).collect();
    console::line("");
    console::line(&format!("  {marks}  {}", visible(&runs_of(found, across.len()))));
    console::line(&format!(
        "  {}  median {}, {} to {}",
        sparkline(&times),
        time(trend.median_ms),
        time(trend.least_ms),
        time(trend.most_ms)
    ));
    console::line("");
    let share = |n: usize| format!("{n} of {}", trend.judged);
    console::line(&format!(
        "  failed in {} judged runs, flaky rate {:.0} % ({} flaky, {} change{})",
        share(trend.failed),
        trend.flaky_rate() * 100.0,
        trend.flaky,
        trend.changes,
        if trend.changes == 1 { "" } else { "s" },
    ));
    when(&found.points, &trend, latest);
    failures(&found.points);
}

fn runs_of(found: &CaseHistory, across: usize) -> String {
    let others = match found.others.as_slice() {
        [] => String::new(),
        others => format!("; also ran against {} (`--target`)", others.join(", ")),
    };
    let s = if across == 1 { "" } else { "s" };
    format!("{across} run{s} against {}, the latest last{others}", found.target)
}

/// When it broke.
fn when(points: &[Point], trend: &Trend, latest: &Point) {
    let named = |i: usize| {
        let run = &points[i].run;
        let commit = run.commit.as_deref().map(|c| format!(", commit {}", short(c))).unwrap_or_default();
        format!("{}{commit}", run.run)
    };
    match (trend.failing_since, trend.first_failure) {
        (Some(0), _) => console::line(&visible(&format!("  it fails in all runs since {}", named(0)))),
        (Some(since), _) => {
            let passed = points[..since]
                .iter()
                .rposition(|p| !matches!(p.verdict, Verdict::Errored | Verdict::Skipped));
            let before = passed.map(|at| format!("; it passed in {}", named(at))).unwrap_or_default();
            console::line(&visible(&format!("  it broke in {}{before}", named(since))));
        }
        (None, Some(first)) => {
            console::line(&visible(&format!("  it passes now; it failed first in {}", named(first))));
        }
        (None, None) if latest.verdict == Verdict::Errored => {
            console::line("  it never failed, and could not be judged the last time");
        }
        (None, None) => console::line("  it never failed"),
    }
}

fn failures(points: &[Point]) {
    let bad: Vec<&Point> = points.iter().rev().filter(|point| point.why.is_some()).collect();
    if bad.is_empty() {
        return;
    }
    console::line("");
    for point in bad.iter().take(FAILURES) {
        let why = point.why.as_deref().unwrap_or_default();
        console::line(&format!(
            "  {} {}",
            sign(point.verdict),
            visible(&format!("{}  {why}", point.run.run))
        ));
    }
    let more = bad.len().saturating_sub(FAILURES);
    if more > 0 {
        console::line(&format!("  … and {more} more (`--format json`)"));
    }
}

fn time(milliseconds: f64) -> String {
    match milliseconds {
        ms if ms < 10.0 => format!("{ms:.1} ms"),
        ms if ms < 1_000.0 => format!("{ms:.0} ms"),
        ms => format!("{:.1} s", ms / 1000.0),
    }
}

/// Times as heights, from nothing to the longest; a gap where there is none.
fn sparkline(times: &[Option<f64>]) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = times.iter().flatten().copied().fold(0.0, f64::max);
    let height = |time: f64| {
        let share = if most > 0.0 { time / most } else { 0.0 };
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to 7")]
        let step = (share * 7.0).round() as usize;
        HEIGHTS[step.min(7)]
    };
    times.iter().map(|time| time.map_or(' ', height)).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_are_heights() {
        assert_eq!(sparkline(&[Some(0.0), Some(50.0), None, Some(100.0)]), "▁▅ █");
        assert_eq!(sparkline(&[Some(0.0)]), "▁");
        assert_eq!([4.25, 42.4, 4_200.0].map(time), ["4.2 ms", "42 ms", "4.2 s"]);
    }
}
