//! [`Campaign`]: what is to be fuzzed, how, and how much.

use super::Limits;
use crate::fuzz::Phase;
use crate::suite::KnownDefect;

/// What a campaign is told.
#[derive(Debug, Clone)]
pub struct Campaign {
    pub phases: Vec<Phase>,
    /// Ids of operations; empty is all.
    pub operations: Vec<String>,
    /// Parts of `fuzz/<place>/<kind>`; empty is all.
    pub probes: Vec<String>,
    pub cases: Cases,
    pub limits: Limits,
    pub jobs: usize,
    pub safe_only: bool,
    /// There are no cases: requests are made from the contract alone.
    pub without_cases: bool,
    /// Defects of earlier runs, by API: sent first.
    pub known: Vec<(String, KnownDefect)>,
}

impl Default for Campaign {
    /// Everything, of all operations.
    fn default() -> Self {
        Self {
            phases: Phase::WORDS.iter().map(|(_, phase)| *phase).collect(),
            operations: Vec::new(),
            probes: Vec::new(),
            cases: Cases::UpTo(100),
            limits: Limits::default(),
            jobs: 8,
            safe_only: false,
            without_cases: false,
            known: Vec::new(),
        }
    }
}

/// Generated requests an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Cases {
    /// So many at most, and no more of a kind that shows nothing new.
    UpTo(usize),
    /// So many, whatever they show.
    All(usize),
}

impl Cases {
    /// So many at most.
    pub fn most(self) -> usize {
        match self {
            Cases::UpTo(most) | Cases::All(most) => most,
        }
    }
}
