//! A finding as a case: the steps of its request as the suite writes them, with the deviation in the last one.

use super::probe::{Demand, Probe};
use crate::contract::Operation;
use crate::expr::{Piece, Template, Text};
use crate::plan::{Action, BodyEdit, BodyTemplate, Change, TrialStep, Wire};
use serde_json::{Map, Value};
use std::collections::BTreeSet;

/// Lines of YAML to paste below `cases:`. `None` where a case cannot say the deviation, or it is another's secret.
///
/// `actions` are those of the trial; `shared` names the variables that every case of the suite has. What is computed may
/// be of every file, and is written in any case.
pub fn case(
    operation: &Operation,
    actions: &[Action],
    probe: &Probe,
    shared: &BTreeSet<String>,
) -> Option<Vec<String>> {
    if probe.phase == super::Phase::Sequences || probe.changes.is_empty() {
        return None;
    }
    let (Action::Call(target), before) = actions.split_last()? else { return None };
    let mut vars = Map::new();
    let mut steps = Vec::new();
    let read = read(actions);
    for action in before {
        match action {
            // Of the variables of the file those that the steps read; the suite's own are there anyway.
            Action::Set(set) => {
                let is_own = |name: &String, value: &Template| {
                    !shared.contains(name) || !matches!(value, Template::Fixed(_))
                };
                let own =
                    set.iter().filter(|(name, value)| read.contains(name.as_str()) && is_own(name, value));
                vars.extend(own.map(|(name, template)| (name.clone(), written(template))))
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
            Change::Wire(wire) => on_the_wire(wire, map)?,
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

/// Names of the variables that the steps read, and those that these are made of.
fn read(actions: &[Action]) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    for action in actions.iter().rev() {
        match action {
            Action::Call(step) => {
                let mut see = |program: &crate::expr::Program| found.extend(program.vars().iter().cloned());
                for (name, template) in &step.request.with {
                    name.programs().for_each(&mut see);
                    template.programs(&mut see);
                }
                match &step.request.body {
                    Some(BodyTemplate::Tree(tree)) => tree.programs(&mut see),
                    Some(BodyTemplate::Text(text)) => text.programs().for_each(see),
                    None => {}
                }
            }
            // A variable is made of those before it.
            Action::Set(set) => {
                for (name, template) in set.iter().collect::<Vec<_>>().into_iter().rev() {
                    if found.contains(name.as_str()) {
                        let mut more = Vec::new();
                        template.programs(&mut |program| more.extend(program.vars().iter().cloned()));
                        found.extend(more);
                    }
                }
            }
        }
    }
    found
}

/// What a step of a case can say of a change of the wire.
fn on_the_wire(wire: &Wire, step: &mut Map<String, Value>) -> Option<()> {
    let plain = |bytes: &[u8]| String::from_utf8(bytes.to_vec()).ok().map(|text| text.replace("${", "$${"));
    match wire {
        Wire::Method(method) => {
            step.insert("method".into(), method.clone().into());
        }
        Wire::Header { name, value } => {
            let value = match value {
                Some(value) => Value::from(plain(value)?),
                None => Value::Null,
            };
            step.insert("headers".into(), Value::Object([(name.clone(), value)].into_iter().collect()));
        }
        Wire::Body(BodyEdit::Replace(bytes)) => {
            for instead in ["from", "with", "without"] {
                step.shift_remove(instead);
            }
            step.insert("body".into(), plain(bytes)?.into());
        }
        Wire::PathSuffix(_) | Wire::Pair(_) | Wire::RawValue { .. } | Wire::ReversedQuery | Wire::Body(_) => {
            return None;
        }
    }
    Some(())
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
        Demand::NotServed => Some(serde_json::json!({ "status": [404, 405, 501] })),
        Demand::Open => None,
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
