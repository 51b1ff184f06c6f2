//! The sequences phase: requests of one operation between requests that only read, and what these show of it.

use super::credential::{Login, login_of, logins};
use super::exchange::send;
use super::state::{alike, listed, made, mangled};
use super::subject::{Subject, calls, of_cases, trial_like};
use super::tell::{of_sequence, remembered};
use super::{Budget, Campaign, Fuzzed};
use crate::contract::{Contract, Effect, Operation};
use crate::engine::context::RunContext;
use crate::fuzz::{Bound, Demand, Probe, fields};
use crate::model::finding::Finding;
use crate::plan::{Action, Change, Trial, TrialStep};
use crate::record::{Role, TrialFinished};
use serde_json::Value;
use std::sync::Arc;

/// Requests that are refused, after which nothing may have changed.
const REFUSED: usize = 3;
/// Words of an operation's name that say that something is gone afterwards.
const DELETES: [&str; 6] = ["delete", "remove", "unbind", "unlink", "detach", "destroy"];
/// Text that no charset but the right one gives back, and fields that it is tried in.
const TEXT: [&str; 2] = ["备注：一二三", "说明：四五六七"];
const TEXTS: usize = 3;
/// Lists of this many are taken to be pages, on which a thing may not be.
const PAGE: usize = 10;

/// What sequences need to know of an API beside the operation.
#[derive(Debug, Default)]
pub struct World {
    pub logins: Vec<Login>,
    /// Calls of safe operations, as cases make them.
    readers: Vec<TrialStep>,
}

impl World {
    pub fn of(
        contract: &Contract,
        trials: &[Arc<Trial>],
        context: &RunContext,
        campaign: &Campaign,
        budget: &Budget,
    ) -> Self {
        let logins = match campaign.safe_only {
            // A login may not be safe.
            true => Vec::new(),
            false => logins(trials, &contract.api, context, budget),
        };
        let safe = contract.operations.iter().filter(|operation| operation.effect == Effect::Safe);
        let steps =
            safe.flat_map(|operation| of_cases(operation, trials)).filter_map(|mut trial| {
                match trial.actions.pop() {
                    Some(Action::Call(step)) => Some(TrialStep { role: Role::Setup, changes: None, ..*step }),
                    _ => None,
                }
            });
        Self { logins, readers: steps.collect() }
    }

    /// Calls that can be made with the variables that an operation's trial has: one of each safe operation.
    fn readers(&self, subject: &Subject) -> Vec<&TrialStep> {
        let mut found: Vec<&TrialStep> = Vec::new();
        for step in &self.readers {
            let mut vars = Vec::new();
            for (_, template) in &step.request.with {
                template.programs(&mut |program| vars.extend(program.vars().iter().cloned()));
            }
            let known = vars.iter().all(|name| subject.vars.get(name).is_some());
            // A reader of another user would not see what this one does.
            let same = vars.iter().any(|name| names(subject).contains(name));
            let new = !found.iter().any(|other| other.operation.id == step.operation.id);
            if known && (same || vars.is_empty()) && new {
                found.push(step);
            }
        }
        found
    }
}

/// Variables that the request itself reads.
fn names(subject: &Subject) -> Vec<String> {
    let mut names = Vec::new();
    if let Some(Action::Call(step)) = subject.whole.last() {
        for (_, template) in &step.request.with {
            template.programs(&mut |program| names.extend(program.vars().iter().cloned()));
        }
    }
    names
}

/// What was seen of one sequence.
struct Seen {
    finished: TrialFinished,
    /// Place of the operation's own call among the steps.
    at: usize,
    vars: Value,
    accepted: Vec<bool>,
    /// Answers of the readers: before, before again, and after each call.
    shown: Vec<Vec<Option<Value>>>,
}

/// Runs the sequences of an operation that changes things, and tells what is wrong.
#[allow(clippy::too_many_arguments)]
pub fn sequences(
    subject: &Subject,
    world: &World,
    probes: &[Probe],
    context: &RunContext,
    campaign: &Campaign,
    budget: &Budget,
    fuzzed: &mut Fuzzed,
    told: &mut dyn FnMut(&TrialFinished),
) {
    let operation = &subject.base.operation;
    let wanted = campaign.probes.is_empty() || campaign.probes.iter().any(|name| name.contains("sequence"));
    let readers = if wanted { world.readers(subject) } else { Vec::new() };
    if operation.effect == Effect::Safe || readers.is_empty() || !subject.base.accepted {
        return;
    }
    let mut found: Vec<(&'static str, Seen, Finding)> = Vec::new();
    let repeats = operation.effect == Effect::Idempotent || deletes(operation);
    let times = if repeats { 2 } else { 1 };
    let good = |name: &str| run(subject, &readers, name, &[], times, context, budget);
    if let Some(first) = good("good") {
        for (kind, judge) in JUDGES {
            let finding = judge(subject, &first).filter(|_| {
                // Told only if it comes again.
                good(&format!("{kind}#again")).is_some_and(|again| judge(subject, &again).is_some())
            });
            if let Some(finding) = finding {
                found.extend(good(kind).map(|seen| (kind, seen, finding)));
            }
        }
    }
    found.extend(text_changed(subject, &readers, context, budget));
    // What a case says is refused goes further into a target than what a validator refuses.
    let mut refused: Vec<&Probe> = probes.iter().collect();
    refused.sort_by_key(|probe| !matches!(&probe.demand, Demand::Refused(b) if b.constraint == "case"));
    let refused = refused.into_iter().filter(|probe| {
        matches!(probe.demand, Demand::Refused(_))
            && probe.bound == Bound::Contract
            && probe.changes.iter().all(|change| !matches!(change, Change::Wire(_)))
    });
    let mut places: Vec<&str> = Vec::new();
    for probe in refused {
        if places.contains(&probe.place.as_str()) || places.len() >= REFUSED {
            continue;
        }
        places.push(&probe.place);
        let bad = |name: &str| run(subject, &readers, name, &probe.changes, 1, context, budget);
        let Some(seen) = bad("refused") else { continue };
        let again = || bad("refused#again").and_then(|seen| changed_though_refused(probe, &seen));
        if let Some(finding) = changed_though_refused(probe, &seen).filter(|_| again().is_some()) {
            found.push(("refused-changes", seen, finding));
            break;
        }
    }
    for (kind, seen, finding) in found {
        let probe = Probe::sequence(kind);
        fuzzed.defects += 1;
        fuzzed
            .found
            .push((operation.api.clone(), remembered(&probe, &finding, operation, campaign, context)));
        let Seen { finished, at, .. } = seen;
        fuzzed.tell(of_sequence(finished, at, kind, finding, operation, budget.sent()), told);
    }
}

/// Free text that a target takes and shows otherwise than it was sent, as it is when its bytes are read in another charset.
fn text_changed(
    subject: &Subject,
    readers: &[&TrialStep],
    context: &RunContext,
    budget: &Budget,
) -> Option<(&'static str, Seen, Finding)> {
    let all = fields(&subject.base);
    for field in all.iter().filter(|field| field.takes_free_text(TEXT[0])).take(TEXTS) {
        // Each time another text: what an earlier request left there is not news.
        let judged = |name: &str, sent: &str| {
            let changes = [Change::Set { place: field.place, name: field.name.clone(), value: sent.into() }];
            let seen = run(subject, readers, name, &changes, 1, context, budget)?;
            let (before, after) = (&seen.shown[1], &seen.shown[2]);
            let new = before.iter().zip(after).filter_map(|(before, after)| {
                let text = mangled(after.as_ref()?, sent)?;
                before.as_ref().is_none_or(|before| !before.to_string().contains(&text)).then_some(text)
            });
            let text = new.into_iter().next()?;
            seen.accepted.first()?.then_some((seen, text))
        };
        if let (Some(_), Some((seen, text))) =
            (judged("text#again", TEXT[1]), judged("text-changed", TEXT[0]))
        {
            let message =
                format!("the text of `{}` is kept in another charset than it was sent in", field.name);
            let finding = Finding::new("fuzz", "body", message)
                .requirement("text-changed")
                .expected(TEXT[0])
                .actual(text);
            return Some(("text-changed", seen, finding));
        }
    }
    None
}

type Judge = fn(&Subject, &Seen) -> Option<Finding>;

/// What must be so around a request that is accepted, by the name under which it is told.
const JUDGES: [(&str, Judge); 3] = [
    ("deleted-still-there", deleted_still_there),
    ("made-not-there", made_not_there),
    ("not-idempotent", not_idempotent),
];

/// Whether the method or a word of its name says that the operation deletes.
fn deletes(operation: &Operation) -> bool {
    let mut text = String::new();
    for c in operation.id.chars().chain(" ".chars()).chain(operation.path.chars()) {
        // `deletePet` is two words.
        text.extend(c.is_ascii_uppercase().then_some(' '));
        text.push(c.to_ascii_lowercase());
    }
    let mut words = text.split(|c: char| !c.is_ascii_alphanumeric());
    operation.method == "DELETE" || words.any(|word| DELETES.contains(&word))
}

/// Set-up, readers twice, then the call and the readers, as many times as wanted.
fn run(
    subject: &Subject,
    readers: &[&TrialStep],
    name: &str,
    changes: &[Change],
    times: usize,
    context: &RunContext,
    budget: &Budget,
) -> Option<Seen> {
    let (Action::Call(call), before) = subject.whole.split_last()? else { return None };
    let read = || readers.iter().map(|step| Action::Call(Box::new((*step).clone())));
    let mut actions = before.to_vec();
    actions.extend(read());
    actions.extend(read());
    for _ in 0..times {
        let changes = Some(Arc::new(changes.to_vec()));
        actions.push(Action::Call(Box::new(TrialStep { changes, ..(**call).clone() })));
        actions.extend(read());
    }
    let finally = if subject.finally.is_empty() { &subject.trial.finally } else { &subject.finally };
    let trial = Trial {
        name: format!("{}::{}::fuzz/sequence/{name}", subject.trial.api, subject.trial.operation),
        finally: finally.clone(),
        ..trial_like(&subject.trial, actions)
    };
    budget.admit(calls(&trial), &context.stop).ok()?;
    let (finished, _, vars) = send(&trial, context).ok()?;
    let set_up = before.iter().filter(|action| matches!(action, Action::Call(_))).count();
    let wanted = set_up + readers.len() * 2 + times * (readers.len() + 1);
    if finished.steps.len() < wanted {
        return None;
    }
    let answers = |from: usize| (from..from + readers.len()).map(|i| body(&finished, i)).collect::<Vec<_>>();
    let at = set_up + readers.len() * 2;
    let mut shown = vec![answers(set_up), answers(set_up + readers.len())];
    let mut accepted = Vec::new();
    for time in 0..times {
        let call = at + time * (readers.len() + 1);
        accepted.push(is_accepted(subject, &finished, call));
        shown.push(answers(call + 1));
    }
    Some(Seen { finished, at, vars, accepted, shown })
}

fn body(finished: &TrialFinished, step: usize) -> Option<Value> {
    let text = finished.steps.get(step)?.response.as_ref()?.body.text.as_ref()?;
    serde_json::from_str(text).ok()
}

/// By what the answer shows: the status, and the code or the success of the good answer.
fn is_accepted(subject: &Subject, finished: &TrialFinished, step: usize) -> bool {
    let Some(response) = finished.steps.get(step).and_then(|step| step.response.as_ref()) else {
        return false;
    };
    let operation = &subject.base.operation;
    let Some(good) = operation.outcomes.first() else { return (200..300).contains(&response.status) };
    let Some(answer) = body(finished, step).map(Arc::new) else { return false };
    let nothing = Value::Object(serde_json::Map::new());
    let ambient = Arc::new(crate::expr::Ambient::new(0, "", jiff::tz::Offset::UTC));
    let scope = crate::expr::Scope {
        status: Some(response.status),
        body: Some(&answer),
        ..crate::expr::Scope::before(&nothing, &nothing, &ambient)
    };
    good.predicate.holds(&crate::expr::Evaluator::new(scope)).unwrap_or(false)
}

/// Values that the request takes from variables, but for those that say who asks.
fn things(subject: &Subject, seen: &Seen) -> Vec<(String, Value)> {
    let Some((Action::Call(target), before)) = subject.whole.split_last() else { return Vec::new() };
    let login = login_of(before, target).map(|(at, _, _)| &before[at]);
    let of_login = |name: &String| match login {
        Some(Action::Call(step)) => step.captures.iter().any(|capture| capture.name == *name),
        _ => false,
    };
    let names = names(subject).into_iter().filter(|name| !of_login(name));
    names.filter_map(|name| Some((name.clone(), seen.vars.get(&name)?.clone()))).collect()
}

fn deleted_still_there(subject: &Subject, seen: &Seen) -> Option<Finding> {
    if !deletes(&subject.base.operation) || !*seen.accepted.first()? {
        return None;
    }
    // What every answer shows, user and session, is in no list of things that goes.
    for (name, value) in things(subject, seen) {
        for (before, after) in seen.shown[1].iter().zip(&seen.shown[2]) {
            let (Some(before), Some(after)) = (before, after) else { continue };
            let before = listed(before, &value);
            if let Some(place) =
                listed(after, &value).into_iter().find(|place| before.contains(place) && is_id(place))
            {
                return Some(
                    Finding::new("fuzz", place, format!("a deleted thing (`{name}`) is still there"))
                        .requirement("deleted-still-there")
                        .expected("the thing is not listed any more")
                        .actual(crate::expr::printed(&value)),
                );
            }
        }
    }
    None
}

/// Whether a place of a list is the id of its things, not their owner's.
fn is_id(place: &str) -> bool {
    place.ends_with("/*/id") || place.ends_with("/*")
}

fn made_not_there(subject: &Subject, seen: &Seen) -> Option<Finding> {
    if deletes(&subject.base.operation) || !*seen.accepted.first()? {
        return None;
    }
    let answer = body(&seen.finished, seen.at)?;
    let thing = made(&answer)?;
    let id = thing.get("id")?;
    let known = seen.vars.as_object().is_some_and(|vars| vars.values().any(|value| value == id));
    for (before, after) in seen.shown[1].iter().zip(&seen.shown[2]) {
        let (Some(before), Some(after)) = (before, after) else { continue };
        let has = |items: &&Vec<Value>| items.iter().any(|item| item.get("id") == Some(id));
        let (was, is) = (alike(before, thing), alike(after, thing));
        let full = is.iter().any(|items| items.len() >= PAGE);
        // Where there was none of its kind, nobody knows that this is the place for it.
        if known || was.is_empty() || is.is_empty() || full || is.iter().any(has) {
            continue;
        }
        return Some(
            Finding::new("fuzz", "body", "a thing that was made is not there")
                .requirement("made-not-there")
                .expected("the thing is listed")
                .actual(format!("no `id` {}", crate::expr::printed(id))),
        );
    }
    None
}

fn not_idempotent(_: &Subject, seen: &Seen) -> Option<Finding> {
    let (true, true) = (seen.accepted.first()?, seen.accepted.get(1)?) else { return None };
    let stable = seen.shown[0].iter().zip(&seen.shown[1]).map(|(a, b)| a == b);
    let after = seen.shown[2].iter().zip(&seen.shown[3]);
    let differs = stable.zip(after).any(|(stable, (once, twice))| stable && once != twice);
    differs.then(|| {
        Finding::new("fuzz", "body", "the same request a second time changes the target again")
            .requirement("not-idempotent")
            .expected("the state after one request and after two is the same")
    })
}

fn changed_though_refused(probe: &Probe, seen: &Seen) -> Option<Finding> {
    if *seen.accepted.first()? {
        return None;
    }
    let stable = seen.shown[0].iter().zip(&seen.shown[1]).map(|(a, b)| a == b);
    let after = seen.shown[1].iter().zip(&seen.shown[2]);
    let differs = stable.zip(after).any(|(stable, (before, after))| stable && before != after);
    differs.then(|| {
        let message =
            format!("a request that is refused changes the target ({} of `{}`)", probe.kind, probe.place);
        Finding::new("fuzz", "body", message)
            .requirement("refused-changes")
            .expected("what can be read is the same before and after")
    })
}
