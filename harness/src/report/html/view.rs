//! [`View`]: an index and what is derived from it once, shared by all parts of the page.

use super::super::index::Index;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::problem::{Key, Problem};
use crate::record::{Counts, OperationSummary, TrialFinished};
use std::collections::HashMap;

/// So many problems are shown at all.
pub const SHOWN: usize = 200;

pub struct View<'i> {
    pub index: &'i Index,
    pub problems: Vec<Problem>,
    pub warnings: Vec<Problem>,
    /// APIs with trials, by number: those with something wrong first, then those with something not judged.
    pub apis: Vec<usize>,
    /// Problem of each cluster of the index's failures, and of its warnings.
    problem_of: Vec<usize>,
    warning_of: Vec<usize>,
    operations: HashMap<(&'i str, &'i str), &'i OperationSummary>,
}

impl<'i> View<'i> {
    pub fn new(index: &'i Index) -> Self {
        let found = index.tally.failing();
        let mut warned = index.tally.warning();
        let problem_of = inverse(&found, index.tally.failures.list.len());
        for warning in &mut warned {
            warning.within = None;
            warning.failing = warning
                .clusters
                .iter()
                .find_map(|c| index.tally.failures.position(&index.tally.warnings.list[*c].key))
                .map(|failure| problem_of[failure]);
        }
        // What is said as a failure already is said last.
        warned.sort_by_key(|w| w.failing.is_some());
        let mut numbers: Vec<usize> =
            (0..index.apis.len()).filter(|i| index.apis[*i].counts.total() > 0).collect();
        numbers.sort_by_key(|i| urgency(&index.apis[*i].counts));
        let apis = index.started.apis.iter();
        Self {
            index,
            problem_of,
            apis: numbers,
            warning_of: inverse(&warned, index.tally.warnings.list.len()),
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

    /// What a drawing says of a trial, where it is one of many.
    pub fn says(&self, trial: u32) -> String {
        let span = &self.index.measures.spans[trial as usize];
        let name = self.index.measures.names.get(trial as usize).map_or("", String::as_str);
        format!(
            "{name}: {}, {}",
            super::words::verdict(span.verdict),
            super::words::duration(f64::from(span.length))
        )
    }

    /// Anchor and number of the problem that a finding belongs to, if the page shows it.
    pub fn problem(&self, trial: &TrialFinished, step: usize, finding: &Finding) -> Option<(char, usize)> {
        let api = self.index.apis.iter().position(|a| a.name == trial.api)?;
        let key = Key::new(api, &trial.steps.get(step)?.operation, finding);
        let found = match finding.level {
            Level::Must => ('p', self.problem_of[self.index.tally.failures.position(&key)?]),
            Level::Should | Level::May => ('w', self.warning_of[self.index.tally.warnings.position(&key)?]),
        };
        Some(found).filter(|(_, number)| *number < SHOWN)
    }
}

/// Sorts what has failures before what could not be judged, and that before the rest.
pub fn urgency(counts: &Counts) -> u8 {
    match counts {
        c if c.failed > 0 => 0,
        c if c.errored > 0 => 1,
        _ => 2,
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
