//! What a gate decided.

use serde::{Deserialize, Serialize};

/// What `--gate` decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateDecision {
    pub clauses: Vec<Clause>,
    /// Of the trials of the whole plan, how many were judged.
    #[serde(default)]
    pub judged: usize,
    #[serde(default)]
    pub planned: usize,
}

impl GateDecision {
    /// The clauses that refuse the run; none when it passes.
    pub fn refusals(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().filter(|clause| !clause.holds)
    }
}

/// One condition of the gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// Its key in `gate`, or `errored`, `waivers`.
    pub name: String,
    pub holds: bool,
    /// What was found, and what was asked for.
    pub says: String,
}

impl Clause {
    /// Whether it is about what could be judged at all, so that it says nothing against the target.
    pub fn is_about_judging(&self) -> bool {
        let about = ["errored", "interrupted", "min_judged", "max_skipped", "fuzzed", "baseline.missing"];
        about.contains(&self.name.as_str())
    }
}
