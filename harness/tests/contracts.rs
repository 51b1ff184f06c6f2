//! The suite of this repository as a test target: `cargo test` and `cargo nextest run` run every case against the
//! embedded sandbox, with their own filters, partitions and retries.

use std::process::ExitCode;

fn main() -> ExitCode {
    proofmark::harness::main(env!("CARGO_MANIFEST_DIR"))
}
