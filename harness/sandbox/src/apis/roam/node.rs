//! What a request says, whichever way it was encoded: a tree of members.

use std::fmt;

use serde::de::{Deserialize, Deserializer, MapAccess, SeqAccess, Visitor};

/// A value of a request. Numbers are digits in a form, and digits or numbers in JSON (#53, #71).
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Node {
    /// JSON null.
    Null,
    /// A parameter of a query or form, which has no type.
    Scalar(String),
    /// A JSON string.
    Text(String),
    /// A JSON number or boolean, as it is written.
    Bare(String),
    /// A JSON array.
    List(Vec<Node>),
    /// A JSON object.
    Object(Members),
    /// Bytes that are not of the charset.
    Unreadable,
}

/// The members of an object, or the parameters of a query or form, in their order; a name may be there twice.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(super) struct Members(pub(super) Vec<(String, Node)>);

impl<'de> Deserialize<'de> for Node {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        deserializer.deserialize_any(NodeVisitor)
    }
}

struct NodeVisitor;

impl<'de> Visitor<'de> for NodeVisitor {
    type Value = Node;

    fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("a JSON value")
    }

    fn visit_bool<E>(self, value: bool) -> Result<Node, E> {
        Ok(Node::Bare(value.to_string()))
    }

    fn visit_i64<E>(self, value: i64) -> Result<Node, E> {
        Ok(Node::Bare(value.to_string()))
    }

    fn visit_u64<E>(self, value: u64) -> Result<Node, E> {
        Ok(Node::Bare(value.to_string()))
    }

    fn visit_f64<E>(self, value: f64) -> Result<Node, E> {
        Ok(Node::Bare(value.to_string()))
    }

    fn visit_str<E>(self, value: &str) -> Result<Node, E> {
        Ok(Node::Text(value.to_owned()))
    }

    fn visit_unit<E>(self) -> Result<Node, E> {
        Ok(Node::Null)
    }

    fn visit_seq<A: SeqAccess<'de>>(self, mut sequence: A) -> Result<Node, A::Error> {
        let mut items = Vec::new();
        while let Some(item) = sequence.next_element()? {
            items.push(item);
        }
        Ok(Node::List(items))
    }

    fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<Node, A::Error> {
        let mut members = Vec::new();
        while let Some(member) = map.next_entry()? {
            members.push(member);
        }
        Ok(Node::Object(Members(members)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn bare(text: &str) -> Node {
        Node::Bare(text.to_owned())
    }

    #[test]
    fn numbers_and_text_are_told_apart() {
        let read: Node = serde_json::from_str(r#"[7, "7", true, 60.5, -1, null, {"a": 1, "a": 2}]"#).unwrap();
        let twice = Members(vec![("a".to_owned(), bare("1")), ("a".to_owned(), bare("2"))]);
        let expected = vec![
            bare("7"),
            Node::Text("7".to_owned()),
            bare("true"),
            bare("60.5"),
            bare("-1"),
            Node::Null,
            Node::Object(twice),
        ];
        assert_eq!(read, Node::List(expected));
    }
}
