//! Proptest strategies from JSON Schema 2020-12: [`positive`] for valid instances, [`negatives`] for invalid ones, each
//! by the one constraint that it breaks. What a strategy cannot promise by construction (`not`, several patterns at
//! once) the validator decides: [`sample`] gives only what it confirms.

mod negative;
mod object;
mod positive;
mod scalar;

pub use negative::{Negative, negatives};
pub use positive::{positive, types};
pub(in crate::fuzz) use scalar::plain;

use jsonschema::Validator;
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::{Config, RngAlgorithm, RngSeed, TestRng, TestRunner};
use serde_json::{Map, Value};

/// A value that can be made simpler.
pub type Tree = Box<dyn ValueTree<Value = Value>>;

/// Tries for one value that the validator confirms.
const TRIES: usize = 30;

/// A source of random values that a seed decides.
pub fn runner(seed: u64) -> TestRunner {
    let config = Config { rng_seed: RngSeed::Fixed(seed), failure_persistence: None, ..Config::default() };
    let mut bytes = [0; 32];
    for (i, byte) in bytes.iter_mut().enumerate() {
        *byte = (seed.rotate_left(i as u32 * 7) as u8) ^ i as u8;
    }
    TestRunner::new_with_rng(config, TestRng::from_seed(RngAlgorithm::ChaCha, &bytes))
}

/// A valid instance; `None` where the strategy finds none.
pub fn sample(
    strategy: &BoxedStrategy<Value>,
    validator: &Validator,
    runner: &mut TestRunner,
) -> Option<Tree> {
    grow(strategy, runner, |value| validator.is_valid(value))
}

/// An instance that breaks the constraint of its name; `None` where the strategy finds none.
pub fn sample_negative(negative: &Negative, validator: &Validator, runner: &mut TestRunner) -> Option<Tree> {
    grow(&negative.strategy, runner, |value| negative.is_broken_by(value, validator))
}

/// The first of some values that is as it should be.
pub fn grow(
    strategy: &BoxedStrategy<Value>,
    runner: &mut TestRunner,
    fits: impl Fn(&Value) -> bool,
) -> Option<Tree> {
    (0..TRIES).find_map(|_| {
        let tree = strategy.new_tree(runner).ok()?;
        fits(&tree.current()).then(|| Box::new(tree) as Tree)
    })
}

/// Two schemas as one that asks for both, as far as one object of keywords can say it.
fn both(a: &Map<String, Value>, b: &Map<String, Value>) -> Map<String, Value> {
    let mut merged = a.clone();
    for (key, value) in b {
        let joined = match (merged.get(key), value) {
            (None, value) => value.clone(),
            (Some(Value::Object(x)), Value::Object(y)) if key == "properties" => {
                let mut all = x.clone();
                for (name, schema) in y {
                    let schema = match (x.get(name), schema) {
                        (Some(Value::Object(x)), Value::Object(y)) => Value::Object(both(x, y)),
                        (_, schema) => schema.clone(),
                    };
                    all.insert(name.clone(), schema);
                }
                Value::Object(all)
            }
            (Some(Value::Array(x)), Value::Array(y)) if key == "required" => {
                x.iter().chain(y.iter().filter(|n| !x.contains(n))).cloned().collect()
            }
            (Some(Value::Array(x)), Value::Array(y)) if key == "enum" => {
                x.iter().filter(|v| y.contains(v)).cloned().collect()
            }
            (Some(x), y) if key == "type" => common_types(x, y),
            (Some(Value::Number(x)), Value::Number(y)) => {
                let greater = x.as_f64() > y.as_f64();
                let wants_greater = key.to_lowercase().contains("min");
                Value::Number(if greater == wants_greater { x.clone() } else { y.clone() })
            }
            (Some(_), value) => value.clone(),
        };
        merged.insert(key.clone(), joined);
    }
    merged
}

fn common_types(a: &Value, b: &Value) -> Value {
    let list = |v: &Value| match v {
        Value::Array(types) => types.clone(),
        one => vec![one.clone()],
    };
    let (a, b) = (list(a), list(b));
    let allows = |types: &[Value], t: &Value| {
        types.contains(t) || t == "integer" && types.iter().any(|x| x == "number")
    };
    let mut common: Vec<Value> = a.iter().filter(|t| allows(&b, t)).cloned().collect();
    common.extend(b.iter().filter(|t| allows(&a, t) && !common.contains(t)).cloned().collect::<Vec<_>>());
    Value::Array(common)
}

/// A schema with `$ref` and `$dynamicRef` followed and `allOf` put together.
fn flat(schema: &Value, document: &Value, depth: usize) -> Map<String, Value> {
    let Value::Object(own) = schema else { return Map::new() };
    let mut merged = Map::new();
    if depth > 12 {
        return own.clone();
    }
    for key in ["$ref", "$dynamicRef"] {
        if let Some(there) = own.get(key).and_then(Value::as_str).and_then(|target| lookup(target, document))
        {
            merged = both(&merged, &flat(there, document, depth + 1));
        }
    }
    for part in own.get("allOf").and_then(Value::as_array).into_iter().flatten() {
        merged = both(&merged, &flat(part, document, depth + 1));
    }
    let mut rest = own.clone();
    for key in ["$ref", "$dynamicRef", "allOf"] {
        rest.remove(key);
    }
    both(&merged, &rest)
}

/// What a reference within the document leads to: a JSON pointer, an anchor, or the root.
fn lookup<'d>(target: &str, document: &'d Value) -> Option<&'d Value> {
    let fragment = target.split_once('#').map_or("", |(_, fragment)| fragment);
    match fragment.is_empty() || fragment.starts_with('/') {
        true => {
            document.pointer(&crate::http::charset::percent_decode(&fragment.replace('+', "%2B"), "utf-8"))
        }
        false => anchored(document, fragment),
    }
}

fn anchored<'d>(value: &'d Value, name: &str) -> Option<&'d Value> {
    let is = |key: &str| value.get(key).and_then(Value::as_str) == Some(name);
    if is("$anchor") || is("$dynamicAnchor") {
        return Some(value);
    }
    match value {
        Value::Object(map) => map.values().find_map(|value| anchored(value, name)),
        Value::Array(items) => items.iter().find_map(|value| anchored(value, name)),
        _ => None,
    }
}
