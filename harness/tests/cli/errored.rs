//! A target that gives no answer is *errored* and never *failed*, in every output.

use crate::support::{Answer, Port, Record, Server, Suite};
use serde_json::json;

/// Runs one case against a target that cannot be judged, and looks at every output.
#[track_caller]
fn errored(url: &str, kind: &str, message: &str, arguments: &[&str]) {
    let cases = "  - { id: one, title: One, doc: demo.txt#1, call: get_thing, with: { id: \"7\" } }\n";
    let suite = Suite::at(url).cases(cases);
    let json = suite.run("staging", &[&["--format", "json"], arguments].concat()).exits(2);
    let reason = format!("{kind}: {message}");

    let record = suite.record();
    let trial = record.trial("one");
    assert_eq!((&trial["verdict"], &trial["reason"]), (&json!("errored"), &json!(reason)));
    let step = &trial["steps"][0];
    assert_eq!(step["error"], json!({ "kind": kind, "message": message }));
    assert!(step["response"].is_null() && step["findings"].is_null(), "{step}");
    let counts = json!({ "passed": 0, "failed": 0, "errored": 1, "skipped": 0, "warnings": 0 });
    assert_eq!(record.finished.as_ref().map(|f| &f["counts"]), Some(&counts));
    assert_eq!(Record::parse(&json.stdout), record, "--format json differs from the record");

    let junit = std::fs::read_to_string(suite.only_run().join("junit.xml")).expect("junit.xml");
    assert!(junit.contains("tests=\"1\" failures=\"0\" errors=\"1\""), "{junit}");
    assert!(junit.contains(&format!("<error message=\"{reason}\" type=\"{kind}\">")), "{junit}");
    assert!(!junit.contains("<failure"), "{junit}");

    let suite = Suite::at(url).cases(cases);
    let pretty = suite.run("staging", arguments).exits(2);
    assert!(pretty.stdout.starts_with("ERRORED demo::get_thing::one\n"), "{}", pretty.stdout);
    assert!(pretty.stdout.contains(&format!("      reason {reason}\n")), "{}", pretty.stdout);
    assert!(pretty.stdout.contains("could not judge everything: 1 errored of 1 in "), "{}", pretty.stdout);
    let terse = suite.run("staging", &[&["--format", "terse"], arguments].concat()).exits(2);
    assert!(terse.stdout.starts_with("E\nERRORED demo::get_thing::one\n"), "{}", terse.stdout);
}

#[test]
fn a_target_that_is_down() {
    let nobody = Port::reserve();
    let url = format!("http://{}", nobody.address());
    errored(&url, "connect", "tcp connect error: Connection refused (os error 111)", &[]);
}

#[test]
fn a_tls_handshake_with_a_plain_server() {
    let server = Server::json("{}");
    let url = server.url().replace("http:", "https:");
    errored(&url, "connect", "received corrupt message of type InvalidContentType", &[]);
    assert!(server.received().is_empty(), "something was sent in plain text");
}

#[test]
fn a_target_that_never_answers() {
    let server = Server::start(|_| Answer::Silence);
    errored(&server.url(), "timeout", "not answered whole within 150ms", &["--timeout", "150ms"]);
}

#[test]
fn a_target_that_hangs_up() {
    let server = Server::start(|_| Answer::Bytes(Vec::new()));
    errored(&server.url(), "protocol", "connection closed before message completed", &[]);
}

#[test]
fn a_target_that_does_not_speak_http() {
    let server = Server::start(|_| Answer::Bytes(b"220 mail.example ESMTP\r\n".to_vec()));
    errored(&server.url(), "protocol", "invalid HTTP version parsed", &[]);
}

#[test]
fn an_answer_larger_than_the_limit() {
    let server = Server::start(|_| Answer::json(&format!("\"{}\"", "x".repeat(2000))));
    errored(&server.url(), "too-large", "the body is larger than 1024 bytes", &["--max-body", "1KiB"]);
}

/// Twenty trials in a row without an answer say enough: the others do not wait for theirs.
#[test]
fn a_target_that_is_down_is_not_asked_for_ever() {
    let nobody = Port::reserve();
    let cases: String = (0..25)
        .map(|i| {
            format!(
                "  - {{ id: c{i:02}, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: \"{i}\" }} }}\n"
            )
        })
        .collect();
    let suite = Suite::at(&format!("http://{}", nobody.address())).cases(&cases);
    suite.run("staging", &["--jobs", "1"]).exits(2);
    let record = suite.record();
    let reason = |case: &str| record.trial(case)["reason"].as_str().unwrap_or_default().to_owned();
    assert!(reason("c19").starts_with("connect: "), "{}", reason("c19"));
    let expected = "not tried: the last 20 trials of this API got no answer (tcp connect error: ";
    for case in ["c20", "c24"] {
        assert!(reason(case).starts_with(expected), "{}", reason(case));
    }
}
