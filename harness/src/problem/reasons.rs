//! [`Reasons`]: trials that were not judged, by why.

use super::cluster::{CaseRef, case_ref};
use super::place::saying;
use crate::model::finding::shorten;
use crate::record::TrialFinished;
use std::collections::HashMap;

const MAX_GROUPS: usize = 300;
const MAX_REFS: usize = 24;
/// How many cases of a group are shown with all their evidence before others are.
const REPRESENTATIVES: usize = 2;

/// Trials with the same reason.
#[derive(Debug)]
pub struct Reason {
    pub api: usize,
    /// Kind of the transport's error, if there was one: `connect`, `timeout`…
    pub kind: Option<String>,
    /// Of the first trial.
    pub text: String,
    pub operations: Vec<String>,
    pub trials: usize,
    pub refs: Vec<CaseRef>,
}

#[derive(Debug, Default)]
pub struct Reasons {
    by_key: HashMap<(usize, Option<String>, String), usize>,
    pub list: Vec<Reason>,
    /// Trials that found no room.
    pub left_over: usize,
}

impl Reasons {
    /// Adds a trial. Gives how many trials have its reason by now; `None` when there was no room for it.
    pub fn add(&mut self, api: usize, number: u32, trial: &TrialFinished) -> Option<usize> {
        let error = trial.steps.iter().rev().find_map(|s| s.error.as_ref());
        let kind = error.map(|e| e.kind.clone());
        let text = trial.reason.clone().or_else(|| error.map(|e| e.message.clone()));
        let text = shorten(text.unwrap_or_else(|| "no reason is recorded".into()));
        let key = (api, kind.clone(), saying(&text));
        let at = match self.by_key.get(&key) {
            Some(at) => *at,
            None if self.list.len() >= MAX_GROUPS => {
                self.left_over += 1;
                return None;
            }
            None => {
                self.by_key.insert(key, self.list.len());
                self.list.push(Reason {
                    api,
                    kind,
                    text,
                    operations: Vec::new(),
                    trials: 0,
                    refs: Vec::new(),
                });
                self.list.len() - 1
            }
        };
        let reason = &mut self.list[at];
        reason.trials += 1;
        if reason.refs.len() < MAX_REFS {
            reason.refs.push(case_ref(number, trial));
        }
        if !reason.operations.contains(&trial.operation) {
            reason.operations.push(trial.operation.clone());
        }
        Some(reason.trials)
    }

    /// Whether the n-th trial of a reason, from 1, should be shown with all its evidence.
    pub fn is_representative(nth: usize) -> bool {
        nth <= REPRESENTATIVES
    }

    /// Most trials first.
    pub fn sort(&mut self) {
        self.by_key.clear();
        self.list.sort_by_key(|r| std::cmp::Reverse(r.trials));
    }
}
