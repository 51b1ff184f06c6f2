//! Reading `x-proofmark` keys into plain data.

use super::operation::Effect;
use super::rule::{Code, Codes, Outcome, Rule, Survivor};
use super::signature::{Digest, SignIn, SignOrder, SignSpec, SignatureEncoding};
use crate::expr::Program;
use crate::expr::printed;
use crate::expr::template_problem;
use crate::model::level::Level;
use crate::model::source::{At, Location};
use crate::yaml::{Fields, Kind, Node, Reader};
use std::sync::Arc;

/// Everything that `x-proofmark` may say anywhere; each place takes what concerns it.
#[derive(Debug, Default)]
pub struct Extension {
    pub document: Option<String>,
    pub doc: Option<String>,
    pub charset: Option<At<String>>,
    pub outcomes: Vec<Arc<Outcome>>,
    pub codes: Option<Arc<Codes>>,
    pub rules: Vec<Arc<Rule>>,
    pub xsd: Option<At<String>>,
    pub sign_request: Option<SignSpec>,
    pub sign_response: Option<SignSpec>,
    pub effect: Option<Effect>,
    pub secret: bool,
    pub survivors: Vec<Arc<Survivor>>,
    pub breaks: Vec<At<String>>,
    pub because: Option<String>,
    pub request: Option<At<String>>,
    /// Why no case and no rule touches what it stands on.
    pub untested: Option<Untested>,
}

/// `untested`: one reason, or reasons by value of an `enum`, or by parameter and field of an operation.
#[derive(Debug)]
pub enum Untested {
    Whole(String),
    Parts(Vec<(At<String>, String)>),
}

impl Untested {
    pub fn parts(&self) -> &[(At<String>, String)] {
        match self {
            Self::Whole(_) => &[],
            Self::Parts(parts) => parts,
        }
    }

    pub fn whole(self) -> Option<String> {
        match self {
            Self::Whole(reason) => Some(reason),
            Self::Parts(_) => None,
        }
    }
}

const EFFECTS: [(&str, Effect); 3] =
    [("safe", Effect::Safe), ("idempotent", Effect::Idempotent), ("mutates", Effect::Mutates)];

/// The `x-proofmark` of a node, if it has one. `document` completes `doc: "#39"`.
pub fn read(reader: &mut Reader<'_>, holder: &Node, document: Option<&str>) -> Extension {
    match holder.get("x-proofmark") {
        Some(node) => {
            let extension = extension(reader, node, document).unwrap_or_default();
            // The names of an operation's parts are known when everything that it documents is numbered.
            if let Some(Untested::Parts(values)) = &extension.untested
                && holder.get("operationId").is_none()
            {
                known_values(reader, holder, values);
            }
            extension
        }
        None => Extension::default(),
    }
}

fn untested(reader: &mut Reader<'_>, node: &Node) -> Option<Untested> {
    match &node.kind {
        Kind::Map(_) => reader.mapping(node, Reader::string).map(Untested::Parts),
        _ => reader.string(node).map(Untested::Whole),
    }
}

/// Reasons by value are for schemas with an `enum` that has the values.
fn known_values(reader: &mut Reader<'_>, holder: &Node, values: &[(At<String>, String)]) {
    let known: Vec<String> = holder
        .get("enum")
        .map(Node::items)
        .unwrap_or_default()
        .iter()
        .map(|n| printed(&n.to_json()))
        .collect();
    for (value, _) in values {
        if !known.contains(&value.value) {
            reader.unknown(value.span, "value of the `enum` here", value, known.iter().map(String::as_str));
        }
    }
}

fn extension(reader: &mut Reader<'_>, node: &Node, document: Option<&str>) -> Option<Extension> {
    let mut fields = Fields::new(reader, node, "`x-proofmark`")?;
    let own_document = fields.optional("document", Reader::string);
    let document = own_document.as_deref().or(document);
    let extension = Extension {
        doc: fields.optional("doc", |r, n| doc(r, n, document)),
        charset: fields.optional("charset", charset),
        outcomes: fields.optional("outcome", outcomes).unwrap_or_default(),
        codes: fields.optional("codes", |r, n| codes(r, n, document)),
        rules: fields
            .optional("rules", |r, n| r.list(n, |r, n| spec_rule(r, n, document)))
            .unwrap_or_default(),
        xsd: fields.optional("xsd", Reader::string_at),
        sign_request: fields.optional("sign", |r, n| sign(r, n, "request", document)),
        sign_response: fields.optional("sign", |r, n| sign(r, n, "response", document)),
        effect: fields.optional("effect", |r, n| r.word(n, "effect", &EFFECTS)),
        secret: fields.optional("secret", Reader::boolean).unwrap_or_default(),
        breaks: fields.optional("breaks", |r, n| r.one_or_many(n, Reader::string_at)).unwrap_or_default(),
        because: fields.optional("because", Reader::string),
        survivors: fields
            .optional("survivors", |r, n| r.list(n, |r, n| survivor(r, n, document)))
            .unwrap_or_default(),
        request: fields.optional("request", Reader::string_at),
        untested: fields.optional("untested", untested),
        document: own_document.clone(),
    };
    // Compiled with the schemas, where it stands in an operation.
    fields.optional("parameters", |_, n| Some(n.span));
    // Read by `Shape`, where they stand beside a schema.
    fields.optional("volatile", Reader::boolean);
    fields.optional("unspecified", Reader::string);
    fields.finish();
    if let (Some(first), None) = (extension.breaks.first(), &extension.because) {
        reader.problem(first.span, "`breaks` needs `because`: one sentence that says why");
    }
    Some(extension)
}

/// `#39`, `#39-41` or `file.txt#39`, completed with the document's name.
pub fn doc(reader: &mut Reader<'_>, node: &Node, document: Option<&str>) -> Option<String> {
    let text = reader.string(node)?;
    let Some((file, lines)) = text.split_once('#') else {
        return reader.expected(node, "a document line such as `#39` or `file.txt#39-41`");
    };
    let numbers =
        |s: &str| s.split('-').all(|n| n.parse::<u32>().is_ok_and(|n| n > 0)) && s.split('-').count() <= 2;
    if !lines.split(',').all(|part| numbers(part.trim())) {
        return reader.expected(node, "a document line such as `#39` or `file.txt#39-41`");
    }
    match (file, document) {
        ("", Some(document)) => Some(format!("{document}{text}")),
        ("", None) => {
            reader.expected(node, "a document line with its file (the spec has no `x-proofmark.document`)")
        }
        _ => Some(text),
    }
}

/// Compiles an expression; an error becomes a problem inside the string.
pub fn program(reader: &mut Reader<'_>, node: &Node) -> Option<Program> {
    let source = reader.string(node)?;
    match Program::compile(&source) {
        Ok(program) => Some(program),
        Err(error) => {
            reader.problems.push(template_problem(reader.file, &source, node.span, error));
            None
        }
    }
}

fn charset(reader: &mut Reader<'_>, node: &Node) -> Option<At<String>> {
    let label = reader.string_at(node)?;
    if crate::http::charset::encoding(&label).is_none() {
        reader.unknown(node.span, "charset", &label, ["UTF-8", "GBK", "GB18030", "Big5", "windows-1258"]);
        return None;
    }
    Some(label)
}

fn outcomes(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Arc<Outcome>>> {
    let file = reader.file.clone();
    let entries = reader.mapping(node, |r, n| Some((program(r, n)?, n.span)))?;
    Some(
        entries
            .into_iter()
            .map(|(name, (predicate, span))| {
                Arc::new(Outcome { name: name.value, predicate, location: Location::new(&file, span) })
            })
            .collect(),
    )
}

fn codes(reader: &mut Reader<'_>, node: &Node, document: Option<&str>) -> Option<Arc<Codes>> {
    let location = Location::new(reader.file, node.span);
    let mut fields = Fields::new(reader, node, "`codes`")?;
    let value = fields.required("value", program);
    let complete = fields.optional("complete", Reader::boolean).unwrap_or(true);
    let table = fields.required("table", |r, n| r.list(n, |r, n| code(r, n, document)));
    fields.finish();
    Some(Arc::new(Codes { value: value?, complete, table: table?, location }))
}

fn survivor(reader: &mut Reader<'_>, node: &Node, document: Option<&str>) -> Option<Arc<Survivor>> {
    let location = Location::new(reader.file, node.span);
    let mut fields = Fields::new(reader, node, "a survivor")?;
    let field = fields.required("field", Reader::string);
    let operators = fields.required("operator", |r, n| r.one_or_many(n, Reader::string));
    let because = fields.required("because", Reader::string);
    let doc = fields.optional("doc", |r, n| doc(r, n, document));
    fields.finish();
    Some(Arc::new(Survivor { field: field?, operators: operators?, because: because?, doc, location }))
}

fn code(reader: &mut Reader<'_>, node: &Node, document: Option<&str>) -> Option<Code> {
    let location = Location::new(reader.file, node.span);
    let mut fields = Fields::new(reader, node, "a code")?;
    let code = fields.required("code", Reader::text);
    let meaning = fields.required("meaning", Reader::string);
    let outcome = fields.optional("outcome", Reader::string);
    let doc = fields.optional("doc", |r, n| doc(r, n, document));
    let untested = fields.optional("untested", Reader::string);
    fields.finish();
    Some(Code { code: code?, meaning: meaning?, outcome, doc, untested, location })
}

/// A rule of a case.
pub fn rule(reader: &mut Reader<'_>, node: &Node, document: Option<&str>) -> Option<Arc<Rule>> {
    let mut fields = Fields::new(reader, node, "a rule")?;
    let rule = rule_fields(&mut fields, node, document);
    fields.finish();
    rule.map(Arc::new)
}

/// A rule of a spec: may say how many documented examples hold it.
fn spec_rule(reader: &mut Reader<'_>, node: &Node, document: Option<&str>) -> Option<Arc<Rule>> {
    let mut fields = Fields::new(reader, node, "a rule")?;
    let rule = rule_fields(&mut fields, node, document);
    let holds = fields.optional("holds", |r, n| Some((r.unsigned(n)?, Location::new(r.file, n.span))));
    fields.finish();
    rule.map(|rule| Arc::new(Rule { holds, ..rule }))
}

fn rule_fields(fields: &mut Fields<'_, '_, '_>, node: &Node, document: Option<&str>) -> Option<Rule> {
    let id = fields.required("id", Reader::string);
    let at = node.get("rule").map_or(node.span, |n| n.span);
    let rule = fields.required("rule", program);
    let when = fields.optional("when", |r, n| Some(program(r, n)));
    let level = fields.optional("level", |r, n| r.word(n, "level", &Level::WORDS)).unwrap_or_default();
    let doc = fields.optional("doc", |r, n| doc(r, n, document));
    let says = fields.optional("says", Reader::string);
    let location = Location::new(fields.reader().file, at);
    let when = match when {
        Some(compiled) => Some(compiled?),
        None => None,
    };
    Some(Rule { id: id?, rule: rule?, when, level, doc, says, holds: None, location })
}

/// `sign: { request: …, response: … }`, one half of it.
fn sign(
    reader: &mut Reader<'_>,
    node: &Node,
    half: &'static str,
    document: Option<&str>,
) -> Option<SignSpec> {
    if half == "request" {
        for (key, _) in node.entries() {
            if !["request", "response"].contains(&key.name.as_str()) {
                reader.unknown(key.span, "key of `sign`", &key.name, ["request", "response"]);
            }
        }
    }
    let node = node.get(half)?;
    let location = Location::new(reader.file, crate::yaml::first_line(node));
    let mut fields = Fields::new(reader, node, "a signature")?;
    let names = |r: &mut Reader<'_>, n: &Node| r.list(n, Reader::string);
    let listed = fields.optional("fields", |r, n| match n.as_str() {
        Some("all") => Some(None),
        _ => names(r, n).map(Some),
    });
    let exclude = fields.optional("exclude", |r, n| r.one_or_many(n, Reader::string));
    let skip_empty = fields.optional("skip_empty", Reader::boolean);
    let order = fields.optional("order", |r, n| {
        r.word(n, "order", &[("sorted", SignOrder::Sorted), ("listed", SignOrder::Listed)])
    });
    let pair = fields.optional("pair", Reader::string);
    let join = fields.optional("join", Reader::string);
    let canonical = fields.optional("canonical", Reader::string);
    let secret = fields.optional("secret", Reader::string_at);
    let digest = fields.required("digest", |r, n| r.word(n, "digest", &Digest::WORDS));
    let encoding = fields.required("encoding", |r, n| r.word(n, "encoding", &SignatureEncoding::WORDS));
    let charset = fields.optional("charset", charset);
    let place = fields.required("in", |r, n| {
        r.word(n, "place", &[("body", SignIn::Body), ("query", SignIn::Query), ("header", SignIn::Header)])
    });
    let name = fields.required("name", Reader::string);
    let doc = fields.optional("doc", |r, n| doc(r, n, document));
    fields.finish();
    let canonical = canonical.unwrap_or_else(|| "{fields}".into());
    if let Some(message) = digest.and_then(|digest| wrong_secret(secret.is_some(), digest, &canonical)) {
        reader.problem(secret.map_or(crate::yaml::first_line(node), |s| s.span), message);
        return None;
    }
    let name = name?;
    Some(SignSpec {
        fields: listed.flatten(),
        exclude: exclude.unwrap_or_else(|| vec![name.clone()]),
        skip_empty: skip_empty.unwrap_or(false),
        order: order.unwrap_or(SignOrder::Sorted),
        pair: pair.unwrap_or_else(|| "{name}={value}".into()),
        join: join.unwrap_or_else(|| "&".into()),
        canonical,
        secret,
        digest: digest?,
        encoding: encoding?,
        charset: charset.map_or_else(|| "UTF-8".into(), |c| c.value),
        place: place?,
        name,
        location,
        doc,
    })
}

/// A secret that is needed and missing, or there and without use: either way the signature would not be what is meant.
fn wrong_secret(given: bool, digest: Digest, canonical: &str) -> Option<String> {
    let named = canonical.contains("{secret}");
    match (given, digest.is_keyed() || named) {
        (false, true) if named => {
            Some("`canonical` names `{secret}`, but the signature has no `secret`".into())
        }
        (false, true) => Some(format!("`{}` needs a `secret`", digest.as_str())),
        (true, false) => Some(format!(
            "`secret` is without use: `{}` has no key, and `canonical` does not name `{{secret}}`",
            digest.as_str()
        )),
        _ => None,
    }
}
