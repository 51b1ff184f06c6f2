//! The harness against hostile targets.

#[path = "../hostile/mod.rs"]
mod hostile;
