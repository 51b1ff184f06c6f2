//! The sequences phase without a suite: things are made, shown, listed, changed and deleted by the operations that the paths of
//! an OpenAPI document relate, and what the answers show of them is compared.

mod items;
mod links;
mod lists;
mod making;
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
use crate::fuzz::{Phase, Probe, varied};
use crate::http::media_type::{Syntax, syntax};
use crate::model::finding::Finding;
use crate::model::verdict::Verdict;
use crate::plan::Trial;
use crate::record::{Role, StepRecord, TrialFinished};
use making::{Item, Made, Sent, Way};
use route::{item_parameter, on, parent};
use serde_json::{Map, Value};
use std::collections::BTreeMap;
use std::sync::Arc;
use story::{Reply, Story};

/// What is known of an API before its operations are fuzzed: requests that were accepted, by operation.
#[derive(Debug, Default)]
pub struct Accepted(BTreeMap<String, Ask>);

impl Accepted {
    /// Keeps the first request of each operation.
    pub fn add(&mut self, operation: &Operation, ask: Ask) {
        self.0.entry(operation.id.clone()).or_insert(ask);
    }
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
