//! An example as an exchange: the answer that the document shows, as it would have come over the wire.

use crate::contract::{ExampleSpec, MediaSpec, Operation, ResponseSpec, StatusPattern};
use crate::expr::{Ambient, Evaluator, Scope, printed};
use crate::http::charset;
use crate::http::media_type::{Syntax, syntax};
use crate::model::exchange::{Exchange, Request, Response, Timing};
use crate::plan::{RequestTarget, documented_request};
use crate::xml;
use serde_json::{Value, json};
use std::sync::Arc;

/// Where the documented requests would go.
const BASE_URL: &str = "http://documented.example";

/// The request of an example, and whether the spec documents it.
pub fn request(operation: &Operation, name: &str) -> Result<(Request, bool), String> {
    let template = documented_request(operation, name);
    let documented = template.is_some();
    let nothing = Value::Null;
    let ambient = Arc::new(Ambient::new(0, name, jiff::tz::Offset::UTC));
    let evaluator = Evaluator::new(Scope::before(&nothing, &nothing, &ambient));
    let target = RequestTarget { base_url: BASE_URL, headers: &[], secret: None, credential: None };
    let built = template.unwrap_or_default().build(operation, &target, &evaluator)?;
    Ok((built.request, documented))
}

/// The exchange of an example. `Err` says why it cannot be one.
pub fn exchange(
    operation: &Operation,
    response: &ResponseSpec,
    media: &MediaSpec,
    example: &ExampleSpec,
    request: Request,
) -> Result<Exchange, String> {
    let label = media.charset.as_deref().or(operation.charset.as_deref()).unwrap_or("UTF-8");
    let text = body(&media.essence, &example.value, label)?;
    let body = charset::encode(&text, label).map_err(|c| format!("`{c}` cannot be written in {label}"))?;
    let plain_json = syntax(&media.essence) == Syntax::Json && label.eq_ignore_ascii_case("utf-8");
    let content_type = match plain_json {
        true => media.essence.clone(),
        false => format!("{}; charset={label}", media.essence),
    };
    let response = Response {
        status: status(operation, response),
        version: "HTTP/1.1".into(),
        headers: vec![("Content-Type".into(), content_type.into_bytes())],
        body,
        miscoded: None,
    };
    Ok(Exchange { request, response: Ok(response), timing: Timing::default() })
}

/// A body as text. A text under JSON that looks like JSON is JSON as it was pasted, digits and all.
pub fn body(essence: &str, value: &Value, label: &str) -> Result<String, String> {
    match (syntax(essence), value) {
        (Syntax::Json, Value::String(text)) if !text.trim_start().starts_with(['{', '[']) => {
            Ok(json!(text).to_string())
        }
        (_, Value::String(text)) => Ok(text.clone()),
        (Syntax::Xml, tree) => xml::from_json(tree),
        (Syntax::Form, Value::Object(map)) => {
            let encode = |text: &str| {
                charset::percent_encode(text, label)
                    .map_err(|c| format!("`{c}` cannot be written in {label}"))
            };
            let pairs: Result<Vec<_>, String> = map
                .iter()
                .map(|(name, value)| Ok(format!("{}={}", encode(name)?, encode(&printed(value))?)))
                .collect();
            Ok(pairs?.join("&"))
        }
        (_, tree) => Ok(tree.to_string()),
    }
}

/// A status that the response is documented for.
pub fn status(operation: &Operation, response: &ResponseSpec) -> u16 {
    let its_own = |status: &u16| operation.response(*status).is_some_and(|r| std::ptr::eq(r, response));
    match response.status {
        StatusPattern::Code(code) => code,
        StatusPattern::Class(class) => {
            let first = u16::from(class) * 100;
            (first..first + 100).find(its_own).unwrap_or(first)
        }
        StatusPattern::Default => [200, 400, 500].into_iter().chain(100..600).find(its_own).unwrap_or(500),
    }
}
