//! What a step says of its request, to a [`RequestTemplate`].

use super::scope::Scope;
use crate::contract::{BodySpec, Operation};
use crate::expr::Text;
use crate::http::media_type::{Syntax, syntax};
use crate::model::problem::{Problem, unknown};
use crate::model::source::{At, Span};
use crate::plan::request::{BodyTemplate, Example, RequestAuth, RequestTemplate};
use crate::suite::{Step, StepAuth};
use crate::yaml::{Kind, Reader};
use serde_json::Value;

/// Headers that the HTTP client adds where a request has none.
const ALWAYS_SENT: [&str; 4] = ["accept", "host", "content-length", "transfer-encoding"];

pub(super) fn compile_request(scope: &mut Scope<'_>, step: &Step, operation: &Operation) -> RequestTemplate {
    let body_spec = match &step.media_type {
        Some(wanted) => {
            let found = operation.bodies.iter().find(|b| b.essence == wanted.value.to_ascii_lowercase());
            // An odd media type is a test of its own when the body is given as text.
            if found.is_none() && step.body.is_none() {
                let known: Vec<&str> = operation.bodies.iter().map(|b| b.essence.as_str()).collect();
                scope.problems.push(unknown(scope.file, wanted.span, "media type", wanted, known));
            }
            found
        }
        None => operation.bodies.first(),
    };
    let example =
        step.from.as_ref().map(|from| example(scope, from, operation, body_spec)).unwrap_or_default();
    let body = step.body.as_ref().and_then(|node| match &node.kind {
        Kind::String(text) => Some(BodyTemplate::Text(scope.text(text, node.span)?)),
        _ => Some(BodyTemplate::Tree(scope.template(node))),
    });
    let with = step
        .with
        .iter()
        .filter_map(|(name, node)| {
            let text = scope.text(&name.value, name.span)?;
            if let Text::Plain(plain) = &text {
                check_name(scope, operation, body_spec, plain, name.span);
            }
            Some((text, scope.template(node)))
        })
        .collect();
    let without = step
        .without
        .iter()
        .filter_map(|name| {
            let text = scope.text(&name.value, name.span)?;
            if let Text::Plain(plain) = &text {
                check_name(scope, operation, body_spec, plain, name.span);
            }
            Some(text)
        })
        .collect();
    let headers = step
        .headers
        .iter()
        .filter_map(|(name, node)| {
            if node.kind == Kind::Null {
                if ALWAYS_SENT.contains(&name.to_ascii_lowercase().as_str()) {
                    let message = format!("`{}` cannot be left out: every request has it", name.value);
                    scope.problems.push(Problem::new(scope.file, name.span, message));
                }
                return Some((name.value.clone(), None));
            }
            let value = Reader::new(scope.file, scope.problems).text(node)?;
            Some((name.value.clone(), Some(scope.text(&value, node.span)?)))
        })
        .collect();
    if let Some(charset) = step.charset.as_ref().filter(|c| crate::http::charset::encoding(c).is_none()) {
        scope.problems.push(unknown(
            scope.file,
            charset.span,
            "charset",
            charset,
            ["UTF-8", "GBK", "UTF-16LE"],
        ));
    }
    let media_type = match (&step.media_type, body_spec) {
        (Some(wanted), _) => Some(wanted.value.clone()),
        (None, spec) => spec.map(|b| b.essence.clone()),
    };
    let auth = match &step.auth {
        None => RequestAuth::Target,
        Some(StepAuth::None) => RequestAuth::None,
        // What cannot be compiled has its own problem.
        Some(StepAuth::Given(auth)) => {
            let own = auth.map(|text| scope.text(&text.value, text.span).ok_or(()));
            own.map_or(RequestAuth::None, |own| RequestAuth::Own(Box::new(own)))
        }
    };
    RequestTemplate {
        auth,
        example,
        with,
        without,
        body,
        media_type,
        headers,
        method: step.method.as_ref().map(|m| m.to_ascii_uppercase()),
        query: step.query.as_ref().and_then(|q| scope.text(&q.value, q.span)),
        charset: step.charset.as_ref().map(|c| c.value.clone()),
    }
}

fn example(
    scope: &mut Scope<'_>,
    from: &At<String>,
    operation: &Operation,
    body: Option<&BodySpec>,
) -> Example {
    let parameters: Vec<(String, Value)> = operation
        .parameters
        .iter()
        .filter_map(|p| {
            let example = p.examples.iter().find(|e| e.name == from.value)?;
            Some((p.name.clone(), example.value.clone()))
        })
        .collect();
    let body = body.and_then(|b| b.examples.iter().find(|e| e.name == from.value)).map(|e| e.value.clone());
    if parameters.is_empty() && body.is_none() {
        let mut known: Vec<&str> = operation
            .parameters
            .iter()
            .flat_map(|p| &p.examples)
            .chain(operation.bodies.iter().flat_map(|b| &b.examples))
            .map(|e| e.name.as_str())
            .collect();
        known.sort_unstable();
        known.dedup();
        let what = format!("example of `{}`", operation.id);
        scope.problems.push(unknown(scope.file, from.span, &what, from, known));
    }
    Example { name: Some(from.value.clone()), parameters, body }
}

/// A name in `with` or `without` is a parameter, or begins a path into the body.
fn check_name(scope: &mut Scope<'_>, operation: &Operation, body: Option<&BodySpec>, name: &str, span: Span) {
    if operation.parameter(name).is_some() {
        return;
    }
    let mut known: Vec<&str> = operation.parameters.iter().map(|p| p.name.as_str()).collect();
    if let Some(body) = body {
        let shape = &body.shape;
        let first = name.split(['.', '[']).next().unwrap_or(name);
        // XML is reached from the root's children: what is documented there may stand one level down in the schema.
        let wrapped = shape.properties.values().any(|s| s.open || s.properties.contains_key(first));
        let is_xml = syntax(&body.essence) == Syntax::Xml;
        if shape.open
            || shape.properties.is_empty()
            || shape.properties.contains_key(first)
            || (is_xml && wrapped)
        {
            return;
        }
        known.extend(shape.properties.keys().map(String::as_str));
    }
    let what = format!("parameter of `{}`", operation.id);
    scope.problems.push(unknown(scope.file, span, &what, name, known));
}
