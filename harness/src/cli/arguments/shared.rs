//! What several commands take: the suite and its target, how a run is made, where callbacks come in.

use super::values::{duration, variable};
use clap::{Args, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

/// The suite, and what it is run against.
#[derive(Debug, Clone, Args)]
pub struct TargetArguments {
    /// Folder of the suite, with its proofmark.yaml.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub suite: PathBuf,
    /// `sandbox`, a target of proofmark.yaml, or a URL; otherwise what PROOFMARK_TARGET says.
    #[arg(long, value_name = "TARGET")]
    pub target: Option<String>,
    /// A variable of the cases; wins over the suite's and the target's.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    pub var: Vec<(String, String)>,
}

/// The same, and which APIs of it.
#[derive(Debug, Clone, Args)]
pub struct SuiteArguments {
    #[command(flatten)]
    pub of: TargetArguments,
    /// Only these APIs.
    #[arg(long, value_name = "API")]
    pub api: Vec<String>,
}

impl SuiteArguments {
    /// Those APIs of the suite in a folder; all of them, where none is named.
    pub fn of_folder(suite: PathBuf, api: Vec<String>) -> Self {
        Self { of: TargetArguments { suite, target: None, var: Vec::new() }, api }
    }
}

/// How a run is made, and where it is written.
#[derive(Debug, Clone, Args)]
pub struct ConductArguments {
    /// Trials at a time.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub jobs: Option<u64>,
    /// Time limit of one exchange, e.g. `500ms`, `10s`.
    #[arg(long, value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Random values in cases follow from this number; by default another one every run.
    #[arg(long)]
    pub seed: Option<u64>,
    /// What is printed while it runs.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
    /// Switch on a fault of the embedded sandbox; `list` prints them all.
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,
    /// Folder for records and reports, inside which the run gets one of its own.
    #[arg(long, value_name = "FOLDER")]
    pub reports: Option<PathBuf>,
}

/// Where callbacks come in.
#[derive(Debug, Clone, Args)]
pub struct CallbackArguments {
    /// Where to listen for callbacks.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub callback_listen: SocketAddr,
    /// The URL under which the target reaches the listener, where that differs.
    #[arg(long, value_name = "URL")]
    pub callback_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Format {
    /// A line a trial, failures with their evidence.
    Pretty,
    /// A character a trial.
    Terse,
    /// The events of the record, one a line.
    Json,
}
