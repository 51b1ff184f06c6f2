//! The first screen below the verdict: the problems by name, each API's share, and what run this was.

use super::cases::counts;
use super::coverage;
use super::finding::headline;
use super::hero::bar;
use super::problems::{asked, reason_whereabouts, whereabouts};
use super::text::Line;
use super::trend::is_new;
use super::view::View;
use super::words;
use crate::contract::Defect;
use crate::model::verdict::Verdict;
use maud::{Markup, html};

/// How many problems, and reasons why something could not be judged, are named on the first screen.
const TOP: usize = 5;
const REASONS: usize = 3;

/// Whether there is anything in [`top`].
pub fn has_top(view: &View<'_>) -> bool {
    !view.problems.is_empty() || !view.index.tally.errors.list.is_empty()
}

/// The problems and what was in the way of judging, in a line each.
pub fn top(view: &View<'_>) -> Markup {
    let clusters = &view.index.tally.failures.list;
    let reasons = &view.index.tally.errors.list;
    // A line that says "and 1 more" may as well say what.
    let named = if view.problems.len() == TOP + 1 { TOP + 1 } else { TOP };
    html! {
        @if has_top(view) {
            ol.top5 aria-label="Most frequent problems" {
                @for (i, problem) in view.problems.iter().enumerate().take(named) {
                    @let lead = &clusters[problem.clusters[0]];
                    li {
                        span.no aria-hidden="true" { (i + 1) }
                        div {
                            a href=(format!("#p{}", i + 1)) { (headline(&lead.place(), &lead.sample.finding.message)) }
                            @if is_new(view, &problem.clusters) { " " span.chip.new { "new" } }
                            " " (whereabouts(view, lead, &problem.operations))
                            (asked(lead, 2))
                        }
                        span.many { strong { (words::number(problem.trials.len())) } (if problem.trials.len() == 1 { " case" } else { " cases" }) }
                    }
                }
                @if view.problems.len() > named {
                    li.rest { a href=(format!("#p{}", named + 1)) { "and " (words::number(view.problems.len() - named)) " more" } }
                }
                @for (i, reason) in reasons.iter().enumerate().take(REASONS) {
                    li {
                        (words::sign(Verdict::Errored))
                        div {
                            a href=(format!("#e{}", i + 1)) { (headline("", &reason.text)) }
                            " " (reason_whereabouts(view, reason))
                        }
                        span.many { strong { (words::number(reason.trials)) } (if reason.trials == 1 { " case" } else { " cases" }) }
                    }
                }
                @if reasons.len() > REASONS {
                    li.rest { a href=(format!("#e{}", REASONS + 1)) { "and " (words::number(reasons.len() - REASONS)) " more that could not be judged" } }
                }
            }
        }
    }
}

/// Every API with its share: where to look.
pub fn places(view: &View<'_>) -> Markup {
    let apis: Vec<_> = view.apis.iter().map(|i| (i, &view.index.apis[*i])).collect();
    html! {
        @if !apis.is_empty() {
            ul.apis aria-label="Cases by API" {
                @for (i, api) in apis {
                    li {
                        a href=(format!("#api{i}")) { (Line(&api.name)) }
                        (counts(&api.counts))
                        (bar(&api.counts))
                    }
                }
            }
        }
    }
}

/// What ran, and what is known of the documents: a number each, and the way to more.
pub fn tiles(view: &View<'_>) -> Markup {
    let started = &view.index.started;
    let counts = &view.index.counts;
    let (documented, untouched) = coverage::sums(view);
    let ran = counts.total() - counts.skipped;
    let defects: Vec<&Defect> = started.apis.iter().flat_map(|api| &api.defects).collect();
    let high = defects.iter().filter(|defect| defect.severity.as_str() == "high").count();
    let skipped = view.index.tally.skips.list.first();
    html! {
        ul.tiles {
            li { a href=(if skipped.is_some() { "#skipped" } else { "#cases" }) {
                span.head_ { "Ran" }
                strong { (words::number(ran)) } " of " (words::count(started.planned.max(counts.total()), "case", "cases"))
                @if let Some(reason) = skipped {
                    span.soft { (words::number(reason.trials)) " not run: " (Line(super::body::beginning(&reason.text, 90))) }
                } @else if started.selected < started.planned {
                    span.soft { (words::number(started.planned - started.selected)) " not selected" }
                }
            } }
            @if let Some(share) = coverage::share(view) {
                li { a href="#coverage" {
                    span.head_ { "Documentation coverage" }
                    strong { (share) } " of " (words::number(documented)) " documented things"
                    span.soft { @if untouched == 0 { "all touched or explained" } @else { (words::number(untouched)) " untouched" } }
                } }
            }
            @if !defects.is_empty() {
                li { a href="#documents" {
                    span.head_ { "Documents" }
                    strong { (words::number(defects.len())) } (if defects.len() == 1 { " defect" } else { " defects" })
                    span.soft { @if high > 0 { (words::number(high)) " of them high" } @else { "none of them high" } }
                } }
            }
        }
    }
}

/// What a reader must know before anything else.
pub fn notices(view: &View<'_>) -> Markup {
    let started = &view.index.started;
    html! {
        @if view.index.interrupted() {
            p.notice.e {
                strong { "Interrupted. " }
                (words::number(view.index.counts.total())) " of " (words::count(started.planned, "planned case", "planned cases")) " are in this report; "
                @if view.index.finished.is_some() { "the run was stopped." } @else { "the record has no end, the run was killed or is still going on." }
            }
        }
        @if !started.faults.is_empty() {
            p.notice.w {
                strong { "The sandbox was told to misbehave: " }
                @for (i, fault) in started.faults.iter().enumerate() { @if i > 0 { ", " } code { (Line(fault)) } }
            }
        }
    }
}

/// The run: what was asked of whom, and how to ask it again.
pub fn facts(view: &View<'_>) -> Markup {
    let started = &view.index.started;
    html! {
        details.run {
            summary {
                "Run " strong { (Line(&started.run)) } " against " strong { (Line(&started.target)) }
                ", " (Line(&words::time(&started.started))) ", " (words::duration(view.index.duration_ms()))
                ", seed " (started.seed)
            }
            dl {
                div { dt { "Command" } dd { code.cmd { (Line(&started.command.join(" "))) } } }
                div { dt { "Target" } dd { (Line(&started.target)) } }
                @for (api, url) in &started.urls {
                    div { dt { "URL of " (Line(api)) } dd { code { (Line(url)) } } }
                }
                div { dt { "Suite" } dd { (Line(&started.suite)) } }
                div { dt { "Cases" } dd { (words::number(started.planned)) " planned, " (words::number(started.selected)) " selected" } }
                div { dt { "Started" } dd { (Line(&started.started)) } }
                div { dt { "Duration" } dd { (words::duration(view.index.duration_ms())) } }
                div { dt { "Seed" } dd { (started.seed) } }
                div { dt { "Jobs" } dd { (started.jobs) } }
                div { dt { "Tool" } dd { (Line(&started.tool)) ", record format " (started.version) } }
            }
        }
    }
}
