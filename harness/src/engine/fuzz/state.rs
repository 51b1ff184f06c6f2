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

/// Text of an answer that is `sent` after its bytes were read in another charset, or after its characters were lost.
pub fn mangled(answer: &Value, sent: &str) -> Option<String> {
    use encoding_rs::{BIG5, GBK, UTF_8, WINDOWS_1252};
    let latin1 = |bytes: &[u8]| bytes.iter().map(|b| char::from(*b)).collect::<String>();
    let gbk = GBK.encode(sent).0;
    let mut forms = vec![latin1(sent.as_bytes()), latin1(&gbk), "?".repeat(sent.chars().count())];
    for (bytes, charsets) in
        [(sent.as_bytes(), [WINDOWS_1252, GBK, BIG5]), (&gbk, [WINDOWS_1252, UTF_8, BIG5])]
    {
        forms
            .extend(charsets.iter().map(|charset| charset.decode_without_bom_handling(bytes).0.into_owned()));
    }
    let mut found = None;
    walk(answer, String::new(), &mut |_, value| {
        if let Some(text) = value.as_str().filter(|text| forms.iter().any(|form| form == text)) {
            found.get_or_insert_with(|| text.to_owned());
        }
    });
    found
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

    #[test]
    fn text_that_was_read_in_another_charset_is_known_again() {
        let shown = |text: &str| mangled(&json!({ "list": [{ "remark": text }] }), "备注");
        assert_eq!(shown("å¤\u{87}æ³¨").as_deref(), Some("å¤\u{87}æ³¨"));
        assert!(shown("澶囨敞").is_some() && shown("??").is_some() && shown("±¸×¢").is_some());
        assert!(shown("备注").is_none() && shown("").is_none() && shown("?").is_none());
    }
}
