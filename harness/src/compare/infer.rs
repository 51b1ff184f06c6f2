//! [`infer`]: the shape of an API's answers as they were seen, and how long they took.

use super::field::Field;
use crate::http::{json, media_type};
use crate::record::{Event, ReadError, RecordReader, ResponseRecord, StepRecord, TrialFinished};
use crate::xml;
use serde::Serialize;
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// Places of one group of answers beyond this number are left out: a hostile target can make up any number of names.
const MOST_FIELDS: usize = 2_000;
const MAX_DEPTH: usize = 24;
/// Elements of one array that are looked at.
const MOST_ELEMENTS: usize = 200;
/// Times of one operation that are kept: every second, every fourth… of more.
const MOST_TIMES: usize = 2_000;

/// Answers that are compared with each other.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Group {
    pub api: String,
    pub operation: String,
    pub status: u16,
}

/// What was seen in a run.
#[derive(Debug, Default)]
pub struct Answers {
    /// By group and JSON pointer, array indexes as `*`.
    pub fields: BTreeMap<Group, BTreeMap<String, Field>>,
    /// How many answers each group has.
    pub counts: BTreeMap<Group, usize>,
    /// Milliseconds, by API and operation.
    pub latency: BTreeMap<(String, String), Times>,
}

/// A sample of times, thinned evenly when it is large.
#[derive(Debug, Clone, Default)]
pub struct Times {
    pub values: Vec<f64>,
    seen: usize,
    step: usize,
}

impl Times {
    pub fn add(&mut self, milliseconds: f64) {
        let step = self.step.max(1);
        if self.seen.is_multiple_of(step) {
            self.values.push(milliseconds);
        }
        self.seen += 1;
        if self.values.len() > MOST_TIMES {
            let mut index = 0;
            self.values.retain(|_| {
                index += 1;
                index % 2 == 1
            });
            self.step = step * 2;
        }
    }
}

/// Reads a record once more. Only `cases` count; every trial is shown to `each`.
pub fn infer(
    path: &Path,
    cases: &BTreeSet<&str>,
    mut each: impl FnMut(&TrialFinished),
) -> Result<Answers, ReadError> {
    let mut answers = Answers::default();
    for event in RecordReader::open(path)? {
        match event? {
            Event::TrialFinished(trial) => {
                each(&trial);
                if cases.contains(trial.name.as_str()) {
                    trial.steps.iter().for_each(|step| answers.add(&trial.api, step));
                }
            }
            Event::RunStarted(_) | Event::RunFinished(_) | Event::Coverage(_) | Event::History(_) => {}
        }
    }
    Ok(answers)
}

impl Answers {
    fn add(&mut self, api: &str, step: &StepRecord) {
        let Some(response) = &step.response else { return };
        let name = (api.to_owned(), step.operation.clone());
        self.latency.entry(name).or_default().add(step.total_ms);
        let group = Group { api: api.to_owned(), operation: step.operation.clone(), status: response.status };
        if let Some(body) = tree(response) {
            self.see(group, &body);
        }
    }

    /// Takes in one body.
    pub fn see(&mut self, group: Group, body: &Value) {
        *self.counts.entry(group.clone()).or_default() += 1;
        visit(body, &mut String::new(), 0, self.fields.entry(group).or_default());
    }
}

/// The body's tree, of XML its projection.
fn tree(response: &ResponseRecord) -> Option<Value> {
    let text = response.body.text.as_deref()?;
    let declared = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
    let syntax = declared.and_then(|(_, value)| media_type::MediaType::parse(value)).map(|m| m.syntax());
    match (syntax, text.trim_start().chars().next()?) {
        (_, '{' | '[') => json::parse(text).ok().map(|parsed| parsed.value),
        (Some(media_type::Syntax::Xml), '<') => {
            let document = xml::parse(text.as_bytes(), Some("utf-8"), &xml::Limits::default()).ok()?;
            Some(xml::to_json(document.root()))
        }
        _ => None,
    }
}

fn visit(value: &Value, at: &mut String, depth: usize, fields: &mut BTreeMap<String, Field>) {
    if depth > MAX_DEPTH || (fields.len() >= MOST_FIELDS && !fields.contains_key(at.as_str())) {
        return;
    }
    let field = fields.entry(at.clone()).or_default();
    if depth == 0 {
        field.possible += 1;
    }
    field.add(value);
    let length = at.len();
    match value {
        Value::Object(map) => {
            for (name, value) in map {
                at.push('/');
                at.push_str(&json::escape(name));
                visit(value, at, depth + 1, fields);
                at.truncate(length);
            }
        }
        Value::Array(items) => {
            at.push_str("/*");
            for item in items.iter().take(MOST_ELEMENTS) {
                visit(item, at, depth + 1, fields);
            }
            at.truncate(length);
        }
        _ => {}
    }
}

impl Answers {
    /// A field, with how often it was possible: as often as what is around it was an object.
    pub fn field(&self, group: &Group, pointer: &str) -> Option<Field> {
        let fields = self.fields.get(group)?;
        let mut field = fields.get(pointer).cloned()?;
        if let Some((parent, _)) = pointer.rsplit_once('/') {
            field.possible = possible(fields, parent, pointer.ends_with("/*"), field.present());
        }
        Some(field)
    }

    /// How often a field could have been there that never was.
    pub fn possible(&self, group: &Group, pointer: &str) -> usize {
        let parent = pointer.rsplit_once('/').map(|(parent, _)| parent);
        match (self.fields.get(group), parent) {
            (Some(fields), Some(parent)) => possible(fields, parent, false, 0),
            _ => 0,
        }
    }
}

fn possible(fields: &BTreeMap<String, Field>, parent: &str, element: bool, present: usize) -> usize {
    match element {
        // Elements are there or not by the array's length.
        true => present,
        false => fields.get(parent).and_then(|f| f.types.get("object")).copied().unwrap_or_default(),
    }
}
