//! [`Covered`]: what of the contract deviations have reached: fields, constraints, statuses, outcomes.

use super::field::{Field, Writing, fields};
use super::probe::{Demand, Probe};
use super::{Base, Observed};
use crate::contract::{Operation, StatusPattern};
use std::collections::BTreeSet;

/// Keywords that a value can break.
const KEYWORDS: [&str; 12] = [
    "type",
    "enum",
    "const",
    "minLength",
    "maxLength",
    "pattern",
    "format",
    "minimum",
    "maximum",
    "exclusiveMinimum",
    "exclusiveMaximum",
    "multipleOf",
];

/// Things of the contract by name, `operation field keyword` and the like: all there are, and those that were reached.
#[derive(Debug, Default)]
pub struct Covered {
    pub operations: Reached,
    pub fields: Reached,
    /// Constraints that a request has broken.
    pub constraints: Reached,
    pub statuses: Reached,
    pub outcomes: Reached,
    /// Links whose target was called with what they give.
    pub links: Reached,
}

#[derive(Debug, Default)]
pub struct Reached {
    all: BTreeSet<String>,
    seen: BTreeSet<String>,
}

impl Reached {
    fn know(&mut self, name: String) {
        self.all.insert(name);
    }

    /// What is not known to be there does not count.
    fn see(&mut self, name: String) {
        if self.all.contains(&name) {
            self.seen.insert(name);
        }
    }

    pub fn all(&self) -> usize {
        self.all.len()
    }

    pub fn seen(&self) -> usize {
        self.seen.len()
    }

    /// What was not reached, in the order of names.
    pub fn missing(&self) -> impl Iterator<Item = &String> {
        self.all.difference(&self.seen)
    }
}

impl Covered {
    /// An operation that is to be fuzzed, whether it can be or not.
    pub fn operation(&mut self, operation: &Operation) {
        self.operations.know(operation.id.clone());
        for response in operation.responses.iter().filter(|r| matches!(r.status, StatusPattern::Code(_))) {
            self.statuses.know(format!("{} {}", operation.id, response.status));
        }
        for outcome in &operation.outcomes {
            self.outcomes.know(format!("{} {}", operation.id, outcome.name));
        }
        self.links(operation, &[]);
    }

    /// Links of the answers of an operation that were followed: status as the spec has it, name of the link.
    pub fn links(&mut self, operation: &Operation, followed: &[(String, String)]) {
        for response in &operation.responses {
            for link in &response.links {
                self.links.know(format!("{} {} {}", operation.id, response.status, link.name));
            }
        }
        for (status, link) in followed {
            self.links.see(format!("{} {status} {link}", operation.id));
        }
    }

    /// The request that deviations of an operation start from.
    pub fn base(&mut self, base: &Base) {
        let id = &base.operation.id;
        self.operations.see(id.clone());
        for field in fields(base) {
            self.fields.know(format!("{id} {}", field.name));
            for keyword in breakable(&field) {
                self.constraints.know(format!("{id} {} {keyword}", field.name));
            }
        }
        self.answer(&base.operation, base.step.response.as_ref().map(|r| r.status), &base.observed);
    }

    /// A deviation that was answered.
    pub fn probe(&mut self, base: &Base, probe: &Probe, status: Option<u16>, observed: &Observed) {
        let id = &base.operation.id;
        self.fields.see(format!("{id} {}", probe.place));
        if let Demand::Refused(breach) = &probe.demand {
            self.constraints.see(format!("{id} {} {}", probe.place, breach.constraint));
        }
        self.answer(&base.operation, status, observed);
    }

    fn answer(&mut self, operation: &Operation, status: Option<u16>, observed: &Observed) {
        if let Some(status) = status {
            self.statuses.see(format!("{} {status}", operation.id));
        }
        for outcome in &observed.outcomes {
            self.outcomes.see(format!("{} {outcome}", operation.id));
        }
    }
}

/// The constraints of a field that one value can break: on the wire, text is of no type.
fn breakable(field: &Field<'_>) -> Vec<&'static str> {
    let wants_text = field.has_type("string") && field.writing != Writing::Json;
    let is_type = |keyword: &str| keyword == "type";
    let mut found: Vec<&str> = KEYWORDS
        .into_iter()
        .filter(|keyword| field.schema.contains_key(*keyword) && !(is_type(keyword) && wants_text))
        .filter(|_| !field.is_container())
        .collect();
    if field.base.is_some() && field.may_be_missing() == Some(false) {
        found.push("required");
    }
    found
}
