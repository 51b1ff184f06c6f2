//! The words of proofmark as plain data. Imports nothing from the rest of the crate.

pub mod exchange;
pub mod finding;
pub mod level;
pub mod problem;
pub mod report_format;
pub mod source;
pub mod verdict;
pub mod visible;
