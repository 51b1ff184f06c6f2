//! What is wrong, by cause: problems, warnings, and what could not be judged.

use super::body::{self, Mark};
use super::finding::{details, expected_and_actual, headline, sources};
use super::step;
use super::text::Line;
use super::trend::is_new;
use super::view::{SHOWN, View};
use super::words;
use crate::model::verdict::Verdict;
use crate::problem::{CaseRef, Cluster, Clusters, Problem, Reason, Reasons, is_consequence};
use crate::report::error::ReportError;
use maud::{Markup, html};
use std::collections::HashSet;
use std::io::{self, Write};

/// So many problems are open when the page is.
const OPEN: usize = 6;
/// So many cases are named at once; the others are folded away.
const NAMED: usize = 5;

/// How failures and warnings differ on the page.
struct Style {
    /// Of anchors: `p1`, `w1`.
    letter: char,
    class: &'static str,
    open: usize,
}

pub fn write(
    view: &View<'_>,
    out: &mut impl Write,
    failed: impl Fn(io::Error) -> ReportError,
) -> Result<(), ReportError> {
    let put =
        |out: &mut dyn Write, html: Markup| out.write_all(html.into_string().as_bytes()).map_err(&failed);
    let raw = |out: &mut dyn Write, html: &str| out.write_all(html.as_bytes()).map_err(&failed);
    if !view.problems.is_empty() {
        raw(out, "<section id=wrong aria-labelledby=wrong-h>")?;
        put(
            out,
            html! {
                h2 id="wrong-h" { "What is wrong" }
                p.sub { "Findings with a common cause are one problem. What breaks most cases comes first." }
            },
        )?;
        let style = Style { letter: 'p', class: "problem", open: OPEN };
        list(view, &view.problems, &view.index.tally.failures, &style, out, &failed)?;
        raw(out, "</section>")?;
    }
    if !view.index.tally.errors.list.is_empty() {
        put(out, unjudged(view, &view.index.tally.errors))?;
    }
    if !view.warnings.is_empty() {
        raw(out, "<section id=warnings aria-labelledby=warnings-h>")?;
        put(
            out,
            html! {
                h2 id="warnings-h" { "Warnings" }
                p.sub { "Requirements of level should and may that do not hold. They do not fail a run." }
            },
        )?;
        let open = if view.problems.is_empty() { OPEN } else { 0 };
        let style = Style { letter: 'w', class: "problem warned", open };
        list(view, &view.warnings, &view.index.tally.warnings, &style, out, &failed)?;
        raw(out, "</section>")?;
    }
    Ok(())
}

fn list(
    view: &View<'_>,
    problems: &[Problem],
    clusters: &Clusters,
    style: &Style,
    out: &mut impl Write,
    failed: impl Fn(io::Error) -> ReportError,
) -> Result<(), ReportError> {
    out.write_all(b"<ol class=problems>").map_err(&failed)?;
    for (i, problem) in problems.iter().enumerate().take(SHOWN) {
        let html = card(view, problem, i, clusters, style)?;
        out.write_all(html.into_string().as_bytes()).map_err(&failed)?;
    }
    out.write_all(b"</ol>").map_err(&failed)?;
    let rest = problems.len().saturating_sub(SHOWN);
    let note = html! {
        @if rest > 0 { p.note { (words::count(rest, "more kind", "more kinds")) " of finding: see the cases." } }
        @if clusters.left_over > 0 {
            p.note { (words::count(clusters.left_over, "finding was", "findings were")) " of too many kinds to be grouped: see the cases." }
        }
    };
    out.write_all(note.into_string().as_bytes()).map_err(&failed)
}

fn card(
    view: &View<'_>,
    problem: &Problem,
    number: usize,
    clusters: &Clusters,
    style: &Style,
) -> Result<Markup, ReportError> {
    let lead = &clusters.list[problem.clusters[0]];
    let sample = &lead.sample.finding;
    let at = lead.place();
    let others = others(problem, clusters);
    Ok(html! {
        li class=(style.class) id=(format!("{}{}", style.letter, number + 1)) {
            details open[number < style.open] {
                summary {
                    span.no aria-hidden="true" { (number + 1) }
                    div.head {
                        h3 { (headline(&at, &sample.message)) @if style.letter == 'p' && is_new(view, &problem.clusters) { " " span.chip.new { "new since the baseline" } } }
                        (whereabouts(view, lead, &problem.operations))
                        (asked(lead, 5))
                        @if let Some(problem) = problem.failing.filter(|p| *p < SHOWN) {
                            p.whereabouts { "The same as problem " (problem + 1) ", in cases of a lower level" }
                        }
                    }
                    span.many { strong { (words::number(problem.trials.len())) } (if problem.trials.len() == 1 { " case" } else { " cases" }) }
                }
                div.card {
                    div.facts {
                        // A link inside of what folds the card would be two things to press in one.
                        @if let Some(problem) = problem.failing.filter(|p| *p < SHOWN) {
                            p.note { "See " a href=(format!("#p{}", problem + 1)) { "problem " (problem + 1) } "." }
                        }
                        (expected_and_actual(sample))
                        (sources(sample))
                        (details(sample))
                        @if !others.is_empty() {
                            div.also {
                                h4 { "Part of the same problem" }
                                ul { @for i in others.iter().take(12) { (also(i)) } }
                                @if others.len() > 12 { p.note { (others.len() - 12) " more kinds of finding" } }
                            }
                        }
                        (cases(view, &problem.refs, problem.trials.len()))
                        @if let Some(other) = problem.within {
                            p.note {
                                "All of these cases have "
                                a href=(format!("#{}{}", style.letter, other + 1)) { (if style.letter == 'p' { "problem " } else { "warning " }) (other + 1) }
                                " too."
                            }
                        }
                    }
                    (evidence(view, lead)?)
                }
            }
        }
    })
}

/// What else is found of a problem, each sentence once.
fn others<'c>(problem: &Problem, clusters: &'c Clusters) -> Vec<&'c Cluster> {
    let mut said = HashSet::new();
    let sentence = |c: &Cluster| (c.place(), c.sample.finding.message.clone());
    let list = problem.clusters.iter().map(|i| &clusters.list[*i]).filter(|c| said.insert(sentence(c)));
    list.skip(1).collect()
}

/// What the cases ask for, where the finding only says that something else came.
pub fn asked(cluster: &Cluster, most: usize) -> Markup {
    let key = &cluster.key;
    let of_the_case = match key.check.as_str() {
        "outcome" | "code" | "status" => key.requirement == "expected",
        "rule" => cluster.sample.finding.spec.is_none(),
        "callback" => true,
        check => is_consequence(check),
    };
    let mut titles: Vec<&str> = Vec::new();
    for case in cluster.refs.iter().filter(|_| of_the_case) {
        if !titles.contains(&case.title.as_str()) {
            titles.push(&case.title);
        }
    }
    html! {
        @for title in titles.iter().take(most) { p.asked { (Line(title)) } }
        @if titles.len() > most { p.whereabouts { "and others" } }
    }
}

/// API and operations of a problem.
pub fn whereabouts(view: &View<'_>, cluster: &Cluster, operations: &[String]) -> Markup {
    let api = view.index.apis.get(cluster.key.api).map_or("", |a| a.name.as_str());
    let known = view.operation(api, &cluster.key.operation).filter(|_| operations.len() == 1);
    html! {
        p.whereabouts {
            strong { (Line(api)) } " › " (names(operations))
            @if let Some(known) = known { " " span.soft { (Line(&known.method)) " " (Line(&known.path)) } }
        }
    }
}

/// API and operations of a reason.
pub fn reason_whereabouts(view: &View<'_>, reason: &Reason) -> Markup {
    let api = view.index.apis.get(reason.api).map_or("", |a| a.name.as_str());
    html! { p.whereabouts { strong { (Line(api)) } " › " (names(&reason.operations)) } }
}

/// Operations, the first few.
fn names(operations: &[String]) -> Markup {
    html! {
        @for (i, operation) in operations.iter().enumerate().take(6) {
            @if i > 0 { ", " }
            strong { (Line(operation)) }
        }
        @if operations.len() > 6 { ", …" }
    }
}

fn also(cluster: &Cluster) -> Markup {
    html! {
        li {
            span.chip { (Line(words::check(&cluster.key.check))) } " "
            (headline(&cluster.place(), &cluster.sample.finding.message))
            @if let Some(doc) = &cluster.sample.finding.doc { span.soft { " — " (words::document(doc)) } }
        }
    }
}

/// The answer of the clearest case around the place, and the command that gets it again.
fn evidence(view: &View<'_>, cluster: &Cluster) -> Result<Markup, ReportError> {
    let trial = view.index.trial(cluster.sample.trial)?;
    let Some(record) = trial.steps.get(cluster.sample.step) else { return Ok(html! {}) };
    let finding = &cluster.sample.finding;
    let marks = [Mark { at: &finding.at, says: &finding.message }];
    let excerpt = record.response.as_ref().map(|r| (r, body::excerpt(&r.body, &marks, 6)));
    let header = finding.at.strip_prefix("header ");
    Ok(html! {
        div.evidence {
            @if let Some((response, excerpt)) = excerpt {
                h4 { "The answer, in case " a href=(format!("#{}", view.index.anchor(cluster.sample.trial))) { (Line(&trial.case)) } }
                p.line {
                    (step::status_line(response, &marks))
                    @for (name, value) in response.headers.iter().filter(|(n, _)| header.is_some_and(|h| h.eq_ignore_ascii_case(n)) || n.eq_ignore_ascii_case("content-type")) {
                        br; b { (Line(name)) } ": " (Line(body::beginning(value, 1_000)))
                    }
                }
                @if let Some(excerpt) = excerpt { (excerpt) }
            }
            @for callback in record.callbacks.iter().filter(|_| finding.at.starts_with("callback")).take(3) {
                p.line { "callback: " b { (Line(&callback.request.method)) } " " (Line(body::beginning(&callback.request.url, 1_000))) }
            }
            (step::curl(&record.curl))
            @if trial.steps.len() > 1 {
                p.note { "Step " (cluster.sample.step + 1) " of " (trial.steps.len()) ": the steps before it come first." }
            }
        }
    })
}

fn cases(view: &View<'_>, refs: &[CaseRef], total: usize) -> Markup {
    let (first, more) = refs.split_at(refs.len().min(NAMED));
    html! {
        div.seen {
            h4 { "Seen in " (words::count(total, "case", "cases")) }
            (links(view, first))
            @if !more.is_empty() || total > refs.len() {
                details {
                    summary { (words::number(total - first.len())) " more" }
                    (links(view, more))
                    @if total > refs.len() { p.note { "and " (words::number(total - refs.len())) " more, in " a href="#cases" { "Cases" } } }
                }
            }
        }
    }
}

fn links(view: &View<'_>, refs: &[CaseRef]) -> Markup {
    html! {
        ul.links {
            @for case in refs { li { a href=(format!("#{}", view.index.anchor(case.trial))) { (Line(&case.case)) } " " span.soft { (Line(&case.title)) } } }
        }
    }
}

fn unjudged(view: &View<'_>, reasons: &Reasons) -> Markup {
    html! {
        section id="unjudged" aria-labelledby="unjudged-h" {
            h2 id="unjudged-h" { "What could not be judged" }
            p.sub { "No usable answer came, so nothing is said about the contract. These are not failures." }
            ol.problems { @for (i, reason) in reasons.list.iter().enumerate().take(SHOWN) { (unjudged_reason(view, reason, i)) } }
            @if reasons.left_over > 0 { p.note { (words::count(reasons.left_over, "case", "cases")) " with other reasons: see the cases." } }
        }
    }
}

fn unjudged_reason(view: &View<'_>, reason: &Reason, number: usize) -> Markup {
    html! {
        li.problem.unjudged id=(format!("e{}", number + 1)) {
            details open[number < OPEN] {
                summary {
                    (words::sign(Verdict::Errored))
                    div.head {
                        h3 { (headline("", &reason.text)) @if let Some(kind) = &reason.kind { " " span.chip { (Line(kind)) } } }
                        (reason_whereabouts(view, reason))
                    }
                    span.many { strong { (words::number(reason.trials)) } (if reason.trials == 1 { " case" } else { " cases" }) }
                }
                div.card { (cases(view, &reason.refs, reason.trials)) }
            }
        }
    }
}
