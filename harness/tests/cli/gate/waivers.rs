//! Accepted deviations: they do not fail, stay visible, and run out.

use super::{TWO, server, sorted, waiver};
use crate::support::{Server, Suite, demo};

#[test]
fn a_waived_finding_does_not_fail_and_stays_visible() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(TWO).file("waivers.yaml", &waiver("2999-12-31"));
    let output = suite.run("staging", &["--gate"]).exits(0);
    assert!(output.stdout.contains("waived  demo::get_thing::bad"), "{}", output.stdout);
    assert!(output.stdout.contains("(waived by W-1 (qa) until 2999-12-31: later)"), "{}", output.stdout);
    assert!(output.stdout.contains("conformant: 1 passed, 1 waived of 2"), "{}", output.stdout);
    let example = "1 finding is waived by W-1, e.g. demo::get_thing::bad body: the outcome is failure";
    assert!(output.stdout.contains(example), "{}", output.stdout);
    assert!(output.stdout.ends_with("gate: pass, all 5 clauses hold\n"), "{}", output.stdout);
    let record = suite.record();
    assert_eq!(sorted(&record), ["passed good", "waived bad"]);
    assert_eq!(record.trial("bad")["steps"][0]["findings"][0]["waived"], "W-1");
    let html = std::fs::read_to_string(suite.only_run().join("report.html")).expect("a report");
    assert!(html.contains("id=\"waivers\"") && html.contains("later"), "the report has no waivers");
    let junit = std::fs::read_to_string(suite.only_run().join("junit.xml")).expect("a report");
    assert!(junit.contains("waived by W-1"), "{junit}");
}

#[test]
fn a_waiver_that_has_run_out_fails_the_gate_and_says_so() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(TWO).file("waivers.yaml", &waiver("2020-01-31"));
    let output = suite.run("staging", &["--gate"]).exits(1);
    let last = output.stdout.lines().last().expect("a last line");
    assert_eq!(
        last,
        "gate: fail, by `level` (1 finding of level must or above, e.g. in demo::get_thing::bad) and `waivers` (1 waiver has run out: W-1 (qa, ticket 12) on 2020-01-31)"
    );
    assert!(
        output.stdout.contains("the waiver W-1 (qa) for this ran out on 2020-01-31"),
        "{}",
        output.stdout
    );
    let good = ["--gate", "good"];
    let output = suite.run("staging", &good).exits(1);
    assert!(
        output.stdout.ends_with(
            "gate: fail, by `waivers` (1 waiver has run out: W-1 (qa, ticket 12) on 2020-01-31)\n"
        )
    );
}

#[test]
fn a_waiver_that_fits_nothing_is_reported_when_everything_ran() {
    let server = Server::json(demo::GOOD);
    let suite = Suite::at(&server.url()).cases(TWO).file("waivers.yaml", &waiver("2999-12-31"));
    let output = suite.run("staging", &[]).exits(0);
    assert_eq!(output.stderr, "waiver W-1 fits nothing any more: remove it\n");
    assert_eq!(suite.run("staging", &["good"]).exits(0).stderr, "");
}

#[test]
fn mistakes_in_waivers_are_refused_with_their_place() {
    let text = "waivers:\n  - { id: A, reason: r, owner: o, until: 2026-02-30 }\n  - { id: B, cases: x, reason: r, owner: o, until: 2026-02-28 }\n  - { id: B, finding: { }, reason: r, until: 2026-02-28 }\n";
    let suite = Suite::at("http://127.0.0.1:9").cases(TWO).file("waivers.yaml", text);
    let output = suite.check().exits(3);
    for part in [
        "waivers.yaml:2:42",
        "expected a day such as `2026-12-31`",
        "a waiver needs `case` or `finding`",
        "unknown key of a waiver `cases`",
        "at least one of `check`, `requirement` and `at`",
        "a waiver needs `owner`",
    ] {
        assert!(output.stderr.contains(part), "no `{part}` in {}", output.stderr);
    }
}

#[test]
fn waive_writes_a_waiver_that_works() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(TWO);
    suite.run("staging", &[]).exits(1);
    let waive = |more: &[&str]| {
        let until = ["--until", "2999-12-31", "--owner", "qa", "--reason", "it's \"known\": \u{e4}"];
        suite.proofmark(&[&["waive"], more, &until[..]].concat()).output()
    };
    let output = waive(&["2"]).exits(3);
    assert!(output.stderr.contains("has problems 1 to 1, not 2"), "{}", output.stderr);
    let over = ["waive", "1", "--until", "2020-01-31", "--owner", "qa", "--reason", "r"];
    let output = suite.proofmark(&over).output().exits(3);
    assert!(output.stderr.contains("`--until 2020-01-31` is over: "), "{}", output.stderr);
    assert!(!suite.path().join("waivers.yaml").exists(), "nothing is written");
    let output = waive(&["1"]).exits(0);
    assert!(output.stdout.starts_with("W-1 in ./waivers.yaml: "), "{}", output.stdout);
    let output = suite.run("staging", &[]).exits(0);
    assert!(output.stdout.contains("1 waived"), "{}", output.stdout);
    assert!(waive(&["1", "--run", "nowhere"]).exits(3).stderr.contains("`nowhere` is not a run"));
}
