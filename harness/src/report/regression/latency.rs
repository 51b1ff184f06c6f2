//! Latency by operation: the distribution before and now, drawn.

use super::View;
use crate::compare::{Comparison, Shift};
use crate::report::html::text::Line;
use crate::report::html::words::{count, duration, number};
use maud::{Markup, html};

/// Operations that are drawn although their times did not move.
const MOST: usize = 100;
/// Fewer times are no distribution.
const FEWEST: usize = 5;
const BINS: usize = 48;
/// Height of a bar, and width of a bin, in units of the drawing.
const HEIGHT: f64 = 30.0;
const WIDTH: f64 = 10.0;

/// The times of one operation in both runs, sorted.
struct Times<'c> {
    api: &'c str,
    operation: &'c str,
    old: Vec<f64>,
    new: Vec<f64>,
    shift: Option<&'c Shift>,
}

/// How many operations can be compared.
pub fn compared(comparison: &Comparison) -> usize {
    all(comparison).len()
}

/// Those whose times moved come first, by how much.
fn all(comparison: &Comparison) -> Vec<Times<'_>> {
    let sorted = |values: &[f64]| {
        let mut values: Vec<f64> = values.iter().copied().filter(|v| v.is_finite()).collect();
        values.sort_by(f64::total_cmp);
        values
    };
    let mut found: Vec<Times<'_>> = comparison
        .new_answers
        .latency
        .iter()
        .filter_map(|((api, operation), after)| {
            let before = comparison.old_answers.latency.get(&(api.clone(), operation.clone()))?;
            let shift = comparison.latency.iter().find(|s| s.api == *api && s.operation == *operation);
            let (old, new) = (sorted(&before.values), sorted(&after.values));
            (old.len() >= FEWEST && new.len() >= FEWEST).then_some(Times { api, operation, old, new, shift })
        })
        .collect();
    let moved = |times: &Times<'_>| times.shift.map_or(0.0, |shift| shift.shift_ms);
    found.sort_by(|a, b| {
        let certain = b.shift.is_some().cmp(&a.shift.is_some());
        certain.then(moved(b).total_cmp(&moved(a))).then(a.api.cmp(b.api)).then(a.operation.cmp(b.operation))
    });
    found
}

pub fn latency(view: &View<'_>) -> Markup {
    let all = all(view.comparison);
    let (moved, same): (Vec<&Times<'_>>, Vec<&Times<'_>>) =
        all.iter().partition(|times| times.shift.is_some());
    html! {
        @if !all.is_empty() {
            section id="latency" aria-labelledby="latency-h" {
                h2 id="latency-h" { "Latency" }
                p.sub {
                    @if moved.is_empty() { "No operation became slower or faster by more than chance explains. " }
                    @else { "Told where a Mann-Whitney U test, corrected for the number of operations, finds a shift of 5 ms and a quarter or more. " }
                    "Above the line: before. Below it: now. The long marks are the medians."
                }
                ul.latency { @for times in &moved { (entry(times)) } }
                @if !same.is_empty() {
                    details.list open[moved.is_empty() && same.len() <= 4] {
                        summary { (count(same.len(), "operation", "operations")) " whose times did not move" }
                        ul.latency { @for times in same.iter().take(MOST) { (entry(times)) } }
                        @if same.len() > MOST { p.note { "and " (number(same.len() - MOST)) " more" } }
                    }
                }
            }
        }
    }
}

fn entry(times: &Times<'_>) -> Markup {
    let (old, new) = (&times.old, &times.new);
    html! {
        li {
            div {
                p { strong { (Line(times.api)) } " › " strong { (Line(times.operation)) } }
                @if let Some(shift) = times.shift {
                    @let slower = shift.shift_ms > 0.0;
                    p class=(if slower { "moved f_" } else { "moved p_" }) {
                        (if slower { "▲ " } else { "▼ " }) strong { (duration(shift.shift_ms.abs())) (if slower { " slower" } else { " faster" }) }
                        span.soft { " p = " (format!("{:.0e}", shift.p)) }
                    }
                }
                p.values { "before " strong { (duration(at(old, 0.5))) } span.soft { ", 95 % within " (duration(at(old, 0.95))) ", " (count(old.len(), "answer", "answers")) } }
                p.values { "now " strong { (duration(at(new, 0.5))) } span.soft { ", 95 % within " (duration(at(new, 0.95))) ", " (count(new.len(), "answer", "answers")) } }
            }
            (drawing(times))
        }
    }
}

/// Two histograms on one axis, the earlier upwards and the later downwards.
fn drawing(times: &Times<'_>) -> Markup {
    let (old, new) = (&times.old, &times.new);
    // A few answers far out would leave no room for the others: they are in the last bin.
    let most = at(old, 0.98).max(at(new, 0.98)).max(0.1) * 1.08;
    let label = format!(
        "distribution from 0 to {}: median {} before, {} now",
        duration(most),
        duration(at(old, 0.5)),
        duration(at(new, 0.5))
    );
    #[expect(clippy::cast_precision_loss, reason = "a length on a screen")]
    let x = |bin: usize| bin as f64 * WIDTH;
    let width = x(BINS);
    let bars = |values: &[f64]| -> Vec<(usize, f64)> {
        histogram(values, most).into_iter().enumerate().filter(|(_, share)| *share > 0.0).collect()
    };
    let median = |values: &[f64]| (at(values, 0.5) / most * width).min(width);
    html! {
        div.dist {
            svg role="img" aria-label=(label) viewBox=(format!("0 0 {width} {}", 2.0 * HEIGHT + 4.0)) preserveAspectRatio="none" {
                @for (bin, share) in bars(old) {
                    rect.was x=(x(bin)) width=(WIDTH - 1.5) y=(format!("{:.1}", HEIGHT * (1.0 - share))) height=(format!("{:.1}", HEIGHT * share)) {}
                }
                @for (bin, share) in bars(new) {
                    rect.is x=(x(bin)) width=(WIDTH - 1.5) y=(HEIGHT + 4.0) height=(format!("{:.1}", HEIGHT * share)) {}
                }
                rect.axis x="0" width=(width) y=(HEIGHT + 1.5) height="1" {}
                rect.med x=(format!("{:.1}", median(old))) width="2.5" y="0" height=(HEIGHT) {}
                rect.med x=(format!("{:.1}", median(new))) width="2.5" y=(HEIGHT + 4.0) height=(HEIGHT) {}
            }
            p.scale aria-hidden="true" { span { "0" } span { (duration(most / 2.0)) } span { (duration(most)) } }
        }
    }
}

/// The share of each bin, as a part of the largest; what there is one of is still seen.
fn histogram(values: &[f64], most: f64) -> Vec<f64> {
    let mut counts = vec![0_usize; BINS];
    for value in values {
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "0 to BINS")]
        #[expect(clippy::cast_precision_loss, reason = "a small number")]
        let bin = (value.max(0.0) / most * BINS as f64) as usize;
        counts[bin.min(BINS - 1)] += 1;
    }
    let largest = counts.iter().copied().max().unwrap_or_default().max(1);
    #[expect(clippy::cast_precision_loss, reason = "a length on a screen")]
    let share = |n: usize| if n == 0 { 0.0 } else { (n as f64 / largest as f64).max(0.06) };
    counts.into_iter().map(share).collect()
}

/// A quantile of sorted values.
fn at(sorted: &[f64], quantile: f64) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "an index")]
    #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "an index")]
    let index = (sorted.len().saturating_sub(1) as f64 * quantile).round() as usize;
    sorted.get(index).copied().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn outliers_are_in_the_last_bin_and_single_answers_are_seen() {
        let mut values = vec![1.0; 100];
        values.extend([50.0, 900.0]);
        let bins = histogram(&values, 48.0);
        assert_eq!((bins.len(), bins[1], bins[47]), (BINS, 1.0, 0.06));
        assert_eq!(bins.iter().filter(|share| **share > 0.0).count(), 2);
        assert_eq!((at(&[1.0, 2.0, 9.0], 0.5), at(&[], 0.5)), (2.0, 0.0));
    }
}
