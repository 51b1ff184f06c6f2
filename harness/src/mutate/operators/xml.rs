//! Defects that only XML can have, and forms of XML that mean the same.

use super::super::operator::{Mutants, Operator, Text, Touches};
use super::super::places::{Kind, Place};
use super::super::source::{Pool, Source};
use crate::http::media_type::Syntax;

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "element-order",
        family: "xml",
        says: "two elements change places",
        example: ("<r><a>1</a><b>2</b></r>", "<r><b>2</b><a>1</a></r>"),
        make: order,
    },
    Operator {
        name: "namespace",
        family: "xml",
        says: "the elements are in another namespace",
        example: ("<r/>", r#"<r xmlns="urn:other"/>"#),
        make: namespace,
    },
    Operator {
        name: "attribute-dropped",
        family: "xml",
        says: "an attribute is missing",
        example: (r#"<r name="a"/>"#, "<r/>"),
        make: attribute_dropped,
    },
    Operator {
        name: "attribute-added",
        family: "xml",
        says: "there is an attribute that the document does not have",
        example: ("<r/>", r#"<r undocumented="1"/>"#),
        make: attribute_added,
    },
    Operator {
        name: "empty-element",
        family: "xml",
        says: "an empty element is written in the other form",
        example: ("<r><a></a></r>", "<r><a/></r>"),
        make: empty_element,
    },
    Operator {
        name: "cdata",
        family: "xml",
        says: "the text is in a CDATA section",
        example: ("<a>x</a>", "<a><![CDATA[x]]></a>"),
        make: cdata,
    },
    Operator {
        name: "encoding-declaration",
        family: "xml",
        says: "the XML declaration names another encoding",
        example: ("<r/>", r#"<?xml version="1.0" encoding="GBK"?><r/>"#),
        make: declaration,
    },
];

fn elements<'s>(source: &'s Source<'_>) -> impl Iterator<Item = &'s Place> {
    source.chosen().filter(|p| matches!(p.kind, Kind::Element | Kind::Leaf))
}

fn order(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for parent in elements(source).filter(|p| p.kind == Kind::Element) {
        let children: Vec<&Place> = parent
            .children
            .iter()
            .map(|i| &source.places[*i])
            .filter(|p| p.kind != Kind::Attribute)
            .collect();
        for pair in children.windows(2) {
            let written = |place: &Place| source.answer.text.get(place.span.clone()).unwrap_or_default();
            let parts = [
                (pair[0].span.clone(), Text::Written(written(pair[1]))),
                (pair[1].span.clone(), Text::Written(written(pair[0]))),
            ];
            let says = Some(format!("`{}` comes before `{}`", pair[1].name, pair[0].name));
            mutants.splice(pair[0], Touches::Structure, says, &parts);
        }
    }
}

/// Where an attribute can be written into the start tag.
fn after_name(place: &Place) -> Option<std::ops::Range<usize>> {
    place.key.as_ref().map(|key| key.end..key.end)
}

fn root<'s>(source: &'s Source<'_>) -> Option<&'s Place> {
    source.places.first().filter(|_| source.syntax == Syntax::Xml)
}

fn namespace(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let Some(root) = root(source) else { return };
    let declared = root.children.iter().map(|i| &source.places[*i]).find(|p| p.name.starts_with("xmlns"));
    match declared {
        Some(declared) => mutants.value(declared, "urn:other"),
        None => {
            let Some(at) = after_name(root) else { return };
            let says = Some("`xmlns=\"urn:other\"` is added".to_owned());
            mutants.splice(root, Touches::Structure, says, &[(at, Text::Written(" xmlns=\"urn:other\""))]);
        }
    }
}

fn attribute_dropped(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.chosen().filter(|p| p.kind == Kind::Attribute) {
        let says = Some(format!("`{}` is left out", place.name));
        mutants.splice(place, Touches::Structure, says, &[(place.span.clone(), Text::Written(""))]);
    }
}

fn attribute_added(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in elements(source) {
        let Some(at) = after_name(place) else { continue };
        let says = Some("`undocumented=\"1\"` is added".to_owned());
        mutants.splice(place, Touches::Structure, says, &[(at, Text::Written(" undocumented=\"1\""))]);
    }
}

fn empty_element(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in elements(source).filter(|p| p.kind == Kind::Leaf && p.text.is_empty()) {
        match &place.end_key {
            None => mutants.literal(place, &place.in_tags(""), Touches::Structure),
            Some(_) => {
                let tag = place.inner.start - 1..place.span.end;
                mutants.splice(place, Touches::Structure, None, &[(tag, Text::Written("/>"))]);
            }
        }
    }
}

fn cdata(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in elements(source).filter(|p| p.kind == Kind::Leaf && !p.text.is_empty()) {
        if !place.text.contains("]]>") {
            mutants.literal(place, &format!("<![CDATA[{}]]>", place.text), Touches::Structure);
        }
    }
}

fn declaration(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let Some(root) = root(source) else { return };
    let text = &source.answer.text;
    let other = if source.answer.encoding == encoding_rs::UTF_8 { "GBK" } else { "UTF-8" };
    let end = if text.starts_with("<?xml") { text.find("?>").map_or(0, |n| n + 2) } else { 0 };
    let written = format!("<?xml version=\"1.0\" encoding=\"{other}\"?>");
    let says = Some(format!("`encoding=\"{other}\"` is declared"));
    mutants.splice(root, Touches::Encoding, says, &[(0..end, Text::Written(&written))]);
}
