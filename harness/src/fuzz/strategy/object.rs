//! Objects and arrays.

use super::positive::within;
use super::scalar;
use proptest::collection::vec;
use proptest::option::of;
use proptest::prelude::{BoxedStrategy, Just, Strategy};
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// Below this only what must be there is there.
const SHALLOW: usize = 3;
/// Items beyond what must be there.
const ROOM: usize = 3;

pub fn object(schema: &Map<String, Value>, document: &Arc<Value>, depth: usize) -> BoxedStrategy<Value> {
    let number = |key: &str| schema.get(key).and_then(Value::as_u64).map(|n| n as usize);
    let named = |key: &str| schema.get(key).and_then(Value::as_object);
    let mut required: Vec<String> = schema
        .get("required")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .filter_map(|n| n.as_str().map(str::to_owned))
        .collect();
    // What one name asks for is there from the start: no instance has the one without the other.
    for names in named("dependentRequired").into_iter().flat_map(Map::values) {
        required.extend(names.as_array().into_iter().flatten().filter_map(|n| n.as_str().map(str::to_owned)));
    }
    required.dedup();
    let properties = named("properties").cloned().unwrap_or_default();
    let least = number("minProperties").unwrap_or(0);
    let most = number("maxProperties").unwrap_or(usize::MAX);
    let mut members: Vec<BoxedStrategy<Option<(String, Value)>>> = Vec::new();
    let mut count = 0;
    let open = Value::Bool(true);
    let other = schema.get("additionalProperties").or(schema.get("unevaluatedProperties")).unwrap_or(&open);
    for name in &required {
        let value = within(properties.get(name).unwrap_or(other), document, depth + 1);
        let name = name.clone();
        members.push(value.prop_map(move |value| Some((name.clone(), value))).boxed());
        count += 1;
    }
    for (name, property) in
        properties.iter().filter(|(name, schema)| !required.contains(name) && **schema != json!(false))
    {
        let name = name.clone();
        let must = count < least;
        if !must && (depth >= SHALLOW || count >= most) {
            continue;
        }
        count += 1;
        let value = within(property, document, depth + 1).prop_map(move |value| (name.clone(), value));
        members.push(if must { value.prop_map(Some).boxed() } else { of(value).boxed() });
    }
    for (pattern, property) in named("patternProperties").into_iter().flatten() {
        let must = count < least;
        if !must && (depth >= SHALLOW || count >= most) {
            continue;
        }
        count += 1;
        let mut named = Map::new();
        named.insert("pattern".into(), json!(pattern));
        let pair = (scalar::string(&named), within(property, document, depth + 1));
        let pair = pair.prop_map(|(name, value)| (name.as_str().unwrap_or_default().to_owned(), value));
        members.push(if must { pair.prop_map(Some).boxed() } else { of(pair).boxed() });
    }
    // More only where the names do not suffice, or where any name will do.
    let names = schema.get("propertyNames").map(|names| within(names, document, depth + 1));
    let extra = if count < least {
        least - count
    } else {
        usize::from(other.is_object() && depth < SHALLOW && count < most)
    };
    if *other != json!(false) {
        for index in 0..extra {
            let name = names.clone().unwrap_or_else(|| Just(json!(format!("extra{index}"))).boxed());
            let pair = (name, within(other, document, depth + 1));
            let pair =
                pair.prop_map(|(name, value)| Some((name.as_str().unwrap_or("extra").to_owned(), value)));
            members.push(pair.boxed());
        }
    }
    members.prop_map(|members| Value::Object(members.into_iter().flatten().collect())).boxed()
}

pub fn array(schema: &Map<String, Value>, document: &Arc<Value>, depth: usize) -> BoxedStrategy<Value> {
    let number = |key: &str| schema.get(key).and_then(Value::as_u64).map(|n| n as usize);
    let open = Value::Bool(true);
    let prefix: Vec<BoxedStrategy<Value>> = schema
        .get("prefixItems")
        .and_then(Value::as_array)
        .into_iter()
        .flatten()
        .map(|item| within(item, document, depth + 1))
        .collect();
    let rest = schema.get("items").or(schema.get("unevaluatedItems")).unwrap_or(&open);
    let contained = schema.get("contains").map(|c| within(c, document, depth + 1));
    let wanted = contained.as_ref().map_or(0, |_| number("minContains").unwrap_or(1));
    let most = number("maxItems").unwrap_or(usize::MAX);
    let least = number("minItems").unwrap_or(0).saturating_sub(prefix.len() + wanted);
    let room = match (*rest == json!(false), depth >= SHALLOW) {
        (true, _) => 0,
        (false, true) => least,
        (false, false) => (least + ROOM).min(most.saturating_sub(prefix.len() + wanted)).max(least),
    };
    let items = vec(within(rest, document, depth + 1), least.min(room)..=room);
    let contained = contained.unwrap_or_else(|| Just(Value::Null).boxed());
    let unique = schema.get("uniqueItems") == Some(&json!(true));
    (prefix, vec(contained, wanted), items)
        .prop_map(move |(first, second, third)| {
            let mut all: Vec<Value> = Vec::new();
            for value in first.into_iter().chain(second).chain(third) {
                if !unique || !all.contains(&value) {
                    all.push(value);
                }
            }
            all.truncate(most);
            Value::Array(all)
        })
        .boxed()
}
