//! The good request itself: what is wrong with its answer, and whether it stays the same.

use super::exchange::{send_from, target};
use super::subject::{Subject, calls};
use super::tell::settle;
use super::{Budget, Campaign};
use crate::contract::Effect;
use crate::engine::context::RunContext;
use crate::fuzz::{made_twice, slow_good, unstable};
use crate::model::finding::Finding;
use crate::record::{Role, TrialFinished};
use std::collections::BTreeSet;

/// The trial of the good request with everything that is wrong, and what defects that is.
pub fn judged(
    subject: &Subject,
    campaign: &Campaign,
    context: &RunContext,
    budget: &Budget,
) -> (TrialFinished, BTreeSet<String>) {
    let mut finished = subject.finished.clone();
    if campaign.probes.is_empty() && subject.trial.is_safe() {
        for _ in 0..2 {
            if budget.admit(calls(&subject.trial), &context.stop).is_err() {
                break;
            }
            let again = send_from(&subject.trial, subject.prepared.as_ref(), context);
            let Ok((_, Some(observed), _)) = again else { continue };
            let found = unstable(&subject.base, &subject.base.observed, &observed, !campaign.without_cases);
            if let (Some(finding), Some(step)) = (found, finished.steps.last_mut()) {
                step.findings.push(finding);
                break;
            }
        }
    }
    let second = subject.second.as_ref().filter(|_| subject.base.operation.effect == Effect::Mutates);
    let mut more: Vec<_> = second.and_then(|second| made_twice(&subject.base, second)).into_iter().collect();
    if let Some(slow) = slow_good(&subject.base) {
        more.extend(is_slow_again(subject, slow, context, budget));
    }
    for finding in &mut more {
        finding.spec = finding.spec.take().or_else(|| Some(subject.base.operation.location.clone()));
        finding.doc = finding.doc.take().or_else(|| subject.base.operation.doc.clone());
    }
    if let Some(step) = finished.steps.iter_mut().rev().find(|step| step.role == Role::Case) {
        step.findings.extend(more);
    }
    let step = target(&finished, &subject.base.operation).and_then(|at| finished.steps.get_mut(at));
    if let Some(step) = step
        // What a server says it cannot do (RFC 9110 section 15.6.2) is no failure: whether that is documented is told anyway.
        && let Some(response) = step.response.as_ref().filter(|r| r.status >= 500 && r.status != 501)
    {
        let message = format!("the server failed with status {}", response.status);
        let told = Finding::new("fuzz", "status", message).requirement("server-error");
        step.findings.push(told.expected("an answer, or a refusal that says what is wrong"));
    }
    for finding in finished.steps.iter_mut().flat_map(|step| &mut step.findings) {
        finding.details.push(format!("seen: by the good request, first by request {}", subject.number));
    }
    settle(&mut finished);
    let keys = finished
        .findings()
        .map(|(_, f)| format!("{} {} {}", f.check, f.requirement.as_deref().unwrap_or_default(), f.at));
    let keys: BTreeSet<String> = keys.collect();
    (finished, keys)
}

/// A slow answer is told only if it is slow twice.
fn is_slow_again(
    subject: &Subject,
    finding: Finding,
    context: &RunContext,
    budget: &Budget,
) -> Option<Finding> {
    if budget.admit(calls(&subject.trial), &context.stop).is_err() {
        return Some(finding);
    }
    let (finished, _, _) = send_from(&subject.trial, subject.prepared.as_ref(), context).ok()?;
    let took = target(&finished, &subject.base.operation).map(|i| finished.steps[i].total_ms)?;
    (took * 2.0 >= subject.base.step.total_ms).then_some(finding)
}
