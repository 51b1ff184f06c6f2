//! [`Measures`]: what is drawn of a run: when each trial ran, how long each operation took, which checks judged what.

use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::TrialFinished;
use std::collections::HashMap;

/// Tags and checks that are told apart.
const MAX_NAMES: usize = 200;
/// Trials whose names are kept: where there are more, no drawing has one of each.
pub const MAX_NAMED: usize = 1_200;
/// Operations that are told apart.
const MAX_OPERATIONS: usize = 2_000;

/// When a trial ran.
#[derive(Debug, Clone, Copy)]
pub struct Span {
    /// Number of the trial.
    pub trial: u32,
    /// Milliseconds since the start of the run.
    pub begin: f32,
    pub length: f32,
    pub verdict: Verdict,
}

/// How often a check judged the answers of an operation, and how often it found something.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Judged {
    pub answers: usize,
    /// Answers with a finding of level `must`, and with others only.
    pub failed: usize,
    pub warned: usize,
}

/// What the calls of an operation came to.
#[derive(Debug, Default)]
pub struct OperationMeasures {
    pub api: String,
    pub id: String,
    /// Milliseconds of every answer that came, in the order of the record.
    pub times: Vec<f32>,
    /// By number in [`Measures::judging`].
    pub checks: HashMap<usize, Judged>,
}

#[derive(Debug, Default)]
pub struct Measures {
    pub spans: Vec<Span>,
    /// Names of the first trials.
    pub names: Vec<String>,
    /// In the order in which they were first called.
    pub operations: Vec<OperationMeasures>,
    by_name: HashMap<(String, String), usize>,
    /// Names of checks that judged something or found something.
    pub judging: Vec<String>,
    /// Tags of trials, and names of the checks that found something: what cases can be filtered by.
    pub tags: Vec<String>,
    pub checks: Vec<String>,
}

impl Measures {
    #[expect(clippy::cast_precision_loss, clippy::cast_possible_truncation, reason = "times for a drawing")]
    pub fn add(&mut self, trial: &TrialFinished) {
        let number = u32::try_from(self.spans.len()).unwrap_or(u32::MAX);
        self.spans.push(Span {
            trial: number,
            begin: trial.started_ms as f32,
            length: trial.duration_ms as f32,
            verdict: trial.verdict,
        });
        if self.names.len() < MAX_NAMED {
            self.names.push(trial.name.clone());
        }
        for tag in &trial.tags {
            name(&mut self.tags, tag);
        }
        for (_, finding) in trial.findings() {
            name(&mut self.checks, &finding.check);
        }
        for step in &trial.steps {
            let Some(at) = self.operation(&trial.api, &step.operation) else { continue };
            if step.response.is_some() {
                self.operations[at].times.push(step.total_ms as f32);
            }
            let mut judged: Vec<(usize, bool, bool)> = Vec::new();
            for check in &step.checks {
                judged.extend(name(&mut self.judging, check).map(|check| (check, false, false)));
            }
            for finding in step.findings.iter().filter(|f| f.waived.is_none()) {
                let Some(check) = name(&mut self.judging, &finding.check) else { continue };
                let (must, other) = (finding.level == Level::Must, finding.level != Level::Must);
                match judged.iter_mut().find(|(known, ..)| *known == check) {
                    Some(known) => (known.1, known.2) = (known.1 || must, known.2 || other),
                    None => judged.push((check, must, other)),
                }
            }
            for (check, failed, warned) in judged {
                let cell = self.operations[at].checks.entry(check).or_default();
                cell.answers += 1;
                cell.failed += usize::from(failed);
                cell.warned += usize::from(warned && !failed);
            }
        }
    }

    fn operation(&mut self, api: &str, id: &str) -> Option<usize> {
        let key = (api.to_owned(), id.to_owned());
        if let Some(at) = self.by_name.get(&key) {
            return Some(*at);
        }
        if self.operations.len() >= MAX_OPERATIONS {
            return None;
        }
        self.operations.push(OperationMeasures {
            api: key.0.clone(),
            id: key.1.clone(),
            ..OperationMeasures::default()
        });
        self.by_name.insert(key, self.operations.len() - 1);
        Some(self.operations.len() - 1)
    }
}

/// The number of a name, which is taken in where it is new and there is room.
fn name(list: &mut Vec<String>, name: &str) -> Option<usize> {
    match list.iter().position(|known| known == name) {
        Some(at) => Some(at),
        None if list.len() < MAX_NAMES => {
            list.push(name.to_owned());
            Some(list.len() - 1)
        }
        None => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{finding, trial_with};

    #[test]
    fn answers_are_counted_once_a_check() {
        let mut measures = Measures::default();
        let mut warning = finding("undocumented", "/x");
        warning.level = Level::Should;
        measures.add(&trial_with(vec![finding("schema", "/a"), finding("schema", "/b"), warning]));
        measures.add(&trial_with(Vec::new()));
        let cell = |check: &str| {
            let number = measures.judging.iter().position(|name| name == check).expect("a check");
            measures.operations[0].checks[&number]
        };
        assert_eq!(cell("schema"), Judged { answers: 2, failed: 1, warned: 0 });
        assert_eq!(cell("status"), Judged { answers: 2, failed: 0, warned: 0 });
        assert_eq!(cell("undocumented"), Judged { answers: 1, failed: 0, warned: 1 });
        assert_eq!(measures.checks, ["schema", "undocumented"]);
        assert_eq!(measures.operations[0].times.len(), 2);
    }
}
