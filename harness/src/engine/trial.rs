//! One trial from its first variable to its last clean-up.

use super::context::RunContext;
use super::step;
use crate::expr::{Ambient, Evaluator, Scope};
use crate::fuzz::Observed;
use crate::http::client::Client;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::plan::{Action, Trial};
use crate::record::{Redactor, StepRecord, TrialFinished};
use serde_json::{Map, Value};
use std::sync::Arc;
use std::time::Instant;

/// What a trial carries from step to step.
pub struct State<'a> {
    pub context: &'a RunContext,
    pub client: &'a Client,
    pub vars: Value,
    pub ambient: Arc<Ambient>,
}

/// How the steps of a trial went.
#[derive(Default)]
struct Progress {
    steps: Vec<StepRecord>,
    /// Why it could not be judged.
    error: Option<String>,
    /// Values that the spec declares secret, by parameter or field.
    secrets: Vec<(String, String)>,
    /// Of the changed step.
    observed: Option<Observed>,
}

/// Runs a trial. The second value tells whether the connections it used can be used again.
pub async fn run(trial: &Trial, context: &RunContext, client: &Client) -> (TrialFinished, bool) {
    let (finished, _, good) = observe(trial, context, client).await;
    (finished, good)
}

/// The same, with what a changed step came to.
pub async fn observe(
    trial: &Trial,
    context: &RunContext,
    client: &Client,
) -> (TrialFinished, Option<Observed>, bool) {
    let began = Instant::now();
    let started_ms = began.duration_since(context.started).as_millis() as u64;
    let mut state = State {
        context,
        client,
        vars: Value::Object(Map::new()),
        ambient: Arc::new(Ambient::new(context.seed, &trial.name, context.utc_offset)),
    };
    let mut progress = Progress::default();
    for action in &trial.actions {
        if act(action, &mut state, &mut progress).await.is_break() {
            break;
        }
    }
    for action in &trial.finally {
        clean_up(action, &mut state, &mut progress).await;
    }
    let must = |level: Level| level == Level::Must;
    let failed = progress.steps.iter().any(|s| s.findings.iter().any(|f| must(f.level)));
    let verdict = match (failed, &progress.error) {
        (true, _) => Verdict::Failed,
        (false, Some(_)) => Verdict::Errored,
        (false, None) => Verdict::Passed,
    };
    let mut finished = TrialFinished {
        name: trial.name.clone(),
        api: trial.api.clone(),
        operation: trial.operation.clone(),
        case: trial.case.clone(),
        title: trial.title.clone(),
        doc: trial.doc.clone(),
        level: trial.level,
        tags: trial.tags.clone(),
        location: trial.location.clone(),
        verdict,
        reason: progress.error,
        started_ms,
        duration_ms: began.elapsed().as_secs_f64() * 1000.0,
        steps: progress.steps,
    };
    if !progress.secrets.is_empty() {
        Redactor::new(progress.secrets.iter().map(|(n, v)| (n.as_str(), v.as_str()))).trial(&mut finished);
    }
    (finished, progress.observed, verdict == Verdict::Passed)
}

/// One action; breaks where what follows could not mean anything.
async fn act(action: &Action, state: &mut State<'_>, progress: &mut Progress) -> std::ops::ControlFlow<()> {
    use std::ops::ControlFlow::{Break, Continue};
    match action {
        Action::Set(vars) => {
            for (name, template) in vars.iter() {
                let value = {
                    let scope = Scope::before(&state.vars, &state.context.env, &state.ambient);
                    template.value(&Evaluator::new(scope))
                };
                match value {
                    Ok(value) => set(&mut state.vars, name, value),
                    Err(e) => {
                        progress.error = Some(format!("variable `{name}`: {e}"));
                        return Break(());
                    }
                }
            }
            Continue(())
        }
        Action::Call(call) => {
            let done = match step::run(call, state).await {
                Ok(done) => done,
                Err(e) => {
                    progress.error = Some(format!("the request at {} cannot be made: {e}", call.location));
                    return Break(());
                }
            };
            let stop = done.is_another_answer(Level::Must);
            for (name, value) in done.captured {
                set(&mut state.vars, &name, value);
            }
            progress.error = done.error;
            progress.secrets.extend(done.secrets);
            progress.steps.push(done.record);
            progress.observed = done.observed.or(progress.observed.take());
            if stop { Break(()) } else { Continue(()) }
        }
    }
}

/// Clean-up runs whatever happened. What it needs may not be there, because the trial ended early: then it is left out.
async fn clean_up(action: &Action, state: &mut State<'_>, progress: &mut Progress) {
    let Action::Call(call) = action else { return };
    let ended_early = progress.error.is_some() || progress.steps.iter().any(|s| !s.findings.is_empty());
    match step::run(call, state).await {
        Ok(done) => {
            for (name, value) in done.captured {
                set(&mut state.vars, &name, value);
            }
            if progress.error.is_none() {
                progress.error = done.error;
            }
            progress.secrets.extend(done.secrets);
            let mut record = done.record;
            if ended_early {
                // After a failure the state is unknown: what clean-up finds says nothing about the contract.
                record.findings.clear();
            }
            progress.steps.push(record);
        }
        Err(_) if ended_early => {}
        Err(e) => progress.error = Some(format!("the clean-up at {} cannot be made: {e}", call.location)),
    }
}

fn set(vars: &mut Value, name: &str, value: Value) {
    if let Value::Object(map) = vars {
        map.insert(name.to_owned(), value);
    }
}
