//! What was accepted, and what the gate made of it: waivers, and the clauses of `--gate`.

use super::text::{Line, Message};
use super::view::View;
use super::words;
use crate::record::{GateDecision, WaiverSummary};
use maud::{Markup, html};

/// The decision of the gate and the table of waivers.
pub fn accepted(view: &View<'_>) -> Markup {
    let started = &view.index.started;
    let gate = view.index.finished.as_ref().and_then(|finished| finished.gate.as_ref());
    html! {
        @if let Some(gate) = gate { (clauses(gate)) }
        @if !started.waivers.is_empty() {
            section id="waivers" aria-labelledby="waivers-h" {
                h2 id="waivers-h" { "Waivers" }
                p.sub { "Deviations that were accepted until a day. They are deviations all the same." }
                div.scroll { table.accepted {
                    thead { tr { th { "Waiver" } th { "Until" } th { "Findings" } th { "Why" } th { "Who" } } }
                    tbody { @for waiver in &started.waivers { (row(view, waiver)) } }
                } }
            }
        }
    }
}

fn row(view: &View<'_>, waiver: &WaiverSummary) -> Markup {
    let findings = view.index.tally.waived.get(&waiver.id).map_or(0, |waived| waived.findings);
    let unused = view.index.finished.as_ref().is_some_and(|f| f.unused_waivers.contains(&waiver.id));
    html! {
        tr {
            th scope="row" { (Line(&waiver.id)) br; (words::source(&waiver.location)) }
            td data-k="Until" { (Line(&waiver.until)) @if waiver.expired { br; span.chip.f { "has run out" } } }
            td data-k="Findings" { (words::number(findings)) @if unused { br; span.chip.w { "fits nothing any more" } } }
            td data-k="Why" { (Message(&waiver.reason)) @if let Some(ticket) = &waiver.ticket { " (" (Line(ticket)) ")" } }
            td data-k="Who" { (Line(&waiver.owner)) }
        }
    }
}

fn clauses(gate: &GateDecision) -> Markup {
    let refused = gate.refusals().count();
    html! {
        section id="gate" aria-labelledby="gate-h" {
            h2 id="gate-h" { "Gate" }
            p.sub {
                @match refused {
                    0 => "The run passes: every clause of the policy in proofmark.yaml holds.",
                    1 => "The run is refused by one clause of the policy in proofmark.yaml.",
                    _ => { "The run is refused by " (refused) " clauses of the policy in proofmark.yaml." }
                }
            }
            ul.plain {
                @for clause in &gate.clauses {
                    li {
                        span class=(if clause.holds { "st p" } else { "st f" }) role="img" aria-label=(if clause.holds { "holds" } else { "does not hold" }) {}
                        " " code { (Line(&clause.name)) } " " (Message(&clause.says))
                    }
                }
            }
        }
    }
}
