//! Strings and numbers.

use proptest::prelude::{BoxedStrategy, Just, Strategy};
use proptest::sample::select;
use proptest::string::string_regex;
use serde_json::{Map, Value, json};

/// A text is at most this much longer than it must be.
const ROOM: u64 = 24;

pub fn string(schema: &Map<String, Value>) -> BoxedStrategy<Value> {
    let number = |key: &str| schema.get(key).and_then(Value::as_u64);
    let least = number("minLength").unwrap_or(0);
    let most = number("maxLength").unwrap_or(u64::MAX).min(least + ROOM);
    if let Some(pattern) = schema.get("pattern").and_then(Value::as_str)
        && let Ok(texts) = string_regex(&plain(pattern))
    {
        return texts.prop_map(Value::String).boxed();
    }
    if let Some(texts) = schema.get("format").and_then(Value::as_str).and_then(format) {
        return texts;
    }
    let class = format!("[a-zA-Z0-9 ._\u{e9}\u{4e00}-\u{4e20}]{{{least},{}}}", most.max(least));
    match string_regex(&class) {
        Ok(texts) => texts.prop_map(Value::String).boxed(),
        Err(_) => Just(json!("a".repeat(least as usize))).boxed(),
    }
}

/// A pattern as proptest takes it: without anchors, with classes that are those of ECMA-262.
pub fn plain(pattern: &str) -> String {
    let mut out = String::new();
    let mut chars = pattern.chars().peekable();
    let mut class = false;
    while let Some(c) = chars.next() {
        match (c, class) {
            ('\\', _) => {
                let next = chars.next().unwrap_or('\\');
                let (bare, whole) = match next {
                    'd' => ("0-9", true),
                    'w' => ("A-Za-z0-9_", true),
                    's' => (" ", true),
                    'b' => continue,
                    _ => ("", false),
                };
                match (whole, class) {
                    (true, true) => out.push_str(bare),
                    (true, false) => out.push_str(&format!("[{bare}]")),
                    // What needs no escape there is one without it.
                    (false, _) if "/-".contains(next) && !class => out.push(next),
                    (false, _) => out.extend(['\\', next]),
                }
            }
            ('[', false) => {
                class = true;
                out.push(c);
                if chars.peek() == Some(&'^') {
                    out.extend(chars.next());
                }
            }
            (']', true) => {
                class = false;
                out.push(c);
            }
            ('^' | '$', false) => {}
            ('.', false) => out.push_str("[a-zA-Z0-9]"),
            _ => out.push(c),
        }
    }
    out
}

fn format(name: &str) -> Option<BoxedStrategy<Value>> {
    let regex = match name {
        "date" => "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])",
        "date-time" => {
            "20[0-9]{2}-(0[1-9]|1[0-2])-(0[1-9]|1[0-9]|2[0-8])T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"
        }
        "time" => "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z",
        "duration" => "P[1-9]D(T[1-9]H)?",
        "email" | "idn-email" => "[a-z]{1,8}@[a-z]{1,8}\\.example",
        "hostname" | "idn-hostname" => "[a-z]{1,8}\\.example",
        "ipv4" => "(1?[0-9]{1,2}\\.){3}1?[0-9]{1,2}",
        "ipv6" => "([0-9a-f]{1,4}:){7}[0-9a-f]{1,4}",
        "uri" | "iri" => "https://[a-z]{1,8}\\.example/[a-z0-9]{0,8}",
        "uri-reference" | "iri-reference" => "/[a-z0-9]{0,8}(#[a-z]{1,4})?",
        "uri-template" => "/[a-z]{1,8}(/\\{[a-z]{1,4}\\})?",
        "uuid" => "[0-9a-f]{8}-[0-9a-f]{4}-4[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}",
        "json-pointer" => "(/[a-z0-9]{1,4}){0,3}",
        "relative-json-pointer" => "[0-9](/[a-z]{1,4})?",
        "regex" => "[a-z]{1,4}[+*]?",
        _ => return None,
    };
    string_regex(regex).ok().map(|texts| texts.prop_map(Value::String).boxed())
}

/// Bounds that are given are kept; beyond them a thousand.
pub fn number(schema: &Map<String, Value>, whole: bool) -> BoxedStrategy<Value> {
    let bound = |key: &str| schema.get(key).and_then(Value::as_f64);
    let step = if whole { 1.0 } else { 0.001 };
    let least = [bound("minimum"), bound("exclusiveMinimum").map(|b| b + step)];
    let most = [bound("maximum"), bound("exclusiveMaximum").map(|b| b - step)];
    let least = least.into_iter().flatten().reduce(f64::max);
    let most = most.into_iter().flatten().reduce(f64::min);
    let (least, most) = match (least, most) {
        (Some(least), Some(most)) => (least, most),
        (Some(least), None) => (least, least + 1_000.0),
        (None, Some(most)) => (most - 1_000.0, most),
        (None, None) => (-1_000.0, 1_000.0),
    };
    if let Some(multiple) = bound("multipleOf").filter(|m| *m > 0.0) {
        let (from, to) = ((least / multiple).ceil() as i64, (most / multiple).floor() as i64);
        let is_whole = multiple.fract() == 0.0;
        return (from..=to.max(from))
            .prop_map(move |n| match is_whole {
                true => json!(n * multiple as i64),
                false => json!((n as f64 * multiple * 1e6).round() / 1e6),
            })
            .boxed();
    }
    let (from, to) = (least.ceil() as i64, most.floor() as i64);
    match whole || from <= to && (most - least) > 4.0 {
        true => (from..=to.max(from)).prop_map(|n| json!(n)).boxed(),
        false => (least..=most.max(least)).prop_map(|n| json!(n)).boxed(),
    }
}

/// A value of any simple type.
pub fn anything() -> BoxedStrategy<Value> {
    select(vec![json!("text"), json!(7), json!(1.5), json!(true), Value::Null, json!([1]), json!({"a": 1})])
        .boxed()
}
