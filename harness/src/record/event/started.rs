//! The beginning of a run: what is known before anything is sent.

use crate::contract::Defect;
use crate::model::source::Location;
use crate::record::Acceptance;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What is known before anything is sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RunStarted {
    pub version: u32,
    /// `proofmark 0.1.0`.
    pub tool: String,
    /// Name of the run: its folder under `reports/`.
    pub run: String,
    /// RFC 3339, UTC.
    pub started: String,
    pub suite: String,
    /// Name of the target, or its URL.
    pub target: String,
    /// Base URL of each API.
    pub urls: BTreeMap<String, String>,
    /// Names of the sandbox's faults that were switched on.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub faults: Vec<String>,
    pub seed: u64,
    pub jobs: usize,
    /// The command line's words, secrets left out.
    pub command: Vec<String>,
    pub apis: Vec<ApiSummary>,
    /// How many trials the plan has; of these, how many are to run.
    pub planned: usize,
    pub selected: usize,
    /// The accepted deviations.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub waivers: Vec<WaiverSummary>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub shard: Option<ShardSummary>,
    /// SHA-256 of the suite's files, hex.
    #[serde(default)]
    pub suite_digest: String,
    /// SHA-256 of the names of all trials that were to run, of all shards together, hex.
    #[serde(default)]
    pub plan_digest: String,
    /// Of an acceptance run: what was delivered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub acceptance: Option<Box<Acceptance>>,
    /// The commit of the suite's repository, or of what a CI system is building, hex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub commit: Option<String>,
}

/// An API under contract.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApiSummary {
    pub name: String,
    pub title: String,
    pub document: Option<String>,
    pub operations: Vec<OperationSummary>,
    /// Where the document contradicts itself or leaves something open.
    pub defects: Vec<Defect>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct OperationSummary {
    pub id: String,
    pub method: String,
    pub path: String,
    pub doc: Option<String>,
    /// Its documented answers, those that are not too long.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub examples: Vec<DocumentedAnswer>,
}

/// A documented example of an answer, as it would come over the wire.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct DocumentedAnswer {
    pub name: String,
    pub status: u16,
    pub media_type: String,
    pub body: String,
    /// The line of the document that shows it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub doc: Option<String>,
}

/// A waiver as a run knew it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WaiverSummary {
    pub id: String,
    pub reason: String,
    pub owner: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ticket: Option<String>,
    /// The last day on which it holds.
    pub until: String,
    /// It had run out when the run began.
    pub expired: bool,
    pub location: Location,
}

/// The part of a plan that a run was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct ShardSummary {
    /// From 1.
    pub index: usize,
    pub count: usize,
}
