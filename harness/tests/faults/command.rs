//! [`run`]: the command on the suite of this repository, in a clean environment.

use proofmark::record::{Counts, Event, TrialFinished};
use std::process::{Command, Stdio};

/// What came of a run.
#[derive(Debug)]
pub struct Ran {
    pub status: u8,
    pub trials: Vec<TrialFinished>,
    pub counts: Counts,
    /// What makes its random values again.
    pub seed: u64,
}

/// `proofmark run` with more arguments, against the sandbox, without a report.
#[track_caller]
pub fn run(arguments: &[&str]) -> Ran {
    let output = Command::new(env!("CARGO_BIN_EXE_proofmark"))
        .args(["run", "--format", "json", "--no-report", "--target", "sandbox"])
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the command starts");
    let said = String::from_utf8_lossy(&output.stderr);
    let status = output.status.code().and_then(|code| u8::try_from(code).ok());
    let status = status.unwrap_or_else(|| panic!("{arguments:?} ended by {}: {said}", output.status));
    let mut ran = Ran { status, trials: Vec::new(), counts: Counts::default(), seed: 0 };
    let mut finished = false;
    for line in String::from_utf8(output.stdout).expect("the command writes UTF-8").lines() {
        match serde_json::from_str(line).expect("each line is an event") {
            Event::RunStarted(event) => ran.seed = event.seed,
            Event::TrialFinished(trial) => ran.trials.push(*trial),
            Event::Coverage(_) | Event::History(_) => {}
            Event::RunFinished(event) => {
                ran.counts = event.counts;
                finished = true;
            }
        }
    }
    assert!(finished, "{arguments:?} did not finish: {said}");
    ran
}
