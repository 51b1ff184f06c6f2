//! Requirement levels (RFC 2119) of cases, rules and findings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// How binding a requirement is. Only `must` findings fail a run; the others are shown as warnings and notes.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Default, Serialize, Deserialize, JsonSchema,
)]
#[serde(rename_all = "lowercase")]
pub enum Level {
    May,
    Should,
    #[default]
    Must,
}

impl Level {
    pub const WORDS: [(&'static str, Level); 3] =
        [("must", Level::Must), ("should", Level::Should), ("may", Level::May)];

    pub fn as_str(self) -> &'static str {
        match self {
            Level::Must => "must",
            Level::Should => "should",
            Level::May => "may",
        }
    }
}
