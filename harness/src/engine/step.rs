//! One step: make the request, send it (again, while it waits), judge the answer, take what is captured, wait for the
//! callback.

use super::delivery::{Delivered, deliver};
use super::evidence::Evidence;
use super::judgement::{Judged, Sent};
use super::trial::State;
use super::{callback, large};
use crate::check::{Subject, judging};
use crate::coverage::Tracker;
use crate::expr::{Evaluator, printed};
use crate::fuzz::Observed;
use crate::http::body::Answer;
use crate::http::media_type::{MediaType, Syntax};
use crate::http::request::view as view_request;
use crate::http::{curl, digest};
use crate::model::exchange::{Exchange, Request, Response, latin1};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::plan::{Built, TrialStep, Values, WaitPlan};
use crate::record::{BodyRecord, ErrorRecord, RequestRecord, ResponseRecord, Role, StepRecord};
use crate::snapshot::{Seen, SeenBody};
use serde_json::Value;
use std::borrow::Cow;
use std::sync::Arc;
use std::time::Instant;

/// A step that was sent.
pub struct Done {
    pub record: StepRecord,
    pub captured: Vec<(String, Value)>,
    /// Why there is no answer to judge.
    pub error: Option<String>,
    /// Values that the spec declares secret, by parameter or field.
    pub secrets: Vec<(String, String)>,
    /// The answer, where the trial has a snapshot.
    pub seen: Option<Seen>,
    /// The exchange as it was judged, where the run keeps them.
    pub evidence: Option<Box<Evidence>>,
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
    let at_ms = polling.duration_since(state.began).as_secs_f64() * 1000.0;
    let mut attempts = 0;
    loop {
        let Delivered { exchange, built, delays } = deliver(step, state).await?;
        let Built { secrets, without, values, .. } = built;
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
        let mut done = finish(step, state, exchange, attempts, &without);
        delays.tell(&mut done);
        done.record.at_ms = at_ms;
        if let Some(evidence) = &mut done.evidence {
            evidence.secrets.extend(secrets.iter().cloned());
        }
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

/// What expressions see as `request`.
fn view(request: &Request, step: &TrialStep) -> Value {
    let charset = step.request.charset.as_deref().or(step.operation.charset.as_deref()).unwrap_or("UTF-8");
    view_request(request, charset)
}

fn sent<'a>(
    step: &'a TrialStep,
    state: &'a State<'_>,
    exchange: &'a Exchange,
    request: &'a Value,
    attempts: u32,
) -> Sent<'a> {
    let (vars, env, ambient) = (&state.vars, &state.context.env, &state.ambient);
    Sent { step, exchange, request, vars, env, ambient, attempts }
}

fn holds(
    wait: &WaitPlan,
    step: &TrialStep,
    state: &State<'_>,
    exchange: &Exchange,
    response: &Response,
) -> bool {
    let _turn = large::turn(response.body.len());
    let request = view(&exchange.request, step);
    sent(step, state, exchange, &request, 0).holds(wait, response)
}

/// Judges an exchange and turns it into its record.
fn finish(
    step: &TrialStep,
    state: &State<'_>,
    exchange: Exchange,
    attempts: u32,
    without: &[String],
) -> Done {
    let connection = &state.context.connection;
    let curl = curl::command_with(&exchange.request, &connection.curl_options(&exchange.request.url));
    let mut record = StepRecord {
        role: step.role,
        operation: step.operation.id.clone(),
        location: step.location.clone(),
        request: request_record(&exchange.request),
        response: None,
        error: None,
        first_byte_ms: exchange.timing.first_byte.as_secs_f64() * 1000.0,
        total_ms: exchange.timing.total.as_secs_f64() * 1000.0,
        at_ms: 0.0,
        checks: Vec::new(),
        attempts,
        waited_ms: 0.0,
        postponed: Vec::new(),
        curl,
        callbacks: Vec::new(),
        findings: Vec::new(),
    };
    let response = match &exchange.response {
        Ok(response) => response,
        Err(e) => {
            if let Some(coverage) = &state.context.coverage {
                coverage.request(&step.operation, &view(&exchange.request, step), without);
                coverage.example(step);
            }
            record.error = Some(ErrorRecord { kind: e.kind.as_str().to_owned(), message: e.message.clone() });
            return Done {
                record,
                captured: Vec::new(),
                error: Some(format!("{}: {}", e.kind.as_str(), e.message)),
                secrets: Vec::new(),
                seen: None,
                evidence: None,
                observed: step.changes.is_some().then(Observed::default),
            };
        }
    };
    let _turn = large::turn(response.body.len());
    let mut observed = None;
    let mut checks = Vec::new();
    let request = view(&exchange.request, step);
    let keeps = state.context.evidence.is_some();
    let ambient = keeps.then(|| state.ambient.frozen());
    let Judged { answer, findings, captured, not_judged } = sent(step, state, &exchange, &request, attempts)
        .judge_and(response, |subject| {
            checks = judging(subject, &step.expectation);
            if let Some(coverage) = &state.context.coverage {
                coverage.request(&step.operation, &request, without);
                coverage.example(step);
                touch_answer(coverage, step, subject);
            }
            if let (Some(rules), Some(documented)) = (&state.context.rules, subject.documented) {
                rules.judged(step.operation.rules.iter().chain(&documented.rules), subject.evaluator);
            }
            if step.changes.is_some() {
                observed = Some(observe(step, subject.evaluator, subject.answer));
            }
        });
    record.findings = findings;
    record.checks = checks.into_iter().map(Cow::Borrowed).collect();
    let documented = step.operation.response(response.status).and_then(|d| d.media.first());
    let shape = documented.map(|media| &media.shape).zip(answer.body.as_ref());
    let secrets = shape.map(|(shape, body)| shape.secrets(body)).unwrap_or_default();
    let seen = (state.keeps && step.role == Role::Case).then(|| seen(step, response, &answer));
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
    let evidence = ambient.filter(|_| not_judged.is_none()).map(|ambient| {
        Box::new(Evidence {
            trial: String::new(),
            number: 0,
            step: step.clone(),
            request,
            vars: state.vars.clone(),
            env: Arc::new(state.context.env.clone()),
            ambient,
            attempts,
            secrets: secrets.clone(),
            findings: record.findings.clone(),
            exchange,
        })
    });
    Done { record, captured, error: not_judged, secrets, seen, evidence, observed }
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

/// Larger bodies are kept in snapshots by their digest.
const MAX_KEPT: usize = 1 << 20;

/// What a snapshot needs of an answer.
pub(super) fn seen(step: &TrialStep, response: &Response, answer: &Answer) -> Seen {
    let tree = answer.media_type.as_ref().map(MediaType::syntax);
    let body = match (&answer.document, &answer.body) {
        _ if response.body.is_empty() => SeenBody::Empty,
        _ if response.body.len() > MAX_KEPT || answer.invalid_at.is_some() || response.miscoded.is_some() => {
            let sha256 = digest::hex(&digest::sha256(&response.body));
            SeenBody::Digest { size: response.body.len(), sha256 }
        }
        (Some(document), _) => SeenBody::Xml(document.clone()),
        (None, Some(body))
            if tree == Some(Syntax::Json)
                || !body.is_string() && !matches!(tree, Some(Syntax::Form | Syntax::Html)) =>
        {
            SeenBody::Json(body.clone())
        }
        _ => SeenBody::Text(answer.text.clone()),
    };
    Seen {
        operation: step.operation.clone(),
        step: 0,
        status: response.status,
        headers: answer.headers.clone(),
        essence: answer.media_type.as_ref().map(|m| m.essence.clone()),
        body,
    }
}

/// What of the documents an answer shows: fields and code of one that is documented and could be read.
fn touch_answer(coverage: &Tracker, step: &TrialStep, subject: &Subject<'_, '_>) {
    if let (Some(_), Some(body)) = (subject.documented, &subject.answer.body) {
        coverage.answer(&step.operation, body);
    }
    if let Some(codes) = step.operation.codes.as_ref().filter(|_| coverage.wants_code(&step.operation)) {
        let received = codes.value.value(subject.evaluator).ok().map(|code| printed(&code));
        let expected = step.expectation.code.as_ref().and_then(|(code, _)| code.text(subject.evaluator).ok());
        for code in received.iter().chain(&expected) {
            coverage.code(&step.operation, code);
        }
    }
}

fn request_record(request: &Request) -> RequestRecord {
    RequestRecord {
        method: request.method.clone(),
        url: request.url.clone(),
        headers: request.headers.iter().map(|(n, v)| (n.clone(), latin1(v))).collect(),
        body: BodyRecord::new(&request.body, &request.charset),
    }
}
