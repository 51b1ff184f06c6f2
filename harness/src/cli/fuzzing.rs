//! What every command that fuzzes does: `fuzz`, `run --fuzz`, `certify`.

use super::arguments::RunArguments;
use super::run::Settings;
use super::{Failure, corpus, snapshots};
use crate::engine::{self, Campaign, Cases, FuzzEnded, FuzzLimits, Fuzzed, Observer, Outcome, RunContext};
use crate::model::level::Level;
use crate::plan::{Planned, Trial};
use crate::record::{Counts, Event, FuzzTally, TrialFinished};
use crate::suite::Suite;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// Generated requests an operation: as many as somebody says, else some as long as they show something new.
pub fn cases(wanted: Option<usize>) -> Cases {
    const SOME: usize = 100;
    wanted.map_or(Cases::UpTo(SOME), Cases::All)
}

/// Runs a campaign: each trial that is told gets its waivers, is counted, shown, and written to the context's record.
pub fn conduct(
    suite: &Suite,
    trials: &[Arc<Trial>],
    context: &RunContext,
    campaign: &Campaign,
    observer: &dyn Observer,
) -> (Fuzzed, Counts) {
    let mut counts = Counts::default();
    let mut tell = |trial: &TrialFinished| {
        let mut trial = trial.clone();
        context.waivers.apply(&mut trial);
        counts.add(trial.verdict);
        counts.warnings += trial.findings().filter(|(_, f)| f.level < Level::Must).count();
        observer.trial_finished(&trial);
        if let Some(recorder) = &context.recorder {
            recorder.write(&Event::TrialFinished(Box::new(trial)));
        }
    };
    let fuzzed = engine::fuzz(&suite.contracts, trials, context, campaign, &mut tell);
    (fuzzed, counts)
}

/// The fuzzing that follows a run.
pub struct AfterRun {
    trials: Vec<Arc<Trial>>,
    campaign: Campaign,
    max_time: Option<Duration>,
    seed: u64,
    /// Whether what is found is written to `fuzz/<api>.yaml`.
    remembers: bool,
}

/// What the fuzzing after a run came to.
pub struct Fuzzing {
    pub tally: FuzzTally,
    pub lines: Vec<String>,
    /// Whether nobody can tell what the target does with bad input.
    pub could_not_judge: bool,
}

impl AfterRun {
    /// Of the operations that the plan has trials of, all of them where it has everything.
    pub fn of(
        suite: &Suite,
        trials: Vec<Arc<Trial>>,
        plan: &[Planned],
        settings: &Settings,
        arguments: &RunArguments,
    ) -> Result<Self, Failure> {
        let whole = plan.len() == trials.len();
        let mut operations: Vec<String> = plan
            .iter()
            .filter(|planned| !whole && planned.skip.is_none())
            .map(|planned| planned.trial.operation.clone())
            .collect();
        operations.sort();
        operations.dedup();
        let wanted = &arguments.fuzzing;
        let campaign = Campaign {
            phases: wanted.fuzz_phases.clone(),
            operations,
            cases: cases(wanted.fuzz_cases),
            limits: FuzzLimits { max_requests: wanted.fuzz_max_requests, ..FuzzLimits::default() },
            jobs: settings.jobs.value as usize,
            safe_only: arguments.safe_only,
            known: corpus::read(suite)?,
            ..Campaign::default()
        };
        let remembers = !arguments.no_report && !arguments.snapshots.ci && !snapshots::in_ci();
        Ok(Self { trials, campaign, max_time: wanted.fuzz_max_time, seed: settings.seed.value, remembers })
    }

    /// Fuzzes, and adds what comes of it to the outcome of the run.
    pub fn conduct(
        mut self,
        suite: &Suite,
        context: &RunContext,
        observer: &dyn Observer,
        outcome: &mut Outcome,
    ) -> Result<Fuzzing, Failure> {
        let began = Instant::now();
        self.campaign.limits.until = self.max_time.map(|time| began + time);
        let (fuzzed, counts) = conduct(suite, &self.trials, context, &self.campaign, observer);
        outcome.counts.join(&counts);
        outcome.interrupted |= context.stop.is_interrupted();
        let became = corpus::became(&self.campaign, &fuzzed);
        if self.remembers {
            corpus::write(suite, &became, &fuzzed)?;
        }
        let known = corpus::looked_for(&became);
        let of = format!("after the run, seed {}", self.seed);
        let mut lines = corpus::lines(&known);
        lines.extend(summary(&fuzzed, counts.skipped, began.elapsed(), &of));
        let could_not_judge = could_not_judge(&fuzzed);
        Ok(Fuzzing { tally: FuzzTally { known, ..fuzzed.tally() }, lines, could_not_judge })
    }
}

/// What a campaign came to, in lines. `of` says against what, and by which seed.
pub fn summary(fuzzed: &Fuzzed, skipped: usize, duration: Duration, of: &str) -> Vec<String> {
    let seconds = duration.as_secs_f64();
    let s = if fuzzed.defects == 1 { "" } else { "s" };
    let mut rows = vec![
        format!(
            "{} distinct defect{s} by {} deviations ({} requests, {:.0} a second) in {seconds:.2} s {of}",
            fuzzed.defects,
            fuzzed.sent,
            fuzzed.requests,
            fuzzed.requests as f64 / seconds.max(0.001),
        ),
        format!(
            "good input accepted: {} of {}; bad input refused: {} of {}; {} deviations that the request has no place for",
            fuzzed.good_accepted, fuzzed.good, fuzzed.bad_refused, fuzzed.bad, fuzzed.unsendable
        ),
    ];
    let reached = fuzzed.tally().reached;
    let reached = reached.iter().filter(|reach| reach.all > 0);
    let reached: Vec<String> = reached.map(|r| format!("{} of {} {}", r.seen, r.all, r.what)).collect();
    rows.push(format!("reached: {}", reached.join(", ")));
    if skipped > 0 {
        rows.push(format!("operations without a good request to start from: {skipped}"));
    }
    if !fuzzed.not_accepted.is_empty() {
        let names: Vec<&str> = fuzzed.not_accepted.iter().map(|(_, operation)| operation.as_str()).collect();
        rows.push(format!("no accepted request is known of: {}", names.join(", ")));
    }
    if !fuzzed.spent.is_empty() {
        let names: Vec<&str> = fuzzed.spent.iter().map(|(_, operation)| operation.as_str()).collect();
        rows.push(format!(
            "good requests that are accepted only once, so that little can be told: {}",
            names.join(", ")
        ));
    }
    rows.extend(fuzzed.ended.iter().map(|why| format!("ended early: {}", why.as_str())));
    rows
}

/// Whether nobody can tell what the target does with bad input: it went down, or nothing was sent.
pub fn could_not_judge(fuzzed: &Fuzzed) -> bool {
    fuzzed.ended == Some(FuzzEnded::Down) || fuzzed.sent == 0
}
