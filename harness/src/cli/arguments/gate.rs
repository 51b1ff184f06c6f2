//! `gate` and `waive`.

use clap::{Args, ValueEnum};
use std::path::PathBuf;

#[derive(Debug, Clone, Args)]
pub struct GateArguments {
    /// The run: its folder, its name, or the latest.
    #[arg(default_value = "latest")]
    pub run: PathBuf,
    /// The suite's folder, for the policy.
    #[arg(long, default_value = ".")]
    pub suite: PathBuf,
    /// Folder of runs; by default `reports` in the suite's folder.
    #[arg(long)]
    pub reports: Option<PathBuf>,
    /// Ask for no finding that this run does not have; wins over `baseline` of the policy.
    #[arg(long, value_name = "RUN")]
    pub baseline: Option<PathBuf>,
    /// How it is printed.
    #[arg(long, value_enum, default_value_t = GateFormat::Pretty)]
    pub format: GateFormat,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum GateFormat {
    Pretty,
    Json,
}

#[derive(Debug, Clone, Args)]
pub struct WaiveArguments {
    /// Its number in the terminal and in the report.
    pub problem: usize,
    /// The last day on which it is accepted.
    #[arg(long, value_name = "YYYY-MM-DD")]
    pub until: jiff::civil::Date,
    /// Why it is accepted.
    #[arg(long)]
    pub reason: String,
    /// Who answers for it.
    #[arg(long)]
    pub owner: String,
    /// Where it is tracked.
    #[arg(long)]
    pub ticket: Option<String>,
    /// The run that has it: a folder, or the latest.
    #[arg(long, default_value = "latest")]
    pub run: PathBuf,
    /// Folder of the suite, with its proofmark.yaml.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub suite: PathBuf,
}
