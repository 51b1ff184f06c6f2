//! A secret is sent where the case says, and turns up nowhere else: not in what is printed, recorded or reported, however
//! the target gives it back.

use crate::support::caller::call;
use crate::support::{Answer, Output, Port, Received, Server, Suite, demo, same};

/// With everything in it that some syntax escapes.
const SECRET: &str = "k'Zx81/\"hunter2%\\&+ü=<1>{}";
/// The part that most syntaxes leave as it is.
const CORE: &str = "hunter2";

fn base64(bytes: &[u8]) -> String {
    proofmark::http::digest::base64(bytes)
}

fn percent(text: &str) -> String {
    text.bytes().map(|b| format!("%{b:02X}")).collect()
}

/// What the secret looks like where its core cannot be seen.
fn disguises() -> Vec<String> {
    let hex: String = SECRET.bytes().map(|b| format!("{b:02x}")).collect();
    let inner = |text: &str| text.trim_end_matches('=')[4..].to_owned();
    let mut found = vec![hex.to_uppercase(), hex, inner(&base64(SECRET.as_bytes()))];
    for user in ["u", "us", "user"] {
        let encoded = base64(format!("{user}:{SECRET}").as_bytes());
        // The characters that the user's name has a part in are not the secret's.
        found.push(encoded.trim_end_matches('=')[8..].to_owned());
    }
    found
}

/// Panics where the secret is in a text.
#[track_caller]
fn clean(place: &str, text: &str) {
    assert!(!text.contains(CORE), "{place} has the secret:\n{text}");
    for disguise in disguises() {
        assert!(!text.contains(&disguise), "{place} has the secret as `{disguise}`:\n{text}");
    }
}

/// Runs in all formats with the secret in the environment; nothing that is printed or written has it.
#[track_caller]
fn run_clean(suite: &Suite, arguments: &[&str], status: i32) -> Output {
    let run = |format: &str| {
        let arguments = [&["run", "--format", format], arguments].concat();
        suite.proofmark(&arguments).env("DEMO_KEY", SECRET).output().exits(status)
    };
    for format in ["json", "terse"] {
        let output = run(format);
        clean(&format!("--format {format}"), &output.all());
    }
    let output = run("pretty");
    clean("--format pretty", &output.all());
    for folder in suite.runs() {
        for name in ["run.ndjson", "report.html", "junit.xml"] {
            clean(name, &std::fs::read_to_string(folder.join(name)).expect("a file of the run"));
        }
    }
    output
}

#[test]
fn it_is_sent_and_shown_by_its_name() {
    let server = Server::json(demo::REFUSED);
    let cases = r#"
  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: "${env.DEMO_KEY}", q: "${env.DEMO_KEY}", X-Trace: "Key ${env.DEMO_KEY}", session: "${env.DEMO_KEY}" }, expect: { outcome: success, equals: { name: "x${env.DEMO_KEY}" } } }
  - { id: body, title: T, doc: demo.txt#1, call: make_thing, with: { name: "a${env.DEMO_KEY}" }, expect: { outcome: success } }
  - { id: form, title: T, doc: demo.txt#1, call: make_thing, as: application/x-www-form-urlencoded, with: { name: "${env.DEMO_KEY}" }, expect: { outcome: success } }
  - { id: raw, title: T, doc: demo.txt#1, call: find_gbk, query: "name=${env.DEMO_KEY}", expect: { outcome: success } }
  - { id: binary, title: T, doc: demo.txt#1, call: make_thing, body: "\r\n${env.DEMO_KEY}", expect: { outcome: success } }
"#;
    let suite = Suite::at(&server.url()).cases(cases);
    let output = run_clean(&suite, &["--target", "staging", "--jobs", "1"], 1);
    let sent: Vec<Received> = server.received();
    assert_eq!(sent[0].header("x-trace"), Some(format!("Key {SECRET}").as_str()));
    assert_eq!(sent[1].body, format!("{{\"name\":{}}}", serde_json::json!(format!("a{SECRET}"))).as_bytes());
    assert_eq!(sent[4].body, format!("\r\n{SECRET}").as_bytes());
    let line = output.stdout.lines().find(|l| l.contains("curl")).expect("a curl line");
    let expected = format!(
        "        curl curl -sS -g -i --path-as-is -X GET -H 'X-Trace: Key [DEMO_KEY]' -H 'Cookie: session=[DEMO_KEY]' -H 'Accept: */*' -H 'User-Agent: proofmark/0.1.0' '{}/things/[DEMO_KEY]?q=[DEMO_KEY]'",
        server.url()
    );
    same(line, &expected);
    assert_eq!(
        suite.record_of(0).trial("body")["steps"][0]["request"]["body"]["text"],
        "{\"name\":\"a[DEMO_KEY]\"}"
    );
}

/// Everything that a target can do with what it was sent.
#[test]
fn a_target_that_gives_it_back_does_not_get_it_out() {
    let server = Server::start(|_| {
        let json = serde_json::json!(SECRET).to_string();
        let escaped = json.replace('ü', "\\u00fc");
        let user = base64(format!("user:{SECRET}").as_bytes());
        let html = SECRET.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;");
        let hex: String = SECRET.bytes().map(|b| format!("{b:02x}")).collect();
        let body = format!(
            "{{\"id\": {json}, \"name\": {escaped}, \"code\": \"0\", \"token\": \"{} {} {user} {hex}\", {json}: \"{}\"}}",
            percent(SECRET),
            percent(SECRET).to_lowercase(),
            html.replace('\\', "\\\\").replace('"', "\\\"")
        );
        Answer::whole(
            &format!("200 {SECRET}"),
            &[
                ("Content-Type", "application/json"),
                ("X-Echo", SECRET),
                ("X-Basic", &user),
                ("Location", &percent(SECRET)),
            ],
            body.as_bytes(),
        )
    });
    let cases = r#"
  - id: one
    title: T
    doc: demo.txt#1
    call: get_thing
    with: { id: "7" }
    headers: { Authorization: "${env.DEMO_KEY}" }
    expect:
      outcome: failure
      code: "1"
      equals: { id: wrong, name: "${env.DEMO_KEY}!" }
      like: { missing: 1, id: 7 }
      headers: { x-echo: wrong, x-basic: wrong }
      rules: [ "body.id == 'wrong'", "body.token == vars.mine", "headers['x-echo'].startsWith('wrong')" ]
    vars: { mine: "${env.DEMO_KEY}" }
    capture: { x: "body[body.id + 'x']" }
"#;
    let suite = Suite::at(&server.url()).cases(cases);
    let output = run_clean(&suite, &["--target", "staging"], 1);
    assert!(suite.record_of(0).findings("one").len() > 8, "{:#?}", suite.record_of(0).findings("one"));
    assert!(output.stdout.contains("[DEMO_KEY]"), "{}", output.stdout);
}

/// In the command line, in the URL of a target, and in what cannot be sent.
#[test]
fn it_is_not_in_the_command_line_nor_in_errors() {
    let secret = "plain-hunter2-value";
    let server = Server::json(demo::GOOD);
    let cases = r#"
  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: "${vars.key}" } }
  - { id: bad, title: T, doc: demo.txt#1, call: make_thing, body: "x", with: { name: "${env.DEMO_KEY}" } }
  - { id: worse, title: T, doc: demo.txt#1, call: get_thing, with: { id: "${money(env.DEMO_KEY)}" } }
  - { id: header, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1" }, headers: { X: "${env.DEMO_KEY}\u0001" } }
"#;
    let suite = Suite::at(&server.url()).cases(cases);
    let url = format!("{}/{secret}/v1", server.url());
    let arguments = ["run", "--target", &url, "--var", &format!("key={secret}"), "--skip", secret];
    let output = suite.proofmark(&arguments).env("DEMO_KEY", secret).output().exits(2);
    assert_eq!(server.lines(), [format!("GET /{secret}/v1/things/{secret} HTTP/1.1")]);
    assert!(!output.all().contains(CORE), "{}", output.all());
    for name in ["run.ndjson", "report.html", "junit.xml"] {
        let text = std::fs::read_to_string(suite.only_run().join(name)).expect("a file of the run");
        assert!(!text.contains(CORE), "{name}: {text}");
    }
    let record = suite.record();
    assert_eq!(record.started["target"], format!("{}/[DEMO_KEY]/v1", server.url()));
    let words = record.started["command"].to_string();
    assert!(words.contains("\"key=[DEMO_KEY]\"") && words.contains("\"--skip\",\"[DEMO_KEY]\""), "{words}");
}

/// Fields of a request and of an answer that the spec declares secret, wherever else they turn up.
#[test]
fn fields_that_the_spec_declares_secret() {
    let answer = r#"{"code": "1", "pins": [{"pin": "pin-of-7-hunter2"}], "hint": "not pin-of-7-hunter2"}"#;
    let server = Server::json(answer);
    let secret = "type: string, x-proofmark: { secret: true }";
    let pins = format!("pins: {{ type: array, items: {{ properties: {{ pin: {{ {secret} }} }} }} }}");
    let spec = demo::SPEC
        .replace("name: { type: string }", &format!("name: {{ {secret} }}"))
        .replace("token: { type: string }", &format!("hint: {{ type: string }}\n        {pins}"));
    let cases = r#"
  - { id: one, title: T, doc: demo.txt#1, call: make_thing, with: { name: "name-of-7-hunter2" }, expect: { outcome: success } }
"#;
    let suite = Suite::at(&server.url()).cases(cases).file("specs/demo/openapi.yaml", &spec);
    let output = suite.run("staging", &[]).exits(1);
    assert!(server.only().text().contains("name-of-7-hunter2"));
    let mut texts = vec![output.all()];
    for name in ["run.ndjson", "report.html", "junit.xml"] {
        texts.push(std::fs::read_to_string(suite.only_run().join(name)).expect("a file of the run"));
    }
    for text in texts {
        assert!(!text.contains("of-7-hunter2"), "{text}");
        assert!(text.contains("[name]"), "{text}");
    }
    let record = suite.record();
    let body = record.trial("one")["steps"][0]["response"]["body"]["text"].to_string();
    assert_eq!(body.matches("[pin]").count(), 2, "{body}");
}

/// In a callback, whether it belongs to a case or to none.
#[test]
fn it_is_not_in_callbacks() {
    let port = Port::reserve();
    let listener = port.address();
    let server = Server::start(move |_| {
        call(listener, &format!("/lost/{}?mobile=2&result={}", percent(SECRET), percent(SECRET)));
        call(listener, &format!("/?mobile=1&result={}&more={}", percent(SECRET), base64(SECRET.as_bytes())));
        Answer::json(demo::GOOD)
    });
    let cases = r#"
  - { id: one, title: T, doc: demo.txt#1, call: subscribe, with: { mobile: "1" }, headers: { X: "${env.DEMO_KEY}" }, callback: { name: result, match: { mobile: "1" }, expect: { equals: { result: "0" } } } }
"#;
    let suite = Suite::at(&server.url()).cases(cases);
    run_clean(&suite, &["--target", "staging", "--callback-listen", &listener.to_string()], 1);
    assert!(
        suite.record_of(0).finished.expect("the end")["stray_callbacks"][0]["url"]
            .to_string()
            .contains("[DEMO_KEY]")
    );
}

/// A suite that reads a secret it has not declared is refused, so that nothing is redacted by luck.
#[test]
fn only_declared_secrets_can_be_read() {
    let cases =
        "  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: \"${env.PATH}\" } }\n";
    let output = Suite::with_cases(cases).proofmark(&["check"]).env("PATH", "/usr/bin").output().exits(3);
    assert!(
        output
            .stderr
            .contains("`env.PATH` is not among the suite's `secrets` (known: `DEMO_KEY`, `DEMO_TOKEN`)"),
        "{}",
        output.stderr
    );
    assert!(!output.stderr.contains("/usr/bin"), "{}", output.stderr);
}
