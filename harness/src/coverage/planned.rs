//! [`planned`]: what can be said without a run: of operations, parameters and examples.

use super::index::Index;
use super::tracker::Tracker;
use crate::contract::Operation;
use crate::expr::{Template, Text};
use crate::http::media_type::{Syntax, syntax};
use crate::http::{charset, json};
use crate::plan::{Action, BodyTemplate, RequestTemplate, Trial};
use crate::record::{Coverage, Documented};
use crate::xml;
use serde_json::{Map, Value};
use std::sync::Arc;

/// The kinds that the plan alone tells.
const KINDS: [Documented; 3] = [Documented::Operation, Documented::Parameter, Documented::Example];

/// What the trials of a plan would touch, as far as their names are written out.
pub fn planned(index: Index, trials: &[Arc<Trial>]) -> Coverage {
    let tracker = Tracker::new(index);
    for trial in trials {
        for action in trial.actions.iter().chain(&trial.finally) {
            if let Action::Call(step) = action {
                tracker.example(step);
                request(&tracker, &step.operation, &step.request);
            }
        }
    }
    tracker.statement(&KINDS)
}

fn request(tracker: &Tracker, operation: &Operation, template: &RequestTemplate) {
    let api = tracker.index().apis.iter().find(|a| a.name == operation.api);
    let Some(index) = api.and_then(|a| a.operations.get(&operation.id)) else { return };
    tracker.bits().set(index.item);
    for (name, _) in &template.example.parameters {
        tracker.without(index, name);
    }
    let given = match &template.body {
        Some(BodyTemplate::Tree(tree)) => Some(skeleton(tree)),
        Some(BodyTemplate::Text(Text::Plain(text))) => Some(Value::String(text.clone())),
        Some(BodyTemplate::Text(_)) => None,
        None => template.example.body.clone(),
    };
    let given = given.and_then(|value| match value {
        Value::String(text) => read(&text, template.media_type.as_deref().unwrap_or_default()),
        tree => Some(tree),
    });
    if let Some(tree) = given {
        index.request.touch(&tree, tracker.bits());
    }
    for name in template.with.iter().map(|(name, _)| name).chain(&template.without) {
        if let Text::Plain(name) = name {
            tracker.without(index, name);
        }
    }
}

/// A body that is given as text, as its media type says.
fn read(text: &str, media_type: &str) -> Option<Value> {
    match syntax(media_type) {
        Syntax::Json => json::parse(text).ok().map(|parsed| parsed.value),
        Syntax::Xml => {
            let document = xml::parse(text.trim().as_bytes(), None, &xml::Limits::default()).ok()?;
            Some(xml::to_json(document.root()))
        }
        Syntax::Form => Some(Value::Object(charset::pairs(text, "UTF-8"))),
        Syntax::Html | Syntax::Text => None,
    }
}

/// A tree with what is not known yet left empty.
fn skeleton(template: &Template) -> Value {
    match template {
        Template::Fixed(value) => value.clone(),
        Template::Text(_) => Value::Null,
        Template::List(items) => items.iter().map(skeleton).collect(),
        Template::Map(entries) => {
            let known = |(name, value): &(Text, Template)| match name {
                Text::Plain(name) => Some((name.clone(), skeleton(value))),
                Text::Value(_) | Text::Mixed(_) => None,
            };
            Value::Object(entries.iter().filter_map(known).collect::<Map<_, _>>())
        }
    }
}
