//! The acceptance report: a document that one prints and signs, made from the two records of an acceptance run.

mod appendix;
mod deviations;
mod page;
mod requirement;
mod requirements;
mod scope;

use super::error::ReportError;
use super::index::Index;
use super::render::Report;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::{Acceptance, Conformance, RunStarted};
use std::io::Write;

/// The records of an acceptance run: that of the cases, and that of the fuzzing.
pub struct Dossier {
    run: Report,
    fuzz: Report,
}

/// Names of trials by what an attestation says of them.
#[derive(Debug, Default, PartialEq)]
pub struct Tests {
    pub passed: Vec<String>,
    /// Passed with a finding below `must`, at a second try, or by a waiver.
    pub warned: Vec<String>,
    /// Failed, or could not be judged.
    pub failed: Vec<String>,
}

impl Dossier {
    pub fn new(run: Report, fuzz: Report) -> Self {
        Self { run, fuzz }
    }

    pub fn run(&self) -> &Report {
        &self.run
    }

    pub fn fuzz(&self) -> &Report {
        &self.fuzz
    }

    pub fn started(&self) -> &RunStarted {
        &self.run.index().started
    }

    /// `None` where the record is not one of an acceptance run.
    pub fn acceptance(&self) -> Option<&Acceptance> {
        self.started().acceptance.as_deref()
    }

    /// How far the delivery conforms.
    pub fn conformance(&self) -> Conformance {
        let index = self.run.index();
        let gate = index.finished.as_ref().and_then(|finished| finished.gate.as_ref());
        let (Some(gate), Some(acceptance)) = (gate, self.acceptance()) else { return Conformance::NotJudged };
        let refusals = gate.refusals().count();
        if refusals > 0 {
            return match gate.refusals().all(crate::record::Clause::is_about_judging) {
                true => Conformance::NotJudged,
                false => Conformance::NotConformant,
            };
        }
        if index.interrupted() {
            return Conformance::NotJudged;
        }
        match (acceptance.dirty.is_empty(), self.has_waived()) {
            (false, _) => Conformance::Provisional,
            (true, true) => Conformance::WithWaivers,
            (true, false) => Conformance::Full,
        }
    }

    fn has_waived(&self) -> bool {
        [&self.run, &self.fuzz].iter().any(|report| !report.index().waived.is_empty())
    }

    /// All trials of both records, in their order.
    pub fn tests(&self) -> Result<Tests, ReportError> {
        let mut tests = Tests::default();
        for index in [self.run.index(), self.fuzz.index()] {
            for (number, row) in (0..).zip(&index.rows) {
                let list = match row.verdict {
                    Verdict::Skipped => continue,
                    Verdict::Failed | Verdict::Errored => &mut tests.failed,
                    Verdict::Waived | Verdict::Flaky => &mut tests.warned,
                    Verdict::Passed => &mut tests.passed,
                };
                let trial = index.trial(number)?;
                let warns = |(_, f): (usize, &Finding)| f.level < Level::Must || f.waived.is_some();
                match row.verdict == Verdict::Passed && trial.findings().any(warns) {
                    true => tests.warned.push(trial.name),
                    false => list.push(trial.name),
                }
            }
        }
        Ok(tests)
    }

    /// Writes the document. `annexes` is the SHA-256 of its annexes, hex.
    pub fn write(&self, annexes: &str, out: &mut dyn Write) -> Result<(), ReportError> {
        page::write(self, annexes, out)
    }

    /// Writes the annexes of the document.
    pub fn write_annexes(&self, out: &mut dyn Write) -> Result<(), ReportError> {
        page::write_annexes(self, out)
    }

    fn index(&self) -> &Index {
        self.run.index()
    }
}
