//! Stories of one thing: made, shown, replaced, changed, deleted. Only fields that the client may write are compared: what
//! a target counts, dates or makes up by itself is its own.

use super::route::{self, id_of};
use super::story::{Reply, Story};
use super::{Item, Made, Things, Way, item_parameter, links};
use crate::contract::Operation;
use crate::fuzz::{Bound, Demand, optional, writable};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::plan::{Change, ChangePlace};
use serde_json::{Map, Value};
use std::sync::Arc;

/// Fields of a PATCH that are tried by themselves.
const FIELDS: usize = 4;
/// Requests that are refused, after which nothing may have changed.
const REFUSED: usize = 3;

fn finding(requirement: &str, at: impl Into<String>, message: impl Into<String>) -> Finding {
    Finding::new("fuzz", at, message).requirement(requirement)
}

/// Whether two values say the same: numbers by their value, text without the space around it.
fn same(a: &Value, b: &Value) -> bool {
    match (a, b) {
        (Value::Number(a), Value::Number(b)) => a.as_f64() == b.as_f64(),
        (Value::String(a), Value::String(b)) => a.trim() == b.trim(),
        (Value::Array(a), Value::Array(b)) => a.len() == b.len() && a.iter().zip(b).all(|(a, b)| same(a, b)),
        (Value::Object(a), Value::Object(b)) => a.iter().all(|(k, v)| b.get(k).is_some_and(|w| same(v, w))),
        (Value::Number(n), Value::String(s)) | (Value::String(s), Value::Number(n)) => n.to_string() == *s,
        _ => a == b,
    }
}

/// POST: what it says it made is there, where it says, and as it says.
pub fn made(things: &Things<'_>, story: &mut Story<'_>) -> Option<()> {
    let operation = things.subject.base.operation.clone();
    let by_link = links::reader(things.contract, &operation);
    let by_path = route::item_of(things.contract, &operation);
    let reader = by_link.or(by_path)?.clone();
    let made = things.make_by(story, &operation, Item::of(&reader), 1, 0)?;
    let shown = things.show(story, &reader, &made.path)?;
    let id = crate::expr::printed(&made.id);
    if shown.is_gone() {
        // Where nothing but the link relates the two, it is the link that is wrong.
        if by_path.is_none_or(|other| other.id != reader.id) {
            return None;
        }
        let message = format!("a thing that was made is not there: `{id}`");
        let mut told = finding("made-not-there", "status", message);
        told.details.extend(links::named(&operation, &made, &reader));
        story.tell(shown.step, told.expected("the thing").actual(format!("status {}", shown.status)));
        return None;
    }
    differs(story, &made, &shown);
    located(things, story, &reader, &made);
    None
}

/// What the answer to a request repeats of it and the reader says otherwise.
fn differs(story: &mut Story<'_>, made: &Made, shown: &Reply) {
    let (Some(answer), Some(shown_now)) = (made.reply.object(), shown.object()) else { return };
    for (name, said) in &made.said {
        let (Some(answered), Some(there)) = (answer.get(name), shown_now.get(name)) else { continue };
        if same(said, answered) && !same(said, there) {
            let message = format!("`{name}` of a thing that was made is another one when it is shown");
            let told = finding("made-differs", format!("/{name}"), message);
            let told = told.expected(crate::expr::printed(said)).actual(crate::expr::printed(there));
            story.tell(shown.step, told);
        }
    }
}

/// `Location` leads to what was made (RFC 9110 section 10.2.2).
fn located(things: &Things<'_>, story: &mut Story<'_>, reader: &Arc<Operation>, made: &Made) {
    let Some(location) = made.reply.location.clone().filter(|_| made.reply.status == 201) else { return };
    let Some(found) = route::matched(&reader.path, &location) else { return };
    let Some(parameter) = item_parameter(&reader.path) else { return };
    let named = found.iter().find(|(name, _)| name == parameter).map(|(_, value)| value.clone());
    if named.as_deref() == Some(&crate::expr::printed(&made.id)) {
        return;
    }
    let path: Vec<(String, Value)> = found.into_iter().map(|(name, value)| (name, value.into())).collect();
    let Some(there) = things.show(story, reader, &Way { path, links: Vec::new() }) else { return };
    let other =
        there.object().and_then(|thing| id_of(thing, parameter)).is_some_and(|id| !same(id, &made.id));
    if there.is_gone() || other {
        let message = "`Location` does not lead to what was made";
        let told = finding("wrong-location", "header location", message);
        story.tell(made.reply.step, told.expected(crate::expr::printed(&made.id)).actual(location));
    }
}

/// GET: showing a thing leaves it as it is (RFC 9110 section 9.2.1).
pub fn shown(things: &Things<'_>, story: &mut Story<'_>) -> Option<()> {
    let operation = things.subject.base.operation.clone();
    let made = things.make(story, Item::of(&operation), 1, 0)?;
    let first = things.show(story, &operation, &made.path)?;
    let second = things.show(story, &operation, &made.path)?;
    let (before, after) = (first.object()?, second.object()?);
    for name in made.said.keys() {
        let (Some(was), Some(is)) = (before.get(name), after.get(name)) else { continue };
        if !same(was, is) {
            let told =
                finding("safe-changes", format!("/{name}"), format!("showing a thing changes its `{name}`"));
            let told = told.expected(crate::expr::printed(was)).actual(crate::expr::printed(is));
            story.tell(second.step, told);
        }
    }
    None
}

/// DELETE: what is deleted is neither shown nor listed any more.
pub fn deleted(things: &Things<'_>, story: &mut Story<'_>) -> Option<()> {
    let operation = things.subject.base.operation.clone();
    let made = things.make(story, Item::of(&operation), 1, 0)?;
    let reader = things.reader(&operation).cloned();
    let lister = things.lister(&operation.path).cloned();
    let show = |story: &mut Story<'_>| things.show(story, reader.as_ref()?, &made.path);
    let list = |story: &mut Story<'_>| things.list(story, lister.as_ref()?, &made.path);
    let before = show(story);
    let listed = list(story).filter(|reply| places(reply, &made.id));
    let ask = things.ask(&operation, &made.path, None);
    let done = story.call(&operation, &ask)?;
    if !done.is_done() {
        return None;
    }
    let id = crate::expr::printed(&made.id);
    let after = show(story);
    if let (Some(before), Some(after)) = (&before, &after)
        && before.is_done()
        && after.is_done()
        && still(before, after, &made.said)
    {
        let told =
            finding("deleted-still-there", "status", format!("a deleted thing is still there: `{id}`"));
        // What a link alone says to show it may be the history of it.
        let is_elsewhere = reader.as_ref().is_some_and(|reader| reader.path != operation.path);
        let told = told.level(if is_elsewhere { Level::Should } else { Level::Must });
        story.tell(after.step, told.expected("404 or 410").actual(format!("status {}", after.status)));
        return None;
    }
    listed?;
    let after = list(story).filter(|reply| places(reply, &made.id))?;
    let told = finding("deleted-still-listed", "body", format!("a deleted thing is still listed: `{id}`"));
    story.tell(after.step, told.expected("the thing is not listed any more"));
    None
}

/// Whether two answers show the same thing, by all fields that the client wrote. One that says that it is deleted differs.
fn still(before: &Reply, after: &Reply, said: &Map<String, Value>) -> bool {
    match (before.object(), after.object()) {
        (Some(before), Some(after)) => {
            let kept = said.keys().all(|name| before.get(name) == after.get(name));
            // A mark of deletion is no field that the client wrote.
            let marked = before.len() != after.len()
                || before.iter().any(|(name, value)| {
                    let word = name.to_lowercase();
                    let marks = ["delet", "archiv", "active", "enabled", "removed", "status", "state"];
                    after.get(name) != Some(value) && marks.iter().any(|mark| word.contains(mark))
                });
            kept && !marked
        }
        _ => before.body.is_some() && before.body == after.body,
    }
}

/// Whether a list has a thing with this id.
fn places(reply: &Reply, id: &Value) -> bool {
    let Some(answer) = reply.body.as_ref().filter(|_| reply.is_done()) else { return false };
    super::super::state::listed(answer, id).iter().any(|place| {
        let name = place.rsplit('/').next().unwrap_or_default().to_lowercase();
        name == "id"
            || name == "*"
            || name.ends_with("_id")
            || name == "name"
            || name == "slug"
            || name == "key"
    })
}

/// PUT: what it says is there afterwards, all of it, and a second time changes nothing (RFC 9110 sections 9.2.2, 9.3.4).
pub fn replaced(things: &Things<'_>, story: &mut Story<'_>) -> Option<()> {
    let operation = things.subject.base.operation.clone();
    let reader = things.reader(&operation)?.clone();
    let made = things.make(story, Item::of(&operation), 1, 0)?;
    let before = things.show(story, &reader, &made.path)?.object()?.clone();
    let (body, answer) = accepted(things, story, &operation, &made, &before, 2)?;
    let once = things.show(story, &reader, &made.path)?;
    not_written(story, &body, &before, answer.object(), &once);
    let again = story.call(&operation, &things.ask(&operation, &made.path, Some(body.clone())))?;
    let twice = things.show(story, &reader, &made.path)?;
    let (state, state_after) = (once.object()?.clone(), twice.object()?);
    for name in body.keys().filter(|_| again.is_done()) {
        let (Some(was), Some(is)) = (state.get(name), state_after.get(name)) else { continue };
        if !same(was, is) {
            let message = format!("the same PUT a second time changes `{name}` again");
            let told = finding("not-idempotent", format!("/{name}"), message);
            let told = told.expected(crate::expr::printed(was)).actual(crate::expr::printed(is));
            story.tell(twice.step, told);
        }
    }
    refused(things, story, &operation, &reader, &made);
    left_out(things, story, &operation, &reader, &made);
    None
}

/// A PUT without an optional field that keeps the field, whatever was in it: a default would be the same each time.
fn left_out(
    things: &Things<'_>,
    story: &mut Story<'_>,
    operation: &Arc<Operation>,
    reader: &Arc<Operation>,
    made: &Made,
) -> Option<()> {
    let (once, _) = keeps(things, story, operation, reader, made, 3)?;
    let (twice, step) = keeps(things, story, operation, reader, made, 4)?;
    let kept: Vec<&str> = once.iter().filter(|name| twice.contains(name)).map(String::as_str).collect();
    let first = kept.first()?;
    let message = "a field that PUT leaves out keeps its old value, though PUT replaces the whole (RFC 9110 section 9.3.4)";
    let told = finding("put-keeps", format!("/{first}"), message);
    story.tell(step, told.actual(format!("kept: {}", kept.join(", "))).level(Level::Should));
    None
}

/// The optional fields that a PUT without them keeps as the PUT before it said, and the step that shows it.
fn keeps(
    things: &Things<'_>,
    story: &mut Story<'_>,
    operation: &Arc<Operation>,
    reader: &Arc<Operation>,
    made: &Made,
    salt: u64,
) -> Option<(Vec<String>, usize)> {
    let spec = Things::json(operation)?.schema.as_ref()?;
    let before = things.show(story, reader, &made.path)?.object()?.clone();
    let (full, _) = accepted(things, story, operation, made, &before, salt)?;
    let state = things.show(story, reader, &made.path)?.object()?.clone();
    let can_go = optional(spec);
    let empty = |value: &Value| value.is_null() || matches!(value, Value::Array(items) if items.is_empty());
    let said = |name: &String| state.get(name).is_some_and(|value| same(value, &full[name]) && !empty(value));
    // What stays the same from one PUT to the next would be kept by a default too.
    let other = |name: &String| before.get(name).is_none_or(|was| !same(was, &full[name]));
    let optional = |name: &&String| can_go.contains(name);
    let gone: Vec<String> = full.keys().filter(optional).cloned().collect();
    let rest: Map<String, Value> =
        full.iter().filter(|(name, _)| !gone.contains(name)).map(|(n, v)| (n.clone(), v.clone())).collect();
    if gone.is_empty() || !spec.is_valid(&Value::Object(rest.clone())) {
        return None;
    }
    let done = story.call(operation, &things.ask(operation, &made.path, Some(rest)))?;
    let after = things.show(story, reader, &made.path)?;
    let now = after.object().filter(|_| done.is_done())?;
    let stayed = |name: &String| now.get(name).is_some_and(|value| same(value, &full[name]));
    let kept = gone.into_iter().filter(|name| said(name) && other(name) && stayed(name)).collect();
    Some((kept, after.step))
}

/// PATCH: the field that it names changes, and no other.
pub fn changed(things: &Things<'_>, story: &mut Story<'_>) -> Option<()> {
    let operation = things.subject.base.operation.clone();
    let reader = things.reader(&operation)?.clone();
    let spec = Things::json(&operation)?.schema.clone()?;
    let made = things.make(story, Item::of(&operation), 1, 0)?;
    let names = writable(&spec);
    let mut seed = story.seed();
    for name in names.iter().take(FIELDS) {
        let before = things.show(story, &reader, &made.path)?.object()?.clone();
        if is_id(name, &before, &made) {
            continue;
        }
        seed = seed.wrapping_add(0x9e37_79b9);
        let Some(all) = crate::fuzz::varied(&spec, seed, &before) else { break };
        let Some(value) = all.get(name).filter(|value| before.get(name).is_some_and(|was| !same(was, value)))
        else {
            continue;
        };
        let body: Map<String, Value> = [(name.clone(), value.clone())].into_iter().collect();
        if !spec.is_valid(&Value::Object(body.clone())) {
            continue;
        }
        let answer = story.call(&operation, &things.ask(&operation, &made.path, Some(body.clone())))?;
        if !answer.is_done() {
            continue;
        }
        let after = things.show(story, &reader, &made.path)?;
        not_written(story, &body, &before, answer.object(), &after);
        let Some(now) = after.object() else { continue };
        for other in names.iter().filter(|other| *other != name) {
            let (Some(was), Some(is)) = (before.get(other), now.get(other)) else { continue };
            if !same(was, is) {
                let message = format!("a PATCH that does not name `{other}` changes it");
                let told = finding("changes-unsaid", format!("/{other}"), message);
                let told = told.expected(crate::expr::printed(was)).actual(crate::expr::printed(is));
                story.tell(after.step, told);
            }
        }
    }
    refused(things, story, &operation, &reader, &made);
    None
}

/// What a request says that was accepted, and is not there afterwards: as it was before, or not as the answer says.
fn not_written(
    story: &mut Story<'_>,
    body: &Map<String, Value>,
    before: &Map<String, Value>,
    answer: Option<&Map<String, Value>>,
    after: &Reply,
) {
    let Some(now) = after.object() else { return };
    for (name, said) in body {
        let Some(there) = now.get(name).filter(|there| !same(there, said)) else { continue };
        let echoed = answer.and_then(|answer| answer.get(name)).is_some_and(|value| same(value, said));
        let stayed = before.get(name).is_some_and(|was| same(was, there));
        if echoed || stayed {
            let message = format!("`{name}` is accepted, and not kept");
            let told = finding("not-kept", format!("/{name}"), message);
            let told = told.expected(crate::expr::printed(said)).actual(crate::expr::printed(there));
            story.tell(after.step, told);
        }
    }
}

/// Whether a field is the id by which the path names the thing: nobody changes that.
fn is_id(name: &str, before: &Map<String, Value>, made: &Made) -> bool {
    before.get(name).is_some_and(|value| same(value, &made.id))
}

fn stays(body: &mut Map<String, Value>, before: &Map<String, Value>, made: &Made) {
    for (name, value) in body.iter_mut().filter(|(name, _)| is_id(name, before, made)) {
        value.clone_from(&before[name]);
    }
}

/// Sends a body that says everything otherwise, or one like those that were accepted.
fn accepted(
    things: &Things<'_>,
    story: &mut Story<'_>,
    operation: &Arc<Operation>,
    made: &Made,
    before: &Map<String, Value>,
    salt: u64,
) -> Option<(Map<String, Value>, Reply)> {
    let seed = story.seed().wrapping_add(salt.wrapping_mul(0x9e37_79b9_7f4a_7c15));
    things.bodies(operation, seed, before).into_iter().find_map(|mut body| {
        stays(&mut body, before, made);
        let reply = story.call(operation, &things.ask(operation, &made.path, Some(body.clone())))?;
        reply.is_done().then_some((body, reply))
    })
}

/// A request that is refused leaves the thing as it was.
fn refused(
    things: &Things<'_>,
    story: &mut Story<'_>,
    operation: &Arc<Operation>,
    reader: &Arc<Operation>,
    made: &Made,
) -> Option<()> {
    let mut places: Vec<&str> = Vec::new();
    for probe in things.probes {
        let (Demand::Refused(_), Bound::Contract, [Change::Set { place: ChangePlace::Body, name, value }]) =
            (&probe.demand, probe.bound, &probe.changes[..])
        else {
            continue;
        };
        if name.contains('.') || places.contains(&name.as_str()) || places.len() >= REFUSED {
            continue;
        }
        places.push(name);
        let before = things.show(story, reader, &made.path)?;
        let state = before.object()?.clone();
        let seed = story.seed().wrapping_add(places.len() as u64 * 31);
        let mut body = things.bodies(operation, seed, &state).into_iter().next()?;
        stays(&mut body, &state, made);
        body.insert(name.clone(), value.clone());
        let ask = things.ask(operation, &made.path, Some(body.clone()));
        let Some(reply) = story.call(operation, &ask).filter(|reply| (400..500).contains(&reply.status))
        else {
            continue;
        };
        let after = things.show(story, reader, &made.path)?;
        let now = after.object()?;
        let written = body.keys().find(
            |name| matches!((state.get(*name), now.get(*name)), (Some(was), Some(is)) if !same(was, is)),
        );
        if let Some(written) = written {
            let message = format!(
                "a request that is refused (status {}, {} of `{name}`) changes `{written}`",
                reply.status, probe.kind
            );
            let told = finding("refused-changes", format!("/{written}"), message);
            story.tell(after.step, told.expected("what can be read is the same before and after"));
            return None;
        }
    }
    None
}
