//! The first and the last event of a run.

use crate::callback::Listener;
use crate::cli::{Failure, console, target};
use crate::contract::Contract;
use crate::engine::{Outcome, RunContext, Waited};
use crate::examples::documented_answers;
use crate::history::commit;
use crate::policy::digest;
use crate::record::{ApiSummary, Event, OperationSummary, RunFinished, RunStarted, VERSION, WaitedSummary};
use crate::suite::{BaseUrls, Suite};
use std::time::Duration;

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

/// `20261122-101530-084-4711`: sorts by time down to milliseconds, and two runs at once do not collide.
pub fn run_name() -> String {
    let now = jiff::Timestamp::now().strftime("%Y%m%d-%H%M%S-%3f");
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
