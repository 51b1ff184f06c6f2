//! `mutate`.

use super::shared::{CallbackArguments, SuiteArguments};
use super::values::{level, rate};
use crate::model::level::Level;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

pub(super) const MUTATE_HELP: &str = "\
Examples:
  proofmark mutate                                  every answer of a run against the embedded sandbox
  proofmark mutate --api cube --target staging      answers of one API of a target
  proofmark mutate order/ --operator numbers        some trials, one family of defects
  proofmark mutate --list                           every defect, with an example
  proofmark mutate --equivalent                     mutants that are no defects, and why
  proofmark mutate --min 0.99                       fail when an API notices less than 99 %
  proofmark mutate --write                          raise the floors in mutation.yaml

Exit status:
  0  every API notices what `--min` and mutation.yaml ask
  1  an API notices less
  2  no trial passed, so that there is nothing to mutate
  3  the command line or the suite is wrong; nothing was sent";

#[derive(Debug, Clone, Args)]
pub struct MutateArguments {
    /// Only trials whose names contain one of these.
    pub filter: Vec<String>,
    #[command(flatten)]
    pub suite: SuiteArguments,
    /// Leave out trials whose names contain this.
    #[arg(long, value_name = "FILTER")]
    pub skip: Vec<String>,
    /// Only cases with one of these tags.
    #[arg(long)]
    pub tag: Vec<String>,
    /// Only these defects, or families of them.
    #[arg(long, value_name = "OPERATOR")]
    pub operator: Vec<String>,
    /// Print the defects with an example of each, and run nothing.
    #[arg(long)]
    pub list: bool,
    /// Print the mutants that are no defects, and why.
    #[arg(long)]
    pub equivalent: bool,
    /// The lowest level of a finding that counts as noticing; with `must`, only what fails a run.
    #[arg(long, value_parser = level)]
    pub level: Option<Level>,
    /// Judge this share of the mutants, drawn by the seed from every operator, field and answer.
    #[arg(long, value_name = "SHARE", value_parser = rate)]
    pub sample: Option<f64>,
    /// Compare with snapshots of the answers, too: they notice nearly everything, and say little of what is right.
    #[arg(long)]
    pub snapshots: bool,
    /// Judge every mutant a second time, with nothing taken over from its answer, and fail where the verdicts differ.
    #[arg(long)]
    pub verify: bool,
    /// Run the suite against mutants that come over HTTP, and fail where a verdict is not the offline one.
    #[arg(long, conflicts_with_all = ["min", "write", "html", "equivalent", "verify", "level"])]
    pub http: bool,
    /// Fail when an API notices a smaller share than this, between 0 and 1.
    #[arg(long, value_name = "RATE", value_parser = rate)]
    pub min: Option<f64>,
    /// Raise the floors in the suite's mutation.yaml to what was measured.
    #[arg(long)]
    pub write: bool,
    /// What is printed.
    #[arg(long, value_enum, default_value_t = MutateFormat::Pretty)]
    pub format: MutateFormat,
    /// Write a page with a heat map of fields and defects.
    #[arg(long, value_name = "FILE")]
    pub html: Option<PathBuf>,
    /// Random values of cases and of the sandbox follow from this number.
    #[arg(long, default_value_t = 1)]
    pub seed: u64,
    /// Trials at a time.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub jobs: Option<u64>,
    #[command(flatten)]
    pub callbacks: CallbackArguments,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MutateFormat {
    /// Rates, and survivors with what would notice them.
    Pretty,
    /// Everything that was counted.
    Json,
}
