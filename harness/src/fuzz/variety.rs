//! Request bodies for sequences: everything that the schema knows is said, in values as plain as the schema allows, and other
//! ones than those that are there already. What a target keeps is then told apart from what it was before.

use super::strategy;
use crate::contract::SchemaSpec;
use proptest::strategy::ValueTree;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Objects in objects are made this deep.
const MAX_DEPTH: usize = 3;
/// Values that are drawn to find another one.
const DRAWS: u64 = 6;

/// An object with every property that a client may write, each another value than in `avoid` where the schema leaves a
/// choice. `None` where the schema is of no object, or no such object is valid.
pub fn varied(spec: &SchemaSpec, seed: u64, avoid: &Map<String, Value>) -> Option<Map<String, Value>> {
    let (schema, document) = spec.source();
    let flat = super::field::resolved(schema, &spec.pointer, document, 0).0;
    let Some(Value::Object(mut made)) = object(&flat, document, seed, avoid, 0) else { return None };
    // What the schema says of several properties together may forbid some of them.
    let names: Vec<String> = made.keys().cloned().collect();
    for name in names {
        if spec.is_valid(&Value::Object(made.clone())) {
            return Some(made);
        }
        let before = spec.violations(&Value::Object(made.clone())).len();
        let Some(value) = made.shift_remove(&name) else { continue };
        if spec.violations(&Value::Object(made.clone())).len() >= before {
            made.insert(name, value);
        }
    }
    spec.is_valid(&Value::Object(made.clone())).then_some(made)
}

/// The names of the properties that a client may leave out.
pub fn optional(spec: &SchemaSpec) -> Vec<String> {
    let (schema, document) = spec.source();
    let flat = super::field::resolved(schema, &spec.pointer, document, 0).0;
    let required = flat.get("required").and_then(Value::as_array).cloned().unwrap_or_default();
    let properties = flat.get("properties").and_then(Value::as_object);
    let names = properties.into_iter().flatten().map(|(name, _)| name.clone());
    names.filter(|name| !required.iter().any(|r| r == name)).collect()
}

/// The properties that a client may write.
pub fn writable(spec: &SchemaSpec) -> Vec<String> {
    let (schema, document) = spec.source();
    let flat = super::field::resolved(schema, &spec.pointer, document, 0).0;
    let properties = flat.get("properties").and_then(Value::as_object);
    let can = |property: &Value| !is_read_only(&super::field::resolved(property, "", document, 0).0);
    properties.into_iter().flatten().filter(|(_, p)| can(p)).map(|(name, _)| name.clone()).collect()
}

/// The properties that are text of any form, long enough to tell things apart.
pub fn free_texts(spec: &SchemaSpec) -> Vec<String> {
    let (schema, document) = spec.source();
    let flat = super::field::resolved(schema, &spec.pointer, document, 0).0;
    let is_free = |property: &Value| {
        let flat = super::field::resolved(property, "", document, 0).0;
        let bound = ["pattern", "format", "const", "enum", "anyOf", "oneOf", "not"];
        let long = flat.get("maxLength").and_then(Value::as_u64).is_none_or(|most| most >= 11);
        let short = flat.get("minLength").and_then(Value::as_u64).is_none_or(|least| least <= 11);
        let text = flat.get("type").is_some_and(|t| t == "string");
        text && long && short && bound.iter().all(|key| !flat.contains_key(*key))
    };
    let properties = flat.get("properties").and_then(Value::as_object);
    properties.into_iter().flatten().filter(|(_, p)| is_free(p)).map(|(name, _)| name.clone()).collect()
}

/// One value of a schema; another one for another seed, where the schema leaves a choice.
pub fn plain(schema: &Value, document: &Arc<Value>, seed: u64) -> Option<Value> {
    let flat = super::field::resolved(schema, "", document, 0).0;
    // Neighbouring numbers differ in all bits.
    value(schema, &flat, document, seed.wrapping_mul(0x9e37_79b9_7f4a_7c15), None, 0)
}

fn is_read_only(flat: &Map<String, Value>) -> bool {
    flat.get("readOnly") == Some(&Value::Bool(true)) || flat.get("deprecated") == Some(&Value::Bool(true))
}

fn object(
    flat: &Map<String, Value>,
    document: &Arc<Value>,
    seed: u64,
    avoid: &Map<String, Value>,
    depth: usize,
) -> Option<Value> {
    let properties = flat.get("properties")?.as_object()?;
    let mut made = Map::new();
    for (name, property) in properties {
        let inner = super::field::resolved(property, "", document, 0).0;
        if is_read_only(&inner) {
            continue;
        }
        let seed =
            name.bytes().fold(seed, |hash, byte| (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3));
        let value = value(property, &inner, document, seed, avoid.get(name), depth);
        made.extend(value.map(|value| (name.clone(), value)));
    }
    Some(Value::Object(made))
}

/// A value of a schema that is not null, not empty, and not `avoid`, as far as there is one.
fn value(
    schema: &Value,
    flat: &Map<String, Value>,
    document: &Arc<Value>,
    seed: u64,
    avoid: Option<&Value>,
    depth: usize,
) -> Option<Value> {
    let types = strategy::types(flat);
    let is = |name: &str| types.iter().any(|t| t == name) && flat.contains_key("type");
    let free = !["pattern", "format", "const", "enum", "anyOf", "oneOf", "not"]
        .iter()
        .any(|k| flat.contains_key(*k));
    let limit = |key: &str| flat.get(key).and_then(Value::as_i64);
    let listed = flat.get("enum").and_then(Value::as_array);
    if let Some(values) = listed.filter(|values| !values.is_empty()) {
        let other: Vec<&Value> = values.iter().filter(|v| Some(*v) != avoid && !v.is_null()).collect();
        let chosen = other.get(seed as usize % other.len().max(1)).copied();
        return chosen.or(values.first()).cloned();
    }
    if free && is("string") {
        let least = limit("minLength").unwrap_or(0).clamp(0, 1_000) as usize;
        let most = limit("maxLength").unwrap_or(1_000).clamp(0, 1_000) as usize;
        // The end differs most.
        let text: String = format!("{}{:0least$}", "fz", seed % 99_991);
        let from = text.chars().count().saturating_sub(most.max(1));
        return Some(Value::String(text.chars().skip(from).collect()));
    }
    if free && is("boolean") {
        return Some(Value::Bool(avoid != Some(&Value::Bool(true))));
    }
    if free && is("integer") && !flat.contains_key("multipleOf") {
        let least = limit("minimum").or(limit("exclusiveMinimum").map(|n| n + 1)).unwrap_or(1);
        let most = limit("maximum").or(limit("exclusiveMaximum").map(|n| n - 1));
        let most = most.unwrap_or(least.saturating_add(90));
        let span = most.saturating_sub(least).clamp(0, 90) + 1;
        let number = least + (seed % span as u64) as i64;
        let next = if number < most { number + 1 } else { least };
        return Some(if avoid == Some(&json!(number)) { next } else { number }.into());
    }
    if free && is("array") && depth < MAX_DEPTH {
        let item = flat.get("items").unwrap_or(&Value::Bool(true));
        let inner = super::field::resolved(item, "", document, 0).0;
        let least = limit("minItems").unwrap_or(1).clamp(1, 20) as u64;
        let one = |n: u64| value(item, &inner, document, seed.wrapping_add(n * 7_919), None, depth + 1);
        return (0..least).map(one).collect::<Option<Vec<Value>>>().map(Value::Array);
    }
    if free && is("object") && depth < MAX_DEPTH && flat.contains_key("properties") {
        let nothing = Map::new();
        let avoid = avoid.and_then(Value::as_object).unwrap_or(&nothing);
        return object(flat, document, seed, avoid, depth + 1);
    }
    drawn(schema, document, seed, avoid)
}

fn drawn(schema: &Value, document: &Arc<Value>, seed: u64, avoid: Option<&Value>) -> Option<Value> {
    let strategy = strategy::positive(schema, document);
    let mut best = None;
    for draw in 0..DRAWS {
        let tree = strategy::grow(&strategy, &mut strategy::runner(seed.wrapping_add(draw)), |_| true)?;
        let value = tree.current();
        let says = match &value {
            Value::Null => false,
            Value::Array(items) => !items.is_empty(),
            value => Some(value) != avoid,
        };
        if says {
            return Some(value);
        }
        best = Some(value);
    }
    best
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::load_foreign;
    use crate::model::source::SourceFile;

    const DOCUMENT: &str = "openapi: 3.1.0
info: { title: A, version: '1' }
paths:
  /a:
    post:
      requestBody: { content: { application/json: { schema: { type: object, required: [name], properties: {
        id: { type: integer, readOnly: true }, name: { type: string, maxLength: 6 },
        kind: { type: string, enum: [x, y] }, on: { type: boolean }, n: { type: integer, minimum: 3, maximum: 4 },
        code: { type: string, pattern: '^M[0-9]{4}$' }, tags: { type: array, items: { type: string } } } } } } }
      responses: { '200': { description: made } }
";

    #[test]
    fn everything_is_said_and_differs() {
        let file = SourceFile::new("o", "o", DOCUMENT.to_owned());
        let contract = load_foreign("a", file, &mut Vec::new()).expect("a contract");
        let spec = contract.operations[0].bodies[0].schema.clone().expect("a schema");
        let one = varied(&spec, 1, &Map::new()).expect("a body");
        let other = varied(&spec, 2, &one).expect("a body");
        assert_eq!(one.keys().collect::<Vec<_>>(), ["name", "kind", "on", "n", "code", "tags"]);
        for (name, value) in &one {
            assert_ne!(other.get(name), Some(value), "{name}");
        }
        assert_eq!(optional(&spec), ["id", "kind", "on", "n", "code", "tags"]);
        assert_eq!(writable(&spec).len(), 6);
    }
}
