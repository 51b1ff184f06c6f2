//! [`differences`]: where two JSON trees differ, and how.

use super::array;
use crate::http::json::escape;
use serde_json::Value;

/// What became of a place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    FieldAdded,
    FieldRemoved,
    TypeChanged,
    ValueChanged,
    /// The same elements in another order.
    OrderChanged,
    /// One element at another index.
    ElementMoved,
    ElementAdded,
    ElementRemoved,
}

impl Kind {
    /// As findings name it: `field-added`.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::FieldAdded => "field-added",
            Self::FieldRemoved => "field-removed",
            Self::TypeChanged => "type-changed",
            Self::ValueChanged => "value-changed",
            Self::OrderChanged => "order-changed",
            Self::ElementMoved => "element-moved",
            Self::ElementAdded => "element-added",
            Self::ElementRemoved => "element-removed",
        }
    }

    /// As people read it: `field added`.
    pub fn words(self) -> String {
        self.as_str().replace('-', " ")
    }
}

/// One place where two trees differ.
#[derive(Debug, Clone, PartialEq)]
pub struct Difference {
    pub kind: Kind,
    /// JSON pointer: into the new tree, or into the old one for what is no longer there.
    pub at: String,
    /// What was there; `None` for what was added.
    pub old: Option<Value>,
    /// What is there now; `None` for what was removed.
    pub new: Option<Value>,
    /// For a moved element: from where.
    pub from: Option<String>,
}

impl Difference {
    pub fn new(kind: Kind, at: &str, old: Option<&Value>, new: Option<&Value>) -> Self {
        Self { kind, at: at.to_owned(), old: old.cloned(), new: new.cloned(), from: None }
    }

    /// One sentence, values in backticks.
    pub fn sentence(&self) -> String {
        let shown = |value: &Option<Value>| value.as_ref().map(brief).unwrap_or_default();
        match self.kind {
            Kind::FieldAdded => format!("the field is new: {}", shown(&self.new)),
            Kind::FieldRemoved => format!("the field is gone: it was {}", shown(&self.old)),
            Kind::TypeChanged => {
                format!("the type changed: {} instead of {}", shown(&self.new), shown(&self.old))
            }
            Kind::ValueChanged => {
                format!("the value changed: {} instead of {}", shown(&self.new), shown(&self.old))
            }
            Kind::OrderChanged => "the same elements came in another order".into(),
            Kind::ElementMoved => {
                format!("an element moved here from `{}`", self.from.as_deref().unwrap_or_default())
            }
            Kind::ElementAdded => format!("an element is new: {}", shown(&self.new)),
            Kind::ElementRemoved => format!("an element is gone: it was {}", shown(&self.old)),
        }
    }
}

/// A value in backticks, cut where it is long.
fn brief(value: &Value) -> String {
    let text = value.to_string();
    match text.char_indices().nth(80) {
        None => format!("`{text}`"),
        Some((at, _)) => format!("`{}…`", &text[..at]),
    }
}

/// Every place where `new` differs from `old`, in the order of `new`. The order of an object's members says nothing
/// (RFC 8259 section 4); 1 and 1.0 are one number. At most `limit` are found.
pub fn differences(old: &Value, new: &Value, limit: usize) -> Vec<Difference> {
    let mut found = Vec::new();
    visit(old, new, "", limit, &mut found);
    found.truncate(limit);
    found
}

pub(super) fn visit(old: &Value, new: &Value, at: &str, limit: usize, found: &mut Vec<Difference>) {
    if found.len() >= limit || same(old, new) {
        return;
    }
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (name, value) in new {
                let at = format!("{at}/{}", escape(name));
                match old.get(name) {
                    Some(before) => visit(before, value, &at, limit, found),
                    None => found.push(Difference::new(Kind::FieldAdded, &at, None, Some(value))),
                }
            }
            for (name, value) in old.iter().filter(|(name, _)| !new.contains_key(*name)) {
                let at = format!("{at}/{}", escape(name));
                found.push(Difference::new(Kind::FieldRemoved, &at, Some(value), None));
            }
        }
        (Value::Array(old), Value::Array(new)) => array::visit(old, new, at, limit, found),
        _ => {
            let kind = match type_of(old) == type_of(new) {
                true => Kind::ValueChanged,
                false => Kind::TypeChanged,
            };
            found.push(Difference::new(kind, at, Some(old), Some(new)));
        }
    }
}

/// Equality of JSON values: numbers by value.
pub(super) fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a == b || a.as_f64() == b.as_f64(),
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len() && a.iter().all(|(k, v)| b.get(k).is_some_and(|other| same(v, other)))
        }
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        _ => a == b,
    }
}

/// The JSON type that a value has, or stands for: `[number]` in place of a volatile value is a number.
fn type_of(value: &Value) -> &str {
    const TYPES: [&str; 6] = ["string", "number", "boolean", "null", "object", "array"];
    match value {
        Value::Null => "null",
        Value::Bool(_) => "boolean",
        Value::Number(_) => "number",
        Value::String(text) => {
            let word = text.strip_prefix('[').and_then(|t| t.split([']', ':']).next());
            word.and_then(|word| TYPES.iter().find(|t| **t == word)).copied().unwrap_or("string")
        }
        Value::Array(_) => "array",
        Value::Object(_) => "object",
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn found(old: Value, new: Value) -> Vec<(&'static str, String)> {
        differences(&old, &new, 100).into_iter().map(|d| (d.kind.as_str(), d.at)).collect()
    }

    fn one(kind: &'static str, at: &str) -> Vec<(&'static str, String)> {
        vec![(kind, at.to_owned())]
    }

    #[test]
    fn fields_types_and_values() {
        assert_eq!(found(json!({"a": 1, "b": 2}), json!({"b": 2.0, "a": 1})), []);
        assert_eq!(found(json!({"a": 1}), json!({"a": 1, "x/y": 2})), one("field-added", "/x~1y"));
        assert_eq!(found(json!({"a": 1, "b": 2}), json!({"a": 1})), one("field-removed", "/b"));
        assert_eq!(found(json!({"a": 1}), json!({"a": "1"})), one("type-changed", "/a"));
        assert_eq!(
            found(json!({"a": {"b": [true]}}), json!({"a": {"b": [false]}})),
            one("value-changed", "/a/b/0")
        );
        assert_eq!(found(json!("[number]"), json!("text")), one("type-changed", ""));
        assert_eq!(found(json!("[draft]"), json!("text")), one("value-changed", ""));
    }

    #[test]
    fn sentences_say_what_was_and_what_is() {
        let all = differences(&json!({"a": 1, "c": null}), &json!({"a": 2, "b": "x"}), 100);
        let said: Vec<String> = all.iter().map(Difference::sentence).collect();
        assert_eq!(
            said,
            [
                "the value changed: `2` instead of `1`",
                "the field is new: `\"x\"`",
                "the field is gone: it was `null`"
            ]
        );
    }

    #[test]
    fn no_more_than_the_limit() {
        let make = |v: u32| Value::Array((0..1000).map(|i| json!({"i": i, "v": v})).collect());
        assert_eq!(differences(&make(1), &make(2), 7).len(), 7);
    }
}
