//! One trial from its first variable to its last clean-up.

use super::context::RunContext;
use super::evidence::Evidence;
use super::step;
use crate::expr::{Ambient, Evaluator, Scope, Template};
use crate::fuzz::Observed;
use crate::http::client::Client;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::plan::{Action, Trial};
use crate::record::{Redactor, StepRecord, TrialFinished};
use crate::snapshot::{Echoes, Seen, Taken, render};
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Instant;

/// What a trial carries from step to step.
pub struct State<'a> {
    pub context: &'a RunContext,
    pub client: &'a Client,
    pub vars: Value,
    pub ambient: Arc<Ambient>,
    /// When the trial began.
    pub began: Instant,
    /// Whether the answers of its steps are kept for a snapshot.
    pub keeps: bool,
    /// Names of variables that differ from run to run.
    moving: BTreeSet<String>,
}

/// How a trial ended, and what it leaves for its snapshot.
pub struct Ended {
    pub finished: TrialFinished,
    pub taken: Option<Taken>,
}

/// How the steps of a trial went.
#[derive(Default)]
struct Progress {
    steps: Vec<StepRecord>,
    /// Why it could not be judged.
    error: Option<String>,
    /// Values that the spec declares secret, by parameter or field.
    secrets: Vec<(String, String)>,
    seen: Vec<Seen>,
    evidence: Vec<Evidence>,
    /// Of the changed step.
    observed: Option<Observed>,
}

impl Progress {
    fn keep(&mut self, trial: &str, evidence: Option<Box<Evidence>>) {
        if let Some(evidence) = evidence {
            let number = self.steps.len() + 1;
            self.evidence.push(Evidence { trial: trial.to_owned(), number, ..*evidence });
        }
    }
}

/// Runs a trial. The second value tells whether the connections it used can be used again.
pub async fn run(trial: &Trial, context: &RunContext, client: &Client) -> (Ended, bool) {
    let whole = whole(trial, None, context, client).await;
    (whole.ended, whole.good)
}

/// The same from the variables that earlier steps left, with what a changed step came to and the variables afterwards.
pub async fn observe(
    trial: &Trial,
    vars: Option<&Value>,
    context: &RunContext,
    client: &Client,
) -> (TrialFinished, Option<Observed>, Value, bool) {
    let Whole { ended, observed, vars, good } = whole(trial, vars, context, client).await;
    (ended.finished, observed, vars, good)
}

/// Everything that is known of a trial that was run.
struct Whole {
    ended: Ended,
    observed: Option<Observed>,
    /// Variables in the end.
    vars: Value,
    /// Whether its connections can be used again.
    good: bool,
}

async fn whole(trial: &Trial, vars: Option<&Value>, context: &RunContext, client: &Client) -> Whole {
    let began = Instant::now();
    let started_ms = began.duration_since(context.started).as_millis() as u64;
    let mut state = State {
        context,
        client,
        vars: vars.cloned().unwrap_or_else(|| Value::Object(Map::new())),
        ambient: Arc::new(Ambient::new(context.seed, &trial.name, context.utc_offset)),
        began,
        keeps: context.keep.as_ref().is_some_and(|keep| keep.wants(trial.snapshot)),
        moving: BTreeSet::new(),
    };
    let mut progress = Progress::default();
    for action in &trial.actions {
        if act(action, trial, &mut state, &mut progress).await.is_break() {
            break;
        }
    }
    for action in &trial.finally {
        clean_up(action, trial, &mut state, &mut progress).await;
    }
    let must = |level: Level| level == Level::Must;
    let failed = progress.steps.iter().any(|s| s.findings.iter().any(|f| must(f.level)));
    let verdict = match (failed, &progress.error) {
        (true, _) => Verdict::Failed,
        (false, Some(_)) => Verdict::Errored,
        (false, None) => Verdict::Passed,
    };
    if let Some(kept) = &context.evidence {
        kept.keep(verdict, &mut progress.evidence);
    }
    let mut finished = TrialFinished {
        duration_ms: began.elapsed().as_secs_f64() * 1000.0,
        steps: progress.steps,
        ..trial.finished(verdict, progress.error, started_ms)
    };
    let redactor = Redactor::new(progress.secrets.iter().map(|(n, v)| (n.as_str(), v.as_str())));
    let taken = take(trial, &state, &progress.seen, &redactor);
    if !progress.secrets.is_empty() {
        redactor.trial(&mut finished);
    }
    let good = verdict == Verdict::Passed;
    Whole { ended: Ended { finished, taken }, observed: progress.observed, vars: state.vars, good }
}

/// The text of the trial's snapshot, without secrets and without what the trial made up itself.
fn take(trial: &Trial, state: &State<'_>, seen: &[Seen], redactor: &Redactor) -> Option<Taken> {
    let keep = state.context.keep.as_ref().filter(|_| state.keeps && !seen.is_empty())?;
    let mut echoes = Echoes::default();
    let all = keep.leaves_out_all_variables();
    let vars = state.vars.as_object().into_iter().flatten();
    for (name, value) in vars.filter(|(name, _)| all || state.moving.contains(*name)) {
        echoes.add(name, value);
    }
    let mut content = render(seen, trial.operation == "flow", keep.headers(), &echoes);
    state.context.redactor.text(&mut content);
    redactor.text(&mut content);
    Some(Taken { content, steps: seen.iter().map(|answer| answer.step).collect() })
}

/// One action; breaks where what follows could not mean anything.
async fn act(
    action: &Action,
    trial: &Trial,
    state: &mut State<'_>,
    progress: &mut Progress,
) -> std::ops::ControlFlow<()> {
    use std::ops::ControlFlow::{Break, Continue};
    match action {
        Action::Set(vars) => {
            for (name, template) in vars.iter() {
                let taken = state.ambient.taken();
                let value = {
                    let scope = Scope::before(&state.vars, &state.context.env, &state.ambient);
                    template.value(&Evaluator::new(scope))
                };
                match value {
                    Ok(value) => {
                        if state.keeps {
                            let moves = state.ambient.taken() != taken || reads(template, &state.moving);
                            moved(&mut state.moving, name, moves);
                        }
                        set(&mut state.vars, name, value);
                    }
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
                if state.keeps {
                    moved(&mut state.moving, &name, is_id(&value));
                }
                set(&mut state.vars, &name, value);
            }
            progress.error = done.error;
            progress.secrets.extend(done.secrets);
            progress.seen.extend(done.seen.map(|seen| Seen { step: progress.steps.len(), ..seen }));
            progress.keep(&trial.name, done.evidence);
            progress.steps.push(done.record);
            progress.observed = done.observed.or(progress.observed.take());
            if stop { Break(()) } else { Continue(()) }
        }
    }
}

/// Clean-up runs whatever happened. What it needs may not be there, because the trial ended early: then it is left out.
async fn clean_up(action: &Action, trial: &Trial, state: &mut State<'_>, progress: &mut Progress) {
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
            progress.keep(&trial.name, done.evidence);
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

/// Whether a template reads one of these variables.
fn reads(template: &Template, names: &BTreeSet<String>) -> bool {
    let mut found = false;
    template.programs(&mut |program| found |= program.vars().iter().any(|name| names.contains(name)));
    found
}

/// A variable that is set again may no longer move.
fn moved(moving: &mut BTreeSet<String>, name: &str, moves: bool) {
    match moves {
        true => moving.insert(name.to_owned()),
        false => moving.remove(name),
    };
}

/// What is captured is mostly an id that the target has made up. Short values are states and codes, which are to be kept.
fn is_id(value: &Value) -> bool {
    match value {
        Value::String(text) => text.len() >= 6 && text.bytes().any(|b| b.is_ascii_digit()),
        Value::Number(number) => number.to_string().len() >= 6,
        _ => false,
    }
}

fn set(vars: &mut Value, name: &str, value: Value) {
    if let Value::Object(map) = vars {
        map.insert(name.to_owned(), value);
    }
}
