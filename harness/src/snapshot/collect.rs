//! [`Collector`]: keeps what trials leave in memory, for comparing rounds and targets.

use super::judge::Keep;
use super::seen::Taken;
use crate::model::verdict::Verdict;
use crate::record::TrialFinished;
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};

/// What a trial left, and how it ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Kept {
    pub api: String,
    pub verdict: Verdict,
    pub content: String,
    /// For each section: the operation that was called.
    pub operations: Vec<String>,
}

/// By trial name.
pub type Collected = BTreeMap<String, Kept>;

#[derive(Debug)]
pub struct Collector {
    headers: Vec<String>,
    /// Two targets have other values in their variables.
    all_variables: bool,
    kept: Mutex<Collected>,
}

impl Collector {
    pub fn new(headers: Vec<String>, all_variables: bool) -> Self {
        Self { headers, all_variables, kept: Mutex::default() }
    }

    /// What was kept so far; it is empty afterwards.
    pub fn collected(&self) -> Collected {
        std::mem::take(&mut *self.kept.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Keep for Collector {
    fn wants(&self, _: Option<bool>) -> bool {
        true
    }

    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn leaves_out_all_variables(&self) -> bool {
        self.all_variables
    }

    fn keep(&self, trial: &mut TrialFinished, taken: Taken) {
        let operation =
            |step: &usize| trial.steps.get(*step).map(|s| s.operation.clone()).unwrap_or_default();
        let kept = Kept {
            api: trial.api.clone(),
            verdict: trial.verdict,
            content: taken.content,
            operations: taken.steps.iter().map(operation).collect(),
        };
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).insert(trial.name.clone(), kept);
    }
}
