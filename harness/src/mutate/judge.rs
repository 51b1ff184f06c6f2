//! Judging a mutant in the place of the answer, and what comes of it.

use super::equivalent::{self, Reason};
use super::operator::Mutant;
use super::source::Source;
use crate::model::finding::Finding;
use crate::model::level::Level;
use std::collections::HashSet;

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

/// What the answer itself was found to be, so that only new findings count.
pub struct Baseline(HashSet<(String, String, String)>);

impl Baseline {
    pub fn of(source: &Source<'_>) -> Self {
        Self(source.evidence.findings.iter().map(key).collect())
    }
}

fn key(finding: &Finding) -> (String, String, String) {
    (finding.check.clone(), finding.requirement.clone().unwrap_or_default(), finding.at.clone())
}

/// Judges `mutant` with the checks of the run. Findings below `level` do not kill.
pub fn judge(source: &Source<'_>, baseline: &Baseline, mutant: &Mutant, level: Level) -> Fate {
    let judged = source.evidence.judge(&mutant.response);
    let is_new = |f: &&Finding| f.level >= level && (baseline.0.is_empty() || !baseline.0.contains(&key(f)));
    let mut kills: Vec<Kill> = Vec::new();
    for finding in judged.findings.iter().filter(is_new) {
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
    if let Some(reason) = equivalent::by_specification(source, mutant, &judged.answer) {
        return Fate::Equivalent { reason, noticed: !kills.is_empty() };
    }
    if !kills.is_empty() {
        return Fate::Killed(kills);
    }
    if let Some(why) = judged.not_judged {
        return Fate::NotJudged(why);
    }
    match equivalent::by_contract(source, mutant, &judged.answer) {
        Some(reason) => Fate::Equivalent { reason, noticed: false },
        None => Fate::Survived,
    }
}
