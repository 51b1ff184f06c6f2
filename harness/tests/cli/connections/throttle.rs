//! Rate limits, and what a target asks for by `Retry-After`.

use super::{ONE, suite};
use crate::support::{Answer, Server, demo};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Instant;

fn many(count: usize) -> String {
    (0..count)
        .map(|i| format!("  - {{ id: c{i}, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: \"{i}\" }}, expect: {{ outcome: success }} }}\n"))
        .collect()
}

/// A server that keeps the times at which requests come.
fn clock() -> (Server, Arc<Mutex<Vec<Instant>>>) {
    let times: Arc<Mutex<Vec<Instant>>> = Arc::default();
    let kept = times.clone();
    let server = Server::start(move |_| {
        kept.lock().expect("not poisoned").push(Instant::now());
        Answer::json(demo::GOOD)
    });
    (server, times)
}

/// Only lower bounds: a busy machine makes everything later.
#[test]
fn no_more_requests_are_sent_in_a_time_than_the_target_takes() {
    let last = |keys: &str, arguments: &[&str]| {
        let (server, times) = clock();
        let suite = suite(&server.url(), keys).cases(&many(7));
        let arguments = [&["--jobs", "7"], arguments].concat();
        let began = Instant::now();
        let output = suite.run("staging", &arguments).exits(0);
        let waited = suite.record().finished.expect("an end")["waited"]["rate_ms"].as_u64();
        let times = times.lock().expect("not poisoned");
        assert_eq!(times.len(), 7);
        let last = times.iter().max().map(|last| (*last - began).as_millis()).unwrap_or_default();
        (last, waited.unwrap_or_default(), output.stdout)
    };
    // Six intervals of 100 ms before the last.
    let (came, waited, told) = last("rate: 10/s", &[]);
    assert!(came >= 600 && waited > 0, "{came} ms, waited {waited} ms");
    assert!(told.contains("\nwaited ") && told.contains(" s for the rate limit of the target"), "{told}");
    // A burst of five leaves two of 200 ms.
    let (came, ..) = last("rate: { limit: 5/s, burst: 5 }", &[]);
    assert!(came >= 400, "{came} ms");
    // The command line wins over a limit at which the run would take hours.
    let (came, ..) = last("rate: 1/h", &["--rate", "20/s"]);
    assert!(came >= 300, "{came} ms");
}

/// Answers the first so many requests with 429.
fn busy(times: usize, retry_after: &'static str) -> Server {
    let came = AtomicUsize::new(0);
    Server::start(move |_| match came.fetch_add(1, Ordering::SeqCst) {
        n if n < times => {
            Answer::whole("429 Too Many Requests", &[("Retry-After", retry_after)], b"{\"code\": \"1\"}")
        }
        _ => Answer::json(demo::GOOD),
    })
}

#[test]
fn a_target_that_asks_to_come_back_later_is_heeded() {
    let server = busy(2, "0");
    let suite = suite(&server.url(), "http: 1.1");
    let output = suite.run("staging", &[]).exits(0);
    assert_eq!(server.connections(), 3);
    let record = suite.record();
    let step = &record.trial("one")["steps"][0];
    let once = serde_json::json!({ "status": 429, "retry_after": "0" });
    assert_eq!(step["postponed"], serde_json::json!([once, once]));
    assert_eq!(record.trial("one")["verdict"], "passed");
    assert_eq!(record.finished.as_ref().map(|end| end["waited"]["postponed"].clone()), Some(2.into()));
    assert!(
        output.stdout.contains("waited 0.0 s because 2 answers asked for it (Retry-After)"),
        "{}",
        output.stdout
    );
    let html = std::fs::read_to_string(suite.only_run().join("report.html")).expect("a report");
    assert!(html.contains("asked to come back later"), "the report does not say it");
    // A second, which other requests wait for too.
    let (server, began) = (busy(1, "1"), Instant::now());
    super::suite(&server.url(), "http: 1.1").run("staging", &[]).exits(0);
    assert!(began.elapsed().as_millis() >= 1000);
    assert_eq!(server.connections(), 2);
}

/// What a target would answer if it had the time is not known: that is no finding.
#[test]
fn a_target_that_asks_for_too_long_is_not_judged() {
    let server = busy(1000, "120");
    let suite = suite(&server.url(), "http: 1.1").cases(&many(30));
    let output = suite.run("staging", &["--jobs", "1"]).exits(2);
    let says = "postponed: it answered 429 with `Retry-After: 120`, and a request waits 30s at most (`max_retry_after`)";
    assert!(output.stdout.contains(says), "{}", output.stdout);
    // The circuit opens: nobody waits for the rest.
    assert_eq!(server.connections(), 20);
    // One that asks to come back at once, for ever.
    let endless = busy(1000, "0");
    let output = super::suite(&endless.url(), "http: 1.1").run("staging", &[]).exits(2);
    assert!(output.stdout.contains("with `Retry-After: 0`, and has done so 10 times"), "{}", output.stdout);
    assert_eq!(endless.connections(), 11);
    let with = |text: &str| {
        let config = std::fs::read_to_string(suite.path().join("proofmark.yaml")).expect("a suite");
        let suite = super::suite(&server.url(), "http: 1.1");
        suite.file("proofmark.yaml", &format!("{config}{text}\n"))
    };
    let output = with("retries: { max_retry_after: 0s }").run("staging", &[]).exits(1);
    assert!(output.stdout.contains("status 429 is not documented"), "{}", output.stdout);
}

#[test]
fn a_case_that_expects_to_be_put_off_sees_it() {
    for (status, line) in [("429", "429 Too Many Requests"), ("5XX", "503 Service Unavailable")] {
        let server = Server::start(move |_| Answer::whole(line, &[("Retry-After", "0")], b""));
        let case = ONE.replace("outcome: success", &format!("status: {status}"));
        suite(&server.url(), "http: 1.1").cases(&case).run("staging", &[]).exits(0);
        assert_eq!(server.connections(), 1);
    }
}

/// Fuzzing sends more than anything else: it keeps to the rate of the target, and comes back when it is asked to.
#[test]
fn a_fuzzer_waits_as_a_run_does() {
    let (server, times) = clock();
    let suite = suite(&server.url(), "rate: 20/s");
    let fuzz = [
        "fuzz",
        "--target",
        "staging",
        "--phases",
        "boundaries",
        "--max-requests",
        "9",
        "--no-report",
        "--format",
        "json",
    ];
    let began = Instant::now();
    let output = suite.proofmark(&[&fuzz[..], &["--jobs", "4"]].concat()).output();
    assert!(output.status != 3, "{}", output.stderr);
    let times = times.lock().expect("not poisoned");
    let last = times.iter().max().map(|last| (*last - began).as_millis()).unwrap_or_default();
    // One is kept for what would have to be sent again.
    assert!(times.len() == 8 && last >= 350, "{} requests in {last} ms", times.len());
    // Two answers ask for a second; what was put off is sent again, and is no finding.
    let came = AtomicUsize::new(0);
    let busy = Server::start(move |_| match came.fetch_add(1, Ordering::SeqCst) {
        1 | 4 => Answer::whole("429 Too Many Requests", &[("Retry-After", "1")], b""),
        _ => Answer::json(demo::GOOD),
    });
    let suite = super::suite(&busy.url(), "http: 1.1");
    let began = Instant::now();
    let arguments = [&fuzz[..], &["--jobs", "1"]].concat();
    let output = suite.proofmark(&arguments).output();
    assert!(began.elapsed().as_millis() >= 2000, "{:?}", began.elapsed());
    let counted = output.stdout.split("\"requests\":").nth(1).and_then(|rest| rest.split(',').next());
    let counted: usize = counted.and_then(|n| n.parse().ok()).expect("how many requests there were");
    // Those that were put off count once.
    assert_eq!(busy.connections(), counted + 2);
    let findings = output.stdout.matches("\"findings\":[{").count();
    assert_eq!((findings, output.status), (0, 0), "{}", output.stdout);
}
