//! Answers that are kept: written, compared, reviewed, found again, and never written in CI.

mod compared;
mod reviewed;
mod written;

use crate::support::{Answer, Output, Server, Suite};
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;

/// Two cases of one call each.
const CASES: &str = r#"  - { id: one, title: One, doc: demo.txt#1, call: get_thing, with: { id: "1" } }
  - { id: two/rows, title: Two, doc: demo.txt#2, call: get_thing, with: { id: "${vars.id}" }, examples: [ { name: Ä, id: "2" }, { name: "a b", id: "3" } ] }
"#;

const CONFIG: &str = "proofmark: 1
apis: { demo: }
secrets: [DEMO_KEY]
snapshots: { SNAPSHOTS }
targets:
  staging: { url: \"URL\" }
";

/// A server whose answers a test can change.
struct Changing {
    server: Server,
    answer: &'static Mutex<Answer>,
}

impl Changing {
    fn new(answer: Answer) -> Self {
        let answer: &'static Mutex<Answer> = Box::leak(Box::new(Mutex::new(answer)));
        Self { server: Server::start(move |_| answer.lock().unwrap().clone()), answer }
    }

    fn set(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    fn suite(&self, snapshots: &str, cases: &str) -> Suite {
        let config = CONFIG.replace("URL", &self.server.url()).replace("SNAPSHOTS", snapshots);
        Suite::demo().file("proofmark.yaml", &config).cases(cases)
    }
}

/// All files below `snapshots/`, sorted, relative.
fn files(suite: &Suite) -> Vec<String> {
    let root = suite.path().join("snapshots");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path: PathBuf = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(&root).unwrap().to_string_lossy().into_owned()),
            }
        }
    }
    found.sort();
    found
}

fn text(suite: &Suite, name: &str) -> String {
    fs::read_to_string(suite.path().join("snapshots").join(name)).expect("a snapshot")
}

fn run(suite: &Suite, arguments: &[&str]) -> Output {
    suite.run("staging", &[&["--no-report"], arguments].concat())
}

const ONE: &str = "staging/demo/get_thing__one.snap";
