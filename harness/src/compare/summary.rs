//! A comparison in short, as the record of the later run keeps it.

use super::{Comparison, State};
use crate::problem::Problem;
use crate::record::{BaselineSummary, CauseSummary};

impl Comparison {
    /// The counts, and what is newly broken by cause.
    pub fn summary(&self) -> BaselineSummary {
        let Self { old, cases, .. } = self;
        let causes = self.broken.tally.failing();
        BaselineSummary {
            run: old.run.clone(),
            started: old.started.clone(),
            target: old.target.clone(),
            whole: old.whole,
            newly_failing: cases.count(State::NewlyFailing),
            newly_errored: cases.count(State::NewlyErrored),
            new: cases.count(State::New),
            still_failing: cases.count(State::StillFailing),
            fixed: cases.count(State::Fixed),
            gone: cases.count(State::Gone),
            passing: cases.passing,
            flaky: cases.flaky.len(),
            newly_warned: cases.newly_warned.len(),
            drifted: self.drift.len(),
            slower: self.latency.iter().filter(|shift| shift.shift_ms > 0.0).count(),
            faster: self.latency.iter().filter(|shift| shift.shift_ms < 0.0).count(),
            cause_count: causes.len(),
            causes: causes.iter().take(BaselineSummary::MOST_CAUSES).map(|p| self.cause(p)).collect(),
            page: None,
        }
    }

    fn cause(&self, problem: &Problem) -> CauseSummary {
        let lead = &self.broken.tally.failures.list[problem.clusters[0]];
        CauseSummary {
            api: self.broken.tally.apis.get(lead.key.api).cloned().unwrap_or_default(),
            operations: problem.operations.clone(),
            at: lead.place(),
            message: lead.sample.finding.message.clone(),
            cases: problem.trials.len(),
        }
    }
}
