//! `report`, `merge`, `compare`, `history` and `diff`.

use super::values::variable;
use crate::model::report_format::WantedReport;
use clap::{Args, ValueEnum};
use std::path::PathBuf;

pub(super) const REPORT_HELP: &str = "\
Formats:
  html        report.html, a page for people
  junit       junit.xml, as Jenkins reads it
  sarif       proofmark.sarif (2.1.0): a result a problem, at the lines of the case, the contract and the document
  github      annotations on standard output, and a job summary appended to $GITHUB_STEP_SUMMARY
  gitlab      gl-code-quality-report.json
  tap         report.tap (TAP 14)
  ctrf        ctrf-report.json
  har         exchanges.har (1.2): every exchange as it was recorded
  prometheus  proofmark.prom, for the textfile collector
  markdown    summary.md, the job summary alone
  json        report.json: counts, problems and trials

Examples:
  proofmark report latest                                  html and junit again, beside the record
  proofmark report RUN --as sarif --as ctrf --out build    build/proofmark.sarif, build/ctrf-report.json
  proofmark report RUN --as har=vendor.har
  proofmark report RUN --as json=- | jq '.problems[] | [.trials, .message]'
  proofmark report RUN --suite contracts --as github       a suite in the folder `contracts` of its repository";

pub(super) const COMPARE_HELP: &str = "\
Examples:
  proofmark compare latest-green latest
  proofmark compare 20261121-080000-310-17 20261122-080000-295-23
  proofmark compare latest-green latest --as html=changes.html
  proofmark compare main/run.ndjson branch/run.ndjson --format json
  proofmark compare acme-2.3.0.tar acme-2.3.1.tar --key acceptance.pub       two deliveries, by their evidence

A RUN is a folder or a run.ndjson, an evidence bundle (whose digests are checked first), the name of a run in `--reports`, `latest`, or `latest-green`: the last run of a whole
suite that passed. Drift of fields and latency are shown, and are no reason for an exit status.

Exit status:
  0  nothing new is broken
  1  a case fails that passed, fails for another reason too, or is new and fails
  2  nothing new is broken, but something could be judged before and cannot now, or the later run was cut short
  3  the command line is wrong, or a run cannot be read";

pub(super) const HISTORY_HELP: &str = "\
Examples:
  proofmark history                                 the last runs, the latest first
  proofmark history --target staging --api cube -n 50
  proofmark history --case order/documented         how one case ended from run to run
  proofmark history --format json | jq '.runs[] | [.run, .verdict]'
  PROOFMARK_HISTORY=postgres://team@db.example/proofmark proofmark history
  proofmark history --share                         add runs of this machine that the shared history does not have

Runs are indexed in history.sqlite in their folder, which is made again from the records whenever it is lost or damaged.
Where the variable PROOFMARK_HISTORY, or the one that `history` in proofmark.yaml names, has a postgres:// URL, every run
is added to that database too, and is looked up there.

Exit status:
  0  done
  2  the history cannot be read
  3  the command line is wrong, or there is no such case";

pub(super) const DIFF_HELP: &str = "\
Examples:
  proofmark diff --target staging --target production --safe-only
  proofmark diff --target vendor --target sandbox --api cube

Volatile places, secrets and all variables of a target are left out of the comparison.

Exit status:
  0  all answers are the same
  1  at least one answer, or whether it conforms, differs
  2  no answer differs, but something could not be judged
  3  the command line or the suite is wrong";

#[derive(Debug, Clone, Args)]
pub struct ReportArguments {
    /// Folder of a run, its run.ndjson, its name in the folder `reports`, or `latest`.
    pub run: PathBuf,
    /// What to write, and where: FILE, `-` for standard output, or by default a file in the folder. Repeatable; by
    /// default html and junit.
    #[arg(long = "as", value_name = "FORMAT[=FILE]", value_parser = WantedReport::parse)]
    pub formats: Vec<WantedReport>,
    /// Folder to write to; by default that of the run.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: Option<PathBuf>,
    /// Folder of the suite: of its `reports`, and of the files in locations where it is below the current folder.
    #[arg(long, value_name = "FOLDER")]
    pub suite: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct MergeArguments {
    /// Folders of the shards' runs, or their run.ndjson.
    #[arg(required = true, value_name = "RUN")]
    pub runs: Vec<PathBuf>,
    /// Folder for the joined record and its reports.
    #[arg(long, short, value_name = "FOLDER")]
    pub out: PathBuf,
    /// Decide by `gate` of proofmark.yaml; the last line says which clause did.
    #[arg(long)]
    pub gate: bool,
    /// The suite's folder, for the gate's policy.
    #[arg(long, default_value = ".")]
    pub suite: PathBuf,
    /// Folder of earlier runs, for `latest-green`; by default `reports` in the suite's folder.
    #[arg(long)]
    pub reports: Option<PathBuf>,
}

#[derive(Debug, Clone, Args)]
pub struct CompareArguments {
    /// The earlier run.
    #[arg(value_name = "RUN")]
    pub old: PathBuf,
    /// The later run.
    #[arg(value_name = "RUN")]
    pub new: PathBuf,
    /// Folder of the runs.
    #[arg(long, value_name = "FOLDER", default_value = "reports")]
    pub reports: PathBuf,
    /// Of evidence bundles: verify their signatures with this public key.
    #[arg(long, value_name = "FILE")]
    pub key: Option<PathBuf>,
    #[arg(long, value_enum, default_value_t = CompareFormat::Pretty)]
    pub format: CompareFormat,
    /// Write a page for people to FILE, or to comparison.html beside the later run: `html`.
    #[arg(long = "as", value_name = "html[=FILE]", value_parser = WantedReport::parse)]
    pub formats: Vec<WantedReport>,
}

#[derive(Debug, Clone, Args)]
pub struct HistoryArguments {
    /// One case: its name, or a part of the name that no other case has.
    #[arg(long, value_name = "NAME")]
    pub case: Option<String>,
    /// Only runs against this target.
    #[arg(long, value_name = "TARGET")]
    pub target: Option<String>,
    /// Only runs of these APIs.
    #[arg(long, value_name = "API")]
    pub api: Vec<String>,
    /// So many of the last runs.
    #[arg(long, short = 'n', value_name = "N", default_value_t = 20, value_parser = clap::value_parser!(u64).range(1..=100_000))]
    pub limit: u64,
    #[arg(long, value_enum, default_value_t = CompareFormat::Pretty)]
    pub format: CompareFormat,
    /// Of this machine, although there is a shared history.
    #[arg(long)]
    pub local: bool,
    /// Add the runs of this machine that the shared history does not have.
    #[arg(long, conflicts_with = "local")]
    pub share: bool,
    /// Folder of the suite, with its proofmark.yaml.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub suite: PathBuf,
    /// Folder of the runs; by default `reports` of the suite.
    #[arg(long, value_name = "FOLDER")]
    pub reports: Option<PathBuf>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum CompareFormat {
    /// For people.
    Pretty,
    /// For machines.
    Json,
}

#[derive(Debug, Clone, Args)]
pub struct DiffArguments {
    /// Send trials whose names contain one of these.
    pub filter: Vec<String>,
    /// Folder of the suite, with its proofmark.yaml.
    #[arg(long, value_name = "FOLDER", default_value = ".")]
    pub suite: PathBuf,
    /// Only these APIs.
    #[arg(long, value_name = "API")]
    pub api: Vec<String>,
    /// The two targets; the second is compared with the first.
    #[arg(long, value_name = "TARGET", required = true)]
    pub target: Vec<String>,
    /// A variable of the cases, for both targets.
    #[arg(long, value_name = "NAME=VALUE", value_parser = variable)]
    pub var: Vec<(String, String)>,
    /// Send nothing that changes a target.
    #[arg(long)]
    pub safe_only: bool,
    /// Trials at a time.
    #[arg(long, short, value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub jobs: Option<u64>,
    /// Switch on a fault of the second target, where that is the embedded sandbox.
    #[arg(long, value_name = "FAULT")]
    pub fault: Vec<String>,
    #[arg(long, value_enum, default_value_t = CompareFormat::Pretty)]
    pub format: CompareFormat,
}
