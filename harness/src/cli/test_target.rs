//! The suite under `cargo test` and nextest.

use super::arguments::SnapshotArguments;
use super::arguments::SuiteArguments;
use super::check::{Ready, ready};
use super::run::{context, limits, start};
use super::{Failure, console, snapshots};
use crate::engine::{self, Observer};
use crate::model::verdict::exit;
use crate::plan::{Selection, select};
use crate::record::TrialFinished;
use crate::snapshot::Keep;
use libtest_mimic::Arguments;
use std::net::SocketAddr;
use std::path::Path;
use std::process::ExitCode;
use std::sync::Arc;

/// libtest-mimic prints; there is nothing to add.
struct Silent;

impl Observer for Silent {
    fn trial_finished(&self, _: &TrialFinished) {}
}

/// See [`crate::harness::main`].
pub fn test_target(suite: &Path, arguments: &Arguments) -> ExitCode {
    match run(suite, arguments) {
        Ok(status) => ExitCode::from(status),
        Err(Failure::Usage(text) | Failure::Broken(text)) => {
            console::error(&text);
            ExitCode::from(exit::BAD_USAGE)
        }
    }
}

fn run(folder: &Path, arguments: &Arguments) -> Result<u8, Failure> {
    // nextest runs one process a trial: only that trial's API is loaded.
    let exact = arguments.filter.as_ref().filter(|_| arguments.exact);
    let api = exact.and_then(|name| name.split("::").next()).map(str::to_owned);
    let api = api.into_iter().collect();
    let suite = SuiteArguments::of_folder(folder.to_owned(), api);
    let Ready { suite, target, trials } = ready(&suite)?;
    let only =
        Selection { filters: exact.cloned().into_iter().collect(), exact: true, ..Selection::default() };
    let from_environment = snapshots::from_environment()?;
    let mode = snapshots::mode(SnapshotArguments { snapshots: from_environment, ci: false }, &suite)?;
    let judge = snapshots::judge(mode.value, &suite, &target, &trials);
    let plan = select(trials, &only);
    if arguments.list {
        let listed =
            plan.into_iter().map(|p| libtest_mimic::Trial::test(p.trial.name.clone(), || Ok(()))).collect();
        let _ = libtest_mimic::run(arguments, listed);
        return Ok(exit::CONFORMANT);
    }
    let seed = jiff::Timestamp::now().as_nanosecond() as u64 % 1_000_000_000;
    let free_port = SocketAddr::from(([127, 0, 0, 1], 0));
    let prepared = start(&suite, &target, &plan, seed, &[], free_port, None)?;
    let limits = limits(&suite, None);
    let (mut context, _sandbox) = context(&suite, prepared, limits, seed)?;
    context.keep = judge.clone().map(|judge| judge as Arc<dyn Keep>);
    let outcome = engine::run(plan, &Arc::new(context), arguments, &(Arc::new(Silent) as Arc<dyn Observer>));
    let errors = judge.map(|judge| judge.tally().errors).unwrap_or_default();
    errors.iter().for_each(|e| console::error(e));
    match (outcome.exit(), errors.is_empty()) {
        (exit::CONFORMANT, false) => Ok(exit::COULD_NOT_JUDGE),
        (status, _) => Ok(status),
    }
}
