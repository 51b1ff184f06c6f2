//! What a record keeps of the runs before it.

use crate::support::{Answer, Server, Suite};
use serde_json::{Value, json};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

const CASES: &str = r#"  - { id: steady, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1" } }
  - { id: breaks, title: T, doc: demo.txt#1, call: get_thing, with: { id: "2" } }
"#;

/// A target that has a defect from some time on.
fn target() -> (Server, Arc<AtomicBool>) {
    let broken = Arc::new(AtomicBool::new(false));
    let server = Server::start({
        let broken = broken.clone();
        move |request| {
            let bad = request.target() == "/things/2" && broken.load(Ordering::SeqCst);
            Answer::json(if bad { r#"{"code": 0}"# } else { r#"{"code": "0"}"# })
        }
    });
    (server, broken)
}

fn names(runs: &Value) -> Vec<&str> {
    runs.as_array().into_iter().flatten().filter_map(|run| run["run"].as_str()).collect()
}

#[test]
fn a_record_keeps_the_runs_like_it_and_what_changed_since_the_baseline() {
    let (server, broken) = target();
    let suite = Suite::at(&server.url()).cases(CASES);
    let commit = "0123456789abcdef0123456789abcdef01234567";
    let built = suite.proofmark(&["run", "--target", "staging"]).env("GITHUB_SHA", commit);
    built.output().exits(0);
    let first = suite.record();
    assert_eq!(first.started["commit"], commit);
    assert_eq!(first.history, Some(json!({"event": "history"})), "nothing was before it");
    // Another selection is no point of the trend.
    suite.run("staging", &["steady"]).exits(0);
    broken.store(true, Ordering::SeqCst);
    let output = suite.run("staging", &["--baseline", "latest-green", "--format", "json"]).exits(1);
    let third = suite.record_of(2);
    let last: Value = serde_json::from_str(output.stdout.lines().last().expect("a line")).expect("JSON");
    let history = third.history.expect("history");
    assert_eq!(last, history, "what the record has is printed too");
    assert_eq!(names(&history["runs"]), [first.started["run"].as_str().expect("a name")]);
    let run = &history["runs"][0];
    assert_eq!(
        (&run["target"], &run["commit"], &run["counts"]["passed"], &run["interrupted"]),
        (&json!("staging"), &json!(commit), &json!(2), &json!(false))
    );
    let report = suite.runs()[2].join(run["report"].as_str().expect("a path"));
    assert!(report.is_file(), "the earlier report is where the record says: {}", report.display());
    let baseline = &history["baseline"];
    assert_eq!(
        (&baseline["run"], &baseline["newly_failing"], &baseline["passing"], &baseline["cause_count"]),
        (&run["run"], &json!(1), &json!(1), &json!(1))
    );
    assert_eq!(
        baseline["causes"],
        json!([{"api": "demo", "operations": ["get_thing"], "at": "/code",
            "message": "a number where the contract has a string", "cases": 1}])
    );
    // Rendered from the record alone.
    std::fs::remove_dir_all(&suite.runs()[0]).expect("removed");
    let run = suite.runs()[1].display().to_string();
    suite.proofmark(&["report", &run]).output().exits(0);
}
