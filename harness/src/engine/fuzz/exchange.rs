//! Sending: one trial, one probe, and all probes of an operation by all workers.

use super::subject::{Subject, calls, deviated};
use super::tell::{key, of_answer};
use super::{Budget, Ended};
use crate::contract::Operation;
use crate::engine::context::RunContext;
use crate::engine::{trial, worker};
use crate::fuzz::{Observed, Probe, Sent, judge, kind_of_answer, kind_of_refusal};
use crate::model::finding::Finding;
use crate::plan::{Action, Trial, Values};
use crate::record::{BodyRecord, Role, TrialFinished};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Mutex, PoisonError};

/// What came of a probe.
pub struct Answered {
    pub finished: TrialFinished,
    pub observed: Observed,
    pub findings: Vec<Finding>,
    /// The how many-th request of the campaign it was.
    pub number: usize,
    /// A number that answers of the same kind have.
    pub kind: u64,
    pub is_accepted: bool,
    pub is_refusal: bool,
    /// Whether `finished` has no more than the call: what stands before it was done for an earlier one.
    pub alone: bool,
    /// Whether `finished` has what was sent and what came: not where so many like it came before that nobody will look.
    pub whole: bool,
}

/// So many answers of one defect are kept whole, beside those that are on their way. One that none of them shows again
/// when it is sent again is not to be confirmed.
const KEPT: usize = 32;

/// What came of all probes of an operation.
pub struct Answers {
    /// As many as there are probes; `None` was not sent.
    pub list: Vec<Option<Answered>>,
    pub unsendable: usize,
    pub ended: Option<Ended>,
    /// Numbers of the probes that were on their way when the target stopped answering, the likeliest first.
    pub suspects: Vec<usize>,
}

/// How it went, what the changed step came to, and the variables afterwards.
pub type Observation = (TrialFinished, Option<Observed>, Value);

/// Sends a trial. `Err` is an error of ours.
pub fn send(trial: &Trial, context: &RunContext) -> Result<Observation, String> {
    send_from(trial, None, context)
}

/// The same, with the variables that earlier steps left.
pub fn send_from(trial: &Trial, vars: Option<&Value>, context: &RunContext) -> Result<Observation, String> {
    send_among(trial, vars, context, &Familiar::default())
}

/// The same among many of which it is known what is wrong with their answers.
fn send_among(
    trial: &Trial,
    vars: Option<&Value>,
    context: &RunContext,
    familiar: &Familiar,
) -> Result<Observation, String> {
    let ran = worker::with(context, async |client| {
        let (finished, observed, vars, good) = trial::observe(trial, vars, context, client).await;
        let good = good || familiar.knows_all(&finished);
        ((finished, observed, vars), good)
    })?;
    let (mut finished, observed, vars) = ran.result;
    context.redactor.trial(&mut finished);
    Ok((finished, observed, vars))
}

/// How many answers showed each defect.
#[derive(Default)]
struct Familiar {
    /// By [`key`].
    shown: Mutex<BTreeMap<String, usize>>,
    /// What the contract says is wrong with them, whether it binds them or not; by [`of_answer`].
    wrong: Mutex<BTreeMap<String, usize>>,
    /// So many answers of a defect, and it is familiar.
    most: usize,
}

impl Familiar {
    /// Takes in what an answer shows; whether few before it have shown one of its defects.
    fn is_one_of_few(&self, probe: &Probe, answered: &Answered) -> bool {
        let wrong = answered.finished.findings().map(|(_, finding)| of_answer(finding));
        self.counts(&self.wrong, wrong);
        self.counts(&self.shown, answered.findings.iter().map(|finding| key(probe, finding)))
    }

    /// Whether one of the names was counted few times before.
    fn counts(&self, times: &Mutex<BTreeMap<String, usize>>, names: impl Iterator<Item = String>) -> bool {
        let mut times = times.lock().unwrap_or_else(PoisonError::into_inner);
        let mut few = false;
        for name in names {
            let times = times.entry(name).or_default();
            few |= *times < self.most;
            *times += 1;
        }
        few
    }

    /// Whether nothing is wrong with the answers of a trial but what is wrong with so many that its connection can be used
    /// again: an answer of another request would be wrong in another way.
    fn knows_all(&self, finished: &TrialFinished) -> bool {
        let arrived = finished.steps.iter().all(|step| step.error.is_none() && step.response.is_some());
        let wrong = self.wrong.lock().unwrap_or_else(PoisonError::into_inner);
        let mut all = finished.findings();
        // What is wrong without a finding is familiar to nobody.
        let any = finished.findings().next().is_some();
        any && arrived
            && all.all(|(_, finding)| wrong.get(&of_answer(finding)).is_some_and(|n| *n >= self.most))
    }
}

/// The step of a trial that was the operation's own call.
pub fn target(finished: &TrialFinished, operation: &Operation) -> Option<usize> {
    finished.steps.iter().rposition(|step| step.role == Role::Case && step.operation == operation.id)
}

/// Why a trial came to nothing.
pub fn reason(finished: &TrialFinished) -> String {
    let finding = finished.findings().map(|(_, f)| f.message.clone()).next();
    finished.reason.clone().or(finding).unwrap_or_else(|| "no reason is known".into())
}

/// What hinders a probe.
pub enum NotSent {
    /// The request has no such place, or a step before it failed.
    Unsendable,
    Ended(Ended),
}

/// Sends a probe, with everything that stands before it, and judges it.
pub fn answer(
    subject: &Subject,
    probe: &Probe,
    attempt: usize,
    context: &RunContext,
    budget: &Budget,
) -> Result<Answered, NotSent> {
    let trial = deviated(subject, probe, attempt);
    let admitted = match attempt {
        0 => budget.admit_first(calls(&trial), &context.stop),
        _ => budget.admit(calls(&trial), &context.stop),
    };
    admitted.map_err(NotSent::Ended)?;
    judged(subject, probe, &trial, subject.prepared.as_ref(), context, budget, &Familiar::default())
}

fn judged(
    subject: &Subject,
    probe: &Probe,
    trial: &Trial,
    vars: Option<&Value>,
    context: &RunContext,
    budget: &Budget,
    familiar: &Familiar,
) -> Result<Answered, NotSent> {
    let number = budget.sent();
    let sent = send_among(trial, vars, context, familiar);
    let (finished, observed, _) = sent.map_err(|_| NotSent::Unsendable)?;
    budget.note(is_reached(&finished));
    let before = trial.actions.iter().filter(|a| matches!(a, Action::Call(_))).count();
    match (target(&finished, &subject.base.operation), observed) {
        (Some(index), Some(observed)) if index + 1 == before => {
            let step = &finished.steps[index];
            let findings = judge(&subject.base, &Sent { probe, step, observed: &observed });
            let status = step.response.as_ref().map(|response| response.status);
            let accepted = status.is_some_and(|status| subject.base.accepts(status, &observed));
            let kind = match accepted {
                true => kind_of_answer(step, &observed),
                false => kind_of_refusal(step, &observed),
            };
            let is_refusal = !accepted && status.is_some_and(|status| status < 500);
            Ok(Answered {
                finished,
                observed,
                findings,
                number,
                kind,
                is_accepted: accepted,
                is_refusal,
                whole: true,
                alone: false,
            })
        }
        _ => Err(NotSent::Unsendable),
    }
}

/// Whether no connection of a trial was refused.
fn is_reached(finished: &TrialFinished) -> bool {
    let error = finished.steps.iter().find_map(|step| step.error.as_ref());
    error.is_none_or(|error| error.kind != "connect")
}

/// What stands before the call, done once for all deviations of a worker until one of them is not refused: what is refused
/// changes nothing. What an answer shows is sent again with everything before it, so that a target which errs in
/// that is not blamed wrongly.
#[derive(Default)]
struct SetUp {
    vars: Option<Value>,
}

impl SetUp {
    fn answer(
        &mut self,
        subject: &Subject,
        probe: &Probe,
        context: &RunContext,
        budget: &Budget,
        familiar: &Familiar,
    ) -> Result<Answered, NotSent> {
        let mut trial = deviated(subject, probe, 0);
        let is_one = calls(&trial) < 2 || !trial.finally.is_empty() || subject.prepared.is_some();
        if is_one {
            budget.admit_first(calls(&trial), &context.stop).map_err(NotSent::Ended)?;
            let vars = subject.prepared.as_ref();
            return judged(subject, probe, &trial, vars, context, budget, familiar);
        }
        let Some(call) = trial.actions.pop() else { return Err(NotSent::Unsendable) };
        let vars = match self.vars.take() {
            Some(vars) => vars,
            None => {
                budget.admit_first(calls(&trial), &context.stop).map_err(NotSent::Ended)?;
                let (finished, _, vars) =
                    send_from(&trial, None, context).map_err(|_| NotSent::Unsendable)?;
                budget.note(is_reached(&finished));
                if finished.steps.len() < calls(&trial) {
                    return Err(NotSent::Unsendable);
                }
                vars
            }
        };
        trial.actions = vec![call];
        budget.admit_first(1, &context.stop).map_err(NotSent::Ended)?;
        let answered = judged(subject, probe, &trial, Some(&vars), context, budget, familiar)?;
        self.vars = answered.is_refusal.then_some(vars);
        Ok(Answered { alone: true, ..answered })
    }
}

/// Sends all probes; one at a time where they work on the same thing.
pub fn send_all(
    subject: &Subject,
    probes: &[Probe],
    context: &RunContext,
    jobs: usize,
    budget: &Budget,
) -> Answers {
    let results: Vec<Mutex<Option<Answered>>> = probes.iter().map(|_| Mutex::new(None)).collect();
    let (next, unsendable) = (AtomicUsize::new(0), AtomicUsize::new(0));
    let ended = Mutex::new(None);
    let familiar = Familiar { most: KEPT + jobs, ..Familiar::default() };
    // In the order in which they came back, with whether the connection was refused.
    let order: Mutex<Vec<(usize, bool)>> = Mutex::new(Vec::new());
    let work = || {
        let mut set_up = SetUp::default();
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(probe) = probes.get(index) else { break };
            match set_up.answer(subject, probe, context, budget, &familiar) {
                Ok(mut answered) => {
                    if !familiar.is_one_of_few(probe, &answered) {
                        slim(&mut answered);
                    }
                    let refused = !is_reached(&answered.finished);
                    order.lock().unwrap_or_else(PoisonError::into_inner).push((index, refused));
                    *results[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(answered);
                }
                Err(NotSent::Unsendable) => {
                    unsendable.fetch_add(1, Ordering::Relaxed);
                }
                Err(NotSent::Ended(why)) => {
                    ended.lock().unwrap_or_else(PoisonError::into_inner).get_or_insert(why);
                    break;
                }
            }
        }
        worker::close();
    };
    let jobs = if subject.shares { 1 } else { jobs.clamp(1, probes.len().max(1)) };
    std::thread::scope(|scope| {
        for _ in 0..jobs {
            scope.spawn(work);
        }
    });
    let list: Vec<Option<Answered>> =
        results.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect();
    let order = order.into_inner().unwrap_or_else(PoisonError::into_inner);
    Answers {
        suspects: suspects(&list, &order, jobs),
        list,
        unsendable: unsendable.into_inner(),
        ended: ended.into_inner().unwrap_or_else(PoisonError::into_inner),
    }
}

/// Lets go of what nobody asks for: how it was answered is enough.
fn slim(answered: &mut Answered) {
    answered.whole = false;
    answered.observed.body = None;
    answered.observed.values = Values::default();
    for step in &mut answered.finished.steps {
        step.curl = String::new();
        step.request.body = BodyRecord::default();
        step.request.headers = Vec::new();
        if let Some(response) = &mut step.response {
            response.body = BodyRecord::default();
            response.headers = Vec::new();
        }
    }
}

/// The probes after which connections were refused: first those that got no answer, then the last that got one.
fn suspects(list: &[Option<Answered>], order: &[(usize, bool)], jobs: usize) -> Vec<usize> {
    let Some(first) = order.iter().position(|(_, refused)| *refused) else { return Vec::new() };
    let got_none = |index: &usize| {
        let answered = list.get(*index).and_then(Option::as_ref);
        answered.is_some_and(|answered| answered.finished.steps.iter().any(|step| step.error.is_some()))
    };
    let near = |(index, refused): &(usize, bool)| (!refused).then_some(*index);
    let last: Vec<usize> = order[..first].iter().rev().take(jobs + 1).filter_map(near).collect();
    let beside = order[first..].iter().take(jobs).filter_map(near);
    let mut all: Vec<usize> = last.into_iter().chain(beside).collect();
    all.sort_by_key(|index| !got_none(index));
    all
}
