use super::{certify, suite};
use crate::support::{Answer, Server, demo};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

#[test]
fn two_deliveries_are_compared_by_their_evidence() {
    let mended = Arc::new(AtomicBool::new(false));
    let is_mended = mended.clone();
    let server = Server::start(move |r| match (r.target(), is_mended.load(Ordering::SeqCst)) {
        ("/things/8", false) => Answer::json(demo::REFUSED),
        _ => Answer::json(demo::GOOD),
    });
    let suite = suite(&server.url());
    certify(&suite, &["--out", "first", "--archive", "first.tar"]).exits(1);
    mended.store(true, Ordering::SeqCst);
    certify(&suite, &["--out", "second"]).exits(0);
    let output =
        suite.proofmark(&["compare", "first.tar", "second", "--key", "acceptance.pub"]).output().exits(0);
    let lines: Vec<&str> = output.stdout.lines().collect();
    assert_eq!(
        lines[0],
        "earlier: Gateway 2.3 of ACME: not conformant (profile acceptance; signature verified)"
    );
    assert_eq!(lines[1], "later:   Gateway 2.3 of ACME: conformant (profile acceptance; signature verified)");
    assert!(
        output.stdout.contains("nothing new is broken: 1 fixed, 0 still failing, 1 still passing"),
        "{}",
        output.stdout
    );
    let output = suite.proofmark(&["compare", "second", "first", "--format", "json"]).output().exits(1);
    let json: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!(json["deliveries"][1]["conformance"], "not-conformant");
    assert_eq!(json["deliveries"][0]["verified"], false);
    let path = suite.path().join("second/run.ndjson");
    let mut record = std::fs::read(&path).expect("a record");
    record[40] ^= 1;
    std::fs::write(&path, record).expect("a record");
    let output = suite.proofmark(&["compare", "first", "second"]).output().exits(3);
    assert!(
        output.stderr.contains("the bundle `second` is not what it was: run.ndjson: has another digest"),
        "{}",
        output.stderr
    );
    let output = suite.proofmark(&["compare", "first", "cases", "--key", "acceptance.pub"]).output().exits(3);
    assert!(output.stderr.contains("`--key` verifies bundles, and `cases` is none"), "{}", output.stderr);
}
