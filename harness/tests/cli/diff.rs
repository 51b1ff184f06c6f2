//! The same cases to two targets.

use crate::support::{Answer, Server, Suite};
use serde_json::Value;

const CONFIG: &str = "proofmark: 1
apis: { demo: }
targets:
  one: { url: \"ONE\", vars: { shop: shop-of-one } }
  other: { url: \"OTHER\", vars: { shop: shop-of-other } }
";

const CASES: &str = r#"  - { id: a, title: T, doc: demo.txt#1, vars: { trace: "${uuid()}" }, call: get_thing, with: { id: "${vars.shop}", X-Trace: "${vars.trace}" } }
  - { id: b, title: T, doc: demo.txt#1, call: get_thing, with: { id: "2" } }
  - { id: make, title: T, doc: demo.txt#1, call: make_thing, from: documented, as: application/json }
"#;

/// Echoes its path and its caller's trace; `more` is the rest of every answer.
fn server(more: &'static str) -> Server {
    Server::start(move |request| {
        let name = request.target().rsplit('/').next().unwrap_or_default().to_owned();
        let trace = request.header("X-Trace").unwrap_or_default();
        Answer::json(&format!(r#"{{"code": "0", "name": "{name} {trace}"{more}}}"#))
    })
}

fn suite(one: &str, other: &str) -> Suite {
    let config = CONFIG.replace("ONE", one).replace("OTHER", other);
    Suite::demo().file("proofmark.yaml", &config).cases(CASES)
}

#[test]
fn variables_of_targets_are_no_difference() {
    let (one, other) = (server(""), server(""));
    let suite = suite(&one.url(), &other.url());
    let output = suite.proofmark(&["diff", "--target", "one", "--target", "other"]).output().exits(0);
    assert_eq!(output.stdout, "0 differ, 3 are the same (one, other)\n");
    assert_eq!((one.connections(), other.connections()), (3, 3));
    suite.proofmark(&["diff", "--target", "one", "--target", "other", "--safe-only"]).output().exits(0);
    assert_eq!((one.connections(), other.connections()), (5, 5));
    assert!(suite.runs().is_empty(), "no record is written");
}

#[test]
fn differences_are_gathered_by_place() {
    let (one, other) = (server(r#", "id": "7""#), server(r#", "id": 7, "extra": true"#));
    let suite = suite(&one.url(), &other.url());
    let arguments = ["diff", "--target", "one", "--target", "other", "--safe-only"];
    let output = suite.proofmark(&arguments).output().exits(1);
    for line in [
        "     2 × demo get_thing /extra: field added",
        "     2 × demo get_thing /id: type changed",
        "         the type changed: `7` instead of `\"7\"`, in demo::get_thing::a",
        "demo::get_thing::a: passed on one, failed on other",
        "2 differ, 0 are the same (one, other)",
    ] {
        assert!(output.stdout.lines().any(|l| l == line), "`{line}` in\n{}", output.stdout);
    }
    let json = suite.proofmark(&[&arguments[..], &["--format", "json"]].concat()).output().exits(1);
    let found: Value = serde_json::from_str(&json.stdout).expect("JSON and nothing else");
    assert_eq!(found["targets"], serde_json::json!(["one", "other"]));
    assert_eq!(found["differing"][0]["changes"][0]["kind"], "type-changed");
    assert_eq!(found["differing"][0]["verdicts"], serde_json::json!(["passed", "failed"]));
}

#[test]
fn two_targets_are_needed_and_one_that_is_down_is_told() {
    let one = server("");
    let suite = suite(&one.url(), "http://127.0.0.1:9");
    let output = suite.proofmark(&["diff", "--target", "one"]).output().exits(3);
    assert!(output.stderr.contains("two targets are compared, and 1 given"), "{}", output.stderr);
    suite.proofmark(&["diff", "--target", "one", "--target", "none"]).output().exits(3);
    assert_eq!(one.connections(), 0);
    let output = suite.proofmark(&["diff", "--target", "one", "--target", "other"]).output().exits(2);
    assert!(output.stderr.contains("error: other: connect"), "{}", output.stderr);
    let output =
        suite.proofmark(&["diff", "--target", "one", "--target", "one", "--fault", "x"]).output().exits(3);
    assert!(output.stderr.contains("not the embedded sandbox"), "{}", output.stderr);
}
