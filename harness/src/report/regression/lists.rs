//! Cases by what became of them, one list a state.

use super::View;
use super::causes::case as link;
use crate::compare::{Case, State};
use crate::model::verdict::Verdict;
use crate::report::html::text::{Line, Message};
use crate::report::html::words::{number, sign};
use maud::{Markup, html};

/// Cases of one list; more are counted.
const MOST: usize = 500;
/// A longer list is folded.
const UNFOLDED: usize = 12;

/// The anchor of a list.
pub fn anchor(state: State) -> &'static str {
    match state {
        State::NewlyFailing => "newly-failing",
        State::NewlyErrored => "newly-errored",
        State::Fixed => "fixed",
        State::StillFailing => "still-failing",
        State::New => "new",
        State::Gone => "gone",
    }
}

/// Its heading.
pub fn title(state: State) -> &'static str {
    match state {
        State::NewlyFailing => "Newly failing",
        State::NewlyErrored => "Cannot be judged any more",
        State::Fixed => "Fixed",
        State::StillFailing => "Still failing",
        State::New => "New cases",
        State::Gone => "Gone or not run",
    }
}

pub fn lists(view: &View<'_>) -> Markup {
    let cases = &view.comparison.cases;
    html! {
        @for state in State::ALL {
            @let list: Vec<&Case> = cases.changed.iter().filter(|case| case.state == state).collect();
            (section(anchor(state), title(state), list.len(), |i| entry(view, list[i])))
        }
        (section("flaky", "Flaky", cases.flaky.len(), |i| html! { (sign(Verdict::Flaky)) " " (link(view, &cases.flaky[i])) }))
    }
}

fn section(anchor: &str, title: &str, n: usize, entry: impl Fn(usize) -> Markup) -> Markup {
    html! {
        @if n > 0 {
            section id=(anchor) aria-labelledby=(format!("{anchor}-h")) {
                h2 id=(format!("{anchor}-h")) { (title) " " span.num { (number(n)) } }
                details.list open[n <= UNFOLDED] {
                    summary { (number(n)) (if n == 1 { " case" } else { " cases" }) }
                    ul.plain { @for i in 0..n.min(MOST) { li { (entry(i)) } } }
                    @if n > MOST { p.note { "and " (number(n - MOST)) " more: see `proofmark compare --format json`" } }
                }
            }
        }
    }
}

fn entry(view: &View<'_>, case: &Case) -> Markup {
    html! {
        @if let Some(old) = case.old { (sign(old)) }
        @if case.old.is_some() && case.new.is_some() { span.arrow aria-hidden="true" { "→" } }
        @if let Some(new) = case.new { (sign(new)) }
        " " (link(view, &case.name)) " " span.soft { (Line(&case.title)) }
        @for because in case.because.iter().take(2) { p.because { (Message(because)) } }
    }
}
