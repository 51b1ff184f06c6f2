//! Earlier runs, found by their folders.

use super::summary;
use crate::record::{History, RunSummary, RunVerdict};
use std::path::{Path, PathBuf};

/// Folders of runs, the latest first: their names begin with the time. What else lies there does not begin with a digit.
pub fn folders(reports: &Path) -> Vec<PathBuf> {
    let is_run = |path: &PathBuf| {
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        name.starts_with(|c: char| c.is_ascii_digit()) && path.join("run.ndjson").is_file()
    };
    let entries = std::fs::read_dir(reports).into_iter().flatten().flatten();
    let mut found: Vec<PathBuf> = entries.map(|entry| entry.path()).filter(is_run).collect();
    found.sort();
    found.reverse();
    found
}

/// The last runs before a run that are like it, oldest first. Records that cannot be read are left out.
pub fn past(reports: &Path, own: &RunSummary) -> Vec<RunSummary> {
    let earlier = folders(reports).into_iter().filter(|folder| !folder.ends_with(&own.run));
    let mut runs: Vec<RunSummary> = earlier
        .filter_map(|folder| {
            let mut run = summary(&folder).ok().filter(|run| run.is_like(own))?;
            // Runs that go on beside this one may have begun later.
            if run.started > own.started {
                return None;
            }
            let page = folder.join("report.html");
            let name = folder.file_name()?.to_str()?;
            run.report = page.is_file().then(|| format!("../{name}/report.html"));
            Some(run)
        })
        .take(History::MOST_RUNS)
        .collect();
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
