//! [`fuzz`]: a campaign. For every operation the suite's own case gives a request that the target accepts; its
//! deviations are sent by all workers, and what is wrong with the answers is sent again before it is told.

use super::context::RunContext;
use super::{trial, worker};
use crate::check::Expectation;
use crate::contract::{Contract, Effect, Operation};
use crate::fuzz::{Base, Bound, Demand, Observed, Phase, Probe, Sent, boundaries, examples, judge, unstable};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::plan::{Action, Trial};
use crate::record::{Role, TrialFinished};
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Instant;

/// What a campaign is told.
#[derive(Debug, Clone)]
pub struct Campaign {
    pub phases: Vec<Phase>,
    /// Ids of operations; empty is all.
    pub operations: Vec<String>,
    /// Parts of `fuzz/<place>/<kind>`; empty is all.
    pub probes: Vec<String>,
    /// Generated requests an operation.
    pub cases: usize,
    /// No deviation is begun after this.
    pub until: Option<Instant>,
    pub jobs: usize,
    pub safe_only: bool,
}

/// What a campaign came to.
#[derive(Debug, Default)]
pub struct Fuzzed {
    /// One trial an operation, then one for each distinct defect.
    pub trials: Vec<TrialFinished>,
    /// Deviations sent, those that could not be made, and everything that was sent with set-up and replays.
    pub sent: usize,
    pub unsendable: usize,
    pub requests: usize,
    /// Requests that say the same as a good one, and how many of them were accepted.
    pub good: usize,
    pub good_accepted: usize,
    /// Requests that break the contract, and how many of them were refused.
    pub bad: usize,
    pub bad_refused: usize,
    /// Distinct defects.
    pub defects: usize,
    /// Why it ended before its end.
    pub stopped: Option<String>,
}

/// Cases that are tried as the good request of an operation.
const TRIES: usize = 6;
/// Connections refused one after the other, after which the target is taken to be down.
const DOWN: usize = 5;

/// An operation with the good request of the suite.
struct Subject {
    base: Base,
    /// Sends it, with the place for changes.
    trial: Trial,
    /// How the good request went.
    finished: TrialFinished,
}

struct Answered {
    finished: TrialFinished,
    observed: Observed,
    findings: Vec<Finding>,
}

/// Runs a campaign; `told` sees every trial that is to be recorded, in an order that the seed decides.
pub fn fuzz(
    contracts: &[Arc<Contract>],
    trials: &[Arc<Trial>],
    context: &RunContext,
    campaign: &Campaign,
    told: &mut dyn FnMut(&TrialFinished),
) -> Fuzzed {
    let mut fuzzed = Fuzzed::default();
    for contract in contracts {
        for operation in &contract.operations {
            let chosen = campaign.operations.is_empty() || campaign.operations.contains(&operation.id);
            if !chosen || campaign.safe_only && operation.effect != Effect::Safe {
                continue;
            }
            if fuzzed.stopped.is_some() || context.stop.is_interrupted() {
                fuzzed.stopped.get_or_insert_with(|| "the run was interrupted".into());
                break;
            }
            let methods =
                contract.operations.iter().filter(|o| o.path == operation.path).map(|o| o.method.clone());
            of_operation(operation, methods.collect(), trials, context, campaign, &mut fuzzed, told);
        }
    }
    worker::close();
    fuzzed
}

fn of_operation(
    operation: &Arc<Operation>,
    methods: Vec<String>,
    trials: &[Arc<Trial>],
    context: &RunContext,
    campaign: &Campaign,
    fuzzed: &mut Fuzzed,
    told: &mut dyn FnMut(&TrialFinished),
) {
    let subject = match subject(operation, methods, trials, context, fuzzed) {
        Ok(subject) => subject,
        Err(why) => {
            let finished = not_fuzzed(operation, why, context);
            fuzzed.trials.push(finished.clone());
            told(&finished);
            return;
        }
    };
    let mut probes = Vec::new();
    if campaign.phases.contains(&Phase::Examples) {
        probes.extend(examples(&subject.base));
    }
    if campaign.phases.contains(&Phase::Boundaries) {
        probes.extend(boundaries(&subject.base));
    }
    probes.retain(|probe| {
        let named =
            campaign.probes.is_empty() || campaign.probes.iter().any(|p| probe.case().contains(p.as_str()));
        named && (probe.safe || !campaign.safe_only)
    });
    let answers = send_all(&subject, &probes, context, campaign, fuzzed);
    let mut defects = tell_base(&subject, probes.len(), campaign, context, fuzzed, told);
    for (probe, answered) in probes.iter().zip(answers) {
        let Some(answered) = answered else { continue };
        count(&subject.base, probe, &answered, fuzzed);
        let mut fresh = answered.findings.clone();
        fresh.retain(|finding| !defects.contains(&key(probe, finding)));
        if fresh.is_empty() {
            continue;
        }
        let Some(mut finished) = confirm(&subject, probe, &answered, fresh, context, fuzzed) else {
            continue;
        };
        let step = finished.steps.iter_mut().rev().find(|step| step.role == Role::Case);
        for finding in step.into_iter().flat_map(|step| &mut step.findings) {
            if defects.insert(key(probe, finding)) {
                fuzzed.defects += 1;
            }
            finding.details.extend(describe(probe, operation, context));
        }
        fuzzed.trials.push(finished.clone());
        told(&finished);
    }
}

/// What makes two findings the same defect of an operation. A defect of the answer is told once wherever it came from.
fn key(probe: &Probe, finding: &Finding) -> String {
    let requirement = finding.requirement.as_deref().unwrap_or_default();
    if finding.check != "fuzz" {
        return format!("{} {requirement} {}", finding.check, finding.at);
    }
    if requirement.starts_with("accepted-") || requirement == "required-ignored" {
        return format!("{requirement} {}", probe.place);
    }
    let class = probe.kind.split(['-', '=', '+']).next().unwrap_or_default();
    match requirement {
        "method-served" => requirement.to_owned(),
        _ => format!("{requirement} {} {class}", probe.place),
    }
}

fn describe(probe: &Probe, operation: &Operation, context: &RunContext) -> Vec<String> {
    vec![
        format!("deviation: {} of `{}` ({} phase)", probe.kind, probe.place, probe.phase.as_str()),
        format!(
            "replay: proofmark fuzz --api {} --operation {} --seed {} --probe {}",
            operation.api,
            operation.id,
            context.seed,
            crate::http::curl::quote(&probe.case())
        ),
    ]
}

fn count(base: &Base, probe: &Probe, answered: &Answered, fuzzed: &mut Fuzzed) {
    fuzzed.sent += 1;
    let status = target(&answered.finished, &base.operation)
        .and_then(|i| answered.finished.steps[i].response.as_ref());
    let accepted = status.is_some_and(|r| base.accepts(r.status, &answered.observed));
    match probe.demand {
        Demand::Accepted(_) => {
            fuzzed.good += 1;
            fuzzed.good_accepted += usize::from(accepted);
        }
        Demand::Refused(_) => {
            fuzzed.bad += 1;
            fuzzed.bad_refused += usize::from(!accepted);
        }
        Demand::NotServed | Demand::Open => {}
    }
}

/// The good request of the operation: the first of the suite's own that the target accepts.
fn subject(
    operation: &Arc<Operation>,
    methods: Vec<String>,
    trials: &[Arc<Trial>],
    context: &RunContext,
    fuzzed: &mut Fuzzed,
) -> Result<Subject, String> {
    let mut candidates: Vec<(usize, Trial)> = trials
        .iter()
        .filter(|trial| trial.api == operation.api)
        .filter_map(|trial| good_request(trial, operation))
        .collect();
    candidates.sort_by_key(|(cost, _)| *cost);
    let mut why = format!("no case shows a request that `{}` accepts", operation.id);
    for (_, trial) in candidates.into_iter().take(TRIES) {
        let (mut finished, observed) = send(&trial, context)?;
        fuzzed.requests += finished.steps.len();
        let (Some(index), Some(observed)) = (target(&finished, operation), observed) else {
            why = format!("the good request of {} could not be sent: {}", trial.name, reason(&finished));
            continue;
        };
        let step = finished.steps[index].clone();
        let Some(status) = step.response.as_ref().map(|r| r.status) else {
            why = format!("the good request of {} was not answered: {}", trial.name, reason(&finished));
            continue;
        };
        let good = operation.outcomes.first().map(|o| o.name.clone());
        if !(200..300).contains(&status) || good.is_some_and(|good| observed.outcomes != [good]) {
            why = format!("the request of {} is refused", trial.location);
            continue;
        }
        let media_type = step.request.headers.iter().find(|(n, _)| n.eq_ignore_ascii_case("content-type"));
        let media_type =
            media_type.and_then(|(_, v)| crate::http::media_type::MediaType::parse(v)).map(|m| m.essence);
        let findings = step.findings.clone();
        finished.title = "The request that deviations start from".into();
        let base = Base { operation: operation.clone(), methods, media_type, observed, step, findings };
        return Ok(Subject { base, trial, finished });
    }
    Err(why)
}

fn reason(finished: &TrialFinished) -> String {
    let finding = finished.findings().map(|(_, f)| f.message.clone()).next();
    finished.reason.clone().or(finding).unwrap_or_else(|| "no reason is known".into())
}

/// The trial up to its call of the operation, judged by the contract alone; the cheaper and the more documented, the
/// better.
fn good_request(trial: &Trial, operation: &Arc<Operation>) -> Option<(usize, Trial)> {
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
    let says_so = step.expectation.outcome.is_some();
    step.role = Role::Case;
    step.wait = None;
    step.captures = Arc::default();
    step.changes = Some(Arc::default());
    let doc = trial.doc.clone().or_else(|| operation.doc.clone());
    step.expectation = Arc::new(Expectation::of_contract(operation, step.location.clone(), doc.clone()));
    let location = step.location.clone();
    let documented = trial.tags.iter().any(|tag| tag == "documented" || tag == "smoke");
    let cost = calls * 4 + usize::from(!documented) + 2 * usize::from(!says_so);
    let trial = Trial {
        name: format!("{}::{}::fuzz/base", operation.api, operation.id),
        api: operation.api.clone(),
        operation: operation.id.clone(),
        case: "fuzz/base".into(),
        title: trial.title.clone(),
        doc,
        level: Level::Must,
        tags: vec!["fuzz".into()],
        location,
        actions,
        finally: trial.finally.clone(),
    };
    Some((cost, trial))
}

/// The trial with changes, under a name of its own: its random values are its own too.
fn deviated(subject: &Subject, probe: &Probe, attempt: usize) -> Trial {
    let base = &subject.trial;
    let mut actions = base.actions.clone();
    if let Some(Action::Call(step)) = actions.last_mut() {
        step.changes = Some(Arc::new(probe.changes.clone()));
    }
    let again = if attempt == 0 { String::new() } else { format!("#{attempt}") };
    Trial {
        name: format!("{}::{}::{}{again}", base.api, base.operation, probe.case()),
        api: base.api.clone(),
        operation: base.operation.clone(),
        case: probe.case(),
        title: title(probe),
        doc: base.doc.clone(),
        level: Level::Must,
        tags: vec!["fuzz".into(), probe.phase.as_str().into()],
        location: base.location.clone(),
        actions,
        finally: base.finally.clone(),
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

fn send(trial: &Trial, context: &RunContext) -> Result<(TrialFinished, Option<Observed>), String> {
    let ran = worker::with(context, async |client| {
        let (finished, observed, good) = trial::observe(trial, context, client).await;
        ((finished, observed), good)
    })?;
    let (mut finished, observed) = ran.result;
    context.redactor.trial(&mut finished);
    Ok((finished, observed))
}

/// The step of a trial that was the operation's own call.
fn target(finished: &TrialFinished, operation: &Operation) -> Option<usize> {
    finished.steps.iter().rposition(|step| step.role == Role::Case && step.operation == operation.id)
}

/// Sends a probe and judges it; `Err` where it cannot be sent.
fn answer(
    subject: &Subject,
    probe: &Probe,
    attempt: usize,
    context: &RunContext,
) -> Result<Answered, String> {
    let (finished, observed) = send(&deviated(subject, probe, attempt), context)?;
    let calls = subject.trial.actions.iter().filter(|a| matches!(a, Action::Call(_))).count();
    let (Some(index), Some(observed)) = (target(&finished, &subject.base.operation), observed) else {
        return Err(reason(&finished));
    };
    if index + 1 != calls {
        return Err(reason(&finished));
    }
    let sent = Sent { probe, step: &finished.steps[index], observed: &observed };
    let findings = judge(&subject.base, &sent);
    Ok(Answered { finished, observed, findings })
}

fn send_all(
    subject: &Subject,
    probes: &[Probe],
    context: &RunContext,
    campaign: &Campaign,
    fuzzed: &mut Fuzzed,
) -> Vec<Option<Answered>> {
    let results: Vec<Mutex<Option<Answered>>> = probes.iter().map(|_| Mutex::new(None)).collect();
    let (next, requests, unsendable) = (AtomicUsize::new(0), AtomicUsize::new(0), AtomicUsize::new(0));
    let (refused, late) = (AtomicUsize::new(0), AtomicBool::new(false));
    let work = || {
        loop {
            let index = next.fetch_add(1, Ordering::Relaxed);
            let Some(probe) = probes.get(index) else { break };
            if campaign.until.is_some_and(|until| Instant::now() >= until) {
                late.store(true, Ordering::Relaxed);
                break;
            }
            if context.stop.is_interrupted() || refused.load(Ordering::Relaxed) >= DOWN {
                break;
            }
            match answer(subject, probe, 0, context) {
                Ok(answered) => {
                    requests.fetch_add(answered.finished.steps.len(), Ordering::Relaxed);
                    let error = answered.finished.steps.iter().find_map(|s| s.error.as_ref());
                    match error.is_some_and(|e| e.kind == "connect") {
                        true => refused.fetch_add(1, Ordering::Relaxed),
                        false => refused.swap(0, Ordering::Relaxed),
                    };
                    *results[index].lock().unwrap_or_else(PoisonError::into_inner) = Some(answered);
                }
                Err(_) => {
                    unsendable.fetch_add(1, Ordering::Relaxed);
                }
            }
        }
        worker::close();
    };
    std::thread::scope(|scope| {
        for _ in 0..campaign.jobs.clamp(1, probes.len().max(1)) {
            scope.spawn(work);
        }
    });
    fuzzed.requests += requests.into_inner();
    fuzzed.unsendable += unsendable.into_inner();
    if refused.into_inner() >= DOWN {
        fuzzed.stopped = Some("the target does not answer any more".into());
    } else if late.into_inner() {
        fuzzed.stopped = Some("the time is up".into());
    } else if context.stop.is_interrupted() {
        fuzzed.stopped = Some("the run was interrupted".into());
    }
    results.into_iter().map(|slot| slot.into_inner().unwrap_or_else(PoisonError::into_inner)).collect()
}

/// The trial of the good request: what is wrong with its answer, and whether it stays the same.
fn tell_base(
    subject: &Subject,
    probes: usize,
    campaign: &Campaign,
    context: &RunContext,
    fuzzed: &mut Fuzzed,
    told: &mut dyn FnMut(&TrialFinished),
) -> BTreeSet<String> {
    let mut finished = subject.finished.clone();
    finished.title = format!("The request that {probes} deviations start from");
    if campaign.probes.is_empty() && subject.trial.is_safe() {
        for _ in 0..2 {
            let Ok((again, Some(observed))) = send(&subject.trial, context) else { continue };
            fuzzed.requests += again.steps.len();
            let found = unstable(&subject.base, &subject.base.observed, &observed);
            if let (Some(finding), Some(step)) = (found, finished.steps.last_mut()) {
                step.findings.push(finding);
                break;
            }
        }
    }
    settle(&mut finished);
    let keys = finished
        .findings()
        .map(|(_, f)| format!("{} {} {}", f.check, f.requirement.as_deref().unwrap_or_default(), f.at));
    let keys: BTreeSet<String> = keys.collect();
    fuzzed.defects += keys.len();
    fuzzed.trials.push(finished.clone());
    told(&finished);
    keys
}

/// Sends a probe again: what does not come again is told as a doubt, and a lost connection not at all.
fn confirm(
    subject: &Subject,
    probe: &Probe,
    first: &Answered,
    fresh: Vec<Finding>,
    context: &RunContext,
    fuzzed: &mut Fuzzed,
) -> Option<TrialFinished> {
    let same = |a: &Finding, b: &Finding| (&a.check, &a.requirement) == (&b.check, &b.requirement);
    let mut again: Vec<Answered> = Vec::new();
    for attempt in 1..=2 {
        let Ok(answered) = answer(subject, probe, attempt, context) else { break };
        fuzzed.requests += answered.finished.steps.len();
        let all = fresh.iter().all(|f| answered.findings.iter().any(|a| same(a, f)));
        again.push(answered);
        if all {
            break;
        }
    }
    let mut kept = Vec::new();
    for mut finding in fresh {
        let seen = again.iter().any(|answered| answered.findings.iter().any(|f| same(f, &finding)));
        let fleeting = ["dropped", "hung", "slow"].iter().any(|r| finding.requirement.as_deref() == Some(r));
        match (seen, fleeting) {
            (true, _) => kept.push(finding),
            (false, true) => {}
            (false, false) => {
                finding.level = finding.level.min(Level::Should);
                finding.details.push("seen once; not when the request was sent again".into());
                kept.push(finding);
            }
        }
    }
    if kept.is_empty() {
        return None;
    }
    let mut finished = first.finished.clone();
    let index = target(&finished, &subject.base.operation)?;
    finished.steps[index].findings = kept;
    // What was found is wrong with the target: there is an answer to judge, or its absence is the finding.
    finished.reason = None;
    settle(&mut finished);
    Some(finished)
}

fn settle(finished: &mut TrialFinished) {
    let must = finished.findings().any(|(_, f)| f.level == Level::Must);
    finished.verdict = match (must, &finished.reason) {
        (true, _) => Verdict::Failed,
        (false, Some(_)) => Verdict::Errored,
        (false, None) => Verdict::Passed,
    };
}

/// An operation that nothing is known to be accepted by.
fn not_fuzzed(operation: &Operation, why: String, context: &RunContext) -> TrialFinished {
    TrialFinished {
        name: format!("{}::{}::fuzz/base", operation.api, operation.id),
        api: operation.api.clone(),
        operation: operation.id.clone(),
        case: "fuzz/base".into(),
        title: "The request that deviations start from".into(),
        doc: operation.doc.clone(),
        level: Level::Must,
        tags: vec!["fuzz".into()],
        location: operation.location.clone(),
        verdict: Verdict::Skipped,
        reason: Some(why),
        started_ms: context.started.elapsed().as_millis() as u64,
        duration_ms: 0.0,
        steps: Vec::new(),
    }
}
