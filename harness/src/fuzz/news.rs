//! [`kind_of_answer`]: what an answer is like, so that a new kind of answer is known from one that was seen.

use super::Observed;
use crate::record::StepRecord;
use serde_json::Value;
use std::collections::BTreeSet;
use std::hash::{DefaultHasher, Hash, Hasher};

/// So many values of a body are looked at.
const MAX_VALUES: usize = 1_000;
/// Longer texts are no sentences of a refusal.
const MAX_SENTENCE: usize = 200;

/// Two answers of the same kind have the same number: status or way to fail, media type, outcomes, code, and which names hold
/// values of which types.
pub fn kind_of_answer(step: &StepRecord, observed: &Observed) -> u64 {
    kind(step, observed, Shape::default())
}

/// The same of an answer that refuses: also by what it says in words, but for numbers and what it quotes.
pub fn kind_of_refusal(step: &StepRecord, observed: &Observed) -> u64 {
    kind(step, observed, Shape { reads_sentences: true, ..Shape::default() })
}

fn kind(step: &StepRecord, observed: &Observed, mut shape: Shape) -> u64 {
    let mut hasher = DefaultHasher::new();
    step.error.as_ref().map(|error| &error.kind).hash(&mut hasher);
    if let Some(response) = &step.response {
        response.status.hash(&mut hasher);
        let media_type = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("content-type"));
        media_type.map(|(_, value)| value).hash(&mut hasher);
    }
    (&observed.outcomes, &observed.code).hash(&mut hasher);
    if let Some(body) = &observed.body {
        shape.walk(body, 0);
        shape.seen.hash(&mut hasher);
    }
    hasher.finish()
}

#[derive(Default)]
struct Shape {
    /// Numbers of place and type, items of a list being at one place.
    seen: BTreeSet<u64>,
    values: usize,
    reads_sentences: bool,
}

impl Shape {
    fn walk(&mut self, value: &Value, place: u64) {
        self.values += 1;
        if self.values > MAX_VALUES {
            return;
        }
        let below = |name: &str| number(&(place, name));
        match value {
            Value::Object(map) => map.iter().for_each(|(name, value)| self.walk(value, below(name))),
            Value::Array(items) => items.iter().for_each(|item| self.walk(item, below("*"))),
            Value::String(text) if self.reads_sentences && is_sentence(text) => {
                self.seen.insert(number(&(place, words(text))));
            }
            Value::String(_) => drop(self.seen.insert(below("string"))),
            Value::Number(_) => drop(self.seen.insert(below("number"))),
            Value::Bool(_) => drop(self.seen.insert(below("boolean"))),
            Value::Null => drop(self.seen.insert(below("null"))),
        }
    }
}

fn number(of: &impl Hash) -> u64 {
    let mut hasher = DefaultHasher::new();
    of.hash(&mut hasher);
    hasher.finish()
}

fn is_sentence(text: &str) -> bool {
    text.len() <= MAX_SENTENCE && (text.contains(' ') || !text.is_ascii())
}

/// A sentence without its numbers and without what it quotes, which may be what was sent.
fn words(text: &str) -> String {
    let mut quoted = false;
    let mut kept = String::new();
    for c in text.chars() {
        match c {
            '"' | '\'' | '`' => quoted = !quoted,
            c if quoted || c.is_numeric() => {}
            c => kept.push(c),
        }
    }
    kept
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn seen(body: &Value, mut shape: Shape) -> BTreeSet<u64> {
        shape.walk(body, 0);
        shape.seen
    }

    fn answer(body: &Value) -> BTreeSet<u64> {
        seen(body, Shape::default())
    }

    #[test]
    fn answers_are_of_one_kind_by_names_and_types() {
        let two = json!({ "items": [{ "id": 1 }, { "id": 2 }], "title": "a b" });
        let three = json!({ "items": [{ "id": 5 }, { "id": 6 }, { "id": 7 }], "title": "c d" });
        assert_eq!(answer(&two), answer(&three));
        assert_ne!(answer(&two), answer(&json!({ "items": [], "title": "a b" })));
        assert_ne!(answer(&two), answer(&json!({ "items": [{ "id": "1" }], "title": "a b" })));
    }

    #[test]
    fn refusals_are_of_one_kind_by_what_they_say() {
        let says = |text: &str| {
            seen(&json!({ "message": text }), Shape { reads_sentences: true, ..Shape::default() })
        };
        assert_eq!(says("at most 5, found 17"), says("at most 5, found 9"));
        assert_eq!(says("unknown sort `a`"), says("unknown sort `b c`"));
        assert_ne!(says("at most 5, found 17"), says("a number is wanted"));
    }
}
