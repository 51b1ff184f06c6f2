//! Reads an XML body into a small tree. There is no DTD, no entity beyond the five predefined ones, and a bound on
//! depth and number of elements.

use quick_xml::XmlVersion;
use quick_xml::errors::Error;
use quick_xml::events::{BytesDecl, BytesRef, BytesStart, Event};
use quick_xml::reader::Reader;

use crate::fault::Faults;

use super::entities::Entities;

/// The deepest nesting; the documented messages have three levels.
const MAX_DEPTH: usize = 16;

/// The most elements; the documented messages have up to 26.
const MAX_ELEMENTS: usize = 1_000;

/// A body is not XML that this provider takes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct MalformedXml;

impl From<Error> for MalformedXml {
    fn from(_: Error) -> MalformedXml {
        MalformedXml
    }
}

/// An element. Attributes are checked for form and forgotten: no documented request has any.
#[derive(Debug, Default, PartialEq, Eq)]
pub(super) struct Element {
    pub(super) name: String,
    pub(super) children: Vec<Element>,
    text: String,
}

impl Element {
    /// The text of an element without children, trimmed of white space.
    pub(super) fn leaf_text(&self) -> Option<&str> {
        self.children.is_empty().then(|| trim(&self.text))
    }

    /// The one child of this name.
    pub(super) fn child(&self, name: &str) -> Option<&Element> {
        let mut found = self.children.iter().filter(|child| child.name == name);
        found.next().filter(|_| found.next().is_none())
    }
}

/// Parses a UTF-8 document.
pub(super) fn parse(faults: &Faults, body: &[u8]) -> Result<Element, MalformedXml> {
    let text = str::from_utf8(body).map_err(|_| MalformedXml)?;
    let text = text.strip_prefix('\u{FEFF}').unwrap_or(text);
    if !text.chars().all(is_xml_char) {
        return Err(MalformedXml);
    }
    let mut reader = Reader::from_str(text);
    reader.config_mut().check_comments = true;
    let mut tree = Tree::default();
    let mut entities = Entities::default();
    loop {
        let at_start = reader.buffer_position() == 0;
        match reader.read_event()? {
            Event::Start(start) => tree.open(element(&start)?)?,
            Event::Empty(start) => {
                tree.open(element(&start)?)?;
                tree.close()?;
            }
            Event::End(_) => tree.close()?,
            Event::Text(text) => tree.text(&text.xml10_content().map_err(|_| MalformedXml)?)?,
            Event::CData(text) => tree.cdata(&text.xml10_content().map_err(|_| MalformedXml)?)?,
            Event::GeneralRef(reference) => tree.cdata(&resolve(&reference, &entities)?)?,
            Event::Decl(declaration) if at_start => is_utf8(&declaration)?,
            Event::Decl(_) => return Err(MalformedXml),
            Event::DocType(doctype) => entities = Entities::declared(faults, &doctype)?,
            Event::Comment(_) | Event::PI(_) => {}
            Event::Eof => return tree.finish(),
        }
    }
}

/// The elements read so far.
#[derive(Default)]
struct Tree {
    open: Vec<Element>,
    root: Option<Element>,
    elements: usize,
}

impl Tree {
    fn open(&mut self, element: Element) -> Result<(), MalformedXml> {
        self.elements += 1;
        if self.root.is_some() || self.open.len() >= MAX_DEPTH || self.elements > MAX_ELEMENTS {
            return Err(MalformedXml);
        }
        self.open.push(element);
        Ok(())
    }

    fn close(&mut self) -> Result<(), MalformedXml> {
        let element = self.open.pop().ok_or(MalformedXml)?;
        if !element.children.is_empty() && !trim(&element.text).is_empty() {
            return Err(MalformedXml);
        }
        match self.open.last_mut() {
            Some(parent) => parent.children.push(element),
            None => self.root = Some(element),
        }
        Ok(())
    }

    fn text(&mut self, text: &str) -> Result<(), MalformedXml> {
        match self.open.last_mut() {
            Some(element) => element.text.push_str(text),
            None if trim(text).is_empty() => {}
            None => return Err(MalformedXml),
        }
        Ok(())
    }

    /// CDATA and references, which may not be outside of the root even if they are white space.
    fn cdata(&mut self, text: &str) -> Result<(), MalformedXml> {
        self.open.last_mut().ok_or(MalformedXml)?.text.push_str(text);
        Ok(())
    }

    fn finish(self) -> Result<Element, MalformedXml> {
        if self.open.is_empty() { self.root.ok_or(MalformedXml) } else { Err(MalformedXml) }
    }
}

fn element(start: &BytesStart<'_>) -> Result<Element, MalformedXml> {
    let name = str::from_utf8(start.name().into_inner()).map_err(|_| MalformedXml)?.to_owned();
    if start.attributes().any(|attribute| attribute.is_err()) {
        return Err(MalformedXml);
    }
    Ok(Element { name, ..Element::default() })
}

fn is_utf8(declaration: &BytesDecl<'_>) -> Result<(), MalformedXml> {
    if declaration.xml_version()? != XmlVersion::Explicit1_0 {
        return Err(MalformedXml);
    }
    match declaration.encoding() {
        None => Ok(()),
        Some(Ok(encoding)) if encoding.eq_ignore_ascii_case(b"utf-8") => Ok(()),
        Some(_) => Err(MalformedXml),
    }
}

fn resolve(reference: &BytesRef<'_>, entities: &Entities) -> Result<String, MalformedXml> {
    if let Some(character) = reference.resolve_char_ref()? {
        return if is_xml_char(character) { Ok(character.to_string()) } else { Err(MalformedXml) };
    }
    let name = reference.decode().map_err(|_| MalformedXml)?;
    match quick_xml::escape::resolve_xml_entity(&name) {
        Some(text) => Ok(text.to_owned()),
        None => entities.get(&name).ok_or(MalformedXml),
    }
}

fn trim(text: &str) -> &str {
    text.trim_matches([' ', '\t', '\r', '\n'])
}

/// XML 1.0 section 2.2, production 2.
pub(super) fn is_xml_char(character: char) -> bool {
    matches!(character, '\t' | '\n' | '\r' | '\u{20}'..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Element, MalformedXml> {
        parse(&Faults::resolve(&[]).unwrap(), text.as_bytes())
    }

    fn text_of_a(text: &str) -> String {
        read(text).unwrap().child("a").unwrap().leaf_text().unwrap().to_owned()
    }

    #[test]
    fn reads_text_cdata_and_references() {
        let document = "\u{FEFF}<?xml version='1.0' encoding='UTF-8'?>\n<!-- c --><r x='1'>\n <a> 1&amp;&#50;<![CDATA[<3>]]> </a></r> ";
        assert_eq!(text_of_a(document), "1&2<3>");
        assert_eq!(text_of_a("<r><a/></r>"), "");
        assert_eq!(read("<r><a/><a/></r>").unwrap().child("a"), None);
        assert_eq!(read("<r><a><b/></a></r>").unwrap().child("a").unwrap().leaf_text(), None);
    }

    #[test]
    fn refuses_what_is_malformed_or_dangerous() {
        let deep = format!("{}{}", "<a>".repeat(17), "</a>".repeat(17));
        let many = format!("<r>{}</r>", "<a/>".repeat(1_001));
        for document in [
            "",
            " ",
            "a",
            "<r>",
            "<r></s>",
            "</r>",
            "<r/><r/>",
            "<r/>x",
            "x<r/>",
            "<r>x<a/></r>",
            "<r x=1/>",
            "<r x='1' x='2'/>",
            "<r>&nosuch;</r>",
            "<r>&#0;</r>",
            "<r>&#xFFFF;</r>",
            "<r>\u{1}</r>",
            "<r>&</r>",
            "<!DOCTYPE r><r/>",
            "<!DOCTYPE r [<!ENTITY e 'x'>]><r>&e;</r>",
            "<?xml version='1.0' encoding='GBK'?><r/>",
            "<?xml version='1.1'?><r/>",
            " <?xml version='1.0'?><r/>",
            "<r/>&amp;",
            "<r/><![CDATA[]]>",
            "<r",
            "<!--",
            "<r><![CDATA[x</r>",
            "<!-- a -- b --><r/>",
            "{\"a\": 1}",
            &deep,
            &many,
        ] {
            assert_eq!(read(document), Err(MalformedXml), "{document}");
        }
        assert_eq!(parse(&Faults::resolve(&[]).unwrap(), b"<r>\xC4\xE3</r>"), Err(MalformedXml));
    }
}
