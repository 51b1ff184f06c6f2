//! [`Known`]: what the findings of an earlier run are about.

use crate::model::finding::Finding;
use crate::problem::normalised;
use crate::record::{Event, ReadError, RecordReader, TrialFinished};
use std::collections::BTreeSet;
use std::path::Path;

/// The findings of a run, as far as a later one can have the same.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Known {
    /// Name of the run.
    pub run: String,
    pub keys: BTreeSet<String>,
}

impl Known {
    pub fn of<'t>(run: &str, trials: impl IntoIterator<Item = &'t TrialFinished>) -> Self {
        let mut known = Self { run: run.to_owned(), keys: BTreeSet::new() };
        trials.into_iter().for_each(|trial| known.add(trial));
        known
    }

    /// Of a record: its folder, or its run.ndjson.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let mut known = Self::default();
        for event in RecordReader::open(path)? {
            match event? {
                Event::RunStarted(started) => known.run = started.run,
                Event::TrialFinished(trial) => known.add(&trial),
                Event::Coverage(_) | Event::RunFinished(_) | Event::History(_) => {}
            }
        }
        Ok(known)
    }

    fn add(&mut self, trial: &TrialFinished) {
        self.keys.extend(trial.findings().map(|(step, finding)| key(trial, step, finding)));
    }
}

/// What a finding is about: operation, check, requirement and place. Level and case are not in it, nor whether it is
/// waived: a case that shows a known defect once more shows nothing new.
pub fn key(trial: &TrialFinished, step: usize, finding: &Finding) -> String {
    let operation = trial.steps.get(step).map(|step| step.operation.as_str()).unwrap_or_default();
    let requirement = finding.requirement.as_deref().unwrap_or_default();
    format!("{} {operation} {} {requirement} {}", trial.api, finding.check, normalised(&finding.at))
}
