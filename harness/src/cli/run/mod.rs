//! `proofmark run`: from settings to a report.

mod events;
mod execute;
mod prepare;
mod settings;

pub use events::{begin, finished, print_event, run_name};
pub use prepare::{Prepared, context, start};
pub use settings::{JOBS, Settings, limits, random_seed};

use super::arguments::{Format, RunArguments};
use super::check::{Ready, documented, ready};
use super::explain::table;
use super::{Failure, choose, console, list, report, serve, snapshots, target};
use crate::coverage::Tracker;
use crate::model::verdict::exit;
use crate::plan::Planned;
use crate::suite::Suite;
use execute::execute;

pub fn run(arguments: &RunArguments) -> Result<u8, Failure> {
    if arguments.conduct.fault.iter().any(|f| f == "list") {
        serve::print_faults();
        return Ok(exit::CONFORMANT);
    }
    let Ready { suite, target, trials } = ready(&arguments.suite)?;
    let index = documented(&suite)?;
    let settings = Settings::resolve(arguments, &suite, &target)?;
    if arguments.explain {
        table(&suite, &target, &settings, &arguments.suite.of.var).iter().for_each(|row| console::line(row));
        return Ok(exit::CONFORMANT);
    }
    let planned = trials.len();
    let judge = snapshots::judge(settings.snapshots.value, &suite, &target, &trials);
    let all = arguments.fuzzing.fuzz.then(|| trials.clone());
    let chosen = choose::choose(trials, arguments, &settings.reports.value)?;
    if arguments.list {
        list::print(&chosen.plan);
        return Ok(exit::CONFORMANT);
    }
    target.takes(&arguments.conduct.fault)?;
    report::of_run(&settings.formats.value, arguments.conduct.format == Format::Json)?;
    let mut prepared = prepare(&suite, &target, &chosen.plan, &settings, arguments)?;
    prepared.rate = settings.rate.value;
    let told = !arguments.no_report || arguments.conduct.format == Format::Json;
    prepared.coverage = told.then(|| Tracker::new(index));
    prepared.judge = judge;
    execute(&suite, &target, chosen, planned, &settings, arguments, prepared, all)
}

fn prepare(
    suite: &Suite,
    target: &target::Chosen,
    plan: &[Planned],
    settings: &Settings,
    arguments: &RunArguments,
) -> Result<Prepared, Failure> {
    start(
        suite,
        target,
        plan,
        settings.seed.value,
        &arguments.conduct.fault,
        arguments.callbacks.callback_listen,
        arguments.callbacks.callback_url.clone(),
    )
}
