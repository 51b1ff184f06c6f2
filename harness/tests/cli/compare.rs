//! Two runs side by side: by command, and as the baseline of a run.

use crate::support::{Answer, Server, Suite};
use serde_json::Value;
use std::sync::Mutex;

const CASES: &str = r#"  - { id: steady, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1" } }
  - { id: breaks, title: T, doc: demo.txt#1, call: get_thing, with: { id: "2" } }
  - { id: mends, title: T, doc: demo.txt#1, call: get_thing, with: { id: "3" } }
  - { id: stays-bad, title: T, doc: demo.txt#1, call: get_thing, with: { id: "4" } }
  - { id: leaves, title: T, doc: demo.txt#1, call: get_thing, with: { id: "5" } }
  - { id: many, title: T, doc: demo.txt#1, call: get_thing, with: { id: "9" }, examples: [ ROWS ] }
"#;

const GOOD: &str = r#"{"code": "0", "name": "n", "id": "7"}"#;
const BAD: &str = r#"{"code": 0, "name": "n", "id": "7"}"#;

/// Two times of the target.
struct Target {
    server: Server,
    later: &'static Mutex<bool>,
}

impl Target {
    fn new() -> Self {
        let later: &'static Mutex<bool> = Box::leak(Box::new(Mutex::new(false)));
        let server = Server::start(move |request| {
            let is_later = *later.lock().unwrap();
            Answer::json(match (request.target(), is_later) {
                ("/things/2", true) | ("/things/3", false) | ("/things/4", _) => BAD,
                // Half of the answers lose a field that is not required.
                (path, true) if path.starts_with("/things/9") => {
                    r#"{"code": "1", "id": null, "extra": true}"#
                }
                _ => GOOD,
            })
        });
        Self { server, later }
    }

    fn suite(&self) -> Suite {
        let rows: Vec<String> = (0..12).map(|n| format!("{{ name: r{n} }}")).collect();
        Suite::at(&self.server.url()).cases(&CASES.replace("ROWS", &rows.join(", ")))
    }

    fn grow_older(&self) {
        *self.later.lock().unwrap() = true;
    }
}

#[test]
fn what_broke_what_was_mended_and_what_drifted() {
    let target = Target::new();
    let suite = target.suite();
    suite.run("staging", &["--reports", "reports/a"]).exits(1);
    target.grow_older();
    let cases = std::fs::read_to_string(suite.path().join("cases/demo/cases.yaml")).unwrap();
    let cases = cases.replace("id: leaves", "id: comes");
    let suite = suite.file("cases/demo/cases.yaml", &cases);
    suite.run("staging", &["--reports", "reports/b"]).exits(1);
    let only = |folder: &str| {
        let entries = std::fs::read_dir(suite.path().join("reports").join(folder)).unwrap().flatten();
        entries.map(|e| e.path()).find(|path| path.is_dir()).unwrap().display().to_string()
    };
    let (a, b) = (only("a"), only("b"));
    let output = suite.proofmark(&["compare", &a, &b]).output().exits(1);
    for line in [
        "13 newly failing",
        "  demo::get_thing::breaks (/code: a number where the contract has a string)",
        "1 new",
        "1 still failing",
        "  demo::get_thing::stays-bad",
        "1 fixed",
        "  demo::get_thing::mends",
        "1 gone or not run",
        "  demo::get_thing::leaves",
        "13 newly broken: 1 fixed, 1 still failing, 1 still passing, 1 new, 1 gone or not run",
    ] {
        assert!(output.stdout.lines().any(|l| l == line), "`{line}` in\n{}", output.stdout);
    }
    assert!(output.stdout.contains("newly broken, by cause: 2 problems"), "{}", output.stdout);
    let json = suite.proofmark(&["compare", &a, &b, "--format", "json"]).output().exits(1);
    let comparison: Value = serde_json::from_str(&json.stdout).expect("JSON and nothing else");
    let states: Vec<String> = comparison["cases"]["changed"]
        .as_array()
        .unwrap()
        .iter()
        .filter(|c| !c["name"].as_str().unwrap().contains("/r"))
        .map(|c| {
            format!(
                "{} {}",
                c["state"].as_str().unwrap(),
                c["name"].as_str().unwrap().rsplit(':').next().unwrap()
            )
        })
        .collect();
    assert_eq!(
        states,
        ["newly-failing breaks", "fixed mends", "still-failing stays-bad", "new comes", "gone leaves"]
    );
    let drift: Vec<String> = comparison["drift"]
        .as_array()
        .unwrap()
        .iter()
        .map(|d| format!("{} {}", d["kind"].as_str().unwrap(), d["pointer"].as_str().unwrap()))
        .collect();
    assert_eq!(
        drift,
        ["value /code", "new-field /extra", "type /id", "presence /name"],
        "{:#}",
        comparison["drift"]
    );
    // Whether this machine was busy during one of the runs is nobody's to say.
    assert!(comparison["latency"].is_array());
    // The other way round nothing new is broken but what `breaks` had been.
    let back = suite.proofmark(&["compare", &b, &a]).output().exits(1);
    assert!(back.stdout.contains("\n1 newly failing\n  demo::get_thing::mends"), "{}", back.stdout);
    suite.proofmark(&["compare", &a, &a]).output().exits(0);
    let page =
        suite.proofmark(&["compare", &a, &b, "--as", "html", "--as", "html=out.html"]).output().exits(1);
    assert_eq!(page.stderr, format!("wrote {b}/comparison.html\nwrote out.html\n"));
    let page = std::fs::read_to_string(suite.path().join("out.html")).unwrap();
    for says in [
        "2 new defects",
        "<del>&quot;0&quot;</del>",
        "<strong>1</strong> fixed",
        "<code class=\"at\">/extra</code>",
    ] {
        assert!(page.contains(says), "{says}");
    }
    assert!(!page.contains("report.html"), "a link to a report that is not beside the page");
    let beside = std::fs::read_to_string(std::path::Path::new(&b).join("comparison.html")).unwrap();
    assert!(beside.contains("href=\"report.html#c"));
    for (wanted, says) in [
        ("sarif", "a comparison is written as `html`; `sarif` is a format of runs"),
        ("html=-", "a comparison goes to a file: `--as html=FILE`"),
    ] {
        let output = suite.proofmark(&["compare", &a, &b, "--as", wanted]).output().exits(3);
        assert!(output.stderr.contains(says), "{}", output.stderr);
    }
}

#[test]
fn a_baseline_decides_by_what_is_newly_broken() {
    let target = Target::new();
    let suite = target.suite();
    let output = suite.run("staging", &["--baseline", "latest-green"]).exits(3);
    assert!(
        output.stderr.contains("no run in `./reports` against `staging` ran the whole suite and passed"),
        "{}",
        output.stderr
    );
    assert_eq!(target.server.connections(), 0, "nothing was sent");
    suite.run("staging", &["steady"]).exits(0);
    suite.run("staging", &["--baseline", "latest-green"]).exits(3);
    suite.run("staging", &[]).exits(1);
    // What failed still fails: nothing is newly broken.
    let output = suite.run("staging", &["--baseline", "latest"]).exits(0);
    assert!(output.stdout.contains("not conformant: 2 failed"), "{}", output.stdout);
    assert!(
        output.stdout.contains("nothing new is broken: 0 fixed, 2 still failing, 15 still passing"),
        "{}",
        output.stdout
    );
    target.grow_older();
    suite.run("staging", &["--baseline", "latest"]).exits(1);
    suite.run("staging", &["--baseline", "latest", "--no-report"]).exits(3);
    suite.run("staging", &["--baseline", "nowhere"]).exits(3);
}

#[test]
fn what_cannot_be_judged_any_more_is_told_apart() {
    let target = Target::new();
    let suite = target.suite();
    suite.run("staging", &["steady"]).exits(0);
    drop(target);
    let output = suite.run("staging", &["steady", "--baseline", "latest"]).exits(2);
    assert!(output.stdout.contains("1 newly errored\n  demo::get_thing::steady"), "{}", output.stdout);
    assert!(output.stdout.contains("nothing new is broken, but 1 could not be judged"), "{}", output.stdout);
}

#[test]
fn what_is_no_run_is_refused() {
    let suite = Suite::empty().file("reports/1/run.ndjson", "{}\n").file("reports/2/run.ndjson", "");
    for run in ["1", "2", "3", "reports/1/run.ndjson"] {
        let output = suite.proofmark(&["compare", run, run]).output().exits(3);
        assert!(output.stderr.starts_with("error: "), "{run}: {}", output.stderr);
    }
}

#[test]
fn new_warnings_and_further_reasons_are_told() {
    let later: &'static Mutex<bool> = Box::leak(Box::new(Mutex::new(false)));
    let server = Server::start(move |request| {
        Answer::json(match (request.target(), *later.lock().unwrap()) {
            // Failed, and fails for one reason more.
            ("/things/2", false) => r#"{"code": 0, "id": "7"}"#,
            ("/things/2", true) => r#"{"code": 0, "id": 7}"#,
            (_, false) => GOOD,
            (_, true) => r#"{"code": "0", "name": "n", "id": "7", "surprise": 1}"#,
        })
    });
    let cases = CASES.lines().take(2).map(|line| format!("{line}\n")).collect::<String>();
    let suite = Suite::at(&server.url()).cases(&cases);
    suite.run("staging", &[]).exits(1);
    *later.lock().unwrap() = true;
    let output = suite.run("staging", &["--baseline", "latest"]).exits(1);
    for says in [
        "newly broken, by cause: 1 problem\n  1. 1 × demo /id: a number where the contract has a string",
        "1 newly warned of, by cause\n  1. 1 × demo /surprise: ",
        "1 newly broken: 0 fixed, 0 still failing, 1 still passing, 0 new, 0 gone or not run",
    ] {
        assert!(output.stdout.contains(says), "`{says}` in\n{}", output.stdout);
    }
    let baseline = suite.record_of(1).history.expect("history")["baseline"].clone();
    assert_eq!(
        (&baseline["newly_warned"], &baseline["page"]),
        (&Value::from(1), &Value::from("comparison.html"))
    );
    let page = std::fs::read_to_string(suite.runs()[1].join("comparison.html")).unwrap();
    assert!(page.contains("1 new defect") && page.contains("New warnings") && page.contains("surprise"));
}
