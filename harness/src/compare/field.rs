//! [`Field`]: what was seen at one place of an operation's answers.

use serde::Serialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// More distinct values are no set.
pub const MOST_VALUES: usize = 16;
/// Longer texts are no values of a set.
const LONGEST_VALUE: usize = 64;

/// A value with so many digits is a time, a number of an order or the like, however often it came within a run.
const MOST_DIGITS: usize = 8;

/// The smallest and the largest.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Range {
    pub least: f64,
    pub most: f64,
}

impl Range {
    fn add(range: &mut Option<Range>, value: f64) {
        let r = range.get_or_insert(Range { least: value, most: value });
        (r.least, r.most) = (r.least.min(value), r.most.max(value));
    }
}

/// Counts over all answers of an operation with one status.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Field {
    /// How often the thing around it was there: the object that has the member, the array that has the element.
    pub possible: usize,
    /// How often by JSON type.
    pub types: BTreeMap<&'static str, usize>,
    /// Distinct scalar values and how often each came; `None` once there were too many.
    pub values: Option<BTreeMap<String, usize>>,
    pub numbers: Option<Range>,
    /// Lengths of strings, in characters.
    pub lengths: Option<Range>,
}

impl Field {
    pub fn present(&self) -> usize {
        self.types.values().sum()
    }

    /// How often it was there when it could have been.
    pub fn rate(&self) -> f64 {
        if self.possible == 0 { 0.0 } else { self.present() as f64 / self.possible as f64 }
    }

    pub fn add(&mut self, value: &Value) {
        let first = self.types.is_empty();
        *self.types.entry(type_of(value)).or_default() += 1;
        match value {
            Value::Number(number) => Range::add(&mut self.numbers, number.as_f64().unwrap_or_default()),
            Value::String(text) => Range::add(&mut self.lengths, text.chars().count() as f64),
            _ => {}
        }
        if first {
            self.values = Some(BTreeMap::new());
        }
        let Some(values) = &mut self.values else { return };
        let text = match value {
            Value::Object(_) | Value::Array(_) => return,
            Value::String(text) if text.len() > LONGEST_VALUE => {
                self.values = None;
                return;
            }
            other => other.to_string(),
        };
        if text.bytes().filter(u8::is_ascii_digit).count() >= MOST_DIGITS {
            self.values = None;
            return;
        }
        *values.entry(text).or_default() += 1;
        if values.len() > MOST_VALUES {
            self.values = None;
        }
    }
}

pub fn type_of(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(_) => "string",
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}
