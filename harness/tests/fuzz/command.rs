//! [`fuzz`]: the command on the suite of this repository, in a clean environment.

use proofmark::record::{Event, TrialFinished};
use std::process::{Command, Output, Stdio};

/// What came of a fuzzing run.
#[derive(Debug)]
pub struct Fuzzed {
    pub status: i32,
    pub trials: Vec<TrialFinished>,
    pub planned: usize,
    pub said: String,
}

impl Fuzzed {
    /// `operation requirement place` of every finding.
    pub fn findings(&self) -> Vec<String> {
        self.trials
            .iter()
            .flat_map(|trial| {
                let place = trial.case.split('/').nth(1).unwrap_or_default().to_owned();
                trial.findings().map(move |(_, f)| {
                    let requirement = f.requirement.as_deref().unwrap_or_default();
                    format!("{} {} {requirement} {place}", trial.operation, f.check)
                })
            })
            .collect()
    }
}

pub fn raw(arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_proofmark"))
        .arg("fuzz")
        .args(arguments)
        .current_dir(env!("CARGO_MANIFEST_DIR"))
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the command starts")
}

#[track_caller]
pub fn fuzz(arguments: &[&str]) -> Fuzzed {
    read(&raw(&[&["--format", "json", "--no-report", "--target", "sandbox"], arguments].concat()))
}

/// The events that a command wrote.
#[track_caller]
pub fn read(output: &Output) -> Fuzzed {
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let mut fuzzed =
        Fuzzed { status: output.status.code().unwrap_or(-1), trials: Vec::new(), planned: 0, said };
    for line in String::from_utf8(output.stdout.clone()).expect("the command writes UTF-8").lines() {
        match serde_json::from_str(line).expect("each line is an event") {
            Event::RunStarted(event) => fuzzed.planned = event.planned,
            Event::TrialFinished(trial) => fuzzed.trials.push(*trial),
            Event::Coverage(_) | Event::RunFinished(_) | Event::History(_) => {}
        }
    }
    fuzzed
}
