//! Lines and columns, counted once while the parser moves forward.

use super::error::Position;

/// Turns byte offsets of a text into positions. While offsets do not decrease, all calls together cost one pass; an
/// earlier offset costs a pass of its own.
pub(crate) struct Lines<'a> {
    text: &'a str,
    /// Bytes of the body before the text (the byte order mark).
    before: usize,
    seen: usize,
    line: u32,
    column: u32,
}

impl<'a> Lines<'a> {
    pub(crate) fn new(text: &'a str, before: usize) -> Lines<'a> {
        Lines { text, before, seen: 0, line: 1, column: 1 }
    }

    /// The position of byte `offset` of the text, which must be a character boundary.
    pub(crate) fn at(&mut self, offset: usize) -> Position {
        if offset < self.seen {
            return Lines::new(self.text, self.before).at(offset);
        }
        let bytes = self.text.as_bytes();
        for i in self.seen..offset {
            match bytes[i] {
                b'\r' if bytes.get(i + 1) == Some(&b'\n') => {}
                b'\n' | b'\r' => {
                    self.line += 1;
                    self.column = 1;
                }
                // A character is counted at its first byte.
                b if b & 0xC0 != 0x80 => self.column += 1,
                _ => {}
            }
        }
        self.seen = offset;
        Position { offset: self.before + offset, line: self.line, column: self.column }
    }
}
