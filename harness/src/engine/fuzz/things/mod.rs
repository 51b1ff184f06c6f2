//! The sequences phase without a suite: things are made, shown, listed, changed and deleted by the operations that the paths of
//! an OpenAPI document relate, and what the answers show of them is compared.

mod items;
mod links;
mod lists;
mod route;
mod story;

pub use links::{broken, unresolved};
pub use route::credential_headers;
pub use story::Ask;

use super::subject::Subject;
use super::tell::{remembered, settle};
use super::{Budget, Campaign, Fuzzed};
use crate::contract::{BodySpec, Contract, Operation, ParameterIn};
use crate::engine::context::RunContext;
use crate::fuzz::{Followed, Phase, Probe, varied};
use crate::http::media_type::{Syntax, syntax};
use crate::model::finding::Finding;
use crate::model::verdict::Verdict;
use crate::plan::Trial;
use crate::record::{Role, StepRecord, TrialFinished};
use route::{id_of, item_parameter, maker, on, owner, parent};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use story::{Reply, Story};

/// Things in things are made this deep.
const MAX_DEPTH: usize = 3;

/// What is known of an API before its operations are fuzzed: requests that were accepted, by operation.
#[derive(Debug, Default)]
pub struct Accepted(BTreeMap<String, Ask>);

impl Accepted {
    /// Keeps the first request of each operation.
    pub fn add(&mut self, operation: &Operation, ask: Ask) {
        self.0.entry(operation.id.clone()).or_insert(ask);
    }
}

/// How operations are told which thing they are about.
#[derive(Debug, Clone, Default)]
struct Way {
    /// The parameters of its path.
    path: Vec<(String, Value)>,
    /// What the links of the answer say that made it.
    links: Vec<Followed>,
}

impl Way {
    fn link(&self, operation: &Operation) -> Option<&Followed> {
        self.links.iter().find(|link| link.target == operation.id)
    }

    /// The parameters of a request: those of a link before those of the path.
    fn to(&self, operation: &Operation) -> Vec<(String, Value)> {
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
struct Item<'a> {
    path: &'a str,
    operation: Option<&'a Operation>,
}

impl<'a> Item<'a> {
    fn of(operation: &'a Operation) -> Self {
        Self { path: &operation.path, operation: Some(operation) }
    }

    fn at(contract: &'a Contract, path: &'a str) -> Self {
        Self { path, operation: on(contract, "GET", path).map(Arc::as_ref) }
    }
}

/// A thing that was made for a story.
#[derive(Debug, Clone)]
struct Made {
    path: Way,
    /// What the request said, in its path and in its body.
    said: Map<String, Value>,
    reply: Reply,
    id: Value,
}

/// A request that was accepted.
struct Sent {
    ask: Ask,
    /// The body that was made up for it.
    said: Map<String, Value>,
    reply: Reply,
}

/// All that a story needs beside its requests.
struct Things<'a> {
    contract: &'a Contract,
    accepted: &'a Accepted,
    subject: &'a Subject,
    probes: &'a [Probe],
}

impl Things<'_> {
    /// A request of the operation that was accepted, as far as one is known.
    fn known(&self, operation: &Operation) -> Ask {
        if let Some(ask) = self.accepted.0.get(&operation.id) {
            return ask.clone();
        }
        let base = &self.subject.base;
        if base.operation.id != operation.id {
            return Ask::default();
        }
        let values = base.observed.values.clone();
        Ask { parameters: values.parameters, body: values.body, media_type: base.media_type.clone() }
    }

    fn json(operation: &Operation) -> Option<&BodySpec> {
        operation.bodies.iter().find(|body| syntax(&body.essence) == Syntax::Json)
    }

    /// A request about a thing, everything else as it was accepted before.
    fn ask(&self, operation: &Operation, way: &Way, body: Option<Map<String, Value>>) -> Ask {
        let known = self.known(operation);
        let of_path =
            |name: &str| operation.parameters.iter().any(|p| p.name == name && p.place == ParameterIn::Path);
        let given = way.to(operation);
        let other = |name: &str| !of_path(name) && !given.iter().any(|(other, _)| other == name);
        let mut parameters: Vec<(String, Value)> =
            known.parameters.into_iter().filter(|(name, _)| other(name)).collect();
        parameters.extend(given);
        let media_type = known.media_type.or_else(|| Self::json(operation).map(|b| b.essence.clone()));
        Ask { parameters, media_type, body: body.map(Value::Object).or(known.body) }
    }

    /// Bodies that may be accepted: one that says everything otherwise than `avoid`, then the one that was accepted.
    fn bodies(
        &self,
        operation: &Operation,
        seed: u64,
        avoid: &Map<String, Value>,
    ) -> Vec<Map<String, Value>> {
        let schema = Self::json(operation).and_then(|body| body.schema.as_ref());
        let mut bodies: Vec<_> = schema.and_then(|spec| varied(spec, seed, avoid)).into_iter().collect();
        let Some(Value::Object(known)) = self.known(operation).body else { return bodies };
        // What was accepted, with other values where a client may choose them.
        if let Some(all) = bodies.first() {
            let one =
                |(name, value): (&String, &Value)| (name.clone(), all.get(name).unwrap_or(value).clone());
            bodies.push(known.iter().map(one).collect());
        }
        bodies.push(known);
        bodies.dedup();
        bodies
    }

    /// Makes a thing, with what it is in: by the operation that links to it, else by that which the paths relate. `None`
    /// where that cannot be done.
    fn make(&self, story: &mut Story<'_>, item: Item<'_>, salt: u64, depth: usize) -> Option<Made> {
        let linked = item.operation.and_then(|operation| links::maker(self.contract, operation));
        let maker = linked.or_else(|| maker(self.contract, item.path))?;
        self.make_by(story, maker, item, salt, depth)
    }

    fn make_by(
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
    fn outer(&self, story: &mut Story<'_>, maker: &Operation, salt: u64, depth: usize) -> Option<Way> {
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
    fn send(&self, story: &mut Story<'_>, maker: &Arc<Operation>, way: &Way, salt: u64) -> Option<Sent> {
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

    /// The answer that shows a thing.
    fn show(&self, story: &mut Story<'_>, reader: &Arc<Operation>, way: &Way) -> Option<Reply> {
        let ask = self.ask(reader, way, None);
        story.call(reader, &Ask { body: None, media_type: None, ..ask })
    }

    /// The answer that lists the things of a path, as long as it may be.
    fn list(&self, story: &mut Story<'_>, lister: &Arc<Operation>, way: &Way) -> Option<Reply> {
        let ask = self.ask(lister, way, None);
        let mut ask = Ask { body: None, media_type: None, ..ask };
        ask.parameters.retain(|(name, _)| lister.parameter(name).is_some_and(|p| p.required));
        ask.parameters.extend(lister.parameters.iter().filter_map(|p| lists::longest(p)));
        story.call(lister, &ask)
    }

    /// What shows the thing that an operation is about: GET on its path, else the one that a link of its maker leads to.
    fn reader(&self, operation: &Operation) -> Option<&Arc<Operation>> {
        let by_path = on(self.contract, "GET", &operation.path);
        by_path.or_else(|| links::reader(self.contract, links::maker(self.contract, operation)?))
    }

    /// Whether an operation is about one thing.
    fn is_of_item(&self, operation: &Operation) -> bool {
        item_parameter(&operation.path).is_some() || links::maker(self.contract, operation).is_some()
    }

    fn lister(&self, item: &str) -> Option<&Arc<Operation>> {
        on(self.contract, "GET", parent(item))
    }
}

/// Whether a campaign tells stories at all: they make things.
pub fn are_wanted(campaign: &Campaign) -> bool {
    let named = campaign.probes.is_empty() || campaign.probes.iter().any(|name| name.contains("sequence"));
    named && campaign.phases.contains(&Phase::Sequences) && !campaign.safe_only
}

/// Tells the stories of an operation: twice, with other values, so that what is told comes again.
#[allow(clippy::too_many_arguments)]
pub fn sequences(
    subject: &Subject,
    contract: &Contract,
    accepted: &Accepted,
    probes: &[Probe],
    context: &RunContext,
    campaign: &Campaign,
    budget: &Budget,
    fuzzed: &mut Fuzzed,
    told: &mut dyn FnMut(&TrialFinished),
) {
    let operation = &subject.base.operation;
    let things = Things { contract, accepted, subject, probes };
    let run = |name: &str| {
        let mut story = Story::new(operation, name, context, budget);
        match operation.method.as_str() {
            "POST" => items::made(&things, &mut story),
            "PUT" => items::replaced(&things, &mut story),
            "PATCH" => items::changed(&things, &mut story),
            "DELETE" => items::deleted(&things, &mut story),
            "GET" if things.is_of_item(operation) => items::shown(&things, &mut story),
            "GET" => lists::listed(&things, &mut story),
            _ => None,
        };
        links::follow(&things, &mut story);
        story
    };
    let first = run("first");
    fuzzed.ended = fuzzed.ended.or(first.ended);
    fuzzed.covered.links(operation, &first.followed);
    if first.found.is_empty() {
        return;
    }
    let again = run("again");
    let same = |a: &Finding, b: &Finding| (&a.requirement, &a.at) == (&b.requirement, &b.at);
    let mut known: Vec<Finding> = Vec::new();
    for (step, finding) in first.found {
        let new = !known.iter().any(|other| same(other, &finding));
        if !new || !again.found.iter().any(|(_, other)| same(other, &finding)) {
            continue;
        }
        known.push(finding.clone());
        let kind = finding.requirement.clone().unwrap_or_default();
        let probe = Probe::sequence(&kind);
        fuzzed.defects += 1;
        fuzzed
            .found
            .push((operation.api.clone(), remembered(&probe, &finding, operation, campaign, context)));
        fuzzed.tell(finished(operation, &first.steps, step, finding, &kind, context), told);
    }
}

fn finished(
    operation: &Arc<Operation>,
    steps: &[StepRecord],
    step: usize,
    mut finding: Finding,
    kind: &str,
    context: &RunContext,
) -> TrialFinished {
    // What came after it says nothing of it.
    let mut steps = steps[..=step.min(steps.len().saturating_sub(1))].to_vec();
    finding.details.push(format!("sequence: {kind} (sequences phase); the steps are in the record"));
    if let Some(last) = steps.last_mut() {
        last.role = Role::Case;
        last.findings.push(finding);
    }
    let title = format!("Around `{}`: {}", operation.id, kind.replace('-', " "));
    let case = format!("fuzz/sequence/{kind}");
    let started_ms = context.started.elapsed().as_millis() as u64;
    let mut finished = TrialFinished {
        duration_ms: steps.iter().map(|step| step.total_ms).sum(),
        steps,
        ..Trial::of_operation(operation, &case, title, &["fuzz", "sequences"]).finished(
            Verdict::Failed,
            None,
            started_ms,
        )
    };
    settle(&mut finished);
    finished
}
