//! [`positive`]: instances that a schema allows.

use super::{both, flat, object, scalar};
use proptest::prelude::{BoxedStrategy, Just, Strategy};
use proptest::sample::select;
use proptest::strategy::Union;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Schemas that refer to themselves end here.
const MAX_DEPTH: usize = 7;
const TYPES: [&str; 6] = ["string", "integer", "number", "boolean", "null", "object"];

/// Valid instances; `document` resolves `$ref`.
pub fn positive(schema: &Value, document: &Arc<Value>) -> BoxedStrategy<Value> {
    within(schema, document, 0)
}

pub fn within(schema: &Value, document: &Arc<Value>, depth: usize) -> BoxedStrategy<Value> {
    let Value::Object(_) = schema else { return scalar::anything() };
    let map = flat(schema, document, 0);
    if depth > MAX_DEPTH {
        return simplest(&map);
    }
    chosen(map, document, depth)
}

/// Takes one branch of each choice into the schema itself.
fn chosen(mut map: Map<String, Value>, document: &Arc<Value>, depth: usize) -> BoxedStrategy<Value> {
    for key in ["anyOf", "oneOf"] {
        if let Some(Value::Array(branches)) = map.remove(key) {
            let branches = branches.iter().filter(|branch| **branch != Value::Bool(false));
            let joined =
                branches.map(|branch| chosen(both(&map, &flat(branch, document, 0)), document, depth));
            return union(joined.collect());
        }
    }
    if let Some(condition) = map.remove("if") {
        let (then, otherwise) = (map.remove("then"), map.remove("else"));
        let mut with = both(&map, &flat(&condition, document, 0));
        if let Some(then) = then {
            with = both(&with, &flat(&then, document, 0));
        }
        let without = match otherwise {
            Some(otherwise) => both(&map, &flat(&otherwise, document, 0)),
            None => map.clone(),
        };
        return union(vec![chosen(with, document, depth), chosen(without, document, depth)]);
    }
    if let Some(Value::Object(dependent)) = map.remove("dependentSchemas") {
        // With everything that any name asks for an instance is valid whatever names it has.
        let all = dependent.values().fold(map, |map, schema| both(&map, &flat(schema, document, 0)));
        return chosen(all, document, depth);
    }
    if let Some(constant) = map.get("const") {
        return Just(constant.clone()).boxed();
    }
    if let Some(Value::Array(values)) = map.get("enum")
        && !values.is_empty()
    {
        return select(values.clone()).boxed();
    }
    union(types(&map).iter().map(|name| of_type(name, &map, document, depth)).collect())
}

fn union(mut strategies: Vec<BoxedStrategy<Value>>) -> BoxedStrategy<Value> {
    match strategies.len() {
        0 => scalar::anything(),
        1 => strategies.remove(0),
        _ => Union::new(strategies).boxed(),
    }
}

/// The types that a schema names, else those that its keywords are about.
pub fn types(map: &Map<String, Value>) -> Vec<String> {
    let named: Vec<String> = match map.get("type") {
        Some(Value::String(one)) => vec![one.clone()],
        Some(Value::Array(many)) => many.iter().filter_map(|t| t.as_str().map(str::to_owned)).collect(),
        _ => Vec::new(),
    };
    if !named.is_empty() {
        return named;
    }
    let has = |keys: &[&str]| keys.iter().any(|key| map.contains_key(*key));
    let mut inferred = Vec::new();
    let mut about = |name: &str, keys: &[&str]| {
        if has(keys) {
            inferred.push(name.to_owned());
        }
    };
    about(
        "object",
        &[
            "properties",
            "required",
            "additionalProperties",
            "patternProperties",
            "minProperties",
            "maxProperties",
            "propertyNames",
            "dependentRequired",
            "unevaluatedProperties",
        ],
    );
    about(
        "array",
        &["items", "prefixItems", "minItems", "maxItems", "uniqueItems", "contains", "unevaluatedItems"],
    );
    about("string", &["minLength", "maxLength", "pattern", "format"]);
    about("number", &["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf"]);
    match inferred.is_empty() {
        true => TYPES.iter().map(|t| (*t).to_owned()).collect(),
        false => inferred,
    }
}

fn of_type(
    name: &str,
    map: &Map<String, Value>,
    document: &Arc<Value>,
    depth: usize,
) -> BoxedStrategy<Value> {
    match name {
        "string" => scalar::string(map),
        "integer" => scalar::number(map, true),
        "number" => scalar::number(map, false),
        "boolean" => proptest::bool::ANY.prop_map(Value::Bool).boxed(),
        "array" => object::array(map, document, depth),
        "object" => object::object(map, document, depth),
        _ => Just(Value::Null).boxed(),
    }
}

/// The end of a schema that refers to itself.
fn simplest(map: &Map<String, Value>) -> BoxedStrategy<Value> {
    let first = types(map).into_iter().next().unwrap_or_default();
    let value = match first.as_str() {
        "object" => Value::Object(Map::new()),
        "array" => Value::Array(Vec::new()),
        "string" => return scalar::string(map),
        "integer" | "number" => return scalar::number(map, first == "integer"),
        "boolean" => Value::Bool(true),
        _ => Value::Null,
    };
    Just(value).boxed()
}
