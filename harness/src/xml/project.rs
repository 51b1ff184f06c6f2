//! XML as a JSON tree, for rules: `body.RPLY.error_id == '0'`.
//!
//! The projection, for names as written in the document (`soap:Body` stays `soap:Body`):
//!
//! | XML | JSON |
//! |---|---|
//! | the document | an object with one member, named after the root |
//! | `<a>text</a>` | `"text"`, exactly as it is between the tags: references resolved, CDATA included, white space kept |
//! | `<a/>`, `<a></a>` | `""` |
//! | `<a k="v">text</a>` | `{"@k": "v", "#text": "text"}`; `#text` is there even when it is empty |
//! | `<a><b>1</b><c/></a>` | `{"b": "1", "c": ""}` |
//! | `<a><b>1</b><b>2</b></a>` | `{"b": ["1", "2"]}`; one `b` alone is no array |
//! | `<a>text<b>1</b></a>` | `{"#text": "text", "b": "1"}`; white space between elements is dropped, other text joined |
//!
//! Namespace declarations, comments and processing instructions are left out. Every value is a string: XML has no
//! other type. For lists of unknown length use XPath, which does not change shape between one item and two.

use super::chars;
use super::error::Position;
use super::tree::{Child, Document, Element};
use serde_json::{Map, Value};

/// The projection of the tree of `root` (usually [`Document::root`]): an object with `root`'s name as its one member.
/// Recursion is bounded by [`DEPTH_CEILING`](super::DEPTH_CEILING).
pub fn to_json(root: Element<'_>) -> Value {
    Value::Object(Map::from_iter([(root.name().to_owned(), value(root))]))
}

fn value(element: Element<'_>) -> Value {
    let mut members = Map::new();
    for attribute in element.attributes().iter().filter(|a| !a.is_namespace_declaration()) {
        members.insert(format!("@{}", attribute.name), Value::String(attribute.value.clone()));
    }
    let mut text = String::new();
    let mut leaf = true;
    for child in element.children() {
        match child {
            Child::Element(child) => {
                leaf = false;
                add(&mut members, child.name(), value(child));
            }
            Child::Text(part) | Child::CData(part) => text.push_str(part),
            Child::Comment(_) | Child::Instruction(_) => {}
        }
    }
    if leaf && members.is_empty() {
        return Value::String(text);
    }
    if leaf || !chars::is_blank(&text) {
        members.insert("#text".to_owned(), Value::String(text));
    }
    Value::Object(members)
}

/// Adds a member; a second one of the name makes an array. A value of a member is never an array in itself.
fn add(members: &mut Map<String, Value>, name: &str, value: Value) {
    match members.get_mut(name) {
        None => {
            members.insert(name.to_owned(), value);
        }
        Some(Value::Array(items)) => items.push(value),
        Some(first) => *first = Value::Array(vec![first.take(), value]),
    }
}

/// Where in the document a JSON pointer into its projection leads.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Located {
    /// Path in the form of [`Element::xpath`], with `/@name` for an attribute and `/text()` for `#text`. Steps that the
    /// document does not have are there as well.
    pub xpath: String,
    /// Where the thing is; where the innermost element that exists begins, when it is not there.
    pub position: Position,
    /// Whether the document has it.
    pub found: bool,
}

/// Maps a JSON pointer (RFC 6901) into the projection of `document` to the place in the document, so that a finding
/// about the projection can be shown as one about the XML. A pointer to an array leads to its first element.
pub fn locate(document: &Document, pointer: &str) -> Located {
    let mut tokens = pointer.split('/').skip(1).map(|t| t.replace("~1", "/").replace("~0", "~")).peekable();
    let root = document.root();
    let mut at = Some(root);
    let mut located = Located { xpath: format!("/{}", root.name()), position: root.position(), found: true };
    match tokens.next() {
        None => return located,
        Some(name) if name != root.name() => {
            located.xpath = format!("/{name}");
            located.found = false;
            at = None;
        }
        Some(_) => {}
    }
    while let Some(token) = tokens.next() {
        if let Some(name) = token.strip_prefix('@') {
            let attribute = at.and_then(|e| e.attributes().iter().find(|a| a.name == name));
            located.step(&format!("/@{name}"), attribute.map(|a| a.position));
            at = None;
        } else if token == "#text" {
            located.step("/text()", at.map(Element::position));
            at = None;
        } else {
            let index =
                tokens.next_if(|t| t.bytes().all(|b| b.is_ascii_digit())).and_then(|t| t.parse().ok());
            let index = index.unwrap_or(0_usize);
            at = at.and_then(|e| e.elements().filter(|c| c.name() == token).nth(index));
            located.step(&format!("/{token}[{}]", index + 1), at.map(Element::position));
        }
    }
    located
}

impl Located {
    fn step(&mut self, step: &str, position: Option<Position>) {
        self.xpath.push_str(step);
        self.found &= position.is_some();
        if self.found
            && let Some(position) = position
        {
            self.position = position;
        }
    }
}
