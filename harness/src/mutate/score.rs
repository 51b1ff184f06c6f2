//! [`Score`]: how many mutants were noticed, by API, operation, field, operator and check. The JSON of `--format json`.

use super::judge::{Fate, Kill};
use super::suggest::Addition;
use crate::model::level::Level;
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// What came of some mutants.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Tally {
    pub killed: usize,
    /// Of the killed: those that only warnings noticed, which fail no run.
    pub warned: usize,
    pub survived: usize,
    /// Of the survivors: those that the spec explains.
    pub explained: usize,
    pub equivalent: usize,
    pub not_judged: usize,
}

impl Tally {
    /// The share of the defects that was noticed; 1 where there were none.
    pub fn rate(&self) -> f64 {
        match self.killed + self.survived {
            0 => 1.0,
            all => self.killed as f64 / all as f64,
        }
    }

    /// Mutants that are defects and were judged.
    pub fn defects(&self) -> usize {
        self.killed + self.survived
    }

    pub fn add(&mut self, other: &Tally) {
        self.killed += other.killed;
        self.warned += other.warned;
        self.survived += other.survived;
        self.explained += other.explained;
        self.equivalent += other.equivalent;
        self.not_judged += other.not_judged;
    }
}

/// Where mutants are counted together.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Key {
    pub api: String,
    pub operation: String,
    /// JSON pointer with indices as `*`, or `status`, `header …`, `body`.
    pub field: String,
    pub operator: &'static str,
}

/// One mutant as an example.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Example {
    pub trial: String,
    /// Number of the step in the trial.
    pub step: usize,
    pub change: String,
}

/// The mutants of one operator in one field.
#[derive(Debug, Clone, Default, Serialize)]
pub struct Cell {
    pub tally: Tally,
    /// Survivors, the first few.
    pub survivors: Vec<Example>,
    /// What would notice the first of them.
    pub addition: Option<Addition>,
    /// Why mutants are no defects, with how many there are of them, and an example.
    pub equivalents: BTreeMap<String, (usize, Option<Example>)>,
    /// Equivalent mutants that a check finds wrong all the same.
    pub false_alarms: Vec<Example>,
}

/// What one check did.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct CheckTally {
    /// Mutants that it noticed.
    pub killed: usize,
    /// Those of them that no check before it noticed.
    pub first: usize,
    /// Those of them that no other check noticed.
    pub alone: usize,
}

/// Everything that was counted.
#[derive(Debug, Clone, Default)]
pub struct Counts {
    pub cells: BTreeMap<Key, Cell>,
    pub checks: BTreeMap<String, CheckTally>,
    /// By `check requirement`: `rule echo-phone`, `schema enum`.
    pub requirements: BTreeMap<(String, String), CheckTally>,
    /// Mutants that were made and not judged, because only a sample was asked for.
    pub left_out: usize,
    /// Mutants that were judged a second time, whole.
    pub verified: usize,
    /// Those of them that came to something else. There must be none.
    pub disagreements: Vec<Disagreement>,
}

/// A mutant of which two ways of judging it came to different verdicts.
#[derive(Debug, Clone)]
pub struct Disagreement {
    pub key: Key,
    pub example: Example,
    pub fate: Fate,
    pub whole: Fate,
}

/// Examples that are kept of each kind.
const EXAMPLES: usize = 3;

impl Counts {
    /// Counts a mutant. `explained` tells whether the spec says why it may survive.
    pub fn add(
        &mut self,
        key: Key,
        fate: Fate,
        example: impl FnOnce() -> Example,
        explained: bool,
        addition: impl FnOnce() -> Option<Addition>,
    ) {
        let cell = self.cells.entry(key).or_default();
        match fate {
            Fate::Killed(kills) => {
                cell.tally.killed += 1;
                cell.tally.warned += usize::from(kills.iter().all(|k| k.level < Level::Must));
                self.credit(&kills);
            }
            Fate::Survived => {
                cell.tally.survived += 1;
                cell.tally.explained += usize::from(explained);
                // The first by name, not by time: threads share the mutants of an answer.
                let example = example();
                if cell.survivors.first().is_none_or(|first| example < *first) {
                    cell.addition = addition();
                }
                first_few(&mut cell.survivors, vec![example]);
            }
            Fate::Equivalent { reason, noticed } => {
                cell.tally.equivalent += 1;
                let entry = cell.equivalents.entry(reason.says()).or_default();
                entry.0 += 1;
                let example = example();
                if noticed {
                    first_few(&mut cell.false_alarms, vec![example.clone()]);
                }
                entry.1 = Some(match entry.1.take() {
                    Some(first) => first.min(example),
                    None => example,
                });
            }
            Fate::NotJudged(_) => cell.tally.not_judged += 1,
        }
    }

    fn credit(&mut self, kills: &[Kill]) {
        let checks: BTreeSet<&str> = kills.iter().map(|k| k.check.as_str()).collect();
        for (n, kill) in kills.iter().enumerate() {
            let requirement = (kill.check.clone(), kill.requirement.clone());
            let tally = self.requirements.entry(requirement).or_default();
            tally.killed += 1;
            tally.first += usize::from(n == 0);
            tally.alone += usize::from(kills.len() == 1);
        }
        for check in &checks {
            let tally = self.checks.entry((*check).to_owned()).or_default();
            tally.killed += 1;
            tally.first += usize::from(kills.first().is_some_and(|k| k.check == *check));
            tally.alone += usize::from(checks.len() == 1);
        }
    }

    /// Adds what another thread counted.
    pub fn merge(&mut self, other: Counts) {
        for (key, cell) in other.cells {
            let own = self.cells.entry(key).or_default();
            own.tally.add(&cell.tally);
            // The first trial by name gives the addition, whichever thread was faster.
            if own.survivors.is_empty()
                || cell.survivors.first() < own.survivors.first() && !cell.survivors.is_empty()
            {
                own.addition = cell.addition;
            }
            first_few(&mut own.survivors, cell.survivors);
            first_few(&mut own.false_alarms, cell.false_alarms);
            for (reason, (count, example)) in cell.equivalents {
                let entry = own.equivalents.entry(reason).or_default();
                entry.0 += count;
                entry.1 = match (entry.1.take(), example) {
                    (Some(a), Some(b)) => Some(a.min(b)),
                    (a, b) => a.or(b),
                };
            }
        }
        self.left_out += other.left_out;
        self.verified += other.verified;
        self.disagreements.extend(other.disagreements);
        for (name, tally) in other.checks {
            add(self.checks.entry(name).or_default(), &tally);
        }
        for (name, tally) in other.requirements {
            add(self.requirements.entry(name).or_default(), &tally);
        }
    }

    /// Sums by a part of the key, in the order of the keys.
    pub fn by<K: Ord>(&self, part: impl Fn(&Key) -> K) -> BTreeMap<K, Tally> {
        let mut sums: BTreeMap<K, Tally> = BTreeMap::new();
        for (key, cell) in &self.cells {
            sums.entry(part(key)).or_default().add(&cell.tally);
        }
        sums
    }
}

fn add(to: &mut CheckTally, other: &CheckTally) {
    to.killed += other.killed;
    to.first += other.first;
    to.alone += other.alone;
}

fn first_few(own: &mut Vec<Example>, others: Vec<Example>) {
    own.extend(others);
    own.sort();
    own.truncate(EXAMPLES);
}
