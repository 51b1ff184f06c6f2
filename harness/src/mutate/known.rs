//! [`Known`]: what each rule looked at in the answer, so that of a mutant only those are asked again that looked at what is
//! different. The others would find the same, namely nothing.

use super::source::Source;
use crate::expr::reads::{Reads, address, address_of_members};
use serde_json::Value;
use std::collections::HashMap;

/// For every place of a JSON answer, the rules that depend on it.
pub struct Known {
    /// By place: rules that looked at the type of the value, or at what it is where it has no members.
    values: Vec<Vec<u16>>,
    /// By place: rules that asked which members it has.
    members: Vec<Vec<u16>>,
    /// By rule: whether anything can be known of it.
    settled: Vec<bool>,
}

/// What is different in a mutant, by place of the answer.
#[derive(Debug, Default, PartialEq)]
pub struct Changes {
    pub values: Vec<usize>,
    pub members: Vec<usize>,
}

/// Variables of an expression that are others in every mutant of a body.
const OF_THE_TEXT: [&str; 3] = ["text", "@body", "@document"];

impl Known {
    /// `None` where the places of the answer are not those of its tree, or rules depend on each other.
    pub fn new(source: &Source<'_>) -> Option<Self> {
        let body = source.answer.body.as_deref()?;
        let reads = source.evidence.reads(source.response, &source.answer)?;
        let mut places = Places::default();
        places.add(body);
        let same = places.count == source.places.len() && source.answer.duplicates.is_empty();
        if !same || reads.len() > usize::from(u16::MAX) {
            return None;
        }
        let mut known = Self {
            values: vec![Vec::new(); places.count],
            members: vec![Vec::new(); places.count],
            settled: vec![false; reads.len()],
        };
        for (rule, reads) in reads.iter().enumerate() {
            if let Some(reads) =
                reads.as_ref().filter(|r| !OF_THE_TEXT.iter().any(|v| r.variables.contains(v)))
            {
                known.settled[rule] = true;
                known.note(rule as u16, reads, &places);
            }
        }
        Some(known)
    }

    fn note(&mut self, rule: u16, reads: &Reads, places: &Places) {
        if reads.variables.contains("body") {
            self.values[0].push(rule);
        }
        for place in reads.values.iter().filter_map(|address| places.values.get(address)) {
            self.values[*place].push(rule);
        }
        for place in reads.members.iter().filter_map(|address| places.members.get(address)).flatten() {
            self.members[*place].push(rule);
        }
    }

    /// Which rules do not have to be asked again.
    pub fn settled(&self, changes: &Changes) -> Vec<bool> {
        let mut settled = self.settled.clone();
        let values = changes.values.iter().flat_map(|place| &self.values[*place]);
        let members = changes.members.iter().flat_map(|place| &self.members[*place]);
        for rule in values.chain(members) {
            settled[usize::from(*rule)] = false;
        }
        settled
    }
}

/// The places of a tree, numbered outer ones first in the order of the text, as [`Source::places`] are.
#[derive(Default)]
struct Places {
    count: usize,
    values: HashMap<usize, usize>,
    members: HashMap<usize, Vec<usize>>,
}

impl Places {
    fn add(&mut self, value: &Value) {
        let place = self.count;
        self.count += 1;
        self.values.insert(address(value), place);
        if let Some(address) = address_of_members(value) {
            self.members.entry(address).or_default().push(place);
        }
        match value {
            Value::Object(map) => map.values().for_each(|value| self.add(value)),
            Value::Array(items) => items.iter().for_each(|value| self.add(value)),
            _ => {}
        }
    }
}

/// Adds what is different between the value at a place and another one. What stands in a value of another type is not told:
/// whoever looked at it has looked at the value.
pub fn compare(old: &Value, new: &Value, place: usize, source: &Source<'_>, changes: &mut Changes) {
    let children = &source.places[place].children;
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            if !old.keys().eq(new.keys()) {
                changes.members.push(place);
            }
            for ((name, old), child) in old.iter().zip(children) {
                match new.get(name) {
                    Some(new) => compare(old, new, *child, source, changes),
                    None => changes.values.push(*child),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) => {
            if old.len() != new.len() {
                changes.members.push(place);
            }
            for (n, (old, child)) in old.iter().zip(children).enumerate() {
                match new.get(n) {
                    Some(new) => compare(old, new, *child, source, changes),
                    None => changes.values.push(*child),
                }
            }
        }
        (old, new) if old == new => {}
        _ => changes.values.push(place),
    }
}
