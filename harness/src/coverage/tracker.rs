//! [`Tracker`]: a bit for each item, set by what was sent and received, from all threads.

use super::field::Field;
use super::index::{ApiIndex, Index, Item, OperationIndex};
use super::lines::Lines;
use crate::contract::{Operation, ParameterIn};
use crate::plan::TrialStep;
use crate::record::{ApiCoverage, Coverage, Documented, KindCoverage, Role, Untouched};
use serde_json::{Map, Value};
use std::sync::atomic::{AtomicU64, Ordering};

/// A set of item numbers that threads share.
#[derive(Debug, Default)]
pub struct Bits(Vec<AtomicU64>);

impl Bits {
    fn new(length: usize) -> Self {
        Self((0..length.div_ceil(64)).map(|_| AtomicU64::new(0)).collect())
    }

    /// Reads before it writes: what is touched already, which is nearly everything, costs no contention.
    pub fn set(&self, number: u32) {
        if let Some(word) = self.0.get(number as usize / 64)
            && word.load(Ordering::Relaxed) & (1 << (number % 64)) == 0
        {
            word.fetch_or(1 << (number % 64), Ordering::Relaxed);
        }
    }

    pub fn has(&self, number: u32) -> bool {
        self.0
            .get(number as usize / 64)
            .is_some_and(|w| w.load(Ordering::Relaxed) & (1 << (number % 64)) != 0)
    }
}

/// What of an [`Index`] is touched so far.
#[derive(Debug)]
pub struct Tracker {
    index: Index,
    bits: Bits,
}

impl Tracker {
    pub fn new(index: Index) -> Self {
        let bits = Bits::new(index.items.len());
        Self { index, bits }
    }

    fn operation(&self, operation: &Operation) -> Option<&OperationIndex> {
        let api = self.index.apis.iter().find(|a| a.name == operation.api)?;
        api.operations.get(&operation.id)
    }

    /// A request that was sent, as expressions see it, and the names that were left out of it.
    pub fn request(&self, operation: &Operation, view: &Value, without: &[String]) {
        let Some(index) = self.operation(operation) else { return };
        self.bits.set(index.item);
        for parameter in &index.parameters {
            match parameter.place {
                // It is part of every URL of the operation.
                ParameterIn::Path => self.bits.set_all(parameter.field.item),
                ParameterIn::Query => self.part(&parameter.field, &view["query"], &parameter.name),
                ParameterIn::Header => {
                    self.part(&parameter.field, &view["headers"], &parameter.name.to_lowercase());
                }
                ParameterIn::Cookie => {
                    let sent = view["headers"]["cookie"].as_str().unwrap_or_default();
                    let is_it =
                        |pair: &str| pair.trim().split_once('=').is_some_and(|(n, _)| n == parameter.name);
                    if sent.split(';').any(is_it) {
                        self.bits.set_all(parameter.field.item);
                    }
                }
            }
        }
        if let Some(body) = view.get("body") {
            index.request.touch(body, &self.bits);
        }
        for name in without {
            self.without(index, name);
        }
    }

    fn part(&self, field: &Field, values: &Value, name: &str) {
        match values.get(name) {
            Some(Value::Array(list)) => list.iter().for_each(|value| field.touch(value, &self.bits)),
            Some(value) => field.touch(value, &self.bits),
            None => {}
        }
    }

    /// Leaving a parameter out is a way to test it.
    pub fn without(&self, index: &OperationIndex, name: &str) {
        match index.parameters.iter().find(|p| p.name == name) {
            Some(parameter) => self.bits.set_all(parameter.field.item),
            None => self.path(&index.request, name),
        }
    }

    /// Paths into XML begin below its root.
    fn path(&self, request: &Field, path: &str) {
        match request.members.values().next() {
            Some(root) if request.members.len() == 1 && !request.has(path) => {
                root.touch_path(path, &self.bits)
            }
            _ => request.touch_path(path, &self.bits),
        }
    }

    /// A documented answer that was read and judged.
    pub fn answer(&self, operation: &Operation, body: &Value) {
        let Some(index) = self.operation(operation) else { return };
        if !index.in_answer.iter().all(|item| self.bits.has(*item)) {
            index.answer.touch(body, &self.bits);
        }
    }

    /// Whether some code of the operation was not seen yet: reading the code of an answer is then worth its while.
    pub fn wants_code(&self, operation: &Operation) -> bool {
        self.operation(operation).is_some_and(|i| i.codes.iter().any(|(_, item)| !self.bits.has(*item)))
    }

    /// A code that was received or expected.
    pub fn code(&self, operation: &Operation, code: &str) {
        let codes = self.operation(operation).map(|i| i.codes.as_slice()).unwrap_or_default();
        codes.iter().filter(|(known, _)| known == code).for_each(|(_, item)| self.bits.set(*item));
    }

    /// A callback that came, by its fields and its code.
    pub fn callback(
        &self,
        operation: &Operation,
        name: &str,
        fields: &Map<String, Value>,
        code: Option<&str>,
    ) {
        let Some(index) = self.operation(operation).and_then(|i| i.callbacks.get(name)) else { return };
        for (name, value) in fields {
            if let Some(field) = index.fields.members.get(name) {
                field.touch(value, &self.bits);
            }
        }
        let known = index.codes.iter().filter(|(known, _)| Some(known.as_str()) == code);
        known.for_each(|(_, item)| self.bits.set(*item));
    }

    /// A call that was made, as far as it stands for an example: by its name, or by a line that its case names.
    pub fn example(&self, step: &TrialStep) {
        let Some(api) = self.index.apis.iter().find(|a| a.name == step.operation.api) else { return };
        let Some(index) = api.operations.get(&step.operation.id) else { return };
        // What comes before and after a case is not what its lines are about.
        let doc = step.expectation.doc.as_deref().filter(|_| step.role == Role::Case);
        let lines = doc.map(|doc| Lines::of(doc, api.document.as_deref())).unwrap_or_default();
        let from = step.request.example.name.as_deref();
        for example in &index.examples {
            if from == Some(example.name.as_str()) || example.lines.meets(&lines) {
                self.bits.set(example.item);
            }
        }
    }

    pub(super) fn index(&self) -> &Index {
        &self.index
    }

    pub(super) fn bits(&self) -> &Bits {
        &self.bits
    }

    /// What was touched and what was not, of some kinds.
    pub fn statement(&self, kinds: &[Documented]) -> Coverage {
        let of_kind = |api: &ApiIndex, kind: Documented| {
            let items =
                (api.first..api.end).map(|n| (n, &self.index.items[n])).filter(|(_, i)| i.kind == kind);
            let mut found = KindCoverage {
                kind,
                documented: 0,
                touched: 0,
                explained: Vec::new(),
                untouched: Vec::new(),
            };
            for (number, item) in items {
                found.documented += 1;
                match (self.bits.has(u32::try_from(number).unwrap_or(u32::MAX)), &item.untested) {
                    (true, _) => found.touched += 1,
                    (false, Some(_)) => found.explained.push(untouched(item)),
                    (false, None) => found.untouched.push(untouched(item)),
                }
            }
            found
        };
        let apis = self.index.apis.iter().map(|api| ApiCoverage {
            name: api.name.clone(),
            document: api.document.clone(),
            kinds: kinds.iter().map(|kind| of_kind(api, *kind)).collect(),
        });
        Coverage { fingerprint: self.index.fingerprint(), apis: apis.collect() }
    }
}

impl Bits {
    fn set_all(&self, numbers: impl IntoIterator<Item = u32>) {
        numbers.into_iter().for_each(|number| self.set(number));
    }
}

fn untouched(item: &Item) -> Untouched {
    Untouched {
        name: item.name.clone(),
        spec: item.location.clone(),
        doc: item.doc.clone(),
        because: item.untested.clone(),
    }
}
