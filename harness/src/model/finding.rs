//! [`Finding`]: one thing that is wrong with an answer, with all the places it is about.

use crate::model::level::Level;
use crate::model::source::Location;
use serde::{Deserialize, Serialize};

/// One mismatch between an answer and its contract. Serialised into records as it is (format version 1).
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Finding {
    /// The check that made it: `schema`, `outcome`, `rule`…
    pub check: String,
    /// What is required, in a form that is the same for every answer that breaks it: rule id, schema keyword, `cvc-*`
    /// code. Findings of one cause share `check`, `requirement`, `at` and `operation`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub requirement: Option<String>,
    pub level: Level,
    /// One sentence, lower case, values in backticks.
    pub message: String,
    /// The place in the answer: a JSON pointer (`/data/order_id`), an XPath (`/RPLY/msisdn`), `status`, `header
    /// content-type`, `body`; prefixed by `callback ` for inbound requests.
    pub at: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub expected: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub actual: Option<String>,
    /// The requirement's line in the spec: schema keyword, rule, outcome…
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub spec: Option<Location>,
    /// JSON pointer of the keyword in openapi.yaml, or the place in the XSD.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub schema: Option<String>,
    /// The line of the case that asked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub case: Option<Location>,
    /// The line of the document that says so: `003_….txt#62`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Working that led to the message, a line each: the canonical string of a signature and its digest.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub details: Vec<String>,
    /// Id of the waiver that accepts it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waived: Option<String>,
}

impl Finding {
    /// Whether it fails its trial: of level `must`, and not accepted.
    pub fn fails(&self) -> bool {
        self.level == Level::Must && self.waived.is_none()
    }
}

impl Finding {
    pub fn new(check: &str, at: impl Into<String>, message: impl Into<String>) -> Self {
        Self {
            check: check.to_owned(),
            requirement: None,
            level: Level::Must,
            message: message.into(),
            at: at.into(),
            expected: None,
            actual: None,
            spec: None,
            schema: None,
            case: None,
            doc: None,
            details: Vec::new(),
            waived: None,
        }
    }

    pub fn requirement(mut self, requirement: impl Into<String>) -> Self {
        self.requirement = Some(requirement.into());
        self
    }

    pub fn level(mut self, level: Level) -> Self {
        self.level = level;
        self
    }

    pub fn expected(mut self, expected: impl Into<String>) -> Self {
        self.expected = Some(shorten(expected.into()));
        self
    }

    pub fn actual(mut self, actual: impl Into<String>) -> Self {
        self.actual = Some(shorten(actual.into()));
        self
    }

    pub fn spec(mut self, spec: Option<Location>) -> Self {
        self.spec = spec;
        self
    }

    pub fn schema(mut self, schema: impl Into<String>) -> Self {
        self.schema = Some(schema.into());
        self
    }

    pub fn case(mut self, case: Option<Location>) -> Self {
        self.case = case;
        self
    }

    pub fn doc(mut self, doc: Option<String>) -> Self {
        self.doc = doc;
        self
    }
}

/// The longest expected or actual value that a finding carries, in characters.
const MAX_VALUE: usize = 400;

/// Cuts a value that a hostile target made long; the whole of it is in the exchange.
pub fn shorten(text: String) -> String {
    match text.char_indices().nth(MAX_VALUE) {
        None => text,
        Some((at, _)) => {
            let rest = text[at..].chars().count();
            format!("{}… ({rest} more characters)", &text[..at])
        }
    }
}
