//! [`Judge`]: compares what trials leave with the snapshots on disk, and keeps what is to be reviewed.

use super::change::{Change, changes};
use super::file::SnapshotFile;
use super::name::Names;
use super::seen::Taken;
use super::store::{self, Store};
use crate::diff::unified;
use crate::model::finding::{Finding, shorten};
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::TrialFinished;
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::{Mutex, PoisonError};

/// Lines of a line difference that a finding carries.
const MAX_LINES: usize = 200;

/// What is done with the snapshots of trials while they run.
pub trait Keep: Send + Sync {
    /// Whether a trial leaves a snapshot; `marked` is its case's `snapshot`.
    fn wants(&self, marked: Option<bool>) -> bool;

    /// Lower-case names of the headers that snapshots have.
    fn headers(&self) -> &[String];

    /// Whether every variable is left out of what is kept, not only those that differ from run to run.
    fn leaves_out_all_variables(&self) -> bool {
        false
    }

    /// Called when a trial that leaves a snapshot is over and was judged.
    fn keep(&self, trial: &mut TrialFinished, taken: Taken);
}

/// What a run does with snapshots.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Mode {
    /// Compare, and write nothing.
    Check,
    /// Compare; what is new or changed becomes a pending `.snap.new`.
    Review,
    /// What is new or changed becomes the snapshot.
    Write,
}

/// What a run met.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Met {
    Same,
    Changed,
    Missing,
}

/// What a run met.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Tally {
    /// By trial: of one that is tried again, the last counts.
    pub met: BTreeMap<String, Met>,
    /// Files that were written: pending or accepted.
    pub written: usize,
    /// What could not be read or written.
    pub errors: Vec<String>,
}

/// The judge of a run.
#[derive(Debug)]
pub struct Judge {
    pub store: Store,
    pub names: Names,
    pub target: String,
    pub mode: Mode,
    /// Of findings about changed answers, and in [`Mode::Check`] about missing snapshots.
    pub level: Level,
    /// Only cases that ask for it have a snapshot.
    pub marked_only: bool,
    pub headers: Vec<String>,
    pub tally: Mutex<Tally>,
}

impl Tally {
    pub fn count(&self, met: Met) -> usize {
        self.met.values().filter(|m| **m == met).count()
    }
}

impl Keep for Judge {
    fn wants(&self, marked: Option<bool>) -> bool {
        marked.unwrap_or(!self.marked_only)
    }

    fn headers(&self) -> &[String] {
        &self.headers
    }

    fn keep(&self, trial: &mut TrialFinished, taken: Taken) {
        if trial.verdict == Verdict::Errored || trial.verdict == Verdict::Skipped {
            return;
        }
        let path = self.store.path(&self.target, &trial.api, &self.names.stem(&trial.name));
        let findings = match store::read(&path) {
            Ok(None) => self.missing(trial, &taken, &path),
            Ok(Some(file)) => self.compare(trial, &taken, &file, &path),
            Err(e) => {
                self.count(|tally| tally.errors.push(e.clone()));
                Vec::new()
            }
        };
        let level = self.level.min(trial.level);
        for (section, finding) in findings {
            let step = taken.steps.get(section).copied().unwrap_or_default();
            let finding = Finding { level: finding.level.min(level), ..finding };
            let finding = finding.case(Some(trial.location.clone())).doc(trial.doc.clone());
            if let Some(step) = trial.steps.get_mut(step) {
                step.findings.push(finding);
            }
        }
        if trial.findings().any(|(_, f)| f.check == "snapshot" && f.level == Level::Must) {
            trial.verdict = Verdict::Failed;
        }
    }
}

impl Judge {
    pub fn tally(&self) -> Tally {
        self.tally.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    fn met(&self, trial: &TrialFinished, met: Met) {
        self.count(|tally| {
            tally.met.insert(trial.name.clone(), met);
        });
    }

    fn count(&self, add: impl FnOnce(&mut Tally)) {
        add(&mut self.tally.lock().unwrap_or_else(PoisonError::into_inner));
    }

    fn missing(&self, trial: &TrialFinished, taken: &Taken, path: &Path) -> Vec<(usize, Finding)> {
        if trial.verdict == Verdict::Failed {
            // A wrong answer is nothing to keep, and the contract's findings say enough.
            return Vec::new();
        }
        self.met(trial, Met::Missing);
        let finding = |message: &str| Finding::new("snapshot", "body", message).requirement("missing");
        let place = format!("snapshot: {}", self.shown(path));
        let finding = match self.mode {
            Mode::Check => {
                let hint = "write it with `proofmark run --snapshots write`, and commit it";
                let mut finding = finding("this answer has no snapshot, and none is written here");
                finding.details = vec![place, hint.into()];
                finding
            }
            Mode::Review => {
                self.write(trial, taken, path, false);
                let mut finding = finding("this answer has no snapshot yet; `proofmark review` accepts it");
                finding.details = vec![place];
                finding.level(Level::May)
            }
            Mode::Write => {
                self.write(trial, taken, path, true);
                return Vec::new();
            }
        };
        vec![(0, finding)]
    }

    fn compare(
        &self,
        trial: &TrialFinished,
        taken: &Taken,
        file: &SnapshotFile,
        path: &Path,
    ) -> Vec<(usize, Finding)> {
        let found = changes(&file.content, &taken.content);
        let writes = self.mode != Mode::Check;
        if found.is_empty() {
            self.met(trial, Met::Same);
            if writes && let Err(e) = store::remove(&store::pending(path)) {
                self.count(|tally| tally.errors.push(e));
            }
            return Vec::new();
        }
        self.met(trial, Met::Changed);
        if writes && trial.verdict == Verdict::Passed {
            self.write(trial, taken, path, self.mode == Mode::Write);
        }
        if self.mode == Mode::Write && trial.verdict == Verdict::Passed {
            return Vec::new();
        }
        let mut findings: Vec<(usize, Finding)> =
            found.iter().map(|change| (change.section, finding(change))).collect();
        if let Some((_, first)) = findings.first_mut() {
            first.details.push(format!("snapshot: {}", self.shown(path)));
            first.details.extend(line_difference(&file.content, &taken.content));
        }
        findings
    }

    /// Below the suite, with `/`.
    fn shown(&self, path: &Path) -> String {
        let below = self.store.root.parent().and_then(|suite| path.strip_prefix(suite).ok());
        below.unwrap_or(path).to_string_lossy().replace('\\', "/")
    }

    fn write(&self, trial: &TrialFinished, taken: &Taken, path: &Path, accepted: bool) {
        let file = SnapshotFile {
            source: trial.location.file.clone(),
            line: (!accepted).then_some(trial.location.line),
            description: trial.title.clone(),
            expression: trial.name.clone(),
            content: taken.content.clone(),
        };
        let result = match accepted {
            true => store::write(path, &file).and_then(|()| store::remove(&store::pending(path))),
            false => store::write(&store::pending(path), &file),
        };
        self.count(|tally| match result {
            Ok(()) => tally.written += 1,
            Err(e) => tally.errors.push(e),
        });
    }
}

fn finding(change: &Change) -> Finding {
    let finding = Finding::new("snapshot", change.at.clone(), change.message.clone());
    let finding = finding.requirement(change.kind.clone());
    Finding { expected: change.old.clone().map(shorten), actual: change.new.clone().map(shorten), ..finding }
}

fn line_difference(old: &str, new: &str) -> Vec<String> {
    let text = unified(&format!("{old}\n"), &format!("{new}\n"), 2);
    let mut lines: Vec<String> = text.lines().take(MAX_LINES).map(|line| shorten(line.to_owned())).collect();
    let more = text.lines().count().saturating_sub(MAX_LINES);
    if more > 0 {
        lines.push(format!("… {more} more lines"));
    }
    lines
}
