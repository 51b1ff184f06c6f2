//! [`Summary`]: what mutation found, as the terminal, the page and `--format json` show it.

use super::operator::Operator;
use super::score::{CheckTally, Counts, Example, Key, Tally};
use super::suggest::Addition;
use crate::check::CHECKS;
use crate::contract::Operation;
use serde::Serialize;
use std::collections::BTreeMap;
use std::sync::Arc;

/// What a run was, beside what it found.
#[derive(Debug, Clone, Serialize)]
pub struct Facts {
    pub suite: String,
    pub target: String,
    pub seed: u64,
    /// Findings below this level do not kill.
    pub level: &'static str,
    /// Trials whose answers were mutated.
    pub trials: usize,
    /// Trials that did not pass or did not run, and were left out.
    pub left_out: usize,
    /// Answers that were mutated.
    pub answers: usize,
    /// The share of the mutants that was judged, where not all were.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub sample: Option<f64>,
    /// How long making and judging took.
    pub seconds: f64,
}

/// A name, what it counted, and its rate between 0 and 1.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Row<N> {
    #[serde(flatten)]
    pub name: N,
    pub rate: f64,
    #[serde(flatten)]
    pub tally: Tally,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Api {
    pub api: String,
}

#[derive(Debug, Clone, PartialEq, PartialOrd, Ord, Eq, Serialize)]
pub struct Place {
    pub api: String,
    pub operation: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub field: String,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Defect {
    pub operator: &'static str,
    pub family: &'static str,
    pub says: &'static str,
}

/// What one check, or one rule or keyword of it, noticed.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct CheckRow {
    pub check: String,
    #[serde(skip_serializing_if = "String::is_empty")]
    pub requirement: String,
    #[serde(flatten)]
    pub tally: CheckTally,
}

/// Mutants of one operator in one field.
#[derive(Debug, Clone, Serialize)]
pub struct CellRow {
    #[serde(flatten)]
    pub key: Key,
    pub rate: f64,
    #[serde(flatten)]
    pub tally: Tally,
}

/// Survivors of one operator in one field.
#[derive(Debug, Clone, Serialize)]
pub struct Survivors {
    #[serde(flatten)]
    pub key: Key,
    pub count: usize,
    pub examples: Vec<Example>,
    /// What would notice them.
    pub addition: Option<Addition>,
    /// Why nobody has to: `x-proofmark.survivors`.
    pub because: Option<String>,
}

/// Mutants that are no defects.
#[derive(Debug, Clone, Serialize)]
pub struct Equivalents {
    #[serde(flatten)]
    pub key: Key,
    pub reason: String,
    pub count: usize,
    pub example: Option<Example>,
    /// Those of them that a check finds wrong all the same.
    pub false_alarms: Vec<Example>,
}

/// Everything, sorted.
#[derive(Debug, Clone, Serialize)]
pub struct Summary {
    pub facts: Facts,
    pub mutants: usize,
    /// Mutants that are not in the sample.
    pub not_sampled: usize,
    pub rate: f64,
    pub total: Tally,
    pub apis: Vec<Row<Api>>,
    pub operations: Vec<Row<Place>>,
    pub fields: Vec<Row<Place>>,
    /// In the order of the registry.
    pub operators: Vec<Row<Defect>>,
    /// In the order in which checks run; what waits and captures comes last.
    pub checks: Vec<CheckRow>,
    pub requirements: Vec<CheckRow>,
    pub cells: Vec<CellRow>,
    pub survivors: Vec<Survivors>,
    pub equivalents: Vec<Equivalents>,
    /// Entries of `x-proofmark.survivors` that explain nothing, by the line that they stand on.
    pub unused_explanations: Vec<String>,
}

fn row<N>(name: N, tally: Tally) -> Row<N> {
    Row { name, rate: tally.rate(), tally }
}

impl Summary {
    /// Sums up; `operations` are those of the suite, for what the spec says of survivors.
    pub fn new(
        counts: &Counts,
        operators: &[&'static Operator],
        operations: &[Arc<Operation>],
        facts: Facts,
    ) -> Self {
        let place = |key: &Key, field: &str| Place {
            api: key.api.clone(),
            operation: key.operation.clone(),
            field: field.to_owned(),
        };
        let mut total = Tally::default();
        counts.cells.values().for_each(|cell| total.add(&cell.tally));
        let by_operator = counts.by(|key| key.operator);
        let operators = operators.iter().map(|o| {
            let defect = Defect { operator: o.name, family: o.family, says: o.says };
            row(defect, by_operator.get(o.name).copied().unwrap_or_default())
        });
        let (survivors, unused_explanations) = survivors(counts, operations);
        Self {
            facts,
            mutants: total.defects() + total.equivalent + total.not_judged,
            not_sampled: counts.left_out,
            rate: total.rate(),
            total,
            apis: counts.by(|k| k.api.clone()).into_iter().map(|(api, t)| row(Api { api }, t)).collect(),
            operations: counts.by(|k| place(k, "")).into_iter().map(|(p, t)| row(p, t)).collect(),
            fields: counts.by(|k| place(k, &k.field)).into_iter().map(|(p, t)| row(p, t)).collect(),
            operators: operators.collect(),
            checks: checks(&counts.checks),
            requirements: counts
                .requirements
                .iter()
                .map(|((check, requirement), tally)| CheckRow {
                    check: check.clone(),
                    requirement: requirement.clone(),
                    tally: tally.clone(),
                })
                .collect(),
            cells: counts
                .cells
                .iter()
                .map(|(key, cell)| CellRow { key: key.clone(), rate: cell.tally.rate(), tally: cell.tally })
                .collect(),
            survivors,
            equivalents: equivalents(counts),
            unused_explanations,
        }
    }

    /// Rates by API.
    pub fn rates(&self) -> BTreeMap<String, f64> {
        self.apis.iter().map(|row| (row.name.api.clone(), row.rate)).collect()
    }

    /// Mutants made and judged a second.
    pub fn speed(&self) -> f64 {
        self.mutants as f64 / self.facts.seconds.max(f64::EPSILON)
    }
}

/// Every check of the registry, also those that noticed nothing, and then what is no check.
fn checks(counted: &BTreeMap<String, CheckTally>) -> Vec<CheckRow> {
    let listed = CHECKS.iter().map(|check| check.name);
    let others = counted.keys().map(String::as_str).filter(|name| !CHECKS.iter().any(|c| c.name == *name));
    listed
        .chain(others)
        .map(|name| CheckRow {
            check: name.to_owned(),
            requirement: String::new(),
            tally: counted.get(name).cloned().unwrap_or_default(),
        })
        .collect()
}

/// Survivors, the most frequent first, those without an explanation before those with one.
fn survivors(counts: &Counts, operations: &[Arc<Operation>]) -> (Vec<Survivors>, Vec<String>) {
    let mut used: Vec<String> = Vec::new();
    let mut found: Vec<Survivors> = Vec::new();
    for (key, cell) in counts.cells.iter().filter(|(_, cell)| cell.tally.survived > 0) {
        let operation = operations.iter().find(|o| o.api == key.api && o.id == key.operation);
        let explained =
            operation.and_then(|o| o.survivors.iter().find(|s| s.covers(&key.field, key.operator)));
        used.extend(explained.map(|s| s.location.to_string()));
        found.push(Survivors {
            key: key.clone(),
            count: cell.tally.survived,
            examples: cell.survivors.clone(),
            addition: cell.addition.clone(),
            because: explained.map(|s| s.because.clone()),
        });
    }
    found.sort_by_key(|s| (s.because.is_some(), std::cmp::Reverse(s.count)));
    let mut unused: Vec<String> = Vec::new();
    for location in operations.iter().flat_map(|o| &o.survivors).map(|s| s.location.to_string()) {
        if !used.contains(&location) && !unused.contains(&location) {
            unused.push(location);
        }
    }
    (found, unused)
}

fn equivalents(counts: &Counts) -> Vec<Equivalents> {
    let mut found = Vec::new();
    for (key, cell) in &counts.cells {
        for (reason, (count, example)) in &cell.equivalents {
            found.push(Equivalents {
                key: key.clone(),
                reason: reason.clone(),
                count: *count,
                example: example.clone(),
                false_alarms: cell.false_alarms.clone(),
            });
        }
    }
    found
}
