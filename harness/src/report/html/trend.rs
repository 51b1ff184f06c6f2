//! The run among others: the strip of the last runs, and what changed since the baseline.

use super::finding::headline;
use super::text::Line;
use super::view::View;
use super::words;
use crate::model::verdict::Verdict;
use crate::problem::Cluster;
use crate::record::{BaselineSummary, CauseSummary, Counts, RunSummary};
use maud::{Markup, html};

/// Units of a run in the strip, and its height.
const COLUMN: usize = 26;
const HEIGHT: usize = 44;
/// Causes that are named beside the counts.
const NAMED: usize = 5;

/// The strip and the comparison; nothing for a record that knows no other run.
pub fn trend(view: &View<'_>) -> Markup {
    let Some(history) = &view.index.history else { return html! {} };
    html! {
        @if !history.runs.is_empty() || history.baseline.is_some() {
            div.past {
                @if let Some(baseline) = &history.baseline { (regression(view, baseline)) }
                @if !history.runs.is_empty() { (strip(view, &history.runs)) }
            }
        }
    }
}

fn strip(view: &View<'_>, runs: &[RunSummary]) -> Markup {
    let width = (runs.len() + 1) * COLUMN;
    let now = &view.index.counts;
    let green = runs.iter().rev().find(|run| run.verdict() == crate::record::RunVerdict::Green);
    let label = format!(
        "{} failed in this run; before, from the last to the first: {}",
        words::number(now.failed),
        runs.iter().rev().map(|run| words::number(run.counts.failed)).collect::<Vec<_>>().join(", ")
    );
    html! {
        figure.trend {
            figcaption {
                span.head_ { "Failed in the last runs" }
                span.soft {
                    @match green {
                        Some(run) => { "last green " (Line(&words::time(&run.started))) }
                        None => "none of them green"
                    }
                }
            }
            svg.strip width=(width) height=(HEIGHT + 16) viewBox=(format!("0 0 {width} {}", HEIGHT + 16)) role="group" aria-label=(label) {
                @for (i, run) in runs.iter().enumerate() {
                    @let drawn = column(&run.counts, i * COLUMN, false, &says(run));
                    @match run.report.as_deref().filter(|path| is_beside(path)) {
                        Some(path) => { a href=(path) aria-label=(super::body::plain(&says(run))) { (drawn) } }
                        None => (drawn)
                    }
                }
                (column(now, runs.len() * COLUMN, true, "this run"))
            }
        }
    }
}

fn says(run: &RunSummary) -> String {
    let counts = &run.counts;
    let mut text = format!(
        "{}: {}, {} failed of {}",
        words::time(&run.started),
        run.verdict().as_str(),
        words::number(counts.failed),
        words::number(counts.total())
    );
    if !run.faults.is_empty() {
        text.push_str(&format!(", with {}", run.faults.join(", ")));
    }
    text
}

/// A run: what failed and what could not be judged as shares of its height, and a sign below.
#[expect(clippy::cast_precision_loss, reason = "units of a drawing")]
fn column(counts: &Counts, x: usize, this: bool, says: &str) -> Markup {
    let all = counts.total().max(1) as f64;
    let share = |n: usize| if n == 0 { 0.0 } else { (n as f64 / all * HEIGHT as f64).max(3.0) };
    let (failed, errored) = (share(counts.failed), share(counts.errored));
    let sign = match (counts.failed, counts.errored) {
        (1.., _) => ("f", words::number(counts.failed)),
        (0, 1..) => ("e", "?".to_owned()),
        (0, 0) => ("p", "✓".to_owned()),
    };
    let bottom = HEIGHT as f64;
    html! {
        g class=(if this { "run_ this" } else { "run_" }) {
            title { (Line(says)) }
            rect.bed x=(x + 3) width=(COLUMN - 6) height=(HEIGHT) rx="3" {}
            @if errored > 0.0 { rect.e x=(x + 3) y=(format!("{:.1}", bottom - failed - errored)) width=(COLUMN - 6) height=(format!("{errored:.1}")) {} }
            @if failed > 0.0 { rect.f x=(x + 3) y=(format!("{:.1}", bottom - failed)) width=(COLUMN - 6) height=(format!("{failed:.1}")) {} }
            text class=(sign.0) x=(x + COLUMN / 2) y=(HEIGHT + 12) text-anchor="middle" { (sign.1) }
        }
    }
}

/// A path to a report beside this one: nothing that a browser would take for another place.
fn is_beside(path: &str) -> bool {
    !path.starts_with('/') && path.chars().all(|c| c.is_ascii_alphanumeric() || "._/-".contains(c))
}

fn regression(view: &View<'_>, baseline: &BaselineSummary) -> Markup {
    let broken = baseline.newly_failing + baseline.newly_errored;
    let numbers = [
        (Verdict::Failed, baseline.newly_failing, "newly failing"),
        (Verdict::Errored, baseline.newly_errored, "newly not judged"),
        (Verdict::Failed, baseline.still_failing, "still failing"),
        (Verdict::Passed, baseline.fixed, "fixed"),
        (Verdict::Flaky, baseline.flaky, "flaky"),
        (Verdict::Skipped, baseline.new, "new"),
        (Verdict::Skipped, baseline.gone, "gone"),
    ];
    let others: Vec<&CauseSummary> =
        baseline.causes.iter().filter(|cause| !is_shown(view, cause)).take(NAMED).collect();
    html! {
        div class=(if broken > 0 { "since f" } else { "since p" }) {
            p.head_ {
                "Since the baseline " strong { (Line(&baseline.run)) } ", " (Line(&words::time(&baseline.started)))
                @if baseline.target != view.index.started.target { ", against " strong { (Line(&baseline.target)) } }
                @if !baseline.whole { ", whose record is not whole" }
            }
            p.legend {
                @if broken == 0 { strong { "Nothing new is broken." } " " }
                @for (verdict, n, word) in numbers.into_iter().filter(|(_, n, _)| *n > 0) {
                    span.n { (words::sign(verdict)) strong { (words::number(n)) } " " (word) }
                }
                @if baseline.drifted > 0 { span.n { strong { (words::number(baseline.drifted)) } (if baseline.drifted == 1 { " field drifted" } else { " fields drifted" }) } }
                @if baseline.slower > 0 { span.n { strong { (words::number(baseline.slower)) } " slower" } }
                @if baseline.faster > 0 { span.n { strong { (words::number(baseline.faster)) } " faster" } }
                @if let Some(page) = baseline.page.as_deref().filter(|path| is_beside(path)) { a.more_ href=(page) { "The whole comparison" } }
            }
            @if !others.is_empty() {
                ul.plain { @for cause in others {
                    li { (headline(&cause.at, &cause.message)) " " span.soft { (Line(&cause.api)) ", " (words::count(cause.cases, "case", "cases")) } }
                } }
            }
        }
    }
}

/// Whether a cause is one of the problems that the first screen names, where it is marked as new.
fn is_shown(view: &View<'_>, cause: &CauseSummary) -> bool {
    view.problems.iter().any(|problem| {
        let clusters = problem.clusters.iter().map(|i| &view.index.tally.failures.list[*i]);
        clusters.clone().any(|cluster| is_of(view, cause, cluster))
    })
}

fn is_of(view: &View<'_>, cause: &CauseSummary, cluster: &Cluster) -> bool {
    let api = view.index.apis.get(cluster.key.api).map(|api| api.name.as_str());
    api == Some(cause.api.as_str())
        && crate::problem::normalised(&cause.at) == crate::problem::normalised(&cluster.place())
        && (cause.message == cluster.sample.finding.message
            || crate::problem::saying(&cause.message)
                == crate::problem::saying(&cluster.sample.finding.message))
}

/// Whether a problem is one of the causes that the baseline did not have.
pub fn is_new(view: &View<'_>, clusters: &[usize]) -> bool {
    let Some(baseline) = view.index.history.as_ref().and_then(|history| history.baseline.as_ref()) else {
        return false;
    };
    let list = &view.index.tally.failures.list;
    clusters.iter().any(|i| baseline.causes.iter().any(|cause| is_of(view, cause, &list[*i])))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_path_beside_the_report_is_a_link() {
        assert!(is_beside("../20261122-1/report.html") && is_beside("compare.html"));
        for path in ["javascript:alert(1)", "//host/x", "/etc/passwd", "http://h/", "a b", "x?y", "a\"b"] {
            assert!(!is_beside(path), "{path}");
        }
    }
}
