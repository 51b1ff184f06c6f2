//! What of the documents a run touched.

use crate::model::source::Location;
use serde::{Deserialize, Serialize};

/// What of the documents a run touched. ARCHITECTURE.md says what that means.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Coverage {
    /// Differs where the specs document something else.
    pub fingerprint: String,
    pub apis: Vec<ApiCoverage>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiCoverage {
    pub name: String,
    pub document: Option<String>,
    pub kinds: Vec<KindCoverage>,
}

/// `documented` is the sum of `touched`, `explained` and `untouched`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct KindCoverage {
    pub kind: Documented,
    pub documented: usize,
    pub touched: usize,
    /// Not touched, with a reason.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub explained: Vec<Untouched>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub untouched: Vec<Untouched>,
}

impl KindCoverage {
    /// How much of it is touched or explained, 0 to 1; where nothing is documented, all.
    pub fn ratio(&self) -> f64 {
        match self.documented {
            0 => 1.0,
            #[expect(clippy::cast_precision_loss, reason = "a ratio")]
            all => (all - self.untouched.len()) as f64 / all as f64,
        }
    }
}

/// What a document documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Documented {
    Operation,
    Parameter,
    AnswerField,
    Code,
    EnumerationValue,
    Example,
}

impl Documented {
    pub const ALL: [Documented; 6] = [
        Self::Operation,
        Self::Parameter,
        Self::AnswerField,
        Self::Code,
        Self::EnumerationValue,
        Self::Example,
    ];

    /// In words, as a heading.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Operation => "operations",
            Self::Parameter => "parameters",
            Self::AnswerField => "answer fields",
            Self::Code => "codes",
            Self::EnumerationValue => "enumeration values",
            Self::Example => "examples",
        }
    }
}

/// One documented thing that was not touched.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Untouched {
    /// `operation: name`.
    pub name: String,
    pub spec: Location,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    /// Why that is as it should be.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub because: Option<String>,
}
