//! Who asks: requests with a credential that was never given, with another user's, and by another user.

use super::Budget;
use super::exchange::send;
use super::invented::invented;
use super::subject::{Subject, calls, trial_like};
use crate::contract::Operation;
use crate::engine::context::RunContext;
use crate::fuzz::{Bound, Breach, Demand, Phase, Probe};
use crate::model::level::Level;
use crate::plan::{Action, Change, ChangePlace, Trial, TrialStep};
use serde_json::Value;
use std::sync::Arc;

/// Logins that are made to find users of each kind.
const LOGINS: usize = 16;

/// What a login answered, by the expressions that captured it.
#[derive(Debug, Clone, PartialEq)]
pub struct Login {
    operation: String,
    captured: Vec<(String, Value)>,
}

/// How a request says who asks.
struct Credential {
    operation: String,
    /// Field of the request and the expression that took its value from the login.
    secret: (String, String),
    users: Vec<(String, String)>,
    /// Fields whose values were captured after the login: what the user made.
    things: Vec<String>,
}

/// Runs the logins of the suite, each kind once a file of cases.
pub fn logins(trials: &[Arc<Trial>], api: &str, context: &RunContext, budget: &Budget) -> Vec<Login> {
    let mut seen = Vec::new();
    let mut found: Vec<Login> = Vec::new();
    for trial in trials.iter().filter(|trial| trial.api == api) {
        let calls_of = trial.actions.iter().filter_map(call);
        let login = calls_of.filter_map(|step| login_of(&trial.actions, step)).next();
        let Some((at, _, _)) = login else { continue };
        let Some(step) = call(&trial.actions[at]) else { continue };
        let kind = (trial.location.file.clone(), step.location.clone());
        if seen.contains(&kind) || seen.len() >= LOGINS {
            continue;
        }
        seen.push(kind);
        let before = trial_like(trial, trial.actions[..=at].to_vec());
        let before = Trial { name: format!("{}#login", trial.name), ..before };
        if budget.admit(calls(&before), &context.stop).is_err() {
            break;
        }
        let Ok((_, _, vars)) = send(&before, context) else { continue };
        let one = |capture: &crate::plan::CapturePlan| {
            Some((capture.program.source().to_owned(), vars.get(&capture.name)?.clone()))
        };
        let captured = step.captures.iter().filter_map(one).collect();
        let login = Login { operation: step.operation.id.clone(), captured };
        if !found.contains(&login) {
            found.push(login);
        }
    }
    found
}

fn call(action: &Action) -> Option<&TrialStep> {
    match action {
        Action::Call(step) => Some(step),
        Action::Set(_) => None,
    }
}

/// Field of the request, and the variables that its template reads.
fn reads(step: &TrialStep) -> Vec<(String, Vec<String>)> {
    let one = |(name, template): &(crate::expr::Text, crate::expr::Template)| {
        let crate::expr::Text::Plain(name) = name else { return None };
        let mut vars = Vec::new();
        template.programs(&mut |program| vars.extend(program.vars().iter().cloned()));
        Some((name.clone(), vars))
    };
    step.request.with.iter().filter_map(one).collect()
}

/// The action that captured a variable, before a step of the trial.
fn captured_at(actions: &[Action], variable: &str) -> Option<usize> {
    let captures = |step: &TrialStep| step.captures.iter().any(|capture| capture.name == variable);
    actions.iter().rposition(|action| call(action).is_some_and(captures))
}

/// The step that gave the credential of a request: its place, the field, and the variable.
pub fn login_of(actions: &[Action], step: &TrialStep) -> Option<(usize, String, String)> {
    let secret = |field: &String| is_secret(&step.operation, step, field);
    let of_field = |(field, vars): (String, Vec<String>)| {
        let variable = vars.first().filter(|_| vars.len() == 1)?.clone();
        Some((captured_at(actions, &variable)?, field, variable))
    };
    reads(step).into_iter().filter(|(field, _)| secret(field)).find_map(of_field)
}

/// Whether the contract declares a parameter or field of the request secret.
pub fn is_secret(operation: &Operation, step: &TrialStep, field: &str) -> bool {
    if let Some(parameter) = operation.parameter(field) {
        return parameter.secret;
    }
    let media_type = step.request.media_type.as_deref();
    let body = operation.bodies.iter().find(|body| media_type.is_none_or(|m| m == body.essence));
    let one = serde_json::json!({ field: "x" });
    body.is_some_and(|body| !body.shape.secrets(&one).is_empty())
}

fn credential(subject: &Subject) -> Option<Credential> {
    let (Action::Call(target), before) = subject.whole.split_last()? else { return None };
    let (at, field, variable) = login_of(before, target)?;
    let login = call(&before[at])?;
    let source = |variable: &str| {
        let capture = login.captures.iter().find(|capture| capture.name == variable)?;
        Some(capture.program.source().to_owned())
    };
    let mut users = Vec::new();
    let mut things = Vec::new();
    for (name, vars) in reads(target).into_iter().filter(|(name, _)| *name != field) {
        let Some(variable) = vars.first().filter(|_| vars.len() == 1) else { continue };
        match (captured_at(before, variable), source(variable)) {
            (Some(place), Some(source)) if place == at => users.push((name, source)),
            (Some(place), _) if place > at => things.push(name),
            _ => {}
        }
    }
    let secret = (field, source(&variable)?);
    Some(Credential { operation: login.operation.id.clone(), secret, users, things })
}

/// Requests of somebody who may not make them.
pub fn probes(subject: &Subject, logins: &[Login], seed: u64) -> Vec<Probe> {
    if !subject.base.accepted {
        return Vec::new();
    }
    let mut probes = of_environment(subject, seed);
    let Some(credential) = credential(subject).filter(|_| !logins.is_empty()) else { return probes };
    let (field, source) = &credential.secret;
    let own = value(subject, field);
    let unknown = own.as_ref().and_then(Value::as_str).map(|own| invented(own, seed));
    if let Some(unknown) = unknown {
        let changes = vec![set(subject, field, unknown.into())];
        let says = format!("`{field}` was never given to anybody");
        probes.push(probe(subject, field, "credential-unknown", changes, says));
    }
    let given = |login: &Login, source: &str| {
        login.captured.iter().find(|(name, _)| name == source).map(|(_, value)| value.clone())
    };
    // Nobody who takes part in the request, as user, owner or otherwise.
    let vars: Vec<&Value> = subject.vars.as_object().map(|map| map.values().collect()).unwrap_or_default();
    let is_stranger = |login: &&Login| {
        login.operation == credential.operation
            && !credential.users.is_empty()
            && credential
                .users
                .iter()
                .all(|(_, source)| given(login, source).is_some_and(|user| !vars.contains(&&user)))
    };
    let Some(stranger) = logins.iter().find(is_stranger) else { return probes };
    let Some(theirs) = given(stranger, source) else { return probes };
    let changes = vec![set(subject, field, theirs)];
    let says = format!("`{field}` belongs to another user than the request names");
    probes.push(probe(subject, field, "credential-of-another", changes.clone(), says));
    if let Some(thing) = credential.things.first() {
        let mut changes = changes;
        for (user, source) in &credential.users {
            changes.extend(given(stranger, source).map(|value| set(subject, user, value)));
        }
        let says = format!("`{thing}` is not the thing of the user who asks");
        probes.push(probe(subject, thing, "thing-of-another", changes, says));
    }
    probes
}

/// Secrets that the suite has from its environment were given to it: another one was given to nobody. (A secret that the
/// request chooses, like a new password, is none of these.)
fn of_environment(subject: &Subject, seed: u64) -> Vec<Probe> {
    let Some(Action::Call(target)) = subject.whole.last() else { return Vec::new() };
    let given = target.request.with.iter().filter_map(|(name, template)| {
        let crate::expr::Text::Plain(field) = name else { return None };
        let mut reads = false;
        template.programs(&mut |program| reads |= program.reads("env"));
        (reads && is_secret(&target.operation, target, field)).then_some(field)
    });
    given
        .filter_map(|field| {
            let own = value(subject, field)?;
            let other = invented(own.as_str()?, seed);
            let changes = vec![set(subject, field, other.into())];
            let says = format!("`{field}` was never given to anybody");
            Some(probe(subject, field, "credential-unknown", changes, says))
        })
        .collect()
}

fn probe(subject: &Subject, place: &str, kind: &str, changes: Vec<Change>, says: String) -> Probe {
    let operation = &subject.base.operation;
    let location = operation.parameter(place).map_or(&operation.location, |p| &p.location);
    let breach = Breach {
        constraint: kind.to_owned(),
        says,
        level: Level::Must,
        spec: Some(location.clone()),
        pointer: None,
        doc: operation.parameter(place).and_then(|p| p.doc.clone()),
    };
    Probe {
        phase: Phase::Sequences,
        kind: kind.to_owned(),
        place: place.to_owned(),
        changes,
        demand: Demand::Refused(breach),
        bound: Bound::Contract,
        safe: true,
        origin: None,
    }
}

fn set(subject: &Subject, field: &str, value: Value) -> Change {
    let place = match subject.base.operation.parameter(field) {
        Some(_) => ChangePlace::Parameter,
        None => ChangePlace::Body,
    };
    Change::Set { place, name: field.to_owned(), value }
}

fn value(subject: &Subject, field: &str) -> Option<Value> {
    let values = &subject.base.observed.values;
    let of_parameter = values.parameters.iter().find(|(name, _)| name == field).map(|(_, value)| value);
    of_parameter.or_else(|| values.body.as_ref()?.get(field)).cloned()
}
