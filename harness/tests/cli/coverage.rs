//! `proofmark coverage --docs`: what of the documents a run touched.

use crate::support::{Answer, Server, Suite};
use serde_json::Value;

const SPEC: &str = r##"openapi: 3.1.0
info: { title: Demo API, version: "1" }
x-proofmark:
  document: demo.txt
  codes:
    value: body.code
    table:
      - { code: "0", meaning: done, doc: "#2" }
      - { code: "1", meaning: refused, doc: "#3" }
      - { code: "9", meaning: broken, doc: "#4" UNTESTED }
paths:
  /thing/{id}:
    post:
      operationId: thing
      x-proofmark: { doc: "#10" }
      parameters:
        - { name: id, in: path, required: true, schema: { type: string } }
        - { name: kind, in: query, schema: { $ref: "#/components/schemas/Kind" } }
        - { name: X-Trace, in: header, schema: { type: string }, x-proofmark: { doc: "#12" } }
      requestBody:
        content:
          application/json:
            schema: { type: object, properties: { name: { type: string }, lines: { type: array, items: { type: object, properties: { sku: { type: string }, tags: { type: array, items: { type: string } } } } } } }
            examples: { full: { value: { name: n, lines: [ { sku: s, tags: [] } ] }, x-proofmark: { doc: "#20-22" } } }
      responses:
        "200":
          description: ""
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Thing" }
              examples:
                full: { value: { code: "0" }, x-proofmark: { doc: "#23" } }
                refused: { value: { code: "1" }, x-proofmark: { doc: "#30-33" } }
  /never:
    get:
      operationId: never
      x-proofmark: { doc: "#40", untested: The document shows no request for it. }
      parameters: [ { name: q, in: query, schema: { type: string } } ]
      responses: { "200": { description: "", content: { application/json: { schema: { type: object, properties: { gone: { type: string } } } } } } }
components:
  schemas:
    Kind: { type: string, enum: [a, b, c], x-proofmark: { untested: { c: Nobody makes one. } } }
    Thing:
      type: object
      properties:
        code: { type: string }
        kind: { $ref: "#/components/schemas/Kind" }
        note: { type: [string, "null"] }
        data:
          anyOf:
            - { type: object, properties: { id: { type: string, x-proofmark: { doc: "#25" } }, parts: { type: array, items: { type: object, properties: { n: { type: integer } } } } } }
            - { type: "null" }
"##;

const CASES: &str = r##"
  - id: full
    title: A thing
    doc: "#21"
    call: thing
    with: { id: "7", kind: a, name: x, lines: [ { sku: "1" } ] }
    expect: { code: "0" }
  - { id: left-out, title: Without tags, doc: "#10", call: thing, from: full, with: { id: "8" }, without: [lines.0.tags], headers: { X-Trace: t } }
"##;

fn suite(url: &str) -> Suite {
    let spec = SPEC.replace(" UNTESTED", ", untested: It cannot be made to break");
    Suite::at(url).file("specs/demo/openapi.yaml", &spec).cases(CASES)
}

fn server() -> Server {
    Server::start(|request| match request.target().starts_with("/thing/7") {
        true => Answer::json(r#"{"code": "0", "note": null, "data": {"id": "7", "parts": []}}"#),
        false => Answer::json(r#"{"code": "0", "kind": "b", "data": null}"#),
    })
}

/// `[documented, touched, explained, untouched]` of a kind, and the names of what is untouched.
fn of(statement: &Value, kind: &str) -> ([u64; 4], Vec<String>) {
    let kinds = statement["apis"][0]["kinds"].as_array().expect("kinds");
    let found = kinds.iter().find(|k| k["kind"] == kind).unwrap_or_else(|| panic!("no `{kind}`"));
    let list = |key: &str| found[key].as_array().cloned().unwrap_or_default();
    let names = list("untouched").iter().filter_map(|u| u["name"].as_str().map(str::to_owned)).collect();
    let number = |key: &str| found[key].as_u64().expect("a number");
    let counts = [
        number("documented"),
        number("touched"),
        list("explained").len() as u64,
        list("untouched").len() as u64,
    ];
    (counts, names)
}

fn json(suite: &Suite, arguments: &[&str]) -> Value {
    let output = suite.proofmark(&[&["coverage", "--docs", "--json"], arguments].concat()).output().exits(0);
    serde_json::from_str(&output.stdout).expect("JSON")
}

#[test]
fn a_run_says_what_it_touched() {
    let server = server();
    let suite = suite(&server.url());
    suite.run("staging", &[]).exits(0);
    let statement = json(&suite, &[]);
    assert_eq!((statement["selected"].as_u64(), statement["outdated"].as_bool()), (Some(2), Some(false)));
    assert_eq!(of(&statement, "operation").0, [2, 1, 1, 0]);
    // `lines[].tags` was left out of the example: that is a way to test it.
    assert_eq!(of(&statement, "parameter").0, [7, 6, 1, 0]);
    // A null is there; an empty list of parts has none.
    let (counts, names) = of(&statement, "answer-field");
    assert_eq!((counts, names), ([6, 4, 1, 1], vec!["thing: data.parts[].n".to_owned()]));
    let (counts, names) = of(&statement, "code");
    assert_eq!((counts, names), ([3, 1, 1, 1], vec!["1 (refused)".to_owned()]));
    // `a` was sent, `b` was received, nobody makes a `c`.
    assert_eq!(of(&statement, "enumeration-value").0, [3, 2, 1, 0]);
    let (counts, names) = of(&statement, "example");
    assert_eq!((counts, names), ([2, 1, 0, 1], vec!["thing: refused".to_owned()]));
}

#[test]
fn the_table_names_lines_and_reasons() {
    let server = server();
    let suite = suite(&server.url());
    suite.run("staging", &[]).exits(0);
    let output = suite.proofmark(&["coverage", "--docs"]).output().exits(0);
    for expected in [
        "against staging, 2 of 2 trials",
        "answer fields                 6        4          1          1    83 %",
        "thing: data.parts[].n (specs/demo/openapi.yaml:",
        "thing: refused (specs/demo/openapi.yaml:33:17, demo.txt#30-33)",
        "never: q (specs/demo/openapi.yaml:38:23, demo.txt#40): The document shows no request for it.",
        "9 (broken) (specs/demo/openapi.yaml:10:9, demo.txt#4): It cannot be made to break",
        "Kind = c",
    ] {
        let expected = expected.replace("Kind = c", "kind = c");
        assert!(output.stdout.contains(&expected), "no `{expected}` in\n{}", output.stdout);
    }
}

#[test]
fn a_minimum_is_for_ci() {
    let server = server();
    let suite = suite(&server.url());
    let arguments = ["coverage", "--docs", "--min", "1.0"];
    let output = suite.proofmark(&arguments).output().exits(2);
    assert!(output.stderr.contains("run the suite first"), "{}", output.stderr);
    suite.run("staging", &[]).exits(0);
    let output = suite.proofmark(&arguments).output().exits(1);
    assert!(
        output.stderr.contains(
            "less than 1 of the documents is touched: answer fields of demo: 83 %, codes of demo: 66 %"
        ),
        "{}",
        output.stderr
    );
    suite.proofmark(&["coverage", "--docs", "--min", "0.5"]).output().exits(0);
    suite.proofmark(&["coverage", "--docs", "--min", "1.5"]).output().exits(3);
}

#[test]
fn the_plan_tells_what_requests_touch() {
    let statement = json(&suite("http://127.0.0.1:9"), &[]);
    assert_eq!((statement["run"].is_null(), of(&statement, "operation").0), (true, [2, 1, 1, 0]));
    assert_eq!(of(&statement, "parameter").0, [7, 5, 1, 1]);
    assert_eq!(of(&statement, "example").0, [2, 1, 0, 1]);
    assert_eq!(statement["apis"][0]["kinds"].as_array().expect("kinds").len(), 3);
}

#[test]
fn of_a_run_by_name_and_of_changed_specs() {
    let server = server();
    let suite = suite(&server.url());
    suite.run("staging", &["full"]).exits(0);
    let run = suite.only_run();
    let folder = run.to_str().expect("UTF-8");
    let partial = json(&suite, &[folder]);
    assert_eq!((partial["selected"].as_u64(), partial["planned"].as_u64()), (Some(1), Some(2)));
    assert_eq!(of(&partial, "enumeration-value").0, [3, 1, 1, 1]);
    let suite = suite.file("specs/demo/openapi.yaml", SPEC);
    let suite = suite.file("specs/demo/openapi.yaml", &SPEC.replace(" UNTESTED", ""));
    assert_eq!(json(&suite, &[folder])["outdated"], true);
    let output = suite.proofmark(&["coverage", "--docs", folder, "--api", "other"]).output().exits(3);
    assert!(output.stderr.contains("has no API `other`"), "{}", output.stderr);
}

/// The report shows the same table, made from the record alone.
#[test]
fn the_report_has_the_table() {
    let server = server();
    let suite = suite(&server.url());
    suite.run("staging", &[]).exits(0);
    let run = suite.only_run();
    let first = std::fs::read_to_string(run.join("report.html")).expect("a report");
    for expected in
        ["Documentation coverage", "1 answer fields untouched", "data.parts[].n", "Nobody makes one."]
    {
        assert!(first.contains(expected), "no `{expected}` in the report");
    }
    std::fs::remove_file(run.join("report.html")).expect("it is there");
    suite.proofmark(&["report", run.to_str().expect("UTF-8")]).output().exits(0);
    assert_eq!(std::fs::read_to_string(run.join("report.html")).expect("a report"), first);
}

#[test]
fn a_run_that_was_cut_short_says_nothing() {
    let server = server();
    let suite = suite(&server.url());
    suite.run("staging", &[]).exits(0);
    let record = suite.only_run().join("run.ndjson");
    let text = std::fs::read_to_string(&record).expect("a record");
    let kept: String =
        text.lines().filter(|l| !l.contains("\"event\":\"coverage\"")).map(|l| format!("{l}\n")).collect();
    std::fs::write(&record, kept).expect("it can be written");
    let output = suite.proofmark(&["coverage", "--docs", record.to_str().expect("UTF-8")]).output().exits(3);
    assert!(output.stderr.contains("does not say what it touched"), "{}", output.stderr);
}

#[test]
fn reasons_by_value_name_values() {
    let spec = SPEC.replace(" UNTESTED", "").replace("{ c: Nobody", "{ d: Nobody");
    let output = Suite::demo().file("specs/demo/openapi.yaml", &spec).check().exits(3);
    assert!(output.stderr.contains("unknown value of the `enum` here `d`"), "{}", output.stderr);
}

/// What an operation does not show of a schema that others share is explained by path, with all that is below it.
#[test]
fn an_operation_explains_its_own_parts() {
    let server = server();
    let explained = |parts: &str| {
        let spec = SPEC.replace(" UNTESTED", "").replace(
            "x-proofmark: { doc: \"#10\" }",
            &format!("x-proofmark: {{ doc: \"#10\", untested: {{ {parts} }} }}"),
        );
        Suite::at(&server.url()).file("specs/demo/openapi.yaml", &spec).cases(CASES)
    };
    let suite = explained("data.parts: The document shows none., lines: They are optional.");
    suite.run("staging", &[]).exits(0);
    let (counts, names) = of(&json(&suite, &[]), "answer-field");
    assert_eq!((counts, names), ([6, 4, 2, 0], Vec::new()));
    for command in ["check", "run"] {
        let suite = explained("data.part: The document shows none.");
        let output = suite.proofmark(&[command]).output().exits(3);
        let expected = "unknown parameter or field of `thing` `data.part`";
        assert!(output.stderr.contains(expected), "{}", output.stderr);
    }
}
