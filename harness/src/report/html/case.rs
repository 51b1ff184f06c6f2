//! One case: a line, or the line and all its evidence.

use super::body::{Limit, record_link};
use super::finding;
use super::raw::RawStep;
use super::step::step;
use super::store::Address;
use super::text::{Line, Message};
use super::view::View;
use super::words;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::TrialFinished;
use maud::{Markup, html};

/// Findings that stand beside a line.
const SHORT: usize = 5;

/// A case whose evidence is to be laid out.
pub struct Evidence<'e> {
    pub view: &'e View<'e>,
    pub number: u32,
    pub trial: &'e TrialFinished,
    /// Where its messages are kept, by step.
    pub raws: &'e [RawStep],
    pub limit: Limit,
}

impl Evidence<'_> {
    /// The id of a finding: that of the case, and the finding's number in it, from 1.
    pub fn finding_id(&self, step: usize, finding: usize) -> String {
        let before: usize = self.trial.steps.iter().take(step).map(|s| s.findings.len()).sum();
        format!("{}-{}", self.id(), before + finding + 1)
    }

    pub fn id(&self) -> String {
        self.view.index.anchor(self.number)
    }

    /// Whether a body of a step is longer than what is shown.
    pub fn is_cut(&self, step: usize) -> bool {
        let step = &self.trial.steps[step];
        let answer = step.response.as_ref().map_or(0, |response| response.body.size);
        step.request.body.size.max(answer) > self.limit.0
    }
}

/// A case with its steps. `open` when they are to be seen at once.
pub fn whole(evidence: &Evidence<'_>, open: bool) -> Markup {
    let facets = Facets::of(evidence.view, evidence.trial);
    html! {
        li class=(if open { "case" } else { "case cv" }) data-v=(words::letter(evidence.trial.verdict)) data-l=[facets.level] data-g=[facets.tags] data-k=[facets.checks] {
            details open[open] {
                summary { (row(evidence.trial)) }
                div.inside id=(evidence.id()) { (inside(evidence)) }
            }
        }
    }
}

/// All that is known of a case below its line.
pub fn inside(evidence: &Evidence<'_>) -> Markup {
    let trial = evidence.trial;
    html! {
        (facts(evidence))
        @if let Some(reason) = trial.reason.as_ref().filter(|r| !is_said_by_a_step(r, trial)) { p.error { (Message(reason)) } }
        (attempts(trial))
        @if !trial.steps.is_empty() {
            ol.steps { @for i in 0..trial.steps.len() { (step(evidence, i)) } }
        }
    }
}

/// What a case can be found by, beside its text.
struct Facets {
    /// First letter, where it is not `must`.
    level: Option<&'static str>,
    /// Numbers in the page's lists of tags and of checks.
    tags: Option<String>,
    checks: Option<String>,
}

impl Facets {
    fn of(view: &View<'_>, trial: &TrialFinished) -> Self {
        let measures = &view.index.measures;
        let level = match trial.level {
            Level::Must => None,
            Level::Should => Some("s"),
            Level::May => Some("m"),
        };
        let tags = trial.tags.iter().filter_map(|tag| measures.tags.iter().position(|t| t == tag));
        let mut checks: Vec<usize> = trial
            .findings()
            .filter_map(|(_, f)| measures.checks.iter().position(|check| *check == f.check))
            .collect();
        checks.sort_unstable();
        checks.dedup();
        Self { level, tags: numbers(tags), checks: numbers(checks.into_iter()) }
    }
}

fn numbers(list: impl Iterator<Item = usize>) -> Option<String> {
    let text = list.map(|n| n.to_string()).collect::<Vec<_>>().join(" ");
    Some(text).filter(|text| !text.is_empty())
}

fn is_said_by_a_step(reason: &str, trial: &TrialFinished) -> bool {
    trial.steps.iter().filter_map(|s| s.error.as_ref()).any(|e| reason.contains(&e.message))
}

/// A case as a line, with what is wrong, for which the evidence is elsewhere: deflated in the page, or in the record.
pub fn short(evidence: &Evidence<'_>, packed: Option<Address>, findings: Option<&Markup>) -> Markup {
    let trial = evidence.trial;
    let facets = Facets::of(evidence.view, trial);
    let why = why(trial);
    html! {
        li class="case cv" data-v=(words::letter(trial.verdict)) data-l=[facets.level] data-g=[facets.tags] data-k=[facets.checks] data-z=[packed.map(|p| p.to_string())] {
            details {
                summary { (row(trial)) }
                div.inside id=(evidence.id()) {
                    @if let Some(findings) = findings { (findings) }
                    @else if let Some(why) = why { p.why_ { (Message(super::body::beginning(why, 200))) } }
                    p.note { "In " (record_link()) ", line " (evidence.view.index.line(evidence.number)) "." }
                }
            }
        }
    }
}

/// The first findings of a case, without its messages.
pub fn findings(evidence: &Evidence<'_>) -> Markup {
    let trial = evidence.trial;
    let all = trial
        .steps
        .iter()
        .enumerate()
        .flat_map(|(s, step)| step.findings.iter().enumerate().map(move |(f, finding)| (s, f, finding)));
    let mut list: Vec<_> = all.collect();
    list.sort_by_key(|(_, _, finding)| std::cmp::Reverse(finding.level));
    html! {
        @if let Some(reason) = &trial.reason { p.error { (Message(reason)) } }
        ul.findings {
            @for (s, f, found) in list.iter().take(SHORT) {
                (finding::finding(found, &evidence.finding_id(*s, *f), evidence.view.problem(trial, *s, found)))
            }
        }
        @if list.len() > SHORT { p.note { (words::number(list.len() - SHORT)) " more findings" } }
    }
}

/// A case that was not run, and why.
pub fn skipped(evidence: &Evidence<'_>) -> Markup {
    let trial = evidence.trial;
    let facets = Facets::of(evidence.view, trial);
    html! {
        li class="case cv" data-v=(words::letter(trial.verdict)) data-l=[facets.level] data-g=[facets.tags] id=(evidence.id()) {
            div.row { (row(trial)) }
            @if let Some(why) = why(trial) { p.why_ { (Message(super::body::beginning(why, 200))) } }
        }
    }
}

/// The first thing that is wrong.
fn why(trial: &TrialFinished) -> Option<&str> {
    trial.reason.as_deref().or_else(|| {
        let first = |must: bool| trial.findings().find(move |(_, f)| (f.level == Level::Must) == must);
        first(true).or_else(|| first(false)).map(|(_, f)| f.message.as_str())
    })
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

fn facts(evidence: &Evidence<'_>) -> Markup {
    let trial = evidence.trial;
    html! {
        dl.src {
            @if let Some(doc) = &trial.doc { div { dt { "Document" } dd { (words::document(doc)) } } }
            div { dt { "Case" } dd { (words::source(&trial.location)) } }
            div { dt { "Level" } dd { (trial.level.as_str()) } }
            @if !trial.tags.is_empty() { div { dt { "Tags" } dd { (Line(&trial.tags.join(", "))) } } }
            div { dt { "Name" } dd { code { (Line(&trial.name)) } } }
            @if trial.verdict != Verdict::Skipped { div { dt { "Started" } dd { "+" (words::duration(words::milliseconds(trial.started_ms))) } } }
            div { dt { "Link" } dd { a href=(format!("#{}", evidence.id())) { (evidence.id()) } } }
        }
    }
}

/// Every try of a case that was tried again.
fn attempts(trial: &TrialFinished) -> Markup {
    html! {
        @if !trial.retried.is_empty() {
            ol.attempts aria-label="Attempts" {
                @for (i, attempt) in trial.retried.iter().enumerate() {
                    li { (words::sign(attempt.verdict)) " Attempt " (i + 1) ": " (words::verdict(attempt.verdict)) " after " (words::duration(attempt.duration_ms)) ", " (Message(&attempt.why)) }
                }
                li { (words::sign(trial.verdict)) " Attempt " (trial.retried.len() + 1) ", shown below: " (words::verdict(trial.verdict)) " after " (words::duration(trial.duration_ms)) }
            }
        }
    }
}
