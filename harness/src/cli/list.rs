//! `proofmark run --list`.

use super::console;
use crate::plan::Planned;

/// One line a trial, in the format of libtest: `name: test`.
pub fn print(plan: &[Planned]) {
    for planned in plan {
        console::line(&format!("{}: test", planned.trial.name));
    }
    let skipped = plan.iter().filter(|p| p.skip.is_some()).count();
    let note = if skipped > 0 { format!(" ({skipped} would be skipped)") } else { String::new() };
    console::note(&format!("{} trials{note}", plan.len()));
}
