//! Acceptance runs as a vendor manager meets them: keys, the run, the evidence, and what somebody else makes of it.

mod certify;
mod keys;
mod leaks;
mod progress;
mod redaction;
mod sandbox;

use crate::support::{Output, Suite, demo};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Documented values only: the tests are about what comes of findings.
pub const PROFILE: &str = "profiles: { acceptance: { fuzz: { phases: [examples], cases: 0 } } }\n";

pub const CASES: &str = r#"
  - { id: seven, title: A thing is told, doc: demo.txt#1, call: get_thing, with: { id: "70" }, expect: { outcome: success } }
  - { id: eight, title: Another thing is told, doc: demo.txt#2, call: get_thing, with: { id: "8" }, expect: { outcome: success } }
"#;

/// The demo suite with a profile, committed, and with keys.
pub fn suite(url: &str) -> Suite {
    let config = format!("{}{PROFILE}", demo::CONFIG.replace("URL", url));
    let suite = Suite::at(url).file("proofmark.yaml", &config).cases(CASES);
    suite.proofmark(&["keygen"]).output().exits(0);
    commit(suite.path());
    suite
}

pub fn commit(folder: &Path) {
    let git = |arguments: &[&str]| {
        let mut command = Command::new("git");
        command
            .arg("-C")
            .arg(folder)
            .args(["-c", "user.name=t", "-c", "user.email=t@mail.example"])
            .args(arguments);
        let output = command.env("GIT_CONFIG_NOSYSTEM", "1").output().expect("git runs");
        assert!(output.status.success(), "{output:?}");
    };
    git(&["init", "-q"]);
    git(&["add", "proofmark.yaml", "specs", "cases"]);
    if folder.join("waivers.yaml").exists() {
        git(&["add", "waivers.yaml"]);
    }
    git(&["commit", "-qm", "suite"]);
}

pub const DELIVERY: [&str; 7] = ["certify", "--vendor", "ACME", "--product", "Gateway", "--version", "2.3"];

/// `certify` with a key, against the target `staging`.
pub fn certify(suite: &Suite, more: &[&str]) -> Output {
    let arguments = [&DELIVERY[..], &["--target", "staging", "--key", "acceptance.key"], more].concat();
    suite.proofmark(&arguments).output()
}

pub fn verify(suite: &Suite, bundle: &str, more: &[&str]) -> Output {
    suite.proofmark(&[&["verify", bundle, "--key", "acceptance.pub"], more].concat()).output()
}

pub fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found: Vec<PathBuf> =
        std::fs::read_dir(folder).expect("a folder").flatten().map(|e| e.path()).collect();
    found.sort();
    found
}
