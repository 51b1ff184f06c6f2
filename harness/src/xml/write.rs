//! From a tree back to text.

use super::tree::{DOCUMENT, Data, Document, ElementData, NodeId};
use std::fmt::{self, Write};

/// Writes the document: the XML declaration as it was, then everything in order. Parsing the result gives the same
/// tree; quotes and white space inside tags may differ from the original.
///
/// The text is Unicode. When the declaration names another encoding, encode it so before sending it.
impl fmt::Display for Document {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(declaration) = &self.declaration {
            writeln!(f, "{declaration}")?;
        }
        for (i, id) in self.ids(DOCUMENT).enumerate() {
            if i > 0 {
                f.write_char('\n')?;
            }
            self.write_tree(id, f)?;
        }
        Ok(())
    }
}

impl Document {
    /// Writes node `top` and its subtree, without recursion.
    fn write_tree(&self, top: NodeId, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut at = top;
        loop {
            self.write_open(at, f)?;
            if let Some(child) = self.first_child(at) {
                at = child;
                continue;
            }
            while at == top || self.next(at).is_none() {
                if at == top {
                    return Ok(());
                }
                let Some(parent) = self.parent(at) else { return Ok(()) };
                at = parent;
                if let Data::Element(element) = self.data(at) {
                    write!(f, "</{}>", element.name)?;
                }
            }
            if let Some(next) = self.next(at) {
                at = next;
            }
        }
    }

    /// Writes a node without children, or the start tag of one with children.
    fn write_open(&self, id: NodeId, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.data(id) {
            Data::Document => Ok(()),
            Data::Element(element) => write_tag(element, self.first_child(id).is_none(), f),
            Data::Text(text) => f.write_str(&escaped(text, false)),
            Data::Cdata(text) => write!(f, "<![CDATA[{text}]]>"),
            Data::Comment(text) => write!(f, "<!--{text}-->"),
            Data::Instruction(text) => write!(f, "<?{text}?>"),
        }
    }
}

fn write_tag(element: &ElementData, empty: bool, f: &mut fmt::Formatter<'_>) -> fmt::Result {
    write!(f, "<{}", element.name)?;
    for attribute in &element.attributes {
        write!(f, " {}=\"{}\"", attribute.name, escaped(&attribute.value, true))?;
    }
    f.write_str(if empty { "/>" } else { ">" })
}

/// `text` as character data, or as the value of an attribute in quotes of either kind.
pub(crate) fn escaped(text: &str, attribute: bool) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '"' if attribute => out.push_str("&quot;"),
            '\'' if attribute => out.push_str("&apos;"),
            // A parser would turn these into other white space.
            '\r' => out.push_str("&#13;"),
            '\n' if attribute => out.push_str("&#10;"),
            '\t' if attribute => out.push_str("&#9;"),
            _ => out.push(c),
        }
    }
    out
}
