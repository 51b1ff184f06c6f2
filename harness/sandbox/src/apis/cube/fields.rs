//! The body: a JSON object whose fields are all strings.

use std::collections::BTreeMap;
use std::collections::btree_map::Entry;
use std::fmt;

use serde::de::{Deserialize, Deserializer, Error, MapAccess, Visitor};
use serde_json::Value;

use crate::fault::Faults;

use super::faults;
use super::refusal::Refusal;

/// The fields by name, in byte order of the names.
#[derive(Debug)]
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads a body.
    pub(super) fn parse(faults: &Faults, body: &[u8]) -> Result<Fields, Refusal> {
        let Members(members) = serde_json::from_slice(body).map_err(|_| Refusal::MalformedJson)?;
        let text = |(name, value)| match value {
            Value::String(text) => Ok((name, text)),
            Value::Number(number) if faults.has(&faults::NUMBERS_ACCEPTED) => Ok((name, number.to_string())),
            _ => Err(Refusal::WrongType(name)),
        };
        members.into_iter().map(text).collect::<Result<_, _>>().map(Fields)
    }

    /// A field that must be there and not be empty.
    pub(super) fn required(&self, name: &'static str) -> Result<&str, Refusal> {
        self.optional(name).ok_or(Refusal::MissingField(name))
    }

    /// A field that may be left out or empty.
    pub(super) fn optional(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str).filter(|text| !text.is_empty())
    }

    /// All fields, in byte order of their names.
    pub(super) fn iter(&self) -> impl Iterator<Item = (&str, &str)> {
        self.0.iter().map(|(name, text)| (name.as_str(), text.as_str()))
    }
}

/// An object's members. A name that is there twice is refused: signer and verifier could each take another one.
struct Members(BTreeMap<String, Value>);

impl<'de> Deserialize<'de> for Members {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_map(MembersVisitor).map(Members)
    }
}

struct MembersVisitor;

impl<'de> Visitor<'de> for MembersVisitor {
    type Value = BTreeMap<String, Value>;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("an object")
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Self::Value, A::Error> {
        let mut members = BTreeMap::new();
        while let Some((name, value)) = map.next_entry::<String, Value>()? {
            match members.entry(name) {
                Entry::Vacant(entry) => entry.insert(value),
                Entry::Occupied(entry) => {
                    return Err(A::Error::custom(format_args!("`{}` twice", entry.key())));
                }
            };
        }
        Ok(members)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parse(body: &[u8]) -> Result<Fields, Refusal> {
        Fields::parse(&Faults::resolve(&[]).unwrap(), body)
    }

    #[test]
    fn reads_strings_only() {
        let fields = parse(br#"{"b": "1", "a": ""}"#).unwrap();
        assert_eq!(fields.iter().collect::<Vec<_>>(), [("a", ""), ("b", "1")]);
        assert_eq!(fields.required("b"), Ok("1"));
        assert_eq!(fields.required("a"), Err(Refusal::MissingField("a")));
        assert_eq!(fields.optional("c"), None);
        for value in ["1", "null", "true", "[]", "{}"] {
            let body = format!("{{\"a\": {value}}}");
            assert_eq!(parse(body.as_bytes()).unwrap_err(), Refusal::WrongType("a".to_owned()));
        }
    }

    #[test]
    fn refuses_what_is_no_object() {
        let deep = "[".repeat(100_000);
        let bodies: [&[u8]; 10] = [
            b"",
            b"{",
            b"[]",
            b"null",
            b"{\"a\": \"1\", \"a\": \"2\"}",
            b"{\"a\": \"\xFF\"}",
            b"{\"a\": \"\\ud800\"}",
            b"{} x",
            b"{'a': '1'}",
            deep.as_bytes(),
        ];
        for body in bodies {
            assert_eq!(parse(body).unwrap_err(), Refusal::MalformedJson);
        }
    }
}
