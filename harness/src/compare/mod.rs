//! Two runs side by side: which cases broke and which were mended, how the fields of answers drifted, and whether the
//! target became slower. Made from records alone.

mod cases;
mod drift;
mod field;
mod index;
mod infer;
mod latency;
mod news;
mod summary;

pub use cases::{Case, Cases, State, Warned};
pub use drift::{Drift, drifts};
pub use field::{Field, Range};
pub use index::{Index, Judged, index};
pub use infer::{Answers, Group, Times, infer};
pub use latency::{Shift, shifts};
pub use news::News;

use crate::record::ReadError;
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// Everything that two runs differ in.
#[derive(Debug, Serialize)]
pub struct Comparison {
    /// The earlier run, and the later.
    pub old: RunName,
    pub new: RunName,
    pub cases: Cases,
    pub drift: Vec<Drift>,
    pub latency: Vec<Shift>,
    /// What newly failing and new cases fail for and did not before.
    #[serde(skip)]
    pub broken: News,
    /// What is newly warned of.
    #[serde(skip)]
    pub warned: News,
    /// The answers of cases in both runs as they were seen.
    #[serde(skip)]
    pub old_answers: Answers,
    #[serde(skip)]
    pub new_answers: Answers,
}

/// Which run, of what.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct RunName {
    pub run: String,
    pub started: String,
    pub target: String,
    /// `false` when the record ends before its run.
    pub whole: bool,
}

/// Compares two records. Both are streamed twice; memory grows with the number of cases and of fields.
pub fn compare(old: &Path, new: &Path) -> Result<Comparison, ReadError> {
    let (before, after) = (index(old)?, index(new)?);
    let cases = Cases::of(&before, &after);
    // What a run did not ask says nothing of how answers changed.
    let both: BTreeSet<&str> =
        before.judged.keys().filter(|n| after.judged.contains_key(*n)).map(String::as_str).collect();
    let newly_broken: BTreeSet<&str> = cases.newly_broken().map(|case| case.name.as_str()).collect();
    let newly_warned: BTreeSet<&str> = cases.newly_warned.iter().map(|case| case.name.as_str()).collect();
    let (mut broken, mut warned) = (News::new(&after.apis), News::new(&after.apis));
    let old_answers = infer(old, &both, |_| {})?;
    let new_answers = infer(new, &both, |trial| {
        match newly_broken.contains(trial.name.as_str()) {
            true => broken.add_failing(trial, &before),
            false => broken.tally.saw(trial),
        }
        match before.judged.get(&trial.name).filter(|_| newly_warned.contains(trial.name.as_str())) {
            Some(judged) => warned.add_warned(trial, judged),
            None => warned.tally.saw(trial),
        }
    })?;
    let drift = drifts(&old_answers, &new_answers);
    let latency = shifts(&old_answers.latency, &new_answers.latency);
    Ok(Comparison {
        old: before.name,
        new: after.name,
        cases,
        drift,
        latency,
        broken,
        warned,
        old_answers,
        new_answers,
    })
}
