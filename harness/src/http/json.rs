//! JSON text (RFC 8259) to values, with what a lenient parser would hide: duplicate keys, and nesting beyond a bound.

use super::way::Way;
use serde::de::{DeserializeSeed, Deserializer, MapAccess, SeqAccess, Visitor};
use serde_json::map::Entry;
use serde_json::{Map, Number, Value};
use std::cell::{Cell, RefCell};
use std::fmt;

/// The deepest nesting that is read.
pub const MAX_DEPTH: usize = 120;

/// A JSON text as a value, and its flaws.
#[derive(Debug, PartialEq)]
pub struct Parsed {
    pub value: Value,
    /// JSON pointers of members that stand more than once in their object.
    pub duplicates: Vec<String>,
}

/// Why a text is not JSON, with the 1-based line and column.
#[derive(Debug, PartialEq)]
pub struct JsonError {
    pub message: String,
    pub line: usize,
    pub column: usize,
}

pub fn parse(text: &str) -> Result<Parsed, JsonError> {
    let state = RefCell::new(Vec::new());
    let mut deserializer = serde_json::Deserializer::from_str(text);
    let seed = Seed { duplicates: &state, depth: 0, way: &Way::ROOT, members: None };
    let result = seed.deserialize(&mut deserializer).and_then(|v| deserializer.end().map(|()| v));
    match result {
        Ok(value) => Ok(Parsed { value, duplicates: state.into_inner() }),
        Err(error) => {
            let message = error.to_string();
            let message = message.split(" at line ").next().unwrap_or_default().to_owned();
            Err(JsonError { message, line: error.line(), column: error.column() })
        }
    }
}

/// A member name as a JSON pointer token (RFC 6901 section 3).
pub fn escape(token: &str) -> String {
    if token.contains(['~', '/']) { token.replace('~', "~0").replace('/', "~1") } else { token.to_owned() }
}

/// A member of an object. In a small one the names are compared, which takes less time than hashing this one.
pub fn member<'v>(map: &'v Map<String, Value>, name: &str) -> Option<&'v Value> {
    const SMALL: usize = 12;
    match map.len() {
        0..=SMALL => map.iter().find_map(|(key, value)| (key == name).then_some(value)),
        _ => map.get(name),
    }
}

/// The most members that room is made for before they are there.
const MEMBERS: usize = 64;

#[derive(Clone, Copy)]
struct Seed<'a> {
    duplicates: &'a RefCell<Vec<String>>,
    depth: usize,
    way: &'a Way<'a>,
    /// How many members the row before had: the rows of a list mostly have the same.
    members: Option<&'a Cell<usize>>,
}

impl Seed<'_> {
    fn deeper<E: serde::de::Error>(&self) -> Result<usize, E> {
        match self.depth {
            MAX_DEPTH => Err(E::custom(format!("nested deeper than {MAX_DEPTH} levels"))),
            depth => Ok(depth + 1),
        }
    }
}

impl<'de> DeserializeSeed<'de> for Seed<'_> {
    type Value = Value;

    fn deserialize<D: Deserializer<'de>>(self, deserializer: D) -> Result<Value, D::Error> {
        deserializer.deserialize_any(self)
    }
}

impl<'de> Visitor<'de> for Seed<'_> {
    type Value = Value;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, b: bool) -> Result<Value, E> {
        Ok(Value::Bool(b))
    }

    fn visit_i64<E>(self, n: i64) -> Result<Value, E> {
        Ok(n.into())
    }

    fn visit_u64<E>(self, n: u64) -> Result<Value, E> {
        Ok(n.into())
    }

    fn visit_f64<E>(self, n: f64) -> Result<Value, E> {
        Ok(Number::from_f64(n).map_or(Value::Null, Value::Number))
    }

    fn visit_str<E>(self, s: &str) -> Result<Value, E> {
        Ok(Value::String(s.to_owned()))
    }

    fn visit_string<E>(self, s: String) -> Result<Value, E> {
        Ok(Value::String(s))
    }

    fn visit_unit<E>(self) -> Result<Value, E> {
        Ok(Value::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut items = Vec::new();
        let members = Cell::new(0);
        loop {
            let way = self.way.index(items.len());
            match access.next_element_seed(Seed { depth, way: &way, members: Some(&members), ..self })? {
                Some(item) => items.push(item),
                None => return Ok(Value::Array(items)),
            }
        }
    }

    fn visit_map<A: MapAccess<'de>>(self, mut access: A) -> Result<Value, A::Error> {
        let depth = self.deeper()?;
        let mut map = Map::with_capacity(self.members.map_or(0, |members| members.get().min(MEMBERS)));
        while let Some(key) = access.next_key::<String>()? {
            let way = self.way.key(&key);
            let value = access.next_value_seed(Seed { depth, way: &way, members: None, ..self })?;
            match map.entry(key) {
                Entry::Vacant(place) => {
                    place.insert(value);
                }
                Entry::Occupied(mut place) => {
                    self.duplicates.borrow_mut().push(self.way.key(place.key()).pointer());
                    place.insert(value);
                }
            }
        }
        if let Some(members) = self.members {
            members.set(map.len());
        }
        Ok(Value::Object(map))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn values_are_those_of_serde_json() {
        let text = r#"{"a": [1, -2, 3.5, true, null, "x\u00e9"], "b": {"c": {}}}"#;
        let parsed = parse(text).unwrap();
        assert_eq!(parsed.value, serde_json::from_str::<Value>(text).unwrap());
        assert!(parsed.duplicates.is_empty());
    }

    #[test]
    fn duplicates_are_named_by_pointer() {
        let parsed = parse(r#"{"a": [{"x/y": 1, "x/y": 2}], "a": 3}"#).unwrap();
        assert_eq!(parsed.duplicates, ["/a/0/x~1y", "/a"]);
    }

    #[test]
    fn depth_is_bounded_on_both_kinds() {
        for open in ["[", "{\"a\":"] {
            let error = parse(&open.repeat(100_000)).unwrap_err();
            assert!(
                error.message.starts_with("nested deeper") || error.message.contains("recursion"),
                "{error:?}"
            );
        }
        assert!(parse(&format!("{}{}", "[".repeat(100), "]".repeat(100))).is_ok());
    }

    #[test]
    fn errors_have_a_place() {
        assert_eq!(parse("{\n \"a\": tru }").unwrap_err().line, 2);
        assert!(parse("{} x").unwrap_err().message.contains("trailing"));
    }
}
