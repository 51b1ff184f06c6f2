//! What must be up before the first request, and what trials share.

use super::settings::MAX_RETRY_AFTER;
use crate::callback::Listener;
use crate::cli::connection::{self, Connected};
use crate::cli::{Failure, target};
use crate::coverage::Tracker;
use crate::engine::{Circuit, RunContext, Stop, Throttle};
use crate::http::client::Limits;
use crate::plan::{Action, Planned, Trial};
use crate::policy::{Pacer, RetryPolicy, Waivers};
use crate::record::Redactor;
use crate::snapshot::Judge;
use crate::suite::{BaseUrls, ConnectionSettings, Rate, Suite};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Instant;

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
