//! What a run says of the runs before it, at its end: the trend for its record, and what changed since its baseline.

use super::{Failure, compare, console};
use crate::compare::Comparison;
use crate::history;
use crate::record::{Event, History, Recorder};
use std::path::Path;

/// Completes a record that has its end, with the event `history`. Gives the comparison with the baseline, where there is
/// one: that it cannot be made is told when the reports are written.
pub fn look_back(
    recorder: &Recorder,
    reports: &Path,
    baseline: Option<&Path>,
) -> (Event, Option<Result<Comparison, Failure>>) {
    let comparison = baseline.map(|baseline| {
        crate::compare::compare(baseline, recorder.path()).map_err(|e| Failure::Broken(e.to_string()))
    });
    let runs = match history::summary(recorder.path()) {
        Ok(own) => history::past(reports, &own),
        Err(e) => {
            console::note(&format!("the runs before this one are not in its report: {e}"));
            Vec::new()
        }
    };
    let baseline = comparison.as_ref().and_then(|made| Some(made.as_ref().ok()?.summary()));
    let event = Event::History(Box::new(History { runs, baseline }));
    recorder.write(&event);
    (event, comparison)
}

/// Says what changed since the baseline.
pub fn tell(comparison: &Comparison) {
    console::line("");
    compare::print(comparison);
}
