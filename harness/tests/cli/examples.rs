//! `proofmark examples`: documented examples against the spec's own rules, without a target.

use crate::support::Suite;
use crate::support::command::Proofmark;
use serde_json::Value;
use std::path::Path;

const SPEC: &str = r##"openapi: 3.1.0
info: { title: Demo API, version: "1" }
x-proofmark:
  document: demo.txt
  outcome: { success: "body.code == '0'", failure: "body.code != '0'" }
  codes: { value: body.code, table: [ { code: "0", meaning: done, outcome: success }, { code: "1", meaning: refused, outcome: failure } ] }
  rules:
    - { id: echo, rule: body.id == request.query.id, says: The id is that of the request., HOLDS }
    - { id: in-time, rule: elapsed < 1000.0, level: should }
    - { id: today, when: "has(body.day)", rule: body.day == date('%Y%m%d'), level: should }
paths:
  /thing:
    get:
      operationId: thing
      parameters:
        - name: id
          in: query
          schema: { type: string }
          examples: { documented: { value: "7" }, other: { value: "8" } }
      responses:
        "200":
          description: ""
          content:
            application/json:
              schema:
                type: object
                required: [code]
                properties: { id: { type: string }, code: { type: string }, day: { type: string } }
              examples:
                documented: { value: { id: "7", code: "0" }, x-proofmark: { doc: "#3" } }
                other: { value: { id: "OTHER", code: "1" } , x-proofmark: { doc: "#4" EXTRA } }
                alone: { value: { id: "9", code: "0", day: "20200101" } }
                again: { value: '{"id": "7", "code": "0"}', x-proofmark: { request: documented } }
"##;

fn suite(other: &str, extra: &str, holds: &str) -> Suite {
    let spec = SPEC.replace("OTHER", other).replace(" EXTRA", extra).replace(", HOLDS", holds);
    Suite::demo().file("specs/demo/openapi.yaml", &spec)
}

fn json(suite: &Suite, status: i32) -> Value {
    let output = suite.proofmark(&["examples", "--json"]).output().exits(status);
    serde_json::from_str::<Value>(&output.stdout).expect("JSON")[0].take()
}

/// `[holds, breaks, does not apply, needs a run]`
fn row(measured: &Value, name: &str) -> [u64; 4] {
    let rows = measured["judges"].as_array().expect("rows");
    let row = rows.iter().find(|r| r["name"] == name).unwrap_or_else(|| panic!("no row `{name}`"));
    let breaks = row["breaks"].as_array().expect("a list").len() as u64;
    let count = |key: &str| row[key].as_u64().expect("a number");
    [count("holds"), breaks, count("does_not_apply"), count("not_judged_offline")]
}

#[test]
fn every_example_is_judged_with_its_request() {
    let measured = json(&suite("8", "", ", holds: 3"), 0);
    assert_eq!(measured["examples"].as_array().expect("examples").len(), 4);
    assert_eq!(row(&measured, "schema"), [4, 0, 0, 0]);
    assert_eq!(row(&measured, "outcome"), [4, 0, 0, 0]);
    // `alone` has no request: what reads one says nothing about it.
    assert_eq!(row(&measured, "echo"), [3, 0, 1, 0]);
    assert_eq!(row(&measured, "in-time"), [0, 0, 0, 4]);
    assert_eq!(row(&measured, "today"), [0, 0, 3, 1]);
}

#[test]
fn a_broken_rule_must_be_said() {
    let output = suite("9", "", "").proofmark(&["examples"]).output().exits(1);
    let expected = "specs/demo/openapi.yaml:31:17: example `thing/other` breaks `echo` and does not say so: \
                    not so: The id is that of the request (at /id)";
    assert!(output.stdout.contains(expected), "{}", output.stdout);
    let said = ", breaks: [echo], because: The document shows another thing";
    let suite = suite("9", said, ", holds: 2");
    assert_eq!(row(&json(&suite, 0), "echo"), [2, 1, 1, 0]);
    let output = suite.proofmark(&["examples"]).output().exits(0);
    assert!(
        output.stdout.contains("breaks thing/other (#4): The document shows another thing"),
        "{}",
        output.stdout
    );
}

#[test]
fn a_schema_that_an_example_breaks_must_be_said_too() {
    let output = suite("8\", day: 7, x: \"", "", "").proofmark(&["examples"]).output().exits(1);
    assert!(output.stdout.contains("example `thing/other` breaks `schema`"), "{}", output.stdout);
    assert!(output.stdout.contains("example `thing/other` breaks `undocumented`"), "{}", output.stdout);
}

#[test]
fn what_is_said_must_be_so() {
    let output = suite("8", ", breaks: [echo, today, schema], because: Why", ", holds: 7")
        .proofmark(&["examples"])
        .output()
        .exits(1);
    for expected in [
        "openapi.yaml:8:99: rule `echo`: `holds: 7` is said, 3 of 4 examples hold it",
        "example `thing/other` is said to break `echo`: it holds",
        "example `thing/other` is said to break `today`: it does not apply",
        "example `thing/other` is said to break `schema`: it holds",
        "4 places say something else than was measured",
    ] {
        assert!(output.stdout.contains(expected), "no `{expected}` in\n{}", output.stdout);
    }
}

#[test]
fn names_are_checked_when_the_spec_is_read() {
    let refused = |extra: &str| suite("8", extra, "").check().exits(3).stderr;
    let text = refused(", breaks: [ecko], because: Why");
    assert!(text.contains("unknown rule or check `ecko`") && text.contains("did you mean `echo`?"), "{text}");
    let text = refused(", breaks: [echo]");
    assert!(text.contains("`breaks` needs `because`: one sentence that says why"), "{text}");
    let text = refused(", request: documentd");
    assert!(text.contains("unknown example of a request `documentd`"), "{text}");
}

#[test]
fn the_examples_of_this_repository_are_what_its_specs_say() {
    let repository = Path::new(env!("CARGO_MANIFEST_DIR"));
    let output = Proofmark::new(&["examples"]).folder(repository).output().exits(0);
    assert!(output.stdout.contains("cube: 1 documented examples of answers"), "{}", output.stdout);
}
