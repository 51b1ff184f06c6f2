//! [`Patched`]: an answer in JSON of which one part is exchanged and put back again, so that of each mutant only the part
//! that is different is read.
//!
//! JSON is free of context: where the text of one value is replaced by the text of another, the tree is the same but for
//! that value.

use super::equivalent::same_json;
use super::known::{Changes, Known, compare};
use super::operator::Mutant;
use super::source::Source;
use crate::http::body::Answer;
use crate::http::json::{self, MAX_DEPTH};
use crate::http::media_type::Syntax;
use serde_json::Value;
use std::sync::Arc;

pub struct Patched {
    answer: Answer,
    known: Option<Known>,
}

impl Patched {
    /// `None` of what is not JSON in plain UTF-8.
    pub fn new(source: &Source<'_>) -> Option<Self> {
        let answer = &source.answer;
        let is_plain = source.syntax == Syntax::Json
            && answer.encoding == encoding_rs::UTF_8
            && answer.malformed.is_none()
            && answer.duplicates.is_empty()
            && !answer.bom;
        if !is_plain {
            return None;
        }
        let body = Arc::new(answer.body.as_deref()?.clone());
        let answer = Answer { body: Some(body), ..answer.clone() };
        Some(Self { answer, known: Known::new(source) })
    }

    /// Shows the answer of a mutant, the rules that are settled, and whether its data is that of the answer; `None` where
    /// the mutant is not the answer with another value somewhere.
    pub fn with<T>(
        &mut self,
        source: &Source<'_>,
        mutant: &Mutant,
        judge: impl FnOnce(&Answer, &[bool], bool) -> T,
    ) -> Option<T> {
        let place = smallest(source, mutant)?;
        let span = &source.places[place].span;
        let text = std::str::from_utf8(&mutant.response.body).ok()?;
        let end = text.len().checked_sub(source.answer.text.len().checked_sub(span.end)?)?;
        let parsed = json::parse(text.get(span.start..end)?).ok()?;
        let pointer = &source.places[place].pointer;
        let depth = pointer.matches('/').count() + levels(&parsed.value);
        if !parsed.duplicates.is_empty() || depth >= MAX_DEPTH {
            return None;
        }
        self.answer.text.clear();
        self.answer.text.push_str(text);
        let old = self.exchange(pointer, parsed.value)?;
        let new = self.answer.body.as_ref()?.pointer(pointer)?;
        let mut changes = Changes::default();
        compare(&old, new, place, source, &mut changes);
        let settled = self.known.as_ref().map(|known| known.settled(&changes)).unwrap_or_default();
        let result = judge(&self.answer, &settled, same_json(&old, new));
        self.exchange(pointer, old)?;
        Some(result)
    }

    /// Puts a value into the tree and gives the one that was there.
    fn exchange(&mut self, pointer: &str, value: Value) -> Option<Value> {
        let body = Arc::get_mut(self.answer.body.as_mut()?)?;
        Some(std::mem::replace(body.pointer_mut(pointer)?, value))
    }
}

/// The smallest place that all of a mutant's change is in.
fn smallest(source: &Source<'_>, mutant: &Mutant) -> Option<usize> {
    let change = mutant.span.as_ref()?;
    let mut at = source.index_of(&mutant.pointer)?;
    loop {
        let span = &source.places[at].span;
        // What is put in before or after a value is not in it.
        if span == change || span.start < change.start && change.end < span.end {
            return Some(at);
        }
        at = source.places[at].parent?;
    }
}

/// How deep a value is nested: 0 of what has no members.
fn levels(value: &Value) -> usize {
    match value {
        Value::Array(items) => 1 + items.iter().map(levels).max().unwrap_or(0),
        Value::Object(map) => 1 + map.values().map(levels).max().unwrap_or(0),
        _ => 0,
    }
}
