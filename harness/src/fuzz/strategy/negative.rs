//! [`negatives`]: instances that break one constraint, by its name.

use super::flat;
use super::positive::{positive, types};
use jsonschema::Validator;
use proptest::prelude::{BoxedStrategy, Strategy};
use proptest::sample::select;
use serde_json::{Map, Value, json};
use std::sync::Arc;

/// How deep into an instance constraints are broken.
const MAX_DEPTH: usize = 3;

/// Instances that break one constraint.
#[derive(Debug, Clone)]
pub struct Negative {
    /// The keyword.
    pub keyword: String,
    /// JSON pointer of the place in the instance.
    pub at: String,
    pub strategy: BoxedStrategy<Value>,
}

impl Negative {
    /// Whether the validator finds the constraint broken that it is named after.
    pub fn is_broken_by(&self, value: &Value, validator: &Validator) -> bool {
        let choice = ["oneOf", "anyOf", "not", "if", "then", "else"];
        validator.iter_errors(value).any(|error| {
            let found = error.kind().keyword();
            found == self.keyword
                // The validator calls what another name asks for `required` too.
                || self.keyword == "dependentRequired" && found == "required"
                || choice.contains(&found) || found == "falseSchema"
        })
    }
}

/// Every constraint of a schema that an instance can break by itself.
pub fn negatives(schema: &Value, document: &Arc<Value>) -> Vec<Negative> {
    let mut found = Vec::new();
    let whole = positive(schema, document);
    at(schema, document, &whole, "", 0, &mut found);
    found
}

fn at(
    schema: &Value,
    document: &Arc<Value>,
    good: &BoxedStrategy<Value>,
    pointer: &str,
    depth: usize,
    found: &mut Vec<Negative>,
) {
    let map = flat(schema, document, 0);
    for (keyword, strategy) in own(&map, good, document) {
        found.push(Negative { keyword, at: pointer.to_owned(), strategy });
    }
    if depth >= MAX_DEPTH {
        return;
    }
    for (name, property) in map.get("properties").and_then(Value::as_object).into_iter().flatten() {
        let mut inner = Vec::new();
        let below = positive(property, document);
        at(
            property,
            document,
            &below,
            &format!("{pointer}/{}", crate::http::json::escape(name)),
            depth + 1,
            &mut inner,
        );
        for negative in inner {
            let name = name.clone();
            let placed = (good.clone(), negative.strategy).prop_map(move |(mut whole, bad)| {
                if let Value::Object(map) = &mut whole {
                    map.insert(name.clone(), bad);
                }
                whole
            });
            found.push(Negative { strategy: placed.boxed(), ..negative });
        }
    }
    if let Some(items) = map.get("items").filter(|items| items.is_object()) {
        let mut inner = Vec::new();
        let below = positive(items, document);
        at(items, document, &below, &format!("{pointer}/0"), depth + 1, &mut inner);
        for negative in inner {
            let placed = (good.clone(), negative.strategy).prop_map(|(mut whole, bad)| {
                if let Value::Array(items) = &mut whole {
                    items.insert(0, bad);
                }
                whole
            });
            found.push(Negative { strategy: placed.boxed(), ..negative });
        }
    }
}

fn texts(good: &BoxedStrategy<Value>, change: impl Fn(&str) -> String + 'static) -> BoxedStrategy<Value> {
    good.clone().prop_map(move |value| json!(change(value.as_str().unwrap_or_default()))).boxed()
}

/// The keywords of one schema object, each with what breaks it.
fn own(
    map: &Map<String, Value>,
    good: &BoxedStrategy<Value>,
    document: &Arc<Value>,
) -> Vec<(String, BoxedStrategy<Value>)> {
    let mut found: Vec<(String, BoxedStrategy<Value>)> = Vec::new();
    let allowed = types(map);
    let is = |name: &str| allowed.iter().any(|t| t == name);
    for (keyword, value) in map {
        let number = value.as_f64();
        let count = value.as_u64().map(|n| n as usize);
        let mut add = |strategy: BoxedStrategy<Value>| found.push((keyword.clone(), strategy));
        match (keyword.as_str(), number, count) {
            ("type", ..) => {
                let all = [
                    ("string", json!("text")),
                    ("integer", json!(7)),
                    ("number", json!(1.5)),
                    ("boolean", json!(true)),
                    ("null", Value::Null),
                    ("array", json!([])),
                    ("object", json!({})),
                ];
                let wide = |name: &str| is(name) || name == "integer" && is("number");
                let others: Vec<Value> =
                    all.into_iter().filter(|(name, _)| !wide(name)).map(|(_, v)| v).collect();
                if !others.is_empty() {
                    add(select(others).boxed());
                }
            }
            ("enum" | "const", ..) => {
                add(select(vec![json!("fz1q"), json!(-98_765), json!(false), Value::Null]).boxed())
            }
            ("minLength", _, Some(n)) if n > 0 => add(texts(good, move |t| t.chars().take(n - 1).collect())),
            ("maxLength", _, Some(n)) if n < 100_000 => {
                add(texts(good, move |t| t.chars().chain(std::iter::repeat('a')).take(n + 1).collect()));
            }
            ("pattern", ..) => {
                for index in 0..3 {
                    add(texts(good, move |t| match index {
                        0 => format!("{t}\u{1}"),
                        1 => format!("\u{1}{t}"),
                        _ => "\u{1}".into(),
                    }));
                }
            }
            ("format", ..) => {
                add(select(vec![json!("fz1q:"), json!("\u{1}"), json!("-"), json!("(")]).boxed())
            }
            ("minimum", Some(n), _) => add((1..1_000_i32).prop_map(move |d| json!(n - f64::from(d))).boxed()),
            ("maximum", Some(n), _) => add((1..1_000_i32).prop_map(move |d| json!(n + f64::from(d))).boxed()),
            ("exclusiveMinimum", Some(n), _) => {
                add((0..1_000_i32).prop_map(move |d| json!(n - f64::from(d))).boxed())
            }
            ("exclusiveMaximum", Some(n), _) => {
                add((0..1_000_i32).prop_map(move |d| json!(n + f64::from(d))).boxed())
            }
            ("multipleOf", Some(n), _) => {
                add((1..100_i32).prop_map(move |k| json!(n * f64::from(k) + n / 2.0)).boxed())
            }
            ("minItems", _, Some(n)) if n > 0 => {
                add(good
                    .clone()
                    .prop_map(move |v| {
                        Value::Array(v.as_array().into_iter().flatten().take(n - 1).cloned().collect())
                    })
                    .boxed());
            }
            ("maxItems", _, Some(n)) if n < 10_000 => {
                add(good
                    .clone()
                    .prop_map(move |v| {
                        let items = v.as_array().cloned().unwrap_or_default();
                        let filler = items.first().cloned().unwrap_or(Value::Null);
                        Value::Array(items.into_iter().chain(std::iter::repeat(filler)).take(n + 1).collect())
                    })
                    .boxed());
            }
            ("uniqueItems", ..) if *value == json!(true) => {
                add(good
                    .clone()
                    .prop_map(|v| {
                        let mut items = v.as_array().cloned().unwrap_or_default();
                        let first = items.first().cloned().unwrap_or(Value::Null);
                        items.extend([first.clone(), first]);
                        Value::Array(items)
                    })
                    .boxed());
            }
            ("contains", ..) => add(select(vec![json!([]), json!(["\u{1}"]), json!([null])]).boxed()),
            ("required", ..) => {
                for name in value.as_array().into_iter().flatten().filter_map(Value::as_str) {
                    let name = name.to_owned();
                    add(good
                        .clone()
                        .prop_map(move |mut v| {
                            if let Value::Object(map) = &mut v {
                                map.shift_remove(&name);
                            }
                            v
                        })
                        .boxed());
                }
            }
            ("additionalProperties" | "unevaluatedProperties", ..) if *value == json!(false) => {
                add(with_member(good, "fz1q", json!(1)));
            }
            ("propertyNames", ..) => add(with_member(good, "\u{1}", json!(1))),
            ("minProperties", _, Some(n)) if n > 0 => {
                add(good
                    .clone()
                    .prop_map(move |v| {
                        Value::Object(
                            v.as_object()
                                .into_iter()
                                .flatten()
                                .take(n - 1)
                                .map(|(k, v)| (k.clone(), v.clone()))
                                .collect(),
                        )
                    })
                    .boxed());
            }
            ("maxProperties", _, Some(n)) if n < 10_000 => {
                add(good
                    .clone()
                    .prop_map(move |mut v| {
                        if let Value::Object(map) = &mut v {
                            (0..=n).for_each(|i| {
                                map.insert(format!("fz{i}"), json!(1));
                            });
                        }
                        v
                    })
                    .boxed());
            }
            ("dependentRequired", ..) => {
                for (name, needs) in value.as_object().into_iter().flatten() {
                    let needs: Vec<String> = needs
                        .as_array()
                        .into_iter()
                        .flatten()
                        .filter_map(|n| n.as_str().map(str::to_owned))
                        .collect();
                    let name = name.clone();
                    add(good
                        .clone()
                        .prop_map(move |mut v| {
                            if let Value::Object(map) = &mut v {
                                map.entry(name.clone()).or_insert(json!("x"));
                                needs.iter().for_each(|n| {
                                    map.shift_remove(n);
                                });
                            }
                            v
                        })
                        .boxed());
                }
            }
            ("not", ..) => add(positive(value, document)),
            ("oneOf" | "anyOf", ..) => add(select(vec![
                json!("\u{1}"),
                json!(-98_765.5),
                json!([[[]]]),
                json!({"\u{1}": []}),
                json!(false),
                Value::Null,
            ])
            .boxed()),
            _ => {}
        }
    }
    found
}

fn with_member(good: &BoxedStrategy<Value>, name: &'static str, value: Value) -> BoxedStrategy<Value> {
    good.clone()
        .prop_map(move |mut whole| {
            if let Value::Object(map) = &mut whole {
                map.insert(name.to_owned(), value.clone());
            }
            whole
        })
        .boxed()
}
