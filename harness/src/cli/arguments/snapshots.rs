//! `review`, `learn` and `snapshots`.

use super::shared::SuiteArguments;
use super::values::pause;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

pub(super) const REVIEW_HELP: &str = "\
Examples:
  proofmark run --snapshots review                  compare; what is new or changed waits
  proofmark review                                  look at each, on a terminal
  proofmark review --list cube::                    what waits, of one API
  proofmark review --accept refused                 accept trials with `refused` in their name

The files are in insta's format: `cargo insta review` works on them as well.

Exit status:
  0  done
  2  a file cannot be read or written; the others are done
  3  the command line is wrong, or there is no terminal to ask on";

pub(super) const LEARN_HELP: &str = "\
Examples:
  proofmark learn --target staging                  a patch for specs/, on standard output
  proofmark learn --target staging | patch -p1
  proofmark learn --target staging --write          change specs/ at once
  proofmark learn --mutating                        of the sandbox, send everything

Only trials that pass teach anything. What moves once a day is not found in a minute: declare it yourself.

Exit status:
  0  done; there may be nothing to propose
  2  no answer, or a spec that has to be changed by hand
  3  the command line or the suite is wrong; nothing was sent";

pub(super) const SNAPSHOTS_HELP: &str = "\
Examples:
  proofmark snapshots --unreferenced list           snapshots that no case of the suite has
  proofmark snapshots --unreferenced delete --api cube

A snapshot is referenced when the suite has its trial, whatever a run selects. Folders of targets that are URLs are kept.

Exit status:
  0  done
  2  a file cannot be read or removed
  3  the command line or the suite is wrong";

#[derive(Debug, Clone, Args)]
pub struct ReviewArguments {
    /// Only trials whose names, or files whose paths, contain one of these.
    pub filter: Vec<String>,
    /// Folder of the suite.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub suite: PathBuf,
    /// Accept all of them.
    #[arg(long, conflicts_with_all = ["reject", "list"])]
    pub accept: bool,
    /// Reject all of them: what waits is removed.
    #[arg(long, conflicts_with = "list")]
    pub reject: bool,
    /// Print what waits, and what differs.
    #[arg(long)]
    pub list: bool,
}

#[derive(Debug, Clone, Args)]
pub struct LearnArguments {
    /// Send trials whose names contain one of these.
    pub filter: Vec<String>,
    #[command(flatten)]
    pub suite: SuiteArguments,
    /// How often each request is sent.
    #[arg(long, value_name = "N", default_value_t = 3, value_parser = clap::value_parser!(u64).range(2..=100))]
    pub times: u64,
    /// Pause between two rounds: what is counted in seconds moves too.
    #[arg(long, value_name = "DURATION", default_value = "1100ms", value_parser = pause)]
    pub pause: Duration,
    /// Also send trials that change the target.
    #[arg(long)]
    pub mutating: bool,
    /// Trials at a time.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub jobs: Option<u64>,
    /// Change the specs instead of printing a patch.
    #[arg(long)]
    pub write: bool,
}

#[derive(Debug, Clone, Args)]
pub struct SnapshotsArguments {
    #[command(flatten)]
    pub suite: SuiteArguments,
    /// Snapshots that belong to no case: print or remove them.
    #[arg(long, value_enum, value_name = "WHAT")]
    pub unreferenced: Unreferenced,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Unreferenced {
    List,
    Delete,
}
