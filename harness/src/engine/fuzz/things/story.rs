//! [`Story`]: requests that are sent one after the other, each made from what the answers before it said, and what is
//! found wrong on the way.

use super::super::exchange::send;
use super::super::{Budget, Ended};
use crate::contract::Operation;
use crate::engine::context::RunContext;
use crate::model::finding::Finding;
use crate::plan::{Action, Example, RequestTemplate, Trial, TrialStep};
use crate::record::{Role, StepRecord};
use serde_json::{Map, Value};
use std::sync::Arc;

/// What a request says: values of parameters by name, and a body.
#[derive(Debug, Clone, Default)]
pub struct Ask {
    pub parameters: Vec<(String, Value)>,
    pub body: Option<Value>,
    pub media_type: Option<String>,
}

/// What came back.
#[derive(Debug, Clone)]
pub struct Reply {
    /// Number of the step in the story.
    pub step: usize,
    pub status: u16,
    pub body: Option<Value>,
    pub location: Option<String>,
}

impl Reply {
    /// Whether it was done, and is not to be done later.
    pub fn is_done(&self) -> bool {
        (200..300).contains(&self.status) && self.status != 202
    }

    /// Whether it says that there is no such thing.
    pub fn is_gone(&self) -> bool {
        matches!(self.status, 404 | 410)
    }

    /// The object that the answer is.
    pub fn object(&self) -> Option<&Map<String, Value>> {
        self.body.as_ref()?.as_object()
    }
}

pub struct Story<'a> {
    context: &'a RunContext,
    budget: &'a Budget,
    /// The operation that it is about.
    about: &'a Arc<Operation>,
    /// Its own part of the names of requests.
    name: String,
    pub steps: Vec<StepRecord>,
    /// Number of the step, and what is wrong with it.
    pub found: Vec<(usize, Finding)>,
    /// Links that were followed: name of the response, name of the link.
    pub followed: Vec<(String, String)>,
    pub ended: Option<Ended>,
}

impl<'a> Story<'a> {
    pub fn new(about: &'a Arc<Operation>, name: &str, context: &'a RunContext, budget: &'a Budget) -> Self {
        let name = format!("{}::{}::fuzz/sequence/{name}", about.api, about.id);
        Self {
            context,
            budget,
            about,
            name,
            steps: Vec::new(),
            found: Vec::new(),
            followed: Vec::new(),
            ended: None,
        }
    }

    /// A number that the seed of the run and the name of the story decide.
    pub fn seed(&self) -> u64 {
        self.name.bytes().fold(self.context.seed ^ 0xcbf2_9ce4_8422_2325, |hash, byte| {
            (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
        })
    }

    /// Sends a request; `None` where there was no answer or nothing more may be sent.
    pub fn call(&mut self, operation: &Arc<Operation>, ask: &Ask) -> Option<Reply> {
        if let Err(ended) = self.budget.admit(1, &self.context.stop) {
            self.ended.get_or_insert(ended);
            return None;
        }
        let (finished, _, _) = send(&self.trial(operation, ask), self.context).ok()?;
        let step = finished.steps.into_iter().next()?;
        self.budget.note(step.error.as_ref().is_none_or(|error| error.kind != "connect"));
        self.steps.push(StepRecord { findings: Vec::new(), ..step });
        let step = self.steps.len() - 1;
        let response = self.steps[step].response.as_ref()?;
        let location = response.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("location"));
        let reply = Reply {
            step,
            status: response.status,
            body: response.body.text.as_ref().and_then(|text| serde_json::from_str(text).ok()),
            location: location.map(|(_, value)| value.clone()),
        };
        // What makes things is told of in its own story.
        if reply.status >= 500 && reply.status != 501 && operation.id == self.about.id {
            let message = format!("the server failed with status {}", reply.status);
            let finding = Finding::new("fuzz", "status", message).requirement("server-error");
            self.tell(step, finding.expected("an answer, or a refusal that says what is wrong"));
        }
        Some(reply)
    }

    pub fn tell(&mut self, step: usize, finding: Finding) {
        let spec = finding.spec.clone().unwrap_or_else(|| self.about.location.clone());
        let mut finding = finding.doc(self.about.doc.clone()).spec(Some(spec));
        finding.details.push(format!("seen: first by request {}", self.budget.sent()));
        self.found.push((step, finding));
    }

    fn trial(&self, operation: &Arc<Operation>, ask: &Ask) -> Trial {
        let request = RequestTemplate {
            example: Example { name: None, parameters: ask.parameters.clone(), body: ask.body.clone() },
            media_type: ask.media_type.clone(),
            ..RequestTemplate::default()
        };
        let role = if operation.id == self.about.id { Role::Case } else { Role::Setup };
        let step = TrialStep::of_contract(role, operation, request);
        Trial {
            name: format!("{}#{}", self.name, self.steps.len()),
            location: operation.location.clone(),
            actions: vec![Action::Call(Box::new(step))],
            ..Trial::of_operation(self.about, "fuzz/sequence", String::new(), &["fuzz"])
        }
    }
}
