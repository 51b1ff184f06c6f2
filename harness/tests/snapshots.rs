//! The snapshots that are committed hold: the sandbox answers as it did, and every file belongs to a case.

use std::path::Path;
use std::process::{Command, Output};

/// The other APIs list what all trials have made: what one sees depends on which run beside it.
const APIS: [&str; 6] = ["--api", "unicom-ivr", "--api", "vascloud", "--api", "cube"];

/// Each with random values of its own, and its trials in another order.
const RUNS: usize = 4;

fn proofmark(arguments: &[&str]) -> Output {
    let root = Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut command = Command::new(env!("CARGO_BIN_EXE_proofmark"));
    command.args(arguments).current_dir(root).env_clear().output().expect("the command starts")
}

#[test]
fn the_sandbox_answers_as_its_snapshots_say() {
    for run in 0..RUNS {
        let jobs = if run % 2 == 0 { "64" } else { "4" };
        let mode = ["run", "--target", "sandbox", "--no-report", "--snapshots", "check", "--jobs", jobs];
        let output = proofmark(&[&mode[..], &APIS].concat());
        let text = String::from_utf8_lossy(&output.stdout);
        let summary =
            text.lines().find(|line| line.starts_with("snapshots: ")).unwrap_or_default().to_owned();
        assert!(output.status.success(), "{text}");
        let unchanged = summary.split(' ').nth(1).and_then(|n| n.parse::<usize>().ok()).unwrap_or_default();
        assert!(unchanged > 500, "they were compared: {summary}");
        let hint = "see `proofmark run --snapshots review` and `proofmark review`";
        assert_eq!(summary, format!("snapshots: {unchanged} unchanged"), "{hint}");
    }
}

#[test]
fn every_snapshot_belongs_to_a_case() {
    let output = proofmark(&["snapshots", "--unreferenced", "list"]);
    assert!(output.status.success());
    assert_eq!(
        String::from_utf8_lossy(&output.stdout),
        "",
        "remove them with `proofmark snapshots --unreferenced delete`"
    );
}
