//! When everything ran: the trials of a run on as many lanes as ran at once.

use super::super::text::Line;
use super::super::view::View;
use super::super::words;
use crate::model::verdict::Verdict;
use crate::report::measures::{MAX_NAMED, Span};
use maud::{Markup, html};

/// Units of the drawing.
const WIDTH: f32 = 1_000.0;
const LANE: usize = 12;
/// More that ran at once share the last lane.
const MAX_LANES: usize = 32;
/// More trials than have names are drawn as one path a verdict. What is nearer to its neighbour, in units, is drawn as one.
const NEAR: f32 = 0.6;

/// A trial in its lane.
#[derive(Debug, Clone, Copy)]
struct Bar {
    span: Span,
    lane: usize,
}

pub fn waterfall(view: &View<'_>) -> Markup {
    let bars = lanes(&view.index.measures.spans);
    let end = bars.iter().map(|bar| bar.span.begin + bar.span.length).fold(1.0_f32, f32::max);
    let count = bars.iter().map(|bar| bar.lane + 1).max().unwrap_or(0);
    let height = count * LANE + 2;
    let label = format!(
        "{} on {} in {}",
        words::count(bars.len(), "case", "cases"),
        words::count(count, "lane", "lanes"),
        words::duration(f64::from(end))
    );
    html! {
        @if !bars.is_empty() && end.is_finite() {
            section id="waterfall" aria-labelledby="waterfall-h" {
                h2 id="waterfall-h" { "Waterfall" }
                p.sub { "Every case when it ran; those that ran at once are below each other. Failed cases are taller than the others." }
                div.chart.fall {
                    svg.waterfall viewBox=(format!("0 0 {WIDTH} {height}")) preserveAspectRatio="none" height=(height.clamp(40, 420)) role=(if bars.len() <= MAX_NAMED { "group" } else { "img" }) aria-label=(label) {
                        @if bars.len() <= MAX_NAMED { (linked(view, &bars, end)) } @else { (merged(&bars, end)) }
                    }
                    p.ticks aria-hidden="true" { @for part in 0..=4_u8 { span { (words::duration(f64::from(end) * f64::from(part) / 4.0)) } } }
                }
            }
        }
    }
}

/// Gives each trial the first lane that is free when it begins.
fn lanes(spans: &[Span]) -> Vec<Bar> {
    let mut spans: Vec<Span> = spans.iter().copied().filter(|s| s.verdict != Verdict::Skipped).collect();
    spans.sort_by(|a, b| a.begin.total_cmp(&b.begin));
    let mut ends: Vec<f32> = Vec::new();
    let place = |span: Span| {
        // Starts are whole milliseconds.
        let free = ends.iter().position(|end| *end <= span.begin + 1.0);
        let lane = free.unwrap_or(ends.len()).min(MAX_LANES - 1);
        let end = span.begin + span.length;
        match ends.get_mut(lane) {
            Some(last) => *last = last.max(end),
            None => ends.push(end),
        }
        Bar { span, lane }
    };
    spans.into_iter().map(place).collect()
}

fn edges(bar: &Bar, end: f32) -> (f32, f32) {
    let x = |ms: f32| (ms / end * WIDTH).clamp(0.0, WIDTH);
    (x(bar.span.begin), x(bar.span.begin + bar.span.length))
}

/// Top and height of a bar in its lane.
fn extent(bar: &Bar) -> (usize, usize) {
    let top = bar.lane * LANE;
    if bar.span.verdict == Verdict::Failed { (top, LANE) } else { (top + 3, LANE - 6) }
}

fn linked(view: &View<'_>, bars: &[Bar], end: f32) -> Markup {
    html! {
        @for bar in bars {
            @let (from, to) = edges(bar, end);
            @let (top, height) = extent(bar);
            @let says = view.says(bar.span.trial);
            a href=(format!("#{}", view.index.anchor(bar.span.trial))) tabindex="-1" {
                rect class=(words::letter(bar.span.verdict)) x=(format!("{from:.1}")) width=(format!("{:.1}", (to - from).max(1.5))) y=(top) height=(height) {
                    title { (Line(&says)) }
                }
            }
        }
    }
}

/// One path a verdict: its bars, those that touch as one.
fn merged(bars: &[Bar], end: f32) -> Markup {
    let verdicts = [Verdict::Passed, Verdict::Flaky, Verdict::Waived, Verdict::Errored, Verdict::Failed];
    html! {
        @for verdict in verdicts {
            @let path = path(bars.iter().filter(|bar| bar.span.verdict == verdict), end);
            @if !path.is_empty() { path class=(words::letter(verdict)) d=(path) {} }
        }
    }
}

fn path<'b>(bars: impl Iterator<Item = &'b Bar>, end: f32) -> String {
    let mut open: Vec<Option<(f32, f32, usize, usize)>> = vec![None; MAX_LANES];
    let mut out = String::new();
    let draw = |(from, to, top, height): (f32, f32, usize, usize), out: &mut String| {
        let width = (to - from).max(0.8);
        out.push_str(&format!("M{from:.1} {top}h{width:.1}v{height}h-{width:.1}z"));
    };
    for bar in bars {
        let (from, to) = edges(bar, end);
        let (top, height) = extent(bar);
        match &mut open[bar.lane] {
            Some(last) if from - last.1 < NEAR => last.1 = last.1.max(to),
            slot => {
                if let Some(done) = slot.replace((from, to, top, height)) {
                    draw(done, &mut out);
                }
            }
        }
    }
    open.into_iter().flatten().for_each(|last| draw(last, &mut out));
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(trial: u32, begin: f32, length: f32) -> Span {
        Span { trial, begin, length, verdict: Verdict::Passed }
    }

    #[test]
    fn what_runs_at_once_has_lanes_of_its_own() {
        let bars = lanes(&[span(0, 0.0, 10.0), span(1, 5.0, 10.0), span(2, 11.0, 2.0), span(3, 12.0, 1.0)]);
        assert_eq!(bars.iter().map(|bar| bar.lane).collect::<Vec<_>>(), [0, 1, 0, 0]);
        let crowd: Vec<Span> = (0..100).map(|i| span(i, 0.0, 50.0)).collect();
        assert_eq!(lanes(&crowd).iter().map(|bar| bar.lane).max(), Some(MAX_LANES - 1));
    }

    #[test]
    fn a_run_of_any_size_is_a_short_path() {
        let spans: Vec<Span> = (0..20_000).map(|i| span(i, (i / 2) as f32, 0.9)).collect();
        let path = path(lanes(&spans).iter(), 10_000.0);
        assert!(path.len() < 100_000, "{}", path.len());
        assert!(path.starts_with('M') && path.ends_with('z'));
    }
}
