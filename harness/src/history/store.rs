//! Writing runs into a history.

use super::database::{Database, transaction};
use super::error::HistoryError;
use super::trials::Ended;
use super::value::Value;
use crate::model::visible::visible;
use crate::record::RunSummary;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// Rows of one statement. PostgreSQL takes 65,535 parameters, SQLite 32,766.
const ROWS: usize = 1_000;

/// A run as a history keeps it.
#[derive(Debug, Clone)]
pub struct Kept {
    /// What tells runs apart: the folder in an index file, the digest of how the record begins on a server, which
    /// machines with the same names of runs share.
    pub key: String,
    /// Differs when the record has changed since.
    pub stamp: String,
    pub summary: RunSummary,
    pub trials: Vec<Ended>,
}

/// The number of a run or case with this key or name.
pub fn number(text: &str) -> i64 {
    let digest = Sha256::digest(text.as_bytes());
    digest.iter().take(8).fold(0, |number, byte| (number << 8) | i64::from(*byte))
}

/// The names of APIs or faults as one column: each between line breaks, which no name has.
pub fn joined(names: &[String]) -> String {
    names.iter().fold(String::from("\n"), |all, name| format!("{all}{}\n", visible(name)))
}

/// Writes a run, whole or not at all. What was there of it is replaced.
pub fn put(database: &mut dyn Database, kept: &Kept) -> Result<(), HistoryError> {
    let run = number(&kept.key);
    // Of two trials of one name the last counts. Sorted, so that pages are written in their order.
    let trials: BTreeMap<i64, &Ended> =
        kept.trials.iter().map(|trial| (number(&trial.name), trial)).collect();
    let trials: Vec<(i64, &Ended)> = trials.into_iter().collect();
    transaction(database, |database| {
        delete(database, run)?;
        let columns = columns(run, kept);
        let sql = format!("INSERT INTO proofmark_runs VALUES {}", places(1, columns.len()));
        database.execute(&sql, &columns)?;
        for part in trials.chunks(ROWS) {
            let names: Vec<Value> = part
                .iter()
                .flat_map(|(id, t)| [(*id).into(), t.name.as_str().into(), t.title.as_str().into()])
                .collect();
            let sql = format!(
                "INSERT INTO proofmark_cases (id, name, title) VALUES {} \
                 ON CONFLICT (id) DO UPDATE SET title = excluded.title WHERE proofmark_cases.title <> excluded.title",
                places(part.len(), 3)
            );
            database.execute(&sql, &names)?;
            let ended: Vec<Value> = part
                .iter()
                .flat_map(|(id, t)| {
                    let verdict = t.verdict.as_str();
                    [(*id).into(), run.into(), verdict.into(), t.duration_ms.into(), t.why.clone().into()]
                })
                .collect();
            let sql = format!("INSERT INTO proofmark_trials VALUES {}", places(part.len(), 5));
            database.execute(&sql, &ended)?;
        }
        Ok(())
    })
}

/// Forgets runs.
pub fn remove(database: &mut dyn Database, keys: &[String]) -> Result<(), HistoryError> {
    if keys.is_empty() {
        return Ok(());
    }
    transaction(database, |database| keys.iter().try_for_each(|key| delete(database, number(key))))
}

fn delete(database: &mut dyn Database, run: i64) -> Result<(), HistoryError> {
    database.execute("DELETE FROM proofmark_trials WHERE run_id = $1", &[run.into()])?;
    database.execute("DELETE FROM proofmark_runs WHERE id = $1", &[run.into()])
}

/// `($1, $2), ($3, $4)`.
fn places(rows: usize, columns: usize) -> String {
    let row = |row: usize| {
        let places: Vec<String> =
            (1..=columns).map(|column| format!("${}", row * columns + column)).collect();
        format!("({})", places.join(", "))
    };
    (0..rows).map(row).collect::<Vec<_>>().join(", ")
}

/// In the order of the table.
fn columns(id: i64, kept: &Kept) -> Vec<Value> {
    let RunSummary { counts, shard, .. } = &kept.summary;
    let run = &kept.summary;
    let text = |text: &str| Value::Text(visible(text).into_owned());
    vec![
        id.into(),
        text(&kept.key),
        text(&kept.stamp),
        text(&run.run),
        text(&run.started),
        text(&run.suite),
        text(&run.target),
        joined(&run.apis).into(),
        run.commit.as_deref().map(|commit| visible(commit).into_owned()).into(),
        joined(&run.faults).into(),
        shard.map(|shard| shard.index).into(),
        shard.map(|shard| shard.count).into(),
        run.planned.into(),
        run.selected.into(),
        text(&run.plan_digest),
        counts.passed.into(),
        counts.failed.into(),
        counts.errored.into(),
        counts.skipped.into(),
        counts.waived.into(),
        counts.flaky.into(),
        counts.warnings.into(),
        run.duration_ms.into(),
        run.interrupted.into(),
        run.gate.into(),
    ]
}
