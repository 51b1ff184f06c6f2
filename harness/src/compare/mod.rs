//! Two runs side by side: which cases broke and which were mended, how the fields of answers drifted, and whether the
//! target became slower. Made from records alone.

mod cases;
mod drift;
mod field;
mod index;
mod infer;
mod latency;
mod summary;

pub use cases::{Case, Cases, State};
pub use drift::{Drift, drifts};
pub use field::{Field, Range};
pub use index::{Index, Judged, index};
pub use infer::{Answers, Group, infer};
pub use latency::{Shift, shifts};

use crate::problem::Tally;
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
    /// The findings of newly failing cases by cause.
    #[serde(skip)]
    pub problems: Tally,
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
    let broken: BTreeSet<&str> = cases.newly_broken().map(|case| case.name.as_str()).collect();
    let (old_answers, _) = infer(old, &both, &BTreeSet::new())?;
    let (new_answers, problems) = infer(new, &both, &broken)?;
    let drift = drifts(&old_answers, &new_answers);
    let latency = shifts(&old_answers.latency, &new_answers.latency);
    Ok(Comparison { old: before.name, new: after.name, cases, drift, latency, problems })
}
