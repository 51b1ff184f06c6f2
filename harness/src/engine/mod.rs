//! Running a plan: trials become `libtest_mimic` trials, and every one that ends is an event.

mod auth;
mod callback;
mod circuit;
mod context;
mod delivery;
mod evidence;
mod fuzz;
mod judgement;
mod large;
mod run;
mod step;
mod throttle;
mod trial;
mod worker;

pub use auth::{Authentication, Source, TokenSource};
pub use circuit::Circuit;
pub use context::{RunContext, Stop};
pub use evidence::{Evidence, EvidenceOf};
pub use fuzz::{Campaign, Cases, Ended as FuzzEnded, Fuzzed, Limits as FuzzLimits, fuzz};
pub use judgement::{Judged, Sent};
pub use run::{Observer, Outcome, quiet, run};
pub use throttle::{Throttle, Waited};
