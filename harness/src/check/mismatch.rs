//! Comparing trees: an answer with the documented one, and with expected values.

use crate::contract::a_type;
use crate::http::json::member;
use crate::http::way::Way;
use serde_json::Value;
use std::mem::discriminant;

/// One place where an answer is not what was expected.
#[derive(Debug, Clone, PartialEq)]
pub struct Mismatch {
    /// JSON pointer.
    pub at: String,
    pub message: String,
    pub expected: String,
    pub actual: String,
}

/// Every field of `shown` must be in `actual`, with the same type. `null` in `shown` is any value; each element of an
/// array must be like one of the elements shown.
pub fn compare_like(shown: &Value, actual: &Value) -> Vec<Mismatch> {
    let mut found = Vec::new();
    like(shown, actual, &Way::ROOT, &mut found);
    found
}

/// Every leaf of `expected` must be in `actual`, with an equal value. Fields that are not expected may be there; arrays
/// must have the same length.
pub fn compare_equal(expected: &Value, actual: &Value) -> Vec<Mismatch> {
    let mut found = Vec::new();
    equal(expected, actual, &Way::ROOT, &mut found);
    found
}

fn like(shown: &Value, actual: &Value, at: &Way<'_>, found: &mut Vec<Mismatch>) {
    match (shown, actual) {
        (Value::Null, _) => {}
        (Value::Object(shown), Value::Object(actual)) => {
            for (name, shown) in shown {
                let at = at.key(name);
                match member(actual, name) {
                    Some(actual) => like(shown, actual, &at, found),
                    None => found.push(missing(&at, name, a_type(shown).to_owned())),
                }
            }
        }
        (Value::Array(shown), Value::Array(actual)) => {
            if actual.is_empty() && !shown.is_empty() {
                found.push(Mismatch {
                    at: at.pointer(),
                    message: "the array is empty; the documented one is not".into(),
                    expected: format!("{} or more elements", 1),
                    actual: "no element".into(),
                });
            }
            for (index, item) in actual.iter().enumerate() {
                let at = at.index(index);
                let attempts = shown.iter().map(|s| {
                    let mut found = Vec::new();
                    like(s, item, &at, &mut found);
                    found
                });
                if let Some(best) = attempts.min_by_key(Vec::len) {
                    found.extend(best);
                }
            }
        }
        (shown, actual) if discriminant(shown) == discriminant(actual) => {}
        (shown, actual) => found.push(Mismatch {
            at: at.pointer(),
            message: format!("{} where the documented answer has {}", a_type(actual), a_type(shown)),
            expected: a_type(shown).to_owned(),
            actual: actual.to_string(),
        }),
    }
}

fn equal(expected: &Value, actual: &Value, at: &Way<'_>, found: &mut Vec<Mismatch>) {
    match (expected, actual) {
        (Value::Object(expected), Value::Object(actual)) => {
            for (name, expected) in expected {
                let at = at.key(name);
                match member(actual, name) {
                    Some(actual) => equal(expected, actual, &at, found),
                    None => found.push(missing(&at, name, expected.to_string())),
                }
            }
        }
        (Value::Array(expected), Value::Array(actual)) => {
            if expected.len() != actual.len() {
                found.push(Mismatch {
                    at: at.pointer(),
                    message: format!("{} elements instead of {}", actual.len(), expected.len()),
                    expected: format!("{} elements", expected.len()),
                    actual: format!("{} elements", actual.len()),
                });
            }
            for (index, (expected, actual)) in expected.iter().zip(actual).enumerate() {
                equal(expected, actual, &at.index(index), found);
            }
        }
        // 1 and 1.0 are the same number (RFC 8259 does not tell them apart).
        (Value::Number(a), Value::Number(b)) if a.as_f64() == b.as_f64() => {}
        (expected, actual) if expected == actual => {}
        (expected, actual) => found.push(Mismatch {
            at: at.pointer(),
            message: format!("{} instead of {}", brief(actual), brief(expected)),
            expected: expected.to_string(),
            actual: actual.to_string(),
        }),
    }
}

fn missing(at: &Way<'_>, name: &str, expected: String) -> Mismatch {
    Mismatch { at: at.pointer(), message: format!("`{name}` is missing"), expected, actual: "nothing".into() }
}

fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.chars().count() {
        0..=80 => format!("`{text}`"),
        _ => a_type(value).to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn places(found: &[Mismatch]) -> Vec<&str> {
        found.iter().map(|m| m.at.as_str()).collect()
    }

    #[test]
    fn like_asks_for_fields_and_types_but_not_values() {
        let shown = json!({"a": "x", "n": null, "list": [{"k": 1}, {"s": "x"}], "o": {"deep": true}});
        let good = json!({"a": "other", "n": "2022", "list": [{"k": 9}, {"s": "y", "more": 1}], "o": {"deep": false}, "new": 1});
        assert_eq!(compare_like(&shown, &good), []);
        let bad = json!({"a": 1, "list": [{"k": "1"}], "o": {}});
        assert_eq!(places(&compare_like(&shown, &bad)), ["/a", "/n", "/list/0/k", "/o/deep"]);
        assert_eq!(
            places(&compare_like(&shown, &json!({"a": "", "n": 1, "list": [], "o": {"deep": true}}))),
            ["/list"]
        );
    }

    #[test]
    fn equal_asks_for_values() {
        let expected = json!({"a": 1, "list": [1, 2], "s": "x"});
        assert_eq!(compare_equal(&expected, &json!({"a": 1.0, "list": [1, 2], "s": "x", "more": 1})), []);
        let found = compare_equal(&expected, &json!({"a": "1", "list": [1, 3, 4]}));
        assert_eq!(places(&found), ["/a", "/list", "/list/1", "/s"]);
    }
}
