//! Lays out JSON: a scanner that keeps every token as it is written, duplicates, big numbers and escapes included.

use super::marks::Marks;
use super::{Kind, Line, MAX_DEPTH, MAX_LINES};

enum Container {
    Object,
    /// With the index of the next element.
    Array(usize),
}

struct Layouter<'a, 'm> {
    text: &'a str,
    at: usize,
    lines: Vec<Line<'a>>,
    open: Vec<Container>,
    /// Path of the value that is being read, and where each open container's path ends in it.
    path: String,
    path_ends: Vec<usize>,
    marks: Marks<'m>,
}

/// Why the scan stopped before its end.
enum Stop {
    /// Not JSON, or too deep.
    Wrong,
    /// The text ends inside a value.
    End,
    Enough,
}

/// `None` when the text is not JSON, or nested too deep for reading.
pub fn lines<'a>(text: &'a str, cut: bool, marks: &[&str]) -> Option<Vec<Line<'a>>> {
    let mut layouter = Layouter {
        text,
        at: 0,
        lines: vec![Line::default()],
        open: Vec::new(),
        path: String::new(),
        path_ends: Vec::new(),
        marks: Marks::new(marks),
    };
    match layouter.document() {
        Ok(()) | Err(Stop::Enough) => {}
        Err(Stop::End) if cut => {}
        Err(Stop::End | Stop::Wrong) => return None,
    }
    let Layouter { mut lines, marks, .. } = layouter;
    marks.apply(&mut lines);
    Some(lines)
}

impl<'a> Layouter<'a, '_> {
    fn document(&mut self) -> Result<(), Stop> {
        self.value()?;
        while let Some(container) = self.open.last_mut() {
            if self.lines.len() > MAX_LINES {
                return Err(Stop::Enough);
            }
            // Here a value has ended.
            let array = match container {
                Container::Array(next) => {
                    *next += 1;
                    true
                }
                Container::Object => false,
            };
            match (self.peek().ok_or(Stop::End)?, array) {
                (b',', _) => {
                    self.token(1, Kind::Plain);
                    self.begin_entry()?;
                }
                (b']', true) | (b'}', false) => self.close(),
                _ => return Err(Stop::Wrong),
            }
        }
        match self.peek() {
            None => Ok(()),
            Some(_) => Err(Stop::Wrong),
        }
    }

    /// Reads a scalar, or the opening of a container and its first entries' openings.
    fn value(&mut self) -> Result<(), Stop> {
        loop {
            self.marks.visit(&self.path, self.lines.len() - 1);
            let (container, end) = match self.peek().ok_or(Stop::End)? {
                b'{' => (Container::Object, b'}'),
                b'[' => (Container::Array(0), b']'),
                b'"' => {
                    let length = self.string()?;
                    self.token(length, Kind::Text);
                    return Ok(());
                }
                _ => return self.scalar(),
            };
            self.token(1, Kind::Plain);
            if self.peek() == Some(end) {
                self.token(1, Kind::Plain);
                return Ok(());
            }
            if self.open.len() >= MAX_DEPTH {
                return Err(Stop::Wrong);
            }
            self.open.push(container);
            self.path_ends.push(self.path.len());
            if !self.entry()? {
                return Ok(());
            }
        }
    }

    /// The name or index of the next entry, on a line of its own; `true` when its value is to be read.
    fn entry(&mut self) -> Result<bool, Stop> {
        self.lines.push(Line { depth: self.open.len(), ..Line::default() });
        let end = self.path_ends.last().copied().unwrap_or_default();
        self.path.truncate(end);
        match self.open.last() {
            Some(Container::Array(index)) => {
                let index = *index;
                self.path.push_str(&format!("/{index}"));
            }
            Some(Container::Object) => {
                if self.peek().ok_or(Stop::End)? != b'"' {
                    return Err(Stop::Wrong);
                }
                let length = self.string()?;
                let raw = &self.text[self.at..self.at + length];
                let name: String = serde_json::from_str(raw).unwrap_or_else(|_| raw.to_owned());
                self.path.push('/');
                self.path.push_str(&name.replace('~', "~0").replace('/', "~1"));
                self.token(length, Kind::Name);
                if self.peek().ok_or(Stop::End)? != b':' {
                    return Err(Stop::Wrong);
                }
                self.at += 1;
                self.piece(Kind::Plain, ": ");
            }
            None => return Ok(false),
        }
        Ok(true)
    }

    fn begin_entry(&mut self) -> Result<(), Stop> {
        if self.entry()? { self.value() } else { Ok(()) }
    }

    fn close(&mut self) {
        self.open.pop();
        if let Some(end) = self.path_ends.pop() {
            self.path.truncate(end);
        }
        self.lines.push(Line { depth: self.open.len(), ..Line::default() });
        self.token(1, Kind::Plain);
    }

    fn scalar(&mut self) -> Result<(), Stop> {
        let rest = &self.text[self.at..];
        let is_end =
            |c: char| c.is_ascii_whitespace() || matches!(c, ',' | ']' | '}' | '{' | '[' | ':' | '"');
        let length = rest.find(is_end).unwrap_or(rest.len());
        if length == 0 {
            return Err(Stop::Wrong);
        }
        let word = &rest[..length];
        let begins_number = word.starts_with(|c: char| c == '-' || c.is_ascii_digit());
        if !begins_number && !matches!(word, "true" | "false" | "null") {
            return Err(if length == rest.len() { Stop::End } else { Stop::Wrong });
        }
        self.token(length, Kind::Other);
        Ok(())
    }

    /// Length of the string that begins here, with its quotes.
    fn string(&self) -> Result<usize, Stop> {
        let mut escaped = false;
        for (i, b) in self.text.as_bytes()[self.at..].iter().enumerate().skip(1) {
            match b {
                _ if escaped => escaped = false,
                b'\\' => escaped = true,
                b'"' => return Ok(i + 1),
                0..=0x1f => return Err(Stop::Wrong),
                _ => {}
            }
        }
        Err(Stop::End)
    }

    /// Skips white space; the next byte.
    fn peek(&mut self) -> Option<u8> {
        loop {
            let rest = &self.text[self.at..];
            let first = rest.chars().next()?;
            match first {
                ' ' | '\t' | '\r' | '\n' => self.at += 1,
                '\u{feff}' if self.at == 0 => self.at += first.len_utf8(),
                _ => return rest.bytes().next(),
            }
        }
    }

    fn token(&mut self, length: usize, kind: Kind) {
        let token = &self.text[self.at..self.at + length];
        self.at += length;
        self.piece(kind, token);
    }

    fn piece(&mut self, kind: Kind, text: &'a str) {
        if let Some(line) = self.lines.last_mut() {
            line.pieces.push((kind, text));
        }
    }
}
