//! The request that the spec documents under the name of an example.

use super::request::{BodyTemplate, RequestTemplate};
use crate::contract::{ExampleSpec, Operation};
use crate::expr::{Template, Text};
use serde_json::Value;

/// The request of an example: the parameters and the body that have a value of its name, sent as they are, with the
/// signature that they have. `None` where nothing of the request is documented; an operation that takes nothing has the
/// same request everywhere.
pub fn documented_request(operation: &Operation, name: &str) -> Option<RequestTemplate> {
    let of = |examples: &[ExampleSpec]| examples.iter().find(|e| e.name == name).map(|e| e.value.clone());
    let with: Vec<_> = operation
        .parameters
        .iter()
        .filter_map(|p| Some((Text::Plain(p.name.clone()), Template::Fixed(of(&p.examples)?))))
        .collect();
    let body = operation.bodies.iter().find_map(|b| Some((b.essence.clone(), of(&b.examples)?)));
    let takes_nothing = operation.parameters.is_empty() && operation.bodies.is_empty();
    if with.is_empty() && body.is_none() && !takes_nothing {
        return None;
    }
    let (media_type, body) = body.unzip();
    let body = body.map(|value| match value {
        Value::String(text) => BodyTemplate::Text(Text::Plain(text)),
        tree => BodyTemplate::Tree(Template::Fixed(tree)),
    });
    // A step's own values are not signed over.
    Some(RequestTemplate { with, body, media_type, ..RequestTemplate::default() })
}
