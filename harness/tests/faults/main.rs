//! The suite against the sandbox: each of its faults is caught by the case that is for it, a run with two faults names
//! these two, and without a fault there is nothing to report, 50 runs in a row.

mod clean;
mod command;
mod pairs;
mod roam;
mod table;

use command::run;
use proofmark::model::level::Level;
use proofmark::model::verdict::{Verdict, exit};
use proofmark::record::TrialFinished;
use proofmark_sandbox::faults;
use std::collections::BTreeSet;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::thread;
use table::{Caught, Row};

/// All rows. Those that take seconds are first: the others run meanwhile.
fn rows() -> Vec<&'static Row> {
    table::ROWS.iter().chain(roam::ROWS).collect()
}

/// Runs at a time. More than there are cores: some faults are about waiting.
const AT_A_TIME: usize = 6;

#[test]
fn the_table_has_every_fault_once() {
    let listed: Vec<&str> = faults().iter().map(|fault| fault.name).collect();
    let rows = rows();
    let rows: Vec<&str> = rows.iter().map(|row| row.fault).chain(table::FUZZED.iter().copied()).collect();
    let (mut listed_sorted, mut rows_sorted) = (listed.clone(), rows);
    listed_sorted.sort_unstable();
    rows_sorted.sort_unstable();
    assert_eq!(rows_sorted, listed_sorted, "a fault needs a row in the table, and a row a fault");
    assert!(listed.len() >= 15);
}

#[test]
fn every_fault_is_caught_by_the_case_that_is_for_it() {
    let trials: BTreeSet<&str> = rows().iter().map(|row| row.trial).collect();
    let honest = run(&[&["--exact"], trials.iter().copied().collect::<Vec<_>>().as_slice()].concat());
    let judged: BTreeSet<&str> = honest.trials.iter().map(|trial| trial.name.as_str()).collect();
    assert_eq!(judged, trials, "the table names trials that the suite does not have");
    for trial in &honest.trials {
        assert!(is_clean(trial), "without a fault, {} is not clean: {trial:#?}", trial.name);
    }
    let surprises = side_by_side(&rows(), |row| surprise(row).map(|what| format!("{}: {what}", row.fault)));
    assert!(surprises.is_empty(), "{}", surprises.join("\n"));
}

/// What is not as the row says.
fn surprise(row: &Row) -> Option<String> {
    let ran = run(&["--api", api(row), "--fault", row.fault, "--exact", row.trial]);
    let [trial] = ran.trials.as_slice() else { return Some(format!("{} trials", ran.trials.len())) };
    let (verdict, status) = match row.caught {
        Caught::Failed => (Verdict::Failed, exit::FINDINGS),
        Caught::Warned => (Verdict::Passed, exit::CONFORMANT),
        Caught::Errored => (Verdict::Errored, exit::COULD_NOT_JUDGE),
    };
    let found: Vec<String> = match row.caught {
        Caught::Errored => {
            trial.steps.iter().filter_map(|s| s.error.as_ref()).map(|e| e.kind.clone()).collect()
        }
        Caught::Failed | Caught::Warned => {
            let level = if row.caught == Caught::Failed { Level::Must } else { Level::Should };
            let of_level = trial.findings().filter(|(_, f)| f.level == level);
            of_level
                .map(|(_, f)| format!("{} {}", f.check, f.requirement.as_deref().unwrap_or_default()))
                .collect()
        }
    };
    if (trial.verdict, ran.status) != (verdict, status) {
        return Some(format!(
            "{:?} with exit status {} instead of {verdict:?}: {found:?}",
            trial.verdict, ran.status
        ));
    }
    let wanted = row.because;
    (!found.iter().any(|what| what == wanted)).then(|| format!("not caught as `{wanted}` but as {found:?}"))
}

fn api(row: &Row) -> &'static str {
    let fault = faults().iter().find(|fault| fault.name == row.fault);
    fault.map(|fault| fault.api).unwrap_or_else(|| panic!("no fault `{}`", row.fault))
}

/// Passed, and nothing to say that binds anybody.
fn is_clean(trial: &TrialFinished) -> bool {
    trial.verdict == Verdict::Passed && trial.findings().all(|(_, finding)| finding.level == Level::May)
}

/// Does it for every item, several at a time, in order of the list, and collects what comes of it.
fn side_by_side<T: Sync, R: Send>(items: &[T], act: impl Fn(&T) -> Option<R> + Sync) -> Vec<R> {
    let next = AtomicUsize::new(0);
    let work = || {
        let mut results = Vec::new();
        while let Some(item) = items.get(next.fetch_add(1, Ordering::Relaxed)) {
            results.extend(act(item));
        }
        results
    };
    thread::scope(|scope| {
        let workers: Vec<_> = (0..AT_A_TIME).map(|_| scope.spawn(work)).collect();
        workers.into_iter().flat_map(|worker| worker.join().expect("a worker panicked")).collect()
    })
}
