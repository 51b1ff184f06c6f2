//! [`Causes`]: the findings of a run joined to the defects behind them, so that one broken field that fails forty cases
//! is read once.
//!
//! Two findings have one cause when they are about the same place of the same operation's answers, or when the same
//! thing is said of a field of the same name in the same API.

use super::event::TrialFinished;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use std::collections::{BTreeSet, HashMap};

/// One defect, as far as the findings tell.
#[derive(Debug, Clone, PartialEq)]
pub struct Cause {
    pub api: String,
    /// The most frequent thing that is said, e.g. ``null where the contract has a string``.
    pub message: String,
    /// Where, without list indexes; the place of `message`.
    pub at: String,
    pub operations: BTreeSet<String>,
    /// Names of the checks that saw it.
    pub checks: BTreeSet<String>,
    /// How many trials have it.
    pub trials: usize,
    /// Name of the first trial that had it.
    pub first: String,
    /// Whether something is wrong, or could only not be judged.
    pub verdict: Verdict,
}

/// Collects causes while trials end. Memory grows with the number of distinct findings, not of trials.
#[derive(Debug, Default)]
pub struct Causes {
    groups: Vec<Group>,
    /// A group that was joined to another points to it.
    parent: Vec<usize>,
    keys: HashMap<String, usize>,
}

#[derive(Debug)]
struct Group {
    api: String,
    /// What is said, where, and how often.
    messages: Vec<(String, String, usize)>,
    operations: BTreeSet<String>,
    checks: BTreeSet<String>,
    trials: usize,
    /// Number of the trial that was counted last.
    last: usize,
    first: String,
    first_at: usize,
    verdict: Verdict,
}

/// Distinct messages kept of a cause.
const MAX_MESSAGES: usize = 16;

impl Causes {
    /// Takes in a trial that did not pass; gives how many causes were not known before.
    pub fn add(&mut self, trial: &TrialFinished, number: usize) -> usize {
        let before = self.groups.len();
        let mut any = false;
        for (index, finding) in trial.findings().filter(|(_, f)| f.level == Level::Must) {
            any = true;
            self.add_finding(trial, &trial.steps[index].operation, finding, number);
        }
        if let (false, Some(reason)) =
            (any, trial.reason.as_deref().filter(|_| trial.verdict == Verdict::Errored))
        {
            let group = self.group(&[format!("{} error {reason}", trial.api)], trial);
            self.count(group, trial, number, (reason, ""), ("error", &trial.operation));
        }
        self.groups.len() - before
    }

    fn add_finding(&mut self, trial: &TrialFinished, operation: &str, finding: &Finding, number: usize) {
        let at = without_indexes(&finding.at);
        let api = &trial.api;
        let said = without_values(&finding.message);
        let requirement = finding.requirement.as_deref().unwrap_or_default();
        let keys = match at.starts_with('/') {
            true => {
                let field = at.rsplit('/').next().unwrap_or_default();
                vec![format!("{api} {operation} {at}"), format!("{api} field {field} {said}")]
            }
            // `body`, `status` and the like say too little to join by: what is asked joins.
            false => vec![
                format!("{api} {operation} {at} {} {requirement}", finding.check),
                format!("{api} {at} {said}"),
            ],
        };
        let group = self.group(&keys, trial);
        self.count(group, trial, number, (&finding.message, &at), (&finding.check, operation));
    }

    /// The group that has any of the keys; groups that turn out to be one are joined.
    fn group(&mut self, keys: &[String], trial: &TrialFinished) -> usize {
        let known: Vec<usize> =
            keys.iter().filter_map(|k| self.keys.get(k).copied()).map(|g| self.root(g)).collect();
        let group = match known.iter().min() {
            Some(group) => *group,
            None => {
                self.groups.push(Group {
                    api: trial.api.clone(),
                    messages: Vec::new(),
                    operations: BTreeSet::new(),
                    checks: BTreeSet::new(),
                    trials: 0,
                    last: usize::MAX,
                    first: trial.name.clone(),
                    first_at: self.groups.len(),
                    verdict: trial.verdict,
                });
                self.parent.push(self.groups.len() - 1);
                self.groups.len() - 1
            }
        };
        known.iter().for_each(|other| self.parent[*other] = group);
        self.keys.extend(keys.iter().map(|key| (key.clone(), group)));
        group
    }

    fn root(&self, mut group: usize) -> usize {
        while self.parent[group] != group {
            group = self.parent[group];
        }
        group
    }

    fn count(
        &mut self,
        group: usize,
        trial: &TrialFinished,
        number: usize,
        (message, at): (&str, &str),
        (check, operation): (&str, &str),
    ) {
        let group = &mut self.groups[group];
        if group.last != number {
            group.trials += 1;
            group.last = number;
        }
        group.operations.insert(operation.to_owned());
        group.checks.insert(check.to_owned());
        if trial.verdict == Verdict::Failed {
            group.verdict = Verdict::Failed;
        }
        match group.messages.iter().position(|(m, a, _)| m == message && a == at) {
            Some(known) => group.messages[known].2 += 1,
            None if group.messages.len() < MAX_MESSAGES => {
                group.messages.push((message.to_owned(), at.to_owned(), 1))
            }
            None => {}
        }
    }

    /// The causes, those of the most trials first.
    pub fn list(&self) -> Vec<Cause> {
        let mut roots: Vec<usize> = (0..self.groups.len()).filter(|g| self.parent[*g] == *g).collect();
        let mut causes: Vec<(usize, Cause)> = Vec::new();
        for root in roots.drain(..) {
            let members: Vec<&Group> =
                (0..self.groups.len()).filter(|g| self.root(*g) == root).map(|g| &self.groups[g]).collect();
            let first = members.iter().min_by_key(|g| g.first_at).copied().unwrap_or(&self.groups[root]);
            // Of two as frequent, the one that was said first.
            let said: Vec<_> = members.iter().flat_map(|g| &g.messages).collect();
            let most = said.into_iter().rev().max_by_key(|(_, _, count)| *count);
            let (message, at) = most.map(|(m, a, _)| (m.clone(), a.clone())).unwrap_or_default();
            let failed = members.iter().any(|g| g.verdict == Verdict::Failed);
            causes.push((
                first.first_at,
                Cause {
                    api: first.api.clone(),
                    message,
                    at,
                    operations: members.iter().flat_map(|g| g.operations.iter().cloned()).collect(),
                    checks: members.iter().flat_map(|g| g.checks.iter().cloned()).collect(),
                    trials: members.iter().map(|g| g.trials).sum(),
                    first: first.first.clone(),
                    verdict: if failed { Verdict::Failed } else { Verdict::Errored },
                },
            ));
        }
        causes.sort_by(|(a_at, a), (b_at, b)| b.trials.cmp(&a.trials).then(a_at.cmp(b_at)));
        causes.into_iter().map(|(_, cause)| cause).collect()
    }
}

/// `/list/3/id` and `/A/B[1]/c[2]` without their numbers.
fn without_indexes(at: &str) -> String {
    let mut out = String::with_capacity(at.len());
    for (index, token) in at.split('/').enumerate() {
        if index > 0 {
            out.push('/');
        }
        let name = token.split('[').next().unwrap_or(token);
        out.push_str(if token.bytes().all(|b| b.is_ascii_digit()) && !token.is_empty() { "*" } else { name });
    }
    out
}

/// A message with the values in backticks left out: it is the same for every answer that has the defect.
fn without_values(message: &str) -> String {
    message.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::Location;
    use crate::record::{BodyRecord, RequestRecord, Role, StepRecord};

    fn trial(operation: &str, findings: &[(&str, &str, &str)]) -> TrialFinished {
        let location = Location { file: "c.yaml".into(), line: 1, column: 1 };
        let request = RequestRecord {
            method: "GET".into(),
            url: String::new(),
            headers: Vec::new(),
            body: BodyRecord::default(),
        };
        let findings =
            findings.iter().map(|(check, at, message)| Finding::new(check, *at, *message)).collect();
        let step = StepRecord {
            role: Role::Case,
            operation: operation.into(),
            location: location.clone(),
            request,
            response: None,
            error: None,
            first_byte_ms: 0.0,
            total_ms: 0.0,
            attempts: 1,
            curl: String::new(),
            callbacks: Vec::new(),
            findings,
        };
        TrialFinished {
            name: format!("api::{operation}::case"),
            api: "api".into(),
            operation: operation.into(),
            case: "case".into(),
            title: String::new(),
            doc: None,
            level: Level::Must,
            tags: Vec::new(),
            location,
            verdict: Verdict::Failed,
            reason: None,
            started_ms: 0,
            duration_ms: 0.0,
            steps: vec![step],
        }
    }

    #[test]
    fn one_broken_field_is_one_cause_whoever_sees_it_and_where() {
        let mut causes = Causes::default();
        let trials = [
            trial("one", &[("schema", "/list/0/id", "null where the contract has a string")]),
            trial("one", &[("like", "/list/4/id", "null where the documented answer has a string")]),
            trial(
                "two",
                &[
                    ("schema", "/item/id", "null where the contract has a string"),
                    ("status", "status", "status 500 is not documented for `two`"),
                ],
            ),
        ];
        for (number, trial) in trials.iter().enumerate() {
            causes.add(trial, number);
        }
        let list = causes.list();
        assert_eq!(list.iter().map(|c| c.trials).collect::<Vec<_>>(), [3, 1]);
        assert_eq!(list[0].at, "/list/*/id");
        assert_eq!(list[0].operations.len(), 2);
        assert_eq!(list[0].checks.iter().map(String::as_str).collect::<Vec<_>>(), ["like", "schema"]);
        assert_eq!(list[1].at, "status");
    }

    #[test]
    fn different_things_at_the_same_vague_place_stay_apart() {
        let mut causes = Causes::default();
        causes.add(
            &trial(
                "one",
                &[("outcome", "body", "the answer says neither"), ("charset", "body", "byte 3 is not valid")],
            ),
            0,
        );
        assert_eq!(causes.list().len(), 2);
    }
}
