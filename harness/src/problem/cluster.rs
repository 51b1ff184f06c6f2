//! [`Cluster`]: findings that say the same of the same place of the same operation, in however many cases.

use super::place::{normalised, saying};
use crate::model::finding::{Finding, shorten};
use crate::record::{Role, StepRecord, TrialFinished};
use std::collections::HashMap;

/// A target that answers something else each time must not make the index grow without end.
const MAX_CLUSTERS: usize = 2_000;
/// How many cases of a cluster are kept by name.
const MAX_REFS: usize = 24;
/// How many different messages of a cluster are told apart.
const MAX_SAYINGS: usize = 6;
/// A longer body is not looked into to tell where a rule is reported.
const MAX_PARSED: usize = 256 * 1024;
/// How many files of cases are told apart.
const MAX_FILES: usize = 6;
/// How many cases of a cluster are shown with all their evidence before others are.
const REPRESENTATIVES: usize = 2;

/// What the findings of a cluster have in common.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Key {
    pub api: usize,
    pub operation: String,
    pub check: String,
    pub requirement: String,
    /// Normalised.
    pub at: String,
}

impl Key {
    pub fn new(api: usize, operation: &str, finding: &Finding) -> Self {
        Self {
            api,
            operation: operation.to_owned(),
            check: finding.check.clone(),
            requirement: normalised(&shorten(finding.requirement.clone().unwrap_or_default())),
            at: place(finding),
        }
    }
}

/// The place that a finding is about. A missing element is reported where it is missing: that is its parent's place.
fn place(finding: &Finding) -> String {
    let at = normalised(&shorten(finding.at.clone()));
    match finding.message.strip_prefix("element `").and_then(|rest| rest.split_once("` is missing")) {
        Some((name, _)) if finding.check == "xsd" => format!("{at}/{}", shorten(name.to_owned())),
        _ => at,
    }
}

/// A case by number (its place in the record) and name.
#[derive(Debug, Clone, PartialEq)]
pub struct CaseRef {
    pub trial: u32,
    /// Of the trial.
    pub name: String,
    pub case: String,
    pub title: String,
}

/// The finding that stands for a cluster: of the case that shows it with the least beside it.
#[derive(Debug, Clone)]
pub struct Sample {
    pub finding: Finding,
    pub trial: u32,
    pub step: usize,
    /// Smaller is clearer: not in the case itself, number of steps, number of findings.
    noise: (bool, usize, usize),
}

/// Findings with one [`Key`].
#[derive(Debug, Clone)]
pub struct Cluster {
    pub key: Key,
    /// Numbers of the trials, ascending.
    pub trials: Vec<u32>,
    /// For each of them the first step that shows it.
    pub steps: Vec<u16>,
    /// Files of the cases; the first few.
    pub files: Vec<String>,
    pub findings: usize,
    /// Whether it is about an object or a list as a whole: rules of all kinds are reported there.
    pub container: bool,
    /// Whether the findings were at different positions of a list.
    pub varies: bool,
    /// What is said, without values; the first few.
    pub sayings: Vec<String>,
    pub refs: Vec<CaseRef>,
    pub sample: Sample,
}

impl Cluster {
    /// The place: as it was, where it was always the same. Positions in an XPath that say nothing are left out.
    pub fn place(&self) -> String {
        let at = if self.varies { &self.key.at } else { &self.sample.finding.at };
        match self.key.check.as_str() {
            "schema" => at.clone(),
            _ => at.replace("[1]", ""),
        }
    }
}

/// The clusters of all findings of some levels.
#[derive(Debug, Default)]
pub struct Clusters {
    by_key: HashMap<Key, usize>,
    pub list: Vec<Cluster>,
    /// Findings that found no room.
    pub left_over: usize,
}

impl Clusters {
    /// Adds one finding of a trial. `true` if the trial should be shown with all its evidence for its sake.
    pub fn add(
        &mut self,
        key: Key,
        number: u32,
        trial: &TrialFinished,
        step: usize,
        finding: &Finding,
    ) -> bool {
        let Some(record) = trial.steps.get(step) else { return false };
        let findings = trial.steps.iter().map(|step| step.findings.len()).sum();
        let noise = (record.role != Role::Case, trial.steps.len(), findings);
        let sample = || Sample { finding: short(finding), trial: number, step, noise };
        let at = match self.by_key.get(&key) {
            Some(at) => *at,
            None if self.list.len() >= MAX_CLUSTERS => {
                self.left_over += 1;
                return false;
            }
            None => {
                self.by_key.insert(key.clone(), self.list.len());
                self.list.push(Cluster {
                    key,
                    trials: Vec::new(),
                    steps: Vec::new(),
                    files: Vec::new(),
                    findings: 0,
                    container: is_container(record, finding),
                    varies: false,
                    sayings: Vec::new(),
                    refs: Vec::new(),
                    sample: sample(),
                });
                self.list.len() - 1
            }
        };
        let cluster = &mut self.list[at];
        cluster.findings += 1;
        cluster.varies |= cluster.sample.finding.at != finding.at;
        if cluster.sayings.len() < MAX_SAYINGS {
            let saying = saying(&shorten(finding.message.clone()));
            if !cluster.sayings.contains(&saying) {
                cluster.sayings.push(saying);
            }
        }
        if noise < cluster.sample.noise {
            cluster.sample = sample();
        }
        if cluster.trials.last() == Some(&number) {
            return false;
        }
        cluster.trials.push(number);
        cluster.steps.push(u16::try_from(step).unwrap_or(u16::MAX));
        let file = finding.case.as_ref().map_or("", |case| case.file.as_str());
        if cluster.files.len() < MAX_FILES && !cluster.files.iter().any(|known| known == file) {
            cluster.files.push(file.to_owned());
        }
        if cluster.refs.len() < MAX_REFS {
            cluster.refs.push(case_ref(number, trial));
        }
        cluster.trials.len() <= REPRESENTATIVES
    }

    pub fn position(&self, key: &Key) -> Option<usize> {
        self.by_key.get(key).copied()
    }
}

pub fn case_ref(number: u32, trial: &TrialFinished) -> CaseRef {
    CaseRef {
        trial: number,
        name: shorten(trial.name.clone()),
        case: shorten(trial.case.clone()),
        title: shorten(trial.title.clone()),
    }
}

/// Whether a rule is reported at an object or a list of a JSON answer.
fn is_container(step: &StepRecord, finding: &Finding) -> bool {
    if finding.check != "rule" || !finding.at.starts_with('/') {
        return false;
    }
    let text = step.response.as_ref().and_then(|response| response.body.text.as_deref()).unwrap_or_default();
    let body: Option<serde_json::Value> =
        Some(text).filter(|text| text.len() <= MAX_PARSED).and_then(|text| serde_json::from_str(text).ok());
    body.is_some_and(|body| body.pointer(&finding.at).is_some_and(|at| at.is_object() || at.is_array()))
}

/// A finding as an index may keep it: nothing in it is long.
fn short(finding: &Finding) -> Finding {
    let mut short = finding.clone();
    short.message = shorten(short.message);
    short.at = shorten(short.at);
    short.requirement = short.requirement.map(shorten);
    short.expected = short.expected.map(shorten);
    short.actual = short.actual.map(shorten);
    short.details.truncate(20);
    short.details = short.details.into_iter().map(shorten).collect();
    short
}
