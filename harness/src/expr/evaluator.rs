//! [`Evaluator`]: one exchange as CEL programs see it.

use super::ambient::Ambient;
use super::functions;
use super::value::from_json;
use cel::Context;
use cel::common::types::{CelDouble, CelInt, CelString};
use cel::common::value::{CowVal, Val};
use cel::context::VariableResolver;
use serde_json::Value;
use std::sync::{Arc, OnceLock};
use std::time::Duration;

/// The parts of an exchange that an expression may ask for. A part that is not there is unknown to the expression.
#[derive(Debug, Clone, Copy)]
pub struct Scope<'a> {
    pub status: Option<u16>,
    pub headers: Option<&'a Value>,
    pub body: Option<&'a Arc<Value>>,
    pub text: Option<&'a str>,
    pub request: Option<&'a Value>,
    pub callback: Option<&'a Value>,
    pub vars: &'a Value,
    pub env: &'a Value,
    pub elapsed: Option<Duration>,
    pub document: Option<&'a Arc<crate::xml::Document>>,
    pub ambient: &'a Arc<Ambient>,
}

impl<'a> Scope<'a> {
    /// A scope in which there is no exchange yet.
    pub fn before(vars: &'a Value, env: &'a Value, ambient: &'a Arc<Ambient>) -> Self {
        Self {
            status: None,
            headers: None,
            body: None,
            text: None,
            request: None,
            callback: None,
            vars,
            env,
            elapsed: None,
            document: None,
            ambient,
        }
    }
}

/// Evaluates programs over a [`Scope`], converting each of its parts once.
pub struct Evaluator<'a> {
    parts: Parts<'a>,
}

struct Parts<'a> {
    scope: Scope<'a>,
    cells: [OnceLock<Box<dyn Val + 'a>>; NAMES.len()],
}

/// What a resolver is asked for most comes first.
const NAMES: [&str; 12] = [
    "body",
    "request",
    "vars",
    "status",
    "headers",
    "callback",
    "text",
    "env",
    "elapsed",
    "@ambient",
    "@document",
    "@body",
];

thread_local! {
    /// Functions are registered once a thread.
    static ROOT: Context<'static, 'static> = functions::root();
}

impl<'a> Evaluator<'a> {
    pub fn new(scope: Scope<'a>) -> Self {
        Self { parts: Parts { scope, cells: Default::default() } }
    }

    pub fn scope(&self) -> &Scope<'a> {
        &self.parts.scope
    }

    pub(super) fn with<T>(&self, run: impl FnOnce(&Context<'_, '_>) -> T) -> T {
        ROOT.with(|root| {
            let root: &Context<'_, '_> = root;
            let mut context = root.new_inner_scope();
            context.set_variable_resolver(&self.parts);
            run(&context)
        })
    }
}

impl VariableResolver for Parts<'_> {
    fn resolve<'b>(&'b self, name: &str) -> Option<CowVal<'b, 'b>> {
        let index = NAMES.iter().position(|n| *n == name)?;
        super::reads::variable(NAMES[index]);
        if self.cells[index].get().is_none() {
            let value = self.convert(name)?;
            // Another thread can't be first: an evaluator stays with its trial.
            let _ = self.cells[index].set(value);
        }
        self.cells[index].get().map(|value| CowVal::Borrowed(value.as_ref()))
    }
}

impl<'a> Parts<'a> {
    fn convert(&self, name: &str) -> Option<Box<dyn Val + 'a>> {
        let scope = &self.scope;
        Some(match name {
            "body" => from_json(scope.body?.as_ref()),
            "request" => from_json(scope.request?),
            "callback" => from_json(scope.callback?),
            "headers" => from_json(scope.headers?),
            "vars" => from_json(scope.vars),
            "env" => from_json(scope.env),
            "status" => Box::new(CelInt::from(i64::from(scope.status?))),
            "text" => Box::new(CelString::from(scope.text?)),
            "elapsed" => Box::new(CelDouble::from(scope.elapsed?.as_secs_f64() * 1000.0)),
            "@ambient" => Box::new(functions::Shared(scope.ambient.clone())),
            "@document" => Box::new(functions::Shared(scope.document?.clone())),
            "@body" => Box::new(functions::Shared(scope.body?.clone())),
            _ => return None,
        })
    }
}
