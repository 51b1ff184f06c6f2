//! [`Calls`]: how often what was called, which tells a coincidence from a consequence.

use crate::record::TrialFinished;
use std::collections::HashMap;

/// Numbers of trials, whatever came of them.
#[derive(Debug, Default)]
pub struct Calls {
    /// By position of the API.
    trials: HashMap<usize, usize>,
    /// That called an operation: by position of the API and id.
    operations: HashMap<(usize, String), usize>,
}

impl Calls {
    pub fn add(&mut self, api: usize, trial: &TrialFinished) {
        let mut called: Vec<&str> = trial.steps.iter().map(|s| s.operation.as_str()).collect();
        called.sort_unstable();
        called.dedup();
        if !called.is_empty() {
            *self.trials.entry(api).or_default() += 1;
        }
        for id in called {
            *self.operations.entry((api, id.to_owned())).or_default() += 1;
        }
    }

    /// Trials of an API that called anything.
    pub fn of_api(&self, api: usize) -> usize {
        self.trials.get(&api).copied().unwrap_or(0)
    }

    /// Trials that called an operation.
    pub fn of_operation(&self, api: usize, operation: &str) -> usize {
        self.operations.get(&(api, operation.to_owned())).copied().unwrap_or(0)
    }
}
