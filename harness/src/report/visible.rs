//! Characters that cannot be seen, or that change how their neighbours are seen, as symbols that can.
//!
//! Every byte of a target may end up in a report. Control characters, bidirectional overrides (which make text read
//! differently from what it is), zero-width characters and noncharacters are shown as what they are: `␛`, `⟨U+202E⟩`.

use std::borrow::Cow;

/// A run of text without invisible characters, or the symbol of one.
#[derive(Debug, Clone, PartialEq)]
pub enum Piece<'a> {
    Text(&'a str),
    Symbol(Cow<'static, str>),
}

/// The symbol of a character that a reader would not see, `None` for one that they would. Line breaks and tabs have
/// one too.
pub fn symbol(c: char) -> Option<Cow<'static, str>> {
    match u32::from(c) {
        code @ 0..=0x1f => char::from_u32(0x2400 + code).map(|c| Cow::Owned(c.to_string())),
        0x7f => Some("␡".into()),
        code if is_invisible(code) => Some(format!("⟨U+{code:04X}⟩").into()),
        _ => None,
    }
}

/// C1 controls, Unicode's `Default_Ignorable_Code_Point`, line and paragraph separators, interlinear annotation and
/// noncharacters.
fn is_invisible(code: u32) -> bool {
    matches!(code,
        0x80..=0x9f | 0xad | 0x34f | 0x61c | 0x115f..=0x1160 | 0x17b4..=0x17b5 | 0x180b..=0x180f
        | 0x200b..=0x200f | 0x2028..=0x202e | 0x2060..=0x206f | 0x3164 | 0xfdd0..=0xfdef | 0xfe00..=0xfe0f
        | 0xfeff | 0xffa0 | 0xfff0..=0xfffb | 0x1bca0..=0x1bca3 | 0x1d173..=0x1d17a | 0xe0000..=0xe0fff)
        || code & 0xfffe == 0xfffe
}

/// Text of one line: line breaks and tabs become symbols.
pub fn line(text: &str) -> impl Iterator<Item = Piece<'_>> {
    pieces(text, |_| false)
}

/// Text of many lines: line breaks (LF, CRLF) and tabs stay.
pub fn block(text: &str) -> impl Iterator<Item = Piece<'_>> {
    pieces(text, |rest| rest.starts_with(['\n', '\t']) || rest.starts_with("\r\n"))
}

/// [`line`] as a string.
pub fn line_text(text: &str) -> String {
    join(line(text))
}

/// [`block`] as a string.
pub fn block_text(text: &str) -> String {
    join(block(text))
}

fn join<'a>(pieces: impl Iterator<Item = Piece<'a>>) -> String {
    let mut out = String::new();
    for piece in pieces {
        match piece {
            Piece::Text(text) => out.push_str(text),
            Piece::Symbol(symbol) => out.push_str(&symbol),
        }
    }
    out
}

/// `keep` tells of the rest of the text whether its first character stays although it has a symbol. A carriage return
/// that stays is dropped: the line feed behind it is the line break.
fn pieces(text: &str, keep: fn(&str) -> bool) -> impl Iterator<Item = Piece<'_>> {
    let mut rest = text;
    std::iter::from_fn(move || {
        loop {
            let first = rest.chars().next()?;
            let kept = symbol(first).filter(|_| !keep(rest));
            if let Some(symbol) = kept {
                rest = &rest[first.len_utf8()..];
                return Some(Piece::Symbol(symbol));
            }
            if first == '\r' {
                rest = &rest[1..];
                continue;
            }
            let end = rest
                .char_indices()
                .skip(1)
                .find(|(at, c)| *c == '\r' || (symbol(*c).is_some() && !keep(&rest[*at..])))
                .map_or(rest.len(), |(at, _)| at);
            let (text, after) = rest.split_at(end);
            rest = after;
            return Some(Piece::Text(text));
        }
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn invisible_characters_become_symbols() {
        assert_eq!(line_text("a\u{1b}[31mb\0\u{7f}"), "a␛[31mb␀␡");
        assert_eq!(
            line_text("\u{202e}x\u{200b}\u{feff}\u{fffe}\u{85}"),
            "⟨U+202E⟩x⟨U+200B⟩⟨U+FEFF⟩⟨U+FFFE⟩⟨U+0085⟩"
        );
        assert_eq!(line_text("\u{10ffff}\u{e0041}"), "⟨U+10FFFF⟩⟨U+E0041⟩");
        assert_eq!(line_text("Đầu ra 成功 🟢 é"), "Đầu ra 成功 🟢 é");
        assert_eq!(line_text(""), "");
    }

    #[test]
    fn line_breaks_stay_only_in_blocks() {
        assert_eq!(line_text("a\r\nb\tc"), "a␍␊b␉c");
        assert_eq!(block_text("a\r\nb\tc\rd\n"), "a\nb\tc␍d\n");
        assert_eq!(block_text("\r\n\r\r\n"), "\n␍\n");
    }

    #[test]
    fn no_control_character_is_left() {
        let all: String = (0..=0x10ffff).filter_map(char::from_u32).collect();
        let shown = line_text(&all);
        assert!(!shown.chars().any(|c| c.is_control() || symbol(c).is_some()));
        assert!(block_text(&all).chars().filter(|c| c.is_control()).all(|c| c == '\n' || c == '\t'));
    }
}
