//! [`Evidence`]: the trials that a page shows, of both runs.

use super::SHOWN;
use crate::compare::Comparison;
use crate::problem::Problem;
use crate::record::{
    Counts, Event, OperationSummary, ReadError, RecordReader, RunStarted, StepRecord, TrialFinished,
};
use std::collections::{BTreeSet, HashMap};
use std::path::Path;

/// What is shown of a run.
#[derive(Debug, Default)]
pub struct Half {
    pub started: Option<RunStarted>,
    pub counts: Counts,
    /// Those that are shown, by name.
    pub trials: HashMap<String, TrialFinished>,
}

/// Both runs.
#[derive(Debug)]
pub struct Evidence {
    pub old: Half,
    pub new: Half,
}

/// A cause as it is shown: the step of the later run that shows it best, and what was answered before.
pub struct Shown<'e> {
    pub trial: &'e TrialFinished,
    pub step: &'e StepRecord,
    pub before: Option<&'e StepRecord>,
}

/// Reads both records once more for the trials that show the causes best.
pub fn gather(
    comparison: &Comparison,
    causes: &[Problem],
    (old, new): (&Path, &Path),
) -> Result<Evidence, ReadError> {
    let broken = &comparison.broken;
    let samples = causes.iter().take(SHOWN).map(|p| broken.tally.failures.list[p.clusters[0]].sample.trial);
    let names: BTreeSet<&str> =
        samples.filter_map(|trial| broken.names.get(trial as usize)).map(String::as_str).collect();
    Ok(Evidence { old: half(old, &names)?, new: half(new, &names)? })
}

fn half(record: &Path, names: &BTreeSet<&str>) -> Result<Half, ReadError> {
    let mut half = Half::default();
    for event in RecordReader::open(record)? {
        match event? {
            Event::RunStarted(started) => half.started = Some(*started),
            Event::TrialFinished(trial) => {
                half.counts.add(trial.verdict);
                if names.contains(trial.name.as_str()) {
                    half.trials.insert(trial.name.clone(), *trial);
                }
            }
            Event::Coverage(_) | Event::RunFinished(_) | Event::History(_) => {}
        }
    }
    Ok(half)
}

impl Evidence {
    /// The step of a trial, and the one that did the same before.
    pub fn shown(&self, name: &str, step: usize) -> Option<Shown<'_>> {
        let trial = self.new.trials.get(name)?;
        let shown = trial.steps.get(step)?;
        let before = self.old.trials.get(name).and_then(|old| {
            let same = |candidate: &&StepRecord| {
                candidate.operation == shown.operation && candidate.role == shown.role
            };
            old.steps.get(step).filter(same).or_else(|| old.steps.iter().find(same))
        });
        Some(Shown { trial, step: shown, before })
    }

    /// What the contract says of an operation.
    pub fn operation(&self, api: &str, id: &str) -> Option<&OperationSummary> {
        let apis = &self.new.started.as_ref()?.apis;
        apis.iter().find(|known| known.name == api)?.operations.iter().find(|known| known.id == id)
    }
}
