//! One case: a line, or the line and all its evidence.

use super::body::Limit;
use super::step::step;
use super::text::{Line, Message};
use super::view::View;
use super::words;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::TrialFinished;
use maud::{Markup, html};

/// A case with its steps. `open` when they are to be seen at once.
pub fn whole(view: &View<'_>, number: u32, trial: &TrialFinished, limit: Limit, open: bool) -> Markup {
    html! {
        li class=(if open { "case" } else { "case cv" }) data-v=(words::letter(trial.verdict)) {
            details open[open] {
                summary { (row(trial)) }
                div.inside id=(format!("t{number}")) {
                    (facts(trial))
                    @if let Some(reason) = trial.reason.as_ref().filter(|r| !is_said_by_a_step(r, trial)) { p.error { (Message(reason)) } }
                    @if !trial.steps.is_empty() {
                        ol.steps { @for i in 0..trial.steps.len() { (step(view, trial, i, limit)) } }
                    }
                }
            }
        }
    }
}

fn is_said_by_a_step(reason: &str, trial: &TrialFinished) -> bool {
    trial.steps.iter().filter_map(|s| s.error.as_ref()).any(|e| reason.contains(&e.message))
}

/// A case as a line. Of one that did not pass, with the first thing that is wrong.
pub fn line(number: u32, trial: &TrialFinished) -> Markup {
    let why = trial.reason.as_deref().or_else(|| {
        let first = |must: bool| trial.findings().find(move |(_, f)| (f.level == Level::Must) == must);
        first(true).or_else(|| first(false)).map(|(_, f)| f.message.as_str())
    });
    html! {
        li class=(if why.is_some() { "case cv cv2" } else { "case cv" }) data-v=(words::letter(trial.verdict)) id=(format!("t{number}")) {
            div.row { (row(trial)) }
            @if let Some(why) = why { p.why_ { (Message(super::body::beginning(why, 200))) } }
        }
    }
}

fn row(trial: &TrialFinished) -> Markup {
    let warnings = trial.findings().filter(|(_, f)| f.level != Level::Must).count();
    html! {
        (words::sign(trial.verdict))
        span.id { (Line(&trial.case)) }
        span.title { (Line(&trial.title)) }
        @if warnings > 0 { span.chip.w { (words::count(warnings, "warning", "warnings")) } }
        @if trial.verdict != Verdict::Skipped { span.ms { (words::duration(trial.duration_ms)) } }
    }
}

fn facts(trial: &TrialFinished) -> Markup {
    html! {
        dl.src {
            @if let Some(doc) = &trial.doc { div { dt { "Document" } dd { (words::document(doc)) } } }
            div { dt { "Case" } dd { (words::source(&trial.location)) } }
            div { dt { "Level" } dd { (trial.level.as_str()) } }
            @if !trial.tags.is_empty() { div { dt { "Tags" } dd { (Line(&trial.tags.join(", "))) } } }
            div { dt { "Name" } dd { code { (Line(&trial.name)) } } }
            @if trial.verdict != Verdict::Skipped { div { dt { "Started" } dd { "+" (words::duration(started(trial))) } } }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "a time in milliseconds")]
fn started(trial: &TrialFinished) -> f64 {
    trial.started_ms as f64
}
