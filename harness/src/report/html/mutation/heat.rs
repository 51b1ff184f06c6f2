//! The heat map: a table an operation, fields down, defects across.

use super::super::text::Line;
use super::super::words::count;
use super::{anchor, percent};
use crate::mutate::{CellRow, Summary};
use maud::{Markup, html};
use std::collections::BTreeMap;

pub fn maps(summary: &Summary) -> Markup {
    html! {
        section id="map" aria-labelledby="map-h" {
            h2 id="map-h" { "Fields and defects" }
            p.sub { "A cell is one defect in one field, over all answers. The number is how many mutants no check noticed." }
            ul.key {
                li { span.cell.k0 {} " all noticed" }
                li { span.cell.k0.w_ {} " all, by warnings only" }
                li { span.cell.k3 { "3" } " some unnoticed" }
                li { span.cell.k9 { "3" } " none noticed" }
                li { span.cell.kx { "3" } " unnoticed, explained" }
                li { span.cell.ke { "≈" } " no defect: equivalent" }
            }
            @for row in &summary.operations {
                (map(summary, &row.name.api, &row.name.operation, row.rate))
            }
        }
    }
}

fn map(summary: &Summary, api: &str, operation: &str, rate: f64) -> Markup {
    let cells: Vec<&CellRow> =
        summary.cells.iter().filter(|c| c.key.api == api && c.key.operation == operation).collect();
    // Defects that cannot be made here need no column.
    let operators: Vec<_> = summary
        .operators
        .iter()
        .filter(|o| cells.iter().any(|c| c.key.operator == o.name.operator))
        .collect();
    let mut fields: BTreeMap<&str, Vec<&CellRow>> = BTreeMap::new();
    cells.iter().for_each(|cell| fields.entry(&cell.key.field).or_default().push(cell));
    let explained = |cell: &CellRow| cell.tally.explained == cell.tally.survived;
    html! {
        div.map id=(anchor(api, operation)) {
            h3 { (Line(api)) " · " (Line(operation)) " " span.num { (percent(rate)) } }
            div.scroll tabindex="0" role="region" aria-label=(format!("Heat map of {operation}")) {
                table.heat {
                    thead {
                        tr {
                            th scope="col" { span.vh { "Field" } }
                            @for operator in &operators {
                                th scope="col" title=(operator.name.says) { span { (operator.name.operator) } }
                            }
                        }
                    }
                    tbody {
                        @for (field, row) in &fields {
                            tr {
                                th scope="row" { code { (Line(field)) } }
                                @for operator in &operators {
                                    @match row.iter().find(|c| c.key.operator == operator.name.operator) {
                                        Some(cell) => (square(cell, explained(cell))),
                                        None => td {},
                                    }
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}

fn square(cell: &CellRow, explained: bool) -> Markup {
    let tally = &cell.tally;
    let defects = tally.defects();
    let class = match (defects, tally.survived) {
        (0, _) => "ke",
        (_, 0) if tally.warned == tally.killed => "k0 w_",
        (_, 0) => "k0",
        _ if explained => "kx",
        (all, survived) if survived == all => "k9",
        _ => "k3",
    };
    let says = match defects {
        0 => format!("{}: {}, equivalent", cell.key.operator, count(tally.equivalent, "mutant", "mutants")),
        _ => format!(
            "{}: {} of {} noticed",
            cell.key.operator,
            tally.killed,
            count(defects, "defect", "defects")
        ),
    };
    html! {
        td class=(class) title=(says) {
            @match class {
                "ke" => { span aria-hidden="true" { "≈" } span.vh { "equivalent" } },
                "k0" | "k0 w_" => span.vh { "all noticed" },
                _ => (tally.survived),
            }
        }
    }
}
