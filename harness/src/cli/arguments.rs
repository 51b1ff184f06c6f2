//! The command line as clap sees it.

use super::acceptance_arguments::{
    CERTIFY_HELP, CertifyArguments, KEYGEN_HELP, KeygenArguments, VERIFY_HELP, VerifyArguments,
};
use crate::fuzz::Phase;
use crate::model::level::Level;
use crate::model::report_format::WantedReport;
use crate::suite::Rate;
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

const REPORT_HELP: &str = "\
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
const COMPARE_HELP: &str = "\
Examples:
  proofmark compare latest-green latest
  proofmark compare 20261121-080000-17 20261122-080000-23
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

const HISTORY_HELP: &str = "\
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

const DIFF_HELP: &str = "\
Examples:
  proofmark diff --target staging --target production --safe-only
  proofmark diff --target vendor --target sandbox --api cube

Volatile places, secrets and all variables of a target are left out of the comparison.

Exit status:
  0  all answers are the same
  1  at least one answer, or whether it conforms, differs
  2  no answer differs, but something could not be judged
  3  the command line or the suite is wrong";

const REVIEW_HELP: &str = "\
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

const LEARN_HELP: &str = "\
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

const SNAPSHOTS_HELP: &str = "\
Examples:
  proofmark snapshots --unreferenced list           snapshots that no case of the suite has
  proofmark snapshots --unreferenced delete --api cube

A snapshot is referenced when the suite has its trial, whatever a run selects. Folders of targets that are URLs are kept.

Exit status:
  0  done
  2  a file cannot be read or removed
  3  the command line or the suite is wrong";

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

const COVERAGE_HELP: &str = "\
Examples:
  proofmark coverage --docs                          of the latest run; without one, of the plan
  proofmark coverage --docs reports/20261122-101530-4711
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
const FUZZ_HELP: &str = "\
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
    /// Change the answers of a run, one defect at a time, and tell which defects the suite would not notice.
    #[command(after_help = MUTATE_HELP)]
    Mutate(Box<MutateArguments>),
    /// Find everything that is wrong with a suite, and send nothing.
    Check(CheckArguments),
    /// Judge the documented examples by the specs' own checks and rules, and send nothing.
    #[command(after_help = EXAMPLES_HELP)]
    Examples(ExamplesArguments),
    /// Show what of the documents a run touched, and what it did not.
    #[command(after_help = COVERAGE_HELP)]
    Coverage(CoverageArguments),
    /// Send deviations from good requests and find what the documents did not think of.
    #[command(after_help = FUZZ_HELP)]
    Fuzz(Box<FuzzArguments>),
    /// Render the reports of a recorded run again, in any format.
    #[command(after_help = REPORT_HELP)]
    Report(ReportArguments),
    /// Compare two recorded runs: what broke, what was mended, what drifted, what became slower.
    #[command(after_help = COMPARE_HELP)]
    Compare(CompareArguments),
    /// List the runs that were recorded, and how a case ended from run to run.
    #[command(after_help = HISTORY_HELP)]
    History(HistoryArguments),
    /// Send the same cases to two targets and compare the answers.
    #[command(after_help = DIFF_HELP)]
    Diff(DiffArguments),
    /// Accept or reject answers that are new or differ from their snapshots.
    #[command(after_help = REVIEW_HELP)]
    Review(ReviewArguments),
    /// Find snapshots that belong to no case.
    #[command(after_help = SNAPSHOTS_HELP)]
    Snapshots(SnapshotsArguments),
    /// Find values that move from answer to answer, and propose to declare them volatile.
    #[command(after_help = LEARN_HELP)]
    Learn(LearnArguments),
    /// Join the records of all shards of a run into one.
    #[command(
        after_help = "Examples:\n  proofmark merge reports/shard-* --out reports/merged\n  proofmark merge reports/shard-* --out reports/merged --gate"
    )]
    Merge(MergeArguments),
    /// Decide by the suite's policy whether a recorded run is good enough; nothing is sent.
    #[command(
        after_help = "Examples:\n  proofmark gate\n  proofmark gate reports/merged\n  proofmark gate 20261122-101530-4711 --baseline latest-green\n  proofmark gate latest --format json"
    )]
    Gate(GateArguments),
    /// Accept a problem of a run until a day, in waivers.yaml.
    #[command(
        after_help = "Examples:\n  proofmark waive 1 --until 2026-12-31 --owner ops@example.com --reason \"fixed in 2.3\" --ticket PM-12"
    )]
    Waive(WaiveArguments),
    /// Make a pair of keys for evidence bundles.
    #[command(after_help = KEYGEN_HELP)]
    Keygen(KeygenArguments),
    /// Judge a delivery by a profile, and write signed evidence.
    #[command(after_help = CERTIFY_HELP)]
    Certify(Box<CertifyArguments>),
    /// Tell whether an evidence bundle is as it was signed.
    #[command(after_help = VERIFY_HELP)]
    Verify(VerifyArguments),
    /// Serve the sandbox on a port.
    #[command(
        after_help = "Examples:\n  proofmark serve --port 8080\n  proofmark serve --fault list\n  proofmark serve --mutate 7 --share 0.2\n  curl -i -H 'X-Proofmark-Mutant: drop /data/order_id' http://127.0.0.1:8080/cube/…\n  proofmark serve --fault cube-language-ignored --callback-url http://127.0.0.1:9000/callback"
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
    /// Generated requests an operation.
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

#[derive(Debug, Clone, Args)]
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
    /// Generated requests an operation.
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
    /// Requests at a time.
    #[arg(long, short, alias = "concurrency", value_name = "N", value_parser = clap::value_parser!(u64).range(1..=1024))]
    pub jobs: Option<u64>,
    /// Send nothing that changes the target.
    #[arg(long, alias = "only-safe")]
    pub safe_only: bool,
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

pub fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".into()),
    }
}

fn ratio(text: &str) -> Result<f64, String> {
    let parsed = text.parse::<f64>().ok().filter(|ratio| (0.0..=1.0).contains(ratio));
    parsed.ok_or_else(|| "expected a number from 0 to 1, such as `1.0`".into())
}

fn phase(text: &str) -> Result<Phase, String> {
    let found = Phase::WORDS.iter().find(|(word, _)| *word == text);
    found
        .map(|(_, phase)| *phase)
        .ok_or_else(|| "expected `examples`, `boundaries`, `generated` or `sequences`".into())
}

fn level(text: &str) -> Result<Level, String> {
    let found = Level::WORDS.iter().find(|(word, _)| *word == text.to_lowercase());
    found.map(|(_, level)| *level).ok_or_else(|| "expected `must`, `should` or `may`".into())
}

fn per_second(text: &str) -> Result<f64, String> {
    let parsed = text.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate > 0.0);
    parsed.ok_or_else(|| "expected a number above 0, such as `50`".into())
}

fn rate(text: &str) -> Result<f64, String> {
    let parsed = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    parsed.ok_or_else(|| "expected a rate between 0 and 1, such as `0.99`".into())
}

pub fn duration(text: &str) -> Result<Duration, String> {
    let parsed = crate::yaml::parse_duration(text).filter(|d| !d.is_zero());
    parsed.ok_or_else(|| "expected a duration such as `500ms` or `10s`".into())
}

fn pause(text: &str) -> Result<Duration, String> {
    let parsed = crate::yaml::parse_duration(text);
    parsed.ok_or_else(|| "expected a duration such as `0s` or `1100ms`".into())
}

fn size(text: &str) -> Result<u64, String> {
    crate::yaml::parse_size(text).ok_or_else(|| "expected a size such as `64KiB` or `8MiB`".into())
}
