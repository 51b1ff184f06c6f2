//! XPath over a [`Document`]: XPath 1.0 but for what is listed here.
//!
//! **Names** are compared as they are written in the document: `//error_id` finds `<error_id>` whatever default
//! namespace it is in, and `//soap:Body` finds what is written so. A prefix bound by [`XPath::with_namespaces`] stands
//! for its URI instead, whatever prefix the document uses for it. `*:Body` finds `Body` with any prefix.
//!
//! **Not supported**, and refused when the expression is compiled: the axes `following`, `preceding` and `namespace`,
//! the functions `id` and `lang`, and variables.
//!
//! **Bounded**: an expression has at most [`MAX_LENGTH`] characters, [`MAX_PARTS`] parts and [`MAX_NESTING`]
//! levels, and an evaluation looks at no more than [`MAX_STEPS`] nodes, so that no document can hold up a run.

mod ast;
mod axes;
mod eval;
mod functions;
mod lexer;
mod parser;
mod value;

use crate::xml::Document;
use std::fmt;

/// Characters of an expression.
pub const MAX_LENGTH: usize = 4096;
/// Operators, steps and function calls of an expression.
pub const MAX_PARTS: usize = 300;
/// Parentheses, predicates and arguments inside each other.
pub const MAX_NESTING: usize = 32;
/// Nodes, and 64-byte pieces of text, that one evaluation may look at.
pub const MAX_STEPS: usize = 5_000_000;

/// A compiled expression.
#[derive(Clone, Debug)]
pub struct XPath {
    source: String,
    expression: ast::Expr,
    namespaces: Vec<(String, String)>,
}

/// What an expression evaluates to.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// The string values of the nodes, in document order.
    Nodes(Vec<String>),
    Text(String),
    Number(f64),
    Boolean(bool),
}

/// Why an expression is no XPath that is supported here.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CompileError {
    /// Which character of the expression, counted from 1.
    pub character: usize,
    pub message: String,
}

impl fmt::Display for CompileError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} at character {}", self.message, self.character)
    }
}

impl std::error::Error for CompileError {}

/// An evaluation that would look at more than [`MAX_STEPS`] nodes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TooMuch;

impl fmt::Display for TooMuch {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "the XPath expression looks at more than {MAX_STEPS} nodes of the document")
    }
}

impl std::error::Error for TooMuch {}

impl XPath {
    /// Compiles an expression.
    ///
    /// # Errors
    /// [`CompileError`] with the place in the expression.
    pub fn compile(source: &str) -> Result<XPath, CompileError> {
        let expression = parser::parse(source)?;
        Ok(XPath { source: source.to_owned(), expression, namespaces: Vec::new() })
    }

    /// Binds prefixes to namespace URIs for name tests, such as `("soap", "http://schemas.xmlsoap.org/soap/envelope/")`.
    #[must_use]
    pub fn with_namespaces<'a>(mut self, bindings: impl IntoIterator<Item = (&'a str, &'a str)>) -> XPath {
        self.namespaces.extend(bindings.into_iter().map(|(prefix, uri)| (prefix.to_owned(), uri.to_owned())));
        self
    }

    /// The expression as it was given.
    pub fn source(&self) -> &str {
        &self.source
    }

    /// Evaluates the expression with the document as the context node.
    ///
    /// # Errors
    /// [`TooMuch`] when it takes too many steps.
    pub fn evaluate(&self, document: &Document) -> Result<Value, TooMuch> {
        eval::evaluate(&self.expression, document, &self.namespaces)
    }

    /// The string values of the nodes that the expression selects; of an expression that selects no nodes but has a
    /// value, that value as a string.
    ///
    /// # Errors
    /// [`TooMuch`] when it takes too many steps.
    pub fn strings(&self, document: &Document) -> Result<Vec<String>, TooMuch> {
        Ok(match self.evaluate(document)? {
            Value::Nodes(nodes) => nodes,
            Value::Text(text) => vec![text],
            Value::Number(number) => vec![value::number_to_string(number)],
            Value::Boolean(boolean) => vec![boolean.to_string()],
        })
    }
}
