//! JSON in which nothing is invisible, and lists that are written item by item.

use super::visible::{block_text, line_text, symbol};
use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};
use std::io::{self, Write};

/// Writes a value on one line. Characters that cannot be seen, or that turn the reading direction, are written as
/// `\u202e`: the value stays the same, and a terminal or an editor that shows the file shows all of it.
pub fn write(value: &impl Serialize, out: &mut dyn Write) -> io::Result<()> {
    value.serialize(&mut Serializer::with_formatter(out, Visible)).map_err(io::Error::from)
}

/// [`write`] as a string.
pub fn text(value: &impl Serialize) -> String {
    let mut out = Vec::new();
    // A `Vec` takes everything, and the values here have no maps with odd keys.
    let _ = write(value, &mut out);
    String::from_utf8(out).unwrap_or_default()
}

/// The longest text of a target in a report that shows it, in bytes.
const MAX_TEXT: usize = 4 * 1024;

/// One line of text as people see it in another program: invisible characters are symbols, long text is cut.
pub fn shown(text: &str) -> String {
    line_text(&cut(text, MAX_TEXT))
}

/// Lines of text as people see them in another program.
pub fn shown_block(text: &str, max: usize) -> String {
    block_text(&cut(text, max))
}

/// Text of at most so many bytes, and a note of what is missing.
pub fn cut(text: &str, max: usize) -> std::borrow::Cow<'_, str> {
    if text.len() <= max {
        return text.into();
    }
    let end = text.floor_char_boundary(max);
    format!("{}… ({} more bytes)", &text[..end], text.len() - end).into()
}

struct Visible;

impl Formatter for Visible {
    fn write_string_fragment<W: ?Sized + Write>(&mut self, writer: &mut W, fragment: &str) -> io::Result<()> {
        let mut rest = fragment;
        while let Some((at, c)) = rest.char_indices().find(|(_, c)| symbol(*c).is_some()) {
            writer.write_all(&rest.as_bytes()[..at])?;
            for unit in c.encode_utf16(&mut [0; 2]) {
                write!(writer, "\\u{unit:04x}")?;
            }
            rest = &rest[at + c.len_utf8()..];
        }
        writer.write_all(rest.as_bytes())
    }
}

/// A list whose items are written one at a time, each on a line of its own.
pub struct List<'w> {
    out: &'w mut dyn Write,
    empty: bool,
}

impl<'w> List<'w> {
    pub fn begin(out: &'w mut dyn Write) -> io::Result<Self> {
        out.write_all(b"[")?;
        Ok(Self { out, empty: true })
    }

    pub fn item(&mut self, value: &impl Serialize) -> io::Result<()> {
        self.out.write_all(if self.empty { b"\n" } else { b",\n" })?;
        self.empty = false;
        write(value, self.out)
    }

    pub fn end(self) -> io::Result<()> {
        self.out.write_all(b"\n]")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_is_invisible_and_nothing_changes() {
        let all: String = (0..=0x10ffff).filter_map(char::from_u32).collect();
        let written = text(&all);
        assert_eq!(written.chars().find(|c| symbol(*c).is_some()), None);
        assert_eq!(serde_json::from_str::<String>(&written).expect("JSON"), all);
        assert!(text(&"a\u{202e}\u{e0041}\u{7f}é").contains("a\\u202e\\udb40\\udc41\\u007fé"));
    }

    #[test]
    fn long_text_is_cut_between_characters() {
        assert_eq!(cut("成功", 6), "成功");
        assert_eq!(cut("成功", 5), "成… (3 more bytes)");
    }
}
