//! The history of one folder of runs, in a file beside them. It has nothing that the records have not: what is wrong
//! with it is mended by reading them again.

use super::database::Database;
use super::error::HistoryError;
use super::sqlite::Sqlite;
use super::store::{Kept, put, remove};
use super::{folders, schema, summary, trials};
use crate::record::ReadError;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::time::{Duration, Instant, UNIX_EPOCH};

/// Its name in the folder of the runs.
pub const FILE: &str = "history.sqlite";

/// What bringing an index up to date came to.
#[derive(Debug, Default)]
pub struct Brought {
    pub added: usize,
    pub removed: usize,
    /// Records that were not read, as there was no more time.
    pub left: usize,
    /// Records that cannot be read.
    pub unreadable: Vec<ReadError>,
    /// Why the index was made anew.
    pub remade: Option<String>,
}

/// Opens the index of a folder of runs, brings it up to date, and does something with it. One that is damaged or of
/// another version is made again. `writing`: a run that is still written, which is left as it is. `time`: how long
/// records may be read.
pub fn with_index<T>(
    reports: &Path,
    writing: Option<&str>,
    time: Option<Duration>,
    work: impl Fn(&mut dyn Database) -> Result<T, HistoryError>,
) -> Result<(T, Brought), HistoryError> {
    let path = reports.join(FILE);
    let attempt = || {
        let mut database = Sqlite::open(&path)?;
        schema::prepare(&mut database)?;
        let brought = bring(&mut database, reports, writing, time)?;
        Ok((work(&mut database)?, brought))
    };
    match attempt() {
        Err(HistoryError::Broken(why)) => {
            discard(&path);
            let (done, brought) = attempt()?;
            Ok((done, Brought { remade: Some(why), ..brought }))
        }
        done => done,
    }
}

/// The same where nothing can be written beside the records: from all records, in memory.
pub fn without_index<T>(
    reports: &Path,
    work: impl Fn(&mut dyn Database) -> Result<T, HistoryError>,
) -> Result<(T, Brought), HistoryError> {
    let mut database = Sqlite::in_memory()?;
    schema::prepare(&mut database)?;
    let brought = bring(&mut database, reports, None, None)?;
    Ok((work(&mut database)?, brought))
}

fn discard(path: &Path) {
    for suffix in ["-wal", "-shm", ""] {
        let mut name = path.as_os_str().to_owned();
        name.push(suffix);
        let _ = std::fs::remove_file(PathBuf::from(name));
    }
}

/// Adds the records that the index does not have as they are, the latest first, and drops those that are gone.
fn bring(
    database: &mut dyn Database,
    reports: &Path,
    writing: Option<&str>,
    time: Option<Duration>,
) -> Result<Brought, HistoryError> {
    let begun = Instant::now();
    let mut known: HashMap<String, String> = HashMap::new();
    for mut row in database.query("SELECT key, stamp FROM proofmark_runs", &[])? {
        known.insert(row.text()?, row.text()?);
    }
    let mut brought = Brought::default();
    for folder in folders(reports) {
        let Some(key) = folder.file_name().and_then(|name| name.to_str()).map(str::to_owned) else {
            continue;
        };
        let record = folder.join("run.ndjson");
        let Some(stamp) = stamp(&record) else { continue };
        if known.remove(&key).is_some_and(|known| known == stamp) || writing == Some(key.as_str()) {
            continue;
        }
        if time.is_some_and(|time| begun.elapsed() > time) {
            brought.left += 1;
            continue;
        }
        match kept(key, stamp, &record) {
            Ok(kept) => {
                put(database, &kept)?;
                brought.added += 1;
            }
            Err(e) => brought.unreadable.push(e),
        }
    }
    brought.removed = known.len();
    remove(database, &known.into_keys().collect::<Vec<_>>())?;
    Ok(brought)
}

/// Reads a record for a history.
pub fn kept(key: String, stamp: String, record: &Path) -> Result<Kept, ReadError> {
    Ok(Kept { key, stamp, summary: summary(record)?, trials: trials(record)? })
}

/// Size and time of a file: records only grow, and are not written again.
fn stamp(record: &Path) -> Option<String> {
    let about = std::fs::metadata(record).ok()?;
    let changed = about.modified().ok()?.duration_since(UNIX_EPOCH).unwrap_or_default();
    Some(format!("{} {}", about.len(), changed.as_nanos()))
}
