//! Earlier runs, found by their folders.

use super::database::Database;
use super::error::HistoryError;
use super::query::{Filter, runs};
use super::summary;
use crate::model::visible::visible;
use crate::record::{History, RunSummary, RunVerdict};
use std::path::{Path, PathBuf};

/// Runs against one target that are looked at for [`History::MOST_RUNS`] alike.
const LOOKED_AT: usize = 1_000;

/// Folders of runs, the latest first: their names begin with the time. What else lies there does not begin with a digit.
pub fn folders(reports: &Path) -> Vec<PathBuf> {
    let is_run = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(|c: char| c.is_ascii_digit()) && path.join("run.ndjson").is_file()
    };
    let entries = std::fs::read_dir(reports).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_run).collect();
    // Of two in the same second the number of the later process is the larger one, not the later text.
    let order = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        let process = name.rsplit_once('-').and_then(|(_, process)| process.parse::<u64>().ok());
        (name.get(..15).map(str::to_owned), process, name)
    };
    found.sort_by_cached_key(order);
    found.reverse();
    found
}

/// The last runs before a run that are like it, oldest first, from the records alone. What cannot be read is left out.
pub fn past(reports: &Path, own: &RunSummary) -> Vec<RunSummary> {
    let earlier = folders(reports).into_iter().filter(|folder| !folder.ends_with(&own.run));
    last(reports, own, earlier.filter_map(|folder| summary(&folder).ok()))
}

/// The same from a history.
pub fn past_of(
    database: &mut dyn Database,
    reports: &Path,
    own: &RunSummary,
) -> Result<Vec<RunSummary>, HistoryError> {
    let plain = |text: &str| Some(visible(text).into_owned());
    let filter = Filter {
        suite: plain(&own.suite),
        target: plain(&own.target),
        until: plain(&own.started),
        ..Filter::default()
    };
    let found = runs(database, &filter, LOOKED_AT)?;
    let earlier = found.into_iter().map(|(_, run)| run).filter(|run| run.run != own.run);
    Ok(last(reports, own, earlier))
}

/// The runs like a run of those that come the latest first. A run that goes on beside this one may have begun later.
fn last(reports: &Path, own: &RunSummary, runs: impl Iterator<Item = RunSummary>) -> Vec<RunSummary> {
    let like = runs.filter(|run| run.is_like(own) && run.started <= own.started);
    let mut runs: Vec<RunSummary> = like.take(History::MOST_RUNS).collect();
    for run in &mut runs {
        // A name that came from elsewhere may hold anything.
        let is_name = !run.run.contains(['/', '\\']) && !run.run.starts_with('.');
        let there = is_name && reports.join(&run.run).join("report.html").is_file();
        run.report = there.then(|| format!("../{}/report.html", run.run));
    }
    runs.reverse();
    runs
}

/// The last run that ran the whole suite and passed, of those that a condition takes.
pub fn latest_green(reports: &Path, takes: impl Fn(&RunSummary) -> bool) -> Option<PathBuf> {
    let is_green = |folder: &PathBuf| {
        summary(folder).is_ok_and(|run| {
            run.is_whole() && run.verdict() == RunVerdict::Green && run.counts.passed > 0 && takes(&run)
        })
    };
    folders(reports).into_iter().find(is_green)
}
