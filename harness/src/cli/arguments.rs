//! The command line as clap sees it.

use crate::model::level::Level;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::net::SocketAddr;
use std::path::PathBuf;
use std::time::Duration;

const EXIT_STATUSES: &str = "\
Exit status:
  0  every answer conforms
  1  at least one finding of level `must`
  2  no finding, but something could not be judged (target down, timeout, interrupted)
  3  the command line or the suite is wrong; nothing was sent";

const RUN_HELP: &str = "\
Examples:
  proofmark run                                     everything, against the embedded sandbox
  proofmark run --target staging                    a target of proofmark.yaml
  proofmark run --api cube --target http://127.0.0.1:8080/cube/v4
  proofmark run callback --level must               trials with `callback` in their name
  proofmark run --fault ivr-callback-twice          a sandbox with a defect
  proofmark run --list                              what would run

Exit status:
  0  every answer conforms
  1  at least one finding of level `must`
  2  no finding, but something could not be judged (target down, timeout, interrupted)
  3  the command line or the suite is wrong; nothing was sent";

const MUTATE_HELP: &str = "\
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

/// Makes API documents enforceable.
#[derive(Debug, Parser)]
#[command(name = "proofmark", version, about, after_help = EXIT_STATUSES, max_term_width = 100)]
pub struct Cli {
    /// When to use colours. NO_COLOR is respected.
    #[arg(long, value_enum, default_value_t = Colour::Auto, global = true)]
    pub color: Colour,
    #[command(subcommand)]
    pub command: Command,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Colour {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
pub enum Command {
    /// Send every case to a target, judge every answer, write the report.
    #[command(after_help = RUN_HELP)]
    Run(Box<RunArguments>),
    /// Change the answers of a run, one defect at a time, and tell which defects the suite would not notice.
    #[command(after_help = MUTATE_HELP)]
    Mutate(Box<MutateArguments>),
    /// Find everything that is wrong with a suite, and send nothing.
    Check(CheckArguments),
    /// Render the reports of a recorded run again.
    Report(ReportArguments),
    /// Serve the sandbox on a port.
    #[command(
        after_help = "Examples:\n  proofmark serve --port 8080\n  proofmark serve --fault list\n  proofmark serve --fault cube-language-ignored --callback-url http://127.0.0.1:9000/callback"
    )]
    Serve(ServeArguments),
    /// Print or write the JSON Schemas of the suite's files, for editors.
    Schema(SchemaArguments),
    /// Print completions for a shell.
    Completions { shell: clap_complete::Shell },
}

/// Where the suite is.
#[derive(Debug, Clone, Args)]
pub struct SuiteArguments {
    /// Folder of the suite, with its proofmark.yaml.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub suite: PathBuf,
    /// Only these APIs.
    #[arg(long, value_name = "API")]
    pub api: Vec<String>,
    /// `sandbox`, a target of proofmark.yaml, or a URL; otherwise what PROOFMARK_TARGET says.
    #[arg(long, value_name = "TARGET")]
    pub target: Option<String>,
    /// A variable of the cases; wins over the suite's and the target's.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    pub var: Vec<(String, String)>,
}

#[derive(Debug, Clone, Args)]
pub struct RunArguments {
    /// Run trials whose names contain one of these.
    pub filter: Vec<String>,
    #[command(flatten)]
    pub suite: SuiteArguments,
    /// Filters are whole names.
    #[arg(long)]
    pub exact: bool,
    /// Leave out trials whose names contain this.
    #[arg(long, value_name = "FILTER")]
    pub skip: Vec<String>,
    /// Only cases with one of these tags.
    #[arg(long)]
    pub tag: Vec<String>,
    /// Only cases of at least this level.
    #[arg(long, value_parser = level)]
    pub level: Option<Level>,
    /// Send nothing that changes the target.
    #[arg(long)]
    pub safe_only: bool,
    /// Print the trials and run none.
    #[arg(long)]
    pub list: bool,
    /// Print where every setting comes from and run nothing.
    #[arg(long)]
    pub explain: bool,
    /// Trials at a time.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub jobs: Option<u64>,
    /// Time limit of one exchange, e.g. `500ms`, `10s`.
    #[arg(long, value_parser = duration)]
    pub timeout: Option<Duration>,
    /// Largest body that is received, e.g. `64KiB`, `8MiB`.
    #[arg(long, value_parser = size, value_name = "SIZE")]
    pub max_body: Option<u64>,
    /// Begin no more trials after the first that fails.
    #[arg(long)]
    pub fail_fast: bool,
    /// What is printed while it runs.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
    /// Random values in cases follow from this number; by default another one every run.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Switch on a fault of the embedded sandbox; `list` prints them all.
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,
    /// Where to listen for callbacks.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub callback_listen: SocketAddr,
    /// The URL under which the target reaches the listener, where that differs.
    #[arg(long, value_name = "URL")]
    pub callback_url: Option<String>,
    /// Folder for records and reports, inside which the run gets one of its own.
    #[arg(long, value_name = "FOLDER")]
    pub reports: Option<PathBuf>,
    /// Write no record and no report.
    #[arg(long)]
    pub no_report: bool,
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
    /// Where to listen for callbacks.
    #[arg(long, value_name = "ADDRESS", default_value = "127.0.0.1:0")]
    pub callback_listen: SocketAddr,
    /// The URL under which the target reaches the listener, where that differs.
    #[arg(long, value_name = "URL")]
    pub callback_url: Option<String>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum MutateFormat {
    /// Rates, and survivors with what would notice them.
    Pretty,
    /// Everything that was counted.
    Json,
}

#[derive(Debug, Clone, Args)]
pub struct CheckArguments {
    #[command(flatten)]
    pub suite: SuiteArguments,
}

#[derive(Debug, Clone, Args)]
pub struct ReportArguments {
    /// Folder of a run, or its run.ndjson.
    pub run: PathBuf,
    /// Folder to write to; by default that of the run.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
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
}

#[derive(Debug, Clone, Args)]
pub struct SchemaArguments {
    /// Write the schema files into this suite instead of printing them.
    #[arg(long, value_name = "FOLDER")]
    pub write: Option<PathBuf>,
}

fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".into()),
    }
}

fn level(text: &str) -> Result<Level, String> {
    let found = Level::WORDS.iter().find(|(word, _)| *word == text.to_lowercase());
    found.map(|(_, level)| *level).ok_or_else(|| "expected `must`, `should` or `may`".into())
}

fn rate(text: &str) -> Result<f64, String> {
    let parsed = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    parsed.ok_or_else(|| "expected a rate between 0 and 1, such as `0.99`".into())
}

fn duration(text: &str) -> Result<Duration, String> {
    let parsed = crate::yaml::parse_duration(text).filter(|d| !d.is_zero());
    parsed.ok_or_else(|| "expected a duration such as `500ms` or `10s`".into())
}

fn size(text: &str) -> Result<u64, String> {
    crate::yaml::parse_size(text).ok_or_else(|| "expected a size such as `64KiB` or `8MiB`".into())
}
