//! What is wrong with an answer is sent again before it is told, and made as simple as it can be.

use super::exchange::{Answered, NotSent, answer, target};
use super::subject::{Subject, fails_now, hangs_now, still_accepted};
use super::tell::{key, settle};
use super::{Budget, Ended, Fuzzed};
use crate::contract::Effect;
use crate::engine::context::RunContext;
use crate::fuzz::{Demand, Probe, demand, fields, growth, set};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::plan::Change;
use crate::record::TrialFinished;
use serde_json::Value;

/// Replays to make a value simpler.
const SHRINKING: usize = 40;
/// Texts of at most so many characters are short enough.
const SHORT: usize = 32;
/// Optional fields that are left out one by one.
const LEFT_OUT: usize = 8;

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

/// Replays with less of the request as long as they show the same: a shorter text, and without what is optional.
pub fn smaller(
    subject: &Subject,
    probe: Probe,
    answered: Answered,
    context: &RunContext,
    budget: &Budget,
) -> (Probe, Answered) {
    let wanted: Vec<String> = answered.findings.iter().map(|finding| key(&probe, finding)).collect();
    let mut best = (probe, answered);
    let mut replays = 0;
    let mut try_one = |candidate: Probe, best: &mut (Probe, Answered)| {
        replays += 1;
        let again = answer(subject, &candidate, replays + 100, context, budget).ok();
        let shows = |again: &Answered| again.findings.iter().any(|f| wanted.contains(&key(&candidate, f)));
        let better = again.filter(shows);
        let is_better = better.is_some();
        if let Some(again) = better {
            *best = (candidate, again);
        }
        is_better
    };
    let all = fields(&subject.base);
    let field = all.iter().find(|field| field.name == best.0.place);
    if let (Some(field), [Change::Set { value: Value::String(text), .. }], None) =
        (field, best.0.changes.as_slice(), &best.0.origin)
    {
        let text = text.clone();
        let (mut low, mut high) = (0, text.chars().count());
        // What is as short as this is read at a glance.
        while high > SHORT && high - low > 1 {
            let half = (low + high) / 2;
            let value = Value::from(text.chars().take(half).collect::<String>());
            let same = match (demand(&subject.base, field, &value), &best.0.demand) {
                (Demand::Refused(a), Demand::Refused(b)) => a.constraint == b.constraint,
                (a, b) => a == *b,
            };
            let shorter = Probe { changes: vec![set(field, value)], ..best.0.clone() };
            match same && try_one(shorter, &mut best) {
                true => high = half,
                false => low = half,
            }
        }
    }
    let place = best.0.place.clone();
    let optional: Vec<Change> = all
        .iter()
        .filter(|field| field.base.is_some() && field.name != place && field.may_be_missing() == Some(true))
        .filter(|field| !place.starts_with(&format!("{}.", field.name)))
        .map(|field| Change::Remove { place: field.place, name: field.name.clone() })
        .collect();
    let with = |probe: &Probe, more: &[Change]| {
        // What is changed on the wire comes last.
        let changes = more.iter().chain(&probe.changes).cloned().collect();
        Probe { changes, ..probe.clone() }
    };
    // Less than the good request may be refused for another reason.
    let less = !matches!(best.0.demand, Demand::Accepted(_));
    if !less || optional.is_empty() || try_one(with(&best.0, &optional), &mut best) {
        return best;
    }
    for one in optional.iter().take(LEFT_OUT) {
        try_one(with(&best.0, std::slice::from_ref(one)), &mut best);
    }
    best
}

/// What is wrong with a target that fails for the good request too, which it answered before.
fn broken(subject: &Subject, status: u16) -> Finding {
    let operation = &subject.base.operation;
    let message = "the server fails for the good request as well now, which it answered before";
    Finding::new("fuzz", "status", message)
        .requirement("broken")
        .expected("no request leaves the target in a state in which it fails")
        .actual(status.to_string())
        .spec(Some(operation.location.clone()))
        .doc(operation.doc.clone())
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
        let is = |words: &[&str]| words.iter().any(|word| finding.requirement.as_deref() == Some(word));
        let fleeting = is(&["dropped", "hung", "slow"]);
        // What took long beside other requests may have waited for them.
        let waited = is(&["hung", "slow"]);
        match (seen, fleeting || !alone) {
            (true, _) => kept.push(finding),
            (false, _) if spent && !waited => {
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
    let failed = |f: &Finding| f.requirement.as_deref() == Some("server-error");
    if let Some(at) = kept.iter().position(failed) {
        if fuzzed.is_broken(&subject.base.operation) {
            kept.retain(|finding| !failed(finding));
        } else if let Some(status) = fails_now(subject, context, budget) {
            // Something that was sent before did this: it is no defect of each deviation that comes after.
            fuzzed.broken.push((subject.base.operation.api.clone(), subject.base.operation.id.clone()));
            kept[at] = broken(subject, status);
        }
    }
    let hung = |f: &Finding| f.requirement.as_deref() == Some("hung");
    if kept.iter().any(hung) && hangs_now(subject, context, budget) {
        // What was made since is more than the target can look through in time, whatever is asked.
        kept.retain(|finding| !hung(finding));
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
