//! The smallest addition to the suite that would notice a survivor: a keyword of the schema, a rule, or a line of the case.

use super::operator::Mutant;
use super::places::{Kind, Place};
use super::source::{Pool, Source};
use crate::http::media_type::Syntax;
use serde::Serialize;
use serde_json::Value;

/// Something to paste.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Addition {
    /// Where it belongs.
    pub place: String,
    pub yaml: String,
}

/// What would notice `mutant`.
pub fn addition(source: &Source<'_>, pool: &Pool<'_>, mutant: &Mutant) -> Option<Addition> {
    match source.place(&mutant.pointer) {
        Some(place) if !mutant.pointer.is_empty() => Some(of_place(source, pool, mutant, place)),
        _ => of_envelope(source, mutant),
    }
}

fn in_case(yaml: String) -> Addition {
    Addition { place: "the case".into(), yaml }
}

fn in_operation(source: &Source<'_>, yaml: String) -> Addition {
    Addition { place: format!("x-proofmark of {}", source.operation().location), yaml }
}

fn of_envelope(source: &Source<'_>, mutant: &Mutant) -> Option<Addition> {
    let outcome = || source.outcomes.first().map(|o| in_case(format!("expect: {{ outcome: {o} }}")));
    match (mutant.field.as_str(), mutant.operator.name) {
        ("status", _) => Some(in_case(format!("expect: {{ status: {} }}", source.response.status))),
        (_, "success-as-failure" | "failure-as-success") => outcome(),
        (_, "charset-label" | "charset-bytes") => {
            Some(in_operation(source, format!("charset: {}", source.answer.encoding.name())))
        }
        ("header content-type", _) => Some(Addition {
            place: format!("the response of {}", source.operation().location),
            yaml: format!("content: {{ {}: {{ schema: … }} }}", source.answer.media_type.as_ref()?.essence),
        }),
        (header, _) if header.starts_with("header ") => {
            let name = header.trim_start_matches("header ");
            let cel = format!("get(headers, '{name}', '') != ''");
            // Of an answer that is not documented, only the case can say something.
            Some(match source.operation().response(source.response.status) {
                Some(_) => in_operation(source, rule(name, &cel)),
                None => in_case(format!("expect: {{ rules: [{}] }}", Value::from(cel.as_str()))),
            })
        }
        _ => outcome(),
    }
}

fn rule(name: &str, cel: &str) -> String {
    let id: String =
        name.chars().map(|c| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' }).collect();
    let quoted = Value::from(cel).to_string();
    format!(
        "rules:\n  - {{ id: {}, rule: {quoted}, level: must, doc: \"#…\", says: \"…\" }}",
        id.trim_matches('-')
    )
}

fn of_place(source: &Source<'_>, pool: &Pool<'_>, mutant: &Mutant, place: &Place) -> Addition {
    let keyword = |yaml: String| {
        let place = match source.syntax {
            Syntax::Xml => format!("the XSD, at `{}`", mutant.field),
            _ => format!("the schema of `{}` in {}", mutant.field, source.operation().location),
        };
        Addition { place, yaml }
    };
    let name = Value::from(place.name.as_str());
    match (mutant.operator.name, place.kind) {
        ("drop" | "rename" | "input-dropped" | "input-renamed", _) => keyword(format!("required: [{name}]")),
        ("undocumented" | "attribute-added", _) => keyword("additionalProperties: false".into()),
        ("null" | "wrong-type" | "number-as-string" | "string-as-number", kind) => {
            keyword(format!("type: {}", type_of(kind)))
        }
        ("empty", Kind::Object) => keyword("minProperties: 1".into()),
        ("empty", _) if !source.sent.contains(&place.text) => keyword("minLength: 1".into()),
        ("array-emptied", _) => keyword("minItems: 1".into()),
        ("array-odd-element", _) => keyword("items: { type: … }".into()),
        ("success-as-failure" | "failure-as-success", _) => {
            let outcome = source.outcomes.first().map_or("success", String::as_str);
            in_case(format!("expect: {{ outcome: {outcome} }}"))
        }
        ("other-code", _) => in_case(format!(
            "expect: {{ code: {} }}",
            Value::from(source.code.as_deref().unwrap_or(&place.text))
        )),
        _ => of_value(source, pool, mutant, place, keyword),
    }
}

/// What fixes a value: the request that it repeats, the constant that it is, its form, or the case.
fn of_value(
    source: &Source<'_>,
    pool: &Pool<'_>,
    mutant: &Mutant,
    place: &Place,
    keyword: impl Fn(String) -> Addition,
) -> Addition {
    let path = format!("body{}", member_path(&place.pointer));
    if let Some(from) = sent_as(source, &place.text) {
        return in_operation(source, rule(&format!("echo-{}", place.name), &format!("{path} == {from}")));
    }
    let mut others = pool.others(source).filter_map(|other| other.place(&place.pointer)).peekable();
    let written = source.answer.text.get(place.span.clone()).unwrap_or_default();
    if others.peek().is_some() && others.all(|p| p.text == place.text) && source.syntax == Syntax::Json {
        return keyword(format!("const: {written}"));
    }
    let changes_form = [
        "truncated",
        "padded",
        "full-width",
        "sign",
        "scale",
        "precision",
        "exponent",
        "date-format",
        "epoch",
        "empty",
        "leading-zeros",
        "enum-unknown",
        "impossible-date",
    ];
    if changes_form.contains(&mutant.operator.name)
        && let Some(pattern) = form(&place.text)
    {
        return keyword(format!("pattern: {pattern}"));
    }
    let value = match place.kind.is_text() {
        true => Value::from(place.text.as_str()).to_string(),
        false => written.to_owned(),
    };
    in_case(format!("expect: {{ equals: {} }}", nested(&place.pointer, &value)))
}

/// A regular expression of the text's form, where it is one of digits, or letters and digits.
fn form(text: &str) -> Option<String> {
    let length = text.chars().count();
    if text.is_empty() {
        return None;
    }
    if text.bytes().all(|b| b.is_ascii_digit()) {
        return Some(format!("^[0-9]{{{length}}}$"));
    }
    text.bytes().all(|b| b.is_ascii_alphanumeric()).then(|| format!("^[A-Za-z0-9]{{{length}}}$"))
}

fn type_of(kind: Kind) -> &'static str {
    match kind {
        Kind::Object | Kind::Element => "object",
        Kind::Array => "array",
        Kind::Number => "number",
        Kind::Boolean => "boolean",
        Kind::Null => "\"null\"",
        Kind::String | Kind::Leaf | Kind::Attribute | Kind::Input => "string",
    }
}

fn tokens(pointer: &str) -> Vec<String> {
    pointer.split('/').skip(1).map(|t| t.replace("~1", "/").replace("~0", "~")).collect()
}

/// `.data.order_id`, `['@name']`, `[0]`.
fn member_path(pointer: &str) -> String {
    let step = |token: String| {
        let is_name = token.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
            && token.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_');
        match (is_name, token.bytes().all(|b| b.is_ascii_digit())) {
            (true, _) => format!(".{token}"),
            (false, true) => format!("[{token}]"),
            (false, false) => format!("['{token}']"),
        }
    };
    tokens(pointer).into_iter().map(step).collect()
}

/// `{ data: { id: "7" } }` without the outer braces of YAML's flow style being needed elsewhere.
fn nested(pointer: &str, value: &str) -> String {
    tokens(pointer)
        .iter()
        .rev()
        .fold(value.to_owned(), |inner, token| format!("{{ {}: {inner} }}", Value::from(token.as_str())))
}

/// The expression of the request's value that a text repeats.
fn sent_as(source: &Source<'_>, text: &str) -> Option<String> {
    if text.is_empty() {
        return None;
    }
    ["query", "body"].iter().find_map(|part| {
        let value = source.evidence.request.get(part)?;
        let pointer = pointer_of(value, text, String::new())?;
        Some(format!("request.{part}{}", member_path(&pointer)))
    })
}

fn pointer_of(value: &Value, text: &str, at: String) -> Option<String> {
    match value {
        Value::String(s) => (s == text).then_some(at),
        Value::Number(n) => (n.to_string() == text).then_some(at),
        Value::Object(map) => map
            .iter()
            .find_map(|(name, v)| pointer_of(v, text, format!("{at}/{}", crate::http::json::escape(name)))),
        Value::Array(items) => {
            items.iter().enumerate().find_map(|(n, v)| pointer_of(v, text, format!("{at}/{n}")))
        }
        Value::Null | Value::Bool(_) => None,
    }
}
