//! The command line as clap sees it.

use crate::fuzz::Phase;
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
  proofmark run --rerun-failed                      what did not pass the last time
  proofmark run --shard 3/8                         a third of eight machines (then `proofmark merge`)
  proofmark run --gate                              pass or fail by the policy in proofmark.yaml

Exit status:
  0  every answer conforms
  1  at least one finding of level `must`
  2  no finding, but something could not be judged (target down, timeout, interrupted)
  3  the command line or the suite is wrong; nothing was sent";

const EXAMPLES_HELP: &str = "\
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

const FUZZ_HELP: &str = "\
Examples:
  proofmark fuzz                                    every operation, against the embedded sandbox
  proofmark fuzz --api cube --seed 7                one API, with the same random values again
  proofmark fuzz --operation ivrchaxun --time 30s   one operation, for half a minute
  proofmark fuzz --target staging --only-safe       a target of proofmark.yaml, nothing that changes it
  proofmark fuzz --phases boundaries --jobs 1       one deviation after the other
  proofmark fuzz --operation orderPackage --probe fuzz/order_period

Every operation starts from a request of the suite's own cases that the target accepts; each deviation changes one
place of it, and signs it again. A deviation must be refused only where it breaks a constraint of the contract.

Exit status:
  0  no defect was found
  1  at least one defect of level `must`
  2  nothing was found, but something could not be judged (target down, interrupted, no request to start from)
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
    /// Find everything that is wrong with a suite, and send nothing.
    Check(CheckArguments),
    /// Judge the documented examples by the specs' own checks and rules, and send nothing.
    #[command(after_help = EXAMPLES_HELP)]
    Examples(ExamplesArguments),
    /// Send deviations from good requests and find what the documents did not think of.
    #[command(after_help = FUZZ_HELP)]
    Fuzz(Box<FuzzArguments>),
    /// Render the reports of a recorded run again.
    Report(ReportArguments),
    /// Join the records of all shards of a run into one.
    #[command(after_help = "Examples:\n  proofmark merge reports/shard-* --out reports/merged")]
    Merge(MergeArguments),
    /// Accept a problem of a run until a day, in waivers.yaml.
    #[command(
        after_help = "Examples:\n  proofmark waive 1 --until 2026-12-31 --owner ops@example.com --reason \"fixed in 2.3\" --ticket PM-12"
    )]
    Waive(WaiveArguments),
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
    /// Only the trials that did not pass in an earlier run: its folder, or the latest.
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = "latest")]
    pub rerun_failed: Option<PathBuf>,
    /// One of several parts of the plan, such as `3/8`; `auto` takes it from the CI system's variables.
    #[arg(long, value_name = "I/N")]
    pub shard: Option<String>,
    /// Make shards that take equally long by the times of this run, or the latest.
    #[arg(long, value_name = "RUN", num_args = 0..=1, default_missing_value = "latest", requires = "shard")]
    pub durations: Option<PathBuf>,
    /// Try trials that are not judged again so often; proofmark.yaml's `retries` says which others.
    #[arg(long, value_name = "N", value_parser = clap::value_parser!(u64).range(0..=10))]
    pub retries: Option<u64>,
    /// Decide by `gate` of proofmark.yaml; the last line says which clause did.
    #[arg(long)]
    pub gate: bool,
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

#[derive(Debug, Clone, Args)]
pub struct FuzzArguments {
    #[command(flatten)]
    pub suite: SuiteArguments,
    /// Only this operation, by its operationId.
    #[arg(long, value_name = "OPERATION")]
    pub operation: Vec<String>,
    /// What to do: `examples`, `boundaries`, `generated`.
    #[arg(long, value_name = "PHASES", value_delimiter = ',', value_parser = phase, default_value = "examples,boundaries,generated")]
    pub phases: Vec<Phase>,
    /// Only deviations with this in their name, as the findings show it.
    #[arg(long, value_name = "NAME")]
    pub probe: Vec<String>,
    /// Generated requests an operation.
    #[arg(long, value_name = "N")]
    pub cases: Option<usize>,
    /// Begin nothing after this time, e.g. `30s`.
    #[arg(long, value_parser = duration)]
    pub time: Option<Duration>,
    /// Requests at a time.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub jobs: Option<u64>,
    /// Send nothing that changes the target.
    #[arg(long)]
    pub only_safe: bool,
    /// Random values follow from this number; by default another one every time.
    #[arg(long)]
    pub seed: Option<u64>,
    /// Time limit of one exchange, e.g. `500ms`, `10s`.
    #[arg(long, value_parser = duration)]
    pub timeout: Option<Duration>,
    /// What is printed while it runs.
    #[arg(long, value_enum, default_value_t = Format::Pretty)]
    pub format: Format,
    /// Switch on a fault of the embedded sandbox; `list` prints them all.
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,
    /// Folder for records and reports, inside which the run gets one of its own.
    #[arg(long, value_name = "FOLDER")]
    pub reports: Option<PathBuf>,
    /// Neither replay what `fuzz/<api>.yaml` has nor write it.
    #[arg(long)]
    pub no_corpus: bool,
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
pub struct ReportArguments {
    /// Folder of a run, or its run.ndjson.
    pub run: PathBuf,
    /// Folder to write to; by default that of the run.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct MergeArguments {
    /// Folders of the shards' runs, or their run.ndjson.
    #[arg(required = true, value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Folder for the joined record and its reports.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: PathBuf,
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

fn phase(text: &str) -> Result<Phase, String> {
    let found = Phase::WORDS.iter().find(|(word, _)| *word == text);
    found.map(|(_, phase)| *phase).ok_or_else(|| "expected `examples`, `boundaries` or `generated`".into())
}

fn level(text: &str) -> Result<Level, String> {
    let found = Level::WORDS.iter().find(|(word, _)| *word == text.to_lowercase());
    found.map(|(_, level)| *level).ok_or_else(|| "expected `must`, `should` or `may`".into())
}

fn duration(text: &str) -> Result<Duration, String> {
    let parsed = crate::yaml::parse_duration(text).filter(|d| !d.is_zero());
    parsed.ok_or_else(|| "expected a duration such as `500ms` or `10s`".into())
}

fn size(text: &str) -> Result<u64, String> {
    crate::yaml::parse_size(text).ok_or_else(|| "expected a size such as `64KiB` or `8MiB`".into())
}
