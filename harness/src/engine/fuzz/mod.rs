//! [`fuzz`]: a campaign. For every operation the suite's own case gives a request that the target accepts; its
//! deviations are sent by all workers, and what is wrong with the answers is sent again before it is told.

mod budget;
mod confirm;
mod credential;
mod documented;
mod door;
mod exchange;
mod follow;
mod health;
mod scout;
mod sequence;
mod state;
mod subject;
mod tell;
mod things;

pub use budget::{Budget, Ended, Limits};

use super::context::RunContext;
use super::worker;
use crate::contract::{Contract, Effect, Operation};
use crate::fuzz::{
    Base, COERCED, Covered, Demand, Phase, Pool, Probe, Reached, SAME_TEXT, boundaries, case, examples,
    generated, made_twice, requests, slow_good, unstable,
};
use crate::model::finding::Finding;
use crate::plan::{Action, Trial};
use crate::record::{FuzzReach, FuzzTally, Role, TrialFinished};
use crate::suite::KnownDefect;
use confirm::{confirm, shrunk};
use exchange::{Answered, send_all, send_from, target};
use sequence::World;
use std::collections::BTreeSet;
use std::sync::Arc;
use subject::{NoSubject, Subject, calls, is_chosen, not_fuzzed, of_cases, subject, trial_like};
use tell::{Seen, describe, key, remembered, settle};

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
    pub limits: Limits,
    pub jobs: usize,
    pub safe_only: bool,
    /// There are no cases: requests are made from the contract alone.
    pub without_cases: bool,
    /// Defects of earlier runs, by API: sent first.
    pub known: Vec<(String, KnownDefect)>,
}

impl Default for Campaign {
    /// Everything, of all operations.
    fn default() -> Self {
        Self {
            phases: Phase::WORDS.iter().map(|(_, phase)| *phase).collect(),
            operations: Vec::new(),
            probes: Vec::new(),
            cases: 100,
            limits: Limits::default(),
            jobs: 8,
            safe_only: false,
            without_cases: false,
            known: Vec::new(),
        }
    }
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
    /// API, operation and name of the deviations that showed a known defect, and were sent again.
    pub replayed: Vec<(String, String, String)>,
    /// API and id of the operations that were fuzzed.
    pub operations: Vec<(String, String)>,
    /// API and id of the operations of which no accepted request is known.
    pub not_accepted: Vec<(String, String)>,
    /// API and id of the operations whose good request is accepted only once.
    pub spent: Vec<(String, String)>,
    /// API and id of the operations for which the target fails since something was sent.
    pub broken: Vec<(String, String)>,
    /// What of the contract was reached.
    pub covered: Covered,
    /// Why it ended before its end.
    pub ended: Option<Ended>,
}

impl Fuzzed {
    /// In numbers, for the record.
    pub fn tally(&self) -> FuzzTally {
        let reached = |what: &str, reached: &Reached| FuzzReach {
            what: what.to_owned(),
            all: reached.all(),
            seen: reached.seen(),
            missing: reached.missing().take(MISSING).cloned().collect(),
        };
        let covered = &self.covered;
        FuzzTally {
            deviations: self.sent,
            requests: self.requests,
            good: self.good,
            good_accepted: self.good_accepted,
            bad: self.bad,
            bad_refused: self.bad_refused,
            defects: self.defects,
            stopped: self.ended.map(|why| why.as_str().to_owned()),
            reached: vec![
                reached("operations", &covered.operations),
                reached("parameters and fields", &covered.fields),
                reached("constraints", &covered.constraints),
                reached("statuses", &covered.statuses),
                reached("outcomes", &covered.outcomes),
                reached("links", &covered.links),
            ],
            known: Vec::new(),
        }
    }

    fn spent(&mut self, operation: &Operation) {
        let name = (operation.api.clone(), operation.id.clone());
        if !self.spent.contains(&name) {
            self.spent.push(name);
        }
    }

    fn is_broken(&self, operation: &Operation) -> bool {
        self.broken.iter().any(|(api, id)| *api == operation.api && *id == operation.id)
    }

    fn tell(&mut self, finished: TrialFinished, told: &mut dyn FnMut(&TrialFinished)) {
        told(&finished);
        self.trials.push(finished);
    }
}

/// So many names of what was not reached are recorded.
const MISSING: usize = 100;

/// Runs a campaign; `told` sees every trial that is to be recorded, in an order that the seed decides.
pub fn fuzz(
    contracts: &[Arc<Contract>],
    trials: &[Arc<Trial>],
    context: &RunContext,
    campaign: &Campaign,
    told: &mut dyn FnMut(&TrialFinished),
) -> Fuzzed {
    let mut fuzzed = Fuzzed::default();
    let budget = Budget::new(campaign.limits.clone());
    let mut pool = Pool::default();
    for contract in contracts {
        let sequences = campaign.phases.contains(&Phase::Sequences);
        let world = match sequences && !campaign.without_cases {
            true => World::of(contract, trials, context, campaign, &budget),
            false => World::default(),
        };
        let accepted = match campaign.without_cases {
            true => scout::scout(contract, context, campaign, &budget, &mut pool),
            false => things::Accepted::default(),
        };
        let around = Around { contract, trials, world, accepted };
        if campaign.without_cases {
            // Before deviations have left things behind, lists are short.
            stories(&around, &pool, context, campaign, &budget, &mut fuzzed, told);
        }
        // What others leave behind would be seen by those that only read.
        let mut operations: Vec<_> = contract.operations.iter().collect();
        operations.sort_by_key(|operation| operation.effect != Effect::Safe);
        for operation in operations.into_iter().filter(|operation| is_chosen(operation, campaign)) {
            if let (None, Err(ended)) = (fuzzed.ended, budget.check(&context.stop)) {
                fuzzed.ended = Some(ended);
            }
            if campaign.limits.max_defects.is_some_and(|most| fuzzed.defects >= most) {
                fuzzed.ended = fuzzed.ended.or(Some(Ended::Defects));
            }
            if fuzzed.ended.is_some() {
                break;
            }
            let methods =
                contract.operations.iter().filter(|o| o.path == operation.path).map(|o| o.method.clone());
            fuzzed.covered.operation(operation);
            let candidates = match campaign.without_cases {
                true => requests(operation, &pool, context.seed),
                false => Ok(of_cases(operation, trials)),
            };
            let lenient = campaign.without_cases;
            let found = candidates.map_err(NoSubject::Nothing).and_then(|candidates| {
                subject(operation, methods.collect(), candidates, context, &budget, lenient)
            });
            match found {
                Ok(subject) => {
                    let around = &around;
                    of_operation(&subject, around, context, campaign, &budget, &mut fuzzed, told);
                }
                Err(NoSubject::Broken(finished)) => {
                    fuzzed.defects += finished.findings().count();
                    fuzzed.tell(*finished, told);
                }
                Err(NoSubject::Nothing(why)) => fuzzed.tell(not_fuzzed(operation, why, context), told),
            }
        }
    }
    fuzzed.requests = budget.sent();
    worker::close();
    fuzzed
}

/// The stories of all operations, without a suite.
fn stories(
    around: &Around<'_>,
    pool: &Pool,
    context: &RunContext,
    campaign: &Campaign,
    budget: &Budget,
    fuzzed: &mut Fuzzed,
    told: &mut dyn FnMut(&TrialFinished),
) {
    if !things::are_wanted(campaign) {
        return;
    }
    let contract = around.contract;
    for operation in contract.operations.iter().filter(|operation| is_chosen(operation, campaign)) {
        let mut candidates = requests(operation, pool, context.seed);
        candidates.iter_mut().flatten().for_each(|trial| trial.name.push_str("#story"));
        let found = candidates
            .map_err(NoSubject::Nothing)
            .and_then(|list| subject(operation, Vec::new(), list, context, budget, true));
        let Ok(subject) = found else { continue };
        let probes = boundaries(&subject.base);
        things::sequences(
            &subject,
            contract,
            &around.accepted,
            &probes,
            context,
            campaign,
            budget,
            fuzzed,
            told,
        );
        clean_up(&subject, context);
    }
}

/// What an operation is fuzzed in.
struct Around<'a> {
    contract: &'a Contract,
    trials: &'a [Arc<Trial>],
    /// What the suite knows.
    world: World,
    /// What was accepted without a suite.
    accepted: things::Accepted,
}

fn of_operation(
    subject: &Subject,
    around: &Around<'_>,
    context: &RunContext,
    campaign: &Campaign,
    budget: &Budget,
    fuzzed: &mut Fuzzed,
    told: &mut dyn FnMut(&TrialFinished),
) {
    let operation = &subject.base.operation;
    let mut of_suite = credential::probes(subject, &around.world.logins, context.seed);
    if !campaign.phases.contains(&Phase::Sequences) {
        of_suite.clear();
    }
    if campaign.phases.contains(&Phase::Examples) {
        of_suite.extend(documented::probes(subject, around.trials, context));
    }
    if campaign.without_cases && campaign.phases.contains(&Phase::Sequences) {
        of_suite.extend(door::probes(around.contract, subject, &context.headers, context.seed));
    }
    let known = known(&subject.base, &of_suite, campaign);
    let replayed: Vec<String> = known.iter().map(Probe::case).collect();
    let probes = probes(&subject.base, known, of_suite, campaign, context.seed);
    fuzzed.operations.push((operation.api.clone(), operation.id.clone()));
    if !subject.base.accepted {
        fuzzed.not_accepted.push((operation.api.clone(), operation.id.clone()));
    }
    fuzzed.covered.base(&subject.base);
    let answers = send_all(subject, &probes, context, campaign.jobs, budget);
    fuzzed.unsendable += answers.unsendable;
    fuzzed.ended = fuzzed.ended.or(answers.ended);
    let mut defects = tell_base(subject, probes.len(), campaign, context, budget, fuzzed, told);
    if budget.is_down() {
        health::blame(subject, &probes, &answers.suspects, context, campaign, budget, fuzzed, told);
    }
    let mut seen = Seen::default();
    for (probe, answered) in probes.iter().zip(&answers.list) {
        if let Some(answered) = answered {
            seen.add(probe, &answered.findings, answered.number);
            if replayed.contains(&probe.case()) {
                fuzzed.replayed.push((operation.api.clone(), operation.id.clone(), probe.case()));
            }
        }
    }
    for (probe, answered) in probes.iter().zip(answers.list) {
        let Some(answered) = answered else { continue };
        count(&subject.base, probe, &answered, fuzzed);
        let mut fresh = answered.findings.clone();
        fresh.retain(|finding| !defects.contains(&key(probe, finding)));
        if fresh.is_empty() || !answered.whole {
            continue;
        }
        let (smaller, answered) = shrunk(subject, probe, answered, context, budget);
        let (smaller, answered) = confirm::smaller(subject, smaller, answered, context, budget);
        fresh.retain(|finding| answered.findings.iter().any(|f| key(&smaller, f) == key(probe, finding)));
        let confirmed = confirm(subject, &smaller, &answered, fresh, context, budget, fuzzed);
        let Some(mut finished) = confirmed else { continue };
        let step = finished.steps.iter_mut().rev().find(|step| step.role == Role::Case);
        for finding in step.into_iter().flat_map(|step| &mut step.findings) {
            if defects.insert(key(probe, finding)) {
                fuzzed.defects += 1;
                let remembered = remembered(probe, finding, operation, campaign, context);
                fuzzed.found.push((operation.api.clone(), remembered));
            }
            if replayed.contains(&probe.case()) {
                finding.details.push("known from an earlier run, and still there".into());
            }
            let details = describe(&smaller, probe, finding, operation, campaign, context, &seen);
            finding.details.extend(details);
            let pasted = || case(operation, &subject.whole, &smaller, &shared(around.trials));
            match pasted().filter(|_| !campaign.without_cases) {
                Some(lines) => {
                    finding.details.push("as a case:".into());
                    finding.details.extend(lines.into_iter().map(|line| format!("  {line}")));
                }
                None if campaign.without_cases => {}
                None => finding.details.push("as a case: no case can say it; the curl line sends it".into()),
            }
        }
        fuzzed.tell(finished, told);
    }
    if fuzzed.ended.is_none() {
        sequence::sequences(subject, &around.world, &probes, context, campaign, budget, fuzzed, told);
        follow::follow(subject, around.contract, around.trials, context, campaign, budget, fuzzed, told);
    }
    clean_up(subject, context);
}

/// Names of the variables that all trials have: those of the suite and the target.
fn shared(trials: &[Arc<Trial>]) -> BTreeSet<String> {
    let names = |trial: &Arc<Trial>| match trial.actions.first() {
        Some(Action::Set(set)) => set.iter().map(|(name, _)| name.clone()).collect::<BTreeSet<_>>(),
        _ => BTreeSet::new(),
    };
    // Trials of one file share theirs as well.
    let mut files = BTreeSet::new();
    let one_a_file = trials.iter().filter(|trial| files.insert(trial.location.file.clone()));
    one_a_file.map(names).reduce(|all, own| &all & &own).unwrap_or_default()
}

/// What was prepared once is cleaned up once.
fn clean_up(subject: &Subject, context: &RunContext) {
    if subject.finally.is_empty() {
        return;
    }
    let trial = Trial { finally: subject.finally.clone(), ..trial_like(&subject.trial, Vec::new()) };
    // There is nobody to tell what clean-up comes to.
    let _ = send_from(&trial, subject.prepared.as_ref(), context);
}

/// All deviations of the phases that are asked for, what was found before first, each once.
fn probes(
    base: &Base,
    known: Vec<Probe>,
    of_suite: Vec<Probe>,
    campaign: &Campaign,
    seed: u64,
) -> Vec<Probe> {
    let mut probes = known;
    probes.extend(of_suite);
    if campaign.phases.contains(&Phase::Examples) {
        probes.extend(examples(base));
    }
    if campaign.phases.contains(&Phase::Boundaries) {
        probes.extend(boundaries(base));
    }
    if campaign.phases.contains(&Phase::Generated) {
        probes.extend(generated(base, seed, campaign.cases));
    }
    probes.retain(|probe| {
        let named =
            campaign.probes.is_empty() || campaign.probes.iter().any(|p| probe.case().contains(p.as_str()));
        named && (probe.safe || !campaign.safe_only)
    });
    for probe in probes.iter_mut().filter(|probe| probe.kind == SAME_TEXT) {
        match &mut probe.demand {
            // A suite has its types from examples in a document for people, which do not say that a number is no text.
            demand if !campaign.without_cases => *demand = Demand::Open,
            Demand::Refused(breach) => breach.constraint = COERCED.into(),
            _ => {}
        }
    }
    let mut seen = BTreeSet::new();
    probes.retain(|probe| seen.insert((probe.case(), probe.origin.as_ref().map(|o| o.seed))));
    probes
}

/// The deviations that showed defects of the operation before, made again from their names.
fn known(base: &Base, of_suite: &[Probe], campaign: &Campaign) -> Vec<Probe> {
    let mut probes = Vec::new();
    let of_operation = |(api, defect): &&(String, KnownDefect)| {
        *api == base.operation.api && defect.operation == base.operation.id
    };
    for (_, defect) in campaign.known.iter().filter(of_operation) {
        let all = of_suite.iter().cloned().chain(examples(base)).chain(boundaries(base));
        let all = all.chain(generated(base, defect.seed, usize::try_from(defect.cases).unwrap_or(0)));
        probes.extend(all.filter(|probe| probe.case() == defect.probe).take(1));
    }
    probes
}

fn count(base: &Base, probe: &Probe, answered: &Answered, fuzzed: &mut Fuzzed) {
    fuzzed.sent += 1;
    let status = target(&answered.finished, &base.operation)
        .and_then(|i| answered.finished.steps[i].response.as_ref());
    fuzzed.covered.probe(base, probe, status.map(|r| r.status), &answered.observed);
    let accepted = status.is_some_and(|r| base.accepts(r.status, &answered.observed));
    match probe.demand {
        Demand::Accepted(_) if base.accepted => {
            fuzzed.good += 1;
            fuzzed.good_accepted += usize::from(accepted);
        }
        Demand::Refused(_) => {
            fuzzed.bad += 1;
            fuzzed.bad_refused += usize::from(!accepted);
        }
        Demand::Accepted(_) | Demand::NotServed | Demand::Open => {}
    }
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

/// The trial of the good request: what is wrong with its answer, and whether it stays the same.
#[allow(clippy::too_many_arguments)]
fn tell_base(
    subject: &Subject,
    probes: usize,
    campaign: &Campaign,
    context: &RunContext,
    budget: &Budget,
    fuzzed: &mut Fuzzed,
    told: &mut dyn FnMut(&TrialFinished),
) -> BTreeSet<String> {
    let mut finished = subject.finished.clone();
    finished.title = format!("The request that {probes} deviations start from");
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
    fuzzed.defects += keys.len();
    fuzzed.tell(finished, told);
    keys
}
