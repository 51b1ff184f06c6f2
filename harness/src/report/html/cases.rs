//! Every case, by API and operation: those that are wrong first.

use super::body::Limit;
use super::budget::Budget;
use super::case;
use super::text::Line;
use super::view::{View, urgency};
use super::words;
use crate::model::verdict::Verdict;
use crate::record::Counts;
use crate::report::error::ReportError;
use crate::report::index::{ApiIndex, OperationIndex};
use maud::{Markup, html};
use std::io::{self, Write};

/// A case whose evidence is longer has its bodies cut shorter.
const LONG: usize = 512 * 1024;

/// Writes the section, one case in memory at a time.
pub fn write(
    view: &View<'_>,
    out: &mut impl Write,
    failed: impl Fn(io::Error) -> ReportError,
) -> Result<(), ReportError> {
    let put = |out: &mut dyn Write, html: &str| out.write_all(html.as_bytes()).map_err(&failed);
    let mut budget = Budget::new();
    let mut operations =
        view.index.apis.iter().flat_map(|a| &a.operations).filter(|o| !o.trials.is_empty()).count();
    put(out, "<section id=cases aria-labelledby=cases-h><h2 id=cases-h>Cases</h2><div id=tools></div>")?;
    for i in view.apis.iter().copied() {
        let api = &view.index.apis[i];
        put(out, &format!("<section class=api id=api{i} aria-labelledby=api{i}-h>"))?;
        put(out, &api_head(view, i, api).into_string())?;
        let mut list: Vec<_> = api.operations.iter().filter(|o| !o.trials.is_empty()).collect();
        list.sort_by_key(|o| urgency(&o.counts));
        for operation in list {
            let bad = operation.counts.failed + operation.counts.errored > 0;
            put(out, if bad { "<details class=op open>" } else { "<details class=op>" })?;
            put(out, &operation_head(view, api, operation).into_string())?;
            let mut share = budget.share(operations);
            operations = operations.saturating_sub(1);
            let mut shortened = 0;
            for number in &operation.trials {
                let (html, short) = one(view, *number, &mut budget, &mut share)?;
                shortened += usize::from(short);
                put(out, &html)?;
            }
            put(out, "</ul>")?;
            if shortened > 0 {
                put(out, &note(shortened).into_string())?;
            }
            put(out, "</details>")?;
        }
        put(out, "</section>")?;
    }
    put(out, "</section>")
}

/// One case, and whether there was no room for its evidence.
fn one(
    view: &View<'_>,
    number: u32,
    budget: &mut Budget,
    share: &mut usize,
) -> Result<(String, bool), ReportError> {
    let row = view.index.rows[number as usize];
    let trial = view.index.trial(number)?;
    let room = match row.verdict {
        Verdict::Passed => budget.room(&row).min(*share),
        Verdict::Skipped => 0,
        Verdict::Failed | Verdict::Errored | Verdict::Waived | Verdict::Flaky => budget.room(&row),
    };
    if room > 0 {
        let open = budget.opens(&row);
        for limit in [Limit::FULL, Limit::SHORT] {
            let html = case::whole(view, number, &trial, limit, open).into_string();
            if html.len() <= room.min(LONG) {
                budget.spend(&row, html.len());
                *share = share.saturating_sub(if row.verdict == Verdict::Passed { html.len() } else { 0 });
                return Ok((html, false));
            }
        }
        match row.verdict {
            Verdict::Passed => *share = 0,
            _ if room < LONG => budget.close(&row),
            _ => {}
        }
    }
    Ok((case::line(number, &trial).into_string(), row.verdict != Verdict::Skipped))
}

fn api_head(view: &View<'_>, number: usize, api: &ApiIndex) -> Markup {
    let summary = view.index.started.apis.iter().find(|a| a.name == api.name);
    html! {
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
    html! {
        summary {
            h4 {
                @if operation.id == "flow" && known.is_none() { "Flows" } @else { (Line(&operation.id)) }
            }
            @if let Some(known) = known {
                span.soft.path { (Line(&known.method)) " " (Line(&known.path)) }
            }
            (counts(&operation.counts))
        }
        // The list is closed by the caller.
        (maud::PreEscaped("<ul class=cases>"))
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

fn note(n: usize) -> Markup {
    html! {
        p.note {
            (words::count(n, "case is", "cases are")) " shown as a line, to keep the page small; requests and answers are in "
            code { "run.ndjson" } "."
        }
    }
}
