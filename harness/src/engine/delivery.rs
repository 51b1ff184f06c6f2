//! [`deliver`]: a request on its way: as whom, not before the target wants it, and again where that may help. What comes
//! of it is judged elsewhere.

use super::auth::{Fetch, Source, Token, TokenSource};
use super::step::Done;
use super::trial::State;
use crate::expr::{Evaluator, Scope};
use crate::http::auth::Credential;
use crate::http::retry_after::retry_after;
use crate::model::exchange::{Exchange, Request};
use crate::plan::{Built, RequestAuth, RequestTarget, TrialStep};
use crate::record::{ErrorRecord, Postponed};
use serde_json::Value;
use std::time::{Duration, SystemTime};

/// A target that asks again and again to come back at once is not heeded without end.
const MOST_POSTPONED: usize = 10;

/// A request that was answered, or could not be.
pub struct Delivered {
    pub exchange: Exchange,
    /// What it was made of; its request has moved to the exchange.
    pub built: Built,
    pub delays: Delays,
}

/// What a request waited for.
#[derive(Debug, Default)]
pub struct Delays {
    waited: Duration,
    postponed: Vec<Postponed>,
    /// Why the last answer's wish was not heeded.
    too_long: Option<String>,
}

impl Delays {
    /// Puts it in the record of the step. An answer that asks for more time than there is cannot be judged: the target
    /// has not said what it would answer.
    pub fn tell(self, done: &mut Done) {
        done.record.waited_ms = self.waited.as_secs_f64() * 1000.0;
        done.record.postponed = self.postponed;
        if let Some(message) = self.too_long {
            done.record.findings.clear();
            done.error = Some(format!("postponed: {message}"));
            done.record.error = Some(ErrorRecord { kind: "postponed".into(), message });
        }
    }
}

/// Makes the request of a step and sends it. `Err` when it cannot be made.
pub async fn deliver(step: &TrialStep, state: &State<'_>) -> Result<Delivered, String> {
    let mut delays = Delays::default();
    let Some(source) = token_source(step, state) else {
        let fixed = match state.context.authentication.of(&step.operation.api) {
            Source::Fixed(credential) => Some(credential),
            Source::None | Source::Token(_) => None,
        };
        let mut built = build(step, state, fixed)?;
        let exchange = send(step, state, take(&mut built.request), &mut delays).await;
        return Ok(Delivered { exchange, built, delays });
    };
    let token = source.token(fetch(state)).await?;
    let (exchange, built) = send_as(step, state, &token, &mut delays).await?;
    let status = exchange.response.as_ref().map_or(0, |response| response.status);
    if status != 401 {
        source.accepted(&token).await;
        return Ok(Delivered { exchange, built, delays });
    }
    if step.expectation.wants_status(401) {
        return Ok(Delivered { exchange, built, delays });
    }
    // The token may have been revoked, or have run out on the way: RFC 6750 section 3.1, `invalid_token`.
    let Some(token) = source.replace(&token, fetch(state)).await? else {
        return Ok(Delivered { exchange, built, delays });
    };
    let (exchange, built) = send_as(step, state, &token, &mut delays).await?;
    if exchange.response.as_ref().is_ok_and(|response| response.status != 401) {
        source.accepted(&token).await;
    }
    Ok(Delivered { exchange, built, delays })
}

/// Where the step's token comes from; `None` where it needs none.
fn token_source<'s>(step: &TrialStep, state: &'s State<'_>) -> Option<&'s TokenSource> {
    match (&step.request.auth, state.context.authentication.of(&step.operation.api)) {
        (RequestAuth::Target, Source::Token(source)) => Some(source),
        _ => None,
    }
}

fn fetch<'s>(state: &'s State<'_>) -> Fetch<'s> {
    Fetch { client: state.client, limits: state.context.limits, redactor: &state.context.redactor }
}

async fn send_as(
    step: &TrialStep,
    state: &State<'_>,
    token: &Token,
    delays: &mut Delays,
) -> Result<(Exchange, Built), String> {
    let mut built = build(step, state, Some(&token.credential()))?;
    let exchange = send(step, state, take(&mut built.request), delays).await;
    Ok((exchange, built))
}

/// Moves a request out of what it was made with.
fn take(request: &mut Request) -> Request {
    let empty = Request {
        method: String::new(),
        url: String::new(),
        headers: Vec::new(),
        body: Vec::new(),
        charset: String::new(),
    };
    std::mem::replace(request, empty)
}

/// Sends a request when the target wants it, and again when it asks for that.
async fn send(step: &TrialStep, state: &State<'_>, mut request: Request, delays: &mut Delays) -> Exchange {
    let (context, api) = (state.context, step.operation.api.as_str());
    let throttle = &context.throttle;
    loop {
        let spare = throttle.max_retry_after.saturating_sub(delays.waited);
        delays.waited += throttle.wait(api, spare, &context.stop).await;
        let exchange = state.client.send(request, context.limits).await;
        let Ok(response) = &exchange.response else { return exchange };
        let asks = retry_after(response, SystemTime::now());
        let Some(pause) = asks.filter(|_| !step.expectation.wants_status(response.status)) else {
            return exchange;
        };
        let most = throttle.max_retry_after;
        // A suite that waits for nothing judges what it gets.
        if most.is_zero() {
            return exchange;
        }
        let (status, value) = (response.status, response.header_text("retry-after").unwrap_or_default());
        let refuses = match () {
            () if pause > most.saturating_sub(delays.waited) => {
                Some(format!("a request waits {most:?} at most (`max_retry_after`)"))
            }
            () if delays.postponed.len() >= MOST_POSTPONED => {
                Some(format!("has done so {MOST_POSTPONED} times"))
            }
            () => None,
        };
        if let Some(why) = refuses {
            // A fuzzer wants to see every answer.
            if step.changes.is_none() {
                delays.too_long =
                    Some(format!("it answered {status} with `Retry-After: {value}`, and {why}"));
            }
            return exchange;
        }
        delays.postponed.push(Postponed { status, retry_after: value });
        throttle.hold(api, pause);
        if context.stop.is_interrupted() {
            return exchange;
        }
        request = exchange.request;
    }
}

fn build(step: &TrialStep, state: &State<'_>, credential: Option<&Credential>) -> Result<Built, String> {
    let base_url = state
        .context
        .urls
        .of(&step.operation.api)
        .ok_or_else(|| format!("the target has no URL for the API `{}`", step.operation.api))?;
    let secret = step.operation.sign_request.as_ref().and_then(|sign| sign.secret_name());
    let target = RequestTarget {
        base_url,
        headers: &state.context.headers,
        secret: secret.and_then(|name| state.context.env.get(name)).and_then(Value::as_str),
        credential,
    };
    let scope = Scope::before(&state.vars, &state.context.env, &state.ambient);
    let changes = step.changes.as_ref().map(|changes| changes.as_slice());
    step.request.build_changed(&step.operation, &target, &Evaluator::new(scope), changes)
}
