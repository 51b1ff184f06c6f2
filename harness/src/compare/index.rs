//! [`index`]: what became of every case of a run, without its answers.

use super::RunName;
use crate::model::verdict::Verdict;
use crate::problem::{normalised, rank};
use crate::record::{Event, ReadError, RecordReader, TrialFinished};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

/// A run in short.
#[derive(Debug, Clone, PartialEq)]
pub struct Index {
    pub name: RunName,
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
    /// Within one run the case failed and passed: when it was tried again, or on a fresh connection.
    pub flaky: bool,
}

/// Reads a record: a folder, or its run.ndjson.
pub fn index(path: &Path) -> Result<Index, ReadError> {
    let mut name =
        RunName { run: String::new(), started: String::new(), target: String::new(), whole: false };
    let mut judged = BTreeMap::new();
    let mut begun = false;
    for event in RecordReader::open(path)? {
        match event? {
            Event::RunStarted(started) => {
                begun = true;
                (name.run, name.started, name.target) = (started.run, started.started, started.target);
            }
            Event::TrialFinished(trial) if trial.verdict != Verdict::Skipped => {
                judged.insert(trial.name.clone(), judged_of(&trial));
            }
            Event::TrialFinished(_) | Event::Coverage(_) | Event::History(_) => {}
            Event::RunFinished(finished) => name.whole = !finished.interrupted,
        }
    }
    match begun {
        true => Ok(Index { name, judged }),
        false => Err(ReadError {
            path: path.to_owned(),
            line: 1,
            message: "the record does not begin with `run-started`".into(),
        }),
    }
}

fn judged_of(trial: &TrialFinished) -> Judged {
    let cause = |(step, finding): (usize, &crate::model::finding::Finding)| {
        let operation = trial.steps.get(step).map(|s| s.operation.as_str()).unwrap_or_default();
        let requirement = finding.requirement.as_deref().unwrap_or_default();
        let key = format!("{operation} {} {requirement} {}", finding.check, normalised(&finding.at));
        (key, format!("{}: {}", finding.at, finding.message))
    };
    let mut failing: Vec<_> = trial.findings().filter(|(_, f)| f.fails()).collect();
    failing.sort_by_key(|(step, f)| (*step, rank(&f.check, &f.at)));
    let mut causes: Vec<(String, String)> = failing.into_iter().map(cause).collect();
    let mut seen = BTreeSet::new();
    causes.retain(|(key, _)| seen.insert(key.clone()));
    if let (Verdict::Errored, Some(reason)) = (trial.verdict, &trial.reason) {
        let kind = reason.split(':').next().unwrap_or_default();
        causes.push((format!("error {kind}"), reason.clone()));
    }
    Judged {
        verdict: trial.verdict,
        title: trial.title.clone(),
        causes,
        flaky: trial.verdict == Verdict::Flaky || trial.findings().any(|(_, f)| f.check == "connection"),
    }
}
