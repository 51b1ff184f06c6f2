//! What of the documents the run touched: a table for each API, and what is missing.

use super::text::Line;
use super::view::View;
use super::words;
use crate::record::{ApiCoverage, Coverage, KindCoverage, Untouched};
use maud::{Markup, html};

/// More of one kind are counted only: a run of a few cases touches little.
const SHOWN: usize = 100;

pub fn coverage(view: &View<'_>) -> Markup {
    let apis = apis(view);
    let started = &view.index.started;
    html! {
        @if !apis.is_empty() {
            section id="coverage" aria-labelledby="coverage-h" {
                h2 id="coverage-h" { "Documentation coverage" }
                p.sub {
                    "How much of what the documents say a case sent, received or expected"
                    @if started.selected < started.planned {
                        ", in a run of " (words::number(started.selected)) " of " (words::number(started.planned)) " cases"
                    }
                    ". What no case can touch is explained."
                }
                @for api in apis { (of_api(api)) }
            }
        }
    }
}

fn apis<'v>(view: &'v View<'_>) -> &'v [ApiCoverage] {
    view.index.coverage.as_ref().map(|c: &Coverage| c.apis.as_slice()).unwrap_or_default()
}

/// The share of everything that is touched or explained, rounded down; `None` where nothing is documented.
pub fn share(view: &View<'_>) -> Option<String> {
    let (documented, untouched) = sums(view);
    (documented > 0).then(|| percent(documented, untouched))
}

/// How much is documented, and how much of it is neither touched nor explained.
pub fn sums(view: &View<'_>) -> (usize, usize) {
    let kinds = || apis(view).iter().flat_map(|api| &api.kinds);
    (kinds().map(|kind| kind.documented).sum(), kinds().map(|kind| kind.untouched.len()).sum())
}

/// 100 % is all of it.
fn percent(documented: usize, untouched: usize) -> String {
    match documented {
        0 => "–".into(),
        n => format!("{}\u{a0}%", (n - untouched.min(n)) * 100 / n),
    }
}

fn of_api(api: &ApiCoverage) -> Markup {
    html! {
        details.docs open {
            summary {
                h3 { (Line(&api.name)) }
                @if let Some(document) = &api.document { code.soft.path { (Line(document)) } }
            }
            div.covered {
                table {
                    thead { tr { th scope="col" { "Documented" } th scope="col" { "In all" } th scope="col" { "Touched" }
                        th scope="col" { "Explained" } th scope="col" { "Untouched" } th scope="col" { "Share" } } }
                    tbody {
                        @for kind in &api.kinds {
                            tr.short[!kind.untouched.is_empty()] {
                                th scope="row" { (kind.kind.plural()) }
                                td { (words::number(kind.documented)) }
                                td { (words::number(kind.touched)) }
                                td { (words::number(kind.explained.len())) }
                                td { (words::number(kind.untouched.len())) }
                                td { (percent(kind.documented, kind.untouched.len())) }
                            }
                        }
                    }
                }
                @for kind in &api.kinds { (list(kind, "untouched", &kind.untouched)) }
                @for kind in &api.kinds { (list(kind, "explained", &kind.explained)) }
            }
        }
    }
}

fn list(kind: &KindCoverage, what: &str, items: &[Untouched]) -> Markup {
    html! {
        @if !items.is_empty() {
            details.untouched {
                summary { (words::number(items.len())) " " (kind.kind.plural()) " " (what) }
                ul.plain {
                    @for item in items.iter().take(SHOWN) {
                        li {
                            strong { (Line(&item.name)) } " "
                            span.soft { (Line(&item.spec.to_string())) }
                            @if let Some(doc) = &item.doc { " " span.soft { (Line(doc)) } }
                            @if let Some(because) = &item.because { ": " (Line(because)) }
                        }
                    }
                    @if items.len() > SHOWN { li { "and " (words::number(items.len() - SHOWN)) " more, in " code { "run.ndjson" } } }
                }
            }
        }
    }
}
