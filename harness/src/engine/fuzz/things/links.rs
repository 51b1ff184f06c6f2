//! What the links of answers relate, and whether they lead where they say (OpenAPI 3.1.1 section 4.8.20).

use super::story::{Ask, Reply, Story};
use super::{Item, Made, Things, Way};
use crate::contract::{
    Contract, Effect, LinkSpec, Operation, ParameterIn, RuntimeExpression, StatusPattern, promised,
};
use crate::fuzz::{Exchange, Followed};
use crate::model::finding::Finding;
use crate::model::level::Level;
use serde_json::{Map, Value};
use std::collections::BTreeSet;
use std::sync::Arc;

/// So often a thing is made otherwise where making it is refused.
const TRIES: u64 = 5;

/// The links of answers that say that a request was done.
fn links(operation: &Operation) -> impl Iterator<Item = &Arc<LinkSpec>> {
    let is_done = |status: &StatusPattern| match status {
        StatusPattern::Code(code) => (200..300).contains(code),
        StatusPattern::Class(class) => *class == 2,
        StatusPattern::Default => true,
    };
    operation.responses.iter().filter(move |response| is_done(&response.status)).flat_map(|r| &r.links)
}

/// Whether a link says which thing its target is about: by what must be there, or by the body.
fn names_thing(link: &LinkSpec) -> bool {
    link.body.is_some() || link.parameters.iter().any(|parameter| parameter.required)
}

fn makes(operation: &Operation) -> bool {
    operation.method == "POST" && operation.effect == Effect::Mutates
}

/// The operation that makes what another one is about, where a link says so.
pub fn maker<'c>(contract: &'c Contract, target: &Operation) -> Option<&'c Arc<Operation>> {
    let leads = |o: &&Arc<Operation>| links(o).any(|link| link.target == target.id && names_thing(link));
    contract.operations.iter().find(|o| makes(o) && o.id != target.id && leads(o))
}

/// The operation that shows what another one makes, where a link says so: the only one, or the first whose path ends with
/// the name of the thing.
pub fn reader<'c>(contract: &'c Contract, maker: &Operation) -> Option<&'c Arc<Operation>> {
    let shown =
        links(maker).filter(|link| names_thing(link)).filter_map(|link| contract.operation(&link.target));
    let mut found: Vec<&Arc<Operation>> = shown.filter(|target| target.method == "GET").collect();
    found.dedup_by(|a, b| a.id == b.id);
    let of_one = found.iter().find(|o| super::item_parameter(&o.path).is_some()).copied();
    of_one.or(found.first().copied().filter(|o| found.len() == 1 && !o.path.contains('{')))
}

/// What the links of an answer give. One without a value for a part of it gives nothing.
pub fn of(story: &Story<'_>, operation: &Operation, ask: &Ask, reply: &Reply) -> Vec<Followed> {
    let Some(exchange) = exchange(story, operation, ask, reply) else { return Vec::new() };
    exchange.links().iter().filter_map(|link| exchange.follow(link)).collect()
}

fn exchange<'a>(
    story: &'a Story<'_>,
    operation: &'a Operation,
    ask: &'a Ask,
    reply: &'a Reply,
) -> Option<Exchange<'a>> {
    let step = story.steps.get(reply.step)?;
    Exchange::of(operation, step, &ask.parameters, ask.body.as_ref(), reply.body.as_ref())
}

/// A body with the members that a link gives.
pub fn with(link: Option<&Followed>, body: Option<Map<String, Value>>) -> Option<Map<String, Value>> {
    match link.and_then(|link| link.body.as_ref()) {
        Some(Value::Object(members)) => {
            let mut body = body.unwrap_or_default();
            body.extend(members.clone());
            Some(body)
        }
        _ => body,
    }
}

/// Which link led to an operation, and where it stands.
pub fn named(maker: &Operation, made: &Made, target: &Operation) -> Option<String> {
    let followed = made.path.link(target)?;
    let link = links(maker).find(|link| link.name == followed.name && link.target == followed.target)?;
    Some(format!("by the link `{}` ({})", link.name, link.location))
}

/// The answer whose links are followed.
struct Source {
    ask: Ask,
    reply: Reply,
    way: Way,
}

/// Follows every link of an accepted answer: what it gives must be there, and what it leads to too. Each link to a request that
/// changes something gets an answer of its own.
pub fn follow(things: &Things<'_>, story: &mut Story<'_>) -> Option<()> {
    let operation = things.subject.base.operation.clone();
    links(&operation).next()?;
    // What is not there at all is told of.
    let is_told = story.found.iter().any(|(_, found)| found.requirement.as_deref() == Some("made-not-there"));
    let first = source(things, story, &operation, 11)?;
    let response = operation.response(first.reply.status)?;
    let missing = |link: &Arc<LinkSpec>| {
        let exchange = exchange(story, &operation, &first.ask, &first.reply)?;
        Some(unresolved(things.contract, &exchange, link))
    };
    // The same value may be missing for many links.
    let mut without: Vec<Finding> = response.links.iter().filter_map(missing).flatten().collect();
    let mut values = BTreeSet::new();
    without.retain(|finding| values.insert(finding.expected.clone()));
    without.into_iter().for_each(|finding| story.tell(first.reply.step, finding));
    let mut order: Vec<&Arc<LinkSpec>> = response.links.iter().collect();
    let effect = |link: &LinkSpec| things.contract.operation(&link.target).map(|target| target.effect);
    order.sort_by_key(|link| effect(link) != Some(Effect::Safe));
    let mut broken: Vec<(&LinkSpec, Reply, Arc<Operation>)> = Vec::new();
    for (number, link) in order.into_iter().enumerate() {
        let Some(target) = things.contract.operation(&link.target).cloned() else { continue };
        let is_safe = target.effect == Effect::Safe;
        // What nobody made here is not changed.
        if !is_safe && !makes(&operation) {
            continue;
        }
        let own = if is_safe { None } else { source(things, story, &operation, 12 + number as u64) };
        let Some(source) = own.as_ref().or(is_safe.then_some(&first)) else { continue };
        let Some((ask, is_whole)) = request(things, story, &operation, source, link, &target) else {
            continue;
        };
        let Some(reply) = story.call(&target, &ask) else { continue };
        story.followed.push((response.status.to_string(), link.name.clone()));
        // Twice: a target may need a moment.
        if is_whole && reply.is_gone() && !is_told {
            let again = story.call(&target, &ask).filter(Reply::is_gone);
            broken.extend(again.map(|again| (&**link, again, target)));
        }
    }
    let (link, reply, target) = broken.first()?;
    let also: Vec<String> =
        broken.iter().skip(1).map(|(link, _, _)| format!("`{}` ({})", link.name, link.location)).collect();
    let mut told = self::broken(&operation, target, link, reply.status);
    if !also.is_empty() {
        told.details.push(format!("so do: {}", also.join(", ")));
    }
    story.tell(reply.step, told);
    None
}

/// A link that leads to nothing. A thing that was made is there; of what belongs to it, or to a thing that was there before, a
/// link only says where it would be.
pub fn broken(operation: &Operation, target: &Operation, link: &LinkSpec, status: u16) -> Finding {
    let message =
        format!("the link `{}` leads to `{}`, which says that there is no such thing", link.name, target.id);
    let is_thing = super::item_parameter(&target.path).is_some() || !target.path.contains('{');
    let level = if makes(operation) && is_thing { Level::Must } else { Level::Should };
    Finding::new("fuzz", format!("link {}", link.name), message)
        .requirement("link-broken")
        .expected("what the answer links to")
        .actual(format!("status {status}"))
        .level(level)
        .spec(Some(link.location.clone()))
}

/// An accepted request of the operation itself, about a thing that is there.
fn source(
    things: &Things<'_>,
    story: &mut Story<'_>,
    operation: &Arc<Operation>,
    salt: u64,
) -> Option<Source> {
    if makes(operation) {
        // What it is made in may be in a state that does not allow it.
        return (0..TRIES).find_map(|time| {
            let salt = salt + time * 101;
            let way = things.outer(story, operation, salt, 0)?;
            let super::Sent { ask, reply, .. } = things.send(story, operation, &way, salt)?;
            Some(Source { ask, reply, way })
        });
    }
    if operation.effect != Effect::Safe {
        return None;
    }
    let made = match things.is_of_item(operation) {
        true => things.make(story, Item::of(operation), salt, 0),
        false => None,
    };
    let (ask, way) = match made {
        Some(made) => (things.ask(operation, &made.path, None), made.path),
        None => (things.known(operation), Way::default()),
    };
    let ask = Ask { body: None, media_type: None, ..ask };
    let reply = story.call(operation, &ask).filter(Reply::is_done)?;
    Some(Source { ask, reply, way })
}

/// The request that a link leads to, and whether the link says all of it that names things.
fn request(
    things: &Things<'_>,
    story: &Story<'_>,
    operation: &Operation,
    source: &Source,
    link: &LinkSpec,
    target: &Arc<Operation>,
) -> Option<(Ask, bool)> {
    let followed = exchange(story, operation, &source.ask, &source.reply)?.follow(link)?;
    let given = followed.parameters.clone();
    let way = Way { path: source.way.path.clone(), links: vec![followed.clone()] };
    let ask = things.ask(target, &way, None);
    let has = |name: &str| ask.parameters.iter().any(|(known, _)| known == name);
    let all = target.parameters.iter().filter(|p| p.required || p.place == ParameterIn::Path);
    if !all.clone().all(|p| has(&p.name)) {
        return None;
    }
    let of_path = target.parameters.iter().filter(|p| p.place == ParameterIn::Path);
    let by_link = of_path.clone().all(|p| given.iter().any(|(name, _)| *name == p.name));
    let says_which = of_path.count() > 0 || !given.is_empty();
    if target.bodies.is_empty() {
        return Some((Ask { body: None, media_type: None, ..ask }, by_link && says_which));
    }
    let body = match (followed.body, ask.body.clone()) {
        (Some(Value::Object(members)), Some(Value::Object(mut known))) => {
            known.extend(members);
            Value::Object(known)
        }
        (Some(whole), _) => whole,
        (None, Some(known)) => known,
        (None, None) => {
            let made = things.bodies(target, story.seed(), &Map::new()).into_iter().next()?;
            Value::Object(made)
        }
    };
    // What POST does not find may be named in its body.
    let is_known = ask.body.is_some() && target.method != "POST";
    Some((Ask { body: Some(body), ..ask }, by_link && says_which && is_known))
}

/// Values that the document promises, a link needs, and the answer does not have.
pub fn unresolved(contract: &Contract, exchange: &Exchange<'_>, link: &LinkSpec) -> Vec<Finding> {
    let operation = exchange.operation;
    let Some(response) = exchange.response() else { return Vec::new() };
    let (status, place) = (response.status.to_string(), (operation.path.as_str(), operation.method.as_str()));
    let mut missing = exchange.missing(link);
    missing.retain(|expression| promised(&contract.root, place, &status, expression));
    let one = |expression: &RuntimeExpression| {
        let message =
            format!("the link `{}` needs `{expression}`, which the answer must have and does not", link.name);
        Finding::new("fuzz", format!("link {}", link.name), message)
            .requirement("link-unresolved")
            .expected(format!("a value at `{expression}`"))
            .level(Level::Should)
            .spec(Some(link.location.clone()))
    };
    missing.iter().map(one).collect()
}
