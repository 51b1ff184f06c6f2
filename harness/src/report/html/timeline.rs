//! The steps of a case on its time: where each begins, how long it waited for the first byte, and for the rest.

use super::words;
use crate::record::{StepRecord, TrialFinished};
use maud::{Markup, html};

/// Units of the drawing across the whole trial.
const WIDTH: f64 = 1_000.0;

/// The bar of one step; nothing for a case that is one request without a callback.
pub fn of_step(trial: &TrialFinished, step: &StepRecord) -> Markup {
    let whole = trial.duration_ms.max(trial.steps.iter().map(end).fold(0.0, f64::max));
    if (trial.steps.len() < 2 && step.callbacks.is_empty()) || whole <= 0.0 || !whole.is_finite() {
        return html! {};
    }
    let x = |ms: f64| (ms.clamp(0.0, whole) * WIDTH / whole).round();
    let first = x(step.at_ms + step.first_byte_ms.min(step.total_ms));
    let (begin, end) = (x(step.at_ms), x(step.at_ms + step.total_ms));
    let label = format!(
        "from {} to {} of {}",
        words::duration(step.at_ms),
        words::duration(step.at_ms + step.total_ms),
        words::duration(whole)
    );
    html! {
        svg.tl viewBox="0 0 1000 10" preserveAspectRatio="none" role="img" aria-label=(label) {
            title { (label) }
            rect.bed width="1000" height="10" {}
            rect.wait x=(begin) width=((first - begin).max(4.0)) y="1" height="8" {}
            @if end > first { rect.get x=(first) width=(end - first) y="3" height="4" {} }
            @for callback in &step.callbacks {
                rect.call x=(x(step.at_ms + step.total_ms + callback.after_ms).min(WIDTH - 5.0)) width="5" height="10" {}
            }
        }
    }
}

fn end(step: &StepRecord) -> f64 {
    let callbacks = step.callbacks.iter().map(|callback| callback.after_ms).fold(0.0, f64::max);
    step.at_ms + step.total_ms + callbacks
}
