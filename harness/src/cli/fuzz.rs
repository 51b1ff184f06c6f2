//! `proofmark fuzz`: deviations from the suite's own requests, judged, and each distinct defect told once.

use super::arguments::{Format, FuzzArguments};
use super::check::{Ready, documented, ready};
use super::console::{self, Console};
use super::look_back::{Shared, look_back};
use super::run::{self, begin, print_event, run_name};
use super::{Failure, foreign, interrupt, problems, report, serve};
use crate::coverage::Tracker;
use crate::engine::{Campaign, FuzzEnded, FuzzLimits, Fuzzed, Observer, fuzz};
use crate::http::client::Limits;
use crate::model::level::Level;
use crate::model::problem::alternatives;
use crate::model::verdict::exit;
use crate::record::{Counts, Documented, Event, Recorder, RunFinished, TrialFinished};
use crate::suite::{KnownDefect, Suite, read_corpus, write_corpus};
use std::path::PathBuf;
use std::time::{Duration, Instant};

const JOBS: u64 = 8;
const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_BODY: u64 = 8 << 20;
const CASES: usize = 100;

pub fn run(arguments: &FuzzArguments) -> Result<u8, Failure> {
    if arguments.fault.iter().any(|f| f == "list") {
        serve::print_faults();
        return Ok(exit::CONFORMANT);
    }
    let (Ready { suite, target, trials }, headers) = match &arguments.spec {
        Some(path) => foreign::ready(path, arguments)?,
        None => (ready(&arguments.suite)?, foreign::Headers::default()),
    };
    let without_cases = arguments.spec.is_some();
    let remembers = !arguments.no_corpus && !arguments.no_report && !without_cases;
    let known: Vec<&str> =
        suite.contracts.iter().flat_map(|c| &c.operations).map(|o| o.id.as_str()).collect();
    if let Some(unknown) = arguments.operation.iter().find(|id| !known.contains(&id.as_str())) {
        return Err(Failure::Usage(format!(
            "unknown operation `{unknown}`{}",
            alternatives(unknown, &known)
        )));
    }
    if !target.sandbox && !arguments.fault.is_empty() {
        return Err(Failure::Usage(
            "`--fault` is for the embedded sandbox: use it with `--target sandbox`".into(),
        ));
    }
    let defaults = &suite.config.defaults;
    let seed = arguments.seed.unwrap_or_else(run::random_seed);
    let limits = Limits {
        timeout: arguments.timeout.or(defaults.timeout).unwrap_or(TIMEOUT),
        max_body: defaults.max_body.unwrap_or(MAX_BODY),
    };
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let mut prepared = run::start(&suite, &target, &[], seed, &arguments.fault, listen, None)?;
    prepared.coverage = Some(Tracker::new(documented(&suite)?));
    let urls = prepared.urls.clone();
    prepared.secrets.extend(headers.secrets);
    let (mut context, sandbox) = run::context(&suite, prepared, limits, seed)?;
    let campaign = Campaign {
        phases: arguments.phases.clone(),
        operations: arguments.operation.clone(),
        probes: arguments.probe.clone(),
        cases: arguments.cases.unwrap_or(CASES),
        limits: FuzzLimits {
            max_requests: arguments.max_requests,
            until: arguments.max_time.map(|time| Instant::now() + time),
            rate: arguments.rate,
        },
        jobs: arguments.jobs.or(defaults.jobs).unwrap_or(JOBS) as usize,
        safe_only: arguments.safe_only,
        without_cases,
        known: if arguments.no_corpus || without_cases { Vec::new() } else { corpus(&suite)? },
    };
    let name = run_name();
    let reports = arguments.reports.clone().unwrap_or_else(|| suite.root.join("reports"));
    let folder = reports.join(&name);
    let mut started = begin(&suite, &target, &urls, name, seed, campaign.jobs, &context)?;
    started.faults.clone_from(&arguments.fault);
    let operations = suite.contracts.iter().map(|c| c.operations.len()).sum();
    (started.planned, started.selected) = (operations, operations);
    let target_name = started.target.clone();
    let started = Event::RunStarted(Box::new(started));
    if !arguments.no_report {
        let recorder = Recorder::create(&folder).map_err(|e| {
            Failure::Broken(format!("cannot write the record in `{}`: {e}", folder.display()))
        })?;
        recorder.write(&started);
        context.recorder = Some(recorder);
    }
    if arguments.format == Format::Json {
        print_event(&started);
    }
    let stop = context.stop.clone();
    interrupt::watch(move || stop.interrupt()).map_err(|e| Failure::Broken(e.to_string()))?;
    let console = Console::new(arguments.format, 0);
    let mut counts = Counts::default();
    let mut tell = |trial: &TrialFinished| {
        counts.add(trial.verdict);
        counts.warnings += trial.findings().filter(|(_, f)| f.level < Level::Must).count();
        console.trial_finished(trial);
        if let Some(recorder) = &context.recorder {
            recorder.write(&Event::TrialFinished(Box::new(trial.clone())));
        }
    };
    let fuzzed = fuzz(&suite.contracts, &trials, &context, &campaign, &mut tell);
    console.finish();
    console.print_problems();
    drop(sandbox);
    let duration = context.started.elapsed();
    let interrupted = context.stop.is_interrupted();
    let tally = fuzzed.tally();
    let coverage = context.coverage.as_ref().map(|coverage| coverage.statement(&Documented::ALL));
    let coverage = coverage.map(|statement| Event::Coverage(Box::new(statement)));
    let finished = Event::RunFinished(RunFinished {
        counts,
        duration_ms: duration.as_millis() as u64,
        interrupted,
        fuzz: Some(Box::new(tally.clone())),
        ..RunFinished::default()
    });
    if arguments.format == Format::Json {
        coverage.iter().for_each(print_event);
        print_event(&finished);
    }
    let reported = match context.recorder.take() {
        Some(recorder) => {
            coverage.iter().for_each(|event| recorder.write(event));
            recorder.write(&finished);
            look_back(&recorder, Some(&reports), None, &Shared::of(Some(&suite.config)));
            let record =
                recorder.finish().map_err(|e| Failure::Broken(format!("the record is not whole: {e}")))?;
            let html = report::usual(&record, &folder)?;
            Some(html.display().to_string())
        }
        None => None,
    };
    let gone = if remembers { remember(&suite, &campaign, &fuzzed)? } else { 0 };
    if arguments.format != Format::Json {
        if gone > 0 {
            console::line(&format!("{gone} known defects are gone"));
        }
        let skipped = counts.skipped;
        summary(&fuzzed, duration, seed, skipped, &target_name, reported.as_deref())
            .iter()
            .for_each(|row| console::line(row));
    }
    Ok(status(&fuzzed, &counts, interrupted))
}

fn corpus_path(suite: &Suite, api: &str) -> PathBuf {
    suite.root.join("fuzz").join(format!("{api}.yaml"))
}

/// What earlier runs found, by API.
fn corpus(suite: &Suite) -> Result<Vec<(String, KnownDefect)>, Failure> {
    let mut problems = Vec::new();
    let mut known = Vec::new();
    for api in suite.contracts.iter().map(|c| c.api.as_str()) {
        let path = corpus_path(suite, api);
        let read = read_corpus(&path, &format!("fuzz/{api}.yaml"), &mut problems);
        let read = read.map_err(|e| Failure::Usage(format!("`{}` cannot be read: {e}", path.display())))?;
        known.extend(read.into_iter().map(|defect| (api.to_owned(), defect)));
    }
    if problems.is_empty() { Ok(known) } else { Err(problems::refuse(problems)) }
}

/// Writes what is known now: of the operations that were fuzzed what was found, of the others what was known. The
/// number of defects that are gone comes back.
fn remember(suite: &Suite, campaign: &Campaign, fuzzed: &Fuzzed) -> Result<usize, Failure> {
    let was_fuzzed =
        |api: &str, operation: &str| fuzzed.operations.iter().any(|(a, o)| a == api && o == operation);
    // A run that was cut short, or that looked at some deviations only, cannot tell that a defect is gone.
    let whole = fuzzed.ended.is_none() && campaign.probes.is_empty() && !campaign.safe_only;
    let mut gone = 0;
    for api in suite.contracts.iter().map(|c| c.api.as_str()) {
        let of_api = |list: &[(String, KnownDefect)]| -> Vec<KnownDefect> {
            list.iter().filter(|(a, _)| a == api).map(|(_, defect)| defect.clone()).collect()
        };
        let found = of_api(&fuzzed.found);
        let before = of_api(&campaign.known);
        let mut now: Vec<KnownDefect> = Vec::new();
        for defect in before {
            let seen = found.iter().any(|f| f.operation == defect.operation && f.judge == defect.judge);
            match was_fuzzed(api, &defect.operation) && whole && !seen {
                true => gone += 1,
                false => now.push(defect),
            }
        }
        let new = |f: &&KnownDefect| !now.iter().any(|k| k.operation == f.operation && k.probe == f.probe);
        let new: Vec<KnownDefect> = found.iter().filter(new).cloned().collect();
        now.extend(new);
        let path = corpus_path(suite, api);
        write_corpus(&path, api, &now)
            .map_err(|e| Failure::Broken(format!("cannot write `{}`: {e}", path.display())))?;
    }
    Ok(gone)
}

/// Wrong beats could-not-tell; a budget that is spent is neither.
fn status(fuzzed: &Fuzzed, counts: &Counts, interrupted: bool) -> u8 {
    let down = fuzzed.ended == Some(FuzzEnded::Down);
    match counts {
        Counts { failed: 1.., .. } => exit::FINDINGS,
        Counts { errored: 1.., .. } => exit::COULD_NOT_JUDGE,
        _ if interrupted || down || fuzzed.sent == 0 => exit::COULD_NOT_JUDGE,
        _ => exit::CONFORMANT,
    }
}

fn summary(
    fuzzed: &Fuzzed,
    duration: Duration,
    seed: u64,
    skipped: usize,
    target: &str,
    report: Option<&str>,
) -> Vec<String> {
    let seconds = duration.as_secs_f64();
    let s = if fuzzed.defects == 1 { "" } else { "s" };
    let mut rows = vec![
        format!(
            "{} distinct defect{s} by {} deviations ({} requests, {:.0} a second) in {seconds:.2} s against {target}, seed {seed}",
            fuzzed.defects,
            fuzzed.sent,
            fuzzed.requests,
            fuzzed.requests as f64 / seconds.max(0.001),
        ),
        format!(
            "good input accepted: {} of {}; bad input refused: {} of {}; {} deviations that the request has no place for",
            fuzzed.good_accepted, fuzzed.good, fuzzed.bad_refused, fuzzed.bad, fuzzed.unsendable
        ),
    ];
    let reached = fuzzed.tally().reached;
    let reached = reached.iter().filter(|reach| reach.all > 0);
    let reached: Vec<String> = reached.map(|r| format!("{} of {} {}", r.seen, r.all, r.what)).collect();
    rows.push(format!("reached: {}", reached.join(", ")));
    if skipped > 0 {
        rows.push(format!("operations without a good request to start from: {skipped}"));
    }
    if !fuzzed.not_accepted.is_empty() {
        let names: Vec<&str> = fuzzed.not_accepted.iter().map(|(_, operation)| operation.as_str()).collect();
        rows.push(format!("no accepted request is known of: {}", names.join(", ")));
    }
    if !fuzzed.spent.is_empty() {
        let names: Vec<&str> = fuzzed.spent.iter().map(|(_, operation)| operation.as_str()).collect();
        rows.push(format!(
            "good requests that are accepted only once, so that little can be told: {}",
            names.join(", ")
        ));
    }
    rows.extend(fuzzed.ended.iter().map(|why| format!("ended early: {}", why.as_str())));
    rows.extend(report.map(|report| format!("report: {report}")));
    rows
}
