//! The events of a record, format version 1. A record is a text file of JSON objects, one a line (NDJSON):
//! one `run-started`, any number of `trial-finished`, at most one `coverage`, at most one `run-finished`, at most one
//! `history`. A record without `run-finished` was cut short: every trial in it is complete all the same.

use super::acceptance::{Acceptance, FuzzTally, RuleSummary};
use super::history::History;
use crate::contract::Defect;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::source::Location;
use crate::model::verdict::Verdict;
use serde::{Deserialize, Serialize};
use std::borrow::Cow;
use std::collections::BTreeMap;

/// The version of the format that this crate writes. Readers refuse a higher one.
pub const VERSION: u32 = 1;

/// One line of a record.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "event", rename_all = "kebab-case")]
pub enum Event {
    RunStarted(Box<RunStarted>),
    TrialFinished(Box<TrialFinished>),
    Coverage(Box<Coverage>),
    RunFinished(RunFinished),
    /// What came before the run: the strip of the last runs, and what changed since the baseline.
    History(Box<History>),
}

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

#[expect(clippy::trivially_copy_pass_by_ref, reason = "serde's signature")]
fn is_none(n: &usize) -> bool {
    *n == 0
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

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestRecord {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "BodyRecord::is_empty")]
    pub body: BodyRecord,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResponseRecord {
    pub status: u16,
    pub version: String,
    pub headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "BodyRecord::is_empty")]
    pub body: BodyRecord,
}

/// A body, byte for byte: text with the charset that gives the bytes back, or base64 where no charset does.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BodyRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Left out for UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// Length in bytes.
    #[serde(default)]
    pub size: usize,
}

impl BodyRecord {
    pub fn is_empty(&self) -> bool {
        self.size == 0
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorRecord {
    /// `connect`, `timeout`, `protocol`, `too-large`, `request`, `interrupted`.
    pub kind: String,
    pub message: String,
}

/// A request that the target sent to us.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallbackRecord {
    pub name: String,
    /// Milliseconds after the answer of the step.
    pub after_ms: f64,
    pub request: RequestRecord,
}

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

/// The end of a run.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct RunFinished {
    pub counts: Counts,
    pub duration_ms: u64,
    /// Stopped by a signal or by `--fail-fast`.
    pub interrupted: bool,
    /// Inbound requests that belonged to no case.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stray_callbacks: Vec<RequestRecord>,
    /// Ids of waivers that fitted nothing, where everything was run.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub unused_waivers: Vec<String>,
    /// What requests waited for the target, where they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub waited: Option<Box<WaitedSummary>>,
    /// What the gate decided, where there was one.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub gate: Option<GateDecision>,
    /// Of an acceptance run: the contract's rules.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub rules: Vec<RuleSummary>,
    /// Of an acceptance run's fuzzing: what it came to.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub fuzz: Option<Box<FuzzTally>>,
}

/// What the requests of a run waited, all threads together.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct WaitedSummary {
    /// Milliseconds, for the target's rate limit.
    pub rate_ms: u64,
    /// Answers with `Retry-After` that were heeded.
    pub postponed: u64,
    /// Milliseconds that they asked for.
    pub retry_after_ms: u64,
}

/// What `--gate` decided.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct GateDecision {
    pub clauses: Vec<Clause>,
    /// Of the trials of the whole plan, how many were judged.
    #[serde(default)]
    pub judged: usize,
    #[serde(default)]
    pub planned: usize,
}

impl GateDecision {
    /// The clauses that refuse the run; none when it passes.
    pub fn refusals(&self) -> impl Iterator<Item = &Clause> {
        self.clauses.iter().filter(|clause| !clause.holds)
    }
}

/// One condition of the gate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Clause {
    /// Its key in `gate`, or `errored`, `waivers`.
    pub name: String,
    pub holds: bool,
    /// What was found, and what was asked for.
    pub says: String,
}

impl Clause {
    /// Whether it is about what could be judged at all, so that it says nothing against the target.
    pub fn is_about_judging(&self) -> bool {
        let about = ["errored", "interrupted", "min_judged", "max_skipped", "fuzzed", "baseline.missing"];
        about.contains(&self.name.as_str())
    }
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

/// Trials by verdict.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize)]
pub struct Counts {
    pub passed: usize,
    pub failed: usize,
    pub errored: usize,
    pub skipped: usize,
    #[serde(default, skip_serializing_if = "is_none")]
    pub waived: usize,
    #[serde(default, skip_serializing_if = "is_none")]
    pub flaky: usize,
    /// Findings below `must`, in all trials.
    pub warnings: usize,
}

impl Counts {
    pub fn add(&mut self, verdict: Verdict) {
        match verdict {
            Verdict::Passed => self.passed += 1,
            Verdict::Failed => self.failed += 1,
            Verdict::Errored => self.errored += 1,
            Verdict::Skipped => self.skipped += 1,
            Verdict::Waived => self.waived += 1,
            Verdict::Flaky => self.flaky += 1,
        }
    }

    /// Adds those of other trials.
    pub fn join(&mut self, other: &Counts) {
        self.passed += other.passed;
        self.failed += other.failed;
        self.errored += other.errored;
        self.skipped += other.skipped;
        self.waived += other.waived;
        self.flaky += other.flaky;
        self.warnings += other.warnings;
    }

    /// Trials whose answers were judged.
    pub fn judged(&self) -> usize {
        self.passed + self.failed + self.waived + self.flaky
    }

    pub fn total(&self) -> usize {
        self.judged() + self.errored + self.skipped
    }
}

impl BodyRecord {
    /// Records bytes as text of a charset where that gives the same bytes back, else as base64.
    pub fn new(bytes: &[u8], charset: &str) -> Self {
        let size = bytes.len();
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self { text: Some(text.to_owned()), size, ..Self::default() };
        }
        if let Some(encoding) = crate::http::charset::encoding(charset) {
            let (text, invalid) = crate::http::charset::decode(bytes, encoding);
            let (again, _, lossy) = encoding.encode(&text);
            if invalid.is_none() && !lossy && again.as_ref() == bytes {
                return Self {
                    text: Some(text),
                    charset: Some(encoding.name().to_owned()),
                    base64: None,
                    size,
                };
            }
        }
        Self { base64: Some(crate::http::digest::base64(bytes)), size, ..Self::default() }
    }
}
