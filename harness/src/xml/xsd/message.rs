//! The validator's messages in the style of this project.

use crate::xml::error::{QUOTED, quoted};
use std::collections::HashMap;

/// Lower case at the start, names and values in backticks instead of single quotes, one line.
pub(crate) fn in_house_style(message: &str) -> String {
    let mut out = String::with_capacity(message.len());
    let mut open = false;
    let mut quoted = 0;
    let mut chars = message.trim().chars().peekable();
    let mut before = None;
    while let Some(c) = chars.next() {
        // A quote opens after a break and closes before one: the apostrophe in `type's` is neither.
        let next_breaks = chars.peek().is_none_or(|n| !n.is_alphanumeric());
        let before_breaks = before.is_none_or(|b: char| !b.is_alphanumeric());
        let quote = c == '\'' && if open { next_breaks } else { before_breaks };
        if quote {
            if open && quoted > QUOTED {
                out.push('…');
            }
            open = !open;
            quoted = 0;
            out.push('`');
        } else if open && quoted >= QUOTED {
            // A value can be as long as the document.
            quoted += 1;
        } else if c.is_control() {
            out.push(' ');
        } else {
            out.push(c);
        }
        quoted += usize::from(open && !quote && quoted < QUOTED);
        before = Some(c);
    }
    lower_first(&out)
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    match (chars.next(), chars.next()) {
        // Keep abbreviations: `UPA violation`.
        (Some(first), Some(second)) if !second.is_uppercase() => {
            first.to_lowercase().chain(text[first.len_utf8()..].chars()).collect()
        }
        _ => text.to_owned(),
    }
}

/// `a`, `b` and 3 more.
pub(crate) fn list<S: AsRef<str>>(items: &[S]) -> String {
    const SHOWN: usize = 12;
    let shown: Vec<String> = items.iter().take(SHOWN).map(|i| format!("`{}`", quoted(i.as_ref()))).collect();
    let mut out = shown.join(", ");
    if items.len() > SHOWN {
        out.push_str(&format!(" and {} more", items.len() - SHOWN));
    }
    out
}

/// The pattern that a message of the validator names, as it was written in the schema.
pub(crate) fn original_pattern(message: &str, patterns: &HashMap<String, String>) -> Option<String> {
    let (_, rest) = message.rsplit_once("does not match pattern '")?;
    let new = rest.strip_suffix('\'')?;
    Some(patterns.get(new).map_or(new, String::as_str).to_owned())
}
