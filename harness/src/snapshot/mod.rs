//! Snapshots: the answers of a trial as text that people read and review, in files of insta's format.
//!
//! [`Seen`] answers are written by [`render`] with what moves from run to run taken out; [`Store`] keeps the texts under
//! `snapshots/<target>/<api>/`; [`changes`] tells how two texts differ; [`Judge`] makes findings of it.

mod change;
mod collect;
mod echo;
mod file;
mod judge;
mod moving;
mod name;
mod parse;
mod redact;
mod render;
mod seen;
mod store;
mod xml;

pub use change::{Change, changes};
pub use collect::{Collected, Collector, Kept};
pub use echo::Echoes;
pub use file::SnapshotFile;
pub use judge::{Judge, Keep, Met, Mode, Tally};
pub use moving::{Moved, Place, moving};
pub use name::Names;
pub use parse::{Section, Tree, sections};
pub use render::{DEFAULT_HEADERS, render};
pub use seen::{Seen, SeenBody, Taken};
pub use store::{Store, Stored, accept, folder_name, pending, read, remove};
