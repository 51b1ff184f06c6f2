//! `fuzz`.

use super::shared::{ConductArguments, SuiteArguments};
use super::values::{duration, per_second, phase};
use crate::fuzz::Phase;
use clap::Args;
use std::path::PathBuf;
use std::time::Duration;

pub(super) const FUZZ_HELP: &str = "\
Examples:
  proofmark fuzz                                    every operation, against the embedded sandbox
  proofmark fuzz --api cube --seed 7                one API, with the same random values again
  proofmark fuzz --max-time 30s --rate 50           half a minute, no more than 50 requests a second
  proofmark fuzz --target staging --safe-only       a target of proofmark.yaml, nothing that changes it
  proofmark fuzz --phases boundaries --jobs 1       one deviation after the other
  proofmark fuzz --operation orderPackage --probe fuzz/order_period
  proofmark fuzz --spec openapi.yaml --target http://127.0.0.1:8080 --header 'Authorization: Bearer ${TOKEN}'

Every operation starts from a request of the suite's own cases that the target accepts; each deviation changes one
place of it, and signs it again. A deviation must be refused only where it breaks a constraint of the contract.
Operations take turns: a budget goes first to what nothing is known of.

Exit status:
  0  no defect was found
  1  at least one defect of level `must`
  2  nothing was found, but something could not be judged (target down, interrupted, no request to start from)
  3  the command line or the suite is wrong; nothing was sent";

#[derive(Debug, Clone, Args)]
#[command(mut_arg("jobs", |jobs| jobs.help("Requests at a time").alias("concurrency")))]
#[command(mut_arg("seed", |seed| seed.help("Random values follow from this number; by default another one every time")))]
pub struct FuzzArguments {
    #[command(flatten)]
    pub suite: SuiteArguments,
    /// An OpenAPI 3.0 or 3.1 document to fuzz without a suite; `--target` is its URL.
    #[arg(long, value_name = "FILE", conflicts_with = "api")]
    pub spec: Option<PathBuf>,
    /// A header of every request; `${NAME}` in it is an environment variable, and a secret.
    #[arg(long, value_name = "NAME: VALUE", requires = "spec")]
    pub header: Vec<String>,
    /// Only this operation, by its operationId.
    #[arg(long, value_name = "OPERATION")]
    pub operation: Vec<String>,
    /// What to do: `examples`, `boundaries`, `generated`, `sequences`.
    #[arg(long, value_name = "PHASES", value_delimiter = ',', value_parser = phase, default_value = "examples,boundaries,generated,sequences")]
    pub phases: Vec<Phase>,
    /// Only deviations with this in their name, as the findings show it.
    #[arg(long, value_name = "NAME")]
    pub probe: Vec<String>,
    /// Generated requests an operation; by default up to 100, and fewer where they show nothing new.
    #[arg(long, value_name = "N")]
    pub cases: Option<usize>,
    /// Send no more requests than this, those of set-up and replays too.
    #[arg(long, value_name = "N")]
    pub max_requests: Option<usize>,
    /// Begin nothing after this time, e.g. `30s`.
    #[arg(long, alias = "time", value_parser = duration)]
    pub max_time: Option<Duration>,
    /// Fuzz no further operation when so many defects are found.
    #[arg(long, value_name = "N")]
    pub max_defects: Option<usize>,
    /// Requests a second at most.
    #[arg(long, value_name = "N", value_parser = per_second)]
    pub rate: Option<f64>,
    #[command(flatten)]
    pub conduct: ConductArguments,
    /// Send nothing that changes the target.
    #[arg(long, alias = "only-safe")]
    pub safe_only: bool,
    /// Neither replay what `fuzz/<api>.yaml` has nor write it.
    #[arg(long)]
    pub no_corpus: bool,
    /// Write no record and no report.
    #[arg(long)]
    pub no_report: bool,
}
