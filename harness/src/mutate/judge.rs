//! Judging a mutant in the place of the answer, and what comes of it.

use super::equivalent::{self, Reason};
use super::operator::Mutant;
use super::patched::Patched;
use super::source::Source;
use crate::http::body::Answer;
use crate::model::finding::Finding;
use crate::model::level::Level;
use std::collections::HashSet;

/// The check that compares with a snapshot. It is none of the registry.
const SNAPSHOT: &str = "snapshot";

/// What comes of a mutant.
#[derive(Debug, Clone, PartialEq)]
pub enum Fate {
    /// By these checks, from the envelope inwards.
    Killed(Vec<Kill>),
    /// No check noticed, and one should have.
    Survived,
    /// It is no defect. `noticed` tells whether a check thinks otherwise.
    Equivalent { reason: Reason, noticed: bool },
    /// A validator stopped short of a verdict.
    NotJudged(String),
}

/// A finding that the answer itself does not have.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Kill {
    pub check: String,
    /// Id of the rule, keyword of the schema.
    pub requirement: String,
    pub level: Level,
}

/// Judges the mutants of one answer.
pub struct Judge<'s> {
    source: &'s Source<'s>,
    baseline: Baseline,
    /// Findings below it do not kill.
    level: Level,
    /// The answer with parts exchanged, where it is JSON.
    patched: Option<Patched>,
    /// The answer's snapshot, where mutants are compared with it.
    snapshot: Option<String>,
}

/// What the answer itself was found to be, so that only new findings count.
struct Baseline(HashSet<(String, String, String)>);

fn key(finding: &Finding) -> (String, String, String) {
    (finding.check.clone(), finding.requirement.clone().unwrap_or_default(), finding.at.clone())
}

impl<'s> Judge<'s> {
    pub fn new(source: &'s Source<'s>, level: Level) -> Self {
        let baseline = Baseline(source.evidence.findings.iter().map(key).collect());
        Self { source, baseline, level, patched: Patched::new(source), snapshot: None }
    }

    /// Compares with the answer's snapshot, too.
    pub fn with_snapshot(self) -> Self {
        let snapshot = self.source.evidence.snapshot(self.source.response, &self.source.answer);
        Self { snapshot: Some(snapshot), ..self }
    }

    /// Whether the snapshot of a mutant is not that of the answer.
    fn differs(&self, mutant: &Mutant, answer: &Answer) -> bool {
        let own = self.snapshot.as_ref();
        own.is_some_and(|own| *own != self.source.evidence.snapshot(&mutant.response, answer))
    }

    /// Judges a mutant with the checks of the run, what is known of the answer left out: the same as [`Judge::whole`].
    pub fn judge(&mut self, mutant: &Mutant) -> Fate {
        match self.by_patch(mutant) {
            Some(fate) => fate,
            None => self.whole(mutant),
        }
    }

    /// Judges a mutant as a run would judge an answer: all of it is read, and every check asked.
    pub fn whole(&self, mutant: &Mutant) -> Fate {
        let judged = self.source.evidence.judge(&mutant.response);
        let same = || equivalent::by_specification(self.source, mutant, &judged.answer);
        let open = || equivalent::by_contract(self.source, mutant, judged.answer.body.as_ref());
        let differs = self.differs(mutant, &judged.answer);
        self.fate(&judged.findings, differs, judged.not_judged.clone(), same, open)
    }

    /// Judges a mutant by exchanging the part of the tree that is different; `None` where that cannot be done.
    fn by_patch(&mut self, mutant: &Mutant) -> Option<Fate> {
        let mut patched = self.patched.take()?;
        let fate = patched.with(self.source, mutant, |answer, settled, is_same| {
            let (findings, not_judged) = self.source.evidence.judge_read(&mutant.response, answer, settled);
            let same = || is_same.then_some(equivalent::SAME_JSON);
            let open = || equivalent::by_contract(self.source, mutant, answer.body.as_ref());
            self.fate(&findings, self.differs(mutant, answer), not_judged, same, open)
        });
        self.patched = Some(patched);
        fate
    }

    fn fate(
        &self,
        findings: &[Finding],
        differs: bool,
        not_judged: Option<String>,
        same: impl FnOnce() -> Option<Reason>,
        open: impl FnOnce() -> Option<Reason>,
    ) -> Fate {
        let known = &self.baseline.0;
        let is_new = |f: &&Finding| f.level >= self.level && (known.is_empty() || !known.contains(&key(f)));
        let mut kills: Vec<Kill> = Vec::new();
        for finding in findings.iter().filter(is_new) {
            let requirement = finding.requirement.as_deref().unwrap_or_default();
            match kills.iter_mut().find(|k| k.check == finding.check && k.requirement == requirement) {
                Some(known) => known.level = known.level.max(finding.level),
                None => kills.push(Kill {
                    check: finding.check.clone(),
                    requirement: requirement.to_owned(),
                    level: finding.level,
                }),
            }
        }
        if differs {
            kills.push(Kill { check: SNAPSHOT.into(), requirement: String::new(), level: Level::Must });
        }
        if let Some(reason) = same() {
            return Fate::Equivalent { reason, noticed: !kills.is_empty() };
        }
        if !kills.is_empty() {
            return Fate::Killed(kills);
        }
        if let Some(why) = not_judged {
            return Fate::NotJudged(why);
        }
        match open() {
            Some(reason) => Fate::Equivalent { reason, noticed: false },
            None => Fate::Survived,
        }
    }
}
