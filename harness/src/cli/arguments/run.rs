//! `run`.

use super::shared::{CallbackArguments, ConductArguments, SuiteArguments};
use super::values::{duration, level, phase, size};
use crate::fuzz::Phase;
use crate::model::level::Level;
use crate::model::report_format::WantedReport;
use crate::suite::Rate;
use clap::{Args, ValueEnum};
use std::path::PathBuf;
use std::time::Duration;

pub(super) const RUN_HELP: &str = "\
Examples:
  proofmark run                                     everything, against the embedded sandbox
  proofmark run --target staging                    a target of proofmark.yaml
  proofmark run --api cube --target http://127.0.0.1:8080/cube/v4
  proofmark run callback --level must               trials with `callback` in their name
  proofmark run --fault ivr-callback-twice          a sandbox with a defect
  proofmark run --list                              what would run
  proofmark run --baseline latest-green             fail only for what is newly broken
  proofmark run --snapshots write                   keep the answers; later runs tell what changed
  proofmark run --rerun-failed                      what did not pass the last time
  proofmark run --shard 3/8                         a third of eight machines (then `proofmark merge`)
  proofmark run --gate                              pass or fail by the policy in proofmark.yaml
  proofmark run --fuzz --fuzz-max-time 1m           then fuzz what was run, in the same report and verdict
  proofmark run --as sarif=proofmark.sarif --as github

Exit status:
  0  every answer conforms
  1  at least one finding of level `must`
  2  no finding, but something could not be judged (target down, timeout, interrupted)
  3  the command line or the suite is wrong; nothing was sent";

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
    #[command(flatten)]
    pub conduct: ConductArguments,
    /// Largest body that is received, e.g. `64KiB`, `8MiB`.
    #[arg(long, value_parser = size, value_name = "SIZE")]
    pub max_body: Option<u64>,
    /// Send no more requests than this in a time, over all jobs, e.g. `20/s`, `300/m`.
    #[arg(long, value_parser = crate::suite::parse_rate, value_name = "RATE")]
    pub rate: Option<Rate>,
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
    #[command(flatten)]
    pub callbacks: CallbackArguments,
    /// Write this report too, to FILE (`-`: standard output) or into the run's folder: sarif, github, gitlab, tap,
    /// ctrf, har, prometheus, markdown, json (see `proofmark report --help`). Repeatable.
    #[arg(long = "as", value_name = "FORMAT[=FILE]", value_parser = WantedReport::parse, conflicts_with = "no_report")]
    pub formats: Vec<WantedReport>,
    /// Write no record and no report.
    #[arg(long)]
    pub no_report: bool,
    /// Compare with an earlier run (a folder, a name, `latest`, `latest-green`): the exit status is 1 only for what is
    /// newly broken.
    #[arg(long, value_name = "RUN", conflicts_with = "no_report")]
    pub baseline: Option<PathBuf>,
    #[command(flatten)]
    pub snapshots: SnapshotArguments,
    #[command(flatten)]
    pub fuzzing: RunFuzzArguments,
}

/// Fuzzing after the trials of a run. Seed, jobs, rate, limits and `--safe-only` are those of the run.
#[derive(Debug, Clone, Args)]
pub struct RunFuzzArguments {
    /// Fuzz the operations of these trials afterwards: what is found fails the run and stands in its reports.
    #[arg(long, conflicts_with_all = ["shard", "rerun_failed"])]
    pub fuzz: bool,
    /// What fuzzing does: `examples`, `boundaries`, `generated`, `sequences`.
    #[arg(long, value_name = "PHASES", requires = "fuzz", value_delimiter = ',', value_parser = phase, default_value = "examples,boundaries,generated,sequences")]
    pub fuzz_phases: Vec<Phase>,
    /// Generated requests an operation; by default up to 100, and fewer where they show nothing new.
    #[arg(long, value_name = "N", requires = "fuzz")]
    pub fuzz_cases: Option<usize>,
    /// Fuzz with no more requests than this, those of set-up and replays too.
    #[arg(long, value_name = "N", requires = "fuzz")]
    pub fuzz_max_requests: Option<usize>,
    /// Begin no deviation after this time of fuzzing, e.g. `30s`.
    #[arg(long, value_parser = duration, requires = "fuzz")]
    pub fuzz_max_time: Option<Duration>,
}

/// What a run does with snapshots.
#[derive(Debug, Clone, Copy, Args)]
pub struct SnapshotArguments {
    /// Compare answers with `snapshots/<target>/<api>/`; by default `review` where proofmark.yaml switches snapshots
    /// on, `check` in CI, else `off`.
    #[arg(long, value_enum, value_name = "MODE", env = "PROOFMARK_SNAPSHOTS")]
    pub snapshots: Option<SnapshotsMode>,
    /// Behave as in CI: write no snapshot. The variable CI says the same.
    #[arg(long)]
    pub ci: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum SnapshotsMode {
    /// Compare nothing.
    Off,
    /// Compare, and write nothing.
    Check,
    /// Compare; what is new or changed waits for `proofmark review` as `.snap.new`.
    Review,
    /// What is new or changed becomes the snapshot.
    Write,
}
