//! Bodies and headers, laid out, with the places of findings marked.

use super::super::pretty::{Kind, layout};
use super::super::visible;
use super::text::{Block, Line, Message};
use super::words::size;
use crate::record::BodyRecord;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use maud::{Markup, PreEscaped, Render, html};

/// A place in a message, and what is wrong there.
#[derive(Debug, Clone, Copy)]
pub struct Mark<'a> {
    pub at: &'a str,
    pub says: &'a str,
}

/// How much of a body is shown, in bytes.
#[derive(Debug, Clone, Copy)]
pub struct Limit(pub usize);

impl Limit {
    pub const FULL: Self = Self(64 * 1024);
    pub const SHORT: Self = Self(2 * 1024);
}

/// Bytes of a body that is not text, as a hex dump.
const MAX_BINARY: usize = 256;

pub fn body(record: &BodyRecord, marks: &[Mark<'_>], limit: Limit) -> Markup {
    match (&record.text, &record.base64) {
        (Some(text), _) => text_body(text, record, marks, limit),
        (None, Some(base64)) => binary_body(base64, record.size),
        (None, None) => html! { p.none { "no body" } },
    }
}

fn text_body(text: &str, record: &BodyRecord, marks: &[Mark<'_>], limit: Limit) -> Markup {
    if text.is_empty() {
        return html! { p.none { "no body" } };
    }
    let shown = beginning(text, limit.0);
    let places: Vec<&str> = marks.iter().map(|m| m.at).collect();
    let layout = layout(shown, shown.len() < text.len(), &places);
    let lines: Vec<String> = layout.lines.iter().map(|line| line_html(line, marks)).collect();
    let note = [
        layout.syntax.map(|s| format!("{} indented for reading", s.to_uppercase())),
        record.charset.clone(),
        Some(size(record.size)),
    ];
    let note = note.into_iter().flatten().collect::<Vec<_>>().join(" · ");
    html! {
        pre.body tabindex="0" { (PreEscaped(lines.join("\n"))) }
        @if shown.len() < text.len() {
            p.note { (Line(&note)) " · " strong { (size(text.len() - shown.len())) " more in " (record_link()) } }
        } @else if layout.cut {
            p.note { (Line(&note)) " · " strong { "the rest is in " (record_link()) } }
        } @else {
            p.note { (Line(&note)) }
        }
    }
}

/// To the end of the page, which says where the whole record is.
pub fn record_link() -> Markup {
    html! { a href="#record" { "run.ndjson" } }
}

/// The lines around the first place of the marks; the first lines where no place is found.
pub fn excerpt(record: &BodyRecord, marks: &[Mark<'_>], around: usize) -> Option<Markup> {
    let text = record.text.as_deref().filter(|t| !t.is_empty())?;
    let shown = beginning(text, Limit::FULL.0);
    let places: Vec<&str> = marks.iter().map(|m| m.at).collect();
    let layout = layout(shown, shown.len() < text.len(), &places);
    let at = layout.lines.iter().position(|l| !l.marks.is_empty()).unwrap_or(0);
    let first = at.saturating_sub(around);
    let last = (first + 2 * around + 1).min(layout.lines.len());
    let first = last.saturating_sub(2 * around + 1);
    let lines: Vec<String> = layout.lines[first..last].iter().map(|line| line_html(line, marks)).collect();
    Some(html! {
        pre.body tabindex="0" {
            @if first > 0 { span.more { "⋯ " (first) " lines\n" } }
            (PreEscaped(lines.join("\n")))
            @if last < layout.lines.len() { span.more { "\n⋯ " (layout.lines.len() - last) " lines" } }
        }
    })
}

pub fn line_html(line: &super::super::pretty::Line<'_>, marks: &[Mark<'_>]) -> String {
    let mut out = "  ".repeat(line.depth);
    if line.marks.is_empty() {
        pieces(line, &mut out);
        return out;
    }
    out.push_str("<mark>");
    pieces(line, &mut out);
    out.push_str("</mark>");
    for mark in line.marks.iter().filter_map(|i| marks.get(*i)) {
        let says = html! { span.why { "◂ " (Message(&excerpt_of(mark.says))) } };
        out.push_str(&says.into_string());
    }
    out
}

fn pieces(line: &super::super::pretty::Line<'_>, out: &mut String) {
    for (kind, text) in &line.pieces {
        let (begin, end) = match kind {
            Kind::Plain => ("", ""),
            Kind::Name => ("<b>", "</b>"),
            Kind::Text => ("<i>", "</i>"),
            Kind::Other => ("<em>", "</em>"),
        };
        if text.is_empty() {
            continue;
        }
        out.push_str(begin);
        Block(text).render_to(out);
        out.push_str(end);
    }
}

/// A message short enough to stand behind a line of a body.
fn excerpt_of(message: &str) -> String {
    match message.char_indices().nth(120) {
        Some((at, _)) => format!("{}…", &message[..at]),
        None => message.to_owned(),
    }
}

fn binary_body(base64: &str, length: usize) -> Markup {
    let wanted = beginning(base64, MAX_BINARY.div_ceil(3) * 4);
    let bytes = STANDARD.decode(wanted).unwrap_or_default();
    let bytes = &bytes[..bytes.len().min(MAX_BINARY)];
    let dump: Vec<String> = bytes.chunks(16).enumerate().map(|(i, row)| hex_row(i * 16, row)).collect();
    html! {
        pre.body tabindex="0" { (Block(&dump.join("\n"))) }
        p.note {
            "not text in any charset known · " (size(length))
            @if length > bytes.len() { " · " strong { (size(length - bytes.len())) " more in " (record_link()) } }
        }
    }
}

fn hex_row(at: usize, row: &[u8]) -> String {
    let hex: Vec<String> = row.iter().map(|b| format!("{b:02x}")).collect();
    let ascii: String =
        row.iter().map(|b| if (0x20..0x7f).contains(b) { char::from(*b) } else { '·' }).collect();
    format!("{at:04x}  {:<47}  {ascii}", hex.join(" "))
}

/// Headers, folded away unless a finding is about one of them.
pub fn headers(list: &[(String, String)], marks: &[Mark<'_>]) -> Markup {
    if list.is_empty() {
        return html! {};
    }
    let of = |name: &str| {
        let is = |m: &&Mark<'_>| m.at.strip_prefix("header ").is_some_and(|h| h.eq_ignore_ascii_case(name));
        marks.iter().find(is)
    };
    let marked = list.iter().any(|(name, _)| of(name).is_some());
    html! {
        details.headers open[marked] {
            summary { (super::words::count(list.len(), "header", "headers")) }
            pre {
                @for (name, value) in list.iter().take(200) {
                    @let value = beginning(value, 4_096);
                    @if let Some(mark) = of(name) {
                        mark { b { (Line(name)) } ": " (Line(value)) } span.why { "◂ " (Message(&excerpt_of(mark.says))) } "\n"
                    } @else {
                        b { (Line(name)) } ": " (Line(value)) "\n"
                    }
                }
            }
        }
    }
}

/// The first `length` bytes of a text, or fewer where a character would be cut.
pub fn beginning(text: &str, length: usize) -> &str {
    if text.len() <= length {
        return text;
    }
    let mut end = length;
    while !text.is_char_boundary(end) {
        end -= 1;
    }
    &text[..end]
}

/// What `alt` texts and the like may hold: visible, one line.
pub fn plain(text: &str) -> String {
    visible::line_text(beginning(text, 300))
}
