//! Which trials run: filters, APIs, tags, levels; and `--list`, which starts nothing.

use crate::support::{Record, Server, Suite, demo, same};
use std::net::TcpListener;

const CASES: &str = r#"
  - { id: thing/one, title: T, doc: demo.txt#1, tags: [quick, read], call: get_thing, with: { id: "1" } }
  - { id: thing/two, title: T, doc: demo.txt#1, level: should, tags: [read], call: get_thing, with: { id: "2" } }
  - { id: thing/two/more, title: T, doc: demo.txt#1, level: may, call: get_thing, with: { id: "3" } }
  - { id: make, title: T, doc: demo.txt#1, tags: [write], call: make_thing, from: documented }
  - { id: flow, title: T, doc: demo.txt#1, steps: [ { call: get_thing, with: { id: "4" } }, { call: subscribe, with: { mobile: "1" } } ] }
  - id: rows
    title: T
    doc: demo.txt#1
    call: get_thing
    with: { id: "${vars.id}" }
    examples: [ { name: a, id: "5" }, { name: b, id: "6" } ]
"#;

/// The cases that ran with these arguments, and those that were skipped with their reasons.
#[track_caller]
fn ran(arguments: &[&str]) -> (Vec<String>, Vec<String>) {
    let server = Server::json(demo::GOOD);
    let suite = Suite::at(&server.url()).cases(CASES);
    suite.run("staging", arguments).exits(0);
    let record: Record = suite.record();
    let of = |verdict: &str| {
        record.trials.iter().filter(move |t| t["verdict"] == verdict).cloned().collect::<Vec<_>>()
    };
    let text = |value: &serde_json::Value| value.as_str().unwrap_or_default().to_owned();
    let mut passed: Vec<String> = of("passed").iter().map(|t| text(&t["case"])).collect();
    let mut skipped: Vec<String> =
        of("skipped").iter().map(|t| format!("{}: {}", text(&t["case"]), text(&t["reason"]))).collect();
    passed.sort();
    skipped.sort();
    (passed, skipped)
}

#[test]
fn filters_are_parts_of_names_or_whole_names() {
    let rows: [(&[&str], &[&str]); 8] = [
        (&[], &["flow", "make", "rows/a", "rows/b", "thing/one", "thing/two", "thing/two/more"]),
        (&["thing/two"], &["thing/two", "thing/two/more"]),
        (&["::make_thing::", "rows"], &["make", "rows/a", "rows/b"]),
        (&["--exact", "demo::get_thing::thing/two"], &["thing/two"]),
        (&["get_thing", "--skip", "two", "--skip", "rows/a"], &["rows/b", "thing/one"]),
        (&["--exact", "demo::get_thing::rows/a", "--skip", "rows/a"], &["rows/a"]),
        (&["--skip", "demo::get_thing"], &["flow", "make"]),
        (&["--api", "demo", "flow"], &["flow"]),
    ];
    for (arguments, expected) in rows {
        let (passed, skipped) = ran(arguments);
        assert_eq!(passed, expected, "{arguments:?}");
        assert!(skipped.is_empty(), "{arguments:?}: {skipped:?}");
    }
}

#[test]
fn tags_and_levels_skip_with_the_reason() {
    let (passed, skipped) = ran(&["--tag", "write", "--tag", "quick", "--skip", "rows"]);
    assert_eq!(passed, ["make", "thing/one"]);
    assert_eq!(
        skipped,
        [
            "flow: has none of the tags write, quick",
            "thing/two/more: has none of the tags write, quick",
            "thing/two: has none of the tags write, quick",
        ]
    );
    let (passed, skipped) = ran(&["--level", "should", "::thing/"]);
    assert_eq!(passed, ["thing/one", "thing/two"]);
    assert_eq!(skipped, ["thing/two/more: its level is may, below should"]);
    let (passed, _) = ran(&["--level", "MUST", "::thing/"]);
    assert_eq!(passed, ["thing/one"]);
}

/// POST is not safe, and neither is an operation that its spec says changes something.
#[test]
fn safe_only_sends_nothing_that_changes_the_target() {
    let (passed, skipped) = ran(&["--safe-only"]);
    assert_eq!(passed, ["rows/a", "rows/b", "thing/one", "thing/two", "thing/two/more"]);
    let reason = "changes the target, and `--safe-only` is given";
    assert_eq!(skipped, [format!("flow: {reason}"), format!("make: {reason}")]);
}

/// A case is not safe because of what its fixtures or its clean-up send.
#[test]
fn safe_only_looks_at_fixtures_clean_up_and_methods() {
    let server = Server::json(demo::GOOD);
    let file = r#"api: demo
fixtures:
  made: { steps: [ { call: make_thing, from: documented } ] }
cases:
  - { id: fixture, title: T, doc: demo.txt#1, use: made, call: get_thing, with: { id: "1" } }
  - { id: finally, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1" }, finally: [ { call: make_thing, from: documented } ] }
  - { id: method, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1" }, method: DELETE }
  - { id: safe, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1" } }
"#;
    let suite = Suite::at(&server.url()).file("cases/demo/cases.yaml", file);
    suite.run("staging", &["--safe-only"]).exits(0);
    assert_eq!(
        suite.record().verdicts(),
        ["skipped finally", "skipped fixture", "skipped method", "passed safe"]
    );
    assert_eq!(server.lines(), ["GET /things/1 HTTP/1.1"]);
}

#[test]
fn api_loads_only_that_api() {
    let server = Server::json(demo::GOOD);
    let config = demo::CONFIG
        .replace("URL", &server.url())
        .replace("  demo:\n", "  demo:\n  broken: { spec: no.yaml }\n");
    let suite = Suite::demo().file("proofmark.yaml", &config).cases(CASES);
    suite.run("staging", &[]).exits(3);
    suite.run("staging", &["--api", "demo"]).exits(0);
}

#[test]
fn list_prints_the_plan_and_starts_nothing() {
    let target = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let callbacks = TcpListener::bind("127.0.0.1:0").expect("a free port");
    let address = |listener: &TcpListener| listener.local_addr().expect("an address").to_string();
    let waiting = format!(
        "{CASES}  - {{ id: zz, title: T, doc: demo.txt#1, call: subscribe, with: {{ mobile: \"${{env.DEMO_KEY}}\" }}, callback: {{ name: result, match: {{ mobile: \"1\" }} }} }}\n"
    );
    let suite = Suite::at(&format!("http://{}", address(&target))).cases(&waiting);
    // The address for callbacks is taken, and the secret is missing: neither is needed for a list.
    let taken = address(&callbacks);
    let output = suite.run("staging", &["--list", "--callback-listen", &taken, "--tag", "read"]).exits(0);
    same(
        &output.stdout,
        "demo::get_thing::thing/one: test
demo::get_thing::thing/two: test
demo::get_thing::thing/two/more: test
demo::make_thing::make: test
demo::flow::flow: test
demo::get_thing::rows/a: test
demo::get_thing::rows/b: test
demo::subscribe::zz: test
",
    );
    same(&output.stderr, "8 trials (6 would be skipped)\n");
    for listener in [&target, &callbacks] {
        listener.set_nonblocking(true).expect("a socket option");
        let nobody = listener.accept().expect_err("somebody connected");
        assert_eq!(nobody.kind(), std::io::ErrorKind::WouldBlock);
    }
    assert!(suite.runs().is_empty(), "something was written");
    // With the same arguments a run does want the address.
    let output = suite
        .proofmark(&["run", "--target", "staging", "--callback-listen", &taken])
        .env("DEMO_KEY", "1234")
        .output()
        .exits(3);
    same(
        &output.stderr,
        &format!("error: cannot listen for callbacks on {taken}: Address already in use (os error 98)\n"),
    );
}
