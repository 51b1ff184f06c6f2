//! The end of a run: what it came to.

use super::exchange::RequestRecord;
use super::gate::GateDecision;
use crate::model::verdict::Verdict;
use crate::record::{FuzzTally, RuleSummary};
use serde::{Deserialize, Serialize};

/// The end of a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunFinished {
    pub counts: Counts,
    pub duration_ms: u64,
    /// Stopped by a signal or by `--fail-fast`.
    pub interrupted: bool,
    /// Inbound requests that belonged to no case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stray_callbacks: Vec<RequestRecord>,
    /// Ids of waivers that fitted nothing, where everything was run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unused_waivers: Vec<String>,
    /// What requests waited for the target, where they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waited: Option<Box<WaitedSummary>>,
    /// What the gate decided, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<GateDecision>,
    /// Of an acceptance run: the contract's rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleSummary>,
    /// Of an acceptance run's fuzzing: what it came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuzz: Option<Box<FuzzTally>>,
}

/// What the requests of a run waited, all threads together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WaitedSummary {
    /// Milliseconds, for the target's rate limit.
    pub rate_ms: u64,
    /// Answers with `Retry-After` that were heeded.
    pub postponed: u64,
    /// Milliseconds that they asked for.
    pub retry_after_ms: u64,
}

/// Trials by verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub errored: usize,
    pub skipped: usize,
    #[serde(default, skip_serializing_if = "is_none")]
    pub waived: usize,
    #[serde(default, skip_serializing_if = "is_none")]
    pub flaky: usize,
    /// Findings below `must`, in all trials.
    pub warnings: usize,
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_none(n: &usize) -> bool {
    *n == 0
}

impl Counts {
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed => self.failed += 1,
            Verdict::Errored => self.errored += 1,
            Verdict::Skipped => self.skipped += 1,
            Verdict::Waived => self.waived += 1,
            Verdict::Flaky => self.flaky += 1,
        }
    }

    /// Adds those of other trials.
    pub fn join(&mut self, other: &Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.errored += other.errored;
        self.skipped += other.skipped;
        self.waived += other.waived;
        self.flaky += other.flaky;
        self.warnings += other.warnings;
    }

    /// Trials whose answers were judged.
    pub fn judged(&self) -> usize {
        self.passed + self.failed + self.waived + self.flaky
    }

    pub fn total(&self) -> usize {
        self.judged() + self.errored + self.skipped
    }
}
