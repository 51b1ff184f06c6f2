//! [`Expectation`]: what one answer must be, compiled when the plan is made.

use crate::contract::{Operation, Rule, StatusPattern};
use crate::expr::{Template, Text};
use crate::model::level::Level;
use crate::model::source::Location;
use serde_json::Value;
use std::sync::Arc;
use std::time::Duration;

/// What a case asks of an answer, beyond what the contract asks of every answer of the operation.
#[derive(Debug)]
pub struct Expectation {
    pub operation: Arc<Operation>,
    /// The line of the case.
    pub location: Location,
    pub doc: Option<String>,
    /// No finding is of a higher level than the case.
    pub level: Level,
    pub status: Option<(Vec<StatusPattern>, Location)>,
    pub outcome: Option<(String, Location)>,
    pub code: Option<(Text, Location)>,
    pub like: Option<Like>,
    pub equals: Option<(Template, Location)>,
    pub headers: Vec<(String, Text, Location)>,
    pub rules: Vec<Arc<Rule>>,
    pub within: Option<(Duration, Location)>,
}

/// The documented answer as a tree (XML projected).
#[derive(Debug)]
pub struct Like {
    pub tree: Value,
    pub location: Location,
}

impl Expectation {
    /// Whether the case itself asks for a status, such as 429, that otherwise says to try again.
    pub fn wants_status(&self, status: u16) -> bool {
        let wants = |pattern: &StatusPattern| match pattern {
            StatusPattern::Code(code) => *code == status,
            StatusPattern::Class(class) => u16::from(*class) == status / 100,
            StatusPattern::Default => false,
        };
        self.status.as_ref().is_some_and(|(patterns, _)| patterns.iter().any(wants))
    }

    /// Nothing beyond what the contract asks of every answer.
    pub fn of_contract(operation: &Arc<Operation>, location: Location, doc: Option<String>) -> Self {
        Self {
            operation: operation.clone(),
            location,
            doc,
            level: Level::Must,
            status: None,
            outcome: None,
            code: None,
            like: None,
            equals: None,
            headers: Vec::new(),
            rules: Vec::new(),
            within: None,
        }
    }
}
