//! [`Circuit`]: no more trials wait for a target that is down.

use crate::model::verdict::Verdict;
use crate::record::TrialFinished;
use std::collections::HashMap;
use std::sync::{Mutex, MutexGuard, PoisonError};
use std::time::{Duration, Instant};

/// So many trials of an API in a row got no answer: it is down.
const FAILURES: usize = 20;
/// How often one trial is let through to see whether it is up again.
const PROBE: Duration = Duration::from_secs(2);

/// What is known of the APIs of a run. Shared by all threads.
#[derive(Debug, Default)]
pub struct Circuit {
    down: Mutex<HashMap<String, Down>>,
}

#[derive(Debug)]
struct Down {
    /// Trials in a row without an answer.
    failures: usize,
    /// Why the last one had none.
    error: String,
    probed: Instant,
}

impl Circuit {
    /// Why a trial of an API is not worth trying; `None` when it is.
    pub fn refusal(&self, api: &str) -> Option<String> {
        let mut down = self.lock();
        let state = down.get_mut(api).filter(|state| state.failures >= FAILURES)?;
        if state.probed.elapsed() >= PROBE {
            state.probed = Instant::now();
            return None;
        }
        let (failures, error) = (state.failures, &state.error);
        Some(format!("not tried: the last {failures} trials of this API got no answer ({error})"))
    }

    /// Takes in how a trial that was tried ended.
    pub fn note(&self, trial: &TrialFinished) {
        let error = trial.steps.last().and_then(|step| step.error.as_ref());
        let unanswered = error.filter(|e| matches!(e.kind.as_str(), "connect" | "timeout" | "postponed"));
        // Where an earlier step of the trial was answered, the target is up.
        let alive = trial.verdict != Verdict::Errored || trial.steps.iter().any(|s| s.error.is_none());
        let mut down = self.lock();
        match unanswered.filter(|_| !alive) {
            Some(error) => {
                let state = down.entry(trial.api.clone()).or_insert_with(|| Down {
                    failures: 0,
                    error: String::new(),
                    probed: Instant::now(),
                });
                state.failures += 1;
                state.error.clone_from(&error.message);
                if state.failures == FAILURES {
                    state.probed = Instant::now();
                }
            }
            None => {
                down.remove(&trial.api);
            }
        }
    }

    fn lock(&self) -> MutexGuard<'_, HashMap<String, Down>> {
        self.down.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
