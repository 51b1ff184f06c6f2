//! Running trials for what they leave, without record and report: how `learn` and `diff` ask.

use super::check::Ready;
use super::run::{JOBS, context, limits, start};
use super::{Failure, interrupt, snapshots};
use crate::engine::{self, Observer, Outcome, Stop};
use crate::model::verdict::Verdict;
use crate::plan::{Planned, Selection, Trial, select};
use crate::problem::Tally;
use crate::record::TrialFinished;
use crate::snapshot::{Collected, Collector, Keep};
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};

/// How trials are sent.
#[derive(Debug)]
pub struct Rounds {
    pub jobs: u64,
    pub seed: u64,
    pub faults: Vec<String>,
    pub headers: Vec<String>,
    /// Whether all variables are left out of what is kept.
    pub all_variables: bool,
    /// One for all rounds: Ctrl-C ends them all.
    stop: Arc<Stop>,
}

/// What one round came to.
pub struct Round {
    pub outcome: Outcome,
    pub collected: Collected,
    /// Why trials could not be judged, each reason once.
    pub errors: Vec<String>,
}

/// Keeps the reasons why there was nothing to judge.
#[derive(Default)]
struct Reasons(Mutex<Tally>);

impl Observer for Reasons {
    fn trial_finished(&self, trial: &TrialFinished) {
        if trial.verdict == Verdict::Errored {
            self.0.lock().unwrap_or_else(PoisonError::into_inner).add(trial);
        }
    }
}

impl Rounds {
    /// A random seed, and what the suite says of the rest.
    pub fn new(ready: &Ready, jobs: Option<u64>) -> Result<Self, Failure> {
        let seed = jiff::Timestamp::now().as_nanosecond() as u64 % 1_000_000_000;
        let jobs = jobs.or(ready.suite.config.defaults.jobs).unwrap_or(JOBS);
        let mut headers = snapshots::headers(&ready.suite);
        // Bodies are read by their media type.
        if !headers.iter().any(|name| name == "content-type") {
            headers.insert(0, "content-type".into());
        }
        let stop = Arc::new(Stop::default());
        let watched = stop.clone();
        interrupt::watch(move || watched.interrupt()).map_err(|e| Failure::Broken(e.to_string()))?;
        Ok(Self { jobs, seed, faults: Vec::new(), headers, all_variables: false, stop })
    }

    /// Sends every trial once. `round` makes random values differ from round to round.
    pub fn send(&self, ready: &Ready, trials: &[Arc<Trial>], round: u64) -> Result<Round, Failure> {
        let Ready { suite, target, .. } = ready;
        let plan: Vec<Planned> = select(trials.to_vec(), &Selection::default());
        let seed = self.seed.wrapping_add(round);
        let free_port = SocketAddr::from(([127, 0, 0, 1], 0));
        let prepared = start(suite, target, &plan, seed, &self.faults, free_port, None)?;
        let limits = limits(suite, None);
        let (mut context, _sandbox) = context(suite, prepared, limits, seed)?;
        let collector = Arc::new(Collector::new(self.headers.clone(), self.all_variables));
        context.keep = Some(collector.clone() as Arc<dyn Keep>);
        context.stop = self.stop.clone();
        let context = Arc::new(context);
        let reasons = Arc::new(Reasons::default());
        let outcome =
            engine::run(plan, &context, &engine::quiet(self.jobs), &(reasons.clone() as Arc<dyn Observer>));
        if outcome.interrupted {
            return Err(Failure::Broken("interrupted".into()));
        }
        let tally = reasons.0.lock().unwrap_or_else(PoisonError::into_inner);
        let errors = tally.errors.list.iter().map(|reason| reason.text.clone()).collect();
        Ok(Round { outcome, collected: collector.collected(), errors })
    }
}
