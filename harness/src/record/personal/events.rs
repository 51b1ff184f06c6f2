//! Records with pseudonyms: every string of an exchange, whatever field it is in.

use super::find::Finder;
use super::mask::Mask;
use super::policy::Policy;
use crate::record::Event;
use serde_json::Value;

/// Parts of steps and findings that are ours: places in the suite, and words of the format.
const OURS: [&str; 13] = [
    "role",
    "operation",
    "location",
    "spec",
    "schema",
    "case",
    "doc",
    "check",
    "checks",
    "level",
    "waived",
    "kind",
    "verdict",
];

/// Texts that quote values, and cut them.
const EXCERPTS: [&str; 5] = ["message", "expected", "actual", "reason", "why"];

/// Gives the events of several records the same pseudonyms. `key` is used for them and for nothing else.
pub fn pseudonymise(records: &mut [Vec<Event>], policy: &Policy, key: [u8; 32]) -> serde_json::Result<()> {
    let mut finder = Finder::new(policy);
    for event in records.iter().flatten() {
        match event {
            Event::RunStarted(started) => finder.started(started),
            Event::TrialFinished(trial) => finder.trial(trial),
            Event::RunFinished(finished) => finder.finished(finished),
            Event::Coverage(_) | Event::History(_) => {}
        }
    }
    let mask = Mask::new(finder.values(), key);
    for event in records.iter_mut().flatten() {
        *event = masked(event, &mask)?;
    }
    Ok(())
}

fn masked(event: &Event, mask: &Mask) -> serde_json::Result<Event> {
    let parts: &[&str] = match event {
        Event::RunStarted(_) => &["command", "urls", "target", "apis"],
        Event::TrialFinished(_) => &["reason", "steps", "retried"],
        Event::RunFinished(_) => &["stray_callbacks"],
        Event::History(_) => &["runs", "baseline"],
        Event::Coverage(_) => return Ok(event.clone()),
    };
    let mut json = serde_json::to_value(event)?;
    for part in parts {
        if let Some(value) = json.get_mut(part) {
            strings(value, mask);
        }
    }
    // Requests send what examples show.
    for api in json.get_mut("apis").and_then(Value::as_array_mut).into_iter().flatten() {
        for operation in api.get_mut("operations").and_then(Value::as_array_mut).into_iter().flatten() {
            if let Some(examples) = operation.get_mut("examples") {
                strings(examples, mask);
            }
        }
    }
    serde_json::from_value(json)
}

fn strings(value: &mut Value, mask: &Mask) {
    match value {
        Value::String(text) => mask.text(text),
        Value::Array(items) => items.iter_mut().for_each(|item| strings(item, mask)),
        Value::Object(members) => {
            for (name, value) in members.iter_mut().filter(|(name, _)| !OURS.contains(&name.as_str())) {
                match value {
                    Value::String(text) if EXCERPTS.contains(&name.as_str()) => mask.excerpt(text),
                    value => strings(value, mask),
                }
            }
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
