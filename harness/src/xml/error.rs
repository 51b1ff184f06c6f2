//! What can be wrong with an XML document before any schema is asked, and where.

use std::fmt;

/// A place in a document.
///
/// `line` and `column` are 1-based; a column counts Unicode characters, and `\n`, `\r` and `\r\n` each end one line.
/// `offset` is 0-based and counts bytes of the body, the byte order mark included. It is exact for UTF-8 bodies; for a
/// body in another encoding it counts bytes of the text after conversion to UTF-8.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Position {
    pub offset: usize,
    pub line: u32,
    pub column: u32,
}

impl fmt::Display for Position {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "line {}, column {}", self.line, self.column)
    }
}

/// What kind of defect an [`XmlError`] is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum XmlErrorKind {
    /// No bytes, or nothing but white space.
    Empty,
    /// The bytes are not text in the encoding that the document names, or that encoding is unknown.
    Encoding,
    /// A document type declaration. It is refused unread, so that no entity is ever declared or expanded.
    Dtd,
    /// A reference to an entity other than `amp`, `lt`, `gt`, `apos` and `quot`, or a malformed reference.
    Entity,
    /// Elements nested deeper than [`Limits::max_depth`](super::Limits::max_depth).
    Depth,
    /// More nodes, attributes or namespace declarations than [`Limits`](super::Limits) allows.
    Size,
    /// A character that XML 1.0 does not allow (section 2.2), such as NUL, literally or as a character reference.
    Character,
    /// An attribute given twice.
    DuplicateAttribute,
    /// An undeclared prefix or another breach of Namespaces in XML 1.0.
    Namespace,
    /// The document ends too early.
    Truncated,
    /// Any other breach of the grammar of XML 1.0.
    Syntax,
}

/// Why a body is not a document that can be judged. `Display` gives the position and the message.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct XmlError {
    pub kind: XmlErrorKind,
    pub position: Position,
    /// One line, lower case, with names in backticks. It quotes at most `QUOTED` characters of the document at once.
    pub message: String,
}

impl fmt::Display for XmlError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.position, self.message)
    }
}

impl std::error::Error for XmlError {}

/// How many characters of a document a message quotes at most.
pub const QUOTED: usize = 60;

/// `text` for a message: cut to [`QUOTED`] characters, control characters replaced by their escapes.
pub(crate) fn quoted(text: &str) -> String {
    let mut out: String = text.chars().take(QUOTED).flat_map(readable).collect();
    if text.chars().nth(QUOTED).is_some() {
        out.push('…');
    }
    out
}

fn readable(c: char) -> Vec<char> {
    if c.is_control() { c.escape_default().collect() } else { vec![c] }
}
