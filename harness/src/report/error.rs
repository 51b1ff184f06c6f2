//! [`ReportError`]: why a report could not be written.

use crate::record::ReadError;
use std::fmt;
use std::io;
use std::path::{Path, PathBuf};

/// Why a report could not be written.
#[derive(Debug)]
pub enum ReportError {
    /// The record cannot be read: file, line, and what is wrong.
    Record(ReadError),
    /// The report cannot be written; the path is empty where a renderer, which does not know it, says so.
    Write { path: PathBuf, source: io::Error },
}

impl ReportError {
    /// The error with the path of the report, where it is one of writing.
    #[must_use]
    pub fn at(self, path: &Path) -> Self {
        match self {
            Self::Record(e) => Self::Record(e),
            Self::Write { source, .. } => Self::Write { path: path.to_owned(), source },
        }
    }
}

impl fmt::Display for ReportError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Record(e) => e.fmt(f),
            Self::Write { path, source } => write!(f, "{}: cannot be written: {source}", path.display()),
        }
    }
}

impl std::error::Error for ReportError {
    fn source(&self) -> Option<&(dyn std::error::Error + 'static)> {
        match self {
            Self::Record(e) => Some(e),
            Self::Write { source, .. } => Some(source),
        }
    }
}

impl From<ReadError> for ReportError {
    fn from(e: ReadError) -> Self {
        Self::Record(e)
    }
}

impl From<io::Error> for ReportError {
    fn from(source: io::Error) -> Self {
        Self::Write { path: PathBuf::new(), source }
    }
}
