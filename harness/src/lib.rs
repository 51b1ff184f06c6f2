//! Proofmark makes API documents enforceable: it sends every documented request to a target, judges every answer by the
//! contract, and writes evidence. See ARCHITECTURE.md for the pipeline; modules import only from those above them.
#![forbid(unsafe_code)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod model;
pub mod yaml;
pub mod xml;
pub mod expr;
pub mod contract;
pub mod http;
pub mod suite;
pub mod record;
pub mod check;
pub mod plan;
pub mod callback;
pub mod engine;
pub mod report;
pub mod cli;
pub mod harness;
