//! Every fault changes what it says, and nothing else.

use std::collections::BTreeSet;
use std::thread;

use proofmark_sandbox::faults;

use crate::bench::Bench;
use crate::{cube_faults, jsms_faults, roam_faults, roam_order_faults, unicom_ivr_faults, vascloud_faults};

/// What a client who has the contract sees, without and with one fault.
pub struct Case {
    pub fault: &'static str,
    pub observe: fn(&Bench) -> String,
    pub honest: &'static str,
    pub faulty: &'static str,
}

const TABLES: [(&str, &[Case]); 6] = [
    ("unicom-ivr", unicom_ivr_faults::CASES),
    ("jsms", jsms_faults::CASES),
    ("roam", roam_faults::CASES),
    ("roam", roam_order_faults::CASES),
    ("vascloud", vascloud_faults::CASES),
    ("cube", cube_faults::CASES),
];

/// Runs all cases of a table at the same time (some of them wait) and lists those that were not as expected.
fn surprises(
    cases: &'static [Case],
    faults_of: impl Fn(&Case) -> Vec<&'static str> + Sync,
    faulty: bool,
) -> Vec<String> {
    thread::scope(|scope| {
        let observe = |case: &'static Case| {
            let on = faults_of(case);
            move || {
                let expected = if faulty { case.faulty } else { case.honest };
                let seen = (case.observe)(&Bench::new(&on));
                (seen != expected).then(|| format!("{}: expected {expected:?}, seen {seen:?}", case.fault))
            }
        };
        let running: Vec<_> = cases.iter().map(|case| scope.spawn(observe(case))).collect();
        running
            .into_iter()
            .filter_map(|thread| thread.join().unwrap_or(Some("a panic, see above".to_owned())))
            .collect()
    })
}

const NONE: [String; 0] = [];

#[test]
fn every_fault_is_in_the_tables() {
    let listed: BTreeSet<_> = faults().iter().map(|fault| (fault.api, fault.name)).collect();
    let tested: BTreeSet<_> =
        TABLES.iter().flat_map(|(api, cases)| cases.iter().map(|case| (*api, case.fault))).collect();
    assert_eq!(tested, listed);
}

#[test]
fn every_fault_differs_from_honesty() {
    for case in TABLES.iter().flat_map(|(_, cases)| *cases) {
        assert_ne!(case.honest, case.faulty, "{}", case.fault);
    }
}

#[test]
fn every_fault_is_seen() {
    for (_, cases) in TABLES {
        assert_eq!(surprises(cases, |case| vec![case.fault], true), NONE);
    }
}

#[test]
fn without_faults_nothing_is_seen() {
    for (_, cases) in TABLES {
        assert_eq!(surprises(cases, |_| vec![], false), NONE);
    }
}

#[test]
fn faults_of_other_apis_are_not_seen() {
    for (api, cases) in TABLES {
        let others: Vec<_> =
            faults().iter().filter(|fault| fault.api != api).map(|fault| fault.name).collect();
        assert_eq!(surprises(cases, |_| others.clone(), false), NONE);
    }
}
