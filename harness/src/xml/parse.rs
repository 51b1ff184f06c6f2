//! From bytes to a [`Document`]: quick-xml cuts the text into markup, this checks what it leaves unchecked.
//!
//! Checked here: the `Char` production, names, the grammar of tags, attribute uniqueness (by expanded name), matching
//! tags, one root, nothing but comments and processing instructions around it, `]]>` in text, `--` in comments, the
//! XML declaration, references, namespaces, and the limits. A document type declaration is refused unread.

use super::encoding;
use super::error::{XmlError, XmlErrorKind, quoted};
use super::limits::{DEPTH_CEILING, Limits};
use super::lines::Lines;
use super::names::{self, Scope};
use super::reference::{self, Defect};
use super::tag;
use super::tree::{Attribute, DOCUMENT, Data, Document, ElementData, NodeId};
use super::{chars, declaration};
use quick_xml::Reader;
use quick_xml::errors::{Error as ReaderError, IllFormedError, SyntaxError};
use quick_xml::events::Event;
use std::sync::Arc;

/// Parses the body of an HTTP message. `declared_charset` is the `charset` parameter of its `Content-Type`.
///
/// A charset that contradicts the document is no error as long as the bytes can be read: see
/// [`Encoding::conflicts`](super::Encoding::conflicts).
///
/// # Errors
/// [`XmlError`] with the position of the first defect.
pub fn parse(bytes: &[u8], declared_charset: Option<&str>, limits: &Limits) -> Result<Document, XmlError> {
    let (text, bom_len, encoding) = encoding::decode(bytes, declared_charset)?;
    let mut parser = Parser {
        text: &text,
        lines: Lines::new(&text, bom_len),
        limits: *limits,
        document: Document::new(encoding, bom_len),
        nodes: 0,
        open: Vec::new(),
        scope: Scope::default(),
        root: None,
        text_node: None,
    };
    parser.run()?;
    Ok(parser.document)
}

struct Parser<'a> {
    text: &'a str,
    lines: Lines<'a>,
    limits: Limits,
    document: Document,
    /// Nodes and attributes so far.
    nodes: usize,
    open: Vec<Open<'a>>,
    scope: Scope,
    root: Option<NodeId>,
    /// The text node that character data goes on in, when the last thing read was character data.
    text_node: Option<NodeId>,
}

/// An element whose end tag has not come yet.
struct Open<'a> {
    id: NodeId,
    name: &'a str,
    /// Declarations in scope around the element.
    scope: usize,
}

impl<'a> Parser<'a> {
    fn run(&mut self) -> Result<(), XmlError> {
        if let Some((at, c)) = chars::first_illegal(self.text) {
            let message = format!("U+{:04X} is not a character that XML 1.0 allows", c as u32);
            return Err(self.error(at, XmlErrorKind::Character, message));
        }
        if chars::is_blank(self.text) {
            return Err(self.error(0, XmlErrorKind::Empty, "the document is empty".to_owned()));
        }
        if self.text.starts_with('\u{FEFF}') {
            return Err(self.syntax(0, "a second byte order mark"));
        }
        let mut reader = Reader::from_str(self.text);
        // End tags are matched below, where the message can say which line opened the element.
        reader.config_mut().check_end_names = false;
        reader.config_mut().allow_unmatched_ends = true;
        loop {
            let start = usize::try_from(reader.buffer_position()).unwrap_or(self.text.len());
            let event = match reader.read_event() {
                Ok(event) => event,
                Err(error) => return Err(self.refused(start, &error)),
            };
            let end = usize::try_from(reader.buffer_position()).unwrap_or(self.text.len());
            let text: &'a str = self.text;
            let raw = text.get(start..end).unwrap_or("");
            match event {
                Event::Start(_) => self.start(start, raw, false)?,
                Event::Empty(_) => self.start(start, raw, true)?,
                Event::End(_) => self.end(start, raw)?,
                Event::Text(_) => self.characters(start, raw)?,
                Event::GeneralRef(_) => self.reference(start, raw)?,
                Event::CData(_) => self.cdata(start, raw)?,
                Event::Comment(_) => self.comment(start, raw)?,
                Event::Decl(_) | Event::PI(_) => self.instruction(start, raw)?,
                Event::DocType(_) => return Err(self.dtd(start)),
                Event::Eof => break,
            }
        }
        if let Some(open) = self.open.last() {
            let (name, line) = (quoted(open.name), self.document.position(open.id).line);
            let message = format!("the document ends before `</{name}>`, opened on line {line}");
            return Err(self.error(self.text.len(), XmlErrorKind::Truncated, message));
        }
        match self.root {
            Some(root) => self.document.set_root(root),
            None => {
                let message = "the document ends before its root element".to_owned();
                return Err(self.error(self.text.len(), XmlErrorKind::Truncated, message));
            }
        }
        Ok(())
    }

    fn start(&mut self, at: usize, raw: &'a str, empty: bool) -> Result<(), XmlError> {
        if self.open.is_empty() && self.root.is_some() {
            return Err(self.syntax(at, "a second element after the root"));
        }
        let depth = self.limits.max_depth.min(DEPTH_CEILING);
        if self.open.len() >= depth {
            let message = format!("elements are nested more than {depth} deep");
            return Err(self.error(at, XmlErrorKind::Depth, message));
        }
        let tag =
            tag::start_tag(raw, self.limits.max_attributes).map_err(|defect| self.defect(at, defect))?;
        let position = self.lines.at(at);
        let outside = self.scope.len();
        for attribute in &tag.attributes {
            self.declare(at, attribute)?;
        }
        let namespace = self.namespace(tag.name, true).map_err(|message| self.name_error(at, message))?;
        let mut attributes = Vec::with_capacity(tag.attributes.len());
        for raw in tag.attributes {
            let namespace =
                self.namespace(raw.name, false).map_err(|m| self.name_error(at + raw.offset, m))?;
            let position = self.lines.at(at + raw.offset);
            attributes.push(Attribute { name: raw.name.to_owned(), namespace, value: raw.value, position });
        }
        if let Some(twice) = super::tree::repeated(&attributes) {
            let message = format!("attribute `{}` is given twice", quoted(&twice.name));
            return Err(XmlError {
                kind: XmlErrorKind::DuplicateAttribute,
                position: twice.position,
                message,
            });
        }
        self.count(at, attributes.len())?;
        let data = ElementData { name: tag.name.to_owned(), namespace, attributes };
        let id = self.node(at, position, Data::Element(Box::new(data)))?;
        self.root.get_or_insert(id);
        if empty {
            self.scope.truncate(outside);
        } else {
            self.open.push(Open { id, name: tag.name, scope: outside });
        }
        Ok(())
    }

    /// Takes `attribute` into scope if it declares a namespace.
    fn declare(&mut self, at: usize, attribute: &tag::RawAttribute<'_>) -> Result<(), XmlError> {
        let (prefix, uri) = match names::split(attribute.name) {
            ("xmlns", prefix) => (prefix, attribute.value.as_str()),
            ("", "xmlns") => ("", attribute.value.as_str()),
            _ => return Ok(()),
        };
        let at = at + attribute.offset;
        let wrong = match (prefix, uri) {
            ("xml", names::XML) => None,
            ("xml", _) | (_, names::XML) => Some(format!("only `xml` stands for `{}`", names::XML)),
            ("xmlns", _) | (_, names::XMLNS) => Some("`xmlns` cannot be declared".to_owned()),
            ("", _) => None,
            (_, "") => Some(format!("prefix `{}` is declared with an empty URI", quoted(prefix))),
            _ => None,
        };
        if let Some(message) = wrong {
            return Err(self.error(at, XmlErrorKind::Namespace, message));
        }
        if self.scope.len() >= self.limits.max_namespaces {
            let message = format!("more than {} namespace declarations in scope", self.limits.max_namespaces);
            return Err(self.error(at, XmlErrorKind::Size, message));
        }
        self.scope.declare(prefix, uri);
        Ok(())
    }

    /// The namespace of a name as written. The default namespace is for elements only.
    fn namespace(&self, name: &str, element: bool) -> Result<Option<Arc<str>>, String> {
        let unknown =
            |prefix: &str| format!("prefix `{}` of `{}` is not declared", quoted(prefix), quoted(name));
        match names::split(name) {
            ("", "xmlns") | ("xmlns", _) if !element => Ok(Some(Arc::from(names::XMLNS))),
            ("", _) if !element => Ok(None),
            (prefix, _) => self.scope.lookup(prefix).map_err(|()| unknown(prefix)),
        }
    }

    fn end(&mut self, at: usize, raw: &str) -> Result<(), XmlError> {
        let name = tag::end_tag(raw);
        let Some(open) = self.open.pop() else {
            let message = format!("`</{}>` closes nothing", quoted(name));
            return Err(self.error(at, XmlErrorKind::Syntax, message));
        };
        if open.name != name {
            let line = self.document.position(open.id).line;
            let (expected, found) = (quoted(open.name), quoted(name));
            let message = format!("`</{found}>` where `</{expected}>` is expected, opened on line {line}");
            return Err(self.error(at, XmlErrorKind::Syntax, message));
        }
        self.scope.truncate(open.scope);
        self.text_node = None;
        Ok(())
    }

    fn characters(&mut self, at: usize, raw: &str) -> Result<(), XmlError> {
        if self.open.is_empty() {
            return match raw.find(|c| !chars::is_space(c)) {
                None => Ok(()),
                Some(offset) => Err(self.outside(at + offset)),
            };
        }
        if let Some(offset) = raw.find("]]>") {
            return Err(self.syntax(at + offset, "`]]>` in text: write it as `]]&gt;`"));
        }
        self.add_text(at, &reference::line_ends(raw))
    }

    fn reference(&mut self, at: usize, raw: &str) -> Result<(), XmlError> {
        if self.open.is_empty() {
            return Err(self.outside(at));
        }
        let name = raw.strip_prefix('&').and_then(|rest| rest.strip_suffix(';')).unwrap_or("");
        let c = reference::resolve(name).map_err(|(kind, message)| self.error(at, kind, message))?;
        self.add_text(at, c.encode_utf8(&mut [0; 4]))
    }

    fn add_text(&mut self, at: usize, text: &str) -> Result<(), XmlError> {
        if let Some(id) = self.text_node
            && let Data::Text(before) = self.document.data_mut(id)
        {
            before.push_str(text);
            return Ok(());
        }
        let position = self.lines.at(at);
        self.text_node = Some(self.node(at, position, Data::Text(text.to_owned()))?);
        Ok(())
    }

    fn cdata(&mut self, at: usize, raw: &str) -> Result<(), XmlError> {
        if self.open.is_empty() {
            return Err(self.outside(at));
        }
        let inner = raw.strip_prefix("<![CDATA[").and_then(|rest| rest.strip_suffix("]]>")).unwrap_or("");
        let position = self.lines.at(at);
        self.node(at, position, Data::Cdata(reference::line_ends(inner).into_owned()))?;
        Ok(())
    }

    fn comment(&mut self, at: usize, raw: &str) -> Result<(), XmlError> {
        let inner = raw.strip_prefix("<!--").and_then(|rest| rest.strip_suffix("-->")).unwrap_or("");
        if let Some(offset) = inner.find("--").or_else(|| inner.ends_with('-').then(|| inner.len() - 1)) {
            return Err(self.syntax(at + 4 + offset, "`--` in a comment"));
        }
        let position = self.lines.at(at);
        self.node(at, position, Data::Comment(reference::line_ends(inner).into_owned()))?;
        Ok(())
    }

    fn instruction(&mut self, at: usize, raw: &str) -> Result<(), XmlError> {
        let inner = raw.strip_prefix("<?").and_then(|rest| rest.strip_suffix("?>")).unwrap_or("");
        let target = inner.split(chars::is_space).next().unwrap_or("");
        if target == "xml" {
            if at != 0 {
                return Err(self.syntax(at, "an XML declaration after the start of the document"));
            }
            declaration::check(inner).map_err(|message| self.syntax(at, &message))?;
            self.document.declaration = Some(raw.to_owned());
            return Ok(());
        }
        if !chars::is_ncname(target) || target.eq_ignore_ascii_case("xml") {
            let message =
                format!("`{}` is not a name that a processing instruction may have", quoted(target));
            return Err(self.syntax(at, &message));
        }
        let position = self.lines.at(at);
        self.node(at, position, Data::Instruction(reference::line_ends(inner).into_owned()))?;
        Ok(())
    }

    /// Appends a node where the parser is.
    fn node(&mut self, at: usize, position: super::Position, data: Data) -> Result<NodeId, XmlError> {
        self.count(at, 1)?;
        let id = self.document.push(data, position);
        self.document.append(self.open.last().map_or(DOCUMENT, |open| open.id), id);
        self.text_node = None;
        Ok(id)
    }

    fn count(&mut self, at: usize, more: usize) -> Result<(), XmlError> {
        self.nodes += more;
        if self.nodes > self.limits.max_nodes {
            let message = format!("more than {} elements, attributes and texts", self.limits.max_nodes);
            return Err(self.error(at, XmlErrorKind::Size, message));
        }
        Ok(())
    }

    /// What quick-xml could not cut into markup.
    fn refused(&mut self, at: usize, error: &ReaderError) -> XmlError {
        let rest = &self.text[at..];
        if rest.get(..9).is_some_and(|head| head.eq_ignore_ascii_case("<!DOCTYPE")) {
            return self.dtd(at);
        }
        let (kind, message) = match error {
            ReaderError::IllFormed(IllFormedError::UnclosedReference) if rest.contains('<') => {
                (XmlErrorKind::Entity, "`&` begins no reference: write it as `&amp;`".to_owned())
            }
            ReaderError::Syntax(SyntaxError::InvalidBangMarkup) if rest.len() > 3 => (
                XmlErrorKind::Syntax,
                format!("unknown markup `{}`", quoted(rest.lines().next().unwrap_or(""))),
            ),
            ReaderError::Syntax(SyntaxError::UnclosedCData)
                if !rest.starts_with("<![CDATA[") && rest.len() > 8 =>
            {
                (
                    XmlErrorKind::Syntax,
                    format!("unknown markup `{}`", quoted(rest.lines().next().unwrap_or(""))),
                )
            }
            ReaderError::Syntax(_) | ReaderError::IllFormed(IllFormedError::UnclosedReference) => {
                let what = match error {
                    ReaderError::Syntax(SyntaxError::UnclosedComment) => "a comment",
                    ReaderError::Syntax(SyntaxError::UnclosedCData) => "a CDATA section",
                    ReaderError::Syntax(SyntaxError::UnclosedPI) => "a processing instruction",
                    ReaderError::Syntax(SyntaxError::UnclosedXmlDecl) => "the XML declaration",
                    ReaderError::Syntax(SyntaxError::InvalidBangMarkup) => "a markup declaration",
                    ReaderError::IllFormed(_) => "a reference",
                    _ => "a tag",
                };
                (XmlErrorKind::Truncated, format!("the document ends inside {what}"))
            }
            other => (XmlErrorKind::Syntax, quoted(&other.to_string())),
        };
        self.error(at, kind, message)
    }

    fn dtd(&mut self, at: usize) -> XmlError {
        let message = "a document type declaration (`<!DOCTYPE`) is not accepted".to_owned();
        self.error(at, XmlErrorKind::Dtd, message)
    }

    fn outside(&mut self, at: usize) -> XmlError {
        let place = if self.root.is_some() { "after" } else { "before" };
        let message = format!("text {place} the root element: `{}`", quoted(self.text[at..].trim_end()));
        self.error(at, XmlErrorKind::Syntax, message)
    }

    fn syntax(&mut self, at: usize, message: &str) -> XmlError {
        self.error(at, XmlErrorKind::Syntax, message.to_owned())
    }

    fn name_error(&mut self, at: usize, message: String) -> XmlError {
        self.error(at, XmlErrorKind::Namespace, message)
    }

    fn defect(&mut self, at: usize, (offset, kind, message): Defect) -> XmlError {
        self.error(at + offset, kind, message)
    }

    fn error(&mut self, at: usize, kind: XmlErrorKind, message: String) -> XmlError {
        XmlError { kind, position: self.lines.at(at), message }
    }
}
