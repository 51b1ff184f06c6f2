//! What of a JSON body is kept: places that the contract declares volatile or secret by their type only, echoes of the
//! case's own variables by the variables' names.

use super::echo::Echoes;
use crate::contract::Shape;
use serde_json::{Map, Value};

pub fn redact(value: &Value, shape: Option<&Shape>, echoes: &Echoes) -> Value {
    if shape.is_some_and(Shape::is_redacted) {
        return placeholder(value);
    }
    match value {
        Value::Object(map) => {
            let member = |(name, value): (&String, &Value)| {
                let shape = shape.and_then(|s| s.properties.get(name));
                (echoes.text(name), redact(value, shape, echoes))
            };
            Value::Object(map.iter().map(member).collect::<Map<_, _>>())
        }
        Value::Array(items) => {
            let shape = shape.and_then(|s| s.items.as_deref());
            items.iter().map(|item| redact(item, shape, echoes)).collect()
        }
        Value::String(text) => Value::String(echoes.text(text)),
        Value::Number(number) => echoes.number(number).map_or_else(|| value.clone(), Value::String),
        Value::Null | Value::Bool(_) => value.clone(),
    }
}

/// A value's type in its place; null is a type and a value.
fn placeholder(value: &Value) -> Value {
    let word = match value {
        Value::Null => return Value::Null,
        Value::Bool(_) => "[boolean]",
        Value::Number(_) => "[number]",
        Value::String(_) => "[string]",
        Value::Array(_) => "[array]",
        Value::Object(_) => "[object]",
    };
    Value::String(word.into())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn volatile_and_secret_places_keep_their_type() {
        let volatile = json!({"x-proofmark": {"volatile": true}});
        let schema = json!({"properties": {
            "id": volatile, "at": volatile, "list": {"items": {"properties": {"n": volatile}}},
            "pin": {"x-proofmark": {"secret": true}}, "gone": volatile, "all": volatile,
        }});
        let shape = Shape::of(&schema, &json!({}));
        let body = json!({"id": "a", "at": 1.5, "list": [{"n": true, "m": 1}], "pin": "1234", "gone": null, "all": {"x": 1}});
        assert_eq!(
            redact(&body, Some(&shape), &Echoes::default()),
            json!({"id": "[string]", "at": "[number]", "list": [{"n": "[boolean]", "m": 1}], "pin": "[string]", "gone": null, "all": "[object]"})
        );
    }
}
