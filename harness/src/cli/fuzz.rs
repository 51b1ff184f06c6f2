//! `proofmark fuzz`: deviations from the suite's own requests, judged, and each distinct defect told once.

use super::arguments::{Format, FuzzArguments};
use super::check::{Ready, documented, ready};
use super::console::{self, Console};
use super::fuzzing::{cases, conduct, could_not_judge, summary};
use super::look_back::{Shared, look_back};
use super::run::{self, begin, print_event, run_name};
use super::{Failure, corpus, foreign, interrupt, recording, report, serve};
use crate::coverage::Tracker;
use crate::engine::{Campaign, FuzzLimits, Fuzzed};
use crate::model::problem::alternatives;
use crate::model::verdict::exit;
use crate::record::{Counts, Documented, Event, FuzzTally, RunFinished};
use std::time::Instant;

const JOBS: u64 = 8;

pub fn run(arguments: &FuzzArguments) -> Result<u8, Failure> {
    if arguments.conduct.fault.iter().any(|f| f == "list") {
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
    target.takes(&arguments.conduct.fault)?;
    let defaults = &suite.config.defaults;
    let seed = arguments.conduct.seed.unwrap_or_else(run::random_seed);
    let limits = run::limits(&suite, arguments.conduct.timeout);
    let listen = std::net::SocketAddr::from(([127, 0, 0, 1], 0));
    let mut prepared = run::start(&suite, &target, &[], seed, &arguments.conduct.fault, listen, None)?;
    prepared.coverage = Some(Tracker::new(documented(&suite)?));
    let urls = prepared.urls.clone();
    prepared.secrets.extend(headers.secrets);
    let (mut context, sandbox) = run::context(&suite, prepared, limits, seed)?;
    let campaign = Campaign {
        phases: arguments.phases.clone(),
        operations: arguments.operation.clone(),
        probes: arguments.probe.clone(),
        cases: cases(arguments.cases),
        limits: FuzzLimits {
            max_requests: arguments.max_requests,
            max_defects: arguments.max_defects,
            until: arguments.max_time.map(|time| Instant::now() + time),
            rate: arguments.rate,
        },
        jobs: arguments.conduct.jobs.or(defaults.jobs).unwrap_or(JOBS) as usize,
        safe_only: arguments.safe_only,
        without_cases,
        known: if arguments.no_corpus || without_cases { Vec::new() } else { corpus::read(&suite)? },
    };
    let name = run_name();
    let reports = arguments.conduct.reports.clone().unwrap_or_else(|| suite.root.join("reports"));
    let folder = reports.join(&name);
    let mut started = begin(&suite, &target, &urls, name, seed, campaign.jobs, &context)?;
    started.faults.clone_from(&arguments.conduct.fault);
    let operations = suite.contracts.iter().map(|c| c.operations.len()).sum();
    (started.planned, started.selected) = (operations, operations);
    let target_name = started.target.clone();
    let started = Event::RunStarted(Box::new(started));
    if !arguments.no_report {
        let recorder = recording::create(&folder)?;
        recorder.write(&started);
        context.recorder = Some(recorder);
    }
    if arguments.conduct.format == Format::Json {
        print_event(&started);
    }
    let stop = context.stop.clone();
    interrupt::watch(move || stop.interrupt()).map_err(|e| Failure::Broken(e.to_string()))?;
    let console = Console::new(arguments.conduct.format, 0);
    let (fuzzed, counts) = conduct(&suite, &trials, &context, &campaign, &console);
    console.finish();
    console.print_problems();
    drop(sandbox);
    let duration = context.started.elapsed();
    let interrupted = context.stop.is_interrupted();
    let became = corpus::became(&campaign, &fuzzed);
    let known = corpus::looked_for(&became);
    let coverage = context.coverage.as_ref().map(|coverage| coverage.statement(&Documented::ALL));
    let coverage = coverage.map(|statement| Event::Coverage(Box::new(statement)));
    let finished = Event::RunFinished(RunFinished {
        counts,
        duration_ms: duration.as_millis() as u64,
        interrupted,
        fuzz: Some(Box::new(FuzzTally { known: known.clone(), ..fuzzed.tally() })),
        ..RunFinished::default()
    });
    if arguments.conduct.format == Format::Json {
        coverage.iter().for_each(print_event);
        print_event(&finished);
    }
    let reported = match context.recorder.take() {
        Some(recorder) => {
            coverage.iter().for_each(|event| recorder.write(event));
            recorder.write(&finished);
            look_back(&recorder, Some(&reports), None, &Shared::of(Some(&suite.config)));
            let record = recording::finish(recorder)?;
            let html = report::usual(&record, &folder)?;
            Some(html.display().to_string())
        }
        None => None,
    };
    if remembers {
        corpus::write(&suite, &became, &fuzzed)?;
    }
    if arguments.conduct.format != Format::Json {
        let of = format!("against {target_name}, seed {seed}");
        let mut rows = corpus::lines(&known);
        rows.extend(summary(&fuzzed, counts.skipped, duration, &of));
        rows.extend(reported.map(|report| format!("report: {report}")));
        rows.iter().for_each(|row| console::line(row));
    }
    Ok(status(&fuzzed, &counts, interrupted))
}

/// Wrong beats could-not-tell; a budget that is spent is neither.
fn status(fuzzed: &Fuzzed, counts: &Counts, interrupted: bool) -> u8 {
    match counts {
        Counts { failed: 1.., .. } => exit::FINDINGS,
        Counts { errored: 1.., .. } => exit::COULD_NOT_JUDGE,
        _ if interrupted || could_not_judge(fuzzed) => exit::COULD_NOT_JUDGE,
        _ => exit::CONFORMANT,
    }
}
