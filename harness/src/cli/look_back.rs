//! What a run says of the runs before it, at its end: the trend for its record, what changed since its baseline, and its
//! place in the histories that later runs look into. Nothing of this fails a run.

use super::{Failure, compare, console};
use crate::compare::Comparison;
use crate::history::{self, Database, HistoryError, NotShared};
use crate::record::{BaselineSummary, Event, History, Recorder, RunSummary};
use crate::report::write_regression_html;
use crate::suite::Config;
use std::path::Path;
use std::time::Duration;

/// How long a run reads records that the index does not have; `proofmark history` reads them all.
const TIME: Duration = Duration::from_secs(2);
/// The variable that has the URL of the shared history where proofmark.yaml names none.
const VARIABLE: &str = "PROOFMARK_HISTORY";

/// The page of a comparison, in the folder of the later run.
pub const PAGE: &str = "comparison.html";

/// Where a team's history is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Shared {
    /// The variable that says so: what is shown.
    pub variable: String,
    /// With a password: never shown.
    url: Option<String>,
}

impl Shared {
    /// By the variable that proofmark.yaml names, or the usual one.
    pub fn of(config: Option<&Config>) -> Self {
        let named = config.and_then(|config| config.history.as_ref());
        let variable = named.map_or_else(|| VARIABLE.to_owned(), |name| name.value.clone());
        let url = std::env::var(&variable).ok().filter(|url| !url.is_empty());
        Self { variable, url }
    }

    /// `None` where there is none.
    pub fn open(&self) -> Option<Result<Box<dyn Database>, HistoryError>> {
        self.url.as_deref().map(history::shared)
    }

    /// What went wrong, for people.
    pub fn trouble(&self, e: &HistoryError) -> String {
        format!("the shared history of {}: {e}", self.variable)
    }
}

/// Completes a record that has its end, with the event `history`, and puts it into the histories. Gives the comparison
/// with the baseline, where there is one: that it cannot be made is told when the reports are written. `reports`: where
/// the record is one of many.
pub fn look_back(
    recorder: &Recorder,
    reports: Option<&Path>,
    baseline: Option<&Path>,
    shared: &Shared,
) -> (Event, Option<Result<Comparison, Failure>>) {
    let record = recorder.path();
    let comparison = baseline.map(|baseline| {
        crate::compare::compare(baseline, record).map_err(|e| Failure::Broken(e.to_string()))
    });
    let mut team = shared.open().and_then(|opened| match opened {
        Ok(database) => Some(database),
        Err(e) => {
            console::note(&shared.trouble(&e));
            None
        }
    });
    let runs = match history::summary(record) {
        Ok(own) => past(team.as_deref_mut(), reports, &own, shared),
        Err(e) => {
            console::note(&format!("the runs before this one are not in its report: {e}"));
            Vec::new()
        }
    };
    let compared = comparison.as_ref().and_then(|made| made.as_ref().ok()).zip(baseline);
    let baseline = compared.map(|(comparison, baseline)| BaselineSummary {
        page: page(comparison, baseline, record),
        ..comparison.summary()
    });
    let event = Event::History(Box::new(History { runs, baseline }));
    recorder.write(&event);
    if let Some(team) = &mut team {
        match history::share(team.as_mut(), record) {
            Ok(()) => {}
            Err(NotShared::Record(e)) => console::note(&format!("the run is not in the shared history: {e}")),
            Err(NotShared::History(e)) => console::note(&shared.trouble(&e)),
        }
    }
    if let Some(reports) = reports
        && let Err(e) = history::with_index(reports, None, Some(TIME), |_| Ok(()))
    {
        console::note(&format!("the run is not in `{}`: {e}", reports.join(history::FILE).display()));
    }
    (event, comparison)
}

/// Writes the page of the comparison beside the record.
fn page(comparison: &Comparison, baseline: &Path, record: &Path) -> Option<String> {
    let page = record.with_file_name(PAGE);
    match write_regression_html(comparison, (baseline, record), Some("report.html"), &page) {
        Ok(()) => Some(PAGE.to_owned()),
        Err(e) => {
            console::note(&format!("the comparison has no page: {e}"));
            None
        }
    }
}

/// The runs before this one: of the team's history, where there is one, else of this folder.
fn past(
    team: Option<&mut (dyn Database + 'static)>,
    reports: Option<&Path>,
    own: &RunSummary,
    shared: &Shared,
) -> Vec<RunSummary> {
    if let Some(team) = team {
        match history::past_of(team, reports.unwrap_or(Path::new("")), own) {
            Ok(runs) => return runs,
            Err(e) => console::note(&shared.trouble(&e)),
        }
    }
    let Some(reports) = reports else { return Vec::new() };
    let found = history::with_index(reports, Some(&own.run), Some(TIME), |index| {
        history::past_of(index, reports, own)
    });
    match found {
        Ok((runs, _)) => runs,
        // The records say the same, more slowly.
        Err(_) => history::past(reports, own),
    }
}

/// Says what changed since the baseline.
pub fn tell(comparison: &Comparison) {
    console::line("");
    compare::print(comparison);
}
