//! Rules, outcomes and code tables: what OpenAPI cannot say about an answer.

use crate::expr::Program;
use crate::model::level::Level;
use crate::model::source::Location;

/// An invariant of every answer.
#[derive(Debug)]
pub struct Rule {
    pub id: String,
    pub rule: Program,
    /// The rule is judged only where this holds.
    pub when: Option<Program>,
    pub level: Level,
    pub doc: Option<String>,
    /// The requirement in words.
    pub says: Option<String>,
    /// How many documented examples are said to hold it, and where that is said.
    pub holds: Option<(u64, Location)>,
    pub location: Location,
}

/// One way that an answer can end, e.g. `success`, and how it is told.
#[derive(Debug)]
pub struct Outcome {
    pub name: String,
    pub predicate: Program,
    pub location: Location,
}

/// The documented code table of an API.
#[derive(Debug)]
pub struct Codes {
    pub value: Program,
    /// Whether the document lists every code that an answer may have.
    pub complete: bool,
    pub table: Vec<Code>,
    pub location: Location,
}

#[derive(Debug)]
pub struct Code {
    pub code: String,
    pub meaning: String,
    pub outcome: Option<String>,
    pub doc: Option<String>,
    /// Why no case touches it, where that is as it should be.
    pub untested: Option<String>,
    pub location: Location,
}

/// A defect that no check notices, and why that is right: `x-proofmark.survivors`.
#[derive(Debug)]
pub struct Survivor {
    /// JSON pointer with indices as `*`, or `status`, `header …`, `body`.
    pub field: String,
    /// Names of mutation operators.
    pub operators: Vec<String>,
    pub because: String,
    pub doc: Option<String>,
    pub location: Location,
}

impl Survivor {
    /// Whether it explains a survivor of `operator` in `field`.
    pub fn covers(&self, field: &str, operator: &str) -> bool {
        self.field == field && self.operators.iter().any(|o| o == operator)
    }
}
