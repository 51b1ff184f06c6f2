//! [`Trend`]: what the runs of one case come to.

use super::query::Point;
use crate::model::verdict::Verdict;

/// A case from run to run. Errored runs say nothing of the case, and count as neither.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Trend {
    /// Runs that were judged.
    pub judged: usize,
    /// Of these, runs in which it did not pass at once.
    pub failed: usize,
    pub flaky: usize,
    /// How often it went from passing to failing or back, from one judged run to the next.
    pub changes: usize,
    /// The run in which it failed first of all that are known, as a position.
    pub first_failure: Option<usize>,
    /// Where it fails now: the run since which it does.
    pub failing_since: Option<usize>,
    /// Milliseconds, of the runs in which an answer came.
    pub median_ms: f64,
    pub least_ms: f64,
    pub most_ms: f64,
}

impl Trend {
    /// Of points, oldest first.
    pub fn of(points: &[Point]) -> Self {
        let mut trend = Self::default();
        let mut before: Option<bool> = None;
        for (i, point) in points.iter().enumerate() {
            let Some(fails) = fails(point.verdict) else { continue };
            trend.judged += 1;
            trend.failed += usize::from(fails);
            trend.flaky += usize::from(point.verdict == Verdict::Flaky);
            trend.changes += usize::from(before.is_some_and(|before| before != fails));
            if fails {
                trend.first_failure.get_or_insert(i);
                trend.failing_since.get_or_insert(i);
            } else {
                trend.failing_since = None;
            }
            before = Some(fails);
        }
        let mut times: Vec<f64> =
            points.iter().filter(|p| p.verdict != Verdict::Errored).map(|p| p.duration_ms).collect();
        times.sort_by(f64::total_cmp);
        if let (Some(least), Some(most)) = (times.first(), times.last()) {
            (trend.least_ms, trend.most_ms, trend.median_ms) = (*least, *most, times[times.len() / 2]);
        }
        trend
    }

    /// The share of judged runs in which it failed and passed within the run, or whose result is not that of the run
    /// before, 0 to 1: of a case that broke once and stayed broken, close to 0.
    #[expect(clippy::cast_precision_loss, reason = "a rate")]
    pub fn flaky_rate(&self) -> f64 {
        // Breaking and being mended are one change each, and no sign of a flaky case.
        let unsteady = self.flaky + self.changes.saturating_sub(2);
        if self.judged == 0 { 0.0 } else { (unsteady as f64 / self.judged as f64).min(1.0) }
    }
}

/// Whether a judged run of a case failed. A waived failure is accepted; a flaky case has passed in the end.
fn fails(verdict: Verdict) -> Option<bool> {
    match verdict {
        Verdict::Passed | Verdict::Waived | Verdict::Flaky => Some(false),
        Verdict::Failed => Some(true),
        Verdict::Errored | Verdict::Skipped => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::record::RunSummary;

    fn trend(verdicts: &str) -> Trend {
        let points = verdicts.chars().zip(1..).map(|(c, n)| Point {
            run: RunSummary::default(),
            verdict: match c {
                'p' => Verdict::Passed,
                'f' => Verdict::Failed,
                'e' => Verdict::Errored,
                _ => Verdict::Flaky,
            },
            duration_ms: f64::from(n),
            why: None,
        });
        Trend::of(&points.collect::<Vec<_>>())
    }

    #[test]
    fn a_case_that_broke() {
        let broke = trend("ppepfff");
        assert_eq!((broke.judged, broke.failed, broke.changes), (6, 3, 1));
        assert_eq!((broke.first_failure, broke.failing_since), (Some(4), Some(4)));
        assert!(broke.flaky_rate().abs() < 1e-9);
        assert_eq!(
            (broke.least_ms, broke.median_ms, broke.most_ms),
            (1.0, 5.0, 7.0),
            "without the errored run"
        );
    }

    #[test]
    fn a_case_that_comes_and_goes() {
        let unsteady = trend("pfpfpkpffp");
        assert_eq!((unsteady.judged, unsteady.changes, unsteady.flaky), (10, 6, 1));
        assert_eq!((unsteady.first_failure, unsteady.failing_since), (Some(1), None));
        assert!((unsteady.flaky_rate() - 0.5).abs() < 1e-9, "{}", unsteady.flaky_rate());
        assert_eq!(trend("").flaky_rate(), 0.0);
    }
}
