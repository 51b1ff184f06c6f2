//! `proofmark run`: from settings to a report.

use super::arguments::{Format, RunArguments};
use super::check::{Ready, documented, ready};
use super::choose::{self, Chosen};
use super::connection::{self, Connected};
use super::console::{self, Console};
use super::explain::{Origin, resolve, table};
use super::fuzzing::AfterRun;
use super::gate::{self, Watchman};
use super::look_back::{Shared, look_back, tell};
use super::{Failure, compare, interrupt, list, report, serve, snapshots, target};
use crate::callback::Listener;
use crate::contract::Contract;
use crate::coverage::Tracker;
use crate::engine::{self, Circuit, Observer, Outcome, RunContext, Stop, Throttle, Waited};
use crate::examples::documented_answers;
use crate::history::commit;
use crate::http::client::Limits;
use crate::model::report_format::WantedReport;
use crate::model::verdict::exit;
use crate::plan::{Action, Planned, Trial};
use crate::policy::{Baseline, Facts, Pacer, RetryPolicy, Waivers, digest, ran_out};
use crate::record::{
    ApiSummary, Documented, Event, OperationSummary, Recorder, Redactor, RunFinished, RunStarted,
    ShardSummary, VERSION, WaitedSummary,
};
use crate::report::Sources;
use crate::snapshot::{Judge, Keep, Mode};
use crate::suite::{BaseUrls, ConnectionSettings, Rate, Suite};
use libtest_mimic::Arguments;
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::time::{Duration, Instant};

const JOBS: u64 = 16;
const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_BODY: u64 = 8 << 20;
/// The longest that a request waits because of `Retry-After`.
const MAX_RETRY_AFTER: Duration = Duration::from_secs(30);

/// Settings with their origins.
#[derive(Debug)]
pub struct Settings {
    pub jobs: Origin<u64>,
    pub timeout: Origin<Duration>,
    pub max_body: Origin<u64>,
    /// How many requests the target takes in a time; `None` is any number.
    pub rate: Origin<Option<Rate>>,
    /// The longest that a request waits because of `Retry-After`.
    pub max_retry_after: Origin<Duration>,
    pub seed: Origin<u64>,
    pub reports: Origin<PathBuf>,
    pub formats: Origin<Vec<WantedReport>>,
    /// `None` is off.
    pub snapshots: Origin<Option<Mode>>,
}

impl Settings {
    fn resolve(arguments: &RunArguments, suite: &Suite, target: &target::Chosen) -> Result<Self, Failure> {
        let defaults = &suite.config.defaults;
        let own = suite.config.target(&target.name);
        Ok(Self {
            jobs: resolve(arguments.jobs, defaults.jobs, "--jobs", "proofmark.yaml: defaults.jobs", JOBS),
            timeout: resolve(
                arguments.timeout,
                defaults.timeout,
                "--timeout",
                "proofmark.yaml: defaults.timeout",
                TIMEOUT,
            ),
            max_body: resolve(
                arguments.max_body,
                defaults.max_body,
                "--max-body",
                "proofmark.yaml: defaults.max_body",
                MAX_BODY,
            ),
            rate: resolve(
                arguments.rate.map(Some),
                own.and_then(|own| own.connection.rate.as_ref()).map(|rate| Some(rate.value)),
                "--rate",
                "proofmark.yaml: targets.*.rate",
                None,
            ),
            max_retry_after: resolve(
                None,
                suite.config.retries.as_ref().and_then(|retries| retries.max_retry_after),
                "",
                "proofmark.yaml: retries.max_retry_after",
                MAX_RETRY_AFTER,
            ),
            seed: match arguments.seed {
                Some(value) => Origin { value, from: "--seed" },
                None => Origin { value: random_seed(), from: "random" },
            },
            reports: resolve(arguments.reports.clone(), None, "--reports", "", suite.root.join("reports")),
            formats: resolve(
                Some(arguments.formats.clone()).filter(|formats| !formats.is_empty()),
                defaults.reports.as_ref().map(|all| all.iter().copied().map(WantedReport::usual).collect()),
                "--as",
                "proofmark.yaml: defaults.reports",
                Vec::new(),
            ),
            snapshots: snapshots::mode(arguments.snapshots, suite)?,
        })
    }
}

/// Fits a JSON number exactly, and is short enough to type again.
pub fn random_seed() -> u64 {
    let random =
        Instant::now().elapsed().subsec_nanos() as u64 ^ jiff::Timestamp::now().as_nanosecond() as u64;
    random % 1_000_000_000
}

pub fn run(arguments: &RunArguments) -> Result<u8, Failure> {
    if arguments.fault.iter().any(|f| f == "list") {
        serve::print_faults();
        return Ok(exit::CONFORMANT);
    }
    let Ready { suite, target, trials } = ready(&arguments.suite)?;
    let index = documented(&suite)?;
    let settings = Settings::resolve(arguments, &suite, &target)?;
    if arguments.explain {
        table(&suite, &target, &settings, &arguments.suite.var).iter().for_each(|row| console::line(row));
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
    if !target.sandbox && !arguments.fault.is_empty() {
        return Err(Failure::Usage(
            "`--fault` is for the embedded sandbox: use it with `--target sandbox`".into(),
        ));
    }
    report::of_run(&settings.formats.value, arguments.format == Format::Json)?;
    let mut prepared = prepare(&suite, &target, &chosen.plan, &settings, arguments)?;
    prepared.rate = settings.rate.value;
    let told = !arguments.no_report || arguments.format == Format::Json;
    prepared.coverage = told.then(|| Tracker::new(index));
    prepared.judge = judge;
    execute(&suite, &target, chosen, planned, &settings, arguments, prepared, all)
}

/// What must be up before the first request.
pub struct Prepared {
    pub urls: BaseUrls,
    pub secrets: BTreeMap<String, String>,
    pub connected: Connected,
    /// How many requests the target takes in a time.
    pub rate: Option<Rate>,
    pub listener: Option<Listener>,
    /// Where the run is to say what of the documents it touched.
    pub coverage: Option<Tracker>,
    /// Where answers are compared with snapshots.
    pub judge: Option<Arc<Judge>>,
    /// Held until the run is over.
    pub sandbox: Option<proofmark_sandbox::Sandbox>,
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
        &arguments.fault,
        arguments.callback_listen,
        arguments.callback_url.clone(),
    )
}

/// Starts the listener where a trial waits for a callback, and the sandbox where it is the target.
pub fn start(
    suite: &Suite,
    target: &target::Chosen,
    plan: &[Planned],
    seed: u64,
    faults: &[String],
    callback_listen: SocketAddr,
    callback_url: Option<String>,
) -> Result<Prepared, Failure> {
    let waits = |trial: &Trial| {
        trial
            .actions
            .iter()
            .chain(&trial.finally)
            .any(|a| matches!(a, Action::Call(step) if step.callback.is_some()))
    };
    let listener =
        match plan.iter().any(|p| p.skip.is_none() && waits(&p.trial)) {
            true => Some(Listener::start(callback_listen, callback_url).map_err(|e| {
                Failure::Usage(format!("cannot listen for callbacks on {callback_listen}: {e}"))
            })?),
            false => None,
        };
    let (sandbox, urls) = match target.sandbox {
        true => {
            let url = listener.as_ref().map(|l| l.url().to_owned());
            let (sandbox, urls) = target::start_sandbox(suite, faults, url, seed)?;
            (Some(sandbox), urls)
        }
        false => (None, target.urls.clone()),
    };
    if let Some(contract) = suite.contracts.iter().find(|c| urls.of(&c.api).is_none()) {
        let api = &contract.api;
        return Err(Failure::Usage(format!(
            "target `{}` has no URL for the API `{api}` (add it to `urls`, or leave it out with `--api`)",
            target.name
        )));
    }
    let nothing = ConnectionSettings::default();
    let own = suite.config.target(&target.name);
    let settings = own.map_or(&nothing, |own| &own.connection);
    let secrets = target::secrets(suite, own, sandbox.as_ref())?;
    let connected = connection::connect(suite, settings, &urls, &secrets)?;
    let rate = settings.rate.as_ref().map(|rate| rate.value);
    Ok(Prepared { urls, secrets, connected, rate, listener, judge: None, coverage: None, sandbox })
}

/// The context that trials share.
pub fn context(
    suite: &Suite,
    prepared: Prepared,
    limits: Limits,
    seed: u64,
) -> Result<(RunContext, Option<proofmark_sandbox::Sandbox>), Failure> {
    let env: Map<String, Value> =
        prepared.secrets.iter().map(|(n, v)| (n.clone(), v.clone().into())).collect();
    let secrets = prepared.secrets.iter().map(|(n, v)| (n.as_str(), v.as_str()));
    let context = RunContext {
        redactor: Redactor::new(secrets),
        urls: prepared.urls,
        headers: headers(suite, prepared.connected.headers),
        limits,
        connection: prepared.connected.connection,
        authentication: prepared.connected.authentication,
        throttle: Throttle::new(
            prepared.rate.map(Pacer::new),
            suite
                .config
                .retries
                .as_ref()
                .and_then(|retries| retries.max_retry_after)
                .unwrap_or(MAX_RETRY_AFTER),
        ),
        env: Value::Object(env),
        seed,
        utc_offset: suite.config.defaults.utc_offset,
        listener: prepared.listener,
        recorder: None,
        evidence: None,
        coverage: prepared.coverage,
        rules: None,
        fail_fast: false,
        circuit: Circuit::default(),
        keep: None,
        waivers: Waivers::new(
            &suite.waivers,
            jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date(),
        ),
        retries: RetryPolicy::new(suite.config.retries.as_ref(), None),
        stop: Arc::new(Stop::default()),
        started: Instant::now(),
    };
    Ok((context, prepared.sandbox))
}

/// Headers of every request: the target's own win over those of `defaults`.
fn headers(suite: &Suite, mut own: Vec<(String, String)>) -> Vec<(String, String)> {
    for (name, value) in &suite.config.defaults.headers {
        if !own.iter().any(|(known, _)| known.eq_ignore_ascii_case(name)) {
            own.push((name.value.clone(), value.value.clone()));
        }
    }
    own
}

/// `all` are the trials of the suite, where fuzzing is to follow.
#[allow(clippy::too_many_arguments)]
fn execute(
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
    started.faults.clone_from(&arguments.fault);
    (started.planned, started.selected) = (planned, selected);
    started.shard = shard.map(|shard| ShardSummary { index: shard.index, count: shard.count });
    started.plan_digest = plan_digest;
    let target_name = started.target.clone();
    let started = Event::RunStarted(Box::new(started));
    if !arguments.no_report {
        let recorder = Recorder::create(&folder).map_err(|e| {
            Failure::Broken(format!("cannot write the record in `{}`: {e}", folder.display()))
        })?;
        recorder.write(&started);
        context.recorder = Some(recorder);
    }
    let context = Arc::new(context);
    let stop = context.stop.clone();
    interrupt::watch(move || stop.interrupt()).map_err(|e| Failure::Broken(e.to_string()))?;
    let console = Arc::new(Console::new(arguments.format, plan.len()));
    if arguments.format == Format::Json {
        print_event(&started);
    }
    let wanted = report::of_run(&settings.formats.value, arguments.format == Format::Json)?;
    let muted = report::stop_commands(&wanted);
    let watchman = arguments.gate.then(|| Arc::new(Watchman::new(console.clone())));
    let observer: Arc<dyn Observer> = match &watchman {
        Some(watchman) => watchman.clone(),
        None => console.clone(),
    };
    let libtest = Arguments {
        test_threads: Some(settings.jobs.value as usize),
        // Its own output would be a second one beside ours.
        logfile: Some(if cfg!(windows) { "NUL" } else { "/dev/null" }.into()),
        ..Arguments::default()
    };
    let mut outcome = engine::run(plan, &context, &libtest, &observer);
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
    if arguments.format == Format::Json {
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
            if arguments.format == Format::Json {
                print_event(&event);
            }
            let record =
                recorder.finish().map_err(|e| Failure::Broken(format!("the record is not whole: {e}")))?;
            let sources = Sources::below(&arguments.suite.suite);
            for path in report::write(&record, sources, &folder, &wanted)? {
                if arguments.format != Format::Json && !path.starts_with(&folder) {
                    console::line(&format!("wrote {}", path.display()));
                }
            }
            Some(folder.join("report.html").display().to_string())
        }
        None => None,
    };
    if arguments.format != Format::Json {
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
    let trouble = judge.is_some_and(|judge| snapshots::summary(&judge, arguments.format));
    let comparison = comparison.transpose()?;
    if let Some(comparison) = comparison.as_ref().filter(|_| arguments.format != Format::Json) {
        tell(comparison);
    }
    // A gate decides by its clauses, one of which is about the baseline; else the baseline decides in place of the run's
    // own findings.
    let status = match (decision, comparison) {
        (Some(decision), _) => {
            if arguments.format != Format::Json {
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

/// What is known of any run before anything is sent, without secrets.
pub fn begin(
    suite: &Suite,
    target: &target::Chosen,
    urls: &BaseUrls,
    run: String,
    seed: u64,
    jobs: usize,
    context: &RunContext,
) -> Result<RunStarted, Failure> {
    let mut started = RunStarted {
        version: VERSION,
        tool: concat!("proofmark ", env!("CARGO_PKG_VERSION")).into(),
        run,
        started: jiff::Timestamp::now().strftime("%Y-%m-%dT%H:%M:%SZ").to_string(),
        suite: suite.config.title.clone().unwrap_or_else(|| "suite".into()),
        target: target.name.clone(),
        urls: suite
            .contracts
            .iter()
            .filter_map(|c| Some((c.api.clone(), urls.of(&c.api)?.to_owned())))
            .collect(),
        faults: Vec::new(),
        seed,
        jobs,
        command: std::env::args_os().map(|word| word.to_string_lossy().into_owned()).collect(),
        apis: suite.contracts.iter().map(|c| api_summary(c)).collect(),
        planned: 0,
        selected: 0,
        waivers: context.waivers.summaries(),
        shard: None,
        suite_digest: suite_digest(suite)?,
        plan_digest: String::new(),
        acceptance: None,
        commit: commit(&suite.root),
    };
    let redactor = &context.redactor;
    started.command.iter_mut().for_each(|word| redactor.text(word));
    started.urls.values_mut().for_each(|url| redactor.text(url));
    redactor.text(&mut started.target);
    Ok(started)
}

fn suite_digest(suite: &Suite) -> Result<String, Failure> {
    let files =
        suite.files().map_err(|e| Failure::Broken(format!("the suite's files cannot be read again: {e}")))?;
    Ok(digest(files.iter().flat_map(|(name, bytes)| [name.as_bytes(), bytes.as_slice()])))
}

pub fn finished(context: &RunContext, outcome: &Outcome, duration: Duration) -> RunFinished {
    let strays = context.listener.as_ref().map(Listener::strays).unwrap_or_default();
    let stray_callbacks = strays
        .iter()
        .map(|inbound| {
            let mut record = inbound.record();
            context.redactor.request(&mut record);
            record
        })
        .collect();
    let waited = context.throttle.waited();
    let waited = (waited != Waited::default()).then(|| {
        Box::new(WaitedSummary {
            rate_ms: waited.rate.as_millis() as u64,
            postponed: waited.postponed,
            retry_after_ms: waited.retry_after.as_millis() as u64,
        })
    });
    RunFinished {
        waited,
        counts: outcome.counts,
        duration_ms: duration.as_millis() as u64,
        interrupted: outcome.interrupted,
        stray_callbacks,
        ..RunFinished::default()
    }
}

pub fn print_event(event: &Event) {
    if let Ok(json) = serde_json::to_string(event) {
        console::line(&json);
    }
}

/// `20261122-101530-4711`: sorts by time, and two runs at once do not collide.
pub fn run_name() -> String {
    let now = jiff::Timestamp::now().strftime("%Y%m%d-%H%M%S");
    format!("{now}-{}", std::process::id())
}

fn api_summary(contract: &Contract) -> ApiSummary {
    ApiSummary {
        name: contract.api.clone(),
        title: contract.title.clone(),
        document: contract.document.clone(),
        operations: contract
            .operations
            .iter()
            .map(|o| OperationSummary {
                id: o.id.clone(),
                method: o.method.clone(),
                path: o.path.clone(),
                doc: o.doc.clone(),
                examples: documented_answers(o),
            })
            .collect(),
        defects: contract.defects.clone(),
    }
}
