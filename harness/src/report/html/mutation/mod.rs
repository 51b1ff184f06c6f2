//! The page of `proofmark mutate --html`: rates, a heat map of fields and defects, survivors. In the style of
//! `report.html`, without any script.

mod heat;
mod lists;

use super::still::Still;
use super::text::Line;
use super::words::{count, number};
use crate::mutate::{Summary, Tally};
use crate::report::ReportError;
use maud::{Markup, html};
use std::path::Path;

const STYLE: &str = concat!(include_str!("../report.css"), include_str!("mutation.css"));

/// Writes the page of a summary to a file.
pub fn write_mutation_html(summary: &Summary, out: &Path) -> Result<(), ReportError> {
    std::fs::write(out, page(summary).into_string()).map_err(|e| ReportError::from(e).at(out))
}

/// A rate between 0 and 1, rounded down: 100 % is said of everything only.
fn percent(rate: f64) -> String {
    let hundredths = (rate * 10_000.0).floor() / 100.0;
    if hundredths >= 100.0 { "100 %".into() } else { format!("{hundredths:.2} %") }
}

fn page(summary: &Summary) -> Markup {
    let page = Still {
        style: STYLE,
        title: html! { (percent(summary.rate)) " of defects noticed · " (Line(&summary.facts.suite)) },
        skip: "Skip to the report",
        about: html! { "mutation · " (Line(&summary.facts.target)) " · seed " (summary.facts.seed) },
        navigation: navigation(summary),
        main: html! {
            (hero(summary))
            (lists::survivors(summary))
            (heat::maps(summary))
            (lists::operators(summary))
            (lists::checks(summary))
            (lists::equivalents(summary))
        },
        foot: html! {
            p { "Each answer of a run was changed, one defect at a time, and judged again offline with the checks of the run. "
                code { "proofmark mutate --list" } " shows every defect with an example." }
        },
    };
    page.page()
}

fn navigation(summary: &Summary) -> Markup {
    let link = |to: &str, words: &str, n: usize| html! { li { a href=(to) { (words) " " span.num { (number(n)) } } } };
    html! {
        nav.side aria-label="Parts of the report" {
            ul {
                @if !summary.survivors.is_empty() { (link("#survivors", "Survivors", summary.survivors.len())) }
                (link("#map", "Fields and defects", summary.fields.len()))
                (link("#operators", "Defects", summary.operators.len()))
                (link("#checks", "Checks", summary.checks.len()))
                @if !summary.equivalents.is_empty() { (link("#equivalent", "Equivalent", summary.total.equivalent)) }
            }
        }
    }
}

fn hero(summary: &Summary) -> Markup {
    let unexplained = summary.total.survived - summary.total.explained;
    let class = match (summary.total.defects(), unexplained) {
        (0, _) => "s",
        (_, 0) => "p",
        _ => "f",
    };
    let facts = &summary.facts;
    html! {
        section class=(format!("hero {class}")) aria-labelledby="verdict" {
            p.share aria-hidden="true" { (percent(summary.rate)) }
            div.verdict {
                h1 id="verdict" { (percent(summary.rate)) " of the defects are noticed" }
                p.lead {
                    (number(summary.total.killed)) " of " (count(summary.total.defects(), "defect", "defects"))
                    " in " (count(facts.answers, "answer", "answers")) " of " (count(facts.trials, "trial", "trials")) ". "
                    @if unexplained > 0 { strong { (number(unexplained)) } " would go unnoticed. " }
                    @if summary.total.explained > 0 { (number(summary.total.explained)) " survive for a reason that the spec gives. " }
                    (number(summary.total.equivalent)) " more mutants are no defects."
                }
            }
            @if summary.total.warned > 0 {
                p.notice { (number(summary.total.warned)) " of them only by a warning: the run shows it, and does not fail (" code { "--level must" } ")." }
            }
            @if let Some(share) = facts.sample {
                p.notice { "This is a sample of " (percent(share)) ": " (count(summary.not_sampled, "mutant", "mutants")) " were left out." }
            }
            @if facts.left_out > 0 {
                p.notice { (count(facts.left_out, "trial was", "trials were")) " left out: only answers that pass are mutated." }
            }
            div.glance {
                (rates(summary))
            }
        }
    }
}

/// The rate of each API and operation.
fn rates(summary: &Summary) -> Markup {
    html! {
        div.scroll {
            table.rates {
                thead { tr { th { "API, operation" } th.n_ { "noticed" } th.n_ { "defects" } th.n_ { "survive" } th.n_ { "equivalent" } } }
                @for api in &summary.apis {
                    tbody {
                        tr.sum { th scope="row" { (Line(&api.name.api)) } (figures(&api.tally)) }
                        @for row in summary.operations.iter().filter(|row| row.name.api == api.name.api) {
                            tr { th scope="row" { a href=(format!("#{}", anchor(&row.name.api, &row.name.operation))) { (Line(&row.name.operation)) } } (figures(&row.tally)) }
                        }
                    }
                }
            }
        }
    }
}

fn figures(tally: &Tally) -> Markup {
    html! {
        td.n_ { span.meter { (percent(tally.rate())) } }
        td.n_ { (number(tally.defects())) }
        td.n_ { @if tally.survived > 0 { strong.f_ { (number(tally.survived)) } } @else { "0" } }
        td.n_ { (number(tally.equivalent)) }
    }
}

/// The id of an operation's heat map.
fn anchor(api: &str, operation: &str) -> String {
    let plain = |text: &str| text.replace(|c: char| !c.is_ascii_alphanumeric() && c != '_', "-");
    format!("map-{}--{}", plain(api), plain(operation))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates_are_rounded_down() {
        assert_eq!([1.0, 0.99999, 0.5, 0.0].map(percent), ["100 %", "99.99 %", "50.00 %", "0.00 %"]);
    }
}
