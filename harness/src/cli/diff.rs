//! `proofmark diff`: the same cases to two targets, and how their answers differ.

use super::arguments::{CompareFormat, DiffArguments, SuiteArguments};
use super::check::{Ready, ready};
use super::rounds::{Round, Rounds};
use super::{Failure, console};
use crate::model::verdict::{Verdict, exit};
use crate::model::visible::visible;
use crate::plan::{Selection, Trial, select};
use crate::problem::normalised;
use crate::snapshot::{Change, Kept, changes};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// Kinds of difference that are listed, and cases of one.
const LISTED: usize = 40;
const EXAMPLES: usize = 3;

/// How one case differs.
struct Differing {
    name: String,
    /// Operation and change.
    changes: Vec<(String, Change)>,
    /// Verdicts, where they differ.
    verdicts: Option<(Verdict, Verdict)>,
}

pub fn run(arguments: &DiffArguments) -> Result<u8, Failure> {
    let [first, second] = arguments.target.as_slice() else {
        return Err(Failure::Usage(format!(
            "two targets are compared, and {} given",
            arguments.target.len()
        )));
    };
    let suite = |target: &String| {
        let mut suite = SuiteArguments::of_folder(arguments.suite.clone(), arguments.api.clone());
        suite.of.target = Some(target.clone());
        suite.of.var.clone_from(&arguments.var);
        suite
    };
    let (one, other) = (ready(&suite(first))?, ready(&suite(second))?);
    if !other.target.sandbox && !arguments.fault.is_empty() {
        return Err(Failure::Usage(
            "`--fault` is for the second target, which is not the embedded sandbox".into(),
        ));
    }
    let mut rounds = Rounds::new(&one, arguments.jobs)?;
    rounds.all_variables = true;
    let before = send(&rounds, &one, arguments)?;
    rounds.faults.clone_from(&arguments.fault);
    let after = send(&rounds, &other, arguments)?;
    for (target, round) in [(first, &before), (second, &after)] {
        round.errors.iter().for_each(|e| console::error(&visible(&format!("{target}: {e}"))));
    }
    let mut same = 0;
    let mut differing = Vec::new();
    for (name, old) in &before.collected {
        let Some(new) = after.collected.get(name) else { continue };
        match difference(name, old, new) {
            Some(one) => differing.push(one),
            None => same += 1,
        }
    }
    match arguments.format {
        CompareFormat::Pretty => print(first, second, &differing, same),
        CompareFormat::Json => console::line(&in_json(first, second, &differing, same)),
    }
    let errored = before.outcome.counts.errored + after.outcome.counts.errored;
    Ok(match (differing.is_empty(), errored) {
        (false, _) => exit::FINDINGS,
        (true, 0) => exit::CONFORMANT,
        (true, _) => exit::COULD_NOT_JUDGE,
    })
}

fn send(rounds: &Rounds, ready: &Ready, arguments: &DiffArguments) -> Result<Round, Failure> {
    let selection = Selection { filters: arguments.filter.clone(), ..Selection::default() };
    let trials: Vec<Arc<Trial>> = select(ready.trials.clone(), &selection)
        .into_iter()
        .map(|planned| planned.trial)
        .filter(|trial| !arguments.safe_only || trial.is_safe())
        .collect();
    if trials.is_empty() {
        return Err(Failure::Usage(format!("the filters leave none of the {} trials", ready.trials.len())));
    }
    let round = rounds.send(ready, &trials, 0)?;
    let counts = round.outcome.counts;
    console::note(&visible(&format!(
        "{}: {} of {} trials passed",
        ready.target.name,
        counts.passed,
        counts.total()
    )));
    Ok(round)
}

fn difference(name: &str, old: &Kept, new: &Kept) -> Option<Differing> {
    let operation = |change: &Change| new.operations.get(change.section).cloned().unwrap_or_default();
    let changes: Vec<(String, Change)> =
        changes(&old.content, &new.content).into_iter().map(|c| (operation(&c), c)).collect();
    let verdicts = (old.verdict != new.verdict).then_some((old.verdict, new.verdict));
    (!changes.is_empty() || verdicts.is_some()).then(|| Differing {
        name: name.to_owned(),
        changes,
        verdicts,
    })
}

/// What differs, most frequent first: one difference of a field is one line, however many cases show it.
fn print(first: &str, second: &str, differing: &[Differing], same: usize) {
    let mut kinds: BTreeMap<String, Vec<(&str, &Change)>> = BTreeMap::new();
    for one in differing {
        let api = one.name.split("::").next().unwrap_or_default();
        for (operation, change) in &one.changes {
            let key =
                format!("{api} {operation} {}: {}", normalised(&change.at), change.kind.replace('-', " "));
            kinds.entry(key).or_default().push((&one.name, change));
        }
    }
    let mut kinds: Vec<_> = kinds.into_iter().collect();
    kinds.sort_by_key(|(key, seen)| (std::cmp::Reverse(seen.len()), key.clone()));
    for (kind, seen) in kinds.iter().take(LISTED) {
        console::heading(&visible(&format!("{:>6} × {kind}", seen.len())));
        for (name, change) in seen.iter().take(EXAMPLES) {
            console::line(&visible(&format!("         {}, in {name}", change.message)));
        }
    }
    if kinds.len() > LISTED {
        console::line(&format!("… and {} more kinds of difference", kinds.len() - LISTED));
    }
    let mut ended = differing.iter().filter_map(|one| Some((one, one.verdicts?)));
    for (one, (old, new)) in ended.by_ref().take(LISTED) {
        let (old, new) = (old.as_str(), new.as_str());
        console::line(&visible(&format!("{}: {old} on {first}, {new} on {second}", one.name)));
    }
    let more = ended.count();
    if more > 0 {
        console::line(&format!("… and {more} more that ended differently"));
    }
    console::line(&visible(&format!("{} differ, {same} are the same ({first}, {second})", differing.len())));
}

fn in_json(first: &str, second: &str, differing: &[Differing], same: usize) -> String {
    let cases: Vec<_> = differing
        .iter()
        .map(|one| {
            let changes: Vec<_> = one
                .changes
                .iter()
                .map(|(operation, c)| {
                    json!({"operation": operation, "at": c.at, "kind": c.kind, "message": c.message, "old": c.old, "new": c.new})
                })
                .collect();
            json!({"name": one.name, "changes": changes, "verdicts": one.verdicts.map(|(a, b)| [a, b])})
        })
        .collect();
    format!("{:#}", json!({"targets": [first, second], "same": same, "differing": cases}))
}
