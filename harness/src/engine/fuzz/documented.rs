//! What the suite's own cases say is refused: their values in the good request, one at a time.

use super::credential::is_secret;
use super::subject::Subject;
use crate::contract::Effect;
use crate::engine::context::RunContext;
use crate::expr::{Ambient, Evaluator, Scope, Template, Text};
use crate::fuzz::{Base, Breach, Probe, fields, refused_by_case};
use crate::plan::{Action, Trial, TrialStep};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A deviation for every case that makes the good request with one other value, and expects another outcome.
pub fn probes(subject: &Subject, trials: &[Arc<Trial>], context: &RunContext) -> Vec<Probe> {
    let operation = &subject.base.operation;
    let Some(Action::Call(good)) = subject.whole.last() else { return Vec::new() };
    let before = calls(&subject.whole);
    let of_operation = trials.iter().filter(|trial| trial.api == operation.api);
    let mut found = Vec::new();
    for trial in of_operation {
        for (index, action) in trial.actions.iter().enumerate() {
            let Action::Call(step) = action else { continue };
            // Another state of the target would be another reason to refuse.
            if is_refusal(step, &subject.base, good) && calls(&trial.actions[..=index]) == before {
                found.extend(probe(subject, trials, trial, index, step, context));
            }
        }
    }
    found
}

/// What brings the target into the state in which the last call is made: those that change something and are not refused.
fn calls(actions: &[Action]) -> Vec<&str> {
    let Some((Action::Call(last), before)) = actions.split_last() else { return Vec::new() };
    let changes = before.iter().filter_map(|action| match action {
        Action::Call(step) if step.operation.effect != Effect::Safe && !refuses(step) => {
            Some(step.operation.id.as_str())
        }
        Action::Call(_) | Action::Set(_) => None,
    });
    changes.chain([last.operation.id.as_str()]).collect()
}

/// Whether the case expects another outcome than the operation's good one.
fn refuses(step: &TrialStep) -> bool {
    let good = step.operation.outcomes.first().map(|outcome| outcome.name.as_str());
    step.expectation.outcome.as_ref().is_some_and(|(name, _)| good.is_some_and(|good| good != name))
}

/// Whether a step is the operation's own request, of which the case expects another outcome: from the same example as the
/// good one, or with everything that is required.
fn is_refusal(step: &TrialStep, base: &Base, good: &TrialStep) -> bool {
    let request = &step.request;
    let plain = request.without.is_empty()
        && request.body.is_none()
        && request.method.is_none()
        && request.query.is_none()
        && request.headers.is_empty();
    let has = |name: &str| request.with.iter().any(|(n, _)| matches!(n, Text::Plain(n) if n == name));
    let whole = || fields(base).iter().all(|field| !field.required || has(&field.name));
    let of_example = |name: &Option<String>| *name == good.request.example.name || name.is_none() && whole();
    step.operation.id == base.operation.id && plain && refuses(step) && of_example(&request.example.name)
}

fn probe(
    subject: &Subject,
    trials: &[Arc<Trial>],
    trial: &Trial,
    at: usize,
    step: &TrialStep,
    context: &RunContext,
) -> Option<Probe> {
    let ambient = Arc::new(Ambient::new(context.seed, &trial.name, context.utc_offset));
    let vars = vars(subject, trial, at, context, &ambient)?;
    let evaluator = Evaluator::new(Scope::before(&vars, &context.env, &ambient));
    let mut other = Vec::new();
    for (name, template) in &step.request.with {
        let (name, value) = (name.text(&evaluator).ok()?, template.value(&evaluator).ok()?);
        if subject.base.observed.values.of(&name) != Some(&value) {
            other.push((name, value));
        }
    }
    if other.len() > 1 {
        // Who asks is refused whatever is asked, as long as that would not be refused itself.
        let is_credential = |name: &str| is_secret(&step.operation, step, name);
        other.retain(|(name, value)| {
            is_credential(name) || !is_accepted(subject, trials, name, value, context, &ambient)
        });
        other = Some(other).filter(|left| left.iter().all(|(name, _)| is_credential(name)))?;
    }
    let (name, value) = other.pop().filter(|_| other.is_empty())?;
    let doc = trial.doc.clone();
    let says = format!("the case `{}` says so ({})", trial.case, trial.title);
    let breach = Breach {
        constraint: "case".into(),
        says,
        level: step.expectation.level,
        spec: Some(step.location.clone()),
        pointer: None,
        doc,
    };
    let calls = trial.actions[..at].iter().filter(|action| matches!(action, Action::Call(_))).count();
    let case = if calls == 0 { trial.case.clone() } else { format!("{}/step-{}", trial.case, calls + 1) };
    refused_by_case(&subject.base, &name, value, &case, breach)
}

/// The variables that a trial has before one of its steps, beside those of the good request. `None` where an answer decides.
fn vars(
    subject: &Subject,
    trial: &Trial,
    at: usize,
    context: &RunContext,
    ambient: &Arc<Ambient>,
) -> Option<Value> {
    let mut vars = subject.vars.as_object().cloned().unwrap_or_else(Map::new);
    // The first sets the suite's variables, which are there, and random ones that the good request has as well.
    let sets = trial.actions[..at].iter().filter_map(|action| match action {
        Action::Set(set) => Some(set),
        Action::Call(_) => None,
    });
    for (name, template) in sets.flat_map(|set| set.iter()) {
        if vars.contains_key(name) {
            continue;
        }
        let known = Value::Object(vars.clone());
        let scope = Scope::before(&known, &context.env, ambient);
        let value = template.value(&Evaluator::new(scope)).ok()?;
        vars.insert(name.clone(), value);
    }
    Some(Value::Object(vars))
}

/// Whether a case of the suite sends this value to the operation, and expects its good outcome.
fn is_accepted(
    subject: &Subject,
    trials: &[Arc<Trial>],
    field: &str,
    wanted: &Value,
    context: &RunContext,
    ambient: &Arc<Ambient>,
) -> bool {
    let operation = &subject.base.operation;
    let sends = |trial: &Trial, at: usize, step: &TrialStep| {
        let vars = vars(subject, trial, at, context, ambient)?;
        let evaluator = Evaluator::new(Scope::before(&vars, &context.env, ambient));
        let of_field = |(name, _): &&(Text, Template)| matches!(name, Text::Plain(name) if name == field);
        let (_, template) = step.request.with.iter().find(of_field)?;
        template.value(&evaluator).ok().filter(|value| value == wanted)
    };
    trials.iter().filter(|trial| trial.api == operation.api).any(|trial| {
        trial.actions.iter().enumerate().any(|(at, action)| match action {
            Action::Call(step) if step.operation.id == operation.id => {
                step.expectation.outcome.is_some() && !refuses(step) && sends(trial, at, step).is_some()
            }
            Action::Call(_) | Action::Set(_) => false,
        })
    })
}
