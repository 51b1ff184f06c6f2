//! Operations × checks: what was judged, and where it failed.

use super::super::text::Line;
use super::super::view::View;
use super::super::words;
use crate::problem::rank;
use crate::report::measures::{Judged, OperationMeasures};
use maud::{Markup, html};

/// Units of the drawing: the columns of names and of a check, a line, and the heads of the columns.
const NAMES: usize = 190;
const CELL: usize = 42;
const LINE: usize = 26;
const HEAD: usize = 104;
/// More operations of one API are not drawn.
const SHOWN: usize = 200;

pub fn matrix(view: &View<'_>) -> Markup {
    let measures = &view.index.measures;
    let mut checks: Vec<usize> = (0..measures.judging.len()).collect();
    checks.sort_by_key(|check| rank(&measures.judging[*check], ""));
    let apis: Vec<(usize, Vec<&OperationMeasures>)> = view
        .apis
        .iter()
        .map(|i| (*i, measures.operations.iter().filter(|o| o.api == view.index.apis[*i].name).collect()))
        .filter(|(_, operations): &(usize, Vec<_>)| {
            operations.iter().any(|o: &&OperationMeasures| !o.checks.is_empty())
        })
        .collect();
    html! {
        @if !apis.is_empty() {
            section id="matrix" aria-labelledby="matrix-h" {
                h2 id="matrix-h" { "What was judged" }
                p.sub { "Answers of each operation that each check judged. ✓ all good, ✕ and the number of answers that fail, ! those with warnings, · not judged in this run." }
                @for (i, operations) in apis { (of_api(view, i, &operations, &checks)) }
            }
        }
    }
}

fn of_api(view: &View<'_>, api: usize, operations: &[&OperationMeasures], checks: &[usize]) -> Markup {
    let name = &view.index.apis[api].name;
    let drawn = &operations[..operations.len().min(SHOWN)];
    let (width, height) = (NAMES + checks.len() * CELL + 60, HEAD + drawn.len() * LINE + 4);
    html! {
        h3.chart_ { (Line(name)) }
        div.scroll.chart tabindex="0" role="group" aria-label=(super::super::body::plain(&format!("Checks of {name}"))) {
            svg.matrix width=(width) height=(height) viewBox=(format!("0 0 {width} {height}")) {
                @for (column, check) in checks.iter().enumerate() {
                    @let x = NAMES + column * CELL + CELL / 2;
                    text.axis transform=(format!("translate({x} {}) rotate(-45)", HEAD - 8)) { (Line(&view.index.measures.judging[*check])) }
                }
                @for (row, operation) in drawn.iter().enumerate() {
                    @let y = HEAD + row * LINE;
                    text.name x=(NAMES - 10) y=(y + 17) text-anchor="end" { (Line(&shortened(&operation.id))) title { (Line(&operation.id)) } }
                    @for (column, check) in checks.iter().enumerate() {
                        (cell(view, api, operation, *check, NAMES + column * CELL, y))
                    }
                }
            }
        }
        @if operations.len() > SHOWN { p.note { "and " (words::number(operations.len() - SHOWN)) " more operations" } }
    }
}

fn cell(
    view: &View<'_>,
    api: usize,
    operation: &OperationMeasures,
    check: usize,
    x: usize,
    y: usize,
) -> Markup {
    let judged = operation.checks.get(&check).copied().unwrap_or_default();
    let name = &view.index.measures.judging[check];
    let (class, sign) = match judged {
        Judged { failed: 1.., .. } => ("f", format!("✕ {}", words::number(judged.failed))),
        Judged { warned: 1.., .. } => ("w", format!("! {}", words::number(judged.warned))),
        Judged { answers: 0, .. } => ("none", "·".into()),
        Judged { .. } => ("p", "✓".into()),
    };
    let says = match judged.answers {
        0 => format!("{}, {name}: not judged", operation.id),
        n => format!(
            "{}, {name}: {} judged, {} failed, {} with warnings",
            operation.id,
            words::count(n, "answer", "answers"),
            judged.failed,
            judged.warned
        ),
    };
    let drawn = html! {
        g class=(format!("cell {class}")) {
            title { (Line(&says)) }
            rect x=(x + 1) y=(y + 1) width=(CELL - 2) height=(LINE - 2) rx="4" {}
            text x=(x + CELL / 2) y=(y + 17) text-anchor="middle" { (sign) }
        }
    };
    html! {
        @if judged.failed + judged.warned > 0 {
            a href=(format!("#api{api}")) data-f=(super::filter(&operation.api, name)) aria-label=(super::super::body::plain(&says)) { (drawn) }
        } @else { (drawn) }
    }
}

/// A name that fits its column.
fn shortened(name: &str) -> String {
    match name.char_indices().nth(24) {
        Some((at, _)) => format!("{}…", &name[..at]),
        None => name.to_owned(),
    }
}
