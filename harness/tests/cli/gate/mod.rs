//! Where a verdict has consequences: waivers, retries, the gate, shards.

mod clauses;
mod retries;
mod shards;
mod waivers;

use crate::support::{Answer, Record, Server, Suite, demo};

const TWO: &str = r#"
  - { id: good, title: T, doc: demo.txt#1, call: get_thing, with: { id: "7" }, expect: { outcome: success } }
  - { id: bad, title: T, doc: demo.txt#1, call: get_thing, with: { id: "8" }, expect: { outcome: success } }
"#;

/// `/things/8` is refused, everything else is good.
fn server() -> Server {
    Server::start(|r| match r.target() {
        "/things/8" => Answer::json(demo::REFUSED),
        _ => Answer::json(demo::GOOD),
    })
}

fn sorted(record: &Record) -> Vec<String> {
    let mut verdicts = record.verdicts();
    verdicts.sort();
    verdicts
}

fn waiver(until: &str) -> String {
    format!(
        "waivers:\n  - {{ id: W-1, case: \"demo::*::bad\", finding: {{ check: outcome }}, reason: later, owner: qa, ticket: 12, until: {until} }}\n"
    )
}

/// The suite of this repository, as far as `cube` needs it, with other waivers.
fn cube(waivers: &str) -> Suite {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut suite = Suite::empty().file("waivers.yaml", waivers);
    // The digest of a suite is of all its files.
    for api in ["unicom-ivr", "jsms", "vascloud", "roam"] {
        suite = suite.folder(&format!("specs/{api}"));
    }
    for name in ["proofmark.yaml", "specs/cube/openapi.yaml", "specs/cube/defects.yaml"] {
        suite = suite.file(name, &std::fs::read_to_string(root.join(name)).expect("a file of the suite"));
    }
    for entry in std::fs::read_dir(root.join("cases/cube")).expect("cases").flatten() {
        let name = format!("cases/cube/{}", entry.file_name().to_string_lossy());
        suite = suite.file(&name, &std::fs::read_to_string(entry.path()).expect("a file of the suite"));
    }
    suite
}

const FAULTS: [&str; 6] =
    ["--fault", "cube-order-id-null", "--fault", "cube-empty-message", "--fault", "cube-dates-with-dashes"];

fn accepted(id: &str, at: &str, until: &str) -> String {
    format!("  - {{ id: {id}, finding: {{ at: {at} }}, reason: known, owner: qa, until: {until} }}\n")
}
