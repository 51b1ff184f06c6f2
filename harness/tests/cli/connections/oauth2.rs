//! OAuth 2.0 client credentials: a token endpoint that counts, and an API that takes only what it has issued.

use super::suite;
use crate::support::{Answer, Received, Server, Suite, demo};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

const SECRET: &str = "cl1ent-s3cret";
/// `agent:cl1ent-s3cret`.
const BASIC: &str = "Basic YWdlbnQ6Y2wxZW50LXMzY3JldA==";

fn keys(token_url: &str) -> String {
    format!(
        "auth: {{ oauth2: {{ token_url: \"{token_url}/token\", client_id: agent, client_secret: \"${{env.DEMO_KEY}}\", scopes: [read, write] }} }}"
    )
}

fn many(count: usize) -> String {
    (0..count)
        .map(|i| format!("  - {{ id: c{i}, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: \"{i}\" }}, expect: {{ outcome: success }} }}\n"))
        .collect()
}

/// Issues `token-1-…`, `token-2-…`, which live so many seconds.
fn endpoint(lives: &'static str) -> Server {
    let issued = AtomicU64::new(0);
    Server::start(move |request| {
        let number = issued.fetch_add(1, Ordering::SeqCst) + 1;
        match request.header("authorization") == Some(BASIC)
            && request.text() == "grant_type=client_credentials&scope=read%20write"
        {
            true => Answer::json(&format!(
                "{{\"access_token\":\"{}\",\"token_type\":\"Bearer\",\"expires_in\":{lives}}}",
                token(number)
            )),
            false => Answer::whole("400 Bad Request", &[], b"{\"error\":\"invalid_request\"}"),
        }
    })
}

fn token(number: u64) -> String {
    format!("token-{number}-0123456789abcdef")
}

fn run(suite: &Suite) -> crate::support::Output {
    suite.proofmark(&["run", "--target", "staging", "--jobs", "8"]).env("DEMO_KEY", SECRET).output()
}

fn bearer(request: &Received) -> String {
    request.header("authorization").unwrap_or_default().trim_start_matches("Bearer ").to_owned()
}

#[test]
fn a_token_is_fetched_once_for_all_threads_and_shown_nowhere() {
    let tokens = endpoint("3600");
    // It repeats the token to those that ask without one.
    let api = Server::start(|request| match bearer(request) {
        given if given == token(1) => Answer::json(&demo::GOOD.replace("seven", &given)),
        _ => Answer::json(&demo::GOOD.replace("seven", &token(1))),
    });
    let none =
        "  - { id: none, title: T, doc: demo.txt#1, call: get_thing, with: { id: none }, auth: none }\n";
    let suite = suite(&api.url(), &keys(&tokens.url())).cases(&format!("{}{none}", many(20)));
    let output = run(&suite).exits(0);
    assert_eq!(tokens.lines(), ["POST /token HTTP/1.1"]);
    assert_eq!(api.received().iter().filter(|r| bearer(r) == token(1)).count(), 20);
    assert_eq!(api.received().iter().filter(|r| r.header("authorization").is_none()).count(), 1);
    let folder = suite.only_run();
    let read = |name: &str| std::fs::read_to_string(folder.join(name)).expect("a file of the run");
    for text in [output.all(), read("run.ndjson"), read("report.html"), read("junit.xml")] {
        assert!(!text.contains("0123456789abcdef") && !text.contains(SECRET), "{text}");
    }
    assert!(read("run.ndjson").contains("-H 'Authorization: Bearer [access_token]'"));
}

#[test]
fn a_token_is_fetched_anew_before_it_runs_out() {
    let tokens = endpoint("1");
    let seen: Arc<Mutex<Vec<String>>> = Arc::default();
    let kept = seen.clone();
    // Done when a second token comes.
    let api = Server::start(move |request| {
        let given = bearer(request);
        kept.lock().expect("not poisoned").push(given.clone());
        Answer::json(if given == token(2) { demo::GOOD } else { demo::REFUSED })
    });
    let poll = "  - { id: poll, title: T, doc: demo.txt#1, call: get_thing, with: { id: \"7\" }, await: { until: body.code == '0', every: 50ms, within: 10s } }\n";
    run(&suite(&api.url(), &keys(&tokens.url())).cases(poll)).exits(0);
    assert_eq!(tokens.connections(), 2);
    let seen = seen.lock().expect("not poisoned");
    assert!(seen.len() > 5 && seen.iter().rev().skip(1).all(|given| *given == token(1)), "{seen:?}");
}

#[test]
fn a_token_that_is_revoked_is_replaced_once() {
    let tokens = endpoint("3600");
    let api = Server::start(move |request| match bearer(request) == token(2) {
        true => Answer::json(demo::GOOD),
        false => {
            Answer::whole("401 Unauthorized", &[("WWW-Authenticate", "Bearer error=\"invalid_token\"")], b"")
        }
    });
    run(&suite(&api.url(), &keys(&tokens.url())).cases(&many(20))).exits(0);
    assert_eq!(tokens.connections(), 2);
}

#[test]
fn an_api_that_takes_no_token_fails_and_does_not_exhaust_the_endpoint() {
    let tokens = endpoint("3600");
    let api = Server::start(|_| Answer::whole("401 Unauthorized", &[], b""));
    let output = run(&suite(&api.url(), &keys(&tokens.url())).cases(&many(20))).exits(1);
    assert!(output.stdout.contains("not conformant: 20 failed of 20"), "{}", output.stdout);
    assert_eq!(tokens.connections(), 2);
    // A case that expects to be refused is: its token is not replaced.
    let (tokens, before) = (endpoint("3600"), api.connections());
    let refused = "  - { id: no, title: T, doc: demo.txt#1, call: get_thing, with: { id: \"7\" }, expect: { status: 401 } }\n";
    run(&suite(&api.url(), &keys(&tokens.url())).cases(refused)).exits(0);
    assert_eq!((tokens.connections(), api.connections() - before), (1, 1));
}

#[test]
fn a_token_endpoint_that_fails_is_no_finding() {
    let api = Server::json(demo::GOOD);
    let refusing = Server::start(|_| {
        Answer::whole(
            "401 Unauthorized",
            &[("Content-Type", "application/json")],
            b"{\"error\":\"invalid_client\"}",
        )
    });
    let output = run(&suite(&api.url(), &keys(&refusing.url())).cases(&many(20))).exits(2);
    let says = format!("no token from {}/token: it answered 401 `invalid_client`", refusing.url());
    assert!(output.stdout.contains(&says), "{}", output.stdout);
    assert!(output.stdout.contains("could not judge everything: 20 errored of 20"), "{}", output.stdout);
    // A redirect is not followed: the credentials are for this host.
    let elsewhere = endpoint("3600");
    let target = format!("{}/token", elsewhere.url());
    let redirecting = Server::start(move |_| Answer::whole("307 Temporary", &[("Location", &target)], b""));
    let output = run(&suite(&api.url(), &keys(&redirecting.url()))).exits(2);
    assert!(output.stdout.contains("it answered 307"), "{}", output.stdout);
    assert_eq!((elsewhere.connections(), api.connections()), (0, 0));
    assert!((1..=2).contains(&refusing.connections()), "asked {} times", refusing.connections());
}
