//! What broke, cause by cause: the value before and now, both answers side by side, where it is written, and the command
//! that shows it again.

use super::answers::{side_by_side, value_at};
use super::evidence::Shown;
use super::{SHOWN, View, of_cases};
use crate::compare::News;
use crate::diff::unified;
use crate::problem::{Cluster, Clusters, Problem};
use crate::record::StepRecord;
use crate::report::html::body::{Mark, beginning, excerpt};
use crate::report::html::difference::unified as unified_html;
use crate::report::html::documented::of_step;
use crate::report::html::finding::{details, expected_and_actual, headline, sources};
use crate::report::html::step::{curl, status_line};
use crate::report::html::text::{Line, Message};
use crate::report::html::words::{check, document, number};
use crate::report::index::anchor;
use maud::{Markup, html};
use std::collections::HashSet;

/// So many causes are open when the page is.
const OPEN: usize = 6;
/// Cases that are named at once; the others are folded away.
const NAMED: usize = 5;
/// Cases that are named at all.
const MOST_NAMED: usize = 200;

pub fn causes(view: &View<'_>) -> Markup {
    html! {
        @if !view.causes.is_empty() {
            section id="broke" aria-labelledby="broke-h" {
                h2 id="broke-h" { "What broke" }
                p.sub { "Findings that were not there before. Those with a common cause are one; what breaks most cases comes first." }
                ol.problems {
                    @for (i, cause) in view.causes.iter().enumerate().take(SHOWN) { (card(view, i, cause)) }
                }
                @if view.causes.len() > SHOWN { p.note { "and " (number(view.causes.len() - SHOWN)) " more causes: see the cases." } }
            }
        }
    }
}

/// The finding nearest to a cause.
pub fn lead<'c>(view: &'c View<'_>, cause: &Problem) -> &'c Cluster {
    &view.comparison.broken.tally.failures.list[cause.clusters[0]]
}

/// What shows a cause best, in both runs.
pub fn shown<'v>(view: &'v View<'_>, cause: &Problem) -> Option<Shown<'v>> {
    let sample = &lead(view, cause).sample;
    let name = view.comparison.broken.names.get(sample.trial as usize)?;
    view.evidence.shown(name, sample.step)
}

fn card(view: &View<'_>, i: usize, cause: &Problem) -> Markup {
    let lead = lead(view, cause);
    let finding = &lead.sample.finding;
    let others = others(cause, &view.comparison.broken.tally.failures);
    html! {
        li.problem id=(format!("c{}", i + 1)) {
            details open[i < OPEN] {
                summary {
                    span.no aria-hidden="true" { (i + 1) }
                    div.head {
                        h3 { (headline(&lead.place(), &finding.message)) }
                        (whereabouts(view, lead, &cause.operations))
                    }
                    span.many { strong { (number(cause.trials.len())) } (if cause.trials.len() == 1 { " case" } else { " cases" }) }
                }
                div.card.wide {
                    div.facts {
                        (before_and_now(view, cause))
                        (expected_and_actual(finding))
                        (sources(finding))
                        (details(finding))
                    }
                    div.facts {
                        @if !others.is_empty() {
                            div.also {
                                h4 { "Part of the same cause" }
                                ul {
                                    @for cluster in others.iter().take(8) { (also(cluster)) }
                                }
                                @if others.len() > 8 { p.note { (others.len() - 8) " more kinds of finding" } }
                            }
                        }
                        (names(view, &view.comparison.broken, &cause.trials))
                        (within(cause))
                    }
                    @if let Some(shown) = shown(view, cause) { (evidence(view, i, &shown)) }
                }
            }
        }
    }
}

/// The value at the place of a cause in both answers, where it is one value and another one.
pub fn before_and_now(view: &View<'_>, cause: &Problem) -> Markup {
    let at = place(lead(view, cause));
    let values = shown(view, cause).and_then(|shown| {
        let before = shown.before.and_then(|step| value_at(step, &at))?;
        let now = value_at(shown.step, &at)?;
        (before != now).then_some((before, now))
    });
    html! {
        @if let Some((before, now)) = values {
            p.ban {
                span.was { span.k { "before " } code { (Line(&before)) } }
                span.arrow aria-hidden="true" { " → " }
                span.is { span.k { "now " } code { (Line(&now)) } }
            }
        }
    }
}

/// That another cause breaks all cases of one too: it may be all that is wrong with them.
pub fn within(cause: &Problem) -> Markup {
    html! {
        @if let Some(other) = cause.within {
            p.note {
                "May follow from " a href=(format!("#c{}", other + 1)) { "defect " (other + 1) }
                (if cause.trials.len() == 1 { ", which its case has too." } else { ", which all of these cases have too." })
            }
        }
    }
}

/// The place of the value that a cause is about: of what is missing, where it would be.
fn place(cluster: &Cluster) -> String {
    let finding = &cluster.sample.finding;
    let missing = finding.message.strip_prefix("element ").unwrap_or(&finding.message);
    let name =
        missing.strip_prefix('`').and_then(|rest| rest.split_once("` is missing")).map(|(name, _)| name);
    match name.filter(|name| finding.at.starts_with('/') && !finding.at.ends_with(&format!("/{name}"))) {
        Some(name) => format!("{}/{name}", finding.at),
        None => finding.at.clone(),
    }
}

/// API, operation, method and path.
pub fn whereabouts(view: &View<'_>, cluster: &Cluster, operations: &[String]) -> Markup {
    let api = view.comparison.broken.tally.apis.get(cluster.key.api).map_or("", String::as_str);
    let known = view.evidence.operation(api, &cluster.key.operation).filter(|_| operations.len() == 1);
    html! {
        p.whereabouts {
            strong { (Line(api)) } " › "
            @for (i, operation) in operations.iter().enumerate().take(6) { @if i > 0 { ", " } strong { (Line(operation)) } }
            @if operations.len() > 6 { ", …" }
            @if let Some(known) = known { " " span.soft { (Line(&known.method)) " " (Line(&known.path)) } }
        }
    }
}

/// What else is found of a cause, each sentence once.
fn others<'c>(cause: &Problem, clusters: &'c Clusters) -> Vec<&'c Cluster> {
    let mut said = HashSet::new();
    let sentence = |c: &Cluster| (c.place(), c.sample.finding.message.clone());
    let list = cause.clusters.iter().map(|i| &clusters.list[*i]).filter(|c| said.insert(sentence(c)));
    list.skip(1).collect()
}

fn also(cluster: &Cluster) -> Markup {
    html! {
        li {
            span.chip { (Line(check(&cluster.key.check))) } " "
            (headline(&cluster.place(), &cluster.sample.finding.message))
            @if let Some(doc) = &cluster.sample.finding.doc { span.soft { " — " (document(doc)) } }
        }
    }
}

/// The cases of a cause.
fn names(view: &View<'_>, news: &News, trials: &[u32]) -> Markup {
    let names: Vec<&str> = news.cases(trials).take(MOST_NAMED).collect();
    let (first, more) = names.split_at(names.len().min(NAMED));
    let list = |names: &[&str]| html! { ul.links { @for name in names { li { (case(view, name)) } } } };
    html! {
        div.seen {
            h4 { "In " (of_cases(trials.len())) }
            (list(first))
            @if trials.len() > first.len() {
                details {
                    summary { (number(trials.len() - first.len())) " more" }
                    (list(more))
                    @if trials.len() > names.len() { p.note { "and " (number(trials.len() - names.len())) " more" } }
                }
            }
        }
    }
}

/// The name of a case, as a link into the later run's report where that is known.
pub fn case(view: &View<'_>, name: &str) -> Markup {
    html! {
        @match view.report {
            Some(report) => a href=(format!("{report}#{}", anchor(name))) { (Line(name)) },
            None => code { (Line(name)) },
        }
    }
}

/// Both answers, and how to ask again.
fn evidence(view: &View<'_>, i: usize, shown: &Shown<'_>) -> Markup {
    let operation = view.evidence.operation(&shown.trial.api, &shown.step.operation);
    html! {
        div.evidence {
            h4 { "The answer before and now, in case " code { (Line(&shown.trial.case)) } ": " (Line(&shown.trial.title)) }
            @match shown.before {
                Some(before) => {
                    (side_by_side(before, shown.step))
                    (line_by_line(before, shown.step))
                }
                None => (only_now(shown.step)),
            }
            @if let Some(operation) = operation { (of_step(operation, shown.step, &format!("c{}-d", i + 1))) }
            (curl(&shown.step.curl))
            @if shown.trial.steps.len() > 1 {
                p.note { "A step of a case of " (shown.trial.steps.len()) " steps: those before it come first." }
            }
        }
    }
}

/// Of a new case.
fn only_now(step: &StepRecord) -> Markup {
    let marks: Vec<Mark<'_>> = step.findings.iter().map(|f| Mark { at: &f.at, says: &f.message }).collect();
    html! {
        p.note { "The case is new: there is no answer before." }
        @if let Some(response) = &step.response {
            p.line { (status_line(response, &marks)) }
            @if let Some(excerpt) = excerpt(&response.body, &marks, 8) { (excerpt) }
        }
        @if let Some(error) = &step.error { p.error { (Message(&error.message)) } }
    }
}

/// The bodies as `diff -u` shows them, as they came.
fn line_by_line(before: &StepRecord, now: &StepRecord) -> Markup {
    let text = |step: &StepRecord| {
        let body =
            step.response.as_ref().and_then(|response| response.body.text.as_deref()).unwrap_or_default();
        let mut text = beginning(body, 64 * 1024).to_owned();
        text.push('\n');
        text
    };
    let difference = unified(&text(before), &text(now), 2);
    html! {
        @if !difference.is_empty() {
            details.curl {
                summary { "Line by line, as the bytes came" }
                (unified_html(&[beginning(&difference, 24 * 1024).to_owned()]))
            }
        }
    }
}

/// What is newly warned of.
pub fn warnings(view: &View<'_>) -> Markup {
    let clusters = &view.comparison.warned.tally.warnings.list;
    html! {
        @if !view.warnings.is_empty() {
            section id="warned" aria-labelledby="warned-h" {
                h2 id="warned-h" { "New warnings" }
                p.sub { "Requirements of level should and may that do not hold, and did before. They decide nothing." }
                ol.problems {
                    @for (i, problem) in view.warnings.iter().enumerate().take(SHOWN) {
                        @let lead = &clusters[problem.clusters[0]];
                        li.problem.warned id=(format!("w{}", i + 1)) {
                            details {
                                summary {
                                    span.no aria-hidden="true" { (i + 1) }
                                    div.head {
                                        h3 { (headline(&lead.place(), &lead.sample.finding.message)) }
                                        (whereabouts(view, lead, &problem.operations))
                                    }
                                    span.many { strong { (number(problem.trials.len())) } (if problem.trials.len() == 1 { " case" } else { " cases" }) }
                                }
                                div.card {
                                    div.facts { (expected_and_actual(&lead.sample.finding)) (sources(&lead.sample.finding)) }
                                    (names(view, &view.comparison.warned, &problem.trials))
                                }
                            }
                        }
                    }
                }
            }
        }
    }
}
