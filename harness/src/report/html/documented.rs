//! The documented example beside the answer that came.

use super::body::Limit;
use super::case::Evidence;
use super::difference::{distance, side_by_side};
use super::words;
use crate::record::{DocumentedAnswer, OperationSummary, StepRecord};
use crate::report::pretty::layout;
use crate::report::visible::line_text;
use maud::{Markup, html};

/// A longer answer is not compared, bytes.
const MAX_BODY: usize = 16 * 1024;
/// Examples that are compared with an answer to find the one that is most like it.
const MAX_EXAMPLES: usize = 24;

/// What the document shows for the answer of a step, where it shows something; folded away.
pub fn beside(evidence: &Evidence<'_>, number: usize) -> Markup {
    let step = &evidence.trial.steps[number];
    // Where room is scarce, only what is wrong is compared.
    let wanted = evidence.limit.0 >= Limit::FULL.0 || !step.findings.is_empty();
    let operation = evidence.view.operation(&evidence.trial.api, &step.operation).filter(|_| wanted);
    html! { @if let Some(operation) = operation { (of_step(operation, step, &format!("{}-d{number}", evidence.id()))) } }
}

/// What the document shows for the answer of a step. `id`: of the box that puts one below the other.
pub fn of_step(operation: &OperationSummary, step: &StepRecord, id: &str) -> Markup {
    let answer = step.response.as_ref().and_then(|r| Some((r, r.body.text.as_deref()?)));
    let Some((response, text)) = answer else { return html! {} };
    if text.is_empty() || text.len() > MAX_BODY || operation.examples.is_empty() {
        return html! {};
    }
    let actual = laid_out(text);
    let Some((example, shown)) = nearest(&operation.examples, response.status, &actual) else {
        return html! {};
    };
    let same = shown == actual;
    html! {
        details.beside {
            summary { "Beside the documented example" @if same { " (the same)" } }
            p.note {
                "Example " code { (super::text::Line(&example.name)) }
                ", status " (example.status)
                @if let Some(doc) = &example.doc { ", " (words::document(doc)) }
                @if operation.examples.len() > 1 { ": of " (operation.examples.len()) " documented answers the one that is most like it" }
                "."
            }
            @if !same { (side_by_side(id, ["Documented", "Answered"], &shown, &actual)) }
        }
    }
}

/// The example that differs in the fewest lines, of the same status where there is one.
fn nearest<'e>(
    examples: &'e [DocumentedAnswer],
    status: u16,
    actual: &str,
) -> Option<(&'e DocumentedAnswer, String)> {
    let same_status = examples.iter().any(|e| e.status == status);
    let fitting = examples.iter().filter(|e| e.status == status || !same_status).take(MAX_EXAMPLES);
    let measured = fitting.map(|example| (example, laid_out(&example.body)));
    measured.min_by_key(|(_, text)| distance(text, actual))
}

/// A body as the page shows it, a line each.
fn laid_out(text: &str) -> String {
    let mut out = String::new();
    for line in layout(text, false, &[]).lines {
        out.push_str(&"  ".repeat(line.depth));
        for (_, piece) in &line.pieces {
            out.push_str(&line_text(piece));
        }
        out.push('\n');
    }
    out
}
