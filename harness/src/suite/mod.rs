//! `proofmark.yaml` and `cases/`: what we send and what the answers must be, as written. [`crate::plan`] gives them
//! their meaning.

mod case;
mod config;
mod load;
mod read_case;
mod schema;

pub use case::*;
pub use config::{Api, BaseUrls, Config, Defaults, SnapshotCases, SnapshotMode, Snapshots, Target};
pub use load::{Suite, load};
pub use read_case::{CASE_KEYS, EXPECT_KEYS, read as read_case_file};
pub use schema::{case_schema, config_schema, defects_schema};
