//! [`Place`]: a value in an answer and where it is written, found in the text itself, so that a mutant differs from the
//! answer in nothing but its defect: not in white space, not in the form of another number.

mod html;
mod json;
mod xml;

pub use html::hidden_inputs;
pub use json::places as json;
pub use xml::places as xml;

use std::ops::Range;

/// What a place is in its syntax.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    Object,
    Array,
    String,
    Number,
    Boolean,
    Null,
    /// An XML element that holds elements.
    Element,
    /// An XML element that holds text or nothing.
    Leaf,
    /// An XML attribute.
    Attribute,
    /// An `input` of an HTML form.
    Input,
}

impl Kind {
    /// Whether the place holds one value and no others.
    pub fn is_leaf(self) -> bool {
        !matches!(self, Kind::Object | Kind::Array | Kind::Element)
    }

    /// Whether the value is written as text: not as a literal of JSON.
    pub fn is_text(self) -> bool {
        matches!(self, Kind::String | Kind::Leaf | Kind::Attribute | Kind::Input)
    }
}

/// A value of an answer.
#[derive(Debug, Clone, PartialEq)]
pub struct Place {
    /// JSON pointer in the body as schemas and rules see it (XML and HTML: projected).
    pub pointer: String,
    /// Name of the member, element, attribute or control; empty for the root and for elements of arrays.
    pub name: String,
    pub kind: Kind,
    /// The value: text without quotes and escapes, or the literal.
    pub text: String,
    /// All of it in the text: the JSON value, the XML element, the attribute with its name, the tag of the control.
    pub span: Range<usize>,
    /// What is written for the value: as `span`, or what stands between the tags or quotes.
    pub inner: Range<usize>,
    /// Where the name is written: JSON with its quotes, XML in the start tag.
    pub key: Option<Range<usize>>,
    /// Where the name is written a second time: in the end tag.
    pub end_key: Option<Range<usize>>,
    pub parent: Option<usize>,
    /// Places directly inside, in the order of the text; attributes of an element first.
    pub children: Vec<usize>,
}

impl Place {
    /// The member with its name, as it is taken out or written again.
    pub fn member(&self) -> Range<usize> {
        match (&self.key, self.kind) {
            (
                Some(key),
                Kind::Object | Kind::Array | Kind::String | Kind::Number | Kind::Boolean | Kind::Null,
            ) => key.start..self.span.end,
            _ => self.span.clone(),
        }
    }

    /// The pointer with every index as `*`: the same for each element of a list. Of the root, `body`.
    pub fn field(&self) -> String {
        if self.pointer.is_empty() { "body".into() } else { field(&self.pointer) }
    }

    /// `text` as it is to be written in `inner`.
    pub fn written(&self, text: &str) -> String {
        match self.kind {
            Kind::String => serde_json::Value::from(text).to_string(),
            Kind::Leaf => self.in_tags(&crate::xml::escaped(text, false)),
            Kind::Attribute | Kind::Input => crate::xml::escaped(text, true),
            _ => text.to_owned(),
        }
    }

    /// Markup as it is to be written in `inner`; of an empty-element tag that is its `/>`, and the tag is opened.
    pub fn in_tags(&self, markup: &str) -> String {
        match self.end_key {
            None if self.kind == Kind::Leaf => format!(">{markup}</{}>", self.name),
            _ => markup.to_owned(),
        }
    }
}

/// A JSON pointer with every index as `*`.
pub fn field(pointer: &str) -> String {
    let tokens = pointer.split('/').skip(1).map(|token| {
        let is_index = !token.is_empty() && token.bytes().all(|b| b.is_ascii_digit());
        if is_index { "/*".to_owned() } else { format!("/{token}") }
    });
    tokens.collect()
}
