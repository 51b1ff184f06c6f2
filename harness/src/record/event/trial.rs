//! A trial: what was sent, what came, and what is wrong with it.

use super::exchange::{CallbackRecord, ErrorRecord, RequestRecord, ResponseRecord};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::source::Location;
use crate::model::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;

/// One trial, whole.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct TrialFinished {
    /// `api::operation::case`.
    pub name: String,
    pub api: String,
    /// `operationId`, or `flow`.
    pub operation: String,
    /// Id of the case, with `/row` where it has rows.
    pub case: String,
    pub title: String,
    pub doc: Option<String>,
    pub level: Level,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub tags: Vec<String>,
    /// The line of the case.
    pub location: Location,
    pub verdict: Verdict,
    /// Why it was skipped or could not be judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reason: Option<String>,
    /// Milliseconds since the start of the run.
    pub started_ms: u64,
    pub duration_ms: f64,
    pub steps: Vec<StepRecord>,
    /// Earlier tries of a trial that was tried again, in order; all else is of the last one.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub retried: Vec<Attempt>,
}

/// A try of a trial that another followed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Attempt {
    pub verdict: Verdict,
    /// The first thing that was wrong.
    pub why: String,
    /// Milliseconds since the start of the run.
    pub started_ms: u64,
    pub duration_ms: f64,
}

impl TrialFinished {
    /// All findings with the number of their step.
    pub fn findings(&self) -> impl Iterator<Item = (usize, &Finding)> {
        self.steps.iter().enumerate().flat_map(|(i, step)| step.findings.iter().map(move |f| (i, f)))
    }
}

/// One request of a trial.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StepRecord {
    pub role: Role,
    pub operation: String,
    /// The line of the step.
    pub location: Location,
    pub request: RequestRecord,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub response: Option<ResponseRecord>,
    /// Why there is no response.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<ErrorRecord>,
    pub first_byte_ms: f64,
    pub total_ms: f64,
    /// Milliseconds from the start of the trial to the first request of the step.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub at_ms: f64,
    /// Names of the checks that had something to judge in the answer.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub checks: Vec<Cow<'static, str>>,
    /// How often it was sent (`await` repeats a call; the last exchange is kept).
    #[serde(default = "one", skip_serializing_if = "is_one")]
    pub attempts: u32,
    /// Milliseconds waited before it was sent, for the target's rate limit and for `Retry-After` of any answer.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub waited_ms: f64,
    /// Answers that asked to come back later, and were not judged.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub postponed: Vec<Postponed>,
    /// A command that sends the same bytes.
    pub curl: String,
    /// Inbound requests that belong to the step.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub callbacks: Vec<CallbackRecord>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub findings: Vec<Finding>,
}

/// An answer that was not judged, because it asked to send the request again later.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Postponed {
    /// 429 or 503.
    pub status: u16,
    /// `Retry-After` as it came.
    pub retry_after: String,
}

fn one() -> u32 {
    1
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_zero(n: &f64) -> bool {
    *n == 0.0
}

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_one(n: &u32) -> bool {
    *n == 1
}

/// What a step is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "lowercase")]
pub enum Role {
    /// Of a fixture, before the case.
    Setup,
    Case,
    /// Clean-up.
    Finally,
}

impl Role {
    pub fn as_str(self) -> &'static str {
        match self {
            Role::Setup => "setup",
            Role::Case => "case",
            Role::Finally => "finally",
        }
    }
}
