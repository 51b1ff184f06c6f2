//! [`moving`]: places whose values differ between answers that should be the same.

use super::collect::{Collected, Kept};
use super::parse::{Section, Tree, sections};
use crate::diff::{Kind, differences};
use crate::model::verdict::Verdict;
use std::collections::BTreeMap;

/// More moving places of one answer are not told apart.
const LIMIT: usize = 1000;

/// A place of an operation's answers.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Place {
    pub api: String,
    pub operation: String,
    pub status: u16,
    /// Media type without parameters.
    pub essence: String,
    /// JSON pointer into the body (of XML: into its projection), array indexes as `*`.
    pub pointer: String,
}

/// Something that moved: a value, or a whole field that comes and goes.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Moved {
    /// The first trial in which it was seen.
    pub trial: String,
    /// Values that were seen, at most three.
    pub values: Vec<String>,
    /// In how many trials.
    pub trials: usize,
    /// Not the value moves but whether it is there, or how many elements there are.
    pub comes_and_goes: bool,
    /// Other elements came: what they have says nothing about a field.
    pub in_a_moving_list: bool,
}

impl Place {
    /// Whether another place is inside an element of the list at this one.
    fn holds(&self, other: &Place) -> bool {
        let inside = other.pointer.strip_prefix(&self.pointer).is_some_and(|rest| rest.starts_with("/*/"));
        inside && (&self.operation, self.status) == (&other.operation, other.status)
    }
}

/// Compares the rounds, trial by trial. Only trials that passed in all rounds are compared.
pub fn moving(rounds: &[Collected]) -> BTreeMap<Place, Moved> {
    let mut found = BTreeMap::new();
    let Some((first, others)) = rounds.split_first() else { return found };
    for (name, kept) in first {
        let all: Vec<&Kept> = others.iter().filter_map(|round| round.get(name)).collect();
        let passed = |kept: &&Kept| kept.verdict == Verdict::Passed;
        if !passed(&kept) || all.len() != others.len() || !all.iter().all(passed) {
            continue;
        }
        let mut own: BTreeMap<Place, Moved> = BTreeMap::new();
        for other in all {
            compare(name, kept, other, &mut own);
        }
        let lists: Vec<Place> =
            own.iter().filter(|(_, m)| m.comes_and_goes).map(|(p, _)| p.clone()).collect();
        for (place, mut moved) in own {
            moved.in_a_moving_list = lists.iter().any(|list| list.holds(&place));
            let known: &mut Moved = found.entry(place).or_default();
            known.trials += 1;
            if known.trial.is_empty() {
                known.trial.clone_from(&moved.trial);
            }
            known.comes_and_goes |= moved.comes_and_goes;
            known.in_a_moving_list |= moved.in_a_moving_list;
            for value in moved.values {
                remember(&mut known.values, value);
            }
        }
    }
    found
}

fn compare(trial: &str, one: &Kept, other: &Kept, found: &mut BTreeMap<Place, Moved>) {
    let (Some(before), Some(after)) = (sections(&one.content), sections(&other.content)) else { return };
    for (index, (a, b)) in before.iter().zip(&after).enumerate() {
        let (Tree::Json(old) | Tree::Xml(_, old), Tree::Json(new) | Tree::Xml(_, new)) = (a.tree(), b.tree())
        else {
            continue;
        };
        let operation = one.operations.get(index).cloned().unwrap_or_default();
        for difference in differences(&old, &new, LIMIT) {
            let value = matches!(difference.kind, Kind::ValueChanged | Kind::TypeChanged);
            let pointer = match difference.kind {
                Kind::ValueChanged
                | Kind::TypeChanged
                | Kind::FieldAdded
                | Kind::FieldRemoved
                | Kind::OrderChanged => difference.at.as_str(),
                // Which elements there are is a matter of the list.
                _ => difference.at.rsplit_once('/').map_or("", |(list, _)| list),
            };
            let place = Place {
                api: one.api.clone(),
                operation: operation.clone(),
                status: a.status.parse().unwrap_or_default(),
                essence: essence(a),
                pointer: starred(pointer),
            };
            let moved = found.entry(place).or_default();
            moved.trial = trial.to_owned();
            moved.comes_and_goes |= !value;
            for value in [difference.old, difference.new].into_iter().flatten() {
                remember(&mut moved.values, value.to_string());
            }
        }
    }
}

fn remember(values: &mut Vec<String>, value: String) {
    if values.len() < 3 && !values.contains(&value) {
        values.push(value);
    }
}

fn essence(section: &Section) -> String {
    let header = section.headers.iter().find(|(name, _)| name == "content-type");
    header
        .map(|(_, value)| value.split(';').next().unwrap_or_default().trim().to_lowercase())
        .unwrap_or_default()
}

fn starred(pointer: &str) -> String {
    let number = |step: &str| !step.is_empty() && step.bytes().all(|b| b.is_ascii_digit());
    pointer.split('/').map(|step| if number(step) { "*" } else { step }).collect::<Vec<_>>().join("/")
}

#[cfg(test)]
mod tests {
    use super::*;

    fn round(content: &str, verdict: Verdict) -> Collected {
        let kept = Kept { api: "a".into(), verdict, content: content.into(), operations: vec!["op".into()] };
        Collected::from([("a::op::x".to_owned(), kept)])
    }

    #[test]
    fn what_differs_between_rounds_moves() {
        let make = |n: u32, more: &str| {
            let text = format!(
                "HTTP 200\ncontent-type: Application/JSON; x=y\n\n{{\"list\": [{{\"id\": 1, \"t\": {n}}}], \"same\": 1{more}}}"
            );
            round(&text, Verdict::Passed)
        };
        let found = moving(&[make(5, ""), make(6, ", \"extra\": 1"), make(7, "")]);
        let shown: Vec<_> =
            found.iter().map(|(p, m)| (p.pointer.as_str(), m.values.join(" "), m.comes_and_goes)).collect();
        assert_eq!(shown, [("/extra", "1".to_owned(), true), ("/list/*/t", "5 6 7".to_owned(), false)]);
        assert_eq!(found.keys().next().unwrap().essence, "application/json");
    }

    #[test]
    fn trials_that_failed_teach_nothing() {
        let make = |n: u32, verdict| round(&format!("HTTP 200\n\n{{\"t\": {n}}}"), verdict);
        assert!(moving(&[make(1, Verdict::Passed), make(2, Verdict::Failed)]).is_empty());
        assert!(moving(&[make(1, Verdict::Passed), Collected::new()]).is_empty());
        assert_eq!(moving(&[make(1, Verdict::Passed), make(2, Verdict::Passed)]).len(), 1);
    }
}
