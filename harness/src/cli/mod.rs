//! The command line: arguments to settings, settings to a run, and what people see of it.

mod arguments;
mod certify;
mod check;
mod choose;
mod compare;
mod connection;
mod console;
mod corpus;
mod coverage;
mod deliveries;
mod diff;
mod examples;
mod explain;
mod foreign;
mod fuzz;
mod fuzzing;
mod gate;
mod history;
mod history_text;
mod interrupt;
mod keygen;
mod learn;
mod list;
mod look_back;
mod merge;
mod mutate;
mod mutate_http;
mod mutating_proxy;
mod mutation_text;
mod problems;
mod recording;
mod report;
mod review;
mod rounds;
mod run;
mod schema;
mod serve;
mod snapshots;
mod target;
mod test_target;
mod verify;
mod waive;

use crate::model::verdict::exit;
use arguments::{Cli, Command};
use clap::{CommandFactory, Parser};
use std::process::ExitCode;
pub use test_target::test_target;

/// Why a command did not do its work; printed to stderr by [`main`].
#[derive(Debug)]
pub enum Failure {
    /// The command line or the suite is wrong: exit 3. The text is complete.
    Usage(String),
    /// Something that should work did not: exit 2.
    Broken(String),
}

/// Parses the command line, runs the command, and gives the exit status.
pub fn main() -> ExitCode {
    let cli = match Cli::try_parse() {
        Ok(cli) => cli,
        Err(e) => {
            let wrong = e.use_stderr();
            let _ = e.print();
            return ExitCode::from(if wrong { exit::BAD_USAGE } else { exit::CONFORMANT });
        }
    };
    console::set_colour(cli.color);
    let result = match cli.command {
        Command::Run(arguments) => run::run(&arguments),
        Command::Mutate(arguments) => mutate::run(&arguments),
        Command::Check(arguments) => check::run(&arguments),
        Command::Examples(arguments) => examples::run(&arguments),
        Command::Coverage(arguments) => coverage::run(&arguments),
        Command::Fuzz(arguments) => fuzz::run(&arguments),
        Command::Report(arguments) => report::run(&arguments),
        Command::Compare(arguments) => compare::run(&arguments),
        Command::History(arguments) => history::run(&arguments),
        Command::Diff(arguments) => diff::run(&arguments),
        Command::Learn(arguments) => learn::run(&arguments),
        Command::Review(arguments) => review::run(&arguments),
        Command::Snapshots(arguments) => snapshots::run(&arguments),
        Command::Merge(arguments) => merge::run(&arguments),
        Command::Gate(arguments) => gate::run(&arguments),
        Command::Waive(arguments) => waive::run(&arguments),
        Command::Keygen(arguments) => keygen::run(&arguments),
        Command::Certify(arguments) => certify::run(&arguments),
        Command::Verify(arguments) => verify::run(&arguments),
        Command::Serve(arguments) => serve::run(&arguments),
        Command::Schema(arguments) => schema::run(&arguments),
        Command::Completions { shell } => {
            let mut script = Vec::new();
            clap_complete::generate(shell, &mut Cli::command(), "proofmark", &mut script);
            console::line(String::from_utf8_lossy(&script).trim_end());
            Ok(exit::CONFORMANT)
        }
    };
    match result {
        Ok(status) => ExitCode::from(status),
        Err(Failure::Usage(text)) => {
            console::error(&text);
            ExitCode::from(exit::BAD_USAGE)
        }
        Err(Failure::Broken(text)) => {
            console::error(&text);
            ExitCode::from(exit::COULD_NOT_JUDGE)
        }
    }
}
