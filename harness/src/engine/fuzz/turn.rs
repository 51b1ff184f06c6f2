//! [`Turn`]: what a campaign knows of one operation, and what it does with it each time that it comes to it.

use super::confirm::{confirm, shrunk, smaller};
use super::deviations::{deviations, is_chosen, is_of_values, known, soften};
use super::exchange::{Answered, NotSent, answer, send_all, send_from, target};
use super::subject::{
    NoSubject, Subject, learned, not_fuzzed, of_cases, still_accepted, subject, trial_like,
};
use super::tell::{Seen, describe, key, remembered};
use super::{Around, Budget, Campaign, Cases, Fuzzed, follow, good, health, sequence};
use crate::contract::Operation;
use crate::engine::context::RunContext;
use crate::fuzz::{
    Base, Demand, Look, Order, Phase, Pool, Probe, SentBefore, Well, case, documents, kind_of_answer,
    requests,
};
use crate::plan::{Action, Change, Trial};
use crate::record::{Role, TrialFinished};
use std::collections::BTreeSet;
use std::sync::Arc;

/// So many values in a row that show nothing new, and their source is asked no more.
const DULL: usize = 2;

/// The attempt that is sent with everything before it; those after it have lower numbers.
const WHOLE: usize = 3;
/// So often another good request is looked for where none is accepted.
const LOOKED_FOR: usize = 2;

pub struct Turn {
    pub operation: Arc<Operation>,
    /// The good request and the deviations that follow from the contract.
    going: Option<Going>,
    /// How often a good request was looked for.
    times: usize,
    /// The operation cannot be fuzzed.
    is_over: bool,
    accepted: bool,
    /// What a deviation changes that is accepted where the good request is refused.
    learned: Option<Vec<Change>>,
    sent: SentBefore,
    seen: Seen,
    /// By [`key`].
    defects: BTreeSet<String>,
    /// Kinds of answers that were seen.
    kinds: BTreeSet<u64>,
    sources: Option<Vec<Source>>,
    drawn: usize,
    /// The trial of the good request, with how many deviations started from it.
    good: Option<TrialFinished>,
    deviations: usize,
    /// What is to be told in the end, when it is known how often each defect was seen.
    found: Vec<Found>,
    /// Trials that are told as they are.
    told: Vec<TrialFinished>,
}

/// What is sent from one good request.
struct Going {
    subject: Subject,
    probes: Vec<Probe>,
}

/// What random values are drawn from.
#[derive(Debug, Clone, Copy, Default)]
struct Source {
    /// Number of the next value.
    next: usize,
    /// Values in a row that showed nothing new.
    dull: usize,
}

/// A deviation that showed defects.
struct Found {
    finished: TrialFinished,
    probe: Probe,
    /// As it was sent last.
    smaller: Probe,
    is_known: bool,
    /// As a case, where there is a suite.
    pasted: Option<Vec<String>>,
}

/// What a turn is taken in.
#[derive(Clone, Copy)]
pub struct Run<'a> {
    pub around: &'a Around<'a>,
    pub pool: &'a Pool,
    pub context: &'a RunContext,
    pub campaign: &'a Campaign,
    pub budget: &'a Budget,
}

impl Turn {
    pub fn new(operation: &Arc<Operation>) -> Self {
        Self {
            operation: operation.clone(),
            going: None,
            times: 0,
            is_over: false,
            accepted: false,
            learned: None,
            sent: SentBefore::default(),
            seen: Seen::default(),
            defects: BTreeSet::new(),
            kinds: BTreeSet::new(),
            sources: None,
            drawn: 0,
            good: None,
            deviations: 0,
            found: Vec::new(),
            told: Vec::new(),
        }
    }

    /// Sends what a look wants of the operation.
    pub fn look(&mut self, look: Look, order: &mut Order, run: Run<'_>, fuzzed: &mut Fuzzed) {
        let Some(going) = self.going(run, fuzzed) else { return };
        let Going { subject, probes: all } = &going;
        let mut probes = match look {
            Look::Constraints => known(&subject.base, all, run.campaign),
            Look::Places | Look::Rest => Vec::new(),
        };
        let replayed: Vec<String> = probes.iter().map(Probe::case).collect();
        probes.retain(|probe| self.sent.add(probe));
        probes.extend(order.take(look, all, &mut self.sent));
        self.send(subject, &probes, &replayed, run, fuzzed);
        // What was made or deleted says most when little has been sent.
        if look == Look::Places && fuzzed.ended.is_none() {
            let (context, campaign, budget) = (run.context, run.campaign, run.budget);
            let told = &mut |trial: &TrialFinished| self.told.push(trial.clone());
            let world = &run.around.world;
            sequence::sequences(subject, world, all, context, campaign, budget, fuzzed, told);
            let Around { contract, trials, .. } = run.around;
            follow::follow(subject, contract, trials, context, campaign, budget, fuzzed, told);
        }
        self.leave(going, run);
    }

    /// Whether there are random values to be drawn.
    pub fn can_draw(&self, campaign: &Campaign) -> bool {
        let wanted = campaign.phases.contains(&Phase::Generated) && self.drawn < campaign.cases.most();
        let asks = |source: &Source| matches!(campaign.cases, Cases::All(_)) || source.dull < DULL;
        let can = self.sources.as_ref().is_none_or(|sources| sources.iter().any(asks));
        wanted && can && !self.is_over
    }

    /// Sends the next random values: one of each source the first time, and twice as many as before each time after.
    pub fn draw(&mut self, run: Run<'_>, fuzzed: &mut Fuzzed) {
        let Some(going) = self.going(run, fuzzed) else {
            self.drawn = run.campaign.cases.most();
            return;
        };
        let subject = &going.subject;
        let well = Well::new(&subject.base, run.context.seed);
        let named = run.campaign.probes.iter().filter(|_| self.sources.is_none());
        let mut probes: Vec<Probe> = named.filter_map(|name| well.named(name)).collect();
        let most = run.campaign.cases.most();
        let mut sources = self.sources.take().unwrap_or_else(|| {
            probes.extend(documents(&subject.base, run.context.seed, most));
            vec![Source::default(); well.sources()]
        });
        let mut drawn_from = vec![None; probes.len()];
        let wanted = self.drawn.max(sources.len()).min(most - self.drawn);
        let mut drawn = 0;
        while drawn < wanted {
            let before = drawn;
            for (index, source) in sources.iter_mut().enumerate() {
                let is_asked = matches!(run.campaign.cases, Cases::All(_)) || source.dull < DULL;
                if !is_asked || drawn == wanted {
                    continue;
                }
                drawn += 1;
                if let Some(probe) = well.draw(index, source.next) {
                    probes.push(probe);
                    drawn_from.push(Some(index));
                }
                source.next += 1;
            }
            if drawn == before {
                break;
            }
        }
        // Where nothing can be drawn from, there is nothing more to come.
        self.drawn = if drawn == 0 { most } else { self.drawn + drawn };
        let mut kept: Vec<(Probe, Option<usize>)> = probes.into_iter().zip(drawn_from).collect();
        kept.retain(|(probe, _)| is_chosen(probe, run.campaign) && self.sent.add(probe));
        let (mut probes, drawn_from): (Vec<Probe>, Vec<Option<usize>>) = kept.into_iter().unzip();
        probes.iter_mut().for_each(|probe| soften(probe, run.campaign));
        let news = self.send(subject, &probes, &[], run, fuzzed);
        for (source, is_new) in drawn_from.into_iter().zip(news) {
            if let Some(source) = source.and_then(|index| sources.get_mut(index)) {
                source.dull = if is_new { 0 } else { source.dull + 1 };
            }
        }
        self.sources = Some(sources);
        drop(well);
        self.leave(going, run);
    }

    /// The good request: the one that was there before if it is still accepted, else another one.
    fn going(&mut self, run: Run<'_>, fuzzed: &mut Fuzzed) -> Option<Going> {
        let before = self.going.take();
        if self.is_over {
            return None;
        }
        if let Some(before) = before {
            if let Some(subject) = self.relearned(&before.subject, run, fuzzed) {
                return Some(Self::with_probes(subject, run));
            }
            // What was prepared for it is cleaned up.
            let stays = before.subject.prepared.is_none();
            let is_hopeless = !before.subject.base.accepted && self.times > LOOKED_FOR;
            if stays && (is_hopeless || still_accepted(&before.subject, run.context, run.budget)) {
                return Some(before);
            }
            // A request that is accepted only once is as good as it was.
            let again = self.subject(run, fuzzed).ok();
            let again = again.filter(|again| again.base.accepted || !before.subject.base.accepted);
            if again.is_none() && fuzzed.ended.is_none() {
                fuzzed.spent(&self.operation);
            }
            return match again {
                Some(subject) => Some(Self::with_probes(subject, run)),
                None => stays.then_some(before),
            };
        }
        if self.good.is_some() {
            // What was prepared could not be prepared again the last time; it may be now.
            return self.subject(run, fuzzed).ok().map(|subject| Self::with_probes(subject, run));
        }
        match self.subject(run, fuzzed) {
            Ok(subject) => {
                let operation = &subject.base.operation;
                fuzzed.operations.push((operation.api.clone(), operation.id.clone()));
                let (good, defects) = good::judged(&subject, run.campaign, run.context, run.budget);
                fuzzed.defects += defects.len();
                (self.good, self.defects) = (Some(good), defects);
                return Some(Self::with_probes(subject, run));
            }
            Err(NoSubject::Broken(finished)) => {
                fuzzed.defects += finished.findings().count();
                self.told.push(*finished);
            }
            Err(NoSubject::Nothing(why)) => self.told.push(not_fuzzed(&self.operation, why, run.context)),
        }
        self.is_over = true;
        None
    }

    /// A good request from a deviation that was accepted; what was sent before says nothing of it.
    fn relearned(&mut self, before: &Subject, run: Run<'_>, fuzzed: &mut Fuzzed) -> Option<Subject> {
        let mut trial = learned(before, self.learned.take()?);
        trial.name.push_str(&format!("#learned-{}", self.times));
        let subject = self.first_accepted(vec![trial], run, fuzzed).ok().filter(|s| s.base.accepted)?;
        self.sent = SentBefore::default();
        Some(subject)
    }

    fn with_probes(subject: Subject, run: Run<'_>) -> Going {
        let probes = deviations(&subject, run);
        Going { subject, probes }
    }

    fn leave(&mut self, going: Going, run: Run<'_>) {
        clean_up(&going.subject, run.context);
        self.going = Some(going);
    }

    /// A good request, sent for the first time.
    fn subject(&mut self, run: Run<'_>, fuzzed: &mut Fuzzed) -> Result<Subject, NoSubject> {
        let Run { around, pool, context, campaign, .. } = run;
        let operation = &self.operation;
        let mut candidates = match campaign.without_cases {
            true => requests(operation, pool, context.seed).map_err(NoSubject::Nothing)?,
            false => of_cases(operation, around.trials),
        };
        if self.times > 0 {
            // Random values of its own: what was made before cannot be made again.
            candidates.iter_mut().for_each(|trial| trial.name.push_str(&format!("#{}", self.times)));
        }
        self.first_accepted(candidates, run, fuzzed)
    }

    fn first_accepted(
        &mut self,
        candidates: Vec<Trial>,
        run: Run<'_>,
        fuzzed: &mut Fuzzed,
    ) -> Result<Subject, NoSubject> {
        let Run { around, context, campaign, budget, .. } = run;
        let operation = &self.operation;
        self.times += 1;
        let of_path = around.contract.operations.iter().filter(|o| o.path == operation.path);
        let methods = of_path.map(|o| o.method.clone()).collect();
        let subject = subject(operation, methods, candidates, context, budget, campaign.without_cases)?;
        self.accepted |= subject.base.accepted;
        fuzzed.covered.base(&subject.base);
        self.kinds.insert(kind_of_answer(&subject.base.step, &subject.base.observed));
        Ok(subject)
    }

    /// Sends deviations, and keeps what is wrong with the answers. For each whether its answer was news.
    fn send(
        &mut self,
        subject: &Subject,
        probes: &[Probe],
        replayed: &[String],
        run: Run<'_>,
        fuzzed: &mut Fuzzed,
    ) -> Vec<bool> {
        let Run { context, campaign, budget, .. } = run;
        let operation = &subject.base.operation;
        let answers = send_all(subject, probes, context, campaign.jobs, budget);
        self.deviations += probes.len();
        fuzzed.unsendable += answers.unsendable;
        fuzzed.ended = fuzzed.ended.or(answers.ended);
        if budget.is_down() {
            let told = &mut |trial: &TrialFinished| self.told.push(trial.clone());
            health::blame(subject, probes, &answers.suspects, context, campaign, budget, fuzzed, told);
        }
        for (probe, answered) in probes.iter().zip(&answers.list) {
            if let Some(answered) = answered {
                self.seen.add(probe, &answered.findings, answered.number);
                if replayed.contains(&probe.case()) {
                    fuzzed.replayed.push((operation.api.clone(), operation.id.clone(), probe.case()));
                }
            }
        }
        let mut news = Vec::with_capacity(probes.len());
        for (probe, answered) in probes.iter().zip(answers.list) {
            let Some(answered) = answered else {
                news.push(false);
                continue;
            };
            let before = fuzzed.covered.seen() + self.defects.len();
            if campaign.without_cases && answered.is_accepted && !subject.base.accepted && is_of_values(probe)
            {
                self.learned.get_or_insert_with(|| probe.changes.clone());
            }
            let is_new_kind = self.kinds.insert(answered.kind);
            count(&subject.base, probe, &answered, fuzzed);
            self.judge(subject, probe, answered, replayed, run, fuzzed);
            news.push(is_new_kind || fuzzed.covered.seen() + self.defects.len() > before);
        }
        news
    }

    /// Confirms what is wrong with an answer and was not wrong with one before it.
    fn judge(
        &mut self,
        subject: &Subject,
        probe: &Probe,
        answered: Answered,
        replayed: &[String],
        run: Run<'_>,
        fuzzed: &mut Fuzzed,
    ) {
        let Run { around, context, campaign, budget, .. } = run;
        let mut fresh = answered.findings.clone();
        fresh.retain(|finding| !self.defects.contains(&key(probe, finding)));
        if fresh.is_empty() || !answered.whole {
            return;
        }
        let again = answered.alone.then(|| answer(subject, probe, WHOLE, context, budget));
        let answered = match again {
            Some(Ok(whole)) => whole,
            Some(Err(NotSent::Unsendable)) => return,
            // Without a budget it is told as what was seen once.
            Some(Err(NotSent::Ended(_))) | None => answered,
        };
        let (simpler, answered) = shrunk(subject, probe, answered, context, budget);
        let (smaller, answered) = smaller(subject, simpler, answered, context, budget);
        fresh.retain(|finding| answered.findings.iter().any(|f| key(&smaller, f) == key(probe, finding)));
        let Some(finished) = confirm(subject, &smaller, &answered, fresh, context, budget, fuzzed) else {
            return;
        };
        let operation = &subject.base.operation;
        for (_, finding) in finished.findings() {
            if self.defects.insert(key(probe, finding)) {
                fuzzed.defects += 1;
                let remembered = remembered(probe, finding, operation, campaign, context);
                fuzzed.found.push((operation.api.clone(), remembered));
            }
        }
        let pasted = match campaign.without_cases {
            true => None,
            false => case(operation, &subject.whole, &smaller, &shared(around.trials)),
        };
        let is_known = replayed.contains(&probe.case());
        self.found.push(Found { finished, probe: probe.clone(), smaller, is_known, pasted });
    }

    /// Tells the good request, and then everything that was found.
    pub fn tell(
        self,
        campaign: &Campaign,
        context: &RunContext,
        fuzzed: &mut Fuzzed,
        told: &mut dyn FnMut(&TrialFinished),
    ) {
        let operation = &self.operation;
        if let Some(mut good) = self.good {
            good.title = format!("The request that {} deviations start from", self.deviations);
            told(&good);
            if !self.accepted {
                fuzzed.not_accepted.push((operation.api.clone(), operation.id.clone()));
            }
        }
        for Found { mut finished, probe, smaller, is_known, pasted } in self.found {
            let step = finished.steps.iter_mut().rev().find(|step| step.role == Role::Case);
            for finding in step.into_iter().flat_map(|step| &mut step.findings) {
                if is_known {
                    finding.details.push("known from an earlier run, and still there".into());
                }
                let details = describe(&smaller, &probe, finding, operation, context, &self.seen);
                finding.details.extend(details);
                match &pasted {
                    Some(lines) => {
                        finding.details.push("as a case:".into());
                        finding.details.extend(lines.iter().map(|line| format!("  {line}")));
                    }
                    None if campaign.without_cases => {}
                    None => {
                        finding.details.push("as a case: no case can say it; the curl line sends it".into())
                    }
                }
            }
            told(&finished);
        }
        self.told.iter().for_each(told);
    }
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
pub fn clean_up(subject: &Subject, context: &RunContext) {
    if subject.finally.is_empty() {
        return;
    }
    let trial = Trial { finally: subject.finally.clone(), ..trial_like(&subject.trial, Vec::new()) };
    // There is nobody to tell what clean-up comes to.
    let _ = send_from(&trial, subject.prepared.as_ref(), context);
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
