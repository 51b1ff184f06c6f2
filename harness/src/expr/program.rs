//! [`Program`]: a compiled CEL expression and what it refers to.

use super::evaluator::Evaluator;
use super::functions;
use super::value::to_json;
use crate::model::problem::{alternatives, nearest};
use cel::common::ast::{EntryExpr, Expr, LiteralValue};
use cel::{ExecutionError, IdedExpr};
use serde_json::Value;
use std::cell::RefCell;
use std::collections::HashMap;
use std::fmt;
use std::sync::Arc;

/// The variables that an expression may see.
pub const VARIABLES: [&str; 9] =
    ["status", "headers", "body", "text", "request", "callback", "vars", "env", "elapsed"];

/// Functions and macros of the CEL standard library, and of cel-go's extension for lists.
const STANDARD: [&str; 23] = [
    "size",
    "contains",
    "startsWith",
    "endsWith",
    "matches",
    "string",
    "int",
    "double",
    "uint",
    "bytes",
    "bool",
    "type",
    "dyn",
    "has",
    "all",
    "exists",
    "map",
    "filter",
    "distinct",
    "flatten",
    "reverse",
    "slice",
    "sort",
];

/// A compiled expression. Copies share it.
#[derive(Clone)]
pub struct Program(Arc<Compiled>);

struct Compiled {
    program: cel::Program,
    source: String,
    vars: Vec<String>,
    env: Vec<String>,
    /// The exchange's variables that it reads: `body`, `status`…
    reads: Vec<&'static str>,
    /// Whether it asks for the time or for random values.
    ambient: bool,
}

/// Functions whose values are another run's in another run.
const AMBIENT: [&str; 4] = ["now", "date", "digits", "uuid"];

/// Why an expression is refused: what is wrong, and at which byte of the expression.
#[derive(Debug, Clone, PartialEq)]
pub struct CompileError {
    pub message: String,
    pub offset: usize,
    pub help: Option<String>,
}

thread_local! {
    /// What this thread has compiled: the cases of a suite say the same things again and again.
    static KNOWN: RefCell<HashMap<String, Program>> = RefCell::default();
}

/// So that no suite, however large, keeps more than it needs.
const KNOWN_LIMIT: usize = 4096;

impl Program {
    /// Compiles an expression, or gives the one that this thread made of the same text before.
    pub fn compile(source: &str) -> Result<Self, CompileError> {
        if let Some(program) = KNOWN.with_borrow(|known| known.get(source).cloned()) {
            return Ok(program);
        }
        let program = Self(Arc::new(Compiled::new(source)?));
        KNOWN.with_borrow_mut(|known| {
            if known.len() >= KNOWN_LIMIT {
                known.clear();
            }
            known.insert(source.to_owned(), program.clone());
        });
        Ok(program)
    }

    pub fn source(&self) -> &str {
        &self.0.source
    }

    /// Names of the `vars.…` it reads.
    pub fn vars(&self) -> &[String] {
        &self.0.vars
    }

    /// Names of the `env.…` it reads.
    pub fn env(&self) -> &[String] {
        &self.0.env
    }

    pub fn reads(&self, variable: &str) -> bool {
        self.0.reads.contains(&variable)
    }

    /// Whether it asks for something that only a run has: variables, secrets, the clock, random values, the time that an
    /// answer took, headers.
    pub fn needs_run(&self) -> bool {
        self.0.ambient || ["vars", "env", "elapsed", "headers"].iter().any(|name| self.reads(name))
    }

    /// The value over one exchange, as JSON.
    pub fn value(&self, evaluator: &Evaluator<'_>) -> Result<Value, String> {
        self.run(evaluator).map(|value| to_json(&value))
    }

    /// Whether a predicate holds. Anything but a boolean is an error.
    pub fn holds(&self, evaluator: &Evaluator<'_>) -> Result<bool, String> {
        match self.run(evaluator)? {
            cel::Value::Bool(b) => Ok(b),
            other => Err(format!("gives {} instead of a boolean", to_json(&other))),
        }
    }

    /// Why a predicate does not hold: the two sides of the comparison that failed, or the value that was tested.
    pub fn explain(&self, evaluator: &Evaluator<'_>) -> Option<String> {
        evaluator.with(|context| sides(self.0.program.expression(), context))
    }

    /// JSON pointer of the first place of `body` that the expression reads, e.g. `/data/order_id`.
    pub fn place(&self) -> Option<String> {
        body_path(self.0.program.expression())
    }

    fn run(&self, evaluator: &Evaluator<'_>) -> Result<cel::Value, String> {
        evaluator.with(|context| self.0.program.execute(context)).map_err(|e| explain(&e))
    }
}

impl Compiled {
    fn new(source: &str) -> Result<Self, CompileError> {
        let program = cel::Program::compile(source).map_err(|errors| {
            let first = errors.errors.first();
            let message = first.map_or_else(|| errors.to_string(), |e| plain_message(&e.msg));
            let offset = first.map_or(0, |e| offset_of(source, e.pos));
            CompileError { message, offset, help: None }
        })?;
        let mut found = References::default();
        found.visit(program.expression());
        let References { vars, env, roots, calls, patterns, .. } = found;
        let mut reads = Vec::new();
        for name in roots {
            match VARIABLES.iter().find(|known| **known == name) {
                Some(known) => reads.push(*known),
                None => return Err(unknown(source, "variable", &name, &VARIABLES)),
            }
        }
        let known: Vec<&str> = functions::NAMES.iter().chain(&STANDARD).copied().collect();
        let ambient = calls.iter().any(|name| AMBIENT.contains(&name.as_str()));
        for name in calls {
            let operator = !name.starts_with(|c: char| c.is_ascii_alphabetic());
            let optional = ["or", "orValue", "optional", "hasValue", "value"].contains(&name.as_str());
            if !operator && !optional && !known.contains(&name.as_str()) {
                return Err(unknown(source, "function", &name, &known));
            }
        }
        for pattern in patterns {
            let offset = source.find(&pattern).unwrap_or(0);
            super::pattern::compiled(&pattern).map_err(|message| CompileError {
                message,
                offset,
                help: None,
            })?;
        }
        Ok(Self { program, source: source.to_owned(), vars, env, reads, ambient })
    }
}

impl fmt::Debug for Program {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "Program({})", self.0.source)
    }
}

/// The values that a failed comparison compared. Of a conjunction, the first part that fails is explained.
fn sides(node: &IdedExpr, context: &cel::Context<'_, '_>) -> Option<String> {
    let Expr::Call(call) = &node.expr else { return None };
    let shown = |e: &IdedExpr| cel::Value::resolve(e, context).ok().map(|v| to_json(&v).to_string());
    match (call.func_name.as_str(), call.target.as_deref(), call.args.as_slice()) {
        ("_&&_", _, parts) => parts
            .iter()
            .find(|part| matches!(cel::Value::resolve(part, context), Ok(cel::Value::Bool(false))))
            .and_then(|part| sides(part, context)),
        ("_==_" | "_!=_" | "_<_" | "_<=_" | "_>_" | "_>=_" | "@in", _, [left, right]) => {
            let (left, right) = (shown(left)?, shown(right)?);
            let sign = operator_name(&call.func_name);
            Some(crate::model::finding::shorten(format!("{left} {sign} {right}")))
        }
        ("matches" | "startsWith" | "endsWith" | "contains", Some(tested), _) => shown(tested),
        ("matches" | "is_date", None, [tested, ..]) => shown(tested),
        _ => None,
    }
}

fn body_path(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Expr::Select(select) => match path_of(node) {
            Some(path) => Some(path),
            None => body_path(&select.operand),
        },
        Expr::Call(call) => path_of(node)
            .or_else(|| call.target.as_deref().and_then(body_path))
            .or_else(|| call.args.iter().find_map(body_path)),
        Expr::List(list) => list.elements.iter().find_map(body_path),
        Expr::Comprehension(c) => body_path(&c.iter_range),
        _ => None,
    }
}

/// `body.a['b'][0]` as `/a/b/0`; `None` for anything else.
fn path_of(node: &IdedExpr) -> Option<String> {
    match &node.expr {
        Expr::Ident(name) if name == "body" => Some(String::new()),
        Expr::Select(select) => {
            Some(format!("{}/{}", path_of(&select.operand)?, crate::http::json::escape(&select.field)))
        }
        Expr::Call(call) => match (call.func_name.as_str(), call.args.as_slice()) {
            ("_[_]", [operand, index]) => {
                let token = match &index.expr {
                    Expr::Literal(LiteralValue::String(text)) => crate::http::json::escape(text.inner()),
                    Expr::Literal(LiteralValue::Int(index)) => index.inner().to_string(),
                    _ => return None,
                };
                Some(format!("{}/{token}", path_of(operand)?))
            }
            ("get", [operand, key, _]) => match &key.expr {
                Expr::Literal(LiteralValue::String(text)) => {
                    Some(format!("{}/{}", path_of(operand)?, crate::http::json::escape(text.inner())))
                }
                _ => None,
            },
            _ => None,
        },
        _ => None,
    }
}

/// A message about evaluation in our words; values of the target are not repeated at length.
fn explain(error: &ExecutionError) -> String {
    match error {
        ExecutionError::NoSuchKey(key) => format!("there is no `{key}`"),
        ExecutionError::NoSuchOverload(e) => {
            format!("`{}` does not work on ({})", operator_name(e.function()), e.argument_types().join(", "))
        }
        ExecutionError::FunctionError { function, message } => format!("`{function}`: {message}"),
        ExecutionError::IndexOutOfBounds(_) => "the list is shorter than that".into(),
        ExecutionError::UnsupportedBinaryOperator(name, left, right) => {
            let whole = |value: &cel::Value| matches!(value, cel::Value::Int(_) | cel::Value::UInt(_));
            let double = |value: &cel::Value| matches!(value, cel::Value::Float(_));
            // CEL mixes no kinds of numbers, and those of JSON are doubles.
            let hint = match (double(left) && whole(right)) || (whole(left) && double(right)) {
                true => " (numbers of answers are doubles: write `1.0` beside them, not `1`)",
                false => "",
            };
            format!("`{name}` does not work on {} and {}{hint}", left.type_of(), right.type_of())
        }
        other => crate::model::finding::shorten(other.to_string()),
    }
}

fn operator_name(name: &str) -> String {
    name.trim_matches(['_', '@']).to_string()
}

fn plain_message(message: &str) -> String {
    let message = message.strip_prefix("Syntax error: ").unwrap_or(message);
    match message.split_once(" expecting ") {
        Some((what, expected)) if expected.len() > 40 => format!("{what} (an expression was expected)"),
        _ => message.to_owned(),
    }
}

fn offset_of(source: &str, (line, column): (isize, isize)) -> usize {
    let before: usize =
        source.split_inclusive('\n').take(usize::try_from(line - 1).unwrap_or(0)).map(str::len).sum();
    let rest = &source[before.min(source.len())..];
    let column = usize::try_from(column - 1).unwrap_or(0);
    before + rest.char_indices().nth(column).map_or(rest.len(), |(at, _)| at)
}

fn unknown(source: &str, what: &str, name: &str, known: &[&str]) -> CompileError {
    let help = match (what, nearest(name, known)) {
        (_, Some(near)) => Some(format!("did you mean `{near}`?")),
        ("variable", None) => Some(format!("a variable of the case is `vars.{name}`")),
        _ => None,
    };
    CompileError {
        message: format!("unknown {what} `{name}`{}", alternatives(name, known)),
        offset: source.find(name).unwrap_or(0),
        help,
    }
}

/// What an expression refers to, found by walking its tree.
#[derive(Default)]
struct References {
    vars: Vec<String>,
    env: Vec<String>,
    roots: Vec<String>,
    calls: Vec<String>,
    bound: Vec<String>,
    /// Regular expressions that are written out.
    patterns: Vec<String>,
}

impl References {
    fn visit(&mut self, node: &IdedExpr) {
        match &node.expr {
            Expr::Ident(name) => {
                if !self.bound.contains(name) && !name.starts_with('@') {
                    push_new(&mut self.roots, name);
                }
            }
            Expr::Select(select) => {
                if let Expr::Ident(root) = &select.operand.expr
                    && !self.bound.contains(root)
                {
                    match root.as_str() {
                        // `has(vars.x)` asks whether it is there: it need not be.
                        "vars" if !select.test => push_new(&mut self.vars, &select.field),
                        "env" => push_new(&mut self.env, &select.field),
                        _ => {}
                    }
                }
                self.visit(&select.operand);
            }
            Expr::Call(call) => {
                push_new(&mut self.calls, &call.func_name);
                if let ("matches", Some(Expr::Literal(LiteralValue::String(pattern)))) =
                    (call.func_name.as_str(), call.args.last().map(|last| &last.expr))
                {
                    push_new(&mut self.patterns, pattern.inner());
                }
                call.target.iter().for_each(|target| self.visit(target));
                call.args.iter().for_each(|arg| self.visit(arg));
            }
            Expr::Comprehension(c) => {
                self.visit(&c.iter_range);
                let depth = self.bound.len();
                self.bound.push(c.iter_var.clone());
                self.bound.push(c.accu_var.clone());
                self.bound.extend(c.iter_var2.clone());
                for part in [&c.accu_init, &c.loop_cond, &c.loop_step, &c.result] {
                    self.visit(part);
                }
                self.bound.truncate(depth);
            }
            Expr::List(list) => list.elements.iter().for_each(|e| self.visit(e)),
            Expr::Map(map) => map.entries.iter().for_each(|e| self.entry(&e.expr)),
            Expr::Struct(s) => s.entries.iter().for_each(|e| self.entry(&e.expr)),
            Expr::Literal(_) | Expr::Unspecified => {}
        }
    }

    fn entry(&mut self, entry: &EntryExpr) {
        match entry {
            EntryExpr::StructField(field) => self.visit(&field.value),
            EntryExpr::MapEntry(entry) => {
                self.visit(&entry.key);
                self.visit(&entry.value);
            }
        }
    }
}

fn push_new(list: &mut Vec<String>, name: &str) {
    if !list.iter().any(|n| n == name) {
        list.push(name.to_owned());
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn references_are_found_and_bound_names_are_not() {
        let p = Program::compile("body.list.all(i, i.x == vars.q) && size(env.KEY) > 0").unwrap();
        assert_eq!(p.vars(), ["q"]);
        assert_eq!(p.env(), ["KEY"]);
        assert!(p.reads("body") && !p.reads("text"));
    }

    #[test]
    fn places_are_pointers_into_the_body() {
        let place = |source: &str| Program::compile(source).unwrap().place();
        assert_eq!(place("body.data.order_id == 'x'").as_deref(), Some("/data/order_id"));
        assert_eq!(place("vars.a == body.list[2]['x/y']").as_deref(), Some("/list/2/x~1y"));
        assert_eq!(place("size(get(body.RPLY, 'msisdn', '')) > 0").as_deref(), Some("/RPLY/msisdn"));
        assert_eq!(place("body.list.all(i, i > 0)").as_deref(), Some("/list"));
        assert_eq!(place("status == 200"), None);
    }

    #[test]
    fn errors_name_the_place_and_the_nearest_name() {
        let error = Program::compile("body.id ==").unwrap_err();
        assert_eq!(error.offset, 10);
        let error = Program::compile("boddy.id == 1").unwrap_err();
        assert_eq!(error.help.as_deref(), Some("did you mean `body`?"));
        let error = Program::compile("1 == digit(3)").unwrap_err();
        assert!(error.message.starts_with("unknown function `digit`"), "{}", error.message);
        assert_eq!(error.offset, 5);
        let error = Program::compile("text.matches('(a')").unwrap_err();
        assert_eq!(
            (error.message.as_str(), error.offset),
            ("`(a` is not a regular expression: unclosed group", 14)
        );
        let error = Program::compile("phone == 1").unwrap_err();
        assert_eq!(error.help.as_deref(), Some("a variable of the case is `vars.phone`"));
    }
}
