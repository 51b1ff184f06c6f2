//! [`Fault`]: the first thing that is wrong with a bundle.

use std::fmt;

/// What is wrong, and where.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// The file of the bundle (or of the suite); empty where it is the bundle itself.
    pub file: String,
    /// Byte, from 0.
    pub offset: Option<usize>,
    /// Line and column, from 1.
    pub line: Option<(usize, usize)>,
    pub message: String,
}

impl Fault {
    pub fn new(file: impl Into<String>, message: impl Into<String>) -> Self {
        Self { file: file.into(), offset: None, line: None, message: message.into() }
    }

    /// The fault, at the first byte in which `found` differs from what it should be.
    pub fn at_difference(mut self, found: &[u8], expected: &[u8]) -> Self {
        if let Some(at) = super::dsse::first_difference(found, expected) {
            let before = &found[..at];
            let start = before.iter().rposition(|b| *b == b'\n').map_or(0, |i| i + 1);
            self.offset = Some(at);
            self.line = Some((before.iter().filter(|b| **b == b'\n').count() + 1, at - start + 1));
        }
        self
    }
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if !self.file.is_empty() {
            write!(f, "{}", self.file.escape_debug())?;
            if let Some((line, column)) = self.line {
                write!(f, ":{line}:{column}")?;
            }
            if let Some(offset) = self.offset {
                write!(f, " (byte {offset})")?;
            }
            f.write_str(": ")?;
        }
        f.write_str(&self.message)
    }
}

impl std::error::Error for Fault {}
