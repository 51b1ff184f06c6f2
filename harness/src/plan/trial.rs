//! A [`Trial`] as plain data.

use super::change::Change;
use super::request::RequestTemplate;
use crate::check::Expectation;
use crate::contract::{CallbackSpec, Effect, Operation, Rule};
use crate::expr::{Program, Template};
use crate::model::level::Level;
use crate::model::source::Location;
use crate::model::verdict::Verdict;
use crate::record::{Role, TrialFinished};
use std::sync::Arc;
use std::time::Duration;

/// One case, or one row of it, ready to run.
#[derive(Debug)]
pub struct Trial {
    /// `api::operation::case`.
    pub name: String,
    pub api: String,
    /// `operationId`, or `flow`.
    pub operation: String,
    /// Id of the case, with `/row`.
    pub case: String,
    pub title: String,
    pub doc: Option<String>,
    pub level: Level,
    pub tags: Vec<String>,
    /// Whether it has a snapshot, where its case says so.
    pub snapshot: Option<bool>,
    pub location: Location,
    pub actions: Vec<Action>,
    /// Run whatever happened before.
    pub finally: Vec<Action>,
}

impl Trial {
    /// A trial of an operation that no case of the suite has: nothing in it yet. `case` is the end of its name.
    pub fn of_operation(operation: &Operation, case: &str, title: String, tags: &[&str]) -> Self {
        Self {
            name: format!("{}::{}::{case}", operation.api, operation.id),
            api: operation.api.clone(),
            operation: operation.id.clone(),
            case: case.to_owned(),
            title,
            doc: operation.doc.clone(),
            level: Level::Must,
            tags: tags.iter().map(|tag| (*tag).to_owned()).collect(),
            snapshot: Some(false),
            location: operation.location.clone(),
            actions: Vec::new(),
            finally: Vec::new(),
        }
    }

    /// What is written down of it, without a step. `started_ms`: since the start of the run.
    pub fn finished(&self, verdict: Verdict, reason: Option<String>, started_ms: u64) -> TrialFinished {
        TrialFinished {
            name: self.name.clone(),
            api: self.api.clone(),
            operation: self.operation.clone(),
            case: self.case.clone(),
            title: self.title.clone(),
            doc: self.doc.clone(),
            level: self.level,
            tags: self.tags.clone(),
            location: self.location.clone(),
            verdict,
            reason,
            started_ms,
            duration_ms: 0.0,
            steps: Vec::new(),
            retried: Vec::new(),
        }
    }

    /// Whether every call of it, clean-up too, leaves the target as it was.
    pub fn is_safe(&self) -> bool {
        self.actions.iter().chain(&self.finally).all(|action| match action {
            Action::Call(step) => step.operation.effect == Effect::Safe && step.request.method.is_none(),
            Action::Set(_) => true,
        })
    }
}

/// What a trial does next.
#[derive(Debug, Clone)]
pub enum Action {
    /// Variables are set, in order: each may use those before it.
    Set(Arc<Vec<(String, Arc<Template>)>>),
    Call(Box<TrialStep>),
}

/// One request with everything that is expected of it. Shared by the rows of a case.
#[derive(Debug, Clone)]
pub struct TrialStep {
    pub role: Role,
    pub operation: Arc<Operation>,
    pub location: Location,
    pub request: Arc<RequestTemplate>,
    pub expectation: Arc<Expectation>,
    pub captures: Arc<Vec<CapturePlan>>,
    pub callback: Option<Arc<CallbackPlan>>,
    pub wait: Option<Arc<WaitPlan>>,
    /// What is sent otherwise than `request` says; `None` in a run, where nothing is.
    pub changes: Option<Arc<Vec<Change>>>,
}

impl TrialStep {
    /// A call that is judged by the contract alone, as no case says anything of it.
    pub fn of_contract(role: Role, operation: &Arc<Operation>, request: RequestTemplate) -> Self {
        let location = operation.location.clone();
        let expectation = Expectation::of_contract(operation, location.clone(), operation.doc.clone());
        Self {
            role,
            operation: operation.clone(),
            location,
            request: Arc::new(request),
            expectation: Arc::new(expectation),
            captures: Arc::default(),
            callback: None,
            wait: None,
            changes: None,
        }
    }
}

/// A variable taken from an answer.
#[derive(Debug)]
pub struct CapturePlan {
    pub name: String,
    pub program: Program,
    pub location: Location,
}

/// An inbound request that a step waits for.
#[derive(Debug)]
pub struct CallbackPlan {
    pub operation: Arc<Operation>,
    pub spec: Arc<CallbackSpec>,
    /// Fields that tell whose it is.
    pub matches: Vec<(String, Template)>,
    pub within: Duration,
    pub settle: Duration,
    pub count: u64,
    pub equals: Option<(Template, Location)>,
    pub rules: Vec<Arc<Rule>>,
    pub level: Level,
    pub doc: Option<String>,
    pub location: Location,
}

/// Polling.
#[derive(Debug)]
pub struct WaitPlan {
    pub until: Program,
    pub every: Duration,
    pub within: Duration,
    pub location: Location,
}

/// A trial and whether it runs.
#[derive(Debug)]
pub struct Planned {
    pub trial: Arc<Trial>,
    /// Why it does not run.
    pub skip: Option<String>,
}
