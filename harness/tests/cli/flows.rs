//! Flows: steps, captures, fixtures, clean-up and rows.

use crate::support::{Answer, Server, Suite};
use serde_json::Value;

/// Answers `{"id": "<the id of the path>", …}`; ids that begin with `bad` are refused, those with `dead` get no answer.
fn echo() -> Server {
    Server::start(|r| {
        let id = r.target().rsplit('/').next().unwrap_or_default().to_owned();
        match id.as_str() {
            dead if dead.starts_with("dead") => Answer::Bytes(Vec::new()),
            id => {
                let code = if id.starts_with("bad") { "1" } else { "0" };
                Answer::json(&format!("{{\"id\": \"{id}\", \"name\": \"n-{id}\", \"code\": \"{code}\"}}"))
            }
        }
    })
}

/// Runs a file of cases, one trial at a time, and gives the ids that were asked for.
#[track_caller]
fn asked(server: &Server, file: &str, status: i32) -> (Suite, Vec<String>) {
    let suite = Suite::at(&server.url()).file("cases/demo/cases.yaml", file);
    suite.run("staging", &["--jobs", "1"]).exits(status);
    let received = server.received();
    let ids = received.iter().map(|r| r.target().rsplit('/').next().unwrap_or_default().to_owned()).collect();
    (suite, ids)
}

#[test]
fn captured_values_go_on() {
    let server = echo();
    let file = r#"api: demo
cases:
  - id: flow
    title: T
    doc: demo.txt#1
    steps:
      - call: get_thing
        with: { id: a }
        capture: { name: body.name, status: status, whole: "[body.id, {'x': size(body.name)}]", header: "headers['content-type']", sent: request.path }
      - call: get_thing
        with: { id: "${vars.name}-${vars.status + 1.0}" }
        capture: { name: body.name }
        expect: { equals: { name: "n-n-a-201" }, rules: [ "vars.whole[0] == 'a'", "vars.whole[1].x == 3", "vars.header == 'application/json'", "vars.sent == '/things/a'" ] }
      - call: get_thing
        with: { id: "${vars.name}" }
"#;
    let (suite, ids) = asked(&server, file, 0);
    assert_eq!(ids, ["a", "n-a-201", "n-n-a-201"]);
    let steps = suite.record().trial("flow")["steps"].clone();
    let lines: Vec<&Value> = (0..3).map(|i| &steps[i]["location"]["line"]).collect();
    assert_eq!(lines, [7, 10, 14]);
}

/// What cannot be captured fails the case, and what follows is not sent.
#[test]
fn what_cannot_be_captured_is_a_finding() {
    let server = echo();
    let file = r#"api: demo
cases:
  - id: flow
    title: T
    doc: demo.txt#1
    steps:
      - { call: get_thing, with: { id: a }, capture: { x: body.token } }
      - { call: get_thing, with: { id: "${vars.x}" } }
"#;
    let (suite, ids) = asked(&server, file, 1);
    assert_eq!(ids, ["a"]);
    assert_eq!(
        suite.record().findings("flow"),
        ["capture: `x` cannot be captured from the answer: there is no `token`"]
    );
}

/// A step that is not what it should be ends the flow; its clean-up runs all the same.
#[test]
fn a_flow_ends_with_the_step_that_fails() {
    let server = echo();
    let file = r#"api: demo
cases:
  - id: failed
    title: T
    doc: demo.txt#1
    steps:
      - { call: get_thing, with: { id: f1 } }
      - { call: get_thing, with: { id: bad2 }, expect: { outcome: success } }
      - { call: get_thing, with: { id: f3 } }
    finally: [ { call: get_thing, with: { id: f4 } }, { call: get_thing, with: { id: f5 } } ]
  - id: errored
    title: T
    doc: demo.txt#1
    steps:
      - { call: get_thing, with: { id: dead1 }, capture: { gone: body.id } }
      - { call: get_thing, with: { id: e2 } }
    finally:
      - { call: get_thing, with: { id: "${vars.gone}" } }
      - { call: get_thing, with: { id: e3 } }
"#;
    let (suite, ids) = asked(&server, file, 1);
    assert_eq!(ids, ["f1", "bad2", "f4", "f5", "dead1", "e3"]);
    let record = suite.record();
    assert_eq!(record.verdicts(), ["errored errored", "failed failed"]);
    let roles: Vec<&str> = record.trial("failed")["steps"]
        .as_array()
        .into_iter()
        .flatten()
        .filter_map(|s| s["role"].as_str())
        .collect();
    assert_eq!(roles, ["case", "case", "finally", "finally"]);
    // What the clean-up meets after a failure says nothing about the contract, and does not hide the first cause.
    assert_eq!(record.findings("failed").len(), 1);
    assert_eq!(record.trial("errored")["reason"], "protocol: connection closed before message completed");
}

/// Clean-up that fails after a case that passed is a finding: the target did not do what it should.
#[test]
fn clean_up_is_judged_where_the_case_passed() {
    let server = echo();
    let file = r#"api: demo
cases:
  - id: dirty
    title: T
    doc: demo.txt#1
    call: get_thing
    with: { id: a }
    finally: [ { call: get_thing, with: { id: bad }, expect: { outcome: success } }, { call: get_thing, with: { id: last } } ]
  - id: dead
    title: T
    doc: demo.txt#1
    call: get_thing
    with: { id: b }
    finally: [ { call: get_thing, with: { id: dead } } ]
"#;
    let (suite, ids) = asked(&server, file, 1);
    assert_eq!(ids, ["a", "bad", "last", "b", "dead"]);
    assert_eq!(suite.record().verdicts(), ["errored dead", "failed dirty"]);
}

const FIXTURES: &str = r#"api: demo
vars: { suffix: x }
fixtures:
  base:
    vars: { base: "base-${vars.suffix}", depth: 1 }
    steps: [ { call: get_thing, with: { id: "${vars.base}" }, capture: { base_name: body.name } } ]
    finally: [ { call: get_thing, with: { id: "un-${vars.base}" } } ]
  login:
    title: Somebody who is logged in
    use: { base: { depth: 2 } }
    vars: { user: "user-${vars.base_name}-${vars.depth}" }
    steps: [ { call: get_thing, with: { id: "${vars.user}" } } ]
    finally: [ { call: get_thing, with: { id: "un-${vars.user}" } } ]
"#;

/// Fixtures run in order, those that they stand on before them; clean-up goes the other way round.
#[test]
fn fixtures_stand_on_fixtures() {
    let server = echo();
    let cases = r#"api: demo
cases:
  - { id: a, title: T, doc: demo.txt#1, use: login, call: get_thing, with: { id: "in-${vars.user}" }, finally: [ { call: get_thing, with: { id: own } } ] }
"#;
    let suite =
        Suite::at(&server.url()).file("cases/demo/a.yaml", cases).file("cases/demo/z/fixtures.yml", FIXTURES);
    suite.run("staging", &["--var", "suffix=x"]).exits(0);
    let ids: Vec<String> =
        server.received().iter().map(|r| r.target()["/things/".len()..].to_owned()).collect();
    assert_eq!(
        ids,
        ["base-x", "user-n-base-x-2", "in-user-n-base-x-2", "own", "un-user-n-base-x-2", "un-base-x"]
    );
    let roles: Vec<Value> = suite.record().trial("a")["steps"]
        .as_array()
        .into_iter()
        .flatten()
        .map(|s| s["role"].clone())
        .collect();
    assert_eq!(roles, ["setup", "setup", "case", "finally", "finally", "finally"]);
}

#[test]
fn a_case_gives_a_fixture_its_variables() {
    let rows = [
        ("use: { login: { user: carl } }", ["base-x", "carl", "un-carl", "un-base-x"]),
        ("use: { login: { user: \"${vars.suffix}y\" } }", ["base-x", "xy", "un-xy", "un-base-x"]),
        ("use: [login]\n    vars: { base: mine }", ["mine", "user-n-mine-2", "un-user-n-mine-2", "un-mine"]),
    ];
    for (uses, expected) in rows {
        let server = echo();
        let case = format!(
            "cases:\n  - id: a\n    title: T\n    doc: demo.txt#1\n    {uses}\n    call: make_thing\n"
        );
        let (_, ids) = asked(&server, &format!("{FIXTURES}{case}"), 0);
        let ids: Vec<&str> = ids.iter().map(String::as_str).filter(|id| *id != "things").collect();
        assert_eq!(ids, expected, "{uses}");
    }
}

/// A fixture that fails: the case is not sent, what was made is cleaned up.
#[test]
fn a_fixture_that_fails_ends_the_case() {
    let server = echo();
    let file = r#"api: demo
fixtures:
  broken:
    steps: [ { call: get_thing, with: { id: ok } }, { call: get_thing, with: { id: bad }, expect: { outcome: success } } ]
    finally: [ { call: get_thing, with: { id: undo } } ]
cases:
  - { id: a, title: T, doc: demo.txt#1, use: broken, call: get_thing, with: { id: never } }
"#;
    let (suite, ids) = asked(&server, file, 1);
    assert_eq!(ids, ["ok", "bad", "undo"]);
    assert_eq!(suite.record().trial("a")["steps"][1]["role"], "setup");
}

#[test]
fn a_row_is_a_trial() {
    let server = echo();
    let file = r#"api: demo
cases:
  - id: rows
    title: T
    doc: demo.txt#1
    vars: { id: "default-${vars.kind}" }
    call: get_thing
    with: { id: "${vars.id}" }
    without: ["${vars.gone}"]
    expect: { code: "${vars.code}" }
    examples:
      - { name: first, kind: a, code: "0", gone: q }
      - { name: 2, kind: b, code: 0, gone: X-Trace, id: own }
      - { name: bad, kind: c, code: "1", gone: q, id: bad }
"#;
    let (suite, ids) = asked(&server, file, 0);
    assert_eq!(ids, ["default-a", "own", "bad"]);
    let record = suite.record();
    assert_eq!(record.cases(), ["rows/2", "rows/bad", "rows/first"]);
    assert_eq!(record.trial("rows/2")["name"], "demo::get_thing::rows/2");
}

/// A case for each of two APIs, and the same id in both.
#[test]
fn apis_are_apart() {
    let (one, two) = (echo(), echo());
    let config = format!(
        "proofmark: 1\napis: {{ demo: , more: {{ spec: specs/demo/openapi.yaml, cases: cases/more }} }}\ntargets: {{ staging: {{ urls: {{ demo: \"{}\", more: \"{}/v2\" }} }} }}\n",
        one.url(),
        two.url()
    );
    let case = "cases: [ { id: a, title: T, doc: demo.txt#1, call: get_thing, with: { id: \"1\" } } ]\n";
    let suite = Suite::demo()
        .file("proofmark.yaml", &config)
        .file("cases/demo/a.yaml", &format!("api: demo\n{case}"))
        .file("cases/more/a.yaml", &format!("api: more\n{case}"));
    suite.run("staging", &[]).exits(0);
    assert_eq!(
        (one.lines(), two.lines()),
        (vec!["GET /things/1 HTTP/1.1".into()], vec!["GET /v2/things/1 HTTP/1.1".into()])
    );
    let names: Vec<Value> = suite.record().trials.iter().map(|t| t["name"].clone()).collect();
    assert!(
        names.contains(&"demo::get_thing::a".into()) && names.contains(&"more::get_thing::a".into()),
        "{names:?}"
    );
    assert_eq!(
        suite.record().started["urls"],
        serde_json::json!({ "demo": one.url(), "more": format!("{}/v2", two.url()) })
    );
}

/// The numbers of answers are doubles, and CEL adds no integer to a double: the message says what to write.
#[test]
fn a_sum_of_unlike_numbers_is_explained() {
    let server = echo();
    let file = r#"api: demo
cases:
  - id: flow
    title: T
    doc: demo.txt#1
    steps:
      - { call: get_thing, with: { id: a }, capture: { n: size(body.id) } }
      - { call: get_thing, with: { id: "${vars.n + 1}" } }
"#;
    let (suite, _) = asked(&server, file, 2);
    assert_eq!(
        suite.record().trial("flow")["reason"],
        "the request at cases/demo/cases.yaml:8:17 cannot be made: `${vars.n + 1}`: `add` does not work on float and int (numbers of answers are doubles: write `1.0` beside them, not `1`)"
    );
}
