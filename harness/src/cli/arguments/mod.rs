//! The command line as clap sees it.

mod acceptance;
mod fuzz;
mod gate;
mod mutate;
mod reports;
mod run;
mod shared;
mod snapshots;
mod suite;
mod values;

pub use acceptance::{CertifyArguments, KeygenArguments, VerifyArguments};
pub use fuzz::FuzzArguments;
pub use gate::{GateArguments, GateFormat, WaiveArguments};
pub use mutate::{MutateArguments, MutateFormat};
pub use reports::{
    CompareArguments, CompareFormat, DiffArguments, HistoryArguments, MergeArguments, ReportArguments,
};
pub use run::{RunArguments, SnapshotArguments, SnapshotsMode};
pub use shared::{Format, SuiteArguments};
pub use snapshots::{LearnArguments, ReviewArguments, SnapshotsArguments, Unreferenced};
pub use suite::{CheckArguments, CoverageArguments, ExamplesArguments, SchemaArguments, ServeArguments};

use acceptance::{CERTIFY_HELP, KEYGEN_HELP, VERIFY_HELP};
use clap::{Parser, Subcommand, ValueEnum};
use fuzz::FUZZ_HELP;
use mutate::MUTATE_HELP;
use reports::{COMPARE_HELP, DIFF_HELP, HISTORY_HELP, REPORT_HELP};
use run::RUN_HELP;
use snapshots::{LEARN_HELP, REVIEW_HELP, SNAPSHOTS_HELP};
use suite::{CHECK_HELP, COMPLETIONS_HELP, COVERAGE_HELP, EXAMPLES_HELP, SCHEMA_HELP};

const EXIT_STATUSES: &str = "\
Exit status:
  0  every answer conforms
  1  at least one finding of level `must`
  2  no finding, but something could not be judged (target down, timeout, interrupted)
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
    #[command(after_help = CHECK_HELP)]
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
        after_help = "Examples:\n  proofmark gate\n  proofmark gate reports/merged\n  proofmark gate 20261122-101530-084-4711 --baseline latest-green\n  proofmark gate latest --format json"
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
    #[command(after_help = SCHEMA_HELP)]
    Schema(SchemaArguments),
    /// Print completions for a shell.
    #[command(after_help = COMPLETIONS_HELP)]
    Completions { shell: clap_complete::Shell },
}
