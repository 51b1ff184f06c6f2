//! YAML 1.2 text to [`Node`]s. Duplicate keys are problems; aliases are copied within a budget, so that an alias bomb
//! ends as an error.

use super::node::{Key, Kind, Node};
use crate::model::problem::Problem;
use crate::model::source::{SourceFile, Span};
use granit_parser::{Event, Parser, ScalarStyle};
use std::collections::HashMap;
use std::sync::Arc;

/// The most nodes that one file may have, aliases counted as often as they are used.
const MAX_NODES: usize = 2_000_000;
/// The deepest nesting of a file.
const MAX_DEPTH: usize = 128;

/// Reads a file of one document. Problems are added to `problems`; `None` when there is no tree to go on with.
pub fn parse(file: &Arc<SourceFile>, problems: &mut Vec<Problem>) -> Option<Node> {
    let mut builder =
        Builder { file, problems, stack: Vec::new(), anchors: HashMap::new(), nodes: 0, root: None };
    for event in Parser::new_from_str(&file.text) {
        let (event, span) = match event {
            Ok(pair) => pair,
            Err(error) => {
                let marker = error.marker();
                let start = marker.byte_offset().unwrap_or(0) as u32;
                let span =
                    Span { start, end: start, line: marker.line() as u32, column: marker.col() as u32 + 1 };
                let text = error.to_string();
                let text = text.split(" at ").next().unwrap_or("").to_string();
                problems.push(
                    Problem::new(file, span, format!("not valid YAML: {text}"))
                        .label("this is where it stops making sense"),
                );
                return None;
            }
        };
        if let Err(problem) = builder.event(event, span_of(&span)) {
            builder.problems.push(*problem);
            return None;
        }
    }
    if builder.root.is_none() {
        let span = Span { line: 1, column: 1, ..Span::default() };
        builder.problems.push(Problem::new(file, span, "the file is empty").label("nothing is here"));
    }
    builder.root
}

fn span_of(span: &granit_parser::Span) -> Span {
    Span {
        start: span.start.byte_offset().unwrap_or(0) as u32,
        end: span.end.byte_offset().unwrap_or(0) as u32,
        line: span.start.line() as u32,
        column: span.start.col() as u32 + 1,
    }
}

/// A collection that is still open.
enum Open {
    Seq { items: Vec<Node>, span: Span, anchor: usize },
    Map { entries: Vec<(Key, Node)>, key: Option<Key>, span: Span, anchor: usize },
}

struct Builder<'a> {
    file: &'a Arc<SourceFile>,
    problems: &'a mut Vec<Problem>,
    stack: Vec<Open>,
    anchors: HashMap<usize, Node>,
    nodes: usize,
    root: Option<Node>,
}

impl Builder<'_> {
    fn event(&mut self, event: Event<'_>, span: Span) -> Result<(), Box<Problem>> {
        match event {
            Event::Scalar(text, style, anchor, _) => {
                let kind =
                    if style == ScalarStyle::Plain { plain(&text) } else { Kind::String(text.into_owned()) };
                self.add(Node { kind, span }, anchor)
            }
            Event::SequenceStart(_, anchor, _) => {
                self.open(Open::Seq { items: Vec::new(), span, anchor }, span)
            }
            Event::MappingStart(_, anchor, _) => {
                self.open(Open::Map { entries: Vec::new(), key: None, span, anchor }, span)
            }
            Event::SequenceEnd | Event::MappingEnd => match self.stack.pop() {
                Some(Open::Seq { items, span: start, anchor }) => {
                    self.add(Node { kind: Kind::Seq(items), span: until(start, span) }, anchor)
                }
                Some(Open::Map { entries, span: start, anchor, .. }) => {
                    self.add(Node { kind: Kind::Map(entries), span: until(start, span) }, anchor)
                }
                None => Ok(()),
            },
            Event::Alias(id) => match self.anchors.get(&id).cloned() {
                Some(mut node) => {
                    node.span = span;
                    self.nodes += count(&node);
                    self.add(node, 0)
                }
                None => Err(self.problem(span, "an alias to an anchor that is still open")),
            },
            Event::DocumentStart(..) if self.root.is_some() => {
                Err(self.problem(span, "a second YAML document in the same file"))
            }
            _ => Ok(()),
        }
    }

    fn open(&mut self, open: Open, span: Span) -> Result<(), Box<Problem>> {
        if self.stack.len() >= MAX_DEPTH {
            return Err(self.problem(span, format!("nested deeper than {MAX_DEPTH} levels")));
        }
        self.stack.push(open);
        Ok(())
    }

    fn add(&mut self, node: Node, anchor: usize) -> Result<(), Box<Problem>> {
        self.nodes += 1;
        if self.nodes > MAX_NODES {
            return Err(self.problem(node.span, format!("more than {MAX_NODES} values in one file")));
        }
        if anchor != 0 {
            self.anchors.insert(anchor, node.clone());
        }
        let mut duplicate = None;
        match self.stack.last_mut() {
            None => self.root = Some(node),
            Some(Open::Seq { items, .. }) => items.push(node),
            Some(Open::Map { entries, key, .. }) => match key.take() {
                Some(name) => entries.push((name, node)),
                None => match key_text(&node) {
                    Some(name) => {
                        duplicate = entries
                            .iter()
                            .find(|(k, _)| k.name == name)
                            .map(|(k, _)| (k.span.line, name.clone(), node.span));
                        *key = Some(Key { name, span: node.span });
                    }
                    None => {
                        let found = node.describe();
                        return Err(
                            self.problem(node.span, format!("a key must be a plain value, found {found}"))
                        );
                    }
                },
            },
        }
        if let Some((line, name, span)) = duplicate {
            let problem =
                Problem::new(self.file, span, format!("duplicate key `{name}` (first on line {line})"));
            self.problems.push(problem.label("again"));
        }
        Ok(())
    }

    fn problem(&self, span: Span, message: impl Into<String>) -> Box<Problem> {
        Box::new(Problem::new(self.file, span, message))
    }
}

fn until(start: Span, end: Span) -> Span {
    Span { end: end.end.max(start.start), ..start }
}

fn count(node: &Node) -> usize {
    1 + node.items().iter().map(count).sum::<usize>()
        + node.entries().iter().map(|(_, n)| count(n)).sum::<usize>()
}

fn key_text(node: &Node) -> Option<String> {
    match &node.kind {
        Kind::String(text) => Some(text.clone()),
        Kind::Number(number) => Some(number.to_string()),
        Kind::Bool(b) => Some(b.to_string()),
        Kind::Null => Some(String::new()),
        Kind::Seq(_) | Kind::Map(_) => None,
    }
}

/// YAML 1.2 core schema, with numbers that have a leading zero left as strings: `0000` is a code, not a number.
fn plain(text: &str) -> Kind {
    match text {
        "" | "~" | "null" => return Kind::Null,
        "true" => return Kind::Bool(true),
        "false" => return Kind::Bool(false),
        _ => {}
    }
    let digits = text.strip_prefix(['-', '+']).unwrap_or(text);
    let numeric = digits.starts_with(|c: char| c.is_ascii_digit());
    let leading_zero = digits.len() > 1 && digits.starts_with('0') && digits.as_bytes()[1].is_ascii_digit();
    if numeric && !leading_zero {
        if let Ok(n) = text.parse::<i64>() {
            return Kind::Number(n.into());
        }
        if let Ok(n) = text.parse::<u64>() {
            return Kind::Number(n.into());
        }
        let exact = digits.bytes().all(|b| b.is_ascii_digit());
        if !exact && let Some(n) = text.parse::<f64>().ok().and_then(serde_json::Number::from_f64) {
            return Kind::Number(n);
        }
    }
    Kind::String(text.to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn tree(text: &str) -> (Option<Node>, Vec<Problem>) {
        let mut problems = Vec::new();
        let node = parse(&SourceFile::new("t.yaml", "t.yaml", text.into()), &mut problems);
        (node, problems)
    }

    #[test]
    fn scalars_follow_the_core_schema_but_keep_leading_zeros() {
        let (node, problems) = tree("a: 1\nb: 0000\nc: 1.5\nd: yes\ne: null\nf: '1'\n200: x\n");
        assert!(problems.is_empty());
        assert_eq!(
            node.unwrap().to_json(),
            json!({"a": 1, "b": "0000", "c": 1.5, "d": "yes", "e": null, "f": "1", "200": "x"})
        );
    }

    #[test]
    fn positions_are_of_the_value() {
        let (node, _) = tree("a:\n  b: [x, yy]\n");
        let span = node.unwrap().pointer("/a/b/1").unwrap().span;
        assert_eq!((span.line, span.column, span.end - span.start), (2, 10, 2));
    }

    #[test]
    fn a_duplicate_key_is_a_problem_and_the_tree_goes_on() {
        let (node, problems) = tree("a: 1\nb: 2\na: 3\n");
        assert!(node.is_some());
        assert_eq!(problems[0].message, "duplicate key `a` (first on line 1)");
        assert_eq!(problems[0].location().to_string(), "t.yaml:3:1");
    }

    #[test]
    fn an_alias_bomb_ends_as_a_problem() {
        let mut text = String::from("a0: &a0 [x,x,x,x,x,x,x,x,x,x]\n");
        for i in 1..9 {
            let list = vec![format!("*a{}", i - 1); 10].join(",");
            text.push_str(&format!("a{i}: &a{i} [{list}]\n"));
        }
        let (node, problems) = tree(&text);
        assert!(node.is_none());
        assert!(problems[0].message.contains("values in one file"), "{}", problems[0].message);
    }

    #[test]
    fn broken_yaml_names_the_place() {
        let (node, problems) = tree("a: [1, 2\nb: 3\n");
        assert!(node.is_none());
        assert!(problems[0].message.starts_with("not valid YAML"), "{}", problems[0].message);
        assert!(problems[0].span.line >= 1);
    }
}
