//! The `proofmark` command.
#![forbid(unsafe_code)]

use std::process::ExitCode;

fn main() -> ExitCode {
    proofmark::cli::main()
}
