//! Results by requirement: the summary, and the tables of each API.

use super::super::html::text::{Line, Message};
use super::super::html::words;
use super::super::index::Index;
use super::requirement::{ApiResults, LineResult, Outcome, tally};
use crate::model::level::Level;
use crate::record::{ApiCoverage, ApiSummary, Documented, RuleSummary, RunStarted};
use maud::{Markup, html};
use std::collections::BTreeMap;

/// Titles of cases that are written out for one line of a document.
const TITLES: usize = 4;
/// Requirements that the document itself names.
const LISTED: usize = 80;

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
                "What did not plainly pass and all operations follow; annex A has every requirement."
            }
            @if let Some(coverage) = &index.coverage {
                h3 { "What of the documents was touched" }
                table.numbers {
                    thead { tr { th { "API" } @for kind in Documented::ALL { th.n { (kind.plural()) } } } }
                    tbody {
                        @for api in &coverage.apis {
                            tr { th scope="row" { (Line(&api.name)) } @for kind in Documented::ALL { td.n { (touched(api, kind)) } } }
                        }
                    }
                }
            }
        }
    }
}

/// `8 of 8`, and how many more say why nothing touches them.
fn touched(api: &ApiCoverage, kind: Documented) -> Markup {
    match api.kinds.iter().find(|found| found.kind == kind && found.documented > 0) {
        Some(found) => html! {
            (words::number(found.touched)) " of " (words::number(found.documented))
            @if !found.explained.is_empty() { br; span.small.soft { (words::number(found.explained.len())) " explained" } }
        },
        None => html! { span.soft { "–" } },
    }
}

/// Requirements that did not plainly pass, the worst first.
pub fn not_passed(results: &BTreeMap<String, ApiResults>, started: &RunStarted) -> Markup {
    let mut list: Vec<(Outcome, Markup)> = Vec::new();
    for api in &started.apis {
        let Some(found) = results.get(&api.name) else { continue };
        for operation in &api.operations {
            let result = found.operations.get(&operation.id).map_or(Outcome::NotTested, |r| r.outcome);
            let says = html! { "operation " code { (Line(&operation.id)) } };
            list.push((result, row(api, operation.doc.as_deref(), &says, None, result)));
        }
        for (rule, result) in &found.rules {
            let says = html! { (Message(&rule.says)) " " code.small { (Line(&rule.id)) } };
            list.push((*result, row(api, rule.doc.as_deref(), &says, Some(rule.level), *result)));
        }
        for line in &found.lines {
            list.push((
                line.outcome,
                row(api, Some(&line.doc), &titles(line), Some(line.level), line.outcome),
            ));
        }
    }
    list.retain(|(outcome, _)| *outcome != Outcome::Passed);
    list.sort_by_key(|(outcome, _)| *outcome);
    let more = list.len().saturating_sub(LISTED);
    html! {
        @if !list.is_empty() {
            section id="not-passed" {
                h2 { "Requirements that did not plainly pass" }
                table.results {
                    thead { tr { th { "API, lines" } th { "Requirement" } th { "Level" } th { "Result" } } }
                    tbody { @for (_, row) in list.iter().take(LISTED) { (row) } }
                }
                @if more > 0 { p.soft { "And " (words::number(more)) " more, which annex A has." } }
            }
        }
    }
}

fn row(api: &ApiSummary, doc: Option<&str>, says: &Markup, level: Option<Level>, result: Outcome) -> Markup {
    html! {
        tr {
            td { (Line(&api.name)) " " (lines(doc, api)) }
            td { (says) }
            td.keep { @if let Some(level) = level { (level.as_str()) } }
            td { (outcome(result)) }
        }
    }
}

/// All operations, for the end of the document.
pub fn operations(results: &BTreeMap<String, ApiResults>, started: &RunStarted) -> Markup {
    html! {
        section id="operations" {
            h2 { "Results by operation" }
            @for api in &started.apis {
                @if let Some(found) = results.get(&api.name) {
                    h3 { (Line(&api.name)) span.soft { " " (Line(&api.title)) } }
                    (operation_table(api, found))
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

/// Annex A: every requirement.
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
        (operation_table(api, found))
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

fn operation_table(api: &ApiSummary, found: &ApiResults) -> Markup {
    html! {
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
            td.keep { (rule.level.as_str()) }
            td { (outcome(result)) }
        }
    }
}

fn line_row(line: &LineResult, api: &ApiSummary) -> Markup {
    html! {
        tr {
            td { (lines(Some(&line.doc), api)) }
            td {
                (titles(line))
            }
            td.n { (words::number(line.cases)) }
            td.keep { (line.level.as_str()) }
            td { (outcome(line.outcome)) }
        }
    }
}

fn titles(line: &LineResult) -> Markup {
    html! {
        @for (i, title) in line.titles.iter().take(TITLES).enumerate() { @if i > 0 { "; " } (Message(title)) }
        @if line.titles.len() > TITLES { span.soft { "; and " (words::number(line.titles.len() - TITLES)) " more" } }
        @for name in line.not_passed.iter().take(TITLES) { br; code.small { (Line(name)) } }
        @if line.not_passed.len() > TITLES { br; span.soft.small { "and " (words::number(line.not_passed.len() - TITLES)) " more cases" } }
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
