//! The events of a record, format version 1. A record is a text file of JSON objects, one a line (NDJSON):
//! one `run-started`, any number of `trial-finished`, at most one `coverage`, at most one `run-finished`, at most one
//! `history`. A record without `run-finished` was cut short: every trial in it is complete all the same.

mod coverage;
mod exchange;
mod finished;
mod gate;
mod started;
mod trial;

pub use coverage::{ApiCoverage, Coverage, Documented, KindCoverage, Untouched};
pub use exchange::{BodyRecord, CallbackRecord, ErrorRecord, RequestRecord, ResponseRecord};
pub use finished::{Counts, RunFinished, WaitedSummary};
pub use gate::{Clause, GateDecision};
pub use started::{ApiSummary, DocumentedAnswer, OperationSummary, RunStarted, ShardSummary, WaiverSummary};
pub use trial::{Attempt, Postponed, Role, StepRecord, TrialFinished};

use super::history::History;
use serde::{Deserialize, Serialize};

/// The version of the format that this crate writes. Readers refuse a higher one.
pub const VERSION: u32 = 1;

/// One line of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    RunStarted(Box<RunStarted>),
    TrialFinished(Box<TrialFinished>),
    Coverage(Box<Coverage>),
    RunFinished(RunFinished),
    /// What came before the run: the strip of the last runs, and what changed since the baseline.
    History(Box<History>),
}
