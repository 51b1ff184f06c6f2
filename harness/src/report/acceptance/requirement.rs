//! What became of each documented requirement: operations, rules of the contract, lines of the documents.

use super::super::index::Index;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::{ReadError, RuleSummary, TrialFinished};
use std::collections::BTreeMap;

/// What became of a requirement. The worst comes first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Outcome {
    Failed,
    /// There was no answer to judge.
    NotJudged,
    Waived,
    /// Broken in a way that the requirement's level does not forbid, or held at a second try only.
    Remark,
    Passed,
    NotTested,
}

impl Outcome {
    pub fn words(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::NotJudged => "not judged",
            Self::Waived => "waived",
            Self::Remark => "passed with remarks",
            Self::Passed => "passed",
            Self::NotTested => "not tested",
        }
    }

    /// The letter that it has in class names.
    pub fn letter(self) -> &'static str {
        match self {
            Self::Failed => "f",
            Self::NotJudged => "e",
            Self::Waived | Self::Remark => "w",
            Self::Passed => "p",
            Self::NotTested => "s",
        }
    }

    fn of_trial(trial: &TrialFinished) -> Self {
        let remark = trial.findings().any(|(_, f)| f.level < Level::Must);
        match trial.verdict {
            Verdict::Failed => Self::Failed,
            Verdict::Errored => Self::NotJudged,
            Verdict::Skipped => Self::NotTested,
            Verdict::Waived => Self::Waived,
            Verdict::Flaky => Self::Remark,
            Verdict::Passed if remark => Self::Remark,
            Verdict::Passed => Self::Passed,
        }
    }

    fn of_finding(finding: &Finding) -> Self {
        match (finding.level, &finding.waived) {
            (Level::Must, None) => Self::Failed,
            (Level::Must, Some(_)) => Self::Waived,
            (Level::Should | Level::May, _) => Self::Remark,
        }
    }

    /// The worse of two; what was not tested says nothing.
    fn and(self, other: Self) -> Self {
        self.min(other)
    }
}

/// An operation, and how often it was called.
#[derive(Debug, Clone)]
pub struct OperationResult {
    pub outcome: Outcome,
    pub calls: usize,
}

/// Cases that come from the same lines of a document.
#[derive(Debug, Clone)]
pub struct LineResult {
    /// As cases have it.
    pub doc: String,
    pub level: Level,
    pub outcome: Outcome,
    pub cases: usize,
    pub titles: Vec<String>,
    /// Names of trials that did not pass.
    pub not_passed: Vec<String>,
}

/// The requirements of one API.
#[derive(Debug, Default)]
pub struct ApiResults {
    pub operations: BTreeMap<String, OperationResult>,
    pub lines: Vec<LineResult>,
    pub rules: Vec<(RuleSummary, Outcome)>,
}

/// Reads the record once.
pub fn results(index: &Index) -> Result<BTreeMap<String, ApiResults>, ReadError> {
    let mut apis: BTreeMap<String, ApiResults> = BTreeMap::new();
    let mut broken: BTreeMap<(String, String, String), Outcome> = BTreeMap::new();
    for api in &index.started.apis {
        let entry = apis.entry(api.name.clone()).or_default();
        for operation in &api.operations {
            let untested = OperationResult { outcome: Outcome::NotTested, calls: 0 };
            entry.operations.insert(operation.id.clone(), untested);
        }
    }
    for (number, _) in (0..).zip(&index.rows) {
        let trial = index.trial(number)?;
        let api = apis.entry(trial.api.clone()).or_default();
        for step in &trial.steps {
            if let Some(operation) = api.operations.get_mut(&step.operation) {
                let answered = if step.error.is_some() { Outcome::NotJudged } else { Outcome::Passed };
                let found = step.findings.iter().map(Outcome::of_finding).fold(answered, Outcome::and);
                operation.outcome = operation.outcome.and(found);
                operation.calls += 1;
            }
            for finding in step.findings.iter().filter(|f| f.check == "rule" || f.check == "callback") {
                let id = finding.requirement.clone().unwrap_or_default();
                let entry = broken.entry((trial.api.clone(), step.operation.clone(), id));
                let outcome = entry.or_insert(Outcome::NotTested);
                *outcome = outcome.and(Outcome::of_finding(finding));
            }
        }
        add_line(&mut api.lines, &trial);
    }
    for api in apis.values_mut() {
        api.lines.sort_by_cached_key(|line| order(&line.doc));
    }
    for rule in index.finished.iter().flat_map(|finished| &finished.rules) {
        let found = rule.operations.iter().filter_map(|operation| {
            broken.get(&(rule.api.clone(), operation.clone(), rule.id.clone())).copied()
        });
        let held = if rule.asked { Outcome::Passed } else { Outcome::NotTested };
        let outcome = found.fold(held, Outcome::and);
        apis.entry(rule.api.clone()).or_default().rules.push((rule.clone(), outcome));
    }
    Ok(apis)
}

fn add_line(lines: &mut Vec<LineResult>, trial: &TrialFinished) {
    let doc = trial.doc.clone().unwrap_or_default();
    let found = lines.iter().position(|line| line.doc == doc && line.level == trial.level);
    let at = found.unwrap_or_else(|| {
        lines.push(LineResult {
            doc,
            level: trial.level,
            outcome: Outcome::NotTested,
            cases: 0,
            titles: Vec::new(),
            not_passed: Vec::new(),
        });
        lines.len() - 1
    });
    let (line, outcome) = (&mut lines[at], Outcome::of_trial(trial));
    line.outcome = line.outcome.and(outcome);
    line.cases += 1;
    if !line.titles.contains(&trial.title) {
        line.titles.push(trial.title.clone());
    }
    if !matches!(outcome, Outcome::Passed | Outcome::Remark) {
        line.not_passed.push(trial.name.clone());
    }
}

/// By document, then by the first line.
fn order(doc: &str) -> (String, u32, String) {
    let (document, lines) = doc.rsplit_once('#').unwrap_or((doc, ""));
    let first: String = lines.chars().take_while(char::is_ascii_digit).collect();
    (document.to_owned(), first.parse().unwrap_or(0), lines.to_owned())
}

/// How many requirements came to each outcome, the worst first.
pub fn tally(results: &BTreeMap<String, ApiResults>) -> Vec<(&'static str, BTreeMap<Outcome, usize>)> {
    let mut kinds = vec![
        ("operations", BTreeMap::new()),
        ("rules", BTreeMap::new()),
        ("document lines", BTreeMap::new()),
    ];
    for api in results.values() {
        let outcomes = [
            api.operations.values().map(|o| o.outcome).collect::<Vec<_>>(),
            api.rules.iter().map(|(_, outcome)| *outcome).collect(),
            api.lines.iter().map(|line| line.outcome).collect(),
        ];
        for ((_, counts), outcomes) in kinds.iter_mut().zip(outcomes) {
            for outcome in outcomes {
                *counts.entry(outcome).or_insert(0) += 1;
            }
        }
    }
    kinds
}
