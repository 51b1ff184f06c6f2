//! What is wrong with an answer is sent again before it is told, and made as simple as it can be.

use super::exchange::{Answered, NotSent, answer, target};
use super::subject::{Subject, still_accepted};
use super::tell::{key, settle};
use super::{Budget, Ended, Fuzzed};
use crate::contract::Effect;
use crate::engine::context::RunContext;
use crate::fuzz::{Probe, growth};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::record::TrialFinished;

/// Replays to make a value simpler.
const SHRINKING: usize = 40;

/// Replays ever simpler values as long as they show the same; a value that is not generated is as simple as it can be.
pub fn shrunk(
    subject: &Subject,
    probe: &Probe,
    mut answered: Answered,
    context: &RunContext,
    budget: &Budget,
) -> (Probe, Answered) {
    let mut best = probe.clone();
    let Some(mut growth) = growth(&subject.base, probe) else { return (best, answered) };
    let wanted: Vec<String> = answered.findings.iter().map(|finding| key(probe, finding)).collect();
    let mut next = growth.simpler(&subject.base);
    for attempt in 0..SHRINKING {
        let Some(candidate) = next.take() else { break };
        let again = answer(subject, &candidate, attempt + 10, context, budget).ok();
        let shows = |again: &Answered| again.findings.iter().any(|f| wanted.contains(&key(&candidate, f)));
        next = match again.filter(shows) {
            Some(again) => {
                (best, answered) = (candidate, again);
                growth.simpler(&subject.base)
            }
            None => growth.back(&subject.base),
        };
    }
    (best, answered)
}

/// Sends a probe again: what does not come again is told as a doubt, or not at all where deviations may have disturbed
/// each other. Good input is refused only where the good request itself is still accepted.
pub fn confirm(
    subject: &Subject,
    probe: &Probe,
    first: &Answered,
    fresh: Vec<Finding>,
    context: &RunContext,
    budget: &Budget,
    fuzzed: &mut Fuzzed,
) -> Option<TrialFinished> {
    let same = |a: &Finding, b: &Finding| (&a.check, &a.requirement) == (&b.check, &b.requirement);
    let mut again: Vec<Answered> = Vec::new();
    let mut spent = false;
    for attempt in 1..=2 {
        let answered = match answer(subject, probe, attempt, context, budget) {
            Ok(answered) => answered,
            Err(why) => {
                spent = again.is_empty() && matches!(why, NotSent::Ended(Ended::Requests | Ended::Time));
                break;
            }
        };
        let all = fresh.iter().all(|f| answered.findings.iter().any(|a| same(a, f)));
        again.push(answered);
        if all {
            break;
        }
    }
    let alone = subject.base.operation.effect == Effect::Safe || subject.shares;
    let mut kept = Vec::new();
    for mut finding in fresh {
        let seen = again.iter().any(|answered| answered.findings.iter().any(|f| same(f, &finding)));
        let fleeting = ["dropped", "hung", "slow"].iter().any(|r| finding.requirement.as_deref() == Some(r));
        match (seen, fleeting || !alone) {
            (true, _) => kept.push(finding),
            (false, _) if spent => {
                finding.level = finding.level.min(Level::Should);
                finding.details.push("seen once; there was no budget left to send the request again".into());
                kept.push(finding);
            }
            (false, true) => {}
            (false, false) => {
                finding.level = finding.level.min(Level::Should);
                finding.details.push("seen once; not when the request was sent again".into());
                kept.push(finding);
            }
        }
    }
    let refused = |f: &Finding| f.requirement.as_deref() == Some("refused");
    if kept.iter().any(refused) && !still_accepted(subject, context, budget) {
        fuzzed.spent(&subject.base.operation);
        kept.retain(|finding| !refused(finding));
    }
    if kept.is_empty() {
        return None;
    }
    let mut finished = first.finished.clone();
    let index = target(&finished, &subject.base.operation)?;
    // What the steps before it showed is told where their operations are fuzzed.
    finished.steps.iter_mut().for_each(|step| step.findings.clear());
    finished.steps[index].findings = kept;
    // Attempts have names of their own for random values of their own.
    finished.name = format!("{}::{}::{}", finished.api, finished.operation, finished.case);
    // What was found is wrong with the target: there is an answer to judge, or its absence is the finding.
    finished.reason = None;
    settle(&mut finished);
    Some(finished)
}
