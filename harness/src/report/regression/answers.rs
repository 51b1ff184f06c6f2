//! The answer before and the answer now, side by side, and the value at one place of both.

use crate::diff::{Row, inside, rows};
use crate::http::json;
use crate::record::{CallbackRecord, ResponseRecord, StepRecord};
use crate::report::html::body::{Mark, beginning, line_html};
use crate::report::html::text::Line;
use crate::report::html::words::count;
use crate::report::pretty::{self, layout};
use crate::report::visible;
use crate::xml::xpath::XPath;
use crate::xml::{self, Limits};
use maud::{Markup, PreEscaped, html};

/// Bytes of a body that are compared.
const MOST_BYTES: usize = 64 * 1024;
/// Lines that stay, around those that do not.
const CONTEXT: usize = 3;
/// Rows that are shown.
const MOST_ROWS: usize = 160;
/// Characters of a value at one place.
const LONGEST_VALUE: usize = 120;

/// One line of an answer.
struct Shown {
    /// To be compared.
    text: String,
    html: String,
    /// A finding is about it.
    hit: bool,
}

/// What is at a place of an answer, as text. `None` where the place is no one place, or cannot be read.
pub fn value_at(step: &StepRecord, at: &str) -> Option<String> {
    let response = step.response.as_ref()?;
    let value = match at {
        "status" => response.status.to_string(),
        "elapsed" => format!("{:.0} ms", step.total_ms),
        at if at.starts_with("header ") => {
            let is = |name: &str| at["header ".len()..].eq_ignore_ascii_case(name);
            match response.headers.iter().find(|(name, _)| is(name)) {
                Some((_, value)) => value.clone(),
                None => "not there".into(),
            }
        }
        at if at.starts_with('/') => in_body(response, at)?,
        _ => return None,
    };
    Some(match value.char_indices().nth(LONGEST_VALUE) {
        Some((end, _)) => format!("{}…", &value[..end]),
        None => value,
    })
}

fn in_body(response: &ResponseRecord, at: &str) -> Option<String> {
    let text = response.body.text.as_deref().filter(|text| text.len() <= MOST_BYTES)?;
    match text.trim_start_matches('\u{feff}').trim_start().chars().next()? {
        '{' | '[' => {
            let tree = json::parse(text).ok()?.value;
            match tree.pointer(at) {
                Some(value) if value.is_object() || value.is_array() => None,
                Some(value) => Some(value.to_string()),
                None => Some("not there".into()),
            }
        }
        '<' => {
            let document = xml::parse(text.as_bytes(), Some("utf-8"), &Limits::default()).ok()?;
            let text =
                |path: &str| Some(XPath::compile(path).ok()?.strings(&document).ok()?.into_iter().next());
            // Of an element with elements in it, the text is that of all of them.
            if text(&format!("{at}/*"))?.is_some() {
                return None;
            }
            Some(text(at)?.map_or_else(|| "not there".into(), |text| format!("`{text}`")))
        }
        _ => None,
    }
}

/// Both answers, where they differ. On a narrow screen the sides are below each other.
pub fn side_by_side(before: &StepRecord, now: &StepRecord) -> Markup {
    let marks: Vec<Mark<'_>> = now.findings.iter().map(|f| Mark { at: &f.at, says: &f.message }).collect();
    let (old, new) = (lines(before, &[]), lines(now, &marks));
    let all = rows(&texts(&old), &texts(&new));
    let changed = all.iter().filter(|row| !row.same).count();
    if changed == 0 {
        return html! { p.note { "Both answers are the same, byte for byte of what is shown." } };
    }
    let hunks = hunks(&all, &new);
    html! {
        div.sbs role="table" aria-label="The answer before and now" {
            div.r.h role="row" { div role="columnheader" { "Before" } div role="columnheader" { "Now" } }
            @for hunk in &hunks {
                @match hunk {
                    Hunk::Left(n) => div.r.gap role="row" { div role="cell" { "⋯ " (count(*n, "line is the same", "lines are the same")) } },
                    Hunk::Row(row) => (row_html(row, &old, &new)),
                }
            }
        }
    }
}

fn texts(lines: &[Shown]) -> Vec<&str> {
    lines.iter().map(|line| line.text.as_str()).collect()
}

/// What is shown of the rows.
enum Hunk<'r> {
    Row(&'r Row),
    /// So many rows that are not.
    Left(usize),
}

fn hunks<'r>(all: &'r [Row], new: &[Shown]) -> Vec<Hunk<'r>> {
    let matters = |row: &Row| !row.same || row.new.is_some_and(|n| new[n].hit);
    let near = |i: usize| {
        let from = i.saturating_sub(CONTEXT);
        all[from..all.len().min(i + CONTEXT + 1)].iter().any(matters)
    };
    let (mut hunks, mut shown) = (Vec::new(), 0);
    for (i, row) in all.iter().enumerate() {
        if near(i) && shown < MOST_ROWS {
            hunks.push(Hunk::Row(row));
            shown += 1;
        } else if let Some(Hunk::Left(n)) = hunks.last_mut() {
            *n += 1;
        } else {
            hunks.push(Hunk::Left(1));
        }
    }
    hunks
}

fn row_html(row: &Row, old: &[Shown], new: &[Shown]) -> Markup {
    let (left, right) = (row.old.map(|i| &old[i]), row.new.map(|i| &new[i]));
    let hit = right.is_some_and(|line| line.hit);
    if row.same {
        let same = right.or(left).map(|line| line.html.as_str()).unwrap_or_default();
        let plain = left.map(|line| line.html.as_str()).unwrap_or_default();
        return html! {
            div class=(if hit { "r hit" } else { "r" }) role="row" {
                div.was_ role="cell" { (PreEscaped(plain)) }
                div.now_ role="cell" { (PreEscaped(same)) }
            }
        };
    }
    let inside = left.zip(right).map(|(left, right)| inside(&left.text, &right.text));
    html! {
        div class=(if hit { "r ch hit" } else { "r ch" }) role="row" {
            div.was_ role="cell" {
                @match (left, &inside) {
                    (Some(_), Some([before, gone, _, after])) => { span.sg aria-label="was" { "−" } (Line(before)) del { (Line(gone)) } (Line(after)) }
                    (Some(line), None) => { span.sg aria-label="was" { "−" } del { (Line(&line.text)) } }
                    (None, _) => {}
                }
            }
            div.now_ role="cell" {
                @match (right, &inside) {
                    (Some(_), Some([before, _, came, after])) => { span.sg aria-label="is" { "+" } (Line(before)) ins { (Line(came)) } (Line(after)) }
                    (Some(line), None) => { span.sg aria-label="is" { "+" } ins { (Line(&line.text)) } }
                    (None, _) => {}
                }
                @if hit { span.why { "◂ the finding" } }
            }
        }
    }
}

/// Status, headers that matter, body and callbacks of a step, line by line.
fn lines(step: &StepRecord, marks: &[Mark<'_>]) -> Vec<Shown> {
    let mut lines = Vec::new();
    let plain = |text: String, hit: bool| Shown { html: html! { (Line(&text)) }.into_string(), text, hit };
    match (&step.response, &step.error) {
        (Some(response), _) => {
            let hit = |at: &str| marks.iter().any(|mark| mark.at.eq_ignore_ascii_case(at));
            lines.push(plain(format!("{} {}", response.version, response.status), hit("status")));
            for (name, value) in response.headers.iter().filter(|(name, _)| is_told(name, marks)) {
                let value = beginning(value, 1_000);
                lines.push(plain(format!("{name}: {value}"), hit(&format!("header {name}"))));
            }
            lines.push(plain(String::new(), false));
            body(response, marks, &mut lines);
        }
        (None, Some(error)) => lines.push(plain(format!("no answer: {}", error.message), true)),
        (None, None) => lines.push(plain("no answer".into(), false)),
    }
    for callback in &step.callbacks {
        inbound(callback, marks, &mut lines);
    }
    lines
}

/// Headers that a finding is about, and the content type.
fn is_told(name: &str, marks: &[Mark<'_>]) -> bool {
    let named =
        |mark: &Mark<'_>| mark.at.strip_prefix("header ").is_some_and(|h| h.eq_ignore_ascii_case(name));
    name.eq_ignore_ascii_case("content-type") || marks.iter().any(named)
}

fn body(response: &ResponseRecord, marks: &[Mark<'_>], lines: &mut Vec<Shown>) {
    let Some(text) = response.body.text.as_deref() else {
        if let Some(base64) = &response.body.base64 {
            let text = format!("{} bytes that are no text: {}", response.body.size, beginning(base64, 200));
            lines.push(Shown { html: html! { (Line(&text)) }.into_string(), text, hit: false });
        }
        return;
    };
    let shown = beginning(text, MOST_BYTES);
    let places: Vec<&str> = marks.iter().map(|mark| mark.at).collect();
    for line in layout(shown, shown.len() < text.len(), &places).lines {
        lines.push(Shown {
            text: text_of(&line),
            html: line_html(&line, marks),
            hit: !line.marks.is_empty(),
        });
    }
}

fn text_of(line: &pretty::Line<'_>) -> String {
    let mut text = "  ".repeat(line.depth);
    line.pieces.iter().for_each(|(_, piece)| text.push_str(piece));
    visible::line_text(&text)
}

/// A callback: its request, a line each parameter.
fn inbound(callback: &CallbackRecord, marks: &[Mark<'_>], lines: &mut Vec<Shown>) {
    let mut add = |text: String, hit: bool| {
        lines.push(Shown { html: html! { (Line(&text)) }.into_string(), text, hit });
    };
    let path = callback.request.url.split_once("://").map_or(callback.request.url.as_str(), |(_, rest)| rest);
    let path = path.find('/').map_or("/", |at| &path[at..]);
    let (path, query) = path.split_once('?').unwrap_or((path, ""));
    add(String::new(), false);
    add(format!("callback {}: {} {path}", callback.name, callback.request.method), false);
    for parameter in beginning(query, 4_000).split('&').filter(|p| !p.is_empty()) {
        let name = parameter.split('=').next().unwrap_or_default();
        let hit =
            marks.iter().any(|mark| mark.at.strip_prefix("callback ").is_some_and(|at| at.ends_with(name)));
        add(format!("  {parameter}"), hit);
    }
    if let Some(text) = &callback.request.body.text {
        beginning(text, 4_000).lines().for_each(|line| add(format!("  {line}"), false));
    }
}
