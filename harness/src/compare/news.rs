//! [`News`]: the findings of a run that are not of the run before, gathered by cause.

use super::index::{Index, Judged, cause_of};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::problem::Tally;
use crate::record::TrialFinished;

/// New findings, and the names of the cases that have them in the order in which the tally numbers them.
#[derive(Debug, Default)]
pub struct News {
    pub tally: Tally,
    pub names: Vec<String>,
}

impl News {
    pub fn new(apis: &[String]) -> Self {
        Self { tally: Tally::new(apis.iter().cloned()), names: Vec::new() }
    }

    /// Takes in what fails a case and did not before.
    pub fn add_failing(&mut self, trial: &TrialFinished, old: &Index) {
        let before = old.judged.get(&trial.name);
        self.add(trial, |operation, finding| {
            finding.fails() && !known(before.map(|b| &b.causes), operation, finding)
        });
    }

    /// Takes in what is warned of in a case and was not before.
    pub fn add_warned(&mut self, trial: &TrialFinished, before: &Judged) {
        self.add(trial, |operation, finding| {
            finding.level < Level::Must && !known(Some(&before.warnings), operation, finding)
        });
    }

    fn add(&mut self, trial: &TrialFinished, wanted: impl Fn(&str, &Finding) -> bool) {
        let mut news = trial.clone();
        for step in &mut news.steps {
            let operation = step.operation.clone();
            step.findings.retain(|finding| wanted(&operation, finding));
        }
        self.tally.add(&news);
        self.names.push(news.name);
    }

    /// Names of the cases of a problem.
    pub fn cases<'n>(&'n self, trials: &'n [u32]) -> impl Iterator<Item = &'n str> {
        trials.iter().filter_map(|number| self.names.get(*number as usize)).map(String::as_str)
    }
}

fn known(before: Option<&Vec<(String, String)>>, operation: &str, finding: &Finding) -> bool {
    let cause = cause_of(operation, finding);
    before.is_some_and(|before| before.iter().any(|(known, _)| *known == cause))
}
