//! Values beside the limits of a field, each by the name of the limit and the side.

use super::dictionary;
use super::field::{Field, Writing};
use crate::contract::ParameterIn;
use serde_json::{Value, json};

/// The longest text that is made for a limit.
const MAX_TEXT: u64 = 70_000;

/// The number of the accepted request, written as text.
pub const SAME_TEXT: &str = "type-same-text";

/// A value to put into a field.
#[derive(Debug, Clone, PartialEq)]
pub struct Candidate {
    /// `maxLength+1`, `enum-beyond`, `type-number`…
    pub kind: String,
    pub value: Value,
}

fn candidate(kind: impl Into<String>, value: impl Into<Value>) -> Candidate {
    Candidate { kind: kind.into(), value: value.into() }
}

/// Every value to try, without repetitions; whether it is good input is another question.
pub fn candidates(field: &Field<'_>) -> Vec<Candidate> {
    let mut found = vec![];
    if field.place_in != Some(ParameterIn::Path) {
        found.push(candidate("empty", ""));
    }
    types(field, &mut found);
    if field.writing == Writing::Json && field.has_type("array") {
        items(field, &mut found);
    }
    if !field.is_container() {
        lengths(field, &mut found);
        numbers(field, &mut found);
        choices(field, &mut found);
        patterns(field, &mut found);
        formats(field, &mut found);
        if field.has_type("string") || field.writing != Writing::Json {
            found.extend(dictionary::TEXTS.iter().map(|(name, text)| candidate(*name, *text)));
        }
    }
    let base = field.base.clone();
    let mut seen: Vec<Value> = base.into_iter().collect();
    found.retain(|c| {
        let new = !seen.contains(&c.value);
        if new {
            seen.push(c.value.clone());
        }
        new
    });
    found
}

fn types(field: &Field<'_>, found: &mut Vec<Candidate>) {
    match field.writing {
        Writing::Json => {
            found.push(candidate("null", Value::Null));
            found.push(candidate("type-number", 12_345));
            found.push(candidate("type-fraction", 1.5));
            found.push(candidate("type-boolean", true));
            found.push(candidate("type-string", "text"));
            found.push(candidate("type-array", json!([])));
            found.push(candidate("type-object", json!({})));
            found.push(candidate("beyond-2-53", 9_007_199_254_740_993_i64));
            if let Some(number) = field.text().and_then(|t| t.parse::<i64>().ok()) {
                found.push(candidate("type-same-number", number));
            }
            if let Some(number) = field.base.as_ref().filter(|base| base.is_number()) {
                found.push(candidate(SAME_TEXT, number.to_string()));
            }
        }
        Writing::Text | Writing::Xml => {
            if field.has_type("integer") || field.has_type("number") {
                found.push(candidate("type-text", "abc"));
                found.push(candidate("type-fraction", "1.5"));
            }
        }
    }
}

fn lengths(field: &Field<'_>, found: &mut Vec<Candidate>) {
    let base = field.text().unwrap_or_else(|| "a".into());
    let mut at = |keyword: &str, offset: i64| {
        let Some(limit) = field.schema.get(keyword).and_then(Value::as_u64).filter(|l| *l <= MAX_TEXT) else {
            return;
        };
        let length = limit.saturating_add_signed(offset);
        if limit == 0 && offset < 0 {
            return;
        }
        let side = if offset == 0 { keyword.to_owned() } else { format!("{keyword}{offset:+}") };
        found.push(candidate(side, of_length(&base, length as usize)));
    };
    at("minLength", -1);
    at("minLength", 0);
    at("maxLength", 0);
    at("maxLength", 1);
    // A limit is enforced in characters or in bytes, and not at all where only huge values meet it.
    if let Some(limit) = field.schema.get("maxLength").and_then(Value::as_u64).filter(|l| *l <= MAX_TEXT) {
        found.push(candidate("maxLength-chinese", "一".repeat(limit as usize)));
    }
    if field.has_type("string") && field.place_in != Some(ParameterIn::Header) {
        found.push(candidate("long", of_length(&base, 5_000)));
    }
}

/// A list on both sides of its limits, and one that says the same twice: of the items of the accepted request, or as its
/// schema has them.
fn items(field: &Field<'_>, found: &mut Vec<Candidate>) {
    const MAX_ITEMS: u64 = 1_000;
    let Some(spec) = field.spec else { return };
    let (_, document) = spec.source();
    let known = field.base.as_ref().and_then(Value::as_array).cloned().unwrap_or_default();
    let item = field.schema.get("items").unwrap_or(&Value::Bool(true));
    let one = |number: u64| {
        let made = || super::variety::plain(item, document, number + 1);
        known.get(number as usize).cloned().or_else(made)
    };
    let mut of = |kind: String, length: u64| {
        let list: Option<Vec<Value>> = (0..length).map(one).collect();
        found.extend(list.map(|list| candidate(kind, list)));
    };
    let limit = |key: &str| field.schema.get(key).and_then(Value::as_u64).filter(|n| *n < MAX_ITEMS);
    if let Some(least) = limit("minItems") {
        of("minItems".into(), least);
        if least > 0 {
            of("minItems-1".into(), least - 1);
        }
    }
    if let Some(most) = limit("maxItems") {
        of("maxItems".into(), most);
        of("maxItems+1".into(), most + 1);
    }
    if let (true, Some(first)) = (field.schema.get("uniqueItems") == Some(&Value::Bool(true)), one(0)) {
        found.push(candidate("uniqueItems", vec![first.clone(), first]));
    }
}

fn of_length(base: &str, length: usize) -> String {
    let last = base.chars().last().unwrap_or('a');
    base.chars().chain(std::iter::repeat(last)).take(length).collect()
}

fn numbers(field: &Field<'_>, found: &mut Vec<Candidate>) {
    let mut at = |keyword: &str, offset: f64| {
        let Some(limit) = field.schema.get(keyword).and_then(Value::as_f64) else { return };
        let value = limit + offset;
        let side = if offset == 0.0 { keyword.to_owned() } else { format!("{keyword}{offset:+}") };
        let whole = value.fract() == 0.0 && value.abs() < 9e15;
        let value = if whole { json!(value as i64) } else { json!(value) };
        found.push(candidate(side, value));
    };
    for keyword in ["minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum"] {
        at(keyword, -1.0);
        at(keyword, 0.0);
        at(keyword, 1.0);
    }
    if field.schema.contains_key("type") && field.has_type("integer") {
        // The first number that 32 bits with a sign do not hold.
        found.push(candidate("beyond-2-31", 2_147_483_648_i64));
    }
    if let Some(step) = field.schema.get("multipleOf").and_then(Value::as_f64) {
        found.push(candidate("multipleOf", json!(step * 3.0 + step / 2.0)));
    }
}

fn choices(field: &Field<'_>, found: &mut Vec<Candidate>) {
    let constant = field.schema.get("const").map(std::slice::from_ref);
    let listed = field.schema.get("enum").and_then(Value::as_array).map(Vec::as_slice);
    let Some(values) = listed.or(constant) else { return };
    for value in values {
        found.push(candidate(format!("enum={}", crate::expr::printed(value)), value.clone()));
    }
    let texts: Vec<String> = values.iter().map(crate::expr::printed).collect();
    let beyond = texts.iter().filter_map(|t| t.parse::<i64>().ok()).max();
    match beyond {
        Some(most) if values.iter().any(Value::is_number) => found.push(candidate("enum-beyond", most + 1)),
        Some(most) => found.push(candidate("enum-beyond", (most + 1).to_string())),
        None => {}
    }
    if let Some(first) = texts.first() {
        found.push(candidate("enum-longer", format!("{first}x")));
        found.push(candidate("enum-zero-before", format!("0{first}")));
        let other: String = first
            .chars()
            .map(|c| if c.is_uppercase() { c.to_ascii_lowercase() } else { c.to_ascii_uppercase() })
            .collect();
        found.push(candidate("enum-other-case", other));
    }
}

fn patterns(field: &Field<'_>, found: &mut Vec<Candidate>) {
    if !field.schema.contains_key("pattern") {
        return;
    }
    let Some(base) = field.text() else { return };
    let mut cut = base.clone();
    cut.pop();
    let rest: String = base.chars().skip(1).collect();
    let full_width: String = base
        .chars()
        .map(|c| match c {
            '0'..='9' => char::from_u32(c as u32 - '0' as u32 + 0xff10).unwrap_or(c),
            other => other,
        })
        .collect();
    found.push(candidate("pattern-longer", format!("{base}{}", base.chars().last().unwrap_or('0'))));
    // A pattern may hold a limit: the first length that it does not allow.
    let last = base.chars().last().unwrap_or('0').to_string();
    let beyond = (1..=64).map(|n| format!("{base}{}", last.repeat(n)));
    let first = beyond.into_iter().find(|text| field.allows(&json!(text)) == Some(false));
    found.extend(first.map(|text| candidate("pattern-too-long", text)));
    found.push(candidate("pattern-shorter", cut));
    found.push(candidate("pattern-letter-after", format!("{base}x")));
    found.push(candidate("pattern-letter-first", format!("x{rest}")));
    found.push(candidate("pattern-sign-before", format!("-{base}")));
    found.push(candidate("pattern-zeros", "0".repeat(base.chars().count())));
    found.push(candidate("pattern-nines", "9".repeat(base.chars().count())));
    found.push(candidate("pattern-full-width", full_width));
    found.push(candidate("pattern-line-after", format!("{base}\n")));
    found.push(candidate("pattern-space-before", format!(" {base}")));
}

fn formats(field: &Field<'_>, found: &mut Vec<Candidate>) {
    let Some(format) = field.schema.get("format").and_then(Value::as_str) else { return };
    let bad: &[&str] = match format {
        "date" => &["2026-02-30", "2026-13-01", "26-1-1"],
        "date-time" => &["2026-02-30T00:00:00Z", "2026-01-01T25:00:00Z", "2026-01-01 00:00:00"],
        "time" => &["24:60:00Z", "1:00"],
        "email" => &["a@", "@b.example"],
        "uri" | "uri-reference" => &["http://[", "a b"],
        "ipv4" => &["256.1.1.1", "1.1.1"],
        "ipv6" => &["::g", "1::2::3"],
        "uuid" => &["00000000-0000-0000-0000-00000000000g"],
        "hostname" => &["-a.example", "a..example"],
        _ => &[],
    };
    found.extend(bad.iter().enumerate().map(|(i, text)| candidate(format!("format-{}", i + 1), *text)));
}
