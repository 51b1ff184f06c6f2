//! Where there are no cases: every operation that makes or shows things is called once, to know values that exist.

use super::exchange::{send, target};
use super::subject::calls;
use super::things::{Accepted, Ask};
use super::{Budget, Campaign};
use crate::contract::{Contract, Effect, Operation};
use crate::engine::context::RunContext;
use crate::fuzz::{Exchange, Pool, requests};
use crate::plan::Action;
use std::sync::Arc;

/// Requests that make a thing of which so many are learned: what can be done with a thing may depend on what was said of it.
const FORMS: usize = 2;

/// Calls operations until each is accepted once, those first on which the others depend, and keeps what they answer. The
/// requests that were accepted come back.
pub fn scout(
    contract: &Contract,
    context: &RunContext,
    campaign: &Campaign,
    budget: &Budget,
    pool: &mut Pool,
) -> Accepted {
    let mut known = Accepted::default();
    let mut operations: Vec<&Arc<Operation>> = contract.operations.iter().filter(|o| gives(o)).collect();
    operations.sort_by_cached_key(|o| rank(contract, o, &mut Vec::new()));
    for operation in operations {
        if campaign.safe_only && operation.effect != Effect::Safe {
            continue;
        }
        let mut wanted = if operation.method == "POST" { FORMS } else { 1 };
        for mut trial in requests(operation, pool, context.seed).unwrap_or_default() {
            // Names for random values of its own: what is made here cannot be made again.
            trial.name.push_str("#scout");
            if budget.admit(calls(&trial), &context.stop).is_err() {
                return known;
            }
            let Ok((finished, Some(observed), _)) = send(&trial, context) else { continue };
            let status = target(&finished, operation).and_then(|i| finished.steps[i].response.as_ref());
            let accepted = status.is_some_and(|response| (200..300).contains(&response.status));
            let Some(Action::Call(step)) = trial.actions.last() else { continue };
            if accepted {
                let (parameters, body) = (observed.values.parameters.clone(), observed.values.body.clone());
                known.add(operation, Ask { parameters, body, media_type: step.request.media_type.clone() });
            }
            let nothing = observed.body.is_none() && operation.method == "POST";
            let values = &observed.values;
            let exchange = target(&finished, operation).filter(|_| accepted).and_then(|index| {
                let (sent, body) = (values.body.as_ref(), observed.body.as_deref());
                Exchange::of(operation, &finished.steps[index], &values.parameters, sent, body)
            });
            if let Some(exchange) = exchange {
                pool.follow(&trial, values, &exchange);
            }
            let body = observed.body.clone().or(nothing.then(Arc::default));
            if let (true, Some(body)) = (accepted, body) {
                pool.learn(&trial, &observed.values, &body);
                wanted -= 1;
                if wanted == 0 {
                    break;
                }
            }
        }
    }
    known
}

/// What makes things comes before what shows them, what stands alone before what needs another, and what links lead to after
/// what they come from.
fn rank(contract: &Contract, operation: &Operation, seen: &mut Vec<String>) -> usize {
    let own = operation.path.matches('{').count() * 2 + usize::from(operation.effect == Effect::Safe);
    seen.push(operation.id.clone());
    let leads = |o: &&Arc<Operation>| {
        gives(o)
            && !seen.contains(&o.id)
            && o.responses.iter().flat_map(|response| &response.links).any(|link| link.target == operation.id)
    };
    let sources: Vec<&Arc<Operation>> = contract.operations.iter().filter(leads).collect();
    let before = sources.into_iter().map(|source| rank(contract, source, seen) + 1).max();
    own.max(before.unwrap_or(0))
}

/// Whether its answers tell of things that are there afterwards.
fn gives(operation: &Operation) -> bool {
    operation.effect == Effect::Safe || operation.method == "POST"
}
