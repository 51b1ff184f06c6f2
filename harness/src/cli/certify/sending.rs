//! The cases of an acceptance run.

use super::super::arguments::CertifyArguments;
use super::super::check::documented;
use super::super::console::{self, Console};
use super::super::gate::Watchman;
use super::super::run::{self, JOBS, begin, finished, random_seed};
use super::super::{Failure, interrupt, recording};
use super::ready::Certification;
use crate::coverage::{RuleTracker, Tracker};
use crate::engine::{self, Observer, Stop};
use crate::http::client::Limits;
use crate::plan::Planned;
use crate::policy::{Baseline, Facts, digest, ran_out};
use crate::record::{Documented, Event, GateDecision, Recorder, RunFinished};
use std::path::Path;
use std::sync::Arc;

/// What came of the cases. The record waits for its end.
pub struct Sent {
    pub recorder: Recorder,
    pub decision: GateDecision,
    pub finished: RunFinished,
    pub stop: Arc<Stop>,
}

/// How the target is asked, for cases and fuzzing alike.
pub fn limits(certification: &Certification, arguments: &CertifyArguments) -> (Limits, u64) {
    let suite = &certification.suite;
    let jobs = arguments.conduct.jobs.or(suite.config.defaults.jobs).unwrap_or(JOBS);
    (run::limits(suite, arguments.conduct.timeout), jobs)
}

pub fn send(
    certification: &Certification,
    arguments: &CertifyArguments,
    name: &str,
    folder: &Path,
    console: &Arc<Console>,
) -> Result<Sent, Failure> {
    let Certification { suite, target, plan, .. } = certification;
    let seed = arguments.conduct.seed.unwrap_or_else(random_seed);
    let index = documented(suite)?;
    let mut prepared = run::start(
        suite,
        target,
        plan,
        seed,
        &arguments.conduct.fault,
        arguments.callbacks.callback_listen,
        arguments.callbacks.callback_url.clone(),
    )?;
    prepared.coverage = Some(Tracker::new(index));
    let urls = prepared.urls.clone();
    let (limits, jobs) = limits(certification, arguments);
    let (mut context, sandbox) = run::context(suite, prepared, limits, seed)?;
    context.rules = Some(RuleTracker::new(suite.contracts.iter().map(AsRef::as_ref)));
    context.retries = crate::policy::RetryPolicy::new(suite.config.retries.as_ref(), None);
    let mut started = begin(suite, target, &urls, name.to_owned(), seed, jobs as usize, &context)?;
    started.faults.clone_from(&arguments.conduct.fault);
    (started.planned, started.selected) = (plan.len(), plan.iter().filter(|p| p.skip.is_none()).count());
    started.plan_digest = digest(plan.iter().map(|planned| planned.trial.name.as_bytes()));
    started.acceptance = Some(Box::new(certification.acceptance.clone()));
    let target_name = started.target.clone();
    let recorder = recording::create(folder)?;
    recorder.write(&Event::RunStarted(Box::new(started)));
    context.recorder = Some(recorder);
    let context = Arc::new(context);
    let stop = context.stop.clone();
    let stopped = stop.clone();
    interrupt::watch(move || stopped.interrupt()).map_err(|e| Failure::Broken(e.to_string()))?;
    let watchman = Arc::new(Watchman::new(console.clone()));
    let observer: Arc<dyn Observer> = watchman.clone();
    let again = |planned: &Planned| Planned { trial: planned.trial.clone(), skip: planned.skip.clone() };
    let outcome = engine::run(plan.iter().map(again).collect(), &context, &engine::quiet(jobs), &observer);
    console.finish();
    console.print_problems();
    drop(sandbox);
    let duration = context.started.elapsed();
    let coverage = context.coverage.as_ref().map(|coverage| coverage.statement(&Documented::ALL));
    // What a delivery must be does not depend on runs before it.
    let baseline = Baseline::NotAsked;
    let expired = context.waivers.expired().iter().map(ran_out).collect();
    let (interrupted, planned) = (outcome.interrupted, plan.len());
    let facts = Facts { coverage: coverage.as_ref(), expired, interrupted, planned, baseline };
    let decision = watchman.decide(certification.gate(), &facts);
    let mut finished = finished(&context, &outcome, duration);
    finished.rules = context.rules.as_ref().map(RuleTracker::statement).unwrap_or_default();
    finished.unused_waivers = context.waivers.unused().iter().map(|waiver| waiver.id.value.clone()).collect();
    let seconds = duration.as_secs_f64();
    console::line(&console::summary(&outcome.counts, seconds, &target_name, None, outcome.interrupted));
    let recorder = Arc::into_inner(context).and_then(|context| context.recorder);
    let recorder = recorder.ok_or_else(|| Failure::Broken("a trial is still running".into()))?;
    coverage.map(|coverage| recorder.write(&Event::Coverage(Box::new(coverage)))).unwrap_or_default();
    Ok(Sent { recorder, decision, finished, stop })
}
