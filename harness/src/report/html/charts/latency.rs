//! How long the answers of each operation took: the distribution, not only a mean.

use super::super::text::Line;
use super::super::view::View;
use super::super::words;
use crate::report::measures::OperationMeasures;
use maud::{Markup, html};

/// Columns of a histogram; its axis is logarithmic.
const BINS: usize = 48;
/// Units of the drawing.
const WIDTH: f64 = 480.0;
const HEIGHT: f64 = 30.0;
/// More operations are not drawn.
const SHOWN: usize = 200;

pub fn latency(view: &View<'_>) -> Markup {
    let mut operations: Vec<Times<'_>> =
        view.index.measures.operations.iter().filter_map(Times::of).collect();
    operations.sort_by(|a, b| b.at(0.95).total_cmp(&a.at(0.95)));
    let scale = Scale::of(&operations);
    html! {
        @if let Some(scale) = scale {
            section id="latency" aria-labelledby="latency-h" {
                h2 id="latency-h" { "Latency by operation" }
                p.sub { "From sending to the end of the body, the slowest first. The axis is logarithmic, from " (words::duration(scale.low)) " to " (words::duration(scale.high)) "; the lines are p50 and p95." }
                div.scroll tabindex="0" role="group" aria-label="Latency by operation" {
                    table.latency {
                        thead { tr { th scope="col" { "Operation" } th scope="col" { "Distribution" } @for head in ["Answers", "p50", "p95", "p99", "Slowest"] { th.n_ scope="col" { (head) } } } }
                        tbody { @for operation in operations.iter().take(SHOWN) { (row(operation, scale)) } }
                    }
                }
                @if operations.len() > SHOWN { p.note { "and " (words::number(operations.len() - SHOWN)) " faster operations" } }
            }
        }
    }
}

/// The times of an operation, sorted.
struct Times<'a> {
    operation: &'a OperationMeasures,
    sorted: Vec<f64>,
}

impl<'a> Times<'a> {
    fn of(operation: &'a OperationMeasures) -> Option<Self> {
        let mut sorted: Vec<f64> =
            operation.times.iter().map(|t| f64::from(*t)).filter(|t| t.is_finite() && *t >= 0.0).collect();
        sorted.sort_by(f64::total_cmp);
        (!sorted.is_empty()).then_some(Self { operation, sorted })
    }

    /// Nearest rank: the smallest time that is not less than the share of all.
    #[expect(
        clippy::cast_precision_loss,
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a rank"
    )]
    fn at(&self, share: f64) -> f64 {
        let rank = (self.sorted.len() as f64 * share).ceil().max(1.0) as usize;
        self.sorted[rank.min(self.sorted.len()) - 1]
    }
}

/// The axis that all operations share, milliseconds.
#[derive(Debug, Clone, Copy, PartialEq)]
struct Scale {
    low: f64,
    high: f64,
}

impl Scale {
    fn of(all: &[Times<'_>]) -> Option<Self> {
        let low = all.iter().map(|t| t.sorted[0]).min_by(f64::total_cmp)?.max(0.05);
        let high = all.iter().map(|t| t.at(1.0)).max_by(f64::total_cmp)?;
        Some(Self { low, high: high.max(low * 2.0) })
    }

    /// From 0 to 1.
    fn place(self, ms: f64) -> f64 {
        ((ms.max(self.low) / self.low).ln() / (self.high / self.low).ln()).clamp(0.0, 1.0)
    }
}

#[expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "columns of a drawing"
)]
fn histogram(times: &Times<'_>, scale: Scale) -> [usize; BINS] {
    let mut bins = [0; BINS];
    for time in &times.sorted {
        bins[((scale.place(*time) * BINS as f64) as usize).min(BINS - 1)] += 1;
    }
    bins
}

#[expect(clippy::cast_precision_loss, reason = "units of a drawing")]
fn row(times: &Times<'_>, scale: Scale) -> Markup {
    let bins = histogram(times, scale);
    let most = bins.iter().copied().max().unwrap_or(1).max(1) as f64;
    let step = WIDTH / BINS as f64;
    let [p50, p95, p99, slowest] = [0.5, 0.95, 0.99, 1.0].map(|share| times.at(share));
    let label = format!(
        "p50 {}, p95 {}, slowest {}",
        words::duration(p50),
        words::duration(p95),
        words::duration(slowest)
    );
    html! {
        tr {
            th scope="row" { span.soft { (Line(&times.operation.api)) " › " } (Line(&times.operation.id)) }
            td {
                svg.hist viewBox=(format!("0 0 {WIDTH} {HEIGHT}")) preserveAspectRatio="none" role="img" aria-label=(label) {
                    @for (i, n) in bins.iter().enumerate().filter(|(_, n)| **n > 0) {
                        @let height = (*n as f64 / most * (HEIGHT - 3.0)).max(2.0);
                        rect x=(format!("{:.0}", i as f64 * step)) y=(format!("{:.1}", HEIGHT - height)) width=(format!("{:.0}", step - 1.0)) height=(format!("{height:.1}")) {}
                    }
                    @for at in [p50, p95] { @let x = format!("{:.1}", scale.place(at) * WIDTH); line x1=(x) x2=(x) y1="0" y2=(HEIGHT) {} }
                }
            }
            td.n_ { (words::number(times.sorted.len())) }
            @for ms in [p50, p95, p99, slowest] { td.n_ { (words::duration(ms)) } }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_distribution_has_its_ranks_and_its_columns() {
        let operation = OperationMeasures {
            times: (1..=100).map(|n| n as f32).collect(),
            ..OperationMeasures::default()
        };
        let times = Times::of(&operation).expect("times");
        assert_eq!([0.5, 0.95, 0.99, 1.0].map(|share| times.at(share)), [50.0, 95.0, 99.0, 100.0]);
        let scale = Scale::of(std::slice::from_ref(&times)).expect("a scale");
        assert_eq!(
            (scale, scale.place(1.0), scale.place(100.0)),
            (Scale { low: 1.0, high: 100.0 }, 0.0, 1.0)
        );
        assert!((scale.place(10.0) - 0.5).abs() < 1e-9);
        let bins = histogram(&times, scale);
        assert_eq!((bins.iter().sum::<usize>(), bins[0]), (100, 1));
        assert!(bins[BINS - 1] > 2);
    }

    #[test]
    fn one_time_is_a_distribution_too() {
        let operation = OperationMeasures { times: vec![0.0], ..OperationMeasures::default() };
        let times = Times::of(&operation).expect("times");
        let scale = Scale::of(std::slice::from_ref(&times)).expect("a scale");
        assert!(row(&times, scale).into_string().contains("<rect x=\"0\""));
    }
}
