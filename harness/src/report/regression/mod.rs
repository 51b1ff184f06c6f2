//! The page of a comparison: what broke between two runs, by cause, with the answers before and after. One file without
//! network and without any script, in the style of `report.html`.

mod answers;
mod causes;
mod drift;
mod evidence;
mod hero;
mod latency;
mod lists;
#[cfg(test)]
mod tests;

use super::error::ReportError;
use super::html::still::Still;
use super::html::text::Line;
use super::html::words::{count, number, time};
use crate::compare::{Comparison, State};
use crate::problem::Problem;
use evidence::Evidence;
use maud::{Markup, html};
use std::path::Path;

const STYLE: &str = concat!(include_str!("../html/report.css"), include_str!("regression.css"));

/// Causes that are shown with their answers; more are counted.
const SHOWN: usize = 40;

/// What the parts of the page share.
struct View<'c> {
    comparison: &'c Comparison,
    causes: Vec<Problem>,
    warnings: Vec<Problem>,
    evidence: Evidence,
    /// Path of the later run's report from the page, where it is beside it.
    report: Option<&'c str>,
}

/// Writes the page of a comparison of two records. `report`: the later run's report, as a link of the page.
pub fn write_regression_html(
    comparison: &Comparison,
    records: (&Path, &Path),
    report: Option<&str>,
    out: &Path,
) -> Result<(), ReportError> {
    let causes = comparison.broken.tally.failing();
    let warnings = comparison.warned.tally.warning();
    let evidence = evidence::gather(comparison, &causes, records)?;
    let view = View { comparison, causes, warnings, evidence, report };
    let part = out.with_file_name(format!(
        ".{}.{}.part",
        out.file_name().unwrap_or_default().to_string_lossy(),
        std::process::id()
    ));
    // Devices and pipes are written to, not replaced.
    let plain = std::fs::symlink_metadata(out).map_or(true, |m| m.is_file());
    let to = if plain { part.as_path() } else { out };
    let written = std::fs::write(to, page(&view).into_string())
        .and_then(|()| if plain { std::fs::rename(&part, out) } else { Ok(()) });
    if written.is_err() && plain {
        let _ = std::fs::remove_file(&part);
    }
    written.map_err(|e| ReportError::from(e).at(out))
}

fn page(view: &View<'_>) -> Markup {
    let Comparison { new, old, .. } = view.comparison;
    let page = Still {
        style: STYLE,
        title: html! { (hero::verdict(view)) " · " (Line(&new.target)) " · " (Line(&new.run)) },
        skip: "Skip to the comparison",
        about: html! { "comparison · " (Line(&new.target)) " · " (Line(&time(&new.started))) },
        navigation: navigation(view),
        main: html! {
            (hero::hero(view))
            (causes::causes(view))
            (causes::warnings(view))
            (lists::lists(view))
            (drift::drift(view))
            (latency::latency(view))
        },
        foot: html! {
            p id="record" {
                "Made from the records (" code { "run.ndjson" } ") of " (Line(&old.run)) " and " (Line(&new.run))
                ", in the folders of these runs. They have every byte. "
                "Symbols such as " span.c { "␛" } " and " span.c { "⟨U+202E⟩" } " stand for characters that cannot be seen."
            }
        },
    };
    page.page()
}

fn navigation(view: &View<'_>) -> Markup {
    let Comparison { cases, drift, .. } = view.comparison;
    let link = |to: &str, words: &str, n: usize| html! { @if n > 0 { li { a href=(to) { (words) " " span.num { (number(n)) } } } } };
    let compared = latency::compared(view.comparison);
    html! {
        nav.side aria-label="Parts of the comparison" {
            ul {
                (link("#broke", "What broke", view.causes.len()))
                (link("#warned", "New warnings", view.warnings.len()))
                @for state in State::ALL.into_iter().filter(|state| *state != State::NewlyFailing) {
                    (link(&format!("#{}", lists::anchor(state)), lists::title(state), cases.count(state)))
                }
                (link("#flaky", "Flaky", cases.flaky.len()))
                (link("#drift", "Drift of fields", drift.len()))
                (link("#latency", "Latency", compared))
            }
        }
    }
}

/// `1 case`, `12 cases`.
fn of_cases(n: usize) -> String {
    count(n, "case", "cases")
}
