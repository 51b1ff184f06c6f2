//! A sandbox without faults has no finding, of whatever level, and good input is accepted.

use crate::command::{fuzz, raw, read};
use proofmark::model::verdict::Verdict;
use proofmark_sandbox::{Options, Sandbox};

/// `--seed` and arguments that choose operations. All APIs with ten seeds: harness/benches/fuzz_seeds.py.
const RUNS: [(&str, &[&str]); 4] = [
    ("7", &["--api", "unicom-ivr"]),
    ("8", &["--api", "unicom-ivr", "--operation", "ivrbaoyue"]),
    ("7", &["--api", "cube"]),
    ("7", &["--api", "vascloud", "--operation", "notify_check", "--operation", "notify_check_get"]),
];

#[test]
fn a_sandbox_without_faults_has_no_findings() {
    for (seed, arguments) in RUNS {
        let fuzzed = fuzz(&[&["--seed", seed, "--cases", "20"], arguments].concat());
        assert_eq!(fuzzed.findings(), Vec::<String>::new(), "seed {seed} {arguments:?}");
        assert_eq!(fuzzed.status, 0, "{}", fuzzed.said);
        assert!(fuzzed.trials.iter().all(|trial| trial.verdict == Verdict::Passed), "{:?}", fuzzed.trials);
    }
}

/// Nobody gave the credentials: every request is refused with status 200 and a code, and a refusal is no acceptance of
/// what is wrong with it.
#[test]
fn where_only_refusals_are_known_no_bad_input_is_accepted() {
    let sandbox = Sandbox::start(Options::default()).expect("a sandbox");
    let target = sandbox.base_url("cube").expect("the API");
    let fuzzed = read(&raw(&[
        "--spec",
        "specs/cube/openapi.yaml",
        "--target",
        &target,
        "--phases",
        "examples,boundaries",
        "--seed",
        "7",
        "--format",
        "json",
        "--no-report",
    ]));
    assert_eq!(fuzzed.findings(), Vec::<String>::new());
    assert_eq!((fuzzed.status, fuzzed.trials.len()), (0, 1), "{}", fuzzed.said);
}
