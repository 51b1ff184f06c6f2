//! [`index`]: what became of every case of a run, without its answers.

use super::RunName;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::problem::{normalised, rank};
use crate::record::{Event, ReadError, RecordReader, TrialFinished};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A run in short.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    pub name: RunName,
    /// Names of its APIs, in the order of the suite.
    pub apis: Vec<String>,
    /// Cases that ran, by name; those that were skipped are not among them.
    pub judged: BTreeMap<String, Judged>,
}

/// How a case ended.
#[derive(Debug, Clone, PartialEq)]
pub struct Judged {
    pub verdict: Verdict,
    pub title: String,
    /// For each `must` finding what it is about and what it says: `operation check requirement place`. The same cause
    /// gives the same in every run.
    /// Those nearest to the cause come first.
    pub causes: Vec<(String, String)>,
    /// The same of findings that do not fail it.
    pub warnings: Vec<(String, String)>,
    /// Within one run the case failed and passed: when it was tried again, or on a fresh connection.
    pub flaky: bool,
}

/// Reads a record: a folder, or its run.ndjson.
pub fn index(path: &Path) -> Result<Index, ReadError> {
    let mut name =
        RunName { run: String::new(), started: String::new(), target: String::new(), whole: false };
    let mut judged = BTreeMap::new();
    let mut apis = Vec::new();
    let mut begun = false;
    for event in RecordReader::open(path)? {
        match event? {
            Event::RunStarted(started) => {
                begun = true;
                (name.run, name.started, name.target) = (started.run, started.started, started.target);
                apis = started.apis.into_iter().map(|api| api.name).collect();
            }
            Event::TrialFinished(trial) if trial.verdict != Verdict::Skipped => {
                judged.insert(trial.name.clone(), judged_of(&trial));
            }
            Event::TrialFinished(_) | Event::Coverage(_) | Event::History(_) => {}
            Event::RunFinished(finished) => name.whole = !finished.interrupted,
        }
    }
    match begun {
        true => Ok(Index { name, apis, judged }),
        false => Err(ReadError {
            path: path.to_owned(),
            line: 1,
            message: "the record does not begin with `run-started`".into(),
        }),
    }
}

/// What a finding of an operation is about, the same in every run: `operation check requirement place`.
pub fn cause_of(operation: &str, finding: &Finding) -> String {
    let requirement = finding.requirement.as_deref().unwrap_or_default();
    format!("{operation} {} {requirement} {}", finding.check, normalised(&finding.at))
}

fn judged_of(trial: &TrialFinished) -> Judged {
    let mut causes = found(trial, Finding::fails);
    if let (Verdict::Errored, Some(reason)) = (trial.verdict, &trial.reason) {
        let kind = reason.split(':').next().unwrap_or_default();
        causes.push((format!("error {kind}"), reason.clone()));
    }
    Judged {
        verdict: trial.verdict,
        title: trial.title.clone(),
        causes,
        warnings: found(trial, |finding| finding.level < Level::Must),
        flaky: trial.verdict == Verdict::Flaky || trial.findings().any(|(_, f)| f.check == "connection"),
    }
}

/// Findings by cause, each cause once, those nearest to it first.
fn found(trial: &TrialFinished, wanted: impl Fn(&Finding) -> bool) -> Vec<(String, String)> {
    let mut found: Vec<_> = trial.findings().filter(|(_, f)| wanted(f)).collect();
    found.sort_by_key(|(step, f)| (*step, rank(&f.check, &f.at)));
    let mut seen = BTreeSet::new();
    let cause = |(step, finding): (usize, &Finding)| {
        let operation = trial.steps.get(step).map(|s| s.operation.as_str()).unwrap_or_default();
        (cause_of(operation, finding), format!("{}: {}", finding.at, finding.message))
    };
    found.into_iter().map(cause).filter(|(key, _)| seen.insert(key.clone())).collect()
}
