//! The record of a run: `run.ndjson`, one event a line, written as it happens and the one source of every report.

mod acceptance;
mod encoded;
mod escapes;
mod event;
mod folded;
mod history;
pub mod personal;
mod read;
mod redact;
mod write;

pub use acceptance::*;
pub use event::*;
pub use history::{BaselineSummary, CauseSummary, History, RunSummary, RunVerdict};
pub use read::{ReadError, Record, RecordReader, coverage_of, later, not_an_event, read};
pub use redact::Redactor;
pub use write::Recorder;
