//! `proofmark.yaml` and `cases/`: what we send and what the answers must be, as written. [`crate::plan`] gives them
//! their meaning.

mod case;
mod config;
mod connection;
mod corpus;
mod files;
mod gate;
mod load;
mod personal;
mod profile;
mod read_case;
mod schema;
mod setting;
mod snapshots;
mod waivers;

pub use case::*;
pub use config::{Api, BaseUrls, Config, Defaults, Target};
pub use connection::{
    ConnectionSettings, OAuth2Settings, ProxySetting, Rate, StepAuth, TargetAuth, TlsSettings, parse_rate,
};
pub use corpus::{KnownDefect, read_corpus, write_corpus};
pub use gate::{ERRORED, Gate, LatencyBudget, Retries};
pub use load::{Suite, WAIVERS, load, load_config, load_specs};
pub use personal::PersonalData;
pub use profile::{FuzzPhase, FuzzProfile, Profile};
pub use read_case::{CASE_KEYS, EXPECT_KEYS, read as read_case_file};
pub use schema::{case_schema, config_schema, defects_schema, waivers_schema};
pub use setting::Setting;
pub use snapshots::{SnapshotCases, SnapshotMode, Snapshots};
pub use waivers::{FindingPattern, Waiver, WaiverFile};
