//! The history that a team shares: every machine adds its runs, none removes another's.

use super::database::Database;
use super::error::HistoryError;
use super::index::kept;
use super::postgres::Postgres;
use super::{folders, schema, store};
use crate::record::ReadError;
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// Opens the history at a `postgres://` URL, and makes its tables where there are none.
pub fn shared(url: &str) -> Result<Box<dyn Database>, HistoryError> {
    let mut database = Postgres::connect(url)?;
    match schema::prepare(&mut database) {
        Ok(()) => Ok(Box::new(database)),
        // It is not ours to make again.
        Err(HistoryError::Broken(why)) => Err(HistoryError::Unusable(why)),
        Err(e) => Err(e),
    }
}

/// Why a run is not shared.
#[derive(Debug)]
pub enum NotShared {
    Record(ReadError),
    History(HistoryError),
}

/// Adds one record.
pub fn share(database: &mut dyn Database, record: &Path) -> Result<(), NotShared> {
    let key = key(record).map_err(NotShared::Record)?;
    let kept = kept(key, String::new(), record).map_err(NotShared::Record)?;
    store::put(database, &kept).map_err(NotShared::History)
}

/// Adds the records of a folder of runs that the history does not have. Gives how many they were, and what cannot be
/// read.
pub fn share_all(
    database: &mut dyn Database,
    reports: &Path,
) -> Result<(usize, Vec<ReadError>), HistoryError> {
    let (mut added, mut unreadable) = (0, Vec::new());
    for folder in folders(reports) {
        let record = folder.join("run.ndjson");
        let known = match key(&record) {
            Ok(key) => {
                let sql = "SELECT id FROM proofmark_runs WHERE id = $1 AND interrupted = 0";
                !database.query(sql, &[store::number(&key).into()])?.is_empty()
            }
            Err(_) => false,
        };
        if known {
            continue;
        }
        match share(database, &record) {
            Ok(()) => added += 1,
            Err(NotShared::Record(e)) => unreadable.push(e),
            Err(NotShared::History(e)) => return Err(e),
        }
    }
    Ok((added, unreadable))
}

/// What tells a record apart from those of other machines: how it begins, with its time, target, seed and plan.
pub fn key(record: &Path) -> Result<String, ReadError> {
    let error = |e: std::io::Error| ReadError {
        path: record.to_owned(),
        line: 0,
        message: format!("cannot open the record: {e}"),
    };
    let mut first = Vec::new();
    BufReader::new(File::open(record).map_err(error)?).read_until(b'\n', &mut first).map_err(error)?;
    Ok(Sha256::digest(&first).iter().map(|byte| format!("{byte:02x}")).collect())
}
