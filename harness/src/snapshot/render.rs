//! [`render`]: answers as the text of a snapshot.
//!
//! ```text
//! HTTP 200
//! content-type: application/json
//!
//! {
//!   "order_id": "[string]",
//!   "state": "open"
//! }
//! ```
//!
//! In a flow, a line `==== 2 queryOrder` stands before the answer of each step.

use super::echo::Echoes;
use super::seen::{Seen, SeenBody};
use super::{redact, xml};
use crate::model::visible::{is_hidden, visible};
use serde_json::Value;

/// Headers that say something about the answer. Others say when, where and how it was sent: `date`, `server`,
/// `content-length`, `etag`, what proxies add.
pub const DEFAULT_HEADERS: [&str; 16] = [
    "content-type",
    "content-language",
    "content-disposition",
    "location",
    "cache-control",
    "vary",
    "allow",
    "retry-after",
    "link",
    "set-cookie",
    "accept-ranges",
    "access-control-allow-origin",
    "strict-transport-security",
    "x-content-type-options",
    "deprecation",
    "sunset",
];

/// Before the answer of each step of a flow.
pub const STEP: &str = "==== ";

/// The text of a snapshot: of one answer, or of a flow's. `headers` are lower-case names, in the order to be shown in.
pub fn render(seen: &[Seen], flow: bool, headers: &[String], echoes: &Echoes) -> String {
    let mut out = String::new();
    for (index, answer) in seen.iter().enumerate() {
        if flow {
            let gap = if index == 0 { "" } else { "\n" };
            out.push_str(&format!("{gap}{STEP}{} {}\n", index + 1, answer.operation.id));
        }
        out.push_str(&format!("HTTP {}\n", answer.status));
        for name in headers {
            if let Some(value) = answer.headers.get(name).and_then(Value::as_str) {
                out.push_str(&format!("{name}: {}\n", header(name, value, echoes)));
            }
        }
        let body = body(answer, echoes);
        if !body.is_empty() {
            out.push('\n');
            out.push_str(body.trim_end_matches('\n'));
            out.push('\n');
        }
    }
    // What insta's reader leaves of it.
    out.trim_end().to_owned()
}

fn header(name: &str, value: &str, echoes: &Echoes) -> String {
    let value = match name {
        "set-cookie" => cookie(value),
        _ => echoes.text(value),
    };
    visible(&value).replace(['\n', '\t'], " ")
}

/// A cookie's value is a secret, its expiry a date (RFC 6265 section 4.1.1).
fn cookie(value: &str) -> String {
    let attributes: Vec<String> = value
        .split(';')
        .enumerate()
        .map(|(index, part)| match part.trim().split_once('=') {
            Some((name, _)) if index == 0 || name.eq_ignore_ascii_case("expires") => {
                format!("{name}=[string]")
            }
            _ => part.trim().to_owned(),
        })
        .collect();
    attributes.join("; ")
}

fn body(answer: &Seen, echoes: &Echoes) -> String {
    match &answer.body {
        SeenBody::Empty => String::new(),
        SeenBody::Json(value) => json(&redact::redact(value, answer.shape(), echoes)),
        SeenBody::Xml(document) => xml::pretty(document, answer.shape(), echoes),
        SeenBody::Text(text) => plain(&echoes.text(&text.replace("\r\n", "\n"))),
        SeenBody::Digest { size, sha256 } => format!("[{size} bytes: sha256 {sha256}]"),
    }
}

/// JSON with what is not seen as escapes; such characters stand in strings only.
fn json(value: &Value) -> String {
    let pretty = format!("{value:#}");
    if !pretty.contains(is_hidden) {
        return pretty;
    }
    let mut out = String::with_capacity(pretty.len());
    let mut units = [0; 2];
    for c in pretty.chars() {
        match is_hidden(c) {
            true => {
                c.encode_utf16(&mut units).iter().for_each(|unit| out.push_str(&format!("\\u{unit:04x}")))
            }
            false => out.push(c),
        }
    }
    out
}

/// Text, with nothing in it that acts on a terminal, and no line that looks like the beginning of a step.
fn plain(text: &str) -> String {
    let text = visible(text);
    match text.contains(STEP) {
        true => text.split('\n').map(masked).collect::<Vec<_>>().join("\n"),
        false => text.into_owned(),
    }
}

fn masked(line: &str) -> String {
    if line.starts_with(STEP) { format!("\\{line}") } else { line.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn cookies_keep_their_names_and_attributes() {
        assert_eq!(
            cookie("sid=abc; Path=/; Expires=Wed, 21 Oct 2026 07:28:00 GMT; HttpOnly"),
            "sid=[string]; Path=/; Expires=[string]; HttpOnly"
        );
    }

    #[test]
    fn nothing_acts_on_a_terminal_and_json_stays_json() {
        let text = json(&json!({"a": "\u{1b}[2J\u{202e}\u{e0001}"}));
        assert!(text.is_ascii(), "{text}");
        assert_eq!(serde_json::from_str::<Value>(&text).unwrap()["a"], "\u{1b}[2J\u{202e}\u{e0001}");
        assert_eq!(plain("a\u{1b}\n==== 2 x"), "a\\u{1b}\n\\==== 2 x");
    }
}
