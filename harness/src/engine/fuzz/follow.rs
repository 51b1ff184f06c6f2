//! Links with a suite: from the answer to the suite's own request to the request of the case that calls the target, with the
//! values that the link gives.

use super::exchange::{send, send_from, target};
use super::subject::{Subject, calls, of_cases, trial_like};
use super::tell::{of_sequence, remembered};
use super::things::{broken, unresolved};
use super::{Budget, Campaign, Fuzzed};
use crate::contract::{Contract, Effect, LinkSpec, Operation};
use crate::engine::context::RunContext;
use crate::expr::{Template, Text};
use crate::fuzz::{Exchange, Followed, Phase, Probe};
use crate::model::finding::Finding;
use crate::plan::{Action, Change, ChangePlace, Trial, TrialStep};
use crate::record::{Role, TrialFinished};
use serde_json::Value;
use std::sync::Arc;

/// The call of a link's target.
struct Call {
    sets: Arc<Vec<(String, Arc<Template>)>>,
    step: TrialStep,
}

/// What came of one link.
struct Seen {
    finished: TrialFinished,
    /// Place of the operation's own call among the steps.
    at: usize,
    /// Whether the target was called.
    followed: bool,
    found: Vec<Finding>,
    /// The how many-th request of the campaign it was.
    number: usize,
}

/// Follows each link of the answer to the good request; what is wrong is told if it comes twice.
#[allow(clippy::too_many_arguments)]
pub fn follow(
    subject: &Subject,
    contract: &Contract,
    trials: &[Arc<Trial>],
    context: &RunContext,
    campaign: &Campaign,
    budget: &Budget,
    fuzzed: &mut Fuzzed,
    told: &mut dyn FnMut(&TrialFinished),
) {
    let operation = &subject.base.operation;
    let wanted = campaign.probes.is_empty() || campaign.probes.iter().any(|name| name.contains("sequence"));
    let is_on = campaign.phases.contains(&Phase::Sequences) && wanted && !campaign.without_cases;
    let status = subject.base.step.response.as_ref().map(|response| response.status);
    let response = status.and_then(|status| operation.response(status));
    let Some(response) = response.filter(|_| is_on && subject.base.accepted) else { return };
    let mut known: Vec<Finding> = Vec::new();
    for link in &response.links {
        let Some(leads_to) = contract.operation(&link.target) else { continue };
        if campaign.safe_only && leads_to.effect != Effect::Safe {
            continue;
        }
        let call = call_of(leads_to, link, subject, trials);
        // What the answer lacks is told of, whoever could be called with it.
        if call.is_none() && base_exchange(subject).is_none_or(|e| unresolved(contract, &e, link).is_empty())
        {
            continue;
        }
        let one = |name: &str| one(subject, contract, link, call.as_ref(), name, context, budget);
        let Some(seen) = one(&link.name) else { continue };
        if seen.followed {
            fuzzed.covered.links(operation, &[(response.status.to_string(), link.name.clone())]);
        }
        // A value that many links need is missing once, and what is not there is not there for all links.
        let same = |a: &Finding, b: &Finding| (&a.requirement, &a.expected) == (&b.requirement, &b.expected);
        let mut fresh = seen.found.clone();
        fresh.retain(|finding| !known.iter().any(|other| same(other, finding)));
        if fresh.is_empty() {
            continue;
        }
        let again = one(&format!("{}#again", link.name));
        fresh.retain(|f| again.as_ref().is_some_and(|again| again.found.iter().any(|other| same(other, f))));
        for finding in fresh {
            known.push(finding.clone());
            let kind = finding.requirement.clone().unwrap_or_default();
            let probe = Probe::sequence(&kind);
            fuzzed.defects += 1;
            let remembered = remembered(&probe, &finding, operation, campaign, context);
            fuzzed.found.push((operation.api.clone(), remembered));
            let finished =
                of_sequence(seen.finished.clone(), seen.at, &kind, finding, operation, seen.number);
            fuzzed.tell(finished, told);
        }
    }
}

fn base_exchange(subject: &Subject) -> Option<Exchange<'_>> {
    let base = &subject.base;
    let (values, body) = (&base.observed.values, base.observed.body.as_deref());
    Exchange::of(&base.operation, &base.step, &values.parameters, values.body.as_ref(), body)
}

/// The call of the target that a case makes, behind the variables that the case sets and the operation's own trial does not.
/// What would take a request of its own, a login say, must be there.
fn call_of(
    target: &Arc<Operation>,
    link: &LinkSpec,
    subject: &Subject,
    trials: &[Arc<Trial>],
) -> Option<Call> {
    let by_link = |name: &str| link.parameters.iter().any(|parameter| parameter.name == name);
    let is_there = |name: &str| subject.vars.get(name).is_some();
    of_cases(target, trials).into_iter().find_map(|mut trial| {
        let Some(Action::Call(step)) = trial.actions.pop() else { return None };
        let mut sets: Vec<(String, Arc<Template>)> = Vec::new();
        for action in &trial.actions {
            if let Action::Set(set) = action {
                sets.extend(set.iter().filter(|(name, _)| !is_there(name)).cloned());
            }
        }
        let mut vars = Vec::new();
        for (name, template) in &step.request.with {
            if !matches!(name, Text::Plain(name) if by_link(name)) {
                template.programs(&mut |program| vars.extend(program.vars().iter().cloned()));
            }
        }
        let is_known = |name: &String| is_there(name) || sets.iter().any(|(known, _)| known == name);
        let step = TrialStep { role: Role::Setup, callback: None, ..*step };
        vars.iter().all(is_known).then(|| Call { sets: Arc::new(sets), step })
    })
}

/// The operation's own trial, then the call of the target with what the link gives; the clean-up comes last.
fn one(
    subject: &Subject,
    contract: &Contract,
    link: &LinkSpec,
    call: Option<&Call>,
    name: &str,
    context: &RunContext,
    budget: &Budget,
) -> Option<Seen> {
    let operation = &subject.base.operation;
    let named = |part: &str| format!("{}::{}::fuzz/link/{name}{part}", operation.api, operation.id);
    let finally = if subject.finally.is_empty() { &subject.trial.finally } else { &subject.finally };
    let first = Trial { name: named(""), ..trial_like(&subject.trial, subject.whole.clone()) };
    budget.admit(calls(&first) + 1 + finally.len(), &context.stop).ok()?;
    let (mut finished, observed, vars) = send(&first, context).ok()?;
    let at = target(&finished, operation);
    let mut followed: Option<Followed> = None;
    let mut found = Vec::new();
    if let (Some(at), Some(observed)) = (at, observed.as_ref()) {
        let (sent, body) = (observed.values.body.as_ref(), observed.body.as_deref());
        if let Some(exchange) =
            Exchange::of(operation, &finished.steps[at], &observed.values.parameters, sent, body)
        {
            followed = exchange.follow(link);
            found.extend(unresolved(contract, &exchange, link));
        }
    }
    let mut actions = Vec::new();
    if let (Some(followed), Some(call)) = (&followed, call) {
        let step = TrialStep { changes: Some(Arc::new(changes(followed))), ..call.step.clone() };
        actions = vec![Action::Set(call.sets.clone()), Action::Call(Box::new(step))];
    }
    // Without a call there is clean-up all the same.
    let second =
        Trial { name: named("#followed"), finally: finally.clone(), ..trial_like(&subject.trial, actions) };
    let (after, _, _) = send_from(&second, Some(&vars), context).ok()?;
    let at = at?;
    let answered = after.steps.first().filter(|step| step.role == Role::Setup);
    let status = answered.and_then(|step| step.response.as_ref()).map(|response| response.status);
    finished.steps.extend(after.steps);
    if let (Some(status @ (404 | 410)), Some(call)) = (status, call) {
        found.push(broken(operation, &call.step.operation, link, status));
    }
    Some(Seen { finished, at, followed: status.is_some(), found, number: budget.sent() })
}

fn changes(followed: &Followed) -> Vec<Change> {
    let set = |place: ChangePlace, name: &String, value: &Value| Change::Set {
        place,
        name: name.clone(),
        value: value.clone(),
    };
    let parameters = followed.parameters.iter().map(|(name, value)| set(ChangePlace::Parameter, name, value));
    let members = followed.body.as_ref().and_then(Value::as_object).into_iter().flatten();
    parameters.chain(members.map(|(name, value)| set(ChangePlace::Body, name, value))).collect()
}
