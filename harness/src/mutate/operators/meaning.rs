//! Answers that say something else: success for failure, failure for success, another code.

use super::super::operator::{Mutants, Operator, Text, Touches};
use super::super::source::{Pool, Source};
use crate::http::media_type::Syntax;

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "success-as-failure",
        family: "meaning",
        says: "what succeeded is told as a failure: whole, or in one field",
        example: (r#"{"code": "0", "text": "done"}"#, r#"{"code": "1", "text": "refused"}"#),
        make: success_as_failure,
    },
    Operator {
        name: "failure-as-success",
        family: "meaning",
        says: "what failed is told as a success: whole, or in one field",
        example: (r#"{"code": "1", "text": "refused"}"#, r#"{"code": "0", "text": "done"}"#),
        make: failure_as_success,
    },
    Operator {
        name: "other-code",
        family: "meaning",
        says: "the code is another documented one",
        example: (r#"{"code": "17"}"#, r#"{"code": "18"}"#),
        make: other_code,
    },
];

const SUCCESS: &str = "success";

fn success_as_failure(source: &Source<'_>, pool: &Pool<'_>, mutants: &mut Mutants<'_>) {
    if source.outcomes == [SUCCESS] {
        opposite(source, pool, mutants);
    }
}

fn failure_as_success(source: &Source<'_>, pool: &Pool<'_>, mutants: &mut Mutants<'_>) {
    if !source.outcomes.is_empty() && source.outcomes != [SUCCESS] {
        opposite(source, pool, mutants);
    }
}

/// The answer of an exchange that ended the other way: all of it, and each field alone that tells the outcome.
fn opposite(source: &Source<'_>, pool: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let is_success = source.outcomes == [SUCCESS];
    let ended_otherwise = |other: &&Source<'_>| {
        other.syntax == source.syntax
            && !other.outcomes.is_empty()
            && (other.outcomes == [SUCCESS]) != is_success
    };
    let Some(other) = pool.others(source).find(ended_otherwise) else { return };
    let says = format!("the answer of `{}`", other.evidence.trial);
    mutants.envelope_change("body", says, other.response.clone());
    if source.syntax == Syntax::Text {
        return;
    }
    let mut told: Vec<String> =
        source.operation().outcomes.iter().filter_map(|o| o.predicate.place()).collect();
    told.extend(source.operation().codes.as_ref().and_then(|codes| codes.value.place()));
    told.sort();
    told.dedup();
    for pointer in told {
        let (Some(place), Some(otherwise)) = (source.place(&pointer), other.place(&pointer)) else {
            continue;
        };
        if place.kind == otherwise.kind && place.kind.is_leaf() {
            let written = other.answer.text.get(otherwise.inner.clone()).unwrap_or_default();
            mutants.splice(place, Touches::Value, None, &[(place.inner.clone(), Text::Written(written))]);
        }
    }
}

/// Codes that are tried.
const OTHERS: usize = 4;

fn other_code(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let Some(codes) = &source.operation().codes else { return };
    let Some(place) = codes.value.place().and_then(|pointer| source.place(&pointer)) else { return };
    let others = codes.table.iter().filter(|entry| Some(&entry.code) != source.code.as_ref());
    for entry in others.take(OTHERS) {
        match place.kind.is_text() {
            true => mutants.value(place, &entry.code),
            false => mutants.literal(place, &entry.code, Touches::Value),
        }
    }
}
