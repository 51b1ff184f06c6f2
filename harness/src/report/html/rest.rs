//! What remains to be told: cases that were not run, callbacks that nobody waited for.

use super::step::stray;
use super::text::{Line, Message};
use super::view::View;
use super::words;
use maud::{Markup, html};

/// More are counted only.
const SHOWN: usize = 50;

pub fn rest(view: &View<'_>) -> Markup {
    let skips = &view.index.tally.skips.list;
    let strays = view.index.finished.as_ref().map(|f| f.stray_callbacks.as_slice()).unwrap_or_default();
    html! {
        @if !skips.is_empty() {
            section id="skipped" aria-labelledby="skipped-h" {
                h2 id="skipped-h" { "What was not run, and why" }
                ul.plain {
                    @for reason in skips.iter().take(SHOWN) {
                        li {
                            strong { (words::count(reason.trials, "case", "cases")) } " of "
                            (Line(view.index.apis.get(reason.api).map_or("", |a| a.name.as_str()))) ": "
                            (Message(&reason.text))
                        }
                    }
                    @if skips.len() > SHOWN { li { "and for other reasons" } }
                }
            }
        }
        @if !strays.is_empty() {
            section id="strays" aria-labelledby="strays-h" {
                h2 id="strays-h" { "Callbacks that no case waited for" }
                ul.plain { @for callback in strays.iter().take(SHOWN) { li { (stray(callback)) } } }
                @if strays.len() > SHOWN { p.note { "and " (words::number(strays.len() - SHOWN)) " more, in " code { "run.ndjson" } } }
            }
        }
    }
}
