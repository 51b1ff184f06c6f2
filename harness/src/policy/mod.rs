//! What a run's verdict means where it has consequences: accepted deviations, trials that are tried again, what a gate
//! asks for, and the part of a plan that one of several machines runs.

mod gate;
mod known;
mod pacer;
mod pattern;
mod retry;
mod shard;
mod waivers;

pub use gate::{Baseline, Facts, Watch, decide};
pub use known::Known;
pub use pacer::Pacer;
pub use retry::{RetryPolicy, flaky, tried_before};
pub use shard::{Shard, digest, share};
pub use waivers::{Waivers, ran_out};
