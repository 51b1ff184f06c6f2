//! Runs that end early leave a record with everything that was finished.
#![cfg(unix)]

use crate::support::{Answer, Output, Record, Server, Suite, demo};
use std::process::{Child, Command};
use std::time::{Duration, Instant};

/// Cases 0 to 3 are answered, the others never; one trial at a time.
fn suite(server: &Server) -> Suite {
    let cases: String = (0..8)
        .map(|i| {
            format!(
                "  - {{ id: c{i}, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: \"{i}\" }} }}\n"
            )
        })
        .collect();
    Suite::at(&server.url()).cases(&cases)
}

fn half_dead() -> Server {
    Server::start(|r| match r.target() {
        "/things/0" | "/things/1" | "/things/2" | "/things/3" => Answer::json(demo::GOOD),
        _ => Answer::Silence,
    })
}

fn signal(child: &Child, name: &str) {
    let sent = Command::new("kill").args([&format!("-{name}"), &child.id().to_string()]).status();
    assert!(sent.expect("kill runs").success(), "{name} was not sent");
}

fn end(child: Child) -> Output {
    Output::of(child.wait_with_output().expect("the command ends"))
}

#[test]
fn a_signal_ends_the_run_with_a_whole_record() {
    for name in ["INT", "TERM"] {
        let server = half_dead();
        let suite = suite(&server);
        let child =
            suite.proofmark(&["run", "--target", "staging", "--jobs", "1", "--timeout", "10m"]).spawn();
        server.wait_for(5);
        signal(&child, name);
        let output = end(child).exits(2);

        let record = suite.record();
        assert_eq!(
            record.verdicts(),
            [
                "passed c0",
                "passed c1",
                "passed c2",
                "passed c3",
                "errored c4",
                "skipped c5",
                "skipped c6",
                "skipped c7"
            ]
        );
        assert_eq!(record.trial("c4")["reason"], "interrupted: the run was stopped");
        assert_eq!(record.trial("c4")["steps"][0]["error"]["kind"], "interrupted");
        assert_eq!(record.trial("c7")["reason"], "the run was interrupted");
        let finished = record.finished.expect("the end of the run");
        assert_eq!(finished["interrupted"], true);
        assert_eq!(finished["counts"]["skipped"], 3);
        assert_eq!(server.connections(), 5, "something was sent after the signal");
        let summary = "could not judge everything: 1 errored, 4 passed, 3 skipped of 8 in ";
        assert!(output.stdout.contains(summary), "{}", output.stdout);
        let html = std::fs::read_to_string(suite.only_run().join("report.html")).expect("a report");
        assert!(
            html.to_lowercase().contains("interrupted"),
            "the report does not say that the run was interrupted"
        );
    }
}

/// Between two trials nothing is under way: the run says that it was interrupted all the same.
#[test]
fn clean_up_is_not_waited_for_and_callbacks_are_not() {
    let server = Server::json(demo::GOOD);
    let cases = r#"
  - id: waiting
    title: T
    doc: demo.txt#1
    call: subscribe
    with: { mobile: "1" }
    callback: { name: result, match: { mobile: "1" }, within: 10m }
    finally: [ { call: get_thing, with: { id: "9" } } ]
"#;
    let suite = Suite::at(&server.url()).cases(cases);
    let child = suite.proofmark(&["run", "--target", "staging"]).spawn();
    server.wait_for(1);
    let sent = Instant::now();
    signal(&child, "INT");
    end(child).exits(2);
    assert!(sent.elapsed() < Duration::from_secs(5), "the callback was waited for: {:?}", sent.elapsed());
    let record = suite.record();
    assert_eq!(record.verdicts(), ["errored waiting"]);
    assert_eq!(record.trial("waiting")["reason"], "interrupted: the run was stopped");
    assert_eq!(record.findings("waiting"), Vec::<String>::new());
}

/// `await` polls no more.
#[test]
fn waiting_for_a_state_ends_with_the_run() {
    let server = Server::json(demo::GOOD);
    let cases = r#"
  - id: waiting
    title: T
    doc: demo.txt#1
    call: get_thing
    with: { id: "1" }
    await: { until: "body.code == '1'", every: 10m, within: 30m }
"#;
    let suite = Suite::at(&server.url()).cases(cases);
    let child = suite.proofmark(&["run", "--target", "staging"]).spawn();
    server.wait_for(1);
    let sent = Instant::now();
    signal(&child, "INT");
    end(child).exits(2);
    assert!(sent.elapsed() < Duration::from_secs(5), "the pause was waited for: {:?}", sent.elapsed());
    assert_eq!(suite.record().verdicts(), ["errored waiting"]);
}

/// With `kill -9` there is no end of the run, but every trial that was finished is there.
#[test]
fn a_killed_run_leaves_what_was_finished() {
    let server = half_dead();
    let suite = suite(&server);
    let mut child = suite.proofmark(&["run", "--target", "staging", "--jobs", "1"]).spawn();
    server.wait_for(5);
    child.kill().expect("SIGKILL is sent");
    end(child).exits(-1);

    let run = suite.only_run();
    let record = Record::read(&run.join("run.ndjson"));
    assert_eq!(record.verdicts(), ["passed c0", "passed c1", "passed c2", "passed c3"]);
    assert_eq!(record.finished, None);
    assert!(!run.join("report.html").exists());

    suite.proofmark(&["report", &run.to_string_lossy()]).output().exits(0);
    let html = std::fs::read_to_string(run.join("report.html")).expect("a report");
    assert!(html.contains("demo::get_thing::c3") && !html.contains("demo::get_thing::c4"));
    let junit = std::fs::read_to_string(run.join("junit.xml")).expect("junit.xml");
    assert!(junit.contains("tests=\"4\" failures=\"0\" errors=\"0\""), "{junit}");
}
