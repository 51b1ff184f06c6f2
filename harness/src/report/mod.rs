//! Reports of a record: `report.html` for people, `junit.xml` for machines.
//!
//! A renderer reads `run.ndjson` and writes one file; it sends nothing and judges nothing. The record is read twice:
//! once for an index (who failed, which findings have a common cause), which keeps about 100 bytes a trial, and once
//! more trial by trial, in the order of the report. Memory does not grow with the size of the exchanges.
//!
//! Whatever comes from a record is hostile: it is escaped for the format it is written into, and characters that
//! cannot be seen are replaced by symbols ([`visible`]).

mod error;
mod html;
mod index;
mod junit;
mod pretty;
mod shell;
mod visible;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

pub use error::ReportError;
pub use html::{write_html, write_mutation_html};
pub use junit::write_junit;
