//! What stands around the body: status, media type, charset, headers.

use super::super::operator::{Mutants, Operator};
use super::super::source::{Pool, Source};
use crate::http::{charset, coding};
use crate::model::exchange::Response;

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "status",
        family: "envelope",
        says: "the status is another one",
        example: ("HTTP/1.1 200 OK", "HTTP/1.1 500 Internal Server Error"),
        make: status,
    },
    Operator {
        name: "content-type",
        family: "envelope",
        says: "the media type is another one",
        example: ("Content-Type: application/json", "Content-Type: text/html"),
        make: content_type,
    },
    Operator {
        name: "charset-label",
        family: "envelope",
        says: "the header names another charset than the one that the bytes are in",
        example: ("Content-Type: text/xml; charset=UTF-8", "Content-Type: text/xml; charset=ISO-8859-1"),
        make: charset_label,
    },
    Operator {
        name: "charset-bytes",
        family: "envelope",
        says: "the whole body is in another charset than the header says",
        example: ("the bytes C3 A9 for é", "the byte E9"),
        make: charset_bytes,
    },
    Operator {
        name: "byte-order-mark",
        family: "envelope",
        says: "the body begins with a byte order mark",
        example: ("{}", "\u{feff}{}"),
        make: byte_order_mark,
    },
    Operator {
        name: "header-missing",
        family: "envelope",
        says: "a header is missing",
        example: ("Content-Type: application/json", "nothing"),
        make: header_missing,
    },
    Operator {
        name: "content-coding",
        family: "envelope",
        says: "the body is labelled gzip and is not",
        example: ("no Content-Encoding", "Content-Encoding: gzip"),
        make: content_coding,
    },
];

/// The answer, to be changed.
fn copy(source: &Source<'_>, mutants: &Mutants<'_>) -> Response {
    Response { body: source.response.body.clone(), ..mutants.envelope() }
}

fn status(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let status = source.response.status;
    let others: &[u16] = if status < 300 { &[201, 404, 500] } else { &[200, 500] };
    for other in others.iter().filter(|other| **other != status) {
        let response = Response { status: *other, ..copy(source, mutants) };
        mutants.envelope_change("status", format!("`{status}` → `{other}`"), response);
    }
}

/// The answer with another value of its `Content-Type`.
fn retyped(source: &Source<'_>, mutants: &mut Mutants<'_>, value: &str) {
    let mut response = copy(source, mutants);
    let before = response.header_text("content-type").unwrap_or_default();
    match response.headers.iter_mut().find(|(name, _)| name.eq_ignore_ascii_case("content-type")) {
        Some((_, bytes)) => *bytes = value.as_bytes().to_vec(),
        None => response.headers.push(("Content-Type".into(), value.as_bytes().to_vec())),
    }
    mutants.envelope_change("header content-type", format!("`{before}` → `{value}`"), response);
}

fn content_type(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let Some(media_type) = &source.answer.media_type else { return };
    let parameters = media_type.charset.as_ref().map(|c| format!("; charset={c}")).unwrap_or_default();
    for other in ["text/html", "text/plain"].iter().filter(|other| media_type.essence != **other) {
        retyped(source, mutants, &format!("{other}{parameters}"));
    }
}

fn charset_label(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let Some(media_type) = &source.answer.media_type else { return };
    let is_utf8 = source.answer.encoding == encoding_rs::UTF_8;
    for other in ["ISO-8859-1", if is_utf8 { "GBK" } else { "UTF-8" }] {
        retyped(source, mutants, &format!("{}; charset={other}", media_type.essence));
    }
    if media_type.charset.is_some() {
        retyped(source, mutants, &media_type.essence);
    }
}

fn charset_bytes(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let answer = &source.answer;
    let other = if answer.encoding == encoding_rs::UTF_8 { "GBK" } else { "UTF-8" };
    if let Ok(body) = charset::encode(&answer.text, other) {
        mutants.body(format!("the body is in {other}"), body);
    }
}

fn byte_order_mark(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    if !source.answer.bom {
        let body = [b"\xef\xbb\xbf", source.response.body.as_slice()].concat();
        mutants.body("the body begins with U+FEFF".into(), body);
    }
}

/// Headers of the connection and of the server, of which no document of an API speaks.
const NOT_OF_THE_API: [&str; 8] = [
    "connection",
    "content-length",
    "content-encoding",
    "date",
    "keep-alive",
    "server",
    "transfer-encoding",
    "vary",
];

fn header_missing(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for (name, _) in &source.response.headers {
        let name = name.to_ascii_lowercase();
        if NOT_OF_THE_API.contains(&name.as_str()) {
            continue;
        }
        let mut response = copy(source, mutants);
        response.headers.retain(|(n, _)| !n.eq_ignore_ascii_case(&name));
        mutants.envelope_change(&format!("header {name}"), format!("`{name}` is left out"), response);
    }
}

fn content_coding(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let body = source.response.body.clone();
    if source.response.header("content-encoding").is_some() || body.is_empty() {
        return;
    }
    let most = body.len() as u64;
    if let Ok((body, miscoded)) = coding::decode(body, Some("gzip"), most) {
        let mut response = Response { body, miscoded, ..mutants.envelope() };
        response.headers.push(("Content-Encoding".into(), b"gzip".to_vec()));
        mutants.envelope_change(
            "header content-encoding",
            "`Content-Encoding: gzip` is added".into(),
            response,
        );
    }
}
