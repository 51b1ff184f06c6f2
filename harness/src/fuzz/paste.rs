//! A finding as a case: the steps of its request as the suite writes them, with the deviation in the last one.

use super::probe::{Demand, Probe};
use crate::contract::Operation;
use crate::expr::{Piece, Template, Text};
use crate::plan::{Action, BodyTemplate, Change, TrialStep};
use serde_json::{Map, Value};

/// Lines of YAML to paste below `cases:`. `None` where the deviation cannot be written as values, or is another's secret.
///
/// `actions` are those of the trial; the first sets the suite's variables, which the suite has anyway.
pub fn case(operation: &Operation, actions: &[Action], probe: &Probe) -> Option<Vec<String>> {
    if probe.phase == super::Phase::Sequences || probe.changes.is_empty() {
        return None;
    }
    let (Action::Call(target), before) = actions.split_last()? else { return None };
    let mut vars = Map::new();
    let mut steps = Vec::new();
    for (index, action) in before.iter().enumerate() {
        match action {
            Action::Set(_) if index == 0 => {}
            Action::Set(set) => {
                vars.extend(set.iter().map(|(name, template)| (name.clone(), written(template))))
            }
            Action::Call(step) => steps.push(step_of(step)),
        }
    }
    let mut last = step_of(target);
    let map = last.as_object_mut()?;
    for change in &probe.changes {
        match change {
            Change::Set { name, value, .. } => {
                let with = map.entry("with").or_insert_with(|| Value::Object(Map::new()));
                with.as_object_mut()?.insert(name.clone(), escaped(value));
            }
            Change::Remove { name, .. } => {
                map.get_mut("with").and_then(Value::as_object_mut).map(|with| with.shift_remove(name));
                let without = map.entry("without").or_insert_with(|| Value::Array(Vec::new()));
                without.as_array_mut()?.push(name.clone().into());
            }
            Change::Wire(_) => return None,
        }
    }
    map.extend(expected(operation, &probe.demand).map(|expected| ("expect".to_owned(), expected)));
    let word = |c: char| if c.is_ascii_alphanumeric() { c.to_ascii_lowercase() } else { '-' };
    let id: String = format!("{} {} {}", operation.id, probe.place, probe.kind).chars().map(word).collect();
    let title = match &probe.demand {
        Demand::Refused(breach) => format!("Refused: {}", breach.says),
        Demand::Accepted(why) => format!("Accepted: {why}"),
        Demand::NotServed | Demand::Open => {
            format!("{} of {} is answered as documented", probe.kind, probe.place)
        }
    };
    let mut lines = vec![format!("- id: fuzz/{id}"), format!("  title: {}", Value::from(title))];
    lines.extend(operation.doc.as_ref().map(|doc| format!("  doc: {}", Value::from(doc.as_str()))));
    if !vars.is_empty() {
        lines.push(format!("  vars: {}", Value::Object(vars)));
    }
    lines.push("  steps:".into());
    lines.extend(steps.iter().chain([&last]).map(|step| format!("    - {step}")));
    Some(lines)
}

/// What the answer must be: another outcome than the good one, where there are two.
fn expected(operation: &Operation, demand: &Demand) -> Option<Value> {
    let outcome = |index: usize| operation.outcomes.get(index).map(|o| o.name.clone());
    match demand {
        Demand::Refused(_) if operation.outcomes.len() == 2 => {
            Some(serde_json::json!({ "outcome": outcome(1)? }))
        }
        Demand::Refused(_) => Some(serde_json::json!({ "status": "4XX" })),
        Demand::Accepted(_) => Some(serde_json::json!({ "outcome": outcome(0)? })),
        Demand::NotServed | Demand::Open => None,
    }
}

fn step_of(step: &TrialStep) -> Value {
    let mut map = Map::new();
    map.insert("call".into(), step.operation.id.clone().into());
    if let Some(name) = &step.request.example.name {
        map.insert("from".into(), name.clone().into());
    }
    if !step.request.with.is_empty() {
        let one = |(name, template): &(Text, Template)| (text(name), written(template));
        map.insert("with".into(), Value::Object(step.request.with.iter().map(one).collect()));
    }
    if !step.request.without.is_empty() {
        map.insert("without".into(), step.request.without.iter().map(text).collect());
    }
    match &step.request.body {
        Some(BodyTemplate::Tree(tree)) => {
            map.insert("body".into(), written(tree));
        }
        Some(BodyTemplate::Text(body)) => {
            map.insert("body".into(), text(body).into());
        }
        None => {}
    }
    let captured = step.captures.iter().map(|c| (c.name.clone(), Value::from(c.program.source())));
    let captured: Map<String, Value> = captured.collect();
    if !captured.is_empty() {
        map.insert("capture".into(), Value::Object(captured));
    }
    Value::Object(map)
}

/// A template as it was written.
fn written(template: &Template) -> Value {
    match template {
        Template::Fixed(value) => escaped(value),
        Template::Text(value) => text(value).into(),
        Template::List(items) => items.iter().map(written).collect(),
        Template::Map(entries) => {
            Value::Object(entries.iter().map(|(name, value)| (text(name), written(value))).collect())
        }
    }
}

fn text(text: &Text) -> String {
    let plain = |text: &str| text.replace("${", "$${");
    match text {
        Text::Plain(text) => plain(text),
        Text::Value(program) => format!("${{{}}}", program.source()),
        Text::Mixed(pieces) => pieces
            .iter()
            .map(|piece| match piece {
                Piece::Plain(text) => plain(text),
                Piece::Program(program) => format!("${{{}}}", program.source()),
            })
            .collect(),
    }
}

/// A value that is no template, although `${` stands in it.
fn escaped(value: &Value) -> Value {
    match value {
        Value::String(text) => text.replace("${", "$${").into(),
        Value::Array(items) => items.iter().map(escaped).collect(),
        Value::Object(map) => Value::Object(map.iter().map(|(n, v)| (n.clone(), escaped(v))).collect()),
        other => other.clone(),
    }
}
