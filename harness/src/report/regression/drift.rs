//! How the fields of answers drifted: what was seen at each place before, and what is now.

use super::View;
use crate::compare::{Answers, Drift, Field, Range};
use crate::report::html::text::Line;
use crate::report::html::words::number;
use maud::{Markup, html};
use std::cmp::Reverse;

/// Fields that are shown.
const MOST: usize = 300;
/// Values of a set that are shown.
const VALUES: usize = 6;

pub fn drift(view: &View<'_>) -> Markup {
    let drift = &view.comparison.drift;
    html! {
        @if !drift.is_empty() {
            section id="drift" aria-labelledby="drift-h" {
                h2 id="drift-h" { "Drift of fields" }
                p.sub {
                    "What answers of cases in both runs have at each place, where the difference is not chance. "
                    "A field may drift and keep its contract: this decides nothing."
                }
                div.drift role="table" aria-label="Fields that drifted" {
                    div.r.h role="row" {
                        div role="columnheader" { "Field" } div role="columnheader" { "Before" } div role="columnheader" { "Now" }
                    }
                    @for one in drift.iter().take(MOST) { (row(view, one)) }
                }
                @if drift.len() > MOST { p.note { "and " (number(drift.len() - MOST)) " more" } }
            }
        }
    }
}

fn row(view: &View<'_>, drift: &Drift) -> Markup {
    let group = &drift.group;
    let place = if drift.pointer.is_empty() { "body" } else { &drift.pointer };
    let side = |answers: &Answers| answers.field(group, &drift.pointer);
    html! {
        div.r role="row" {
            div role="rowheader" {
                code.at { (Line(place)) } " " span.chip { (drift.kind.replace('-', " ")) }
                p.whereabouts { strong { (Line(&group.api)) } " › " strong { (Line(&group.operation)) } " " (group.status) }
            }
            div role="cell" { span.k { "before" } (seen(side(&view.comparison.old_answers), drift.kind)) }
            div role="cell" { span.k { "now" } (seen(side(&view.comparison.new_answers), drift.kind)) }
        }
    }
}

/// What was seen of a field.
fn seen(field: Option<Field>, kind: &str) -> Markup {
    let Some(field) = field else { return html! { span.soft { "never there" } } };
    let mut types: Vec<_> = field.types.iter().collect();
    types.sort_by_key(|(_, n)| Reverse(**n));
    let one = types.len() == 1;
    html! {
        p {
            @for (i, (name, n)) in types.iter().enumerate() {
                @if i > 0 { ", " } strong { (name) } @if !one { " " (number(**n)) " ×" }
            }
            " in " (number(field.present())) " of " (number(field.possible))
        }
        @if let Some(values) = field.values.as_ref().filter(|values| !values.is_empty() && kind != "presence") {
            p.values {
                @for (value, n) in values.iter().take(VALUES) { code { (Line(value)) } span.soft { " " (number(*n)) " × " } }
                @if values.len() > VALUES { span.soft { "and " (values.len() - VALUES) " more values" } }
            }
        } @else if let Some(range) = field.numbers {
            p.values { (between(range)) }
        } @else if let Some(lengths) = field.lengths {
            p.values { (between(lengths)) " characters" }
        }
    }
}

fn between(range: Range) -> String {
    if range.least < range.most {
        format!("{} to {}", range.least, range.most)
    } else {
        range.least.to_string()
    }
}
