//! The fuzzing of an acceptance run: by the profile's seed, so that every delivery is asked the same.

use super::super::arguments::CertifyArguments;
use super::super::console::{self, Console};
use super::super::fuzzing::conduct;
use super::super::run::{self, begin};
use super::super::{Failure, recording};
use super::ready::Certification;
use super::sending::limits;
use crate::engine::{Campaign, Cases, Observer, Stop};
use crate::fuzz::Phase;
use crate::model::level::Level;
use crate::record::{Clause, Counts, Event, FuzzTally, RunFinished, TrialFinished};
use crate::suite::FuzzPhase;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};

/// What came of the fuzzing.
pub struct Fuzzing {
    pub record: PathBuf,
    pub interrupted: bool,
    pub unused_waivers: Vec<String>,
    tally: FuzzTally,
    counts: Counts,
    operations: usize,
    /// Findings that are not waived, by level, and the first trial that has one.
    found: Vec<(Level, String)>,
}

impl Fuzzing {
    /// The clauses that fuzzing adds to the gate.
    pub fn clauses(&self, level: Level) -> [Clause; 2] {
        let mut bad = self.found.iter().filter(|(of, _)| *of >= level);
        let defects = bad.clone().count();
        let example = bad.next().map(|(_, name)| format!(", e.g. {name}")).unwrap_or_default();
        let s = if defects == 1 { "" } else { "s" };
        let fuzz = format!("{defects} defect{s} of level {} or above{example}", level.as_str());
        let FuzzTally { deviations, stopped, .. } = &self.tally;
        let s = if self.operations == 1 { "" } else { "s" };
        let mut fuzzed = format!("{deviations} deviations of {} operation{s}", self.operations);
        if self.counts.skipped > 0 {
            fuzzed.push_str(&format!("; {} without a request that is accepted", self.counts.skipped));
        }
        if self.counts.errored > 0 {
            fuzzed.push_str(&format!("; {} could not be judged", self.counts.errored));
        }
        if let Some(why) = stopped {
            fuzzed.push_str(&format!("; ended early: {why}"));
        }
        let whole = stopped.is_none() && *deviations > 0 && self.counts.errored == 0;
        [
            Clause { name: "fuzz".into(), holds: defects == 0, says: fuzz },
            Clause { name: "fuzzed".into(), holds: whole, says: fuzzed },
        ]
    }
}

pub fn fuzz(
    certification: &Certification,
    arguments: &CertifyArguments,
    name: &str,
    folder: &Path,
    stop: &Arc<Stop>,
) -> Result<Fuzzing, Failure> {
    let Certification { suite, target, trials, profile, .. } = certification;
    let seed = profile.fuzz.seed;
    let listen = SocketAddr::from(([127, 0, 0, 1], 0));
    let prepared = run::start(suite, target, &[], seed, &arguments.conduct.fault, listen, None)?;
    let urls = prepared.urls.clone();
    let (limits, jobs) = limits(certification, arguments);
    let (mut context, sandbox) = run::context(suite, prepared, limits, seed)?;
    // One signal ends both.
    context.stop = stop.clone();
    let mut started = begin(suite, target, &urls, format!("{name}-fuzz"), seed, jobs as usize, &context)?;
    started.faults.clone_from(&arguments.conduct.fault);
    let operations: usize = suite.contracts.iter().map(|c| c.operations.len()).sum();
    (started.planned, started.selected) = (operations, operations);
    let recorder = recording::create(folder)?;
    recorder.write(&Event::RunStarted(Box::new(started)));
    let campaign = Campaign {
        phases: profile.fuzz.phases.iter().map(|phase| of_profile(*phase)).collect(),
        cases: Cases::All(usize::try_from(profile.fuzz.cases).unwrap_or(usize::MAX)),
        jobs: jobs as usize,
        ..Campaign::default()
    };
    context.recorder = Some(recorder);
    let watch = Found { console: Console::new(arguments.conduct.format, 0), list: Mutex::default() };
    let (fuzzed, counts) = conduct(suite, trials, &context, &campaign, &watch);
    watch.console.finish();
    watch.console.print_problems();
    let found = watch.list.into_inner().unwrap_or_else(PoisonError::into_inner);
    drop(sandbox);
    let tally = fuzzed.tally();
    let interrupted = context.stop.is_interrupted();
    let recorder = context.recorder.take().ok_or_else(|| Failure::Broken("there is no record".into()))?;
    recorder.write(&Event::RunFinished(RunFinished {
        counts,
        duration_ms: context.started.elapsed().as_millis() as u64,
        interrupted,
        fuzz: Some(Box::new(tally.clone())),
        ..RunFinished::default()
    }));
    let record = recording::finish(recorder)?;
    console::line(&format!(
        "fuzzing: {} distinct defects by {} deviations, seed {seed}",
        tally.defects, tally.deviations
    ));
    let unused_waivers = context.waivers.unused().iter().map(|waiver| waiver.id.value.clone()).collect();
    Ok(Fuzzing { record, interrupted, unused_waivers, tally, counts, operations, found })
}

/// Shows trials, and keeps the findings that are not waived.
struct Found {
    console: Console,
    list: Mutex<Vec<(Level, String)>>,
}

impl Observer for Found {
    fn trial_finished(&self, trial: &TrialFinished) {
        let mut list = self.list.lock().unwrap_or_else(PoisonError::into_inner);
        let found = trial.findings().filter(|(_, finding)| finding.waived.is_none());
        list.extend(found.map(|(_, finding)| (finding.level, trial.name.clone())));
        self.console.trial_finished(trial);
    }
}

fn of_profile(phase: FuzzPhase) -> Phase {
    match phase {
        FuzzPhase::Examples => Phase::Examples,
        FuzzPhase::Boundaries => Phase::Boundaries,
        FuzzPhase::Generated => Phase::Generated,
        FuzzPhase::Sequences => Phase::Sequences,
    }
}
