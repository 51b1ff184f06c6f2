//! Reading a case file: its tree into [`CaseFile`], with every problem collected.

use super::case::*;
use super::connection::{StepAuth, step_auth};
use crate::model::problem::Problem;
use crate::model::source::{At, SourceFile};
use crate::yaml::{Fields, Kind, Node, Reader, first_line, parse};
use std::sync::Arc;

/// Keys of a case, as editors are told (a test compares).
pub const CASE_KEYS: [&str; 26] = [
    "id", "title", "doc", "level", "tags", "snapshot", "vars", "use", "examples", "steps", "finally", "call",
    "from", "with", "without", "body", "as", "headers", "auth", "method", "query", "charset", "expect",
    "capture", "callback", "await",
];

/// Keys of an expectation.
pub const EXPECT_KEYS: [&str; 8] =
    ["status", "outcome", "code", "like", "equals", "headers", "rules", "within"];

pub fn read(file: &Arc<SourceFile>, problems: &mut Vec<Problem>) -> Option<CaseFile> {
    let root = parse(file, problems)?;
    let mut reader = Reader::new(file, problems);
    let mut fields = Fields::new(&mut reader, &root, "a case file")?;
    let api = fields.required("api", Reader::string_at);
    let vars = fields.optional("vars", vars).unwrap_or_default();
    let fixtures = fields.optional("fixtures", |r, n| r.mapping(n, fixture)).unwrap_or_default();
    let cases = fields.optional("cases", |r, n| r.list(n, case)).unwrap_or_default();
    fields.finish();
    Some(CaseFile { api: api?, vars, fixtures, cases })
}

fn vars(reader: &mut Reader<'_>, node: &Node) -> Option<Vars> {
    reader.mapping(node, |_, n| Some(n.clone()))
}

fn text_at(reader: &mut Reader<'_>, node: &Node) -> Option<At<String>> {
    reader.text(node).map(|text| At::new(text, node.span))
}

fn steps(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Step>> {
    reader.list(node, step)
}

fn fixture(reader: &mut Reader<'_>, node: &Node) -> Option<Fixture> {
    let mut fields = Fields::new(reader, node, "a fixture")?;
    let fixture = Fixture {
        title: fields.optional("title", Reader::string),
        vars: fields.optional("vars", vars).unwrap_or_default(),
        uses: fields.optional("use", uses).unwrap_or_default(),
        steps: fields.optional("steps", steps).unwrap_or_default(),
        finally: fields.optional("finally", steps).unwrap_or_default(),
    };
    fields.finish();
    Some(fixture)
}

fn case(reader: &mut Reader<'_>, node: &Node) -> Option<Case> {
    let mut fields = Fields::new(reader, node, "a case")?;
    let id = fields.required("id", |r, n| {
        let id = r.string_at(n)?;
        let allowed = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || "/-_.".contains(c);
        match id.chars().all(allowed) && id.starts_with(|c: char| c.is_ascii_alphanumeric()) {
            true => Some(id),
            false => r.expected(n, "an id of lower-case letters, digits, `-` and `/`"),
        }
    });
    let title = fields.required("title", Reader::string);
    let doc = fields.required("doc", Reader::string_at);
    let level = fields.optional("level", |r, n| r.word(n, "level", &crate::model::level::Level::WORDS));
    let tags = fields.optional("tags", |r, n| r.list(n, Reader::string));
    let snapshot = fields.optional("snapshot", Reader::boolean);
    let own_vars = fields.optional("vars", vars);
    let uses = fields.optional("use", uses);
    let examples = fields.optional("examples", |r, n| r.list(n, row));
    let flow = fields.optional("steps", steps);
    let finally = fields.optional("finally", steps);
    let auth = fields.optional("auth", step_auth);
    let step = step_fields(&mut fields, node, node.get("steps").is_none());
    if let (Some(_), Some((key, _))) = (&flow, node.entries().iter().find(|(k, _)| k.name == "call")) {
        fields.reader().problem(key.span, "a case has either `call` or `steps`, not both");
    }
    fields.finish();
    Some(Case {
        id: id?,
        title: title?,
        doc,
        level: level.unwrap_or_default(),
        tags: tags.unwrap_or_default(),
        snapshot,
        vars: own_vars.unwrap_or_default(),
        uses: uses.unwrap_or_default(),
        examples: examples.unwrap_or_default(),
        step: if flow.is_some() { None } else { Some(Step { auth: auth.clone(), ..step? }) },
        steps: with_auth(flow.unwrap_or_default(), auth.as_ref()),
        finally: finally.unwrap_or_default(),
        span: first_line(node),
    })
}

fn uses(reader: &mut Reader<'_>, node: &Node) -> Option<Vec<Use>> {
    match &node.kind {
        Kind::Map(entries) => Some(
            entries
                .iter()
                .map(|(key, n)| Use {
                    name: At::new(key.name.clone(), key.span),
                    vars: if n.kind == Kind::Null { Vec::new() } else { vars(reader, n).unwrap_or_default() },
                })
                .collect(),
        ),
        _ => reader.one_or_many(node, |r, n| Some(Use { name: r.string_at(n)?, vars: Vec::new() })),
    }
}

fn row(reader: &mut Reader<'_>, node: &Node) -> Option<Row> {
    let Kind::Map(entries) = &node.kind else {
        return reader.expected(node, "a row: a mapping with a `name`");
    };
    let name = match node.get("name") {
        Some(n) => At::new(reader.text(n)?, n.span),
        None => return reader.expected(node, "a row with a `name`"),
    };
    let vars = entries
        .iter()
        .filter(|(key, _)| key.name != "name")
        .map(|(key, n)| (At::new(key.name.clone(), key.span), n.clone()))
        .collect();
    Some(Row { name, vars })
}

fn step(reader: &mut Reader<'_>, node: &Node) -> Option<Step> {
    let mut fields = Fields::new(reader, node, "a step")?;
    let auth = fields.optional("auth", step_auth);
    let step = step_fields(&mut fields, node, true);
    fields.finish();
    Some(Step { auth, ..step? })
}

/// The steps of a flow, with what the flow says of those that say nothing themselves.
fn with_auth(mut steps: Vec<Step>, auth: Option<&StepAuth>) -> Vec<Step> {
    for step in steps.iter_mut().filter(|step| step.auth.is_none()) {
        step.auth = auth.cloned();
    }
    steps
}

/// The keys of a step, which a case that is not a flow has too; all but `auth`, which a flow may have as well.
fn step_fields(fields: &mut Fields<'_, '_, '_>, node: &Node, needs_call: bool) -> Option<Step> {
    let call = match needs_call {
        true => fields.required("call", Reader::string_at),
        false => fields.optional("call", Reader::string_at),
    };
    let from = fields.optional("from", Reader::string_at);
    let with = fields.optional("with", vars).unwrap_or_default();
    let without = fields.optional("without", |r, n| r.one_or_many(n, Reader::string_at)).unwrap_or_default();
    let body = fields.optional("body", |_, n| Some(n.clone()));
    let media_type = fields.optional("as", Reader::string_at);
    let headers = fields.optional("headers", vars).unwrap_or_default();
    let method = fields.optional("method", Reader::string);
    let query = fields.optional("query", Reader::string_at);
    let charset = fields.optional("charset", Reader::string_at);
    let expect = fields.optional("expect", expect).unwrap_or_default();
    let capture = fields.optional("capture", vars).unwrap_or_default();
    let callback = fields.optional("callback", callback);
    let wait = fields.optional("await", wait);
    let span = node.get("call").map_or_else(|| first_line(node), |n| n.span);
    Some(Step {
        call: call?,
        from,
        with,
        without,
        body,
        media_type,
        headers,
        auth: None,
        method,
        query,
        charset,
        expect,
        capture,
        callback,
        wait,
        span,
    })
}

fn expect(reader: &mut Reader<'_>, node: &Node) -> Option<Expect> {
    let mut fields = Fields::new(reader, node, "`expect`")?;
    let expect = Expect {
        status: fields
            .optional("status", |r, n| r.one_or_many(n, text_at).map(|list| At::new(list, first_line(n)))),
        outcome: fields.optional("outcome", Reader::string_at),
        code: fields.optional("code", text_at),
        like: fields.optional("like", |_, n| Some(n.clone())),
        equals: fields.optional("equals", |_, n| Some(n.clone())),
        headers: fields.optional("headers", vars).unwrap_or_default(),
        rules: fields.optional("rules", |r, n| r.list(n, |_, n| Some(n.clone()))).unwrap_or_default(),
        within: fields.optional("within", |r, n| r.duration(n).map(|d| At::new(d, n.span))),
        span: first_line(node),
    };
    fields.finish();
    Some(expect)
}

fn callback(reader: &mut Reader<'_>, node: &Node) -> Option<CallbackExpect> {
    let mut fields = Fields::new(reader, node, "`callback`")?;
    let name = fields.required("name", Reader::string_at);
    let matches = fields.required("match", vars);
    let within = fields.optional("within", Reader::duration);
    let count = fields.optional("count", Reader::unsigned);
    let settle = fields.optional("settle", Reader::duration);
    let expect = fields.optional("expect", expect).unwrap_or_default();
    fields.finish();
    let span = first_line(node);
    Some(CallbackExpect { name: name?, matches: matches?, within, count, settle, expect, span })
}

fn wait(reader: &mut Reader<'_>, node: &Node) -> Option<Await> {
    let mut fields = Fields::new(reader, node, "`await`")?;
    let until = fields.required("until", |_, n| Some(n.clone()));
    let every = fields.optional("every", Reader::duration);
    let within = fields.optional("within", Reader::duration);
    fields.finish();
    Some(Await { until: until?, every, within })
}
