//! [`fuzz`]: a campaign. For every operation the suite's own case gives a request that the target accepts; its
//! deviations are sent by all workers, and what is wrong with the answers is sent again before it is told. All operations
//! take turns, so that a budget goes first to what nothing is known of.

mod budget;
mod campaign;
mod confirm;
mod credential;
mod deviations;
mod documented;
mod door;
mod exchange;
mod follow;
mod fuzzed;
mod good;
mod health;
mod invented;
mod scout;
mod sequence;
mod state;
mod subject;
mod tell;
mod things;
mod turn;

pub use budget::{Budget, Ended, Limits};
pub use campaign::{Campaign, Cases};
pub use fuzzed::Fuzzed;

use super::context::RunContext;
use super::worker;
use crate::contract::{Contract, Effect};
use crate::fuzz::{Look, Order, Phase, Pool, boundaries, requests};
use crate::plan::Trial;
use crate::record::TrialFinished;
use exchange::send_from;
use sequence::World;
use std::sync::Arc;
use subject::{NoSubject, is_chosen, subject};
use turn::{Run, Turn, clean_up};

/// What an operation is fuzzed in.
pub struct Around<'a> {
    contract: &'a Contract,
    trials: &'a [Arc<Trial>],
    /// What the suite knows.
    world: World,
    /// What was accepted without a suite.
    accepted: things::Accepted,
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
    let budget = Budget::new(campaign.limits.clone());
    for contract in contracts {
        of_contract(contract, trials, context, campaign, &budget, &mut fuzzed, told);
    }
    fuzzed.requests = budget.sent();
    worker::close();
    fuzzed
}

fn of_contract(
    contract: &Contract,
    trials: &[Arc<Trial>],
    context: &RunContext,
    campaign: &Campaign,
    budget: &Budget,
    fuzzed: &mut Fuzzed,
    told: &mut dyn FnMut(&TrialFinished),
) {
    let mut pool = Pool::default();
    let sequences = campaign.phases.contains(&Phase::Sequences);
    let world = match sequences && !campaign.without_cases {
        true => World::of(contract, trials, context, campaign, budget),
        false => World::default(),
    };
    let accepted = match campaign.without_cases {
        true => scout::scout(contract, context, campaign, budget, &mut pool),
        false => things::Accepted::default(),
    };
    let around = Around { contract, trials, world, accepted };
    let run = Run { around: &around, pool: &pool, context, campaign, budget };
    // What others leave behind would be seen by those that only read.
    let mut turns: Vec<Turn> =
        contract.operations.iter().filter(|o| is_chosen(o, campaign)).map(Turn::new).collect();
    turns.sort_by_key(|turn| turn.operation.effect != Effect::Safe);
    turns.iter().for_each(|turn| fuzzed.covered.operation(&turn.operation));
    let mut order = Order::default();
    for look in [Look::Constraints, Look::Places, Look::Rest] {
        for turn in &mut turns {
            if is_at_its_end(run, fuzzed) {
                break;
            }
            turn.look(look, &mut order, run, fuzzed);
        }
        if look == Look::Constraints && campaign.without_cases && !is_at_its_end(run, fuzzed) {
            // Before deviations have left things behind, lists are short: what breaks a constraint leaves nothing.
            stories(&around, &pool, context, campaign, budget, fuzzed, told);
        }
    }
    while turns.iter().any(|turn| turn.can_draw(campaign)) && !is_at_its_end(run, fuzzed) {
        // Where most is unseen, the next value is likeliest to show something.
        let mut next: Vec<&mut Turn> = turns.iter_mut().filter(|turn| turn.can_draw(campaign)).collect();
        next.sort_by_cached_key(|turn| std::cmp::Reverse(fuzzed.covered.missing(&turn.operation)));
        for turn in next {
            if is_at_its_end(run, fuzzed) {
                break;
            }
            turn.draw(run, fuzzed);
        }
    }
    for turn in turns {
        turn.tell(campaign, context, fuzzed, told);
    }
}

/// Whether nothing more is to be begun, of which `fuzzed` gets to know why.
fn is_at_its_end(run: Run<'_>, fuzzed: &mut Fuzzed) -> bool {
    if let (None, Err(ended)) = (fuzzed.ended, run.budget.check(&run.context.stop)) {
        fuzzed.ended = Some(ended);
    }
    if run.campaign.limits.max_defects.is_some_and(|most| fuzzed.defects >= most) {
        fuzzed.ended = fuzzed.ended.or(Some(Ended::Defects));
    }
    fuzzed.ended.is_some()
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
