//! JSON to CEL and back.

use super::lazy;
use cel::Value as Cel;
use cel::common::types::{CelBool, CelDouble, CelNull, CelString};
use cel::common::value::Val;
use serde_json::Value;
use std::collections::HashMap;

/// A CEL value that borrows a JSON value. Numbers become doubles, as CEL's JSON mapping says. Objects and arrays are
/// converted only as far as an expression looks into them.
pub fn from_json<'v>(value: &'v Value) -> Box<dyn Val + 'v> {
    match value {
        Value::Null => Box::new(CelNull),
        Value::Bool(b) => Box::new(CelBool::from(*b)),
        Value::Number(n) => Box::new(CelDouble::from(n.as_f64().unwrap_or(f64::NAN))),
        Value::String(s) => Box::new(CelString::from(s.as_str())),
        Value::Array(items) => Box::new(lazy::List::new(items)),
        Value::Object(map) => Box::new(lazy::Object::new(map)),
    }
}

/// An owned CEL value from a JSON value.
pub fn to_cel(value: &Value) -> Cel {
    match value {
        Value::Null => Cel::Null,
        Value::Bool(b) => Cel::Bool(*b),
        Value::Number(n) => Cel::Float(n.as_f64().unwrap_or(f64::NAN)),
        Value::String(s) => Cel::String(s.clone().into()),
        Value::Array(items) => Cel::List(items.iter().map(to_cel).collect::<Vec<_>>().into()),
        Value::Object(map) => {
            let entries: HashMap<String, Cel> = map.iter().map(|(k, v)| (k.clone(), to_cel(v))).collect();
            Cel::Map(entries.into())
        }
    }
}

/// A JSON value from what a program gave. Doubles without a fraction become whole numbers: a captured `5` is sent as
/// `5`, not as `5.0`.
pub fn to_json(value: &Cel) -> Value {
    match value {
        Cel::Bool(b) => Value::Bool(*b),
        Cel::Int(i) => Value::from(*i),
        Cel::UInt(u) => Value::from(*u),
        Cel::Float(f) if f.fract() == 0.0 && f.abs() < 9_007_199_254_740_992.0 => Value::from(*f as i64),
        Cel::Float(f) => serde_json::Number::from_f64(*f).map_or(Value::Null, Value::Number),
        Cel::String(s) => Value::String(s.to_string()),
        Cel::Bytes(b) => Value::String(String::from_utf8_lossy(b).into_owned()),
        Cel::List(items) => items.iter().map(to_json).collect(),
        Cel::Map(map) => {
            let mut entries: Vec<(String, Value)> =
                map.map.iter().map(|(k, v)| (k.to_string(), to_json(v))).collect();
            entries.sort_by(|a, b| a.0.cmp(&b.0));
            Value::Object(entries.into_iter().collect())
        }
        Cel::Null | Cel::Function(..) | Cel::Opaque(_) | Cel::Struct(_) => Value::Null,
    }
}
