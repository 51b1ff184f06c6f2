//! Time and memory.

use crate::command::Ran;
use std::time::Duration;

/// No target gets more, whatever it sends: sixteen trials may each have an answer of 2 MiB in hand, as bytes and as text, one
/// of them as a tree too, and the allocator keeps some of what is given back.
const MEMORY: u64 = 256 << 20;

/// A trial is at most two exchanges of 1 s: on a kept connection, and again on a fresh one. The rest is for reading
/// what came, on a busy machine without optimisation.
const TRIAL: Duration = Duration::from_secs(8);

/// All behaviours one after the other, if need be.
const RUN: Duration = Duration::from_secs(60);

/// The bounds that a run went over.
pub fn broken(ran: &Ran) -> Vec<String> {
    let mut broken = Vec::new();
    if let Some(memory) = ran.peak_memory.filter(|memory| *memory >= MEMORY) {
        broken.push(format!("{} MB of memory", memory >> 20));
    }
    if ran.elapsed >= RUN {
        broken.push(format!("the run took {:?}", ran.elapsed));
    }
    for trial in ran.trials.iter().filter(|trial| trial.duration_ms >= TRIAL.as_secs_f64() * 1000.0) {
        broken.push(format!("{} took {} ms", trial.name, trial.duration_ms));
    }
    broken
}
