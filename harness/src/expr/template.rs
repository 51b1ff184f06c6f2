//! `${…}` in the strings of a case.

use super::evaluator::Evaluator;
use super::program::{CompileError, Program};
use crate::model::problem::Problem;
use crate::model::source::{SourceFile, Span};
use crate::yaml::{Kind, Node};
use serde_json::{Map, Value};
use std::sync::Arc;

/// A string with `${…}` in it, compiled.
#[derive(Debug)]
pub enum Text {
    Plain(String),
    /// One `${…}` and nothing else: the value keeps its type.
    Value(Program),
    Mixed(Vec<Piece>),
}

#[derive(Debug)]
pub enum Piece {
    Plain(String),
    Program(Program),
}

impl Text {
    /// Compiles a string. `$${` is a literal `${`. Errors are at byte offsets of `source`.
    pub fn compile(source: &str) -> Result<Self, CompileError> {
        if !source.contains("${") {
            return Ok(Text::Plain(source.to_owned()));
        }
        let mut pieces = Vec::new();
        let mut plain = String::new();
        let mut at = 0;
        while let Some(found) = source[at..].find("${") {
            let start = at + found;
            if start > at && source.as_bytes()[start - 1] == b'$' {
                plain.push_str(&source[at..start - 1]);
                plain.push_str("${");
                at = start + 2;
                continue;
            }
            plain.push_str(&source[at..start]);
            let inner = start + 2;
            let end = inner
                + end_of(&source[inner..]).ok_or_else(|| CompileError {
                    message: "`${` without its `}`".into(),
                    offset: start,
                    help: Some("write `$${` for a literal `${`".into()),
                })?;
            let program = Program::compile(&source[inner..end])
                .map_err(|e| CompileError { offset: inner + e.offset, ..e })?;
            if !plain.is_empty() {
                pieces.push(Piece::Plain(std::mem::take(&mut plain)));
            }
            pieces.push(Piece::Program(program));
            at = end + 1;
        }
        plain.push_str(&source[at..]);
        if !plain.is_empty() {
            pieces.push(Piece::Plain(plain));
        }
        Ok(match pieces.len() {
            0 => Text::Plain(String::new()),
            1 => match pieces.remove(0) {
                Piece::Plain(text) => Text::Plain(text),
                Piece::Program(program) => Text::Value(program),
            },
            _ => Text::Mixed(pieces),
        })
    }

    /// Compiles the string of a YAML node; an error becomes a problem whose caret is inside the string.
    pub fn at(file: &Arc<SourceFile>, source: &str, span: Span, problems: &mut Vec<Problem>) -> Option<Self> {
        Self::compile(source).map_err(|e| problems.push(problem(file, source, span, e))).ok()
    }

    pub fn programs(&self) -> impl Iterator<Item = &Program> {
        let (one, many) = match self {
            Text::Plain(_) => (None, [].as_slice()),
            Text::Value(program) => (Some(program), [].as_slice()),
            Text::Mixed(pieces) => (None, pieces.as_slice()),
        };
        one.into_iter().chain(many.iter().filter_map(|piece| match piece {
            Piece::Program(program) => Some(program),
            Piece::Plain(_) => None,
        }))
    }

    pub fn value(&self, evaluator: &Evaluator<'_>) -> Result<Value, String> {
        match self {
            Text::Plain(text) => Ok(Value::String(text.clone())),
            Text::Value(program) => program.value(evaluator).map_err(|e| in_expression(program, &e)),
            Text::Mixed(_) => self.text(evaluator).map(Value::String),
        }
    }

    pub fn text(&self, evaluator: &Evaluator<'_>) -> Result<String, String> {
        match self {
            Text::Plain(text) => Ok(text.clone()),
            Text::Value(program) => {
                program.value(evaluator).map(|v| printed(&v)).map_err(|e| in_expression(program, &e))
            }
            Text::Mixed(pieces) => {
                let mut out = String::new();
                for piece in pieces {
                    match piece {
                        Piece::Plain(text) => out.push_str(text),
                        Piece::Program(program) => {
                            let value = program.value(evaluator).map_err(|e| in_expression(program, &e))?;
                            out.push_str(&printed(&value));
                        }
                    }
                }
                Ok(out)
            }
        }
    }
}

/// A value as it stands in a query or inside a longer string: strings without quotes, nothing for null.
pub fn printed(value: &Value) -> String {
    match value {
        Value::Null => String::new(),
        Value::String(text) => text.clone(),
        other => other.to_string(),
    }
}

fn in_expression(program: &Program, error: &str) -> String {
    format!("`${{{}}}`: {error}", program.source())
}

/// The offset of the `}` that ends an expression: not one inside quotes or inner braces.
fn end_of(source: &str) -> Option<usize> {
    let mut depth = 0;
    let mut quote = None;
    let mut escaped = false;
    for (at, c) in source.char_indices() {
        match (quote, c) {
            _ if escaped => escaped = false,
            (Some(_), '\\') => escaped = true,
            (Some(q), c) if c == q => quote = None,
            (Some(_), _) => {}
            (None, '\'' | '"') => quote = Some(c),
            (None, '{') => depth += 1,
            (None, '}') if depth == 0 => return Some(at),
            (None, '}') => depth -= 1,
            (None, _) => {}
        }
    }
    None
}

/// A compile error of `source`, which stands at `span`, as a problem of the file.
pub fn problem(file: &Arc<SourceFile>, source: &str, span: Span, error: CompileError) -> Problem {
    let span = inside(file, source, span, error.offset);
    let problem = Problem::new(file, span, format!("expression does not compile: {}", error.message));
    match error.help {
        Some(help) => problem.help(help),
        None => problem,
    }
}

/// The place `offset` bytes into a string that stands at `span`: exact where the file holds the string as it is (plain,
/// quoted without escapes), its start where it doesn't.
pub fn inside(file: &SourceFile, source: &str, span: Span, offset: usize) -> Span {
    let written = file.text.get(span.start as usize..span.end as usize).unwrap_or("");
    match written.find(source.trim_end()) {
        Some(at) => {
            let start = span.start as usize + at + offset.min(source.trim_end().len());
            let before = &file.text[..start];
            let line = before.matches('\n').count() as u32 + 1;
            let column = before[before.rfind('\n').map_or(0, |n| n + 1)..].chars().count() as u32 + 1;
            Span { start: start as u32, end: span.end.max(start as u32), line, column }
        }
        None => span,
    }
}

/// A YAML tree with `${…}` anywhere in its strings (values and keys).
#[derive(Debug)]
pub enum Template {
    /// Nothing to compute in the whole subtree.
    Fixed(Value),
    Text(Text),
    List(Vec<Template>),
    Map(Vec<(Text, Template)>),
}

impl Template {
    pub fn compile(file: &Arc<SourceFile>, node: &Node, problems: &mut Vec<Problem>) -> Self {
        match &node.kind {
            Kind::String(text) => match Text::at(file, text, node.span, problems) {
                Some(Text::Plain(text)) => Template::Fixed(Value::String(text)),
                Some(text) => Template::Text(text),
                None => Template::Fixed(Value::Null),
            },
            Kind::Seq(items) => {
                let items: Vec<_> = items.iter().map(|n| Self::compile(file, n, problems)).collect();
                if items.iter().all(|t| matches!(t, Template::Fixed(_))) {
                    let fixed = items.into_iter().filter_map(|t| match t {
                        Template::Fixed(value) => Some(value),
                        _ => None,
                    });
                    return Template::Fixed(fixed.collect());
                }
                Template::List(items)
            }
            Kind::Map(entries) => {
                let entries: Vec<(Text, Template)> = entries
                    .iter()
                    .filter_map(|(key, n)| {
                        let text = Text::at(file, &key.name, key.span, problems)?;
                        Some((text, Self::compile(file, n, problems)))
                    })
                    .collect();
                let fixed = |(k, t): &(Text, Template)| match (k, t) {
                    (Text::Plain(k), Template::Fixed(v)) => Some((k.clone(), v.clone())),
                    _ => None,
                };
                match entries.iter().map(fixed).collect::<Option<Map<String, Value>>>() {
                    Some(map) => Template::Fixed(Value::Object(map)),
                    None => Template::Map(entries),
                }
            }
            _ => Template::Fixed(node.to_json()),
        }
    }

    pub fn value(&self, evaluator: &Evaluator<'_>) -> Result<Value, String> {
        match self {
            Template::Fixed(value) => Ok(value.clone()),
            Template::Text(text) => text.value(evaluator),
            Template::List(items) => items.iter().map(|t| t.value(evaluator)).collect(),
            Template::Map(entries) => entries
                .iter()
                .map(|(k, t)| Ok((k.text(evaluator)?, t.value(evaluator)?)))
                .collect::<Result<Map<_, _>, _>>()
                .map(Value::Object),
        }
    }

    /// Calls `visit` with every program in the tree.
    pub fn programs<'t>(&'t self, visit: &mut dyn FnMut(&'t Program)) {
        match self {
            Template::Fixed(_) => {}
            Template::Text(text) => text.programs().for_each(visit),
            Template::List(items) => items.iter().for_each(|t| t.programs(visit)),
            Template::Map(entries) => entries.iter().for_each(|(key, t)| {
                key.programs().for_each(&mut *visit);
                t.programs(visit);
            }),
        }
    }
}
