//! [`RetryPolicy`]: which trials are tried again.

use crate::model::verdict::Verdict;
use crate::record::{Attempt, TrialFinished};
use crate::suite::{ERRORED, Retries};

/// `retries` of `proofmark.yaml`, or `--retries`.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct RetryPolicy {
    /// How often at most.
    pub times: u64,
    /// `errored`, or names of checks.
    on: Vec<String>,
}

impl RetryPolicy {
    /// `times` of the command line wins over the suite's. Without `on`, only what could not be judged is tried again.
    pub fn new(retries: Option<&Retries>, times: Option<u64>) -> Self {
        let on: Vec<String> =
            retries.map(|r| r.on.iter().map(|on| on.value.clone()).collect()).unwrap_or_default();
        Self {
            times: times.or(retries.map(|r| r.times)).unwrap_or(0),
            on: if on.is_empty() { vec![ERRORED.to_owned()] } else { on },
        }
    }

    /// Whether all that is wrong with a trial is worth another try.
    pub fn wants(&self, trial: &TrialFinished) -> bool {
        let named = |name: &str| self.on.iter().any(|on| on == name);
        match trial.verdict {
            Verdict::Errored => named(ERRORED),
            Verdict::Failed => {
                let reason = trial.reason.is_none() || named(ERRORED);
                reason && trial.findings().filter(|(_, f)| f.fails()).all(|(_, f)| named(&f.check))
            }
            Verdict::Passed | Verdict::Skipped | Verdict::Waived | Verdict::Flaky => false,
        }
    }
}

/// What is kept of a try that another follows.
pub fn tried_before(trial: &TrialFinished) -> Attempt {
    let why = trial.findings().filter(|(_, f)| f.fails()).map(|(_, f)| f.message.clone()).next();
    Attempt {
        verdict: trial.verdict,
        why: why.or_else(|| trial.reason.clone()).unwrap_or_default(),
        started_ms: trial.started_ms,
        duration_ms: trial.duration_ms,
    }
}

/// Turns a trial that passed when it was tried again into a flaky one.
pub fn flaky(mut passed: TrialFinished, before: &[Attempt]) -> TrialFinished {
    let what = before.first().map(|first| first.why.as_str()).unwrap_or_default();
    passed.verdict = Verdict::Flaky;
    passed.reason = Some(format!("passed at attempt {}; at the first: {what}", before.len() + 1));
    passed
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::{At, Span};
    use crate::report::fixture::{finding, trial_with};

    fn policy(on: &[&str]) -> RetryPolicy {
        let on = on.iter().map(|on| At::new((*on).to_owned(), Span::default())).collect();
        RetryPolicy::new(Some(&Retries { times: 2, on, max_retry_after: None }), None)
    }

    #[test]
    fn only_what_is_named_is_tried_again() {
        let slow = trial_with(vec![finding("latency", "elapsed")]);
        let slow_and_wrong = trial_with(vec![finding("latency", "elapsed"), finding("schema", "/a")]);
        let mut down = trial_with(Vec::new());
        down.verdict = Verdict::Errored;
        assert!(policy(&["latency"]).wants(&slow));
        assert!(!policy(&["latency"]).wants(&slow_and_wrong));
        assert!(!policy(&["latency"]).wants(&down));
        assert!(policy(&[]).wants(&down) && !policy(&[]).wants(&slow));
    }

    #[test]
    fn a_flaky_trial_says_what_was_wrong_at_first() {
        let first = trial_with(vec![finding("schema", "/a")]);
        let mut passed = trial_with(Vec::new());
        passed.verdict = Verdict::Passed;
        let flaky = flaky(passed, &[tried_before(&first)]);
        assert_eq!(flaky.verdict, Verdict::Flaky);
        let reason = flaky.reason.expect("a reason");
        assert_eq!(reason, "passed at attempt 2; at the first: schema does not hold at `/a`");
    }
}
