//! The first screen: what came of the run, how bad it is, and where.

use super::glance::{facts, has_top, notices, places, tiles, top};
use super::text::Line;
use super::trend::trend;
use super::view::View;
use super::words;
use crate::model::verdict::Verdict;
use crate::record::{Counts, GateDecision};
use maud::{Markup, html};

/// What came of a run.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Result {
    NotConformant,
    CouldNotTell,
    Incomplete,
    Conformant,
    Nothing,
}

impl Result {
    pub fn of(counts: &Counts, interrupted: bool) -> Self {
        match counts {
            c if c.failed > 0 => Self::NotConformant,
            c if c.errored > 0 => Self::CouldNotTell,
            _ if interrupted => Self::Incomplete,
            c if c.judged() > 0 => Self::Conformant,
            _ => Self::Nothing,
        }
    }

    pub fn words(self) -> &'static str {
        match self {
            Self::NotConformant => "Not conformant",
            Self::CouldNotTell => "Could not tell",
            Self::Incomplete => "Incomplete",
            Self::Conformant => "Conformant",
            Self::Nothing => "Nothing was judged",
        }
    }

    fn class(self) -> &'static str {
        match self {
            Self::NotConformant => "f",
            Self::CouldNotTell | Self::Incomplete => "e",
            Self::Conformant => "p",
            Self::Nothing => "s",
        }
    }
}

pub fn hero(view: &View<'_>) -> Markup {
    let index = view.index;
    let result = Result::of(&index.counts, index.interrupted());
    html! {
        section class=(format!("hero {}", result.class())) aria-labelledby="verdict" {
            (seal(result))
            div.verdict {
                h1 id="verdict" { (result.words()) }
                p.lead { (lead(view, result)) }
            }
            (bar(&index.counts))
            (legend(view))
            (notices(view))
            (trend(view))
            div class=(if has_top(view) { "glance two" } else { "glance" }) {
                (top(view))
                (places(view))
            }
            (tiles(view))
        }
        (facts(view))
    }
}

fn lead(view: &View<'_>, result: Result) -> Markup {
    let counts = &view.index.counts;
    let judged = counts.judged();
    html! {
        @match result {
            Result::NotConformant => {
                strong { (words::number(counts.failed)) " of " (words::count(judged, "judged case", "judged cases")) }
                (if counts.failed == 1 { " breaks the contract" } else { " break the contract" })
                @if !view.problems.is_empty() {
                    ", in "
                    strong { @if view.problems.len() == 1 { "one way" } @else { (words::number(view.problems.len())) " different ways" } }
                }
                "."
            }
            Result::CouldNotTell if counts.passed > 0 => "No answer was found wrong, but not every answer could be judged.",
            Result::CouldNotTell => "Not one answer could be judged.",
            Result::Incomplete => {
                (words::number(counts.total())) " of " (words::count(view.index.started.planned, "case", "cases")) " ended before the run did. No answer was found wrong so far."
            }
            Result::Conformant => {
                "Every answer of " strong { (words::count(counts.passed, "case", "cases")) } " is as the contract says."
            }
            Result::Nothing => "No case was run.",
        }
        @if counts.waived > 0 { " " (words::count(counts.waived, "case deviates", "cases deviate")) " in a way that " a href="#waivers" { "was accepted" } "." }
        @if let Some(gate) = view.index.finished.as_ref().and_then(|finished| finished.gate.as_ref()) { " " (gate_says(gate)) }
        @if counts.flaky > 0 { " " (words::count(counts.flaky, "case", "cases")) " passed only when tried again." }
        @if counts.errored > 0 { " " strong { (words::number(counts.errored)) " could not be judged" } "." }
        @if counts.skipped > 0 && result != Result::Nothing { " " (words::number(counts.skipped)) (if counts.skipped == 1 { " was" } else { " were" }) " not run." }
    }
}

/// What the gate made of it, and which clauses did.
fn gate_says(gate: &GateDecision) -> Markup {
    let refusing: Vec<&str> = gate.refusals().map(|clause| clause.name.as_str()).collect();
    html! {
        @if refusing.is_empty() { "The " a href="#gate" { "gate" } " lets it pass." }
        @else {
            strong { "The " a href="#gate" { "gate" } " refuses it" } " by "
            @for (i, name) in refusing.iter().enumerate() { @if i > 0 { " and " } code { (Line(name)) } }
            "."
        }
    }
}

/// A ring with a sign, whole only for a conformant target.
fn seal(result: Result) -> Markup {
    let (ring, strokes): (&str, &[&str]) = match result {
        Result::Conformant => ("", &["M25 41l10 10 21-23"]),
        Result::NotConformant => ("62 14 108 30", &["M28 28l24 24", "M52 28L28 52"]),
        Result::CouldNotTell | Result::Incomplete => {
            ("9 7", &["M31 32c0-5 4-9 9-9s9 4 9 9c0 7-9 7-9 14", "M40 56v.5"])
        }
        Result::Nothing => ("2 8", &["M28 40h24"]),
    };
    html! {
        svg.seal viewBox="0 0 80 80" aria-hidden="true" {
            circle.ring cx="40" cy="40" r="36" stroke-dasharray=(ring) {}
            circle.inner cx="40" cy="40" r="30" {}
            @for stroke in strokes { path d=(stroke) {} }
        }
    }
}

const VERDICTS: [Verdict; 6] =
    [Verdict::Failed, Verdict::Errored, Verdict::Waived, Verdict::Flaky, Verdict::Passed, Verdict::Skipped];

fn of(counts: &Counts, verdict: Verdict) -> usize {
    match verdict {
        Verdict::Failed => counts.failed,
        Verdict::Errored => counts.errored,
        Verdict::Passed => counts.passed,
        Verdict::Skipped => counts.skipped,
        Verdict::Waived => counts.waived,
        Verdict::Flaky => counts.flaky,
    }
}

/// The verdicts as lengths of a bar. What there is one of is still seen.
pub fn bar(counts: &Counts) -> Markup {
    let total = counts.total().max(1);
    let label = VERDICTS
        .iter()
        .filter(|v| of(counts, **v) > 0)
        .map(|v| format!("{} {}", words::number(of(counts, *v)), words::verdict(*v)))
        .collect::<Vec<_>>()
        .join(", ");
    let widths = VERDICTS.map(|v| percent(of(counts, v), total));
    let sum = widths.iter().sum::<f64>().max(1.0);
    let widths = widths.map(|w| w * 100.0 / sum);
    let begins = widths.iter().scan(0.0, |at, width| Some(std::mem::replace(at, *at + width)));
    html! {
        svg.bar role="img" aria-label=(label) {
            @for ((verdict, width), begin) in VERDICTS.into_iter().zip(widths).zip(begins).filter(|((_, w), _)| *w > 0.0) {
                rect class=(words::letter(verdict)) x=(format!("{begin:.2}%")) width=(format!("{width:.2}%")) height="100%" {}
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a length on a screen")]
fn percent(n: usize, total: usize) -> f64 {
    if n == 0 { 0.0 } else { (n as f64 * 100.0 / total as f64).max(0.8) }
}

fn legend(view: &View<'_>) -> Markup {
    let counts = &view.index.counts;
    let target = |verdict| match verdict {
        Verdict::Failed => "#wrong",
        Verdict::Errored => "#unjudged",
        Verdict::Waived => "#waivers",
        Verdict::Passed | Verdict::Skipped | Verdict::Flaky => "#cases",
    };
    html! {
        ul.legend {
            @for verdict in VERDICTS.into_iter().filter(|v| of(counts, *v) > 0) {
                li { a href=(target(verdict)) {
                    (words::sign(verdict)) strong { (words::number(of(counts, verdict))) } " " (words::verdict(verdict))
                } }
            }
            @if counts.warnings > 0 {
                li { a href="#warnings" {
                    span.st.w role="img" aria-label="warnings" {} strong { (words::number(counts.warnings)) }
                    (if counts.warnings == 1 { " warning" } else { " warnings" })
                } }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn wrong_and_could_not_tell_are_different_results() {
        let counts = |failed, errored, passed, skipped| Counts {
            failed,
            errored,
            passed,
            skipped,
            ..Counts::default()
        };
        assert_eq!(Result::of(&counts(1, 1, 1, 0), true), Result::NotConformant);
        assert_eq!(Result::of(&counts(0, 1, 9, 0), false), Result::CouldNotTell);
        assert_eq!(Result::of(&counts(0, 0, 9, 0), true), Result::Incomplete);
        assert_eq!(Result::of(&counts(0, 0, 9, 3), false), Result::Conformant);
        assert_eq!(Result::of(&counts(0, 0, 0, 3), false), Result::Nothing);
    }

    #[test]
    fn a_single_failure_among_thousands_is_seen() {
        let counts = Counts { failed: 1, passed: 20_000, ..Counts::default() };
        let html = bar(&counts).into_string();
        assert!(html.contains(r#"aria-label="1 failed, 20,000 passed""#), "{html}");
        assert!(html.contains(r#"<rect class="f" x="0.00%" width="0.79%""#), "{html}");
    }
}
