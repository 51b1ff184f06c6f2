//! [`History`]: what came before a run, kept in its record so that a report needs nothing else.

use super::event::{Counts, ShardSummary};
use serde::{Deserialize, Serialize};

/// The event `history`, written once, after `run-finished`. A record of a run that was killed, or of an older version,
/// has none.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct History {
    /// Earlier runs like this one ([`RunSummary::is_like`]), oldest first, at most [`History::MOST_RUNS`]. This run is
    /// not among them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub runs: Vec<RunSummary>,
    /// What changed since the run that `--baseline` named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub baseline: Option<BaselineSummary>,
}

impl History {
    pub const MOST_RUNS: usize = 20;
}

/// A run in short.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunSummary {
    /// Name of the run: its folder under `reports/`.
    pub run: String,
    /// RFC 3339, UTC.
    pub started: String,
    /// Title of the suite.
    pub suite: String,
    /// Name of the target, or its URL.
    pub target: String,
    /// Names of the APIs that were asked, sorted.
    pub apis: Vec<String>,
    /// The commit of the suite, where it is known.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Faults of the sandbox that were switched on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<ShardSummary>,
    /// How many trials the plan has; of these, how many were to run.
    pub planned: usize,
    pub selected: usize,
    /// SHA-256 of the names of all trials that were to run, hex.
    pub plan_digest: String,
    pub counts: Counts,
    pub duration_ms: u64,
    /// Stopped by a signal or by `--fail-fast`, or killed.
    pub interrupted: bool,
    /// Whether the gate let it pass, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<bool>,
    /// Path of its report from the folder of the record, where there was one when the record was written.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub report: Option<String>,
}

/// What a run came to, as one word.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum RunVerdict {
    /// Every answer that came conforms.
    Green,
    /// At least one case failed.
    Failed,
    /// None failed, and not all could be judged.
    NotJudged,
    /// None failed, and the run ended before its plan did.
    Interrupted,
}

impl RunVerdict {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Green => "green",
            Self::Failed => "failed",
            Self::NotJudged => "not judged",
            Self::Interrupted => "interrupted",
        }
    }
}

impl RunSummary {
    /// Failures come first, then what could not be judged; a run in which nothing was judged is not green.
    pub fn verdict(&self) -> RunVerdict {
        match &self.counts {
            c if c.failed > 0 => RunVerdict::Failed,
            c if c.errored > 0 => RunVerdict::NotJudged,
            _ if self.interrupted => RunVerdict::Interrupted,
            c if c.judged() == 0 => RunVerdict::NotJudged,
            _ => RunVerdict::Green,
        }
    }

    /// Whether everything that the plan of its APIs has was to run.
    pub fn is_whole(&self) -> bool {
        // What fuzzing writes has no plan.
        !self.plan_digest.is_empty()
            && self.selected >= self.planned
            && self.shard.is_none_or(|shard| shard.count == 1)
    }

    /// Whether two runs are points of one trend: the same suite against the same target, and either the same trials or
    /// all trials of the same APIs, so that a case that is added does not end the trend.
    pub fn is_like(&self, other: &Self) -> bool {
        let whole = self.is_whole() && other.is_whole() && self.apis == other.apis;
        let same = !self.plan_digest.is_empty()
            && self.plan_digest == other.plan_digest
            && self.shard == other.shard;
        self.target == other.target && self.suite == other.suite && (whole || same)
    }
}

/// What changed since the baseline: the counts of a comparison, and what is newly broken by cause.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BaselineSummary {
    /// The baseline's name, start and target.
    pub run: String,
    pub started: String,
    pub target: String,
    /// `false` when the baseline's record ends before its run.
    pub whole: bool,
    /// Cases.
    pub newly_failing: usize,
    pub newly_errored: usize,
    pub new: usize,
    pub still_failing: usize,
    pub fixed: usize,
    /// Gone or not run.
    pub gone: usize,
    pub passing: usize,
    pub flaky: usize,
    /// Cases with warnings that they did not have.
    #[serde(default)]
    pub newly_warned: usize,
    /// Fields of answers that drifted.
    pub drifted: usize,
    /// Operations.
    pub slower: usize,
    pub faster: usize,
    /// What is newly broken, what breaks most cases first, at most [`BaselineSummary::MOST_CAUSES`].
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub causes: Vec<CauseSummary>,
    /// How many causes there are in all.
    #[serde(default)]
    pub cause_count: usize,
    /// Path of the comparison's page from the folder of the record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub page: Option<String>,
}

impl BaselineSummary {
    pub const MOST_CAUSES: usize = 20;
}

/// Something that is newly broken.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct CauseSummary {
    pub api: String,
    pub operations: Vec<String>,
    /// Place in the answer.
    pub at: String,
    pub message: String,
    /// How many cases break by it.
    pub cases: usize,
}

#[cfg(test)]
mod tests {
    use super::*;

    fn run() -> RunSummary {
        RunSummary {
            target: "staging".into(),
            apis: vec!["cube".into()],
            planned: 9,
            selected: 9,
            plan_digest: "aa".into(),
            counts: Counts { passed: 9, ..Counts::default() },
            ..RunSummary::default()
        }
    }

    #[test]
    fn verdicts() {
        let verdict = |counts, interrupted| RunSummary { counts, interrupted, ..run() }.verdict();
        let counts = |failed, errored, passed| Counts { failed, errored, passed, ..Counts::default() };
        assert_eq!(verdict(counts(0, 0, 9), false), RunVerdict::Green);
        assert_eq!(verdict(counts(1, 1, 9), true), RunVerdict::Failed);
        assert_eq!(verdict(counts(0, 1, 9), true), RunVerdict::NotJudged);
        assert_eq!(verdict(counts(0, 0, 9), true), RunVerdict::Interrupted);
        assert_eq!(verdict(counts(0, 0, 0), false), RunVerdict::NotJudged);
    }

    #[test]
    fn a_trend_survives_a_new_case_but_not_another_selection() {
        let grown = RunSummary { planned: 10, selected: 10, plan_digest: "bb".into(), ..run() };
        assert!(grown.is_like(&run()));
        let part = RunSummary { selected: 3, plan_digest: "cc".into(), ..run() };
        assert!(!part.is_like(&run()));
        assert!(part.is_like(&RunSummary { planned: 10, ..part.clone() }), "the same trials");
        assert!(!run().is_like(&RunSummary { target: "production".into(), ..run() }));
        assert!(!run().is_like(&RunSummary { apis: vec!["jsms".into()], plan_digest: "dd".into(), ..run() }));
        let shard = |index| RunSummary { shard: Some(ShardSummary { index, count: 8 }), ..run() };
        assert!(shard(1).is_like(&shard(1)) && !shard(1).is_like(&shard(2)));
        assert!(!shard(1).is_like(&run()), "a part is not the whole, although the digest is of all shards");
    }
}
