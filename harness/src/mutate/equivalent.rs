//! Mutants that mean the same as the answer, or something that is right as well: no check can be expected to notice them.

use super::operator::{Mutant, Touches};
use super::source::Source;
use crate::http::body::Answer;
use crate::http::media_type::Syntax;
use crate::model::exchange::Response;
use serde_json::Value;
use std::sync::Arc;

/// Why a mutant is no defect.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub enum Reason {
    /// The same data by the specification of the syntax.
    SameData(&'static str),
    /// The XSD takes the elements in this order too.
    AnyOrder,
    /// `x-proofmark.volatile`: any value of the type is right.
    Volatile,
    /// The contract documents no answer with this status, and so says nothing of its headers and body.
    Undocumented(u16),
    /// `x-proofmark.unspecified`: the contract leaves the value open, with its reason.
    Unspecified(String),
}

impl Reason {
    /// The reason in words.
    pub fn says(&self) -> String {
        match self {
            Self::SameData(rule) => (*rule).to_owned(),
            Self::AnyOrder => "the XSD takes the elements in any order".into(),
            Self::Undocumented(status) => {
                format!(
                    "the contract has no answer with status {status}, and says nothing of its headers and body"
                )
            }
            Self::Volatile => "the place is volatile: any value that the schema takes is right".into(),
            Self::Unspecified(because) => format!("the contract leaves the value open: {because}"),
        }
    }
}

/// JSON of which only the spelling is different.
pub const SAME_JSON: Reason = Reason::SameData(
    "the same JSON values: numbers have no form, members no order (RFC 8259 sections 4 and 6)",
);

/// Whether a mutant says the same as the answer it was made from, whatever the checks find.
pub fn by_specification(source: &Source<'_>, mutant: &Mutant, read: &Answer) -> Option<Reason> {
    let before = &source.answer;
    let same_status = mutant.response.status == source.response.status
        && mutant.response.miscoded == source.response.miscoded;
    if !same_status || read.malformed.is_some() || !read.duplicates.is_empty() {
        return None;
    }
    if mutant.response.headers != source.response.headers {
        return same_label(source, mutant, read);
    }
    if before.bom != read.bom {
        let same =
            source.syntax == Syntax::Xml && before.text == read.text && before.encoding == read.encoding;
        return same.then_some(Reason::SameData(
            "a byte order mark may precede UTF-8 text of XML (XML 1.0 section 4.3.3)",
        ));
    }
    let (Some(a), Some(b)) = (&before.body, &read.body) else { return None };
    match source.syntax {
        Syntax::Json => same_json(a, b).then_some(SAME_JSON),
        Syntax::Xml => {
            let (before, read) = (before.document.as_ref()?, read.document.as_ref()?);
            let same = before.encoding.conflicts() == read.encoding.conflicts()
                && same_element(before.root(), read.root());
            same.then_some(Reason::SameData(
                "the same XML infoset: CDATA, empty-element tags and the order of attributes are spelling (XML 1.0 sections 2.7, 3.1)",
            ))
        }
        Syntax::Html | Syntax::Form | Syntax::Text => None,
    }
}

/// A label that is left out where UTF-8 is what a reader takes without one.
fn same_label(source: &Source<'_>, mutant: &Mutant, read: &Answer) -> Option<Reason> {
    let is_label = |(name, _): &&(String, Vec<u8>)| !name.eq_ignore_ascii_case("content-type");
    let others = |response: &Response| response.headers.iter().filter(is_label).cloned().collect::<Vec<_>>();
    let (before, after) = (source.answer.media_type.as_ref()?, read.media_type.as_ref()?);
    let same = others(source.response) == others(&mutant.response)
        && before.essence == after.essence
        && after.charset.is_none()
        && read.encoding == encoding_rs::UTF_8
        && source.answer.text == read.text;
    match source.syntax {
        Syntax::Xml if same => Some(Reason::SameData(
            "XML without a charset in the header and without a declaration is UTF-8 (RFC 7303 section 3.2)",
        )),
        Syntax::Json if same => Some(Reason::SameData(
            "JSON is UTF-8, and has no charset parameter (RFC 8259 sections 8.1 and 11)",
        )),
        _ => None,
    }
}

/// Whether a mutant that no check noticed is right all the same by what the contract says of its place.
pub fn by_contract(source: &Source<'_>, mutant: &Mutant, body: Option<&Arc<Value>>) -> Option<Reason> {
    let status = source.response.status;
    let is_undocumented = source.operation().response(status).is_none() && mutant.response.status == status;
    // RFC 9110 section 15.5.6: a 405 tells what is allowed, whatever the contract says.
    if is_undocumented && mutant.field != "header allow" {
        return Some(Reason::Undocumented(status));
    }
    match mutant.touches {
        Touches::Structure if mutant.operator.name == "element-order" => {
            // Nobody noticed, the XSD included: it is one that asks for no order.
            let judged = source.media()?.xsd.is_some() && source.answer.body.as_ref() == body;
            judged.then_some(Reason::AnyOrder)
        }
        Touches::Value => {
            let place = source.place(&mutant.pointer)?;
            // What repeats the request is told by it.
            if source.sent.contains(&place.text) && mutant.operator.name == "echo" {
                return None;
            }
            let shape = source.shape(place)?;
            match (&shape.unspecified, shape.volatile) {
                (Some(because), _) => Some(Reason::Unspecified(because.clone())),
                (None, true) => Some(Reason::Volatile),
                (None, false) => None,
            }
        }
        Touches::Structure | Touches::Encoding | Touches::Envelope => None,
    }
}

/// Equal but for the form of numbers and the order of members.
pub fn same_json(a: &Value, b: &Value) -> bool {
    match (a, b) {
        // Two integers are compared exactly: as doubles, neighbours beyond 2^53 would be one.
        (Value::Number(a), Value::Number(b)) if !a.is_f64() && !b.is_f64() => a == b,
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::Array(a), Value::Array(b)) => {
            a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same_json(a, b))
        }
        (Value::Object(a), Value::Object(b)) => {
            a.len() == b.len()
                && a.iter().all(|(name, value)| b.get(name).is_some_and(|other| same_json(value, other)))
        }
        (a, b) => a == b,
    }
}

/// Equal names, namespaces, attributes and content; comments, CDATA and the form of tags do not count.
fn same_element(a: crate::xml::Element<'_>, b: crate::xml::Element<'_>) -> bool {
    let attributes = |e: crate::xml::Element<'_>| {
        let mut found: Vec<(String, String)> = e
            .attributes()
            .iter()
            .filter(|a| !a.is_namespace_declaration())
            .map(|a| (a.name.clone(), a.value.clone()))
            .collect();
        found.sort();
        found
    };
    let mut pairs = a.elements().zip(b.elements());
    a.name() == b.name()
        && a.namespace() == b.namespace()
        && attributes(a) == attributes(b)
        && a.elements().count() == b.elements().count()
        && a.text() == b.text()
        && pairs.all(|(a, b)| same_element(a, b))
}
