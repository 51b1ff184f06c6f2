//! `proofmark learn`: which values move from answer to answer, and what the spec should say of them.

use super::arguments::LearnArguments;
use super::check::{Ready, ready};
use super::rounds::Rounds;
use super::{Failure, console};
use crate::contract::{Contract, declare_volatile, field};
use crate::diff::patch;
use crate::model::verdict::exit;
use crate::model::visible::visible;
use crate::plan::{Selection, Trial, select};
use crate::snapshot::{Collected, Moved, Place, moving};
use crate::yaml::{Node, parse};
use std::collections::BTreeMap;
use std::sync::Arc;

pub fn run(arguments: &LearnArguments) -> Result<u8, Failure> {
    let ready = ready(&arguments.suite)?;
    let selection = Selection { filters: arguments.filter.clone(), ..Selection::default() };
    let chosen = select(ready.trials.clone(), &selection);
    let all = chosen.len();
    let trials: Vec<Arc<Trial>> =
        chosen.into_iter().map(|p| p.trial).filter(|t| arguments.mutating || t.is_safe()).collect();
    if trials.is_empty() {
        return Err(Failure::Usage(format!(
            "none of {all} trials makes safe calls only (`--mutating` sends the others too)"
        )));
    }
    let left_out = all - trials.len();
    let rounds = Rounds::new(&ready, arguments.jobs)?;
    let mut collected: Vec<Collected> = Vec::new();
    for round in 0..arguments.times {
        if round > 0 {
            std::thread::sleep(arguments.pause);
        }
        let sent = rounds.send(&ready, &trials, round)?;
        let counts = sent.outcome.counts;
        console::note(&format!("round {}: {} of {} trials passed", round + 1, counts.passed, counts.total()));
        sent.errors.iter().for_each(|e| console::error(&visible(e)));
        collected.push(sent.collected);
    }
    if left_out > 0 {
        console::note(&format!(
            "{left_out} trials change the target and were not sent (`--mutating` sends them)"
        ));
    }
    let everywhere = |name: &String| collected.iter().all(|round| round.contains_key(name));
    if !collected[0].keys().any(everywhere) {
        return Err(Failure::Broken("no trial was answered in every round: nothing can be learned".into()));
    }
    let found = moving(&collected);
    propose(&ready, &found, arguments.write)
}

/// What moves, and the change of each spec.
fn propose(ready: &Ready, found: &BTreeMap<Place, Moved>, write: bool) -> Result<u8, Failure> {
    let mut status = exit::CONFORMANT;
    let mut declared = 0;
    for contract in &ready.suite.contracts {
        let text = &contract.file.text;
        let root = parse(&contract.file, &mut Vec::new());
        let mut nodes: Vec<&Node> = Vec::new();
        for (place, moved) in found.iter().filter(|(place, _)| place.api == contract.api) {
            console::note(&visible(&sentence(place, moved)));
            if moved.comes_and_goes || moved.in_a_moving_list {
                continue;
            }
            match root.as_ref().and_then(|root| schema(root, contract, place)) {
                Some(node) if !nodes.iter().any(|known| known.span == node.span) => nodes.push(node),
                Some(_) => {}
                None => console::note("    the spec describes no such place"),
            }
        }
        if nodes.is_empty() {
            continue;
        }
        declared += nodes.len();
        match declare_volatile(text, &nodes) {
            Ok(edited) if write => {
                std::fs::write(&contract.file.path, &edited).map_err(|e| {
                    Failure::Broken(format!("cannot write `{}`: {e}", contract.file.path.display()))
                })?;
                console::line(&format!("wrote {}: {} declared volatile", contract.file.name, nodes.len()));
            }
            Ok(edited) => console::line(patch(&contract.file.name, text, &edited).trim_end()),
            Err(e) => {
                console::error(&format!("{}: {e}", contract.file.name));
                status = exit::COULD_NOT_JUDGE;
            }
        }
    }
    match declared {
        0 => console::note("nothing to declare volatile"),
        n => {
            console::note(&format!("{n} to declare volatile{}", if write { "" } else { " (`--write` does)" }))
        }
    }
    Ok(status)
}

fn sentence(place: &Place, moved: &Moved) -> String {
    let what = match (moved.comes_and_goes, moved.in_a_moving_list) {
        (true, _) => "comes and goes",
        (false, true) => "moves with the elements of its list",
        (false, false) => "moves",
    };
    let pointer = if place.pointer.is_empty() { "the body" } else { &place.pointer };
    let Place { api, operation, status, .. } = place;
    let values = moved.values.join(", ");
    let more = if moved.trials > 1 { format!(" and {} more", moved.trials - 1) } else { String::new() };
    format!("{api} {operation} {status} {pointer} {what}: {values}, in {}{more}", moved.trial)
}

fn schema<'n>(root: &'n Node, contract: &Contract, place: &Place) -> Option<&'n Node> {
    let operation = contract.operation(&place.operation)?;
    let named = (operation.path.as_str(), operation.method.as_str());
    field(root, named, place.status, &place.essence, &place.pointer)
}
