//! [`View`]: an index and what is derived from it once, shared by all parts of the page.

use super::super::cluster::Key;
use super::super::index::Index;
use super::super::problem::{Problem, problems};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::record::{OperationSummary, TrialFinished};
use std::collections::HashMap;

pub struct View<'i> {
    pub index: &'i Index,
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
    /// Problem of each cluster of the index's failures, and of its warnings.
    problem_of: Vec<usize>,
    warning_of: Vec<usize>,
    operations: HashMap<(&'i str, &'i str), &'i OperationSummary>,
}

impl<'i> View<'i> {
    pub fn new(index: &'i Index) -> Self {
        let found = problems(&index.failures.list, &index.sent);
        let warned = problems(&index.warnings.list, &index.sent);
        let apis = index.started.apis.iter();
        Self {
            index,
            problem_of: inverse(&found, index.failures.list.len()),
            warning_of: inverse(&warned, index.warnings.list.len()),
            problems: found,
            warnings: warned,
            operations: apis
                .flat_map(|a| a.operations.iter().map(|o| ((a.name.as_str(), o.id.as_str()), o)))
                .collect(),
        }
    }

    /// What the contract says of an operation; `None` for flows and for operations that it does not know.
    pub fn operation(&self, api: &str, id: &str) -> Option<&'i OperationSummary> {
        self.operations.get(&(api, id)).copied()
    }

    /// Anchor and number of the problem that a finding belongs to.
    pub fn problem(&self, trial: &TrialFinished, step: usize, finding: &Finding) -> Option<(char, usize)> {
        let api = self.index.apis.iter().position(|a| a.name == trial.api)?;
        let key = Key::new(api, &trial.steps.get(step)?.operation, finding);
        match finding.level {
            Level::Must => Some(('p', self.problem_of[self.index.failures.position(&key)?])),
            Level::Should | Level::May => Some(('w', self.warning_of[self.index.warnings.position(&key)?])),
        }
    }
}

fn inverse(problems: &[Problem], clusters: usize) -> Vec<usize> {
    let mut of = vec![0; clusters];
    for (i, problem) in problems.iter().enumerate() {
        for cluster in &problem.clusters {
            of[*cluster] = i;
        }
    }
    of
}
