//! What the record of an acceptance run has beside that of any run (format version 1).

use crate::model::level::Level;
use crate::model::source::Location;
use serde::{Deserialize, Serialize};

/// What was delivered, and by what it is judged.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Acceptance {
    pub vendor: String,
    pub product: String,
    /// Of the product.
    pub version: String,
    pub profile: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub profile_title: Option<String>,
    /// The commit of the suite's repository, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
    /// Files of the suite that are not as that commit has them, and why; they are accepted with `--allow-dirty` only.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub dirty: Vec<String>,
    /// All files that decide what is asked and how it is judged.
    pub suite_files: Vec<FileDigest>,
    /// The documents, where they were at hand.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub documents: Vec<FileDigest>,
    pub fuzz: FuzzPlan,
    /// Reports in the bundle beside those that every bundle has.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reports: Vec<String>,
    /// Id of the key that signs the bundle: SHA-256 of the public key, hex.
    pub key: String,
    /// Names of fields and regular expressions whose values have pseudonyms.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub pseudonyms: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FileDigest {
    pub name: String,
    /// Hex.
    pub sha256: String,
}

/// How the target is fuzzed.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FuzzPlan {
    pub seed: u64,
    /// Generated requests an operation.
    pub cases: u64,
    pub phases: Vec<String>,
}

/// A rule of the contract, and whether the run asked it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RuleSummary {
    pub api: String,
    pub id: String,
    pub level: Level,
    /// The requirement in words, else the expression.
    pub says: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
    pub spec: Location,
    /// Ids of the operations that it is about.
    pub operations: Vec<String>,
    /// Whether at least one answer was judged by it: it was sent, and the rule's `when` held.
    pub asked: bool,
}

/// What fuzzing came to, in numbers.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FuzzTally {
    /// Deviations, and everything that was sent with set-up and replays.
    pub deviations: usize,
    pub requests: usize,
    /// Requests that say the same as a good one, and how many of them were accepted.
    pub good: usize,
    pub good_accepted: usize,
    /// Requests that break the contract, and how many of them were refused.
    pub bad: usize,
    pub bad_refused: usize,
    /// Distinct defects of any level.
    pub defects: usize,
    /// Why it ended before its end.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stopped: Option<String>,
    /// What of the contract it reached.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub reached: Vec<FuzzReach>,
    /// What has become of the defects that earlier runs found.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub known: Vec<FuzzKnown>,
}

/// A defect that an earlier run found, looked for again.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FuzzKnown {
    pub api: String,
    pub operation: String,
    /// `fuzz/<place>/<kind>`.
    pub probe: String,
    /// Check and requirement of its finding.
    pub judge: String,
    /// The day on which it was first found.
    pub since: String,
    /// `fixed`, `still there`, `changed` (its deviation shows something else).
    pub now: String,
}

/// Things of one kind that the contract has, and how many of them fuzzing reached: constraints that a request broke,
/// statuses and outcomes that an answer had.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct FuzzReach {
    /// `operations`, `parameters and fields`, `constraints`, `statuses`, `outcomes`, `links`.
    pub what: String,
    pub all: usize,
    pub seen: usize,
    /// The first of those that were not reached: `operation field keyword`.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub missing: Vec<String>,
}

/// How far a delivery conforms: what the acceptance report and the attestation state.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Conformance {
    /// Every clause of the profile's gate holds, and no deviation was accepted.
    Full,
    /// Every clause holds, with deviations that somebody has accepted until a day.
    WithWaivers,
    /// Every clause holds, but the suite was not that of a commit: nobody else can say what was asked.
    Provisional,
    /// A clause does not hold.
    NotConformant,
    /// Clauses that do not hold are all about what could not be judged.
    NotJudged,
}

impl Conformance {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Full => "full",
            Self::WithWaivers => "with-waivers",
            Self::Provisional => "provisional",
            Self::NotConformant => "not-conformant",
            Self::NotJudged => "not-judged",
        }
    }

    /// The statement in words.
    pub fn words(self) -> &'static str {
        match self {
            Self::Full => "conformant",
            Self::WithWaivers => "conformant with waivers",
            Self::Provisional => "provisionally conformant",
            Self::NotConformant => "not conformant",
            Self::NotJudged => "not judged",
        }
    }
}
