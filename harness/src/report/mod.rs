//! Reports of a record: `report.html` for people, and a format for every machine that wants one.
//!
//! A renderer reads `run.ndjson` and writes one file; it sends nothing and judges nothing. The record is read once for
//! an index (who failed, which findings have a common cause), which keeps about 100 bytes a trial, and then trial by
//! trial, in the order of each report. Memory does not grow with the size of the exchanges.
//!
//! Whatever comes from a record is hostile: it is escaped for the format it is written into, and characters that
//! cannot be seen are replaced by symbols (`visible`), or written as escapes where a value must stay what it is
//! (`json_text`).

mod acceptance;
mod clock;
mod ctrf;
mod error;
mod evidence;
mod github;
mod gitlab;
mod har;
mod html;
mod index;
mod issue;
mod json;
mod json_text;
mod junit;
mod markdown;
mod measures;
mod overview;
mod pretty;
mod prometheus;
mod regression;
mod render;
mod rules;
mod sarif;
mod shell;
mod sources;
mod tap;
mod url;
mod visible;

#[cfg(test)]
pub(crate) mod fixture;
#[cfg(test)]
mod tests;

pub use acceptance::{Dossier, Tests};
pub use error::ReportError;
pub use html::write_mutation_html;
pub use regression::write_regression_html;
pub use render::Report;
pub use sources::Sources;
