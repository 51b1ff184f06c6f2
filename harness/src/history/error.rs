//! [`HistoryError`]: why there is no history. It never fails a run.

use std::fmt;

#[derive(Debug)]
pub enum HistoryError {
    /// What is stored is not what this version stores: an index file is made again from the records.
    Broken(String),
    /// The database cannot be used: no server, no permission, busy for too long.
    Unusable(String),
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Broken(why) => write!(f, "it cannot be read: {why}"),
            Self::Unusable(why) => f.write_str(why),
        }
    }
}

impl std::error::Error for HistoryError {}
