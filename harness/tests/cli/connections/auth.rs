//! Bearer tokens, basic credentials, API keys; and cases that have none, or others.

use super::{ONE, suite};
use crate::support::{Answer, Received, Server, Suite, demo, same};

const SECRET: &str = "s3cr3t-k3y";
const REFUSED: &str = "{\"code\": \"1\"}";

/// Lets in what has the credentials.
fn demanding(good: impl Fn(&Received) -> bool + Send + Sync + 'static) -> Server {
    Server::start(move |request| match good(request) {
        true => Answer::json(demo::GOOD),
        false => Answer::json(REFUSED),
    })
}

/// Runs with the secret in the environment; nothing that is written has it, in any form.
fn run(suite: &Suite, status: i32) {
    let output =
        suite.proofmark(&["run", "--target", "staging"]).env("DEMO_KEY", SECRET).output().exits(status);
    let folder = suite.runs().pop().expect("a run");
    let mut texts = vec![output.all()];
    for name in ["run.ndjson", "report.html", "junit.xml"] {
        texts.push(std::fs::read_to_string(folder.join(name)).expect("a file of the run"));
    }
    let encoded = proofmark::http::digest::base64(format!("agent:{SECRET}").as_bytes());
    for text in texts {
        assert!(!text.contains(SECRET) && !text.contains(&encoded[8..16]), "{text}");
    }
}

#[test]
fn credentials_of_the_target_are_in_every_request() {
    let header = |name: &'static str, value: &'static str| move |r: &Received| r.header(name) == Some(value);
    run(
        &suite(
            &demanding(header("authorization", "Bearer s3cr3t-k3y")).url(),
            "auth: { bearer: \"${env.DEMO_KEY}\" }",
        ),
        0,
    );
    let basic = demanding(header("authorization", "Basic YWdlbnQ6czNjcjN0LWszeQ=="));
    run(&suite(&basic.url(), "auth: { basic: { user: agent, password: \"${env.DEMO_KEY}\" } }"), 0);
    let key = |place: &str, name: &str| {
        format!("auth: {{ api_key: {{ in: {place}, name: {name}, value: \"${{env.DEMO_KEY}}\" }} }}")
    };
    run(&suite(&demanding(header("x-api-key", SECRET)).url(), &key("header", "X-Api-Key")), 0);
    run(&suite(&demanding(header("cookie", "key=s3cr3t-k3y")).url(), &key("cookie", "key")), 0);
    run(&suite(&demanding(|r| r.query("key") == Some(SECRET)).url(), &key("query", "key")), 0);
    // They stand beside what the case itself has.
    let both = demanding(|r| {
        r.header("cookie") == Some("session=a; key=s3cr3t-k3y") && r.target() == "/things/7?q=1"
    });
    let with = ONE.replace("id: \"7\"", "id: \"7\", q: 1, session: a");
    run(&suite(&both.url(), &key("cookie", "key")).cases(&with), 0);
    let both = demanding(|r| r.target() == "/things/7?q=1&key=s3cr3t-k3y");
    run(&suite(&both.url(), &key("query", "key")).cases(&with), 0);
}

/// What tests that strangers are refused must be able to be one.
#[test]
fn a_case_can_come_as_nobody_or_as_somebody_else() {
    let server = Server::json(demo::GOOD);
    let cases = r#"
  - { id: a-own, title: T, doc: demo.txt#1, call: get_thing, with: { id: own } }
  - { id: b-none, title: T, doc: demo.txt#1, call: get_thing, with: { id: none }, auth: none }
  - { id: c-wrong, title: T, doc: demo.txt#1, call: get_thing, with: { id: wrong }, auth: { bearer: "wrong-${vars.n}" }, vars: { n: 1 } }
  - { id: d-basic, title: T, doc: demo.txt#1, call: get_thing, with: { id: basic }, auth: { basic: { user: Aladdin, password: open sesame } } }
  - { id: e-key, title: T, doc: demo.txt#1, call: get_thing, with: { id: key }, auth: { api_key: { in: header, name: X-Key, value: 7 } } }
  - { id: f-header, title: T, doc: demo.txt#1, call: get_thing, with: { id: header }, headers: { authorization: Odd thing } }
  - { id: g-left-out, title: T, doc: demo.txt#1, call: get_thing, with: { id: out }, headers: { Authorization: null } }
  - id: h-flow
    title: T
    doc: demo.txt#1
    auth: none
    steps:
      - { call: get_thing, with: { id: flow-none } }
      - { call: get_thing, with: { id: flow-other }, auth: { bearer: other } }
"#;
    let suite = suite(&server.url(), "auth: { bearer: \"${env.DEMO_KEY}\" }").cases(cases);
    run(&suite, 0);
    let mut seen: Vec<String> = server
        .received()
        .iter()
        .map(|r| {
            let of = |name| r.header(name).unwrap_or("-").to_owned();
            format!("{} {} {}", r.target().trim_start_matches("/things/"), of("authorization"), of("x-key"))
        })
        .collect();
    seen.sort();
    assert_eq!(
        seen,
        [
            "basic Basic QWxhZGRpbjpvcGVuIHNlc2FtZQ== -",
            "flow-none - -",
            "flow-other Bearer other -",
            "header Odd thing -",
            "key - 7",
            "none - -",
            "out - -",
            "own Bearer s3cr3t-k3y -",
            "wrong Bearer wrong-1 -",
        ]
    );
}

/// A suite has several providers: what one is sent is nobody else's affair.
#[test]
fn credentials_go_to_the_api_that_they_are_for() {
    let (demo_api, other) = (Server::json(demo::GOOD), Server::json(demo::GOOD));
    let config = format!(
        "proofmark: 1\napis: {{ demo: , other: {{ spec: specs/demo/openapi.yaml }} }}\nsecrets: [DEMO_KEY]\ntargets:\n  staging:\n    urls: {{ demo: \"{}\", other: \"{}\" }}\n    headers: {{ X-Stage: blue }}\n    auths: {{ demo: {{ bearer: \"${{env.DEMO_KEY}}\" }} }}\n",
        demo_api.url(),
        other.url()
    );
    let suite = Suite::demo()
        .file("proofmark.yaml", &config)
        .cases(ONE)
        .file("cases/other/cases.yaml", &format!("api: other\ncases:\n{ONE}"));
    run(&suite, 0);
    let of = |server: &Server| {
        let request = server.only();
        (request.header("authorization").map(str::to_owned), request.header("x-stage").map(str::to_owned))
    };
    assert_eq!(of(&demo_api), (Some("Bearer s3cr3t-k3y".into()), Some("blue".into())));
    assert_eq!(of(&other), (None, Some("blue".into())));
}

#[test]
fn a_secret_of_the_target_that_is_missing_is_told_before_anything_is_sent() {
    let server = Server::json(demo::GOOD);
    let suite = suite(&server.url(), "auth: { bearer: \"${env.DEMO_KEY}\" }");
    let output = suite.run("staging", &[]).exits(3);
    same(
        &output.stderr,
        "error: the suite needs secrets that are not in the environment: `DEMO_KEY` (set them, or leave their APIs out with `--api`)\n",
    );
    // Another target does not need it.
    suite.run(&server.url(), &[]).exits(0);
    assert_eq!(server.only().header("authorization"), None);
}
