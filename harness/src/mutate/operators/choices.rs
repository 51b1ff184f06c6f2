//! Values of a documented list, and booleans.

use super::super::operator::{Mutants, Operator, Touches};
use super::super::places::{Kind, Place};
use super::super::source::{Pool, Source};
use serde_json::Value;

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "enum-swapped",
        family: "choices",
        says: "another value of the documented list",
        example: (r#"{"state": "open"}"#, r#"{"state": "closed"}"#),
        make: swapped,
    },
    Operator {
        name: "enum-unknown",
        family: "choices",
        says: "a value that the documented list does not have",
        example: (r#"{"state": "open"}"#, r#"{"state": "open_9"}"#),
        make: unknown,
    },
    Operator {
        name: "flipped",
        family: "choices",
        says: "a boolean, or a text that stands for one, says the opposite",
        example: (r#"{"ok": true}"#, r#"{"ok": false}"#),
        make: flipped,
    },
];

/// Other values of a list that are tried.
const OTHERS: usize = 3;

fn swapped(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.leaves() {
        let values = source.shape(place).map(|s| s.values.as_slice()).unwrap_or_default();
        let others = values.iter().filter(|v| !is(v, place)).take(OTHERS);
        for other in others {
            match (place.kind, other) {
                (kind, Value::String(text)) if kind.is_text() => mutants.value(place, text),
                (Kind::String | Kind::Number | Kind::Boolean | Kind::Null, other) => {
                    mutants.literal(place, &other.to_string(), Touches::Value);
                }
                _ => {}
            }
        }
    }
}

fn is(value: &Value, place: &Place) -> bool {
    match value {
        Value::String(text) => place.kind.is_text() && *text == place.text,
        other => {
            !place.kind.is_text() && serde_json::from_str::<Value>(&place.text).ok().as_ref() == Some(other)
        }
    }
}

fn unknown(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.leaves() {
        let values = source.shape(place).map(|s| s.values.as_slice()).unwrap_or_default();
        let is_listed = values.iter().any(|v| !matches!(v, Value::Null | Value::Bool(_)));
        let is_code =
            source.operation().codes.as_ref().and_then(|c| c.value.place()) == Some(place.pointer.clone());
        if !is_listed && !is_code {
            continue;
        }
        match place.kind {
            Kind::Number => mutants.literal(place, "987654", Touches::Value),
            // Of the same form: another code of as many digits.
            _ if place.text.bytes().all(|b| b.is_ascii_digit()) && !place.text.is_empty() => {
                mutants.value(place, &"9".repeat(place.text.len()));
            }
            kind if kind.is_text() => mutants.value(place, &format!("{}_9", place.text)),
            _ => {}
        }
    }
}

fn flipped(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.leaves() {
        let other = match place.text.as_str() {
            "true" => "false",
            "false" => "true",
            "Y" => "N",
            "N" => "Y",
            _ => continue,
        };
        match place.kind {
            Kind::Boolean => mutants.literal(place, other, Touches::Value),
            kind if kind.is_text() => mutants.value(place, other),
            _ => {}
        }
    }
}
