//! Reading a [`Node`] into plain types: every wrong value, missing key and unknown key of a file becomes a problem.

use super::node::{Kind, Node};
use crate::model::problem::{Problem, unknown};
use crate::model::source::{At, SourceFile, Span};
use std::sync::Arc;
use std::time::Duration;

/// The file being read, and what was wrong so far.
pub struct Reader<'a> {
    pub file: &'a Arc<SourceFile>,
    pub problems: &'a mut Vec<Problem>,
}

impl<'a> Reader<'a> {
    pub fn new(file: &'a Arc<SourceFile>, problems: &'a mut Vec<Problem>) -> Self {
        Self { file, problems }
    }

    pub fn problem(&mut self, span: Span, message: impl Into<String>) {
        self.problems.push(Problem::new(self.file, span, message));
    }

    pub fn unknown<'k>(
        &mut self,
        span: Span,
        what: &str,
        name: &str,
        known: impl IntoIterator<Item = &'k str>,
    ) {
        self.problems.push(unknown(self.file, span, what, name, known));
    }

    /// Adds ``expected a string, found a list`` and gives `None`. Short values are quoted.
    pub fn expected<T>(&mut self, node: &Node, what: &str) -> Option<T> {
        let found = match &node.kind {
            Kind::String(text) if text.chars().count() <= 40 => format!("the string `{text}`"),
            Kind::Number(number) => format!("the number `{number}`"),
            Kind::Bool(b) => format!("`{b}`"),
            _ => node.describe().to_owned(),
        };
        let message = format!("expected {what}, found {found}");
        self.problems.push(Problem::new(self.file, first_line(node), message).label(format!("not {what}")));
        None
    }

    pub fn string(&mut self, node: &Node) -> Option<String> {
        match &node.kind {
            Kind::String(text) => Some(text.clone()),
            _ => self.expected(node, "a string"),
        }
    }

    pub fn string_at(&mut self, node: &Node) -> Option<At<String>> {
        self.string(node).map(|text| At::new(text, node.span))
    }

    /// A string, or a number or boolean as it would be printed.
    pub fn text(&mut self, node: &Node) -> Option<String> {
        match &node.kind {
            Kind::String(text) => Some(text.clone()),
            Kind::Number(n) => Some(n.to_string()),
            Kind::Bool(b) => Some(b.to_string()),
            _ => self.expected(node, "a string"),
        }
    }

    pub fn boolean(&mut self, node: &Node) -> Option<bool> {
        match node.kind {
            Kind::Bool(b) => Some(b),
            _ => self.expected(node, "`true` or `false`"),
        }
    }

    pub fn unsigned(&mut self, node: &Node) -> Option<u64> {
        match &node.kind {
            Kind::Number(n) if n.as_u64().is_some() => n.as_u64(),
            _ => self.expected(node, "a whole number, zero or more"),
        }
    }

    /// `250ms`, `2s`, `1.5s`, `3m`.
    pub fn duration(&mut self, node: &Node) -> Option<Duration> {
        match node.as_str().and_then(parse_duration) {
            Some(duration) => Some(duration),
            None => self.expected(node, "a duration such as `250ms`, `2s` or `3m`"),
        }
    }

    /// `8MiB`, `64KiB`, `1000`: bytes.
    pub fn size(&mut self, node: &Node) -> Option<u64> {
        match &node.kind {
            Kind::Number(n) if n.as_u64().is_some() => n.as_u64(),
            Kind::String(text) if parse_size(text).is_some() => parse_size(text),
            _ => self.expected(node, "a size such as `64KiB` or `8MiB`"),
        }
    }

    pub fn list<T>(
        &mut self,
        node: &Node,
        item: impl Fn(&mut Reader<'a>, &Node) -> Option<T>,
    ) -> Option<Vec<T>> {
        match &node.kind {
            Kind::Seq(items) => Some(items.iter().filter_map(|n| item(self, n)).collect()),
            _ => self.expected(node, "a list"),
        }
    }

    /// A list, or one item alone.
    pub fn one_or_many<T>(
        &mut self,
        node: &Node,
        item: impl Fn(&mut Reader<'a>, &Node) -> Option<T>,
    ) -> Option<Vec<T>> {
        match &node.kind {
            Kind::Seq(_) => self.list(node, item),
            _ => item(self, node).map(|one| vec![one]),
        }
    }

    /// The entries of a mapping, in the order written.
    pub fn mapping<T>(
        &mut self,
        node: &Node,
        value: impl Fn(&mut Reader<'a>, &Node) -> Option<T>,
    ) -> Option<Vec<(At<String>, T)>> {
        match &node.kind {
            Kind::Map(entries) => Some(
                entries
                    .iter()
                    .filter_map(|(key, n)| Some((At::new(key.name.clone(), key.span), value(self, n)?)))
                    .collect(),
            ),
            _ => self.expected(node, "a mapping"),
        }
    }

    /// One of a fixed set of words.
    pub fn word<T: Copy>(&mut self, node: &Node, what: &str, words: &[(&str, T)]) -> Option<T> {
        let text = self.text(node)?;
        if let Some((_, value)) = words.iter().find(|(word, _)| *word == text) {
            return Some(*value);
        }
        self.unknown(node.span, what, &text, words.iter().map(|(word, _)| *word));
        None
    }
}

/// The fields of one mapping. Whatever was not asked for by the time of [`Fields::finish`] is unknown.
pub struct Fields<'n, 'r, 'a> {
    node: &'n Node,
    what: &'static str,
    asked: Vec<&'static str>,
    reader: &'r mut Reader<'a>,
}

impl<'n, 'r, 'a> Fields<'n, 'r, 'a> {
    /// `what` names the mapping in messages: ``a case``.
    pub fn new(reader: &'r mut Reader<'a>, node: &'n Node, what: &'static str) -> Option<Self> {
        if !matches!(node.kind, Kind::Map(_)) {
            return reader.expected(node, what);
        }
        Some(Self { node, what, asked: Vec::new(), reader })
    }

    pub fn reader(&mut self) -> &mut Reader<'a> {
        self.reader
    }

    pub fn optional<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Reader<'a>, &Node) -> Option<T>,
    ) -> Option<T> {
        self.asked.push(name);
        let node = self.node.get(name)?;
        read(self.reader, node)
    }

    pub fn required<T>(
        &mut self,
        name: &'static str,
        read: impl FnOnce(&mut Reader<'a>, &Node) -> Option<T>,
    ) -> Option<T> {
        self.asked.push(name);
        match self.node.get(name) {
            Some(node) => read(self.reader, node),
            None => {
                let message = format!("{} needs `{name}`", self.what);
                let problem = Problem::new(self.reader.file, first_line(self.node), message);
                self.reader.problems.push(problem.label(format!("no `{name}` here")));
                None
            }
        }
    }

    /// Reports unknown keys and gives the keys that were asked for.
    pub fn finish(self) -> Vec<&'static str> {
        for (key, _) in self.node.entries() {
            if !self.asked.contains(&key.name.as_str()) {
                let what = format!("key of {}", self.what);
                self.reader.unknown(key.span, &what, &key.name, self.asked.iter().copied());
            }
        }
        self.asked
    }
}

/// The part of a node that a caret should be under: a mapping or list is pointed at by its first line only.
pub fn first_line(node: &Node) -> Span {
    match &node.kind {
        Kind::Map(entries) => entries.first().map_or(node.span, |(key, _)| key.span),
        Kind::Seq(items) => items.first().map_or(node.span, first_line),
        _ => node.span,
    }
}

pub fn parse_duration(text: &str) -> Option<Duration> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let number: f64 = text[..split].parse().ok()?;
    let seconds = match text[split..].trim() {
        "ms" => number / 1000.0,
        "s" => number,
        "m" | "min" => number * 60.0,
        "h" => number * 3600.0,
        _ => return None,
    };
    Duration::try_from_secs_f64(seconds).ok()
}

pub fn parse_size(text: &str) -> Option<u64> {
    let split = text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len());
    let number: u64 = text[..split].parse().ok()?;
    let unit = match text[split..].trim() {
        "" | "B" => 1,
        "KiB" | "K" => 1 << 10,
        "MiB" | "M" => 1 << 20,
        "GiB" | "G" => 1 << 30,
        "kB" => 1_000,
        "MB" => 1_000_000,
        _ => return None,
    };
    number.checked_mul(unit)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_and_sizes() {
        assert_eq!(parse_duration("250ms"), Some(Duration::from_millis(250)));
        assert_eq!(parse_duration("1.5s"), Some(Duration::from_millis(1500)));
        assert_eq!(parse_duration("3m"), Some(Duration::from_secs(180)));
        assert_eq!(parse_duration("5"), None);
        assert_eq!(parse_duration("s"), None);
        assert_eq!(parse_size("8MiB"), Some(8 << 20));
        assert_eq!(parse_size("12"), Some(12));
        assert_eq!(parse_size("12 parsecs"), None);
    }
}
