//! `--gate`: watches the trials of a run, and says at its end whether it passes.

use super::console::{self, Console};
use crate::engine::Observer;
use crate::model::verdict::exit;
use crate::policy::{Waivers, Watch, decide};
use crate::record::{Clause, Coverage, GateDecision, TrialFinished};
use crate::suite::Gate;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts what the gate asks for, and shows trials as the console does.
pub struct Watchman {
    console: Arc<Console>,
    watch: Mutex<Watch>,
}

impl Watchman {
    pub fn new(console: Arc<Console>) -> Self {
        Self { console, watch: Mutex::default() }
    }

    pub fn decide(
        &self,
        gate: &Gate,
        waivers: &Waivers,
        coverage: Option<&Coverage>,
        interrupted: bool,
    ) -> GateDecision {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        decide(gate, &mut watch, waivers, coverage, interrupted)
    }
}

impl Observer for Watchman {
    fn trial_finished(&self, trial: &TrialFinished) {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner).add(trial);
        self.console.trial_finished(trial);
    }
}

/// The clauses, and on the last line which of them decided.
pub fn print(decision: &GateDecision) {
    for clause in &decision.clauses {
        console::line(&format!("  {} {:<12} {}", console::tick(clause.holds), clause.name, clause.says));
    }
    let refusals: Vec<String> =
        decision.refusals().map(|clause| format!("`{}` ({})", clause.name, clause.says)).collect();
    console::line(&match refusals.is_empty() {
        false => format!("gate: {}, by {}", console::bad("fail"), refusals.join(" and ")),
        true => format!("gate: {}, all {} clauses hold", console::good("pass"), decision.clauses.len()),
    });
}

/// The exit status of a run that a gate decided: wrong beats could-not-tell.
pub fn exit(decision: &GateDecision) -> u8 {
    match (decision.refusals().count(), decision.refusals().all(Clause::is_about_judging)) {
        (0, _) => exit::CONFORMANT,
        (_, true) => exit::COULD_NOT_JUDGE,
        (_, false) => exit::FINDINGS,
    }
}
