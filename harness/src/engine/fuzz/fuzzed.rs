//! [`Fuzzed`]: what a campaign came to.

use super::Ended;
use crate::contract::Operation;
use crate::fuzz::{Covered, Reached};
use crate::record::{FuzzReach, FuzzTally};
use crate::suite::KnownDefect;

/// What a campaign came to.
#[derive(Debug, Default)]
pub struct Fuzzed {
    /// Deviations sent, those that could not be made, and everything that was sent with set-up and replays.
    pub sent: usize,
    pub unsendable: usize,
    pub requests: usize,
    /// Requests that say the same as a good one, and how many of them were accepted.
    pub good: usize,
    pub good_accepted: usize,
    /// Requests that break the contract, and how many of them were refused.
    pub bad: usize,
    pub bad_refused: usize,
    /// Distinct defects.
    pub defects: usize,
    /// API and name of what was found, to be sent first by the next run.
    pub found: Vec<(String, KnownDefect)>,
    /// API, operation and name of the deviations that showed a known defect, and were sent again.
    pub replayed: Vec<(String, String, String)>,
    /// API and id of the operations that were fuzzed.
    pub operations: Vec<(String, String)>,
    /// API and id of the operations of which no accepted request is known.
    pub not_accepted: Vec<(String, String)>,
    /// API and id of the operations whose good request is accepted only once.
    pub spent: Vec<(String, String)>,
    /// API and id of the operations for which the target fails since something was sent.
    pub broken: Vec<(String, String)>,
    /// What of the contract was reached.
    pub covered: Covered,
    /// Why it ended before its end.
    pub ended: Option<Ended>,
}

impl Fuzzed {
    /// In numbers, for the record.
    pub fn tally(&self) -> FuzzTally {
        let reached = |what: &str, reached: &Reached| FuzzReach {
            what: what.to_owned(),
            all: reached.all(),
            seen: reached.seen(),
            missing: reached.missing().take(MISSING).cloned().collect(),
        };
        let covered = &self.covered;
        FuzzTally {
            deviations: self.sent,
            requests: self.requests,
            good: self.good,
            good_accepted: self.good_accepted,
            bad: self.bad,
            bad_refused: self.bad_refused,
            defects: self.defects,
            stopped: self.ended.map(|why| why.as_str().to_owned()),
            reached: vec![
                reached("operations", &covered.operations),
                reached("parameters and fields", &covered.fields),
                reached("constraints", &covered.constraints),
                reached("statuses", &covered.statuses),
                reached("outcomes", &covered.outcomes),
                reached("codes", &covered.codes),
                reached("links", &covered.links),
            ],
            known: Vec::new(),
        }
    }

    pub(super) fn is_broken(&self, operation: &Operation) -> bool {
        self.broken.iter().any(|(api, id)| *api == operation.api && *id == operation.id)
    }

    pub(super) fn spent(&mut self, operation: &Operation) {
        let name = (operation.api.clone(), operation.id.clone());
        if !self.spent.contains(&name) {
            self.spent.push(name);
        }
    }
}

/// So many names of what was not reached are recorded.
const MISSING: usize = 100;
