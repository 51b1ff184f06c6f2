//! The first screen: how many causes there are, and each in a line with the value before and now.

use super::causes::{before_and_now, lead, whereabouts, within};
use super::{View, lists, of_cases};
use crate::compare::{Comparison, RunName, State};
use crate::record::{BaselineSummary, Counts};
use crate::report::html::finding::headline;
use crate::report::html::hero::bar;
use crate::report::html::text::Line;
use crate::report::html::words::{count, number, time};
use maud::{Markup, html};

/// Causes that are named on the first screen.
const TOP: usize = 8;

/// What the comparison came to, in a few words.
pub fn verdict(view: &View<'_>) -> String {
    let cases = &view.comparison.cases;
    let errored = cases.newly_errored().count();
    match (view.causes.len(), errored) {
        (0, 0) => "Nothing new is broken".into(),
        (0, _) => "Nothing new is broken, but not all could be judged".into(),
        (1, _) => "1 new defect".into(),
        (n, _) => format!("{} new defects", number(n)),
    }
}

pub fn hero(view: &View<'_>) -> Markup {
    let Comparison { cases, .. } = view.comparison;
    let class = match (view.causes.len(), cases.newly_errored().count()) {
        (0, 0) => "p",
        (0, _) => "e",
        _ => "f",
    };
    html! {
        section class=(format!("hero {class}")) aria-labelledby="verdict" {
            (seal(class))
            div.verdict {
                h1 id="verdict" { (verdict(view)) }
                p.lead { (lead_text(view)) }
            }
            (notices(view))
            @if !view.causes.is_empty() { div.glance.solo { (top(view)) } }
            div.runs2 {
                (run("Before", &view.comparison.old, &view.evidence.old.counts))
                (run("Now", &view.comparison.new, &view.evidence.new.counts))
            }
            (tiles(view))
        }
    }
}

fn lead_text(view: &View<'_>) -> Markup {
    let cases = &view.comparison.cases;
    let broken = cases.newly_broken().count();
    let errored = cases.newly_errored().count();
    html! {
        @if broken > 0 {
            strong { (number(broken)) " of " (of_cases(view.evidence.new.counts.total())) }
            (if broken == 1 { " fails now and did not before" } else { " fail now and did not before" })
            @if view.causes.len() > 1 { ", for " strong { (number(view.causes.len())) " different reasons" } }
            "."
        } @else {
            "No case fails now that did not fail before."
        }
        @if errored > 0 { " " strong { (of_cases(errored)) } " cannot be judged any more." }
        @let fixed = cases.count(State::Fixed);
        @if fixed > 0 { " " (of_cases(fixed)) (if fixed == 1 { " was" } else { " were" }) " fixed." }
    }
}

fn notices(view: &View<'_>) -> Markup {
    let Comparison { old, new, .. } = view.comparison;
    let cut = |run: &RunName, which: &str| {
        html! { @if !run.whole { p.notice.e { strong { "The " (which) " run was cut short. " } "What it did not come to is told as gone or new." } } }
    };
    let faults =
        |half: &super::evidence::Half| half.started.as_ref().map(|s| s.faults.clone()).unwrap_or_default();
    let came: Vec<String> = {
        let before = faults(&view.evidence.old);
        faults(&view.evidence.new).into_iter().filter(|fault| !before.contains(fault)).collect()
    };
    html! {
        (cut(old, "earlier"))
        (cut(new, "later"))
        @if old.target != new.target {
            p.notice.w { strong { "Two targets: " } (Line(&old.target)) " before, " (Line(&new.target)) " now." }
        }
        @if !came.is_empty() {
            p.notice.w {
                strong { "Between the runs the sandbox was told to misbehave: " }
                @for (i, fault) in came.iter().enumerate() { @if i > 0 { ", " } code { (Line(fault)) } }
            }
        }
    }
}

/// Each cause in a line: what, where, and the value before and now.
fn top(view: &View<'_>) -> Markup {
    html! {
        ol.top5 aria-label="What broke" {
            @for (i, cause) in view.causes.iter().enumerate().take(TOP) {
                @let lead = lead(view, cause);
                li {
                    span.no aria-hidden="true" { (i + 1) }
                    div {
                        a href=(format!("#c{}", i + 1)) { (headline(&lead.place(), &lead.sample.finding.message)) }
                        " " (whereabouts(view, lead, &cause.operations))
                        (before_and_now(view, cause))
                        (within(cause))
                    }
                    span.many { strong { (number(cause.trials.len())) } (if cause.trials.len() == 1 { " case" } else { " cases" }) }
                }
            }
            @if view.causes.len() > TOP {
                li.rest { a href=(format!("#c{}", TOP + 1)) { "and " (number(view.causes.len() - TOP)) " more" } }
            }
        }
    }
}

/// One of the runs: its verdicts as a bar.
fn run(which: &str, run: &RunName, counts: &Counts) -> Markup {
    html! {
        div {
            p.which {
                strong { (which) } " " (Line(&run.run)) " " span.soft { (Line(&time(&run.started))) }
            }
            (bar(counts))
            p.which {
                @if counts.failed > 0 { strong.f_ { (number(counts.failed)) " failed" } ", " }
                @if counts.errored > 0 { strong { (number(counts.errored)) " not judged" } ", " }
                (number(counts.passed + counts.waived + counts.flaky)) " passed"
            }
        }
    }
}

/// The numbers of the comparison, each a link to its part.
fn tiles(view: &View<'_>) -> Markup {
    let summary: BaselineSummary = view.comparison.summary();
    let tile = |n: usize, words: &str, to: String| {
        html! {
            li {
                @if n > 0 { a href=(to) { strong { (number(n)) } " " (words) } }
                @else { span { strong { "0" } " " (words) } }
            }
        }
    };
    let of = |state: State, n: usize| tile(n, state.words(), format!("#{}", lists::anchor(state)));
    html! {
        ul.became aria-label="Cases, fields and operations by what became of them" {
            (tile(summary.newly_failing, "newly failing", "#broke".into()))
            (of(State::NewlyErrored, summary.newly_errored))
            (of(State::Fixed, summary.fixed))
            (of(State::StillFailing, summary.still_failing))
            (of(State::New, summary.new))
            (of(State::Gone, summary.gone))
            (tile(summary.flaky, "flaky", "#flaky".into()))
            (tile(summary.newly_warned, "newly warned", "#warned".into()))
            (tile(summary.drifted, &plain(summary.drifted, "field drifted", "fields drifted"), "#drift".into()))
            (tile(summary.slower, &plain(summary.slower, "operation slower", "operations slower"), "#latency".into()))
            (tile(summary.faster, &plain(summary.faster, "operation faster", "operations faster"), "#latency".into()))
            li { span { strong { (number(summary.passing)) } " still passing" } }
        }
    }
}

fn plain(n: usize, one: &str, many: &str) -> String {
    count(n, one, many).split_once(' ').map(|(_, words)| words.to_owned()).unwrap_or_default()
}

/// A ring with a sign: a shape for each result, not only a colour.
fn seal(class: &str) -> Markup {
    let strokes: &[&str] = match class {
        "p" => &["M25 41l10 10 21-23"],
        "f" => &["M40 22v24", "M40 56v.5"],
        _ => &["M31 32c0-5 4-9 9-9s9 4 9 9c0 7-9 7-9 14", "M40 56v.5"],
    };
    html! {
        svg.seal viewBox="0 0 80 80" aria-hidden="true" {
            circle.ring cx="40" cy="40" r="36" {}
            circle.inner cx="40" cy="40" r="30" {}
            @for stroke in strokes { path d=(stroke) {} }
        }
    }
}
