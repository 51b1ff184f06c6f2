//! [`Made`]: things that are made for a story, and the ways in which operations are told which one they are about.

use super::route::{self, id_of, item_parameter, maker, on, owner};
use super::story::{Ask, Reply, Story};
use super::{Things, links};
use crate::contract::{Contract, Operation, ParameterIn};
use crate::fuzz::Followed;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Things in things are made this deep.
const MAX_DEPTH: usize = 3;

/// How operations are told which thing they are about.
#[derive(Debug, Clone, Default)]
pub(super) struct Way {
    /// The parameters of its path.
    pub path: Vec<(String, Value)>,
    /// What the links of the answer say that made it.
    pub links: Vec<Followed>,
}

impl Way {
    pub(super) fn link(&self, operation: &Operation) -> Option<&Followed> {
        self.links.iter().find(|link| link.target == operation.id)
    }

    /// The parameters of a request: those of a link before those of the path.
    pub(super) fn to(&self, operation: &Operation) -> Vec<(String, Value)> {
        let mut found: Vec<(String, Value)> =
            self.link(operation).map(|link| link.parameters.clone()).unwrap_or_default();
        let of_path =
            |name: &str| operation.parameters.iter().any(|p| p.name == name && p.place == ParameterIn::Path);
        for (name, value) in &self.path {
            if of_path(name) && !found.iter().any(|(known, _)| known == name) {
                found.push((name.clone(), value.clone()));
            }
        }
        found
    }
}

/// A path, and an operation on it where there is one.
#[derive(Clone, Copy)]
pub(super) struct Item<'a> {
    pub path: &'a str,
    pub operation: Option<&'a Operation>,
}

impl<'a> Item<'a> {
    pub(super) fn of(operation: &'a Operation) -> Self {
        Self { path: &operation.path, operation: Some(operation) }
    }

    pub(super) fn at(contract: &'a Contract, path: &'a str) -> Self {
        Self { path, operation: on(contract, "GET", path).map(Arc::as_ref) }
    }
}

/// A thing that was made for a story.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub path: Way,
    /// What the request said, in its path and in its body.
    pub said: Map<String, Value>,
    pub reply: Reply,
    pub id: Value,
}

/// A request that was accepted.
pub(super) struct Sent {
    pub ask: Ask,
    /// The body that was made up for it.
    pub said: Map<String, Value>,
    pub reply: Reply,
}

impl Things<'_> {
    /// Makes a thing, with what it is in: by the operation that links to it, else by that which the paths relate. `None`
    /// where that cannot be done.
    pub(super) fn make(
        &self,
        story: &mut Story<'_>,
        item: Item<'_>,
        salt: u64,
        depth: usize,
    ) -> Option<Made> {
        let linked = item.operation.and_then(|operation| links::maker(self.contract, operation));
        let maker = linked.or_else(|| maker(self.contract, item.path))?;
        self.make_by(story, maker, item, salt, depth)
    }

    pub(super) fn make_by(
        &self,
        story: &mut Story<'_>,
        maker: &Arc<Operation>,
        item: Item<'_>,
        salt: u64,
        depth: usize,
    ) -> Option<Made> {
        let outer = self.outer(story, maker, salt, depth)?;
        let Sent { ask, mut said, reply } = self.send(story, maker, &outer, salt)?;
        let links = links::of(story, maker, &ask, &reply);
        said.extend(outer.to(maker));
        let mut path = Way { path: outer.path, links };
        if let Some(link) = item.operation.and_then(|operation| path.link(operation)) {
            let last = item_parameter(item.path);
            let named = link.parameters.iter().find(|(name, _)| Some(name.as_str()) == last);
            let id = named.or(link.parameters.first()).map(|(_, value)| value.clone()).unwrap_or_default();
            let known = path.to(item.operation?);
            let is_known = |name: &&str| known.iter().any(|(other, _)| other == name);
            return route::parameters(item.path).iter().all(is_known).then(|| Made { path, said, reply, id });
        }
        let parameter = item_parameter(item.path)?;
        let by_location = || {
            let location = reply.location.as_deref()?;
            let found = route::matched(item.path, location)?;
            found.into_iter().find(|(name, _)| name == parameter).map(|(_, value)| Value::String(value))
        };
        let answered = reply.object().and_then(|answer| id_of(answer, parameter)).cloned();
        let id = answered.or_else(by_location).or_else(|| said.get(parameter).cloned())?;
        path.path.push((parameter.to_owned(), id.clone()));
        // What the path of the thing names beyond what its maker does is not known.
        let known = |name: &&str| path.path.iter().any(|(known, _)| known == name);
        route::parameters(item.path).iter().all(known).then(|| Made { path, said, reply, id })
    }

    /// What an operation that makes things makes them in.
    pub(super) fn outer(
        &self,
        story: &mut Story<'_>,
        maker: &Operation,
        salt: u64,
        depth: usize,
    ) -> Option<Way> {
        if depth >= MAX_DEPTH {
            return owner(&maker.path).is_none().then(Way::default);
        }
        if links::maker(self.contract, maker).is_some() {
            return self.make(story, Item::of(maker), salt, depth + 1).map(|made| made.path);
        }
        match owner(&maker.path) {
            Some(outer) => self.path(story, outer, salt, depth + 1),
            None => Some(Way::default()),
        }
    }

    /// A request of an operation that makes things, the first that is accepted.
    pub(super) fn send(
        &self,
        story: &mut Story<'_>,
        maker: &Arc<Operation>,
        way: &Way,
        salt: u64,
    ) -> Option<Sent> {
        let seed = story.seed() ^ salt.wrapping_mul(0x9e37_79b9_7f4a_7c15);
        let mut bodies: Vec<Option<Map<String, Value>>> =
            self.bodies(maker, seed, &Map::new()).into_iter().map(Some).collect();
        if bodies.is_empty() {
            bodies.push(None);
        }
        bodies.into_iter().find_map(|body| {
            let body = links::with(way.link(maker), body);
            let ask = self.ask(maker, way, body.clone());
            let reply = story.call(maker, &ask)?;
            reply.is_done().then(|| Sent { ask, said: body.unwrap_or_default(), reply })
        })
    }

    /// The way to a thing of a path: one that is made, or one that is there.
    fn path(&self, story: &mut Story<'_>, item: &str, salt: u64, depth: usize) -> Option<Way> {
        if let Some(made) = self.make(story, Item::at(self.contract, item), salt, depth) {
            return Some(made.path);
        }
        let names = route::parameters(item);
        let shown = on(self.contract, "GET", item)?;
        let known = self.accepted.0.get(&shown.id)?;
        let value = |name: &&str| known.parameters.iter().find(|(n, _)| n == name).cloned();
        Some(Way { path: names.iter().map(value).collect::<Option<_>>()?, links: Vec::new() })
    }
}
