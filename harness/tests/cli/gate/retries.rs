//! Trials that are tried again, in the run and in the next one.

use super::{TWO, server};
use crate::support::{Answer, Server, Suite, demo};
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn a_trial_that_passes_at_a_second_try_is_flaky() {
    let calls = AtomicUsize::new(0);
    let server = Server::start(move |_| match calls.fetch_add(1, Ordering::SeqCst) {
        0 => Answer::json(demo::REFUSED),
        _ => Answer::json(demo::GOOD),
    });
    let one = TWO.lines().take(2).collect::<Vec<_>>().join("\n") + "\n";
    let config =
        format!("{}retries: {{ times: 2, on: [outcome] }}\n", demo::CONFIG.replace("URL", &server.url()));
    let suite = Suite::at(&server.url()).cases(&one).file("proofmark.yaml", &config);
    let output = suite.run("staging", &["--gate"]).exits(1);
    assert!(output.stdout.contains("flaky   demo::get_thing::good"), "{}", output.stdout);
    assert!(
        output.stdout.contains("(passed at attempt 2; at the first: the outcome is failure"),
        "{}",
        output.stdout
    );
    let last = output.stdout.lines().last().expect("a last line");
    assert_eq!(last, "gate: fail, by `max_flaky` (1 flaky, at most 0 allowed)");
    assert_eq!(suite.record().verdicts(), ["flaky good"]);
}

#[test]
fn what_retries_do_not_name_is_not_tried_again() {
    let server = server();
    let config = format!("{}retries: {{ times: 2 }}\n", demo::CONFIG.replace("URL", &server.url()));
    let suite = Suite::at(&server.url()).cases(TWO).file("proofmark.yaml", &config);
    suite.run("staging", &["bad"]).exits(1);
    let kept = server.lines().len();
    assert!(kept <= 2, "{:?}", server.lines());
    let wrong =
        format!("{}retries: {{ times: 2, on: [outcom] }}\n", demo::CONFIG.replace("URL", &server.url()));
    let output = suite.file("proofmark.yaml", &wrong).check().exits(3);
    assert!(output.stderr.contains("unknown check `outcom`"), "{}", output.stderr);
}

#[test]
fn only_what_failed_runs_again() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(TWO);
    let output = suite.run("staging", &["--rerun-failed"]).exits(3);
    assert!(output.stderr.contains("there is no earlier run"), "{}", output.stderr);
    suite.run("staging", &[]).exits(1);
    let output =
        suite.proofmark(&["run", "--target", "staging", "--list", "--rerun-failed"]).output().exits(0);
    assert_eq!(output.stdout, "demo::get_thing::bad: test\n");
}
