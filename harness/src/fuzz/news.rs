//! [`kind_of_answer`]: what an answer is like, so that a new kind of answer is known from one that was seen.

use super::Observed;
use crate::record::StepRecord;
use serde_json::Value;
use std::hash::{DefaultHasher, Hash, Hasher};

/// So many values of a body are looked at, and so many items of each list.
const MAX_VALUES: usize = 1_000;
const MAX_ITEMS: usize = 20;
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
        shape.kinds().hash(&mut hasher);
    }
    hasher.finish()
}

#[derive(Default)]
struct Shape {
    /// Numbers of place and type, items of a list being at one place.
    seen: Vec<u64>,
    reads_sentences: bool,
}

impl Shape {
    fn walk(&mut self, value: &Value, place: u64) {
        let below = |name: &str| joined(place, name);
        let kind = match value {
            Value::Object(map) => return map.iter().for_each(|(name, value)| self.walk(value, below(name))),
            Value::Array(items) => {
                let place = below("*");
                return items.iter().take(MAX_ITEMS).for_each(|item| self.walk(item, place));
            }
            Value::String(text) if self.reads_sentences && is_sentence(text) => below(&words(text)),
            Value::String(_) => below("string"),
            Value::Number(_) => below("number"),
            Value::Bool(_) => below("boolean"),
            Value::Null => below("null"),
        };
        if self.seen.len() < MAX_VALUES {
            self.seen.push(kind);
        }
    }

    /// Each once, in an order that does not depend on how often they came.
    fn kinds(mut self) -> Vec<u64> {
        self.seen.sort_unstable();
        self.seen.dedup();
        self.seen
    }
}

/// The number of a place inside another one: FNV-1a.
fn joined(place: u64, name: &str) -> u64 {
    let step = |hash: u64, byte: u8| (hash ^ u64::from(byte)).wrapping_mul(0x0000_0100_0000_01b3);
    name.bytes().fold(step(place ^ 0xcbf2_9ce4_8422_2325, b'/'), step)
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

    fn seen(body: &Value, mut shape: Shape) -> Vec<u64> {
        shape.walk(body, 0);
        shape.kinds()
    }

    fn answer(body: &Value) -> Vec<u64> {
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
