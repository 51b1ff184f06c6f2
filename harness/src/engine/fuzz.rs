//! [`fuzz`]: a campaign. For every operation the suite's own case gives a request that the target accepts; its
//! deviations are sent by all workers, and what is wrong with the answers is sent again before it is told.

use super::context::RunContext;
use super::{trial, worker};
use crate::check::Expectation;
use crate::contract::{Contract, Effect, Operation};
use crate::fuzz::{
    Base, Bound, Demand, Observed, Phase, Probe, Sent, boundaries, examples, generated, growth, judge,
    unstable,
};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::plan::{Action, Trial};
use crate::record::{Role, TrialFinished};
use crate::suite::KnownDefect;
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
    /// Defects of earlier runs, by API: sent first.
    pub known: Vec<(String, KnownDefect)>,
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
    /// API and name of what was found, to be sent first by the next run.
    pub found: Vec<(String, KnownDefect)>,
    /// API and id of the operations that were fuzzed.
    pub operations: Vec<(String, String)>,
    /// Why it ended before its end.
    pub stopped: Option<String>,
}

/// Cases that are tried as the good request of an operation.
const TRIES: usize = 6;
/// Replays to make a value simpler.
const SHRINKING: usize = 40;
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
        // What others leave behind would be seen by those that only read.
        let mut operations: Vec<_> = contract.operations.iter().collect();
        operations.sort_by_key(|operation| operation.effect != Effect::Safe);
        for operation in operations {
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
    let mut probes = known(&subject.base, campaign);
    let replayed: Vec<String> = probes.iter().map(Probe::case).collect();
    if campaign.phases.contains(&Phase::Examples) {
        probes.extend(examples(&subject.base));
    }
    if campaign.phases.contains(&Phase::Boundaries) {
        probes.extend(boundaries(&subject.base));
    }
    if campaign.phases.contains(&Phase::Generated) {
        probes.extend(generated(&subject.base, context.seed, campaign.cases));
    }
    probes.retain(|probe| {
        let named =
            campaign.probes.is_empty() || campaign.probes.iter().any(|p| probe.case().contains(p.as_str()));
        named && (probe.safe || !campaign.safe_only)
    });
    // What was sent first is not sent again.
    let mut seen = BTreeSet::new();
    probes.retain(|probe| seen.insert((probe.case(), probe.origin.as_ref().map(|o| o.seed))));
    fuzzed.operations.push((operation.api.clone(), operation.id.clone()));
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
        let (smaller, answered) = shrunk(&subject, probe, answered, context, fuzzed);
        fresh.retain(|finding| answered.findings.iter().any(|f| key(&smaller, f) == key(probe, finding)));
        let confirmed = confirm(&subject, &smaller, &answered, fresh, context, fuzzed);
        let Some(mut finished) = confirmed else { continue };
        let step = finished.steps.iter_mut().rev().find(|step| step.role == Role::Case);
        for finding in step.into_iter().flat_map(|step| &mut step.findings) {
            if defects.insert(key(probe, finding)) {
                fuzzed.defects += 1;
                fuzzed
                    .found
                    .push((operation.api.clone(), remembered(probe, finding, operation, campaign, context)));
            }
            if replayed.contains(&probe.case()) {
                finding.details.push("known from an earlier run, and still there".into());
            }
            finding.details.extend(describe(&smaller, probe, operation, campaign, context));
        }
        fuzzed.trials.push(finished.clone());
        told(&finished);
    }
}

/// The deviations that showed defects of the operation before, made again from their names.
fn known(base: &Base, campaign: &Campaign) -> Vec<Probe> {
    let mut probes = Vec::new();
    let of_operation = |(api, defect): &&(String, KnownDefect)| {
        *api == base.operation.api && defect.operation == base.operation.id
    };
    for (_, defect) in campaign.known.iter().filter(of_operation) {
        let all = examples(base).into_iter().chain(boundaries(base));
        let all = all.chain(generated(base, defect.seed, usize::try_from(defect.cases).unwrap_or(0)));
        probes.extend(all.filter(|probe| probe.case() == defect.probe).take(1));
    }
    probes
}

fn remembered(
    probe: &Probe,
    finding: &Finding,
    operation: &Operation,
    campaign: &Campaign,
    context: &RunContext,
) -> KnownDefect {
    let same = |(api, known): &&(String, KnownDefect)| {
        *api == operation.api && known.operation == operation.id && known.probe == probe.case()
    };
    let before = campaign.known.iter().find(same).map(|(_, known)| known);
    let judge = format!("{} {}", finding.check, finding.requirement.as_deref().unwrap_or_default());
    KnownDefect {
        operation: operation.id.clone(),
        probe: probe.case(),
        judge,
        seed: probe.origin.as_ref().map_or(context.seed, |origin| origin.seed),
        cases: before.map_or(campaign.cases as u64, |known| known.cases),
        since: before.map_or_else(
            || jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
            |known| known.since.clone(),
        ),
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
        "method-served" => format!("{requirement} {:?}", finding.level),
        _ => format!("{requirement} {} {class}", probe.place),
    }
}

fn describe(
    sent: &Probe,
    probe: &Probe,
    operation: &Operation,
    campaign: &Campaign,
    context: &RunContext,
) -> Vec<String> {
    let cases = match probe.phase {
        Phase::Generated => format!(" --cases {}", campaign.cases),
        Phase::Examples | Phase::Boundaries => String::new(),
    };
    vec![
        format!("deviation: {} of `{}` ({} phase)", sent.kind, sent.place, sent.phase.as_str()),
        format!(
            "replay: proofmark fuzz --api {} --operation {} --seed {}{cases} --probe {}",
            operation.api,
            operation.id,
            context.seed,
            crate::http::curl::quote(&probe.case())
        ),
    ]
}

/// Replays ever simpler values as long as they show the same; a value that is not generated is as simple as it can be.
fn shrunk(
    subject: &Subject,
    probe: &Probe,
    mut answered: Answered,
    context: &RunContext,
    fuzzed: &mut Fuzzed,
) -> (Probe, Answered) {
    let mut best = probe.clone();
    let Some(mut growth) = growth(&subject.base, probe) else { return (best, answered) };
    let wanted: Vec<String> = answered.findings.iter().map(|finding| key(probe, finding)).collect();
    let mut next = growth.simpler(&subject.base);
    for attempt in 0..SHRINKING {
        let Some(candidate) = next.take() else { break };
        let again = answer(subject, &candidate, 100 + attempt, context).ok();
        fuzzed.requests += again.as_ref().map_or(0, |a| a.finished.steps.len());
        let shows = |a: &Answered| a.findings.iter().any(|f| wanted.contains(&key(&candidate, f)));
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
        snapshot: Some(false),
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
        snapshot: Some(false),
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
    // Attempts have names of their own for random values of their own.
    finished.name = format!("{}::{}::{}", finished.api, finished.operation, finished.case);
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
        retried: Vec::new(),
    }
}
