//! What looks at a suite and sends nothing, and `serve`.

use super::shared::SuiteArguments;
use super::values::{rate, ratio};
use clap::Args;
use std::net::SocketAddr;
use std::path::PathBuf;

pub(super) const CHECK_HELP: &str = "\
Examples:
  proofmark check                            every mistake at once, with file, line and the nearest valid name
  proofmark check --api cube                 one API of the suite
  proofmark check --target staging           with the variables of that target

Exit status:
  0  nothing is wrong
  3  something is, listed with file:line:column; or the command line is wrong";

pub(super) const SCHEMA_HELP: &str = "\
Examples:
  proofmark schema --write .                 *.schema.json beside the files of the suite: editors complete and validate
  proofmark schema                           the same on standard output";

pub(super) const COMPLETIONS_HELP: &str = "\
Examples:
  proofmark completions bash > ~/.local/share/bash-completion/completions/proofmark
  proofmark completions zsh > ~/.zfunc/_proofmark
  proofmark completions fish > ~/.config/fish/completions/proofmark.fish";

pub(super) const EXAMPLES_HELP: &str = "\
Examples:
  proofmark examples                 every API: rule by rule, how many documented examples hold it
  proofmark examples --api cube
  proofmark examples --json          the same for machines

An example that breaks a check or a rule says so beside its value:
  x-proofmark: { breaks: [page-size], because: The document shows 11 rows of 10. }
A rule may say how many examples hold it: `holds: 12`.

Exit status:
  0  the specs say of their examples what was measured
  1  they say something else, listed with file:line:column
  3  the command line or the suite is wrong";

pub(super) const COVERAGE_HELP: &str = "\
Examples:
  proofmark coverage --docs                          of the latest run; without one, of the plan
  proofmark coverage --docs reports/20261122-101530-084-4711
  proofmark coverage --docs --api cube --min 1.0     for CI
  proofmark coverage --docs --json

What no case can touch says why, on the operation, parameter, schema, code or example:
  x-proofmark: { untested: The document shows no request for it. }
  x-proofmark: { untested: { \"2\": Only operations staff set it. } }      one value of an enum
  x-proofmark: { untested: { order.paytime: It is not paid yet. } }      fields of one operation

Exit status:
  0  the coverage was shown, and is at least `--min` everywhere
  1  something is below `--min`
  2  `--min` cannot be told: there is no run
  3  the command line or the suite is wrong";

#[derive(Debug, Clone, Args)]
pub struct CheckArguments {
    #[command(flatten)]
    pub suite: SuiteArguments,
}

#[derive(Debug, Clone, Args)]
pub struct ExamplesArguments {
    /// Folder of the suite, with its proofmark.yaml.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub suite: PathBuf,
    /// Only these APIs.
    #[arg(long, value_name = "API")]
    pub api: Vec<String>,
    /// Print JSON instead of tables.
    #[arg(long)]
    pub json: bool,
}

#[derive(Debug, Clone, Args)]
pub struct CoverageArguments {
    /// Of the documents: operations, parameters, answer fields, codes, values, examples.
    #[arg(long, required = true)]
    pub docs: bool,
    /// Folder of a run, or its run.ndjson; by default the latest run of the suite.
    pub run: Option<PathBuf>,
    /// Folder of the suite, with its proofmark.yaml.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub suite: PathBuf,
    /// Only these APIs.
    #[arg(long, value_name = "API")]
    pub api: Vec<String>,
    /// Exit with 1 where less than this part of a kind is touched or explained, e.g. `1.0`.
    #[arg(long, value_name = "RATIO", value_parser = ratio)]
    pub min: Option<f64>,
    /// Print JSON instead of tables.
    #[arg(long)]
    pub json: bool,
    /// Folder of the runs.
    #[arg(long, value_name = "FOLDER")]
    pub reports: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct ServeArguments {
    /// Port of 127.0.0.1; 0 takes a free one.
    #[arg(long, short, default_value_t = 8080)]
    pub port: u16,
    /// Address to listen on, instead of 127.0.0.1 and `--port`.
    #[arg(long, value_name = "ADDRESS", conflicts_with = "port")]
    pub listen: Option<SocketAddr>,
    /// A defect to have; `list` prints them all.
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,
    /// Where to send callbacks.
    #[arg(long, value_name = "URL")]
    pub callback_url: Option<String>,
    /// Makes generated ids and credentials repeatable.
    #[arg(long, default_value_t = 0)]
    pub seed: u64,
    /// Serve mutants of the answers, as `proofmark mutate` judges them: which ones follows from this seed and the request.
    #[arg(long, value_name = "SEED")]
    pub mutate: Option<u64>,
    /// The share of the answers that are mutants.
    #[arg(long, value_name = "SHARE", value_parser = rate, default_value_t = 1.0, requires = "mutate")]
    pub share: f64,
    /// Only these defects, or families of them (see `proofmark mutate --list`).
    #[arg(long, value_name = "OPERATOR", requires = "mutate")]
    pub operator: Vec<String>,
    /// The suite whose specs say what an answer can be.
    #[arg(long, value_name = "FOLDER", default_value = ".", requires = "mutate")]
    pub suite: PathBuf,
}

#[derive(Debug, Clone, Args)]
pub struct SchemaArguments {
    /// Write the schema files into this suite instead of printing them.
    #[arg(long, value_name = "FOLDER")]
    pub write: Option<PathBuf>,
}
