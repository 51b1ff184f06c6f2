//! Which trials run: filters, levels and tags, decided before anything is sent, each skip with its reason.

use super::trial::{Planned, Trial};
use crate::model::level::Level;
use std::sync::Arc;

/// What the command line selects. Empty selects everything.
#[derive(Debug, Clone, Default)]
pub struct Selection {
    /// Parts of trial names; one must fit.
    pub filters: Vec<String>,
    /// Filters are whole names.
    pub exact: bool,
    /// Parts of names that are left out.
    pub skip: Vec<String>,
    pub tags: Vec<String>,
    /// The lowest level that runs.
    pub level: Option<Level>,
    /// Nothing that changes the target is sent.
    pub safe_only: bool,
}

/// The plan: every trial that the filters leave, in the suite's order; those that do not run say why.
pub fn select(trials: Vec<Arc<Trial>>, selection: &Selection) -> Vec<Planned> {
    trials
        .into_iter()
        .filter(|trial| named(trial, selection))
        .map(|trial| Planned { skip: reason(&trial, selection), trial })
        .collect()
}

/// Whether the filters leave a trial in the plan.
fn named(trial: &Trial, selection: &Selection) -> bool {
    let fits = |filter: &String| match selection.exact {
        true => trial.name == *filter,
        false => trial.name.contains(filter.as_str()),
    };
    (selection.filters.is_empty() || selection.filters.iter().any(fits)) && !selection.skip.iter().any(fits)
}

fn reason(trial: &Trial, selection: &Selection) -> Option<String> {
    if !selection.tags.is_empty() && !trial.tags.iter().any(|tag| selection.tags.contains(tag)) {
        return Some(format!("has none of the tags {}", selection.tags.join(", ")));
    }
    if let Some(level) = selection.level.filter(|level| trial.level < *level) {
        return Some(format!("its level is {}, below {}", trial.level.as_str(), level.as_str()));
    }
    (selection.safe_only && !trial.is_safe()).then(|| "changes the target, and `--safe-only` is given".into())
}
