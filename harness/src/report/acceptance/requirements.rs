//! Results by requirement: the summary, and the tables of each API.

use super::super::html::text::{Line, Message};
use super::super::html::words;
use super::super::index::Index;
use super::requirement::{ApiResults, LineResult, Outcome, tally};
use crate::record::{ApiSummary, RuleSummary, RunStarted};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Titles of cases that are written out for one line of a document.
const TITLES: usize = 4;

const OUTCOMES: [Outcome; 6] = [
    Outcome::Failed,
    Outcome::NotJudged,
    Outcome::Waived,
    Outcome::Remark,
    Outcome::Passed,
    Outcome::NotTested,
];

/// How many requirements came to what, and what of the documents was touched.
pub fn summary(results: &BTreeMap<String, ApiResults>, index: &Index) -> Markup {
    html! {
        section id="summary" {
            h2 { "Results" }
            table.numbers {
                thead { tr { th { "Requirements" } @for outcome in OUTCOMES { th.n { (outcome.words()) } } } }
                tbody {
                    @for (kind, counts) in tally(results) {
                        tr {
                            th scope="row" { (kind) }
                            @for outcome in OUTCOMES { td.n.(shade(outcome, &counts)) { (number(counts.get(&outcome).copied())) } }
                        }
                    }
                }
            }
            p.soft {
                "A requirement is an operation of the contract, a rule of the contract, or the lines of a document that a case comes from. "
                "Each is listed in the annex."
            }
            @if let Some(coverage) = &index.coverage {
                table.numbers {
                    thead { tr { th { "Documented" } th.n { "in all" } th.n { "touched" } th.n { "explained" } th.n { "not touched" } } }
                    tbody {
                        @for api in &coverage.apis {
                            @for kind in api.kinds.iter().filter(|kind| kind.documented > 0) {
                                tr {
                                    th scope="row" { (Line(&api.name)) " " (kind.kind.plural()) }
                                    td.n { (words::number(kind.documented)) }
                                    td.n { (words::number(kind.touched)) }
                                    td.n { (words::number(kind.explained.len())) }
                                    td.n { (words::number(kind.untouched.len())) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn shade(outcome: Outcome, counts: &BTreeMap<Outcome, usize>) -> &'static str {
    match (outcome, counts.get(&outcome)) {
        (Outcome::Failed | Outcome::NotJudged | Outcome::Waived, Some(1..)) => outcome.letter(),
        _ => "plain",
    }
}

fn number(count: Option<usize>) -> String {
    count.map_or_else(|| "–".into(), words::number)
}

/// The annex: every requirement.
pub fn results(results: &BTreeMap<String, ApiResults>, started: &RunStarted) -> Markup {
    html! {
        section.annex id="requirements" {
            h2 { "Annex A: results by requirement" }
            @for api in &started.apis {
                @if let Some(found) = results.get(&api.name) { (of_api(api, found)) }
            }
        }
    }
}

fn of_api(api: &ApiSummary, found: &ApiResults) -> Markup {
    html! {
        h3.api { (Line(&api.name)) span.soft { " " (Line(&api.title)) } }
        h4 { "Operations" }
        table.results {
            thead { tr { th { "Operation" } th { "Request" } th { "Document" } th.n { "Calls" } th { "Result" } } }
            tbody {
                @for operation in &api.operations {
                    @let result = found.operations.get(&operation.id);
                    tr {
                        td { code { (Line(&operation.id)) } }
                        td { code { (Line(&operation.method)) " " (Line(&operation.path)) } }
                        td { (lines(operation.doc.as_deref(), api)) }
                        td.n { (words::number(result.map_or(0, |r| r.calls))) }
                        td { (outcome(result.map_or(Outcome::NotTested, |r| r.outcome))) }
                    }
                }
            }
        }
        @if !found.rules.is_empty() {
            h4 { "Rules" }
            table.results {
                thead { tr { th { "Rule" } th { "Requirement" } th { "Document" } th { "Level" } th { "Result" } } }
                tbody { @for (rule, result) in &found.rules { (rule_row(rule, *result, api)) } }
            }
        }
        @if !found.lines.is_empty() {
            h4 { "Lines of the document" }
            table.results {
                thead { tr { th { "Lines" } th { "What cases say of them" } th.n { "Cases" } th { "Level" } th { "Result" } } }
                tbody { @for line in &found.lines { (line_row(line, api)) } }
            }
        }
    }
}

fn rule_row(rule: &RuleSummary, result: Outcome, api: &ApiSummary) -> Markup {
    let of = match rule.operations.as_slice() {
        all if all.len() == api.operations.len() && all.len() > 1 => "all operations".to_owned(),
        some => some.join(", "),
    };
    html! {
        tr {
            td { code { (Line(&rule.id)) } }
            td { (Message(&rule.says)) " " span.soft.small { (Line(&of)) } }
            td { (lines(rule.doc.as_deref(), api)) }
            td { (rule.level.as_str()) }
            td { (outcome(result)) }
        }
    }
}

fn line_row(line: &LineResult, api: &ApiSummary) -> Markup {
    html! {
        tr {
            td { (lines(Some(&line.doc), api)) }
            td {
                @for (i, title) in line.titles.iter().take(TITLES).enumerate() { @if i > 0 { "; " } (Message(title)) }
                @if line.titles.len() > TITLES { span.soft { "; and " (words::number(line.titles.len() - TITLES)) " more" } }
                @for name in &line.not_passed { br; code.small { (Line(name)) } }
            }
            td.n { (words::number(line.cases)) }
            td { (line.level.as_str()) }
            td { (outcome(line.outcome)) }
        }
    }
}

/// Lines of the API's own document without its name.
fn lines(doc: Option<&str>, api: &ApiSummary) -> Markup {
    let Some(doc) = doc.filter(|doc| !doc.is_empty()) else { return html! { span.soft { "–" } } };
    match doc.rsplit_once('#') {
        Some((file, lines)) if file.is_empty() || Some(file) == api.document.as_deref() => {
            html! { (Line(lines)) }
        }
        _ => html! { (Line(doc)) },
    }
}

fn outcome(outcome: Outcome) -> Markup {
    html! { span.out.(outcome.letter()) { (outcome.words()) } }
}
