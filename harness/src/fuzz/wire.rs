//! Deviations of the request as a whole: method, headers, path, unknown parameters, and how the body is written.

use super::Base;
use super::field::{Writing, fields};
use super::probe::{Bound, Breach, Demand, Phase, Probe};
use crate::contract::SchemaSpec;
use crate::http::media_type::{Syntax, syntax};
use crate::model::level::Level;
use crate::plan::{BodyEdit, Change, Wire};
use serde_json::Value;

/// What an entity that a request declares stands for.
pub const EXPANDED: &str = "fz1qexpanded";

/// A name that no schema has.
const UNKNOWN: &str = "fz1q";

/// Elements in which an entity of the request's own is used.
const EXPANDED_IN: usize = 12;

/// The constraint of a body's media type, which a server may take otherwise.
pub const MEDIA_TYPE: &str = "media-type";
const METHODS: [&str; 7] = ["GET", "POST", "PUT", "PATCH", "DELETE", "TRACE", "FUZZ"];

struct Probes<'p> {
    list: &'p mut Vec<Probe>,
}

impl Probes<'_> {
    fn add(&mut self, place: &str, kind: &str, wire: Wire, demand: Demand, bound: Bound) {
        self.list.push(Probe {
            phase: Phase::Boundaries,
            kind: kind.to_owned(),
            place: place.to_owned(),
            safe: !matches!(wire, Wire::Method(_)),
            changes: vec![Change::Wire(wire)],
            demand,
            bound,
            origin: None,
        });
    }

    fn body(&mut self, kind: &str, edit: BodyEdit, demand: Demand) {
        self.add("body", kind, Wire::Body(edit), demand, Bound::Envelope);
    }
}

pub fn deviations(base: &Base, probes: &mut Vec<Probe>) {
    let mut probes = Probes { list: probes };
    for method in METHODS.iter().filter(|m| !base.methods.iter().any(|known| known == *m)) {
        // What may be asked for by a link may be asked for by a form too; the other way round it may not.
        let harmless = *method == "POST" && base.operation.method == "GET";
        let demand = if harmless { Demand::Open } else { Demand::NotServed };
        probes.add("method", method, Wire::Method((*method).into()), demand, Bound::Elsewhere);
    }
    for (kind, suffix) in
        [("slash-after", "/"), ("segment-after", "/fz1q"), ("dot-after", "."), ("nul-after", "%00")]
    {
        probes.add("path", kind, Wire::PathSuffix(suffix.into()), Demand::Open, Bound::Elsewhere);
    }
    if base.step.request.url.contains('?') {
        let order = "the order of parameters means nothing";
        let reversed = Demand::Accepted(order.into());
        probes.add("query", "reversed", Wire::ReversedQuery, reversed, Bound::Contract);
    }
    for (kind, pair) in [
        ("unknown-parameter", "fz1q=1"),
        ("unknown-without-value", "fz1q"),
        ("empty-name", "=1"),
        ("empty-pair", "&"),
    ] {
        probes.add("query", kind, Wire::Pair(pair.into()), Demand::Open, Bound::Contract);
    }
    headers(base, &mut probes);
    undocumented_media(base, &mut probes);
    match base.media_type.as_deref().map(syntax) {
        Some(Syntax::Json) => json(base, &mut probes),
        Some(Syntax::Xml) => xml(base, &mut probes),
        _ => {}
    }
}

fn headers(base: &Base, probes: &mut Probes<'_>) {
    let mut header = |name: &str, kind: &str, value: Option<&[u8]>| {
        let wire = Wire::Header { name: name.into(), value: value.map(<[u8]>::to_vec) };
        probes.add(&format!("header {name}"), kind, wire, Demand::Open, Bound::Envelope);
    };
    header("accept", "nothing-that-is-there", Some(b"application/x-fz1q"));
    header("accept", "malformed", Some(b";;"));
    header("accept-charset", "utf-16", Some(b"utf-16"));
    header("x-fz1q", "long", Some(&[b'a'; 4_000]));
    header("x-fz1q", "latin-1", Some(b"\xe9\xff"));
    if base.media_type.is_some() {
        header("content-type", "missing", None);
        header("content-type", "unknown-subtype", Some(b"text/x-fz1q"));
        header("content-type", "unknown", Some(b"application/x-fz1q"));
        header("content-type", "malformed", Some(b";"));
        let media = base.media_type.clone().unwrap_or_default();
        header("content-type", "charset-utf-16", Some(format!("{media}; charset=utf-16").as_bytes()));
        header("content-type", "charset-unknown", Some(format!("{media}; charset=fz1q").as_bytes()));
    }
}

/// A body under a media type that the contract does not have (RFC 9110 section 15.5.16): it need not be refused, but a
/// form of another site can send it.
fn undocumented_media(base: &Base, probes: &mut Probes<'_>) {
    let takes = |text: &str| {
        base.operation
            .bodies
            .iter()
            .any(|b| matches!(b.essence.as_str(), "*/*" | "text/*") || b.essence == text)
    };
    if base.media_type.as_deref().map(syntax) != Some(Syntax::Json) || takes("text/plain") {
        return;
    }
    let breach = Breach {
        constraint: MEDIA_TYPE.into(),
        says: "the contract has no body of `text/plain`".into(),
        level: Level::Must,
        spec: Some(base.operation.location.clone()),
        pointer: None,
        doc: base.operation.doc.clone(),
    };
    let wire = Wire::Header { name: "content-type".into(), value: Some(b"text/plain".to_vec()) };
    probes.add("header content-type", "other", wire, Demand::Refused(breach), Bound::Envelope);
}

fn malformed(base: &Base, syntax: &str) -> Demand {
    Demand::Refused(Breach {
        constraint: "well-formed".into(),
        says: format!("the body is {syntax}"),
        level: Level::Must,
        spec: Some(base.operation.location.clone()),
        pointer: None,
        doc: base.operation.doc.clone(),
    })
}

fn json(base: &Base, probes: &mut Probes<'_>) {
    let bad = || malformed(base, "JSON (RFC 8259)");
    let replace = |bytes: &[u8]| BodyEdit::Replace(bytes.to_vec());
    probes.body("empty", replace(b""), bad());
    // The beginning of a number is a number.
    let is_number = base.observed.values.body.as_ref().is_some_and(Value::is_number);
    let cut = || if is_number { Demand::Open } else { bad() };
    probes.body("truncated", BodyEdit::Truncate(1), cut());
    probes.body("cut-in-half", BodyEdit::Truncate(base.step.request.body.size / 2), cut());
    probes.body("text-after", BodyEdit::Append(b" x".to_vec()), bad());
    probes.body(
        "raw-control-character",
        BodyEdit::Member { name: UNKNOWN.into(), json: "\"\u{0}\"".into() },
        bad(),
    );
    probes.body("bytes", replace(b"\xff\xfe\x00\x80"), bad());
    probes.body("text", replace(b"fz1q"), bad());
    probes.body("xml", replace(b"<fz1q/>"), bad());
    probes.body("single-quotes", BodyEdit::Text { from: "\"".into(), to: "'".into() }, bad());
    probes.body("comma-after", BodyEdit::Text { from: "}".into(), to: ",}".into() }, bad());
    let schema =
        base.operation.bodies.iter().find(|b| Some(b.essence.as_str()) == base.media_type.as_deref());
    let schema = schema.and_then(|b| b.schema.as_ref());
    for (kind, text) in
        [("array", "[]"), ("null", "null"), ("string", "\"x\""), ("number", "1"), ("empty-object", "{}")]
    {
        let value: Value = serde_json::from_str(text).unwrap_or_default();
        let demand = match schema {
            Some(spec) if !spec.is_valid(&value) => Demand::Refused(Breach {
                constraint: "schema".into(),
                says: "the schema of the body does not allow it".into(),
                level: Level::Must,
                spec: Some(spec.line(&spec.pointer)),
                pointer: Some(spec.pointer.clone()),
                doc: spec.doc_of(&spec.pointer),
            }),
            _ => Demand::Open,
        };
        probes.body(kind, replace(text.as_bytes()), demand);
    }
    let more = schema.and_then(|spec| with_unknown(base, spec)).unwrap_or(Demand::Open);
    probes.body("member-unknown", BodyEdit::Member { name: UNKNOWN.into(), json: "1".into() }, more);
    let deep = format!("{}1{}", "[".repeat(5_000), "]".repeat(5_000));
    for (kind, json) in [
        ("member-deep", deep),
        ("member-beyond-2-53", "9007199254740993".into()),
        ("member-huge-number", "1e400".into()),
        ("member-lone-surrogate", "\"\\ud800\"".into()),
        ("member-nul", "\"\\u0000\"".into()),
    ] {
        probes.body(kind, BodyEdit::Member { name: UNKNOWN.into(), json }, Demand::Open);
    }
    if let Some((name, value)) =
        base.observed.values.body.as_ref().and_then(Value::as_object).and_then(|m| m.iter().next())
    {
        let twice = BodyEdit::Member { name: name.clone(), json: value.to_string() };
        probes.body("member-twice", twice, Demand::Open);
    }
    // White space around a JSON text means nothing (RFC 8259 section 2).
    let same =
        || Demand::Accepted("white space around a JSON text means nothing (RFC 8259 section 2)".into());
    probes.body("space-before", BodyEdit::Prepend(b" \r\n\t".to_vec()), same());
    probes.body("space-after", BodyEdit::Append(b" \r\n\t".to_vec()), same());
}

fn xml(base: &Base, probes: &mut Probes<'_>) {
    let bad = || malformed(base, "XML (XML 1.0)");
    let replace = |text: &str| BodyEdit::Replace(text.as_bytes().to_vec());
    let prepend = |text: &str| BodyEdit::Prepend(text.as_bytes().to_vec());
    let append = |text: &str| BodyEdit::Append(text.as_bytes().to_vec());
    probes.body("empty", replace(""), bad());
    probes.body("truncated", BodyEdit::Truncate(3), bad());
    probes.body("cut-in-half", BodyEdit::Truncate(base.step.request.body.size / 2), bad());
    probes.body("text-after", append("x"), bad());
    probes.body("text-before", prepend("x"), bad());
    probes.body("root-twice", append("<fz1q/>"), bad());
    probes.body("json", replace("{\"a\":1}"), bad());
    probes.body("bytes", BodyEdit::Replace(b"\xff\xfe\x00\x80".to_vec()), bad());
    probes.body("wrong-root", replace("<fz1q/>"), Demand::Open);
    probes.body("namespace", replace("<a:fz1q xmlns:a=\"urn:fz1q\"/>"), Demand::Open);
    probes.body("prefix-not-declared", replace("<a:fz1q/>"), Demand::Open);
    probes.body("deep", replace(&format!("{}{}", "<a>".repeat(3_000), "</a>".repeat(3_000))), Demand::Open);
    let dtd = "<!DOCTYPE fz1q [<!ENTITY a \"fz1qa\"><!ENTITY b SYSTEM \"file:///fz1q\">]>";
    probes.body("entity-declaration", prepend(dtd), Demand::Open);
    probes.body("encoding-utf-16", prepend("<?xml version=\"1.0\" encoding=\"UTF-16\"?>"), Demand::Open);
    probes.body("encoding-unknown", prepend("<?xml version=\"1.0\" encoding=\"fz1q\"?>"), Demand::Open);
    probes.body("version-2", prepend("<?xml version=\"2.0\"?>"), Demand::Open);
    let same = |what: &str| Demand::Accepted(format!("{what} (XML 1.0)"));
    let has_declaration =
        base.step.request.body.text.as_deref().is_some_and(|t| t.trim_start().starts_with("<?xml"));
    if !has_declaration {
        probes.body(
            "declaration",
            prepend("<?xml version=\"1.0\" encoding=\"UTF-8\"?>"),
            same("a declaration that says what is so"),
        );
        probes.body("comment-before", prepend("<!-- fz1q -->"), same("a comment means nothing"));
    }
    probes.body("comment-after", append("<!-- fz1q -->"), same("a comment means nothing"));
    let root = base.observed.values.body.as_ref().and_then(Value::as_object).and_then(|m| m.values().next());
    let leaf = root.and_then(first_leaf);
    if let Some((name, text)) = leaf {
        let content = |raw: String| BodyEdit::XmlContent { name: name.clone(), raw };
        probes.body("element-twice", BodyEdit::XmlTwice(name.clone()), Demand::Open);
        if !text.contains("]]>") {
            probes.body(
                "cdata",
                content(format!("<![CDATA[{text}]]>")),
                same("CDATA is another way to write text"),
            );
        }
        let references: String = text.chars().map(|c| format!("&#{};", c as u32)).collect();
        probes.body("references", content(references), same("a character reference is its character"));
        probes.body("unknown-entity", content("&fz1q;".into()), bad());
        probes.body("bare-ampersand", content("a&b".into()), bad());
        expanded(base, has_declaration, probes);
        probes.body("child-element", content("<fz1q>1</fz1q>".into()), Demand::Open);
    }
}

/// Elements whose text is an entity that the request declares (XXE): an answer must not show what it stands for.
fn expanded(base: &Base, has_declaration: bool, probes: &mut Probes<'_>) {
    let dtd = format!("<!DOCTYPE fz1q [<!ENTITY b \"{EXPANDED}\">]>");
    let declared = match has_declaration {
        true => BodyEdit::Text { from: "?>".into(), to: format!("?>{dtd}") },
        false => BodyEdit::Prepend(dtd.into_bytes()),
    };
    let leaves = fields(base).into_iter().filter(|f| f.writing == Writing::Xml && f.base.is_some());
    for field in leaves.filter(|f| !f.is_container()).take(EXPANDED_IN) {
        let name = field.name.rsplit('.').next().unwrap_or_default().to_owned();
        let used = BodyEdit::XmlContent { name, raw: "&b;".into() };
        probes.list.push(Probe {
            phase: Phase::Boundaries,
            kind: "entity-used".into(),
            place: field.name.clone(),
            changes: [used, declared.clone()].map(|edit| Change::Wire(Wire::Body(edit))).into(),
            demand: Demand::Open,
            bound: Bound::Envelope,
            safe: true,
            origin: None,
        });
    }
}

/// Name and text of the first leaf of a projected XML tree.
fn first_leaf(value: &Value) -> Option<(String, String)> {
    value.as_object()?.iter().find_map(|(name, value)| match value {
        Value::String(text) if !name.starts_with('@') && !text.is_empty() => {
            Some((name.clone(), text.clone()))
        }
        Value::Object(_) => first_leaf(value),
        _ => None,
    })
}

/// What the schema of a body says of a member that it does not name.
fn with_unknown(base: &Base, spec: &SchemaSpec) -> Option<Demand> {
    let mut body = base.observed.values.body.clone().filter(|body| spec.is_valid(body))?;
    body.as_object_mut()?.insert(UNKNOWN.into(), 1.into());
    let violation = spec.violations(&body).into_iter().next()?;
    Some(Demand::Refused(Breach {
        says: format!("`{}` of the body's schema allows no other members", violation.keyword),
        constraint: violation.keyword,
        level: Level::Must,
        spec: Some(violation.location),
        pointer: Some(violation.schema),
        doc: base.operation.doc.clone(),
    }))
}
