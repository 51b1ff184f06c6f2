//! [`Subject`]: an operation with the request of the suite that the target accepts, from which deviations start.

use super::exchange::{reason, send, target};
use super::tell::settle;
use super::{Budget, Campaign};
use crate::check::Expectation;
use crate::contract::{Effect, Operation};
use crate::engine::context::RunContext;
use crate::fuzz::{Base, Bound, Demand, Observed, Probe, of_transport};
use crate::http::media_type::MediaType;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::source::Location;
use crate::model::verdict::Verdict;
use crate::plan::{Action, Change, Trial};
use crate::record::{Role, TrialFinished};
use serde_json::Value;
use std::sync::Arc;

/// Cases that are tried as the good request of an operation.
const TRIES: usize = 8;

pub struct Subject {
    pub base: Base,
    /// Sends it, with the place for changes: all steps, or the last one where `prepared` has what the others leave.
    pub trial: Trial,
    /// Variables after everything that stands before the call; where this changes nothing it is done once.
    pub prepared: Option<Value>,
    /// All steps up to the call, and what they leave in variables.
    pub whole: Vec<Action>,
    pub vars: Value,
    /// What cleans up behind the preparation, in the end.
    pub finally: Vec<Action>,
    /// How the good request went.
    pub finished: TrialFinished,
    /// The how many-th request of the campaign it was.
    pub number: usize,
    /// Whether all deviations work on the same thing, so that only one at a time can be judged.
    pub shares: bool,
    /// What the good request came to when it was sent again, where it makes or changes something.
    pub second: Option<Observed>,
}

/// Why there is nothing that deviations could start from.
pub enum NoSubject {
    /// No request is known, or the target refuses all that are.
    Nothing(String),
    /// A request that the suite says is accepted gets no answer, or one that breaks the contract: that is a finding.
    Broken(Box<TrialFinished>),
}

impl From<String> for NoSubject {
    fn from(why: String) -> Self {
        NoSubject::Nothing(why)
    }
}

/// The good request of the operation: the first of the suite's own that the target accepts. `Err` says why there is none.
pub fn subject(
    operation: &Arc<Operation>,
    methods: Vec<String>,
    candidates: Vec<Trial>,
    context: &RunContext,
    budget: &Budget,
    lenient: bool,
) -> Result<Subject, NoSubject> {
    let mut why = format!("no case shows a request that `{}` accepts", operation.id);
    let mut refused = None;
    let mut broken = None;
    for trial in candidates {
        match good(operation, &methods, trial, context, budget, lenient) {
            Ok(subject) if subject.base.accepted => return Ok(*subject),
            // One with the right form before one that is refused for its form.
            Ok(subject) => {
                refused.get_or_insert(subject);
            }
            Err(NoSubject::Nothing(reason)) => why = reason,
            Err(NoSubject::Broken(finished)) => {
                let hangs =
                    finished.steps.iter().any(|s| s.error.as_ref().is_some_and(|e| e.kind == "timeout"));
                broken.get_or_insert(finished);
                // Others would take as long.
                if hangs {
                    break;
                }
            }
        }
    }
    match (refused, broken) {
        (Some(subject), _) => Ok(*subject),
        (None, Some(finished)) => Err(NoSubject::Broken(finished)),
        (None, None) => Err(NoSubject::Nothing(why)),
    }
}

/// Requests of the suite's cases that may be good, the likeliest first.
pub fn of_cases(operation: &Arc<Operation>, trials: &[Arc<Trial>]) -> Vec<Trial> {
    let mut candidates: Vec<(usize, Location, Trial)> = trials
        .iter()
        .filter(|trial| trial.api == operation.api)
        .filter_map(|trial| good_request(trial, operation))
        .collect();
    candidates.sort_by_key(|(cost, _, _)| *cost);
    // A step of a fixture stands in many trials.
    let mut seen: Vec<Location> = Vec::new();
    candidates.retain(|(_, location, _)| {
        let new = !seen.contains(location);
        if new {
            seen.push(location.clone());
        }
        new
    });
    candidates.into_iter().take(TRIES).map(|(_, _, trial)| trial).collect()
}

fn good(
    operation: &Arc<Operation>,
    methods: &[String],
    trial: Trial,
    context: &RunContext,
    budget: &Budget,
    lenient: bool,
) -> Result<Box<Subject>, NoSubject> {
    let ready = |ended: super::Ended| ended.as_str().to_owned();
    budget.admit(calls(&trial), &context.stop).map_err(ready)?;
    let (mut finished, observed, vars) = send(&trial, context)?;
    let (Some(index), Some(observed)) = (target(&finished, operation), observed) else {
        return Err(
            format!("the good request of {} could not be sent: {}", trial.name, reason(&finished)).into()
        );
    };
    let step = finished.steps[index].clone();
    let Some(status) = step.response.as_ref().map(|r| r.status) else {
        return Err(not_answered(operation, &trial, finished, index, context, budget));
    };
    let good = operation.outcomes.first().map(|o| o.name.clone());
    let accepted = (200..300).contains(&status) && good.is_none_or(|good| observed.outcomes == [good]);
    let breaks = |finding: &Finding| finding.level == Level::Must && finding.check != "latency";
    if !accepted && !lenient && step.findings.iter().any(breaks) {
        finished.title = "A request that the suite says is accepted".into();
        settle(&mut finished);
        return Err(NoSubject::Broken(Box::new(finished)));
    }
    if !accepted && !lenient {
        return Err(format!("the request of {} is refused", trial.location).into());
    }
    let media_type = step.request.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case("content-type"));
    let media_type = media_type.and_then(|(_, v)| MediaType::parse(v)).map(|m| m.essence);
    let findings = step.findings.clone();
    finished.title = "The request that deviations start from".into();
    // The trial ends at the call: what its clean-up would have needed of later steps is not there.
    finished.reason = None;
    let methods = methods.to_vec();
    let base = Base { operation: operation.clone(), methods, media_type, observed, step, findings, accepted };
    let whole = trial.actions.clone();
    let mut subject = Subject {
        base,
        trial,
        prepared: None,
        whole,
        vars: vars.clone(),
        finally: Vec::new(),
        finished,
        number: budget.sent(),
        shares: false,
        second: None,
    };
    match operation.effect {
        Effect::Safe => prepare(&mut subject, vars, context, budget)?,
        Effect::Idempotent | Effect::Mutates => {
            (subject.shares, subject.second) = shares(&subject, context, budget)?;
        }
    }
    Ok(Box::new(subject))
}

/// A request that a target accepts by the suite, and leaves without an answer, twice: that is wrong with the target.
fn not_answered(
    operation: &Operation,
    trial: &Trial,
    mut finished: TrialFinished,
    index: usize,
    context: &RunContext,
    budget: &Budget,
) -> NoSubject {
    let kind = |finished: &TrialFinished| {
        let step = target(finished, operation).map(|index| &finished.steps[index]);
        step.and_then(|step| step.error.as_ref()).map(|error| error.kind.clone())
    };
    let first = kind(&finished);
    let again = Trial {
        name: format!("{}#again", trial.name),
        finally: trial.finally.clone(),
        ..trial_like(trial, trial.actions.clone())
    };
    let second = budget.admit(calls(&again), &context.stop).ok().and_then(|()| send(&again, context).ok());
    let second = second.and_then(|(finished, _, _)| kind(&finished));
    let finding = finished.steps[index].error.as_ref().and_then(of_transport).filter(|_| first == second);
    match finding {
        Some(finding) => {
            finished.title = "A request that the suite says is accepted".into();
            finished.steps[index].findings =
                vec![finding.spec(Some(operation.location.clone())).doc(operation.doc.clone())];
            finished.reason = None;
            settle(&mut finished);
            NoSubject::Broken(Box::new(finished))
        }
        None => format!("the good request of {} was not answered: {}", trial.name, reason(&finished)).into(),
    }
}

/// What stands before a safe call is done once: nothing that follows changes what it left.
fn prepare(subject: &mut Subject, vars: Value, context: &RunContext, budget: &Budget) -> Result<(), String> {
    let Some(Action::Call(call)) = subject.trial.actions.last().cloned() else { return Ok(()) };
    let before = &subject.trial.actions[..subject.trial.actions.len() - 1];
    if !before.iter().any(|action| matches!(action, Action::Call(_))) {
        return Ok(());
    }
    // The first run has cleaned up behind itself, where there is something to clean up.
    let mut vars = vars;
    if !subject.trial.finally.is_empty() {
        let whole = Trial { finally: Vec::new(), ..trial_like(&subject.trial, before.to_vec()) };
        budget.admit(calls(&whole), &context.stop).map_err(|e| e.as_str().to_owned())?;
        vars = send(&whole, context)?.2;
    }
    subject.finally = std::mem::take(&mut subject.trial.finally);
    subject.trial.actions = vec![Action::Call(call)];
    // Deviations are compared with the answer that the same preparation gets.
    budget.admit(1, &context.stop).map_err(|e| e.as_str().to_owned())?;
    let (mut finished, observed, _) = super::exchange::send_from(&subject.trial, Some(&vars), context)?;
    let at = target(&finished, &subject.base.operation);
    if let (Some(index), Some(observed)) = (at, observed) {
        finished.title.clone_from(&subject.finished.title);
        subject.base.step = finished.steps[index].clone();
        subject.base.findings = subject.base.step.findings.clone();
        (subject.base.observed, subject.finished) = (observed, finished);
    }
    subject.prepared = Some(vars);
    Ok(())
}

/// Whether the request is the same whenever it is made: then all deviations are of one thing at the target. What it comes
/// to the second time comes with it.
fn shares(
    subject: &Subject,
    context: &RunContext,
    budget: &Budget,
) -> Result<(bool, Option<Observed>), String> {
    budget.admit(calls(&subject.trial), &context.stop).map_err(|e| e.as_str().to_owned())?;
    let again = Trial {
        name: format!("{}#again", subject.trial.name),
        finally: subject.trial.finally.clone(),
        ..trial_like(&subject.trial, subject.trial.actions.clone())
    };
    let (finished, observed, _) = send(&again, context)?;
    let first = &subject.base.step.request;
    let second = target(&finished, &subject.base.operation).map(|index| &finished.steps[index].request);
    Ok((second.is_none_or(|second| (&second.url, &second.body) == (&first.url, &first.body)), observed))
}

/// A trial with other actions, and no clean-up.
pub fn trial_like(trial: &Trial, actions: Vec<Action>) -> Trial {
    Trial {
        name: trial.name.clone(),
        api: trial.api.clone(),
        operation: trial.operation.clone(),
        case: trial.case.clone(),
        title: trial.title.clone(),
        doc: trial.doc.clone(),
        level: trial.level,
        tags: trial.tags.clone(),
        snapshot: trial.snapshot,
        location: trial.location.clone(),
        actions,
        finally: Vec::new(),
    }
}

/// How many requests a trial makes.
pub fn calls(trial: &Trial) -> usize {
    trial.actions.iter().chain(&trial.finally).filter(|action| matches!(action, Action::Call(_))).count()
}

/// The trial up to its call of the operation, judged by the contract alone, its cost, and where the call stands; the
/// cheaper and the more documented, the better. What a case says succeeds comes before what no case says anything of.
fn good_request(trial: &Trial, operation: &Arc<Operation>) -> Option<(usize, Location, Trial)> {
    let good = operation.outcomes.first().map(|o| o.name.as_str());
    let is_good = |action: &Action| match action {
        Action::Call(step) => {
            let wanted = step.expectation.outcome.as_ref().map(|(name, _)| name.as_str());
            step.operation.id == operation.id
                && step.request.method.is_none()
                && step.request.query.is_none()
                && (wanted == good || wanted.is_none() && step.expectation.status.is_none())
        }
        Action::Set(_) => false,
    };
    let at = trial.actions.iter().rposition(is_good)?;
    let mut actions: Vec<Action> = trial.actions[..=at].to_vec();
    for action in &mut actions {
        if let Action::Call(step) = action {
            step.callback = None;
        }
    }
    let calls = actions.iter().filter(|a| matches!(a, Action::Call(_))).count();
    let Some(Action::Call(step)) = actions.last_mut() else { return None };
    let says_so = step.expectation.outcome.is_some() || step.expectation.status.is_some();
    step.role = Role::Case;
    step.wait = None;
    step.captures = Arc::default();
    step.changes = Some(Arc::default());
    let doc = trial.doc.clone().or_else(|| operation.doc.clone());
    step.expectation = Arc::new(Expectation::of_contract(operation, step.location.clone(), doc.clone()));
    let location = step.location.clone();
    let documented = trial.tags.iter().any(|tag| tag == "documented" || tag == "smoke");
    let cost = calls * 4 + usize::from(!documented) + 1_000 * usize::from(!says_so);
    let trial = Trial {
        name: format!("{}::{}::fuzz/base", operation.api, operation.id),
        api: operation.api.clone(),
        operation: operation.id.clone(),
        case: "fuzz/base".into(),
        title: trial.title.clone(),
        doc,
        level: Level::Must,
        tags: vec!["fuzz".into()],
        snapshot: Some(false),
        location: location.clone(),
        actions,
        finally: trial.finally.clone(),
    };
    Some((cost, location, trial))
}

/// The good request with what a deviation of it changes, which the target accepts where it refuses the good request.
pub fn learned(subject: &Subject, changes: Vec<Change>) -> Trial {
    let mut actions = subject.whole.clone();
    if let Some(Action::Call(step)) = actions.last_mut() {
        step.changes = Some(Arc::new(changes));
    }
    Trial { finally: subject.trial.finally.clone(), ..trial_like(&subject.trial, actions) }
}

/// The trial with changes, under a name of its own: its random values are its own too.
pub fn deviated(subject: &Subject, probe: &Probe, attempt: usize) -> Trial {
    let mut actions = subject.trial.actions.clone();
    if let Some(Action::Call(step)) = actions.last_mut() {
        // After those by which the good request itself was found.
        let own = step.changes.iter().flat_map(|changes| changes.iter());
        step.changes = Some(Arc::new(own.chain(&probe.changes).cloned().collect()));
    }
    let again = if attempt == 0 { String::new() } else { format!("#{attempt}") };
    let base = &subject.trial;
    Trial {
        name: format!("{}::{}::{}{again}", base.api, base.operation, probe.case()),
        case: probe.case(),
        title: title(probe),
        tags: vec!["fuzz".into(), probe.phase.as_str().into()],
        finally: base.finally.clone(),
        ..trial_like(base, actions)
    }
}

fn title(probe: &Probe) -> String {
    let what = match &probe.demand {
        Demand::Refused(breach) => format!("must be refused: {}", breach.says),
        Demand::Accepted(why) => format!("must be accepted: {why}"),
        Demand::NotServed => "must not be served".into(),
        Demand::Open if probe.bound == Bound::Contract => "must be answered as the contract says".into(),
        Demand::Open => "must not harm the server".into(),
    };
    format!("`{}`: {} {what}", probe.place, probe.kind)
}

/// An operation that nothing is known to be accepted by.
pub fn not_fuzzed(operation: &Operation, why: String, context: &RunContext) -> TrialFinished {
    let trial = Trial::of_operation(
        operation,
        "fuzz/base",
        "The request that deviations start from".into(),
        &["fuzz"],
    );
    trial.finished(Verdict::Skipped, Some(why), context.started.elapsed().as_millis() as u64)
}

/// Whether a campaign is to fuzz an operation.
pub fn is_chosen(operation: &Operation, campaign: &Campaign) -> bool {
    let chosen = campaign.operations.is_empty() || campaign.operations.contains(&operation.id);
    chosen && !(campaign.safe_only && operation.effect != Effect::Safe)
}

/// Whether the unchanged request, sent once more, is still accepted.
pub fn still_accepted(subject: &Subject, context: &RunContext, budget: &Budget) -> bool {
    let Some((status, observed)) = control(subject, context, budget) else { return true };
    status.is_some_and(|status| subject.base.accepts(status, &observed))
}

/// The status of the unchanged request, sent once more, where the server fails with it now and did not before.
pub fn fails_now(subject: &Subject, context: &RunContext, budget: &Budget) -> Option<u16> {
    let before = subject.base.step.response.as_ref().map(|response| response.status);
    let (status, _) = control(subject, context, budget)?;
    status.filter(|status| *status >= 500 && before.is_some_and(|before| before < 500))
}

/// Whether the unchanged request, sent once more, gets no answer either.
pub fn hangs_now(subject: &Subject, context: &RunContext, budget: &Budget) -> bool {
    control(subject, context, budget).is_some_and(|(status, _)| status.is_none())
}

/// What the unchanged request comes to, sent once more; `None` where the budget is spent.
fn control(subject: &Subject, context: &RunContext, budget: &Budget) -> Option<(Option<u16>, Observed)> {
    let again = Trial {
        name: format!("{}#control", subject.trial.name),
        finally: subject.trial.finally.clone(),
        ..trial_like(&subject.trial, subject.trial.actions.clone())
    };
    budget.admit(calls(&again), &context.stop).ok()?;
    let sent = super::exchange::send_from(&again, subject.prepared.as_ref(), context);
    let Ok((finished, Some(observed), _)) = sent else { return Some((None, Observed::default())) };
    let step = target(&finished, &subject.base.operation).and_then(|i| finished.steps[i].response.as_ref());
    Some((step.map(|response| response.status), observed))
}
