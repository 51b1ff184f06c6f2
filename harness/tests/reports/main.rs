//! Reports for machines, read by what their machines read them by: the official schema of a format, or a strict reader
//! that shares no code with the writer. All are made from fresh runs: of the sandbox with faults in every API, and of a
//! target that answers with whatever could be taken for markup, commands or control characters.

mod browser;
mod ci;
mod commands;
mod ctrf;
mod gitlab;
mod har;
mod json;
mod made;
mod markdown;
mod open_metrics;
mod sarif;
mod schema;
#[allow(dead_code, unused_imports, reason = "shared with the tests of the command, which use more of it")]
#[path = "../cli/support/mod.rs"]
mod support;
mod tap;
mod written;
