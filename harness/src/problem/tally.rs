//! [`Tally`]: the findings of a run, trial by trial as they come, and what they come to.

use super::calls::Calls;
use super::cluster::{Clusters, Key};
use super::group::{Problem, problems};
use super::novelty::Novelty;
use super::reasons::Reasons;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::TrialFinished;
use std::collections::BTreeMap;

/// The findings of a run. Memory grows with the number of distinct findings, and by a number for each that repeats.
#[derive(Debug, Default)]
pub struct Tally {
    /// Names; clusters and reasons have positions in it.
    pub apis: Vec<String>,
    /// Findings of level `must`.
    pub failures: Clusters,
    /// Findings of levels `should` and `may`.
    pub warnings: Clusters,
    pub errors: Reasons,
    pub skips: Reasons,
    /// Findings that were accepted, by waiver.
    pub waived: BTreeMap<String, Waived>,
    calls: Calls,
    novelty: Novelty,
    trials: u32,
}

/// What a trial added.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Added {
    /// It shows something that few trials before it did: its evidence is worth keeping.
    pub representative: bool,
    /// It failed, or could not be judged, in a way that was not seen before.
    pub news: bool,
    /// Findings of levels `should` and `may`.
    pub warnings: usize,
}

/// What a waiver accepts.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Waived {
    pub findings: usize,
    /// One of them: the first by name of the trial.
    pub example: String,
}

impl Waived {
    fn add(&mut self, trial: &TrialFinished, finding: &Finding) {
        self.findings += 1;
        let example = format!("{} {}: {}", trial.name, finding.at, finding.message);
        if self.findings == 1 || example < self.example {
            self.example = example;
        }
    }
}

impl Tally {
    pub fn new(apis: impl IntoIterator<Item = String>) -> Self {
        Self { apis: apis.into_iter().collect(), ..Self::default() }
    }

    /// Takes in the next trial; they are numbered from 0.
    pub fn add(&mut self, trial: &TrialFinished) -> Added {
        let number = self.trials;
        self.trials += 1;
        let api = self.api(&trial.api);
        let mut added = Added::default();
        for (step, finding) in trial.findings() {
            let Some(record) = trial.steps.get(step) else { continue };
            if let Some(waiver) = &finding.waived {
                self.waived.entry(waiver.clone()).or_default().add(trial, finding);
                continue;
            }
            let key = Key::new(api, &record.operation, finding);
            let clusters = match finding.level {
                Level::Must => {
                    added.news |= self.novelty.is_new(&key, &finding.message);
                    &mut self.failures
                }
                Level::Should | Level::May => {
                    added.warnings += 1;
                    &mut self.warnings
                }
            };
            added.representative |= clusters.add(key, number, trial, step, finding);
        }
        match trial.verdict {
            Verdict::Errored => {
                let nth = self.errors.add(api, number, trial);
                added.news |= nth == Some(1);
                added.representative |= nth.is_some_and(Reasons::is_representative);
            }
            Verdict::Skipped => {
                self.skips.add(api, number, trial);
            }
            Verdict::Passed | Verdict::Failed | Verdict::Waived | Verdict::Flaky => {}
        }
        self.calls.add(api, trial);
        added
    }

    /// Takes in that a trial called its operations, and none of its findings: what all answers of an operation have in
    /// common is told apart by it.
    pub fn saw(&mut self, trial: &TrialFinished) {
        let api = self.api(&trial.api);
        self.calls.add(api, trial);
    }

    fn api(&mut self, name: &str) -> usize {
        self.apis.iter().position(|api| api == name).unwrap_or_else(|| {
            self.apis.push(name.to_owned());
            self.apis.len() - 1
        })
    }

    /// What fails the run, by problem: what breaks most trials first.
    pub fn failing(&self) -> Vec<Problem> {
        problems(&self.failures.list, &self.calls)
    }

    /// What does not fail it, by problem.
    pub fn warning(&self) -> Vec<Problem> {
        problems(&self.warnings.list, &self.calls)
    }
}
