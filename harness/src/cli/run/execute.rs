//! A run from its first request to its exit status.

use super::events::{begin, finished, print_event, run_name};
use super::prepare::{Prepared, context};
use super::settings::Settings;
use crate::cli::arguments::{Format, RunArguments};
use crate::cli::choose::Chosen;
use crate::cli::console::{self, Console};
use crate::cli::fuzzing::AfterRun;
use crate::cli::gate::{self, Watchman};
use crate::cli::look_back::{Shared, look_back, tell};
use crate::cli::{Failure, compare, interrupt, recording, report, snapshots, target};
use crate::engine::{self, Observer};
use crate::http::client::Limits;
use crate::model::verdict::exit;
use crate::plan::Trial;
use crate::policy::{Baseline, Facts, RetryPolicy, ran_out};
use crate::record::{Documented, Event, ShardSummary};
use crate::report::Sources;
use crate::snapshot::Keep;
use crate::suite::Suite;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

/// `all` are the trials of the suite, where fuzzing is to follow.
#[allow(clippy::too_many_arguments)]
pub(super) fn execute(
    suite: &Suite,
    target: &target::Chosen,
    chosen: Chosen,
    planned: usize,
    settings: &Settings,
    arguments: &RunArguments,
    prepared: Prepared,
    all: Option<Vec<Arc<Trial>>>,
) -> Result<u8, Failure> {
    // Before anything is sent: a baseline that is not there is a mistake.
    let baseline = match &arguments.baseline {
        Some(run) => {
            let apis: Vec<&str> = suite.contracts.iter().map(|contract| contract.api.as_str()).collect();
            Some(compare::baseline(run, &settings.reports.value, &target.name, &apis)?)
        }
        None => None,
    };
    let policy = &suite.config.gate;
    let wanted = arguments.baseline.as_deref().or(policy.baseline.as_deref().map(Path::new));
    let known = match arguments.gate {
        true => gate::baseline(wanted, &settings.reports.value, ("", &target.name))?,
        false => Baseline::NotAsked,
    };
    let judge = prepared.judge.clone();
    // A corpus that cannot be read is one too.
    let fuzzing = all.map(|all| AfterRun::of(suite, all, &chosen.plan, settings, arguments)).transpose()?;
    let limits = Limits { timeout: settings.timeout.value, max_body: settings.max_body.value };
    let urls = prepared.urls.clone();
    let (mut context, sandbox) = context(suite, prepared, limits, settings.seed.value)?;
    context.fail_fast = arguments.fail_fast;
    context.keep = judge.clone().map(|judge| judge as Arc<dyn Keep>);
    context.retries = RetryPolicy::new(suite.config.retries.as_ref(), arguments.retries);
    let Chosen { plan, shard, digest: plan_digest, whole } = chosen;
    let selected = plan.iter().filter(|p| p.skip.is_none()).count();
    let run_name = run_name();
    let folder = settings.reports.value.join(&run_name);
    let jobs = settings.jobs.value as usize;
    let mut started = begin(suite, target, &urls, run_name, settings.seed.value, jobs, &context)?;
    started.faults.clone_from(&arguments.conduct.fault);
    (started.planned, started.selected) = (planned, selected);
    started.shard = shard.map(|shard| ShardSummary { index: shard.index, count: shard.count });
    started.plan_digest = plan_digest;
    let target_name = started.target.clone();
    let started = Event::RunStarted(Box::new(started));
    if !arguments.no_report {
        let recorder = recording::create(&folder)?;
        recorder.write(&started);
        context.recorder = Some(recorder);
    }
    let context = Arc::new(context);
    let stop = context.stop.clone();
    interrupt::watch(move || stop.interrupt()).map_err(|e| Failure::Broken(e.to_string()))?;
    let console = Arc::new(Console::new(arguments.conduct.format, plan.len()));
    if arguments.conduct.format == Format::Json {
        print_event(&started);
    }
    let wanted = report::of_run(&settings.formats.value, arguments.conduct.format == Format::Json)?;
    let muted = report::stop_commands(&wanted);
    let watchman = arguments.gate.then(|| Arc::new(Watchman::new(console.clone())));
    let observer: Arc<dyn Observer> = match &watchman {
        Some(watchman) => watchman.clone(),
        None => console.clone(),
    };
    let mut outcome = engine::run(plan, &context, &engine::quiet(settings.jobs.value), &observer);
    let coverage = context.coverage.as_ref().map(|coverage| coverage.statement(&Documented::ALL));
    let strays = finished(&context, &outcome, Duration::ZERO).stray_callbacks;
    let fuzzed = match fuzzing.filter(|_| context.stop.reason().is_none()) {
        Some(fuzzing) => Some(fuzzing.conduct(suite, &context, &*observer, &mut outcome)?),
        None => None,
    };
    console.finish();
    console.print_problems();
    report::resume_commands(muted);
    drop(sandbox);
    let duration = context.started.elapsed();
    let expired = context.waivers.expired().iter().map(ran_out).collect();
    let interrupted = outcome.interrupted;
    let facts = Facts { coverage: coverage.as_ref(), expired, interrupted, planned, baseline: known };
    let decision = watchman.map(|watchman| watchman.decide(policy, &facts));
    let mut finished = finished(&context, &outcome, duration);
    finished.gate = decision.clone();
    // Those that fuzzing causes belong to no case.
    finished.stray_callbacks = strays;
    finished.fuzz = fuzzed.as_ref().map(|fuzzed| Box::new(fuzzed.tally.clone()));
    // A waiver that fits nothing in a part of the suite may fit elsewhere.
    if whole && !outcome.interrupted {
        finished.unused_waivers =
            context.waivers.unused().iter().map(|waiver| waiver.id.value.clone()).collect();
    }
    let (unused, waited) = (finished.unused_waivers.clone(), finished.waited.clone());
    let last = [coverage.map(|c| Event::Coverage(Box::new(c))), Some(Event::RunFinished(finished))];
    if arguments.conduct.format == Format::Json {
        last.iter().flatten().for_each(print_event);
    }
    let mut comparison = None;
    let recorder = Arc::into_inner(context).map(|context| context.recorder);
    let reported = match recorder.ok_or_else(|| Failure::Broken("a trial is still running".into()))? {
        Some(recorder) => {
            last.iter().flatten().for_each(|event| recorder.write(event));
            let (event, compared) = look_back(
                &recorder,
                Some(&settings.reports.value),
                baseline.as_deref(),
                &Shared::of(Some(&suite.config)),
            );
            comparison = compared;
            if arguments.conduct.format == Format::Json {
                print_event(&event);
            }
            let record = recording::finish(recorder)?;
            let sources = Sources::below(&arguments.suite.of.suite);
            for path in report::write(&record, sources, &folder, &wanted)? {
                if arguments.conduct.format != Format::Json && !path.starts_with(&folder) {
                    console::line(&format!("wrote {}", path.display()));
                }
            }
            Some(folder.join("report.html").display().to_string())
        }
        None => None,
    };
    if arguments.conduct.format != Format::Json {
        fuzzed.iter().flat_map(|fuzzed| &fuzzed.lines).for_each(|told| console::line(told));
        let seconds = duration.as_secs_f64();
        console::waited(waited.as_deref()).iter().for_each(|told| console::line(told));
        console::line(&console::summary(
            &outcome.counts,
            seconds,
            &target_name,
            reported.as_deref(),
            outcome.interrupted,
        ));
        unused.iter().for_each(|id| console::note(&format!("waiver {id} fits nothing any more: remove it")));
    }
    let trouble = judge.is_some_and(|judge| snapshots::summary(&judge, arguments.conduct.format));
    let comparison = comparison.transpose()?;
    if let Some(comparison) = comparison.as_ref().filter(|_| arguments.conduct.format != Format::Json) {
        tell(comparison);
    }
    // A gate decides by its clauses, one of which is about the baseline; else the baseline decides in place of the run's
    // own findings.
    let status = match (decision, comparison) {
        (Some(decision), _) => {
            if arguments.conduct.format != Format::Json {
                gate::print(&decision);
            }
            gate::exit(&decision)
        }
        (None, Some(comparison)) => compare::status(&comparison),
        (None, None) => outcome.exit(),
    };
    let trouble = trouble || fuzzed.is_some_and(|fuzzed| fuzzed.could_not_judge);
    Ok(if trouble && status == exit::CONFORMANT { exit::COULD_NOT_JUDGE } else { status })
}
