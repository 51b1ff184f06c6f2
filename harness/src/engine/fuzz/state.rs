//! What answers show of the things at the target: pure comparisons of two answers.

use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Places of a value in an answer, in lists of things: `/result/carts/*/id`.
pub fn listed(answer: &Value, value: &Value) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    walk(answer, String::new(), &mut |place, at| {
        if place.contains("/*") && same(at, value) {
            found.insert(place.to_owned());
        }
    });
    found
}

/// Whether two values name the same thing: as text, and without leading zeros.
fn same(a: &Value, b: &Value) -> bool {
    let name = |value: &Value| match value {
        Value::String(_) | Value::Number(_) => {
            Some(crate::expr::printed(value).trim_start_matches('0').to_owned())
                .filter(|name| !name.is_empty())
        }
        _ => None,
    };
    name(a).is_some() && name(a) == name(b)
}

fn walk(value: &Value, place: String, see: &mut dyn FnMut(&str, &Value)) {
    see(&place, value);
    match value {
        Value::Object(map) => {
            map.iter().for_each(|(name, value)| walk(value, format!("{place}/{name}"), see))
        }
        Value::Array(items) => items.iter().for_each(|item| walk(item, format!("{place}/*"), see)),
        _ => {}
    }
}

/// The thing that an answer tells of: an object with an `id`, not in a list.
pub fn made(answer: &Value) -> Option<&Map<String, Value>> {
    let map = answer.as_object()?;
    match map.get("id") {
        Some(Value::Number(_) | Value::String(_)) => Some(map),
        _ => map.values().find_map(made),
    }
}

/// The lists of an answer whose items look like a thing: nearly the same names.
pub fn alike<'a>(answer: &'a Value, thing: &Map<String, Value>) -> Vec<&'a Vec<Value>> {
    let mut found = Vec::new();
    lists(answer, &mut |items| {
        let is_alike = |item: &Value| item.as_object().is_some_and(|item| likeness(item, thing) >= 0.7);
        if !items.is_empty() && items.iter().all(is_alike) {
            found.push(items);
        }
    });
    found
}

fn lists<'a>(value: &'a Value, see: &mut dyn FnMut(&'a Vec<Value>)) {
    match value {
        Value::Object(map) => map.values().for_each(|value| lists(value, see)),
        Value::Array(items) => {
            see(items);
            items.iter().for_each(|item| lists(item, see));
        }
        _ => {}
    }
}

/// Names that both have among the names that either has.
fn likeness(a: &Map<String, Value>, b: &Map<String, Value>) -> f64 {
    let both = a.keys().filter(|name| b.contains_key(*name)).count();
    both as f64 / (a.len() + b.len() - both).max(1) as f64
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn things_are_found_in_lists_of_their_like() {
        let answer = json!({ "error": 0, "result": { "cart": { "id": 7, "n": 1, "p": 2 } } });
        let thing = made(&answer).expect("a thing");
        assert_eq!(thing["id"], 7);
        let list =
            json!({ "result": { "carts": [{ "id": 6, "n": 3, "p": 1 }], "others": [{ "id": 1, "x": 2 }] } });
        assert_eq!(alike(&list, thing).len(), 1);
        assert_eq!(listed(&list, &json!(6)).into_iter().collect::<Vec<_>>(), ["/result/carts/*/id"]);
        assert!(listed(&answer, &json!(7)).is_empty());
    }
}
