//! `proofmark mutate`: a run whose exchanges are kept in memory, their mutants, and what the suite makes of them.

use super::arguments::{MutateArguments, MutateFormat};
use super::check::{Ready, ready};
use super::mutation_text as text;
use super::run::{JOBS, context, limits, start};
use super::{Failure, console, interrupt, mutate_http, problems, target};
use crate::engine::{self, Evidence, EvidenceOf, Observer};
use crate::model::level::Level;
use crate::model::problem::alternatives;
use crate::model::source::SourceFile;
use crate::model::verdict::{Verdict, exit};
use crate::mutate::{
    Counts, Disagreement, Facts, Floors, Operator, Pool, Settings, Summary, lower, operators,
    run as judge_all,
};
use crate::plan::{Planned, Selection, select};
use crate::record::TrialFinished;
use crate::report;
use crate::suite::Suite;
use libtest_mimic::Arguments;
use std::path::Path;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

pub fn run(arguments: &MutateArguments) -> Result<u8, Failure> {
    let operators = chosen(&arguments.operator)?;
    if arguments.list {
        text::list(&operators).iter().for_each(|line| console::line(line));
        return Ok(exit::CONFORMANT);
    }
    let Ready { suite, target, trials } = ready(&arguments.suite)?;
    let selection = Selection {
        filters: arguments.filter.clone(),
        skip: arguments.skip.clone(),
        tags: arguments.tag.clone(),
        ..Selection::default()
    };
    let plan = select(trials, &selection);
    if plan.iter().all(|p| p.skip.is_some()) {
        return Err(Failure::Usage(
            "the filters leave no trial whose answers could be mutated (see `proofmark run --list`)".into(),
        ));
    }
    if arguments.http {
        return mutate_http::run(&suite, &target, plan, operators, limits(&suite, None), arguments);
    }
    let floors_path = suite.root.join("mutation.yaml");
    let floors = floors(&floors_path)?;
    let (evidence, left_out) = record(&suite, &target, plan, arguments)?;
    if evidence.is_empty() {
        return Err(Failure::Broken(format!(
            "no trial passed against `{}`, so that there is no answer to mutate (see `proofmark run`)",
            target.name
        )));
    }
    let pool = Pool::new(&evidence);
    let settings = Settings {
        operators,
        level: arguments.level.unwrap_or(Level::May),
        sample: arguments.sample,
        seed: arguments.seed,
        snapshots: arguments.snapshots,
        verify: arguments.verify,
        threads: threads(),
    };
    let judged = AtomicUsize::new(0);
    let began = Instant::now();
    let counts = judge_all(&pool, &settings, &judged);
    verified(&counts, arguments)?;
    let mut names: Vec<&str> = evidence.iter().map(|e| e.trial.as_str()).collect();
    names.dedup();
    let facts = Facts {
        suite: suite.config.title.clone().unwrap_or_else(|| "suite".into()),
        target: target.name.clone(),
        seed: arguments.seed,
        level: settings.level.as_str(),
        trials: names.len(),
        left_out,
        answers: pool.sources.len(),
        sample: arguments.sample,
        seconds: began.elapsed().as_secs_f64(),
    };
    let operations: Vec<_> = suite.contracts.iter().flat_map(|c| c.operations.iter().cloned()).collect();
    let summary = Summary::new(&counts, &settings.operators, &operations, facts);
    if let Some(path) = &arguments.html {
        report::write_mutation_html(&summary, path).map_err(|e| Failure::Broken(e.to_string()))?;
        console::note(&format!("report: {}", path.display()));
    }
    show(&summary, arguments)?;
    verdict(&summary, arguments, &floors, &floors_path)
}

/// The operators of `--operator`, all of them without it.
pub fn chosen(names: &[String]) -> Result<Vec<&'static Operator>, Failure> {
    let known: Vec<&str> = operators::all().flat_map(|o| [o.name, o.family]).collect();
    if let Some(unknown) = names.iter().find(|name| !known.contains(&name.as_str())) {
        let names: Vec<&str> = operators::all().map(|o| o.name).collect();
        return Err(Failure::Usage(format!("unknown operator `{unknown}`{}", alternatives(unknown, &names))));
    }
    let is_chosen = |o: &&Operator| {
        names.is_empty() || names.iter().any(|name| [o.name, o.family].contains(&name.as_str()))
    };
    Ok(operators::all().filter(is_chosen).collect())
}

fn threads() -> usize {
    std::thread::available_parallelism().map_or(1, usize::from)
}

fn floors(path: &Path) -> Result<Floors, Failure> {
    let Ok(text) = std::fs::read_to_string(path) else { return Ok(Floors::default()) };
    let mut found = Vec::new();
    let floors = Floors::read(&SourceFile::new("mutation.yaml", path, text), &mut found);
    floors.ok_or_else(|| problems::refuse(found))
}

/// Runs the plan and gives the exchanges of every trial that passed, in the order of the trials' names, and how many
/// trials did not pass.
fn record(
    suite: &Suite,
    target: &target::Chosen,
    plan: Vec<Planned>,
    arguments: &MutateArguments,
) -> Result<(Vec<Evidence>, usize), Failure> {
    let seed = arguments.seed;
    let prepared = start(
        suite,
        target,
        &plan,
        seed,
        &[],
        arguments.callbacks.callback_listen,
        arguments.callbacks.callback_url.clone(),
    )?;
    let (mut context, sandbox) = context(suite, prepared, limits(suite, None), seed)?;
    context.evidence = Some(EvidenceOf::passed());
    let context = Arc::new(context);
    let stop = context.stop.clone();
    interrupt::watch(move || stop.interrupt()).map_err(|e| Failure::Broken(e.to_string()))?;
    let counter = Arc::new(Unpassed::default());
    let observer: Arc<dyn Observer> = counter.clone();
    let outcome = engine::run(plan, &context, &libtest(suite, arguments), &observer);
    drop(sandbox);
    if outcome.interrupted {
        return Err(Failure::Broken("the run was interrupted".into()));
    }
    let kept = context
        .evidence
        .as_ref()
        .map(|kept| std::mem::take(&mut *kept.exchanges.lock().unwrap_or_else(PoisonError::into_inner)));
    let mut evidence = kept.unwrap_or_default();
    evidence.sort_by(|a, b| (&a.trial, a.number).cmp(&(&b.trial, b.number)));
    let reasons = counter.shown.lock().unwrap_or_else(PoisonError::into_inner);
    reasons.iter().for_each(|line| console::note(line));
    Ok((evidence, counter.count.load(Ordering::Relaxed)))
}

/// How the runner is told to run.
pub fn libtest(suite: &Suite, arguments: &MutateArguments) -> Arguments {
    engine::quiet(arguments.jobs.or(suite.config.defaults.jobs).unwrap_or(JOBS))
}

/// Sees nothing: what is wrong with mutants is told otherwise.
pub struct Quiet;

impl Observer for Quiet {
    fn trial_finished(&self, _: &TrialFinished) {}
}

/// Counts trials that did not pass, and says of the first few why.
#[derive(Default)]
struct Unpassed {
    count: AtomicUsize,
    shown: Mutex<Vec<String>>,
    more: AtomicBool,
}

const SHOWN: usize = 5;

impl Observer for Unpassed {
    fn trial_finished(&self, trial: &TrialFinished) {
        if trial.verdict == Verdict::Passed {
            return;
        }
        self.count.fetch_add(1, Ordering::Relaxed);
        if trial.verdict == Verdict::Skipped {
            return;
        }
        let mut shown = self.shown.lock().unwrap_or_else(PoisonError::into_inner);
        if shown.len() < SHOWN {
            let why =
                trial.reason.clone().or_else(|| trial.findings().next().map(|(_, f)| f.message.clone()));
            let why = crate::model::visible::visible(&why.unwrap_or_default()).into_owned();
            shown.push(format!("left out, as it {}: {} ({why})", trial.verdict.as_str(), trial.name));
        } else if !self.more.swap(true, Ordering::Relaxed) {
            shown.push("and more that did not pass (see `proofmark run`)".into());
        }
    }
}

fn show(summary: &Summary, arguments: &MutateArguments) -> Result<(), Failure> {
    match arguments.format {
        MutateFormat::Json => {
            let json = serde_json::to_string_pretty(summary).map_err(|e| Failure::Broken(e.to_string()))?;
            console::line(&json);
        }
        MutateFormat::Pretty if arguments.equivalent => {
            text::equivalents(summary).iter().for_each(|line| console::line(line));
        }
        MutateFormat::Pretty => text::summary(summary).iter().for_each(|line| console::line(line)),
    }
    Ok(())
}

/// Says how many mutants were judged twice; the harness is broken where the verdicts differ.
fn verified(counts: &Counts, arguments: &MutateArguments) -> Result<(), Failure> {
    for Disagreement { key, example, fate, whole } in counts.disagreements.iter().take(SHOWN) {
        console::error(&format!(
            "{}::{} {} {} in {}: {fate:?}, judged whole {whole:?}",
            key.api, key.operation, key.field, key.operator, example.trial
        ));
    }
    match counts.disagreements.len() {
        0 if arguments.verify => {
            console::note(&format!("{} mutants judged twice, with the same verdicts", counts.verified));
            Ok(())
        }
        0 => Ok(()),
        many => Err(Failure::Broken(format!(
            "{many} of {} mutants come to another verdict when they are judged whole",
            counts.verified
        ))),
    }
}

/// The exit status: 1 where a rate is below `--min` or its floor.
fn verdict(
    summary: &Summary,
    arguments: &MutateArguments,
    floors: &Floors,
    path: &Path,
) -> Result<u8, Failure> {
    let rates = summary.rates();
    let mut fell = Vec::new();
    if let Some(min) = arguments.min {
        for (api, rate) in rates.iter().filter(|(_, rate)| **rate < min) {
            fell.push(format!("{api}: {} is below --min {}", text::percent(*rate), text::percent(min)));
        }
    }
    // A part of a suite has another rate than the whole.
    let whole = arguments.filter.is_empty()
        && arguments.skip.is_empty()
        && arguments.tag.is_empty()
        && arguments.operator.is_empty()
        && arguments.level.is_none()
        && arguments.sample.is_none()
        && !arguments.snapshots;
    for (api, rate, floor) in lower(floors, &rates).into_iter().filter(|_| whole) {
        fell.push(format!(
            "{api}: {} is below its floor {} in mutation.yaml",
            text::percent(rate),
            text::percent(floor)
        ));
    }
    fell.iter().for_each(|line| console::error(line));
    if arguments.write && fell.is_empty() {
        if !whole {
            return Err(Failure::Usage(
                "`--write` keeps the rates of whole suites: leave out filters, `--tag`, `--skip`, `--operator`, `--level`, `--sample` and `--snapshots`"
                    .into(),
            ));
        }
        std::fs::write(path, floors.raised(&rates).written())
            .map_err(|e| Failure::Broken(format!("cannot write `{}`: {e}", path.display())))?;
        console::note(&format!("floors written to {}", path.display()));
    }
    Ok(if fell.is_empty() { exit::CONFORMANT } else { exit::FINDINGS })
}
