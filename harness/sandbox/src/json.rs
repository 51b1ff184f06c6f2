//! JSON objects whose members keep their order, so that answers look like the documents.

use std::fmt::{self, Display};

use serde_json::Value;

/// A JSON object being written: members in order, each value JSON text. Nothing stops a name from being pushed twice:
/// one of the faults is exactly that.
#[derive(Debug, Default)]
pub(crate) struct Object(Vec<(&'static str, String)>);

impl Object {
    /// Adds a member; the value's `Display` must be JSON, as that of [`Value`] and of [`Object`] is.
    pub(crate) fn push(&mut self, name: &'static str, value: impl Display) {
        self.0.push((name, value.to_string()));
    }

    /// Adds a member if there is a value for it, which is written as [`Object::push`] does.
    pub(crate) fn push_optional(&mut self, name: &'static str, value: Option<impl Display>) {
        if let Some(value) = value {
            self.push(name, value);
        }
    }

    /// Adds a member with a string value.
    pub(crate) fn push_text(&mut self, name: &'static str, text: &str) {
        self.push(name, Value::from(text));
    }

    /// The object without the members that are null, as serializers write it that are told to leave them out.
    pub(crate) fn without_nulls(self) -> Object {
        Object(self.0.into_iter().filter(|(_, value)| value != "null").collect())
    }
}

impl Display for Object {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("{")?;
        for (index, (name, value)) in self.0.iter().enumerate() {
            let comma = if index == 0 { "" } else { "," };
            write!(f, "{comma}\"{name}\":{value}")?;
        }
        f.write_str("}")
    }
}

/// A JSON array of values whose `Display` is JSON.
pub(crate) fn array(values: impl IntoIterator<Item = impl Display>) -> String {
    let values: Vec<String> = values.into_iter().map(|value| value.to_string()).collect();
    format!("[{}]", values.join(","))
}

/// A JSON string.
pub(crate) fn text(text: &str) -> Value {
    Value::from(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn keeps_order_and_escapes_text() {
        let mut inner = Object::default();
        inner.push("z", Value::Null);
        let mut object = Object::default();
        object.push_text("b", "\"\u{0}联");
        object.push("a", inner);
        object.push_optional("c", None::<u8>);
        object.push_optional("d", Some(array([1, 2])));
        assert_eq!(object.to_string(), "{\"b\":\"\\\"\\u0000联\",\"a\":{\"z\":null},\"d\":[1,2]}");
    }

    #[test]
    fn arrays_and_objects_without_nulls() {
        let mut object = Object::default();
        object.push("a", Value::Null);
        object.push("b", 1);
        assert_eq!(array([object.without_nulls(), Object::default()].iter()), "[{\"b\":1},{}]");
        assert_eq!(array(std::iter::empty::<Object>()), "[]");
    }
}
