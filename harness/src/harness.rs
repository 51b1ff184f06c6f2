//! A suite as a `harness = false` test target of cargo.
//!
//! ```no_run
//! fn main() -> std::process::ExitCode {
//!     proofmark::harness::main(env!("CARGO_MANIFEST_DIR"))
//! }
//! ```

use crate::cli;
use libtest_mimic::Arguments;
use std::path::Path;
use std::process::ExitCode;

/// Runs the suite in a folder with libtest's command line. `PROOFMARK_TARGET` chooses the target. Listing starts no
/// server and sends nothing.
pub fn main(suite: impl AsRef<Path>) -> ExitCode {
    cli::test_target(suite.as_ref(), &Arguments::from_args())
}
