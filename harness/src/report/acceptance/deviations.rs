//! What is not as it should be: of the delivery, by whose leave, and of the documents.

use super::super::html::text::{Line, Message};
use super::super::html::words;
use super::super::issue::{Issue, Kind};
use super::Dossier;
use crate::contract::{Defect, Severity};
use crate::model::level::Level;
use crate::record::{Acceptance, ApiSummary, RunStarted, WaiverSummary};
use maud::{Markup, html};

/// Deviations that are written out: a target that answers at random makes any number of them.
const DEVIATIONS: usize = 200;
/// Remarks that are written out; the record has them all.
const REMARKS: usize = 60;

fn is_deviation(issue: &Issue) -> bool {
    matches!(issue.kind, Kind::Finding(Level::Must) | Kind::NotJudged)
}

pub fn deviations(found: &[Issue]) -> Markup {
    let list: Vec<&Issue> = found.iter().filter(|issue| is_deviation(issue)).collect();
    html! {
        section id="deviations" {
            h2 { "Deviations" }
            @if list.is_empty() { p { "No answer breaks a requirement of level must that was not waived, and every answer could be judged." } }
            @else {
                (issue_table(&list[..list.len().min(DEVIATIONS)]))
                @if list.len() > DEVIATIONS { p.soft { "And " (words::number(list.len() - DEVIATIONS)) " more, which junit.xml and run.ndjson have." } }
            }
        }
    }
}

/// Findings below `must`: they refuse nothing.
pub fn remarks(found: &[Issue]) -> Markup {
    let is_remark = |issue: &&Issue| matches!(issue.kind, Kind::Finding(Level::Should | Level::May));
    let list: Vec<&Issue> = found.iter().filter(is_remark).collect();
    html! {
        @if !list.is_empty() {
            section id="remarks" {
                h2 { "Remarks" }
                p { "Findings of level should and may. They are no reason for refusal." }
                (issue_table(&list[..list.len().min(REMARKS)]))
                @if list.len() > REMARKS { p.soft { "And " (words::number(list.len() - REMARKS)) " more, which the record has." } }
            }
        }
    }
}

fn issue_table(list: &[&Issue]) -> Markup {
    html! {
        table.issues {
            thead { tr { th { "No." } th { "What is wrong" } th { "Where" } th.n { "Cases" } } }
            tbody { @for (i, issue) in list.iter().enumerate() { (issue_row(i + 1, issue)) } }
        }
    }
}

fn issue_row(number: usize, issue: &Issue) -> Markup {
    html! {
        tr {
            td { (number) }
            td {
                (Message(&issue.what())) br;
                span.small.soft {
                    code { (Line(&issue.rule)) } ", " (issue.kind.as_str())
                    @if let Some(expected) = &issue.expected { "; expected " code { (Line(expected)) } }
                    @if let Some(actual) = &issue.actual { "; found " code { (Line(actual)) } }
                    @if let Some(waiver) = &issue.waiver { "; waived by " (Line(&waiver.id)) }
                }
            }
            td {
                (Line(&issue.api)) " " (Line(&issue.operations.join(", ")))
                @if let Some(document) = &issue.document { br; span.small { (words::document(document)) } }
                @if let Some(example) = issue.examples.first() { br; code.small { (Line(example)) } }
            }
            td.n { (words::number(issue.trials)) }
        }
    }
}

pub fn waivers(dossier: &Dossier) -> Markup {
    let started = dossier.started();
    html! {
        section id="waivers" {
            h2 { "Waivers" }
            @if started.waivers.is_empty() { p { "No deviation was accepted beforehand." } }
            @else {
                p { "Deviations that were accepted until a day. They are deviations all the same." }
                table {
                    thead { tr { th { "Waiver" } th { "Reason" } th { "Owner" } th { "Ticket" } th { "Until" } th.n { "Findings" } } }
                    tbody { @for waiver in &started.waivers { (waiver_row(dossier, waiver)) } }
                }
            }
        }
    }
}

fn waiver_row(dossier: &Dossier, waiver: &WaiverSummary) -> Markup {
    let indexes = [dossier.index(), dossier.fuzz.index()];
    let waived = indexes.iter().filter_map(|index| index.tally.waived.get(&waiver.id));
    let findings: usize = waived.map(|waived| waived.findings).sum();
    html! {
        tr {
            td { (Line(&waiver.id)) }
            td { (Message(&waiver.reason)) }
            td { (Line(&waiver.owner)) }
            td { @match &waiver.ticket { Some(ticket) => (Line(ticket)), None => span.soft { "none" } } }
            td.keep { (Line(&waiver.until)) @if waiver.expired { br; span.out.f { "has run out" } } }
            td.n { @match findings { 0 => span.soft { "none" }, n => (words::number(n)) } }
        }
    }
}

pub fn fuzzing(dossier: &Dossier, acceptance: &Acceptance, found: &[Issue]) -> Markup {
    let index = dossier.fuzz.index();
    let tally = index.finished.as_ref().and_then(|finished| finished.fuzz.clone()).unwrap_or_default();
    let list: Vec<&Issue> = found.iter().collect();
    html! {
        section id="fuzzing" {
            h2 { "Fuzzing" }
            p {
                "Deviations from good requests, by seed " (acceptance.fuzz.seed) ": bad input must be refused, good input accepted, "
                "and no input may harm the server or bring an answer that breaks the contract."
            }
            dl.facts {
                div { dt { "Deviations" } dd { (words::number(tally.deviations)) " (" (words::number(tally.requests)) " requests with set-up and replays)" } }
                div { dt { "Good input" } dd { (words::number(tally.good_accepted)) " of " (words::number(tally.good)) " accepted" } }
                div { dt { "Bad input" } dd { (words::number(tally.bad_refused)) " of " (words::number(tally.bad)) " refused" } }
                div { dt { "Distinct defects" } dd { (words::number(tally.defects)) } }
                @if index.counts.skipped > 0 {
                    div { dt { "Not fuzzed" } dd { (words::count(index.counts.skipped, "operation", "operations")) ", for want of a request that the target accepts" } }
                }
                @if let Some(why) = &tally.stopped { div { dt { "Ended early" } dd { (Message(why)) } } }
            }
            @if list.is_empty() { p { "Nothing was found." } } @else {
                (issue_table(&list[..list.len().min(DEVIATIONS)]))
                @if list.len() > DEVIATIONS { p.soft { "And " (words::number(list.len() - DEVIATIONS)) " more, which fuzz.ndjson has." } }
            }
            @if !index.tally.skips.list.is_empty() {
                ul.small { @for skip in &index.tally.skips.list { li { (Message(&skip.text)) " (" (words::count(skip.trials, "operation", "operations")) ")" } } }
            }
        }
    }
}

/// How many there are, for the body; [`defects_annex`] lists them.
pub fn defects(started: &RunStarted) -> Markup {
    let of = |api: &ApiSummary, severity: Severity| {
        words::number(api.defects.iter().filter(|defect| defect.severity == severity).count())
    };
    html! {
        section id="documents" {
            h2 { "Defects of the documents" }
            @if !has_defects(started) { p { "None is known." } }
            @else {
                p { "Places where a document contradicts itself or leaves something open. They count neither for nor against the delivery; annex B lists all of them, and says what the contract takes them to mean." }
                table.numbers {
                    thead { tr { th { "API" } th { "Document" } th.n { "high" } th.n { "medium" } th.n { "low" } } }
                    tbody {
                        @for api in started.apis.iter().filter(|api| !api.defects.is_empty()) {
                            tr {
                                th scope="row" { (Line(&api.name)) }
                                td { @if let Some(document) = &api.document { code { (Line(document)) } } }
                                td.n { (of(api, Severity::High)) } td.n { (of(api, Severity::Medium)) } td.n { (of(api, Severity::Low)) }
                            }
                        }
                    }
                }
                (severe(started))
            }
        }
    }
}

/// Those of high severity by title: who signs should have seen them.
fn severe(started: &RunStarted) -> Markup {
    let is_high = |defect: &&Defect| defect.severity == Severity::High;
    let rows = || {
        started
            .apis
            .iter()
            .flat_map(|api| api.defects.iter().filter(is_high).map(move |defect| (api, defect)))
    };
    html! {
        @if rows().next().is_some() {
            h3 { "Those of high severity" }
            table.small.dense { tbody {
                @for (api, defect) in rows() {
                    tr {
                        td.keep { (Line(&defect.id)) }
                        td { (Line(&api.name)) " " (Line(&defect.lines.join(", "))) }
                        td { (Message(&defect.title)) }
                    }
                }
            } }
        }
    }
}

pub fn has_defects(started: &RunStarted) -> bool {
    started.apis.iter().any(|api| !api.defects.is_empty())
}

/// Every known defect of the documents.
pub fn defects_annex(started: &RunStarted) -> Markup {
    html! {
        @if has_defects(started) {
            section.annex id="defects" {
                h2 { "Annex B: defects of the documents" }
                table.issues {
                    thead { tr { th { "Defect" } th { "Lines" } th { "What is wrong" } th { "The contract assumes" } } }
                    tbody {
                        @for api in &started.apis {
                            @for defect in &api.defects {
                                tr {
                                    td.keep { (Line(&defect.id)) br; span.small.soft { (defect.severity.as_str()) } }
                                    td { (Line(&defect.lines.join(", "))) }
                                    td { strong { (Message(&defect.title)) } br; (Message(&defect.problem)) }
                                    td { (Message(&defect.assumes)) }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
