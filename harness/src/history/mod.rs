//! Runs that are over: what their records say of them in short, and which of them belong together.

mod commit;
mod past;
mod summary;

pub use commit::commit;
pub use past::{folders, latest_green, past};
pub use summary::summary;
