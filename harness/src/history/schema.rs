//! The tables of a history.

use super::database::{Database, transaction};
use super::error::HistoryError;
use super::value::Row;

/// The version of the tables. An index file of another version is made again; a server's is refused.
pub const VERSION: i64 = 1;

/// Numbers of runs and cases are the first eight bytes of the SHA-256 of `key` and `name`: what two machines write at
/// the same time needs no counter.
const TABLES: [&str; 5] = [
    "CREATE TABLE IF NOT EXISTS proofmark_history (version BIGINT NOT NULL)",
    "CREATE TABLE IF NOT EXISTS proofmark_runs (
        id BIGINT PRIMARY KEY,
        key TEXT NOT NULL UNIQUE,
        stamp TEXT NOT NULL,
        run TEXT NOT NULL,
        started TEXT NOT NULL,
        suite TEXT NOT NULL,
        target TEXT NOT NULL,
        apis TEXT NOT NULL,
        commit_hash TEXT,
        faults TEXT NOT NULL,
        shard_index BIGINT,
        shard_count BIGINT,
        planned BIGINT NOT NULL,
        selected BIGINT NOT NULL,
        plan_digest TEXT NOT NULL,
        passed BIGINT NOT NULL,
        failed BIGINT NOT NULL,
        errored BIGINT NOT NULL,
        skipped BIGINT NOT NULL,
        waived BIGINT NOT NULL,
        flaky BIGINT NOT NULL,
        warnings BIGINT NOT NULL,
        duration_ms BIGINT NOT NULL,
        interrupted BIGINT NOT NULL,
        gate BIGINT
    )",
    "CREATE TABLE IF NOT EXISTS proofmark_cases (
        id BIGINT PRIMARY KEY,
        name TEXT NOT NULL UNIQUE,
        title TEXT NOT NULL
    )",
    "CREATE TABLE IF NOT EXISTS proofmark_trials (
        case_id BIGINT NOT NULL,
        run_id BIGINT NOT NULL,
        verdict TEXT NOT NULL,
        duration_ms DOUBLE PRECISION NOT NULL,
        why TEXT,
        PRIMARY KEY (case_id, run_id)
    )",
    "CREATE INDEX IF NOT EXISTS proofmark_trials_of_run ON proofmark_trials (run_id)",
];

/// Makes the tables where they are not there, and looks at their version.
pub fn prepare(database: &mut dyn Database) -> Result<(), HistoryError> {
    // Who may only read, or only add, may make no tables.
    if let Ok(Some(version)) = version(database) {
        return supported(version);
    }
    transaction(database, |database| {
        for table in TABLES {
            database.execute(table, &[])?;
        }
        match version(database)? {
            Some(version) => supported(version),
            None => {
                database.execute("INSERT INTO proofmark_history (version) VALUES ($1)", &[VERSION.into()])
            }
        }
    })
}

fn version(database: &mut dyn Database) -> Result<Option<i64>, HistoryError> {
    let mut rows = database.query("SELECT version FROM proofmark_history", &[])?;
    rows.first_mut().map(Row::integer).transpose()
}

fn supported(version: i64) -> Result<(), HistoryError> {
    match version {
        VERSION => Ok(()),
        other => {
            Err(HistoryError::Broken(format!("it has version {other}; this proofmark has version {VERSION}")))
        }
    }
}
