//! What a changed step came to, and the good request that deviations start from.

use crate::contract::Operation;
use crate::model::finding::Finding;
use crate::plan::Values;
use crate::record::StepRecord;
use serde_json::Value;
use std::sync::Arc;

/// What was sent and what it came to, in the words of the contract.
#[derive(Debug, Clone, Default)]
pub struct Observed {
    pub values: Values,
    /// Names of the outcomes that hold.
    pub outcomes: Vec<String>,
    pub code: Option<String>,
    /// The answer as a tree.
    pub body: Option<Arc<Value>>,
}

/// A request of an operation that the target accepts, and its answer.
#[derive(Debug)]
pub struct Base {
    pub operation: Arc<Operation>,
    /// Methods that the contract has for the path of the operation.
    pub methods: Vec<String>,
    /// Media type of the request's body.
    pub media_type: Option<String>,
    pub observed: Observed,
    pub step: StepRecord,
    /// What the contract finds wrong with the answer even to this request: told once, not for every deviation.
    pub findings: Vec<Finding>,
    /// Whether the target accepts it. Where nothing is known that it accepts, deviations start from a refused request, and
    /// nobody can say what good input is.
    pub accepted: bool,
}

impl Base {
    /// Whether an answer says that the request was done: by the first of the operation's outcomes, where the contract has
    /// outcomes, else by its status.
    pub fn accepts(&self, status: u16, observed: &Observed) -> bool {
        let good = self.operation.outcomes.first();
        let outcome = good.is_none_or(|good| observed.outcomes.iter().eq([&good.name]));
        (200..300).contains(&status) && outcome
    }
}
