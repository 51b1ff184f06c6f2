//! One step: make the request, send it (again, while it waits), judge the answer, take what is captured, wait for the
//! callback.

use super::trial::State;
use super::{callback, large};
use crate::check::{NOT_JUDGED, Subject, judge, read_answer};
use crate::expr::{Evaluator, Scope, printed};
use crate::fuzz::Observed;
use crate::http::body::Answer;
use crate::http::curl;
use crate::http::request::view as view_request;
use crate::model::exchange::{Exchange, Request, Response, latin1};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::plan::{Built, CapturePlan, RequestTarget, TrialStep, Values, WaitPlan};
use crate::record::{BodyRecord, ErrorRecord, RequestRecord, ResponseRecord, StepRecord};
use serde_json::Value;
use std::time::Instant;

/// A step that was sent.
pub struct Done {
    pub record: StepRecord,
    pub captured: Vec<(String, Value)>,
    /// Why there is no answer to judge.
    pub error: Option<String>,
    /// Values that the spec declares secret, by parameter or field.
    pub secrets: Vec<(String, String)>,
    /// What a fuzzer wants to know of a changed step.
    pub observed: Option<Observed>,
}

impl Done {
    /// Whether there is no answer, or by a finding of at least this level not the one that was asked for, so that what
    /// follows could not mean anything. An answer that is wrong otherwise is no reason to stop: the next step, and the
    /// callback, may show another defect.
    pub fn is_another_answer(&self, level: Level) -> bool {
        let is_gate = |f: &Finding| match (f.check.as_str(), f.requirement.as_deref()) {
            ("status" | "outcome" | "await", _) | ("well-formed", Some("syntax")) => f.level >= level,
            ("callback", Some("never" | "late")) => f.level >= level,
            ("capture", _) => true,
            _ => false,
        };
        self.error.is_some() || self.record.findings.iter().any(is_gate)
    }
}

/// Runs a step. `Err` when its request cannot be made.
pub async fn run(step: &TrialStep, state: &State<'_>) -> Result<Done, String> {
    let waiter = match &step.callback {
        Some(plan) => Some(callback::begin(plan, state)?),
        None => None,
    };
    let polling = Instant::now();
    let mut attempts = 0;
    loop {
        let Built { request, secrets, values } = build(step, state)?;
        let exchange = state.client.send(request, state.context.limits).await;
        attempts += 1;
        if let (Some(wait), Ok(response)) = (&step.wait, &exchange.response)
            && polling.elapsed() < wait.within
            && !holds(wait, step, state, &exchange, response)
        {
            // After an interruption the next exchange says so.
            let _ = state.context.stop.unless_interrupted(tokio::time::sleep(wait.every)).await;
            continue;
        }
        let answered = Instant::now();
        let request_view = step.callback.as_ref().map(|_| view(&exchange.request, step));
        let mut done = finish(step, state, exchange, attempts);
        done.secrets.extend(secrets);
        if let (Some(observed), Some(values)) = (&mut done.observed, values) {
            observed.values = values;
        }
        if let (Some(plan), Some(waiter), Some(request)) = (&step.callback, waiter, request_view)
            && !done.is_another_answer(Level::May)
        {
            let waited = callback::finish(plan, waiter, state, &request, answered);
            match state.context.stop.unless_interrupted(waited).await {
                Some((callbacks, findings)) => {
                    done.record.callbacks = callbacks;
                    done.record.findings.extend(findings);
                }
                // Whether it would have come cannot be told.
                None => done.error = Some("interrupted: the run was stopped".into()),
            }
        }
        return Ok(done);
    }
}

fn build(step: &TrialStep, state: &State<'_>) -> Result<Built, String> {
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
    };
    let scope = Scope::before(&state.vars, &state.context.env, &state.ambient);
    let changes = step.changes.as_ref().map(|changes| changes.as_slice());
    step.request.build_changed(&step.operation, &target, &Evaluator::new(scope), changes)
}

/// What expressions see as `request`.
fn view(request: &Request, step: &TrialStep) -> Value {
    let charset = step.request.charset.as_deref().or(step.operation.charset.as_deref()).unwrap_or("UTF-8");
    view_request(request, charset)
}

fn scope<'a>(
    state: &'a State<'_>,
    exchange: &'a Exchange,
    response: &'a Response,
    answer: &'a Answer,
    request: &'a Value,
) -> Scope<'a> {
    Scope {
        status: Some(response.status),
        headers: Some(&answer.headers),
        body: answer.body.as_ref(),
        text: Some(&answer.text),
        request: Some(request),
        elapsed: Some(exchange.timing.total),
        document: answer.document.as_ref(),
        ..Scope::before(&state.vars, &state.context.env, &state.ambient)
    }
}

fn holds(
    wait: &WaitPlan,
    step: &TrialStep,
    state: &State<'_>,
    exchange: &Exchange,
    response: &Response,
) -> bool {
    let _turn = large::turn(response.body.len());
    let answer = read_answer(&step.operation, response);
    let request = view(&exchange.request, step);
    let evaluator = Evaluator::new(scope(state, exchange, response, &answer, &request));
    wait.until.holds(&evaluator).unwrap_or(false)
}

/// Judges an exchange and turns it into its record.
fn finish(step: &TrialStep, state: &State<'_>, exchange: Exchange, attempts: u32) -> Done {
    let curl = curl::command(&exchange.request);
    let mut record = StepRecord {
        role: step.role,
        operation: step.operation.id.clone(),
        location: step.location.clone(),
        request: request_record(&exchange.request),
        response: None,
        error: None,
        first_byte_ms: exchange.timing.first_byte.as_secs_f64() * 1000.0,
        total_ms: exchange.timing.total.as_secs_f64() * 1000.0,
        attempts,
        curl,
        callbacks: Vec::new(),
        findings: Vec::new(),
    };
    let response = match &exchange.response {
        Ok(response) => response,
        Err(e) => {
            record.error = Some(ErrorRecord { kind: e.kind.as_str().to_owned(), message: e.message.clone() });
            return Done {
                record,
                captured: Vec::new(),
                error: Some(format!("{}: {}", e.kind.as_str(), e.message)),
                secrets: Vec::new(),
                observed: step.changes.is_some().then(Observed::default),
            };
        }
    };
    let _turn = large::turn(response.body.len());
    let answer = read_answer(&step.operation, response);
    let mut captured = Vec::new();
    let mut observed = None;
    let error;
    {
        let request = view(&exchange.request, step);
        let evaluator = Evaluator::new(scope(state, &exchange, response, &answer, &request));
        let subject = Subject::new(&exchange, response, &answer, &step.operation, &evaluator);
        record.findings = judge(&subject, &step.expectation);
        let not_judged = |f: &Finding| f.requirement.as_deref() == Some(NOT_JUDGED);
        error = record.findings.iter().find(|f| not_judged(f)).map(|f| f.message.clone());
        record.findings.retain(|f| !not_judged(f));
        if let Some(wait) = &step.wait
            && !wait.until.holds(&evaluator).unwrap_or(false)
        {
            record.findings.push(never_held(wait, attempts, step));
        }
        if step.changes.is_some() {
            observed = Some(observe(step, &evaluator, &answer));
        }
        for capture in step.captures.iter() {
            match capture.program.value(&evaluator) {
                Ok(value) => captured.push((capture.name.clone(), value)),
                Err(e) => record.findings.push(not_captured(capture, &e, step)),
            }
        }
    }
    let documented = step.operation.response(response.status).and_then(|d| d.media.first());
    let shape = documented.map(|media| &media.shape).zip(answer.body.as_ref());
    let secrets = shape.map(|(shape, body)| shape.secrets(body)).unwrap_or_default();
    let body = match answer.encoding == encoding_rs::UTF_8 && answer.invalid_at.is_none() && !answer.bom {
        true => {
            BodyRecord { size: response.body.len(), text: Some(answer.text), charset: None, base64: None }
        }
        false => BodyRecord::new(&response.body, answer.encoding.name()),
    };
    record.response = Some(ResponseRecord {
        status: response.status,
        version: response.version.clone(),
        headers: response.headers.iter().map(|(n, v)| (n.clone(), latin1(v))).collect(),
        body,
    });
    Done { record, captured, error, secrets, observed }
}

fn observe(step: &TrialStep, evaluator: &Evaluator<'_>, answer: &Answer) -> Observed {
    let held = step.operation.outcomes.iter().filter(|o| o.predicate.holds(evaluator).unwrap_or(false));
    let code = step.operation.codes.as_ref().and_then(|codes| codes.value.value(evaluator).ok());
    Observed {
        values: Values::default(),
        outcomes: held.map(|outcome| outcome.name.clone()).collect(),
        code: code.map(|code| printed(&code)),
        body: answer.body.clone(),
    }
}

fn never_held(wait: &WaitPlan, attempts: u32, step: &TrialStep) -> Finding {
    let message =
        format!("`{}` did not hold within {:?} ({attempts} calls)", wait.until.source(), wait.within);
    Finding::new("await", "body", message)
        .requirement(wait.until.source())
        .level(step.expectation.level)
        .case(Some(wait.location.clone()))
        .doc(step.expectation.doc.clone())
}

fn not_captured(capture: &CapturePlan, error: &str, step: &TrialStep) -> Finding {
    let message = format!("`{}` cannot be captured from the answer: {error}", capture.name);
    Finding::new("capture", "body", message)
        .requirement(capture.name.clone())
        .expected(capture.program.source().to_owned())
        .level(step.expectation.level)
        .case(Some(capture.location.clone()))
        .doc(step.expectation.doc.clone())
}

fn request_record(request: &Request) -> RequestRecord {
    RequestRecord {
        method: request.method.clone(),
        url: request.url.clone(),
        headers: request.headers.iter().map(|(n, v)| (n.clone(), latin1(v))).collect(),
        body: BodyRecord::new(&request.body, &request.charset),
    }
}
