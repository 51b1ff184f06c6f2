//! What a fuzzing run came to, and what of the contract it reached.

use super::text::Line;
use super::view::View;
use super::words;
use crate::record::{FuzzReach, FuzzTally};
use maud::{Markup, html};

pub fn fuzzing(view: &View<'_>) -> Markup {
    let tally = view.index.finished.as_ref().and_then(|finished| finished.fuzz.as_deref());
    html! { @if let Some(tally) = tally { (section(tally)) } }
}

fn section(tally: &FuzzTally) -> Markup {
    html! {
        section id="fuzzing" aria-labelledby="fuzzing-h" {
            h2 id="fuzzing-h" { "Fuzzing" }
            p.sub {
                (words::number(tally.defects)) " distinct defects by " (words::number(tally.deviations)) " deviations ("
                (words::number(tally.requests)) " requests). Good input accepted: " (words::number(tally.good_accepted)) " of "
                (words::number(tally.good)) "; bad input refused: " (words::number(tally.bad_refused)) " of "
                (words::number(tally.bad)) "."
                @if let Some(why) = &tally.stopped { " Ended early: " (Line(why)) "." }
            }
            @if !tally.known.is_empty() {
                h3 { "Known defects" }
                ul.plain {
                    @for known in &tally.known {
                        li { strong { (Line(&known.now)) } ": " (Line(&known.judge)) " of " code { (Line(&known.operation)) }
                            " by " code { (Line(&known.probe)) } " (since " (Line(&known.since)) ")" }
                    }
                }
            }
            @if !tally.reached.is_empty() {
                div.covered { table {
                    thead { tr { th scope="col" { "Of the contract" } th scope="col" { "In all" } th scope="col" { "Reached" }
                        th scope="col" { "Share" } } }
                    tbody { @for reach in tally.reached.iter().filter(|reach| reach.all > 0) { (row(reach)) } }
                } }
                @for reach in tally.reached.iter().filter(|reach| !reach.missing.is_empty()) { (missing(reach)) }
            }
        }
    }
}

fn row(reach: &FuzzReach) -> Markup {
    let share = (reach.seen * 100).checked_div(reach.all).unwrap_or(100);
    html! {
        tr.short[reach.seen < reach.all] {
            th scope="row" { (Line(&reach.what)) }
            td { (words::number(reach.all)) }
            td { (words::number(reach.seen)) }
            td { meter min="0" max="100" value=(share) { (share) "\u{a0}%" } " " (share) "\u{a0}%" }
        }
    }
}

fn missing(reach: &FuzzReach) -> Markup {
    html! {
        details.untouched {
            summary { (Line(&reach.what)) " that were not reached: " (words::number(reach.all - reach.seen)) }
            ul.plain { @for name in &reach.missing { li { code { (Line(name)) } } } }
        }
    }
}
