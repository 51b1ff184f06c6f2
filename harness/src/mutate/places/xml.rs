//! Places of an XML text.

use super::{Kind, Place};
use crate::http::json::escape;
use std::ops::Range;

/// Every element and attribute of `text`, outer ones first. `text` has been parsed already, so that it is well-formed and
/// has no document type declaration; pointers are those of the projection to JSON.
pub fn places(text: &str) -> Vec<Place> {
    let mut found: Vec<Place> = Vec::new();
    let mut open: Vec<usize> = Vec::new();
    let mut at = 0;
    while let Some(start) = text[at..].find('<').map(|n| at + n) {
        let rest = &text[start..];
        let until = |end: &str| rest.find(end).map_or(text.len(), |n| start + n + end.len());
        if rest.starts_with("<!--") {
            at = until("-->");
        } else if rest.starts_with("<![CDATA[") {
            at = until("]]>");
        } else if rest.starts_with("<?") {
            at = until("?>");
        } else if rest.starts_with("</") {
            at = until(">");
            let Some(index) = open.pop() else { break };
            let place = &mut found[index];
            let name = start + 2..start + 2 + place.name.len();
            place.inner.end = start;
            place.span.end = at;
            place.end_key = Some(name);
        } else {
            let end = tag_end(text, start);
            let empty = text[..end].ends_with("/>");
            let index = found.len();
            element(text, start..end, open.last().copied(), &mut found);
            match empty {
                true => {
                    found[index].inner = end - 2..end;
                    found[index].span = start..end;
                }
                false => {
                    found[index].inner = end..end;
                    open.push(index);
                }
            }
            at = end;
        }
    }
    name_pointers(&mut found);
    for place in found.iter_mut().filter(|p| p.kind == Kind::Leaf) {
        let content = if place.end_key.is_some() { &text[place.inner.clone()] } else { "" };
        place.text = plain(content);
    }
    found
}

/// The end of the tag that begins at `start`: a `>` that is not in quotes.
pub(super) fn tag_end(text: &str, start: usize) -> usize {
    let mut quote = None;
    for (n, b) in text.as_bytes()[start..].iter().enumerate() {
        match (quote, b) {
            (None, b'>') => return start + n + 1,
            (None, b'"' | b'\'') => quote = Some(*b),
            (Some(q), b) if q == *b => quote = None,
            _ => {}
        }
    }
    text.len()
}

/// Adds the element of a start tag, and its attributes.
fn element(text: &str, tag: Range<usize>, parent: Option<usize>, found: &mut Vec<Place>) {
    let inside = &text[tag.start + 1..tag.end];
    let length =
        inside.find(|c: char| c.is_ascii_whitespace() || c == '>' || c == '/').unwrap_or(inside.len());
    let name = &inside[..length];
    let index = found.len();
    let place = |name: &str, kind, span: Range<usize>, key: Range<usize>, parent| Place {
        pointer: String::new(),
        name: name.to_owned(),
        kind,
        text: String::new(),
        inner: span.clone(),
        span,
        key: Some(key),
        end_key: None,
        parent,
        children: Vec::new(),
    };
    let key = tag.start + 1..tag.start + 1 + length;
    found.push(place(name, Kind::Leaf, tag.clone(), key.clone(), parent));
    if let Some(parent) = parent {
        found[parent].kind = Kind::Element;
        found[parent].children.push(index);
    }
    for (name, inner) in attributes(text, key.end..tag.end) {
        let mut attribute =
            place(&text[name.clone()], Kind::Attribute, name.start..inner.end + 1, name.clone(), Some(index));
        attribute.text = plain(&text[inner.clone()]);
        attribute.inner = inner;
        let child = found.len();
        found.push(attribute);
        found[index].children.push(child);
    }
}

/// Spans of the names and of the values of attributes in (the rest of) a tag. Values without quotes, as in HTML, are found
/// too.
pub(super) fn attributes(text: &str, tag: Range<usize>) -> Vec<(Range<usize>, Range<usize>)> {
    let bytes = text.as_bytes();
    let mut found = Vec::new();
    let mut at = tag.start;
    let skip = |mut at: usize| {
        while at < tag.end && bytes[at].is_ascii_whitespace() {
            at += 1;
        }
        at
    };
    while at < tag.end {
        at = skip(at);
        let start = at;
        while at < tag.end && !bytes[at].is_ascii_whitespace() && !b"=>/".contains(&bytes[at]) {
            at += 1;
        }
        let name = start..at;
        at = skip(at);
        if name.is_empty() {
            at += 1;
            continue;
        }
        if at >= tag.end || bytes[at] != b'=' {
            continue;
        }
        at = skip(at + 1);
        let quote = bytes.get(at).copied().filter(|b| b"\"'".contains(b));
        let value = match quote {
            Some(quote) => {
                let start = at + 1;
                let end = bytes[start..].iter().position(|b| *b == quote).map_or(tag.end, |n| start + n);
                at = end + 1;
                start..end
            }
            None => {
                let start = at;
                while at < tag.end && !bytes[at].is_ascii_whitespace() && bytes[at] != b'>' {
                    at += 1;
                }
                start..at
            }
        };
        found.push((name, value));
    }
    found
}

/// Pointers as the projection names them: `@name`, `#text` beside attributes, an index where a name is repeated.
fn name_pointers(found: &mut [Place]) {
    for index in 0..found.len() {
        let place = &found[index];
        let token = escape(&place.name);
        let Some(parent) = place.parent else {
            found[index].pointer = format!("/{token}");
            continue;
        };
        let base = found[parent].pointer.trim_end_matches("/#text").to_owned();
        if place.kind == Kind::Attribute {
            found[index].pointer = format!("{base}/@{token}");
            continue;
        }
        let is_same = |i: &&usize| found[**i].kind != Kind::Attribute && found[**i].name == place.name;
        let same: Vec<usize> = found[parent].children.iter().filter(is_same).copied().collect();
        let nth = same.iter().position(|i| *i == index).unwrap_or(0);
        found[index].pointer =
            if same.len() > 1 { format!("{base}/{token}/{nth}") } else { format!("{base}/{token}") };
    }
    for index in 0..found.len() {
        let is_data = |i: &usize| found[*i].kind == Kind::Attribute && !found[*i].name.starts_with("xmlns");
        if found[index].kind == Kind::Leaf && found[index].children.iter().any(is_data) {
            found[index].pointer.push_str("/#text");
        }
    }
}

/// Character data as a reader of XML gets it.
pub(super) fn plain(markup: &str) -> String {
    let mut out = String::with_capacity(markup.len());
    let mut rest = markup;
    while let Some(at) = rest.find(['&', '<']) {
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        if let Some(data) = rest.strip_prefix("<![CDATA[") {
            let end = data.find("]]>").unwrap_or(data.len());
            out.push_str(&data[..end]);
            rest = data.get(end + 3..).unwrap_or_default();
            continue;
        }
        let end = rest.find([';', '>']).map_or(rest.len(), |n| n + 1);
        let entity = &rest[..end];
        rest = &rest[end..];
        match entity {
            "&amp;" => out.push('&'),
            "&lt;" => out.push('<'),
            "&gt;" => out.push('>'),
            "&quot;" => out.push('"'),
            "&apos;" => out.push('\''),
            _ => {
                let number = entity.strip_prefix("&#").and_then(|e| e.strip_suffix(';'));
                let code = number.and_then(|n| match n.strip_prefix(['x', 'X']) {
                    Some(hex) => u32::from_str_radix(hex, 16).ok(),
                    None => n.parse().ok(),
                });
                match code.and_then(char::from_u32) {
                    Some(c) => out.push(c),
                    // A comment or an instruction is no text; an entity that is not known stays.
                    None if entity.starts_with('<') => {}
                    None => out.push_str(entity),
                }
            }
        }
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn elements_and_attributes_have_their_places_in_the_text() {
        let text = "<?xml version='1.0'?>\n<R name=\"a &gt; b\"><x>1</x><!-- <n/> --><x/><y k='v'>A&amp;B</y><z><q><![CDATA[<c>]]></q></z></R>";
        let found = places(text);
        let shown: Vec<_> = found
            .iter()
            .map(|p| (p.pointer.as_str(), p.kind, p.text.as_str(), &text[p.inner.clone()]))
            .collect();
        assert_eq!(
            &shown[1..],
            [
                ("/R/@name", Kind::Attribute, "a > b", "a &gt; b"),
                ("/R/x/0", Kind::Leaf, "1", "1"),
                ("/R/x/1", Kind::Leaf, "", "/>"),
                ("/R/y/#text", Kind::Leaf, "A&B", "A&amp;B"),
                ("/R/y/@k", Kind::Attribute, "v", "v"),
                ("/R/z", Kind::Element, "", "<q><![CDATA[<c>]]></q>"),
                ("/R/z/q", Kind::Leaf, "<c>", "<![CDATA[<c>]]>"),
            ]
        );
        assert_eq!(&text[found[0].span.clone()], &text[22..]);
        assert_eq!(&text[found[5].span.clone()], "k='v'");
        assert_eq!(found[3].written("7"), ">7</x>");
        // Every pointer leads to its text in the projection that rules see.
        let document = crate::xml::parse(text.as_bytes(), None, &crate::xml::Limits::default()).unwrap();
        let body = crate::xml::to_json(document.root());
        for place in found.iter().filter(|p| p.kind.is_leaf()) {
            assert_eq!(body.pointer(&place.pointer).and_then(|v| v.as_str()), Some(place.text.as_str()));
        }
    }
}
