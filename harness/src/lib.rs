//! Proofmark makes API documents enforceable: it sends every documented request to a target, judges every answer by the
//! contract, and writes evidence. See ARCHITECTURE.md for the pipeline; modules import only from those above them.
#![forbid(unsafe_code)]
#![warn(clippy::print_stdout, clippy::print_stderr)]

pub mod bundle;
pub mod callback;
pub mod check;
pub mod cli;
pub mod compare;
pub mod contract;
pub mod coverage;
pub mod diff;
pub mod engine;
pub mod examples;
pub mod expr;
pub mod fuzz;
pub mod harness;
pub mod history;
pub mod http;
pub mod model;
pub mod mutate;
pub mod plan;
pub mod policy;
pub mod problem;
pub mod record;
pub mod report;
pub mod snapshot;
pub mod suite;
pub mod xml;
pub mod yaml;
