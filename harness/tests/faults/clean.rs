//! Without a fault there is nothing to report, whether trials run one after the other or 64 at a time.

use crate::command::run;
use crate::{is_clean, side_by_side};
use proofmark::model::verdict::exit;

/// Runs of the whole suite, each with random values of its own.
const RUNS: usize = 50;

#[test]
fn a_sandbox_without_faults_is_clean_50_runs_in_a_row() {
    let planned = run(&["--jobs", "64"]).counts.total();
    let numbers: Vec<usize> = (0..RUNS).collect();
    let unclean = side_by_side(&numbers, |number| {
        let jobs = if number % 2 == 0 { "1" } else { "64" };
        let ran = run(&["--jobs", jobs]);
        let found: Vec<String> = ran
            .trials
            .iter()
            .filter(|trial| !is_clean(trial))
            .map(|trial| {
                let findings: Vec<&str> =
                    trial.findings().map(|(_, finding)| finding.message.as_str()).collect();
                format!("{} is {} {:?}: {findings:#?}", trial.name, trial.verdict.as_str(), trial.reason)
            })
            .collect();
        let whole =
            ran.status == exit::CONFORMANT && ran.counts.passed == planned && ran.trials.len() == planned;
        (!whole || !found.is_empty()).then(|| {
            let counts = ran.counts;
            format!("run {number} with --jobs {jobs} --seed {}: {counts:?}\n{}", ran.seed, found.join("\n"))
        })
    });
    assert!(unclean.is_empty(), "{} of {RUNS} runs are not clean:\n{}", unclean.len(), unclean.join("\n\n"));
}
