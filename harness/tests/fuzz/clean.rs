//! A sandbox without faults has no finding, of whatever level, and good input is accepted.

use crate::command::fuzz;
use proofmark::model::verdict::Verdict;

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
