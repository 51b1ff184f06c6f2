//! Running a plan: trials become `libtest_mimic` trials, and every one that ends is an event.

mod callback;
mod context;
mod fuzz;
mod large;
mod run;
mod step;
mod trial;
mod worker;

pub use context::{RunContext, Stop};
pub use fuzz::{Campaign, Fuzzed, fuzz};
pub use run::{Observer, Outcome, run};
