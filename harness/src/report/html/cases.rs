//! Every case, by API and operation: those that are wrong first.

use super::body::Limit;
use super::budget::{self, Budget};
use super::case::{self, Evidence};
use super::raw;
use super::store::Store;
use super::text::Line;
use super::view::{View, urgency};
use super::words;
use crate::model::verdict::Verdict;
use crate::record::Counts;
use crate::report::error::ReportError;
use crate::report::index::{ApiIndex, OperationIndex};
use maud::{Markup, PreEscaped, Render, html};
use std::io::{self, Write};

/// A case whose evidence is longer has its bodies cut shorter.
const LONG: usize = 512 * 1024;

/// The other cases of an operation are folded away by so many.
const CHUNK: usize = 250;

/// Cases of an operation that are laid out with it: fewer in a run of many, so that a browser has less to lay out.
fn first(cases: usize) -> usize {
    if cases > 2_000 { 40 } else { 150 }
}

/// Where evidence goes: into the page, or deflated to its end.
pub struct Room {
    budget: Budget,
    /// Cases laid out.
    pub packed: Store,
    /// Messages as they were sent and received.
    pub raw: Store,
}

impl Room {
    pub fn new(cases: usize) -> Self {
        let (packed, raw) = budget::deflated(cases);
        Self { budget: Budget::new(cases), packed: Store::new('z', packed), raw: Store::new('r', raw) }
    }
}

/// Writes the section, one case in memory at a time.
pub fn write(
    view: &View<'_>,
    room: &mut Room,
    out: &mut impl Write,
    failed: impl Fn(io::Error) -> ReportError,
) -> Result<(), ReportError> {
    let put = |out: &mut dyn Write, html: &str| out.write_all(html.as_bytes()).map_err(&failed);
    let first = first(view.index.rows.len());
    let mut operations =
        view.index.apis.iter().flat_map(|a| &a.operations).filter(|o| !o.trials.is_empty()).count();
    put(out, "<section id=cases aria-labelledby=cases-h><h2 id=cases-h>Cases</h2>")?;
    put(out, &facets(view).into_string())?;
    for i in view.apis.iter().copied() {
        let api = &view.index.apis[i];
        put(out, &api_head(view, i, api).into_string())?;
        let mut list: Vec<_> = api.operations.iter().filter(|o| !o.trials.is_empty()).collect();
        list.sort_by_key(|o| urgency(&o.counts));
        for operation in list {
            put(out, &operation_head(view, api, operation).into_string())?;
            let mut share = room.budget.share(operations);
            operations = operations.saturating_sub(1);
            for (n, number) in operation.trials.iter().enumerate() {
                if let Some(from) = n.checked_sub(first).filter(|n| n.is_multiple_of(CHUNK)) {
                    if from > 0 {
                        put(out, "</ul></details>")?;
                    }
                    put(out, &chunk_head(n, operation.trials.len()).into_string())?;
                }
                put(out, &one(view, *number, room, &mut share)?)?;
            }
            put(
                out,
                if operation.trials.len() > first {
                    "</ul></details></ul></details>"
                } else {
                    "</ul></details>"
                },
            )?;
        }
        put(out, "</section>")?;
    }
    put(out, "</section>")
}

/// What the script makes filters of.
fn facets(view: &View<'_>) -> Markup {
    let measures = &view.index.measures;
    html! {
        div id="tools" {}
        div hidden {
            ul id="tags" { @for tag in &measures.tags { li { (Line(tag)) } } }
            ul id="checks" { @for check in &measures.checks { li { (Line(check)) } } }
        }
    }
}

/// One case, with as much of its evidence as there is room for.
fn one(view: &View<'_>, number: u32, room: &mut Room, share: &mut usize) -> Result<String, ReportError> {
    let row = view.index.rows[number as usize];
    let trial = view.index.trial(number)?;
    let mut evidence = Evidence { view, number, trial: &trial, raws: &[], limit: Limit::FULL };
    if row.verdict == Verdict::Skipped {
        return Ok(case::skipped(&evidence).into_string());
    }
    let is_passed = row.verdict == Verdict::Passed;
    let raws = match is_passed && !room.raw.has_spare_room() {
        true => Vec::new(),
        false => raw::keep(&trial, &mut room.raw),
    };
    evidence.raws = &raws;
    let bytes = if is_passed { room.budget.room(&row).min(*share) } else { room.budget.room(&row) };
    if bytes > 0 {
        let open = room.budget.opens(&row);
        for limit in [Limit::FULL, Limit::SHORT] {
            evidence.limit = limit;
            let html = case::whole(&evidence, open).into_string();
            if html.len() <= bytes.min(LONG) {
                room.budget.spend(&row, html.len());
                *share = share.saturating_sub(if is_passed { html.len() } else { 0 });
                return Ok(html);
            }
        }
        match is_passed {
            true => *share = 0,
            false if bytes < LONG => room.budget.close(&row),
            false => {}
        }
    }
    evidence.limit = Limit::SHORT;
    Ok(packed(&evidence, room).into_string())
}

/// A case as a line with its findings, and its evidence deflated, while there is room.
fn packed(evidence: &Evidence<'_>, room: &mut Room) -> Markup {
    let is_passed = evidence.trial.verdict == Verdict::Passed;
    let address = match room.packed.has_spare_room() || (!is_passed && room.packed.has_room()) {
        true => {
            let html = case::inside(evidence).into_string();
            if html.len() <= LONG { room.packed.put(html.as_bytes()) } else { None }
        }
        false => None,
    };
    let findings = (!is_passed)
        .then(|| case::findings(evidence))
        .filter(|findings| room.budget.findings(findings.0.len()));
    case::short(evidence, address, findings.as_ref())
}

/// The fold of the next cases of an operation.
fn chunk_head(from: usize, all: usize) -> Markup {
    html! {
        (PreEscaped("<details class=chunk>"))
        summary { "Cases " (words::number(from + 1)) " to " (words::number((from + CHUNK).min(all))) " of " (words::number(all)) }
        (PreEscaped("<ul class=cases>"))
    }
}

fn api_head(view: &View<'_>, number: usize, api: &ApiIndex) -> Markup {
    let summary = view.index.started.apis.iter().find(|a| a.name == api.name);
    html! {
        // The section is closed by the caller.
        (PreEscaped("<section class=api "))
        (Attributes([("id", &format!("api{number}")), ("aria-labelledby", &format!("api{number}-h")), ("data-api", &api.name)]))
        (PreEscaped(">"))
        h3 id=(format!("api{number}-h")) { (Line(&api.name)) " " (counts(&api.counts)) }
        p.sub {
            @if let Some(summary) = summary {
                (Line(&summary.title))
                @if let Some(document) = &summary.document { " · document " code { (Line(document)) } }
            }
            @if let Some(url) = view.index.started.urls.get(&api.name) { " · " code { (Line(url)) } }
        }
    }
}

fn operation_head(view: &View<'_>, api: &ApiIndex, operation: &OperationIndex) -> Markup {
    let known = view.operation(&api.name, &operation.id);
    let bad = operation.counts.failed + operation.counts.errored > 0;
    html! {
        // The list and what it is folded into are closed by the caller.
        (PreEscaped("<details class=op "))
        (Attributes([("data-op", &operation.id)]))
        (PreEscaped(if bad { " open>" } else { ">" }))
        summary {
            h4 {
                @if operation.id == "flow" && known.is_none() { "Flows" } @else { (Line(&operation.id)) }
            }
            @if let Some(known) = known {
                span.soft.path { (Line(&known.method)) " " (Line(&known.path)) }
            }
            span.fit {}
            (counts(&operation.counts))
        }
        (PreEscaped("<ul class=cases>"))
    }
}

/// How many cases ended how: signs with numbers.
pub fn counts(counts: &Counts) -> Markup {
    let list = [
        (Verdict::Failed, counts.failed),
        (Verdict::Errored, counts.errored),
        (Verdict::Waived, counts.waived),
        (Verdict::Flaky, counts.flaky),
        (Verdict::Passed, counts.passed),
        (Verdict::Skipped, counts.skipped),
    ];
    html! {
        span.counts {
            @for (verdict, n) in list.into_iter().filter(|(_, n)| *n > 0) {
                span class=(format!("n {}", words::letter(verdict))) {
                    (words::sign(verdict)) (words::number(n))
                }
            }
        }
    }
}

/// Attributes of a tag that is written in pieces.
struct Attributes<'a, const N: usize>([(&'static str, &'a str); N]);

impl<const N: usize> Render for Attributes<'_, N> {
    fn render_to(&self, out: &mut String) {
        for (name, value) in self.0 {
            out.push_str(&format!(" {name}=\""));
            Line(value).attribute(out);
            out.push('"');
        }
    }
}
