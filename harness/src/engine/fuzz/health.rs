//! A target that stops answering: waited for, blamed on the request that did it if a replay confirms it, not hammered.

use super::exchange::{Answered, NotSent, answer};
use super::subject::{Subject, calls};
use super::tell::{remembered, settle};
use super::{Budget, Campaign, Ended, Fuzzed, send_from};
use crate::engine::context::RunContext;
use crate::fuzz::Probe;
use crate::model::finding::Finding;
use crate::record::{Role, TrialFinished};
use std::time::{Duration, Instant};

/// How long a target that is down is waited for.
const PATIENCE: Duration = Duration::from_secs(5);
/// Between two looks at a target that is down.
const PAUSE: Duration = Duration::from_millis(100);
/// Looks after a suspect, so that a target that goes down a little later is seen.
const LOOKS: usize = 3;

/// Waits for the target, sends the suspects again one at a time, and tells the one after which it is down again.
#[allow(clippy::too_many_arguments)]
pub fn blame(
    subject: &Subject,
    probes: &[Probe],
    suspects: &[usize],
    context: &RunContext,
    campaign: &Campaign,
    budget: &Budget,
    fuzzed: &mut Fuzzed,
    told: &mut dyn FnMut(&TrialFinished),
) {
    fuzzed.ended = Some(Ended::Down);
    if !comes_back(subject, context) {
        return;
    }
    for probe in suspects.iter().filter_map(|index| probes.get(*index)) {
        budget.revive();
        let answered = match answer(subject, probe, 1, context, budget) {
            Ok(answered) => answered,
            Err(NotSent::Unsendable) => continue,
            Err(NotSent::Ended(_)) => return,
        };
        if (0..LOOKS).all(|_| is_up(subject, context)) {
            continue;
        }
        let operation = &subject.base.operation;
        let finished = killed(answered, probe);
        if let Some((_, finding)) = finished.findings().next() {
            fuzzed.defects += 1;
            let remembered = remembered(probe, finding, operation, campaign, context);
            fuzzed.found.push((operation.api.clone(), remembered));
        }
        told(&finished);
        // Whether it comes back decides whether the rest can be sent.
        if comes_back(subject, context) {
            budget.revive();
            fuzzed.ended = None;
        }
        return;
    }
    // It is up, and nothing that was sent takes it down.
    budget.revive();
    fuzzed.ended = None;
}

fn killed(answered: Answered, probe: &Probe) -> TrialFinished {
    let mut finished = answered.finished;
    let finding = Finding::new("fuzz", "connection", "the target stops answering after this request")
        .requirement("killed")
        .expected("an answer, to this request and to the next ones")
        .actual("connections are refused; again when the request was sent again");
    if let Some(step) = finished.steps.iter_mut().rev().find(|step| step.role == Role::Case) {
        step.findings = vec![Finding {
            details: vec![format!("deviation: {} of `{}`", probe.kind, probe.place)],
            ..finding
        }];
    }
    finished.name = format!("{}::{}::{}", finished.api, finished.operation, finished.case);
    finished.reason = None;
    settle(&mut finished);
    finished
}

fn comes_back(subject: &Subject, context: &RunContext) -> bool {
    let began = Instant::now();
    while began.elapsed() < PATIENCE && !context.stop.is_interrupted() {
        if is_up(subject, context) {
            return true;
        }
        std::thread::sleep(PAUSE);
    }
    false
}

/// Whether the good request reaches the target.
fn is_up(subject: &Subject, context: &RunContext) -> bool {
    debug_assert!(calls(&subject.trial) > 0);
    let sent = send_from(&subject.trial, subject.prepared.as_ref(), context);
    sent.is_ok_and(|(finished, _, _)| finished.steps.iter().all(|step| step.error.is_none()))
}
