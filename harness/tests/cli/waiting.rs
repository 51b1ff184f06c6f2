//! `await`: a call is repeated until something holds.

use crate::support::{Answer, Server, Suite};
use std::sync::atomic::{AtomicUsize, Ordering};

/// Answers `code` 1 to the first calls and `code` 0 after these.
fn ready_after(calls: usize) -> Server {
    let seen = AtomicUsize::new(0);
    Server::start(move |_| {
        let code = if seen.fetch_add(1, Ordering::SeqCst) < calls { "1" } else { "0" };
        Answer::json(&format!("{{\"id\": \"7\", \"code\": \"{code}\"}}"))
    })
}

fn case(wait: &str) -> String {
    format!(
        "  - {{ id: one, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: \"7\" }}, expect: {{ outcome: success }}, await: {wait} }}\n"
    )
}

/// Only the last answer is judged, and the record says how often it was asked for.
#[test]
fn the_answer_that_holds_is_judged() {
    let server = ready_after(3);
    let suite =
        Suite::at(&server.url()).cases(&case("{ until: \"body.code == '0'\", every: 1ms, within: 20s }"));
    suite.run("staging", &[]).exits(0);
    assert_eq!(server.connections(), 4);
    let step = suite.record().trial("one")["steps"][0].clone();
    assert_eq!(step["attempts"], 4);
    assert!(
        step["response"]["body"]["text"].as_str().unwrap_or_default().contains("\"code\": \"0\""),
        "{step}"
    );
}

#[test]
fn what_holds_at_once_is_asked_for_once() {
    let server = ready_after(0);
    let suite = Suite::at(&server.url()).cases(&case("{ until: \"body.code == '0'\" }"));
    suite.run("staging", &[]).exits(0);
    assert_eq!(server.connections(), 1);
    assert!(suite.record().trial("one")["steps"][0]["attempts"].is_null());
}

#[test]
fn what_never_holds_is_a_finding() {
    let server = ready_after(usize::MAX);
    let suite =
        Suite::at(&server.url()).cases(&case("{ until: \"body.code == '0'\", every: 20ms, within: 200ms }"));
    suite.run("staging", &[]).exits(1);
    let calls = server.connections();
    assert!(calls > 1, "not asked again");
    let findings = suite.record().findings("one");
    assert_eq!(
        findings.last().map(String::as_str),
        Some(format!("await: `body.code == '0'` did not hold within 200ms ({calls} calls)").as_str())
    );
}

/// An expression that cannot be evaluated does not hold: the field may come later.
#[test]
fn a_field_may_come_later() {
    let server = ready_after(1);
    let suite = Suite::at(&server.url())
        .cases(&case("{ until: \"body.code == '0' && body.id == '7'\", every: 1ms }"));
    suite.run("staging", &[]).exits(0);
    let suite =
        Suite::at(&server.url()).cases(&case("{ until: \"body.nothing == '0'\", every: 5ms, within: 30ms }"));
    suite.run("staging", &[]).exits(1);
}

/// A target that goes away while it is polled is errored.
#[test]
fn a_target_that_goes_away_is_errored() {
    let seen = AtomicUsize::new(0);
    let server = Server::start(move |_| match seen.fetch_add(1, Ordering::SeqCst) {
        0 => Answer::json("{\"code\": \"1\"}"),
        _ => Answer::Bytes(Vec::new()),
    });
    let suite =
        Suite::at(&server.url()).cases(&case("{ until: \"body.code == '0'\", every: 1ms, within: 20s }"));
    suite.run("staging", &[]).exits(2);
    assert_eq!(suite.record().trial("one")["reason"], "protocol: connection closed before message completed");
}
