//! A finding, whole: what was expected and what came, and every line that says so.

use super::difference;
use super::text::{Block, Line, Message};
use super::words;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::problem::is_specific;
use maud::{Markup, html};

/// The sentence that a finding is known by: its place, where that is a field, and its message.
pub fn headline(at: &str, message: &str) -> Markup {
    let mut chars = message.chars();
    let capital = chars.next().filter(char::is_ascii_lowercase).map(|c| c.to_ascii_uppercase());
    let at = Some(at).filter(|at| is_specific(at) && !message.contains(at));
    html! {
        @match (at, message.strip_prefix("not so: "), capital) {
            (Some(at), Some(rule), _) => { "Not so at " code.at { (Line(at)) } ": " (Message(rule)) }
            (Some(at), None, _) => { code.at { (Line(at)) } ": " (Message(message)) }
            (None, _, Some(capital)) => { (capital) (Message(chars.as_str())) }
            (None, _, None) => (Message(message)),
        }
    }
}

/// One finding of a step, with the number of its problem. `id`: what links to it.
pub fn finding(finding: &Finding, id: &str, problem: Option<(char, usize)>) -> Markup {
    let class = if finding.level == Level::Must { "fd" } else { "fd warn" };
    html! {
        li class=(class) id=(id) {
            p.says {
                @if finding.level != Level::Must { span.level { "warning (" (finding.level.as_str()) ") " } }
                (headline(&finding.at, &finding.message))
                " " a.link href=(format!("#{id}")) aria-label="Link to this finding" { "#" }
            }
            (expected_and_actual(finding))
            (sources(finding))
            (details(finding))
            @if let Some((kind, number)) = problem {
                @let word = if kind == 'p' { "problem" } else { "warning" };
                p.back { a href=(format!("#{kind}{}", number + 1)) { "▴ " (word) " " (number + 1) } }
            }
        }
    }
}

/// Expected and actual value side by side; nothing where the finding has neither.
pub fn expected_and_actual(finding: &Finding) -> Markup {
    // A rule that does not hold is its own message.
    let said = |expected: &&String| finding.actual.is_some() || !finding.message.contains(expected.as_str());
    let expected = finding.expected.as_ref().filter(said);
    let long = [expected, finding.actual.as_ref()].into_iter().flatten().any(|v| v.chars().count() > 36);
    html! {
        @if expected.is_some() || finding.actual.is_some() {
            dl class=(if long { "ea long" } else { "ea" }) {
                @if let Some(expected) = expected {
                    div.exp { dt { "Expected" } dd { code { (Line(expected)) } } }
                }
                @if let Some(actual) = &finding.actual {
                    div.act { dt { "Got" } dd { code { (Line(actual)) } } }
                }
            }
        }
    }
}

/// Where it is written that the answer is wrong.
pub fn sources(finding: &Finding) -> Markup {
    html! {
        dl.src {
            @if let Some(doc) = &finding.doc {
                div { dt { "Document" } dd { (words::document(doc)) } }
            }
            @if finding.spec.is_some() || finding.schema.is_some() {
                div {
                    dt { "Contract" }
                    dd {
                        @if let Some(spec) = &finding.spec { (words::source(spec)) " " }
                        @if let Some(schema) = &finding.schema { code.soft { (Line(schema)) } }
                    }
                }
            }
            @if let Some(case) = &finding.case {
                div { dt { "Case" } dd { (words::source(case)) } }
            }
            div {
                dt { "Check" }
                dd {
                    (Line(words::check(&finding.check)))
                    @if let Some(requirement) = &finding.requirement { ": " code { (Line(requirement)) } }
                }
            }
        }
    }
}

/// The working that led to the message.
pub fn details(finding: &Finding) -> Markup {
    html! {
        @if !finding.details.is_empty() {
            @if finding.check == "snapshot" {
                details.working open {
                    summary { "What changed, line by line" }
                    (difference::unified(&finding.details))
                }
            } @else {
                details.working open {
                    summary { "How it was worked out" }
                    pre tabindex="0" { (Block(&finding.details.join("\n"))) }
                }
            }
        }
    }
}
