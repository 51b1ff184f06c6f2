//! Where a verdict has consequences: waivers, retries, the gate, shards.

use super::support::command::Proofmark;
use super::support::{Answer, Record, Server, Suite, demo};
use std::sync::atomic::{AtomicUsize, Ordering};

const TWO: &str = r#"
  - { id: good, title: T, doc: demo.txt#1, call: get_thing, with: { id: "7" }, expect: { outcome: success } }
  - { id: bad, title: T, doc: demo.txt#1, call: get_thing, with: { id: "8" }, expect: { outcome: success } }
"#;

/// `/things/8` is refused, everything else is good.
fn server() -> Server {
    Server::start(|r| match r.target() {
        "/things/8" => Answer::json(demo::REFUSED),
        _ => Answer::json(demo::GOOD),
    })
}

fn sorted(record: &Record) -> Vec<String> {
    let mut verdicts = record.verdicts();
    verdicts.sort();
    verdicts
}

fn waiver(until: &str) -> String {
    format!(
        "waivers:\n  - {{ id: W-1, case: \"demo::*::bad\", finding: {{ check: outcome }}, reason: later, owner: qa, ticket: 12, until: {until} }}\n"
    )
}

#[test]
fn a_waived_finding_does_not_fail_and_stays_visible() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(TWO).file("waivers.yaml", &waiver("2999-12-31"));
    let output = suite.run("staging", &["--gate"]).exits(0);
    assert!(output.stdout.contains("waived  demo::get_thing::bad"), "{}", output.stdout);
    assert!(output.stdout.contains("(waived by W-1 (qa) until 2999-12-31: later)"), "{}", output.stdout);
    assert!(output.stdout.contains("conformant: 1 passed, 1 waived of 2"), "{}", output.stdout);
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
        "gate: fail, by `level` (1 finding of level must or above, e.g. in demo::get_thing::bad) and `waivers` (1 waiver has run out: W-1)"
    );
    assert!(
        output.stdout.contains("the waiver W-1 (qa) for this ran out on 2020-01-31"),
        "{}",
        output.stdout
    );
    let good = ["--gate", "good"];
    let output = suite.run("staging", &good).exits(1);
    assert!(output.stdout.ends_with("gate: fail, by `waivers` (1 waiver has run out: W-1)\n"));
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
    let output = waive(&["1"]).exits(0);
    assert!(output.stdout.starts_with("W-1 in ./waivers.yaml: "), "{}", output.stdout);
    let output = suite.run("staging", &[]).exits(0);
    assert!(output.stdout.contains("1 waived"), "{}", output.stdout);
    assert!(waive(&["1", "--run", "nowhere"]).exits(3).stderr.contains("`nowhere` is not a run"));
}

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

fn many() -> String {
    (0..13)
        .map(|i| format!("  - {{ id: c{i}, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: \"{}\" }}, expect: {{ outcome: success }} }}\n", i % 9))
        .collect()
}

#[test]
fn shards_merge_to_the_verdicts_of_one_run() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(&many());
    suite.run("staging", &[]).exits(1);
    let whole = suite.record_of(0);
    let times = suite.only_run().display().to_string();
    let folder = |i: usize| suite.path().join(format!("shard-{i}")).display().to_string();
    let mut runs = Vec::new();
    for index in 1..=8 {
        let shard = format!("{index}/8");
        let (reports, times) = (folder(index), times.as_str());
        let arguments = ["--shard", &shard, "--durations", times, "--reports", &reports];
        suite.proofmark(&[&["run", "--target", "staging"], &arguments[..]].concat()).output();
        let run = std::fs::read_dir(folder(index)).expect("reports").flatten().next().expect("a run").path();
        runs.push(run.display().to_string());
    }
    let merged = suite.path().join("merged").display().to_string();
    let merge = |runs: &[String], out: &str| {
        let runs: Vec<&str> = runs.iter().map(String::as_str).collect();
        Proofmark::new(&[&["merge"], runs.as_slice(), &["--out", out]].concat()).output()
    };
    let output = merge(&runs, &merged).exits(1);
    assert!(output.stdout.starts_with("8 shards joined\n"), "{}", output.stdout);
    let joined = Record::read(&suite.path().join("merged/run.ndjson"));
    assert_eq!(sorted(&joined), sorted(&whole));
    let output = merge(&runs[..6], &format!("{merged}-2")).exits(3);
    assert!(output.stderr.contains("shards 7/8, 8/8 are missing"), "{}", output.stderr);
    let twice = [runs.as_slice(), &runs[2..3]].concat();
    let output = merge(&twice, &format!("{merged}-3")).exits(3);
    assert!(output.stderr.contains("are both shard 3/8"), "{}", output.stderr);
    let output = merge(&runs, &merged).exits(3);
    assert!(
        output.stderr.contains("cannot write the record"),
        "an existing record is kept: {}",
        output.stderr
    );
}

#[test]
fn shards_of_another_suite_are_refused() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(&many());
    let run = |suite: &Suite, index: usize| {
        let folder = suite.path().join(format!("shard-{index}"));
        let shard = format!("{index}/2");
        let reports = folder.display().to_string();
        suite.proofmark(&["run", "--target", "staging", "--shard", &shard, "--reports", &reports]).output();
        std::fs::read_dir(folder)
            .expect("reports")
            .flatten()
            .next()
            .expect("a run")
            .path()
            .display()
            .to_string()
    };
    let one = run(&suite, 1);
    let suite = suite.cases(&many().replace("title: T", "title: U"));
    let two = run(&suite, 2);
    let out = suite.path().join("merged").display().to_string();
    let output = Proofmark::new(&["merge", &one, &two, "--out", &out]).output().exits(3);
    assert!(output.stderr.contains("is of another suite than"), "{}", output.stderr);
    let output = suite.run("staging", &["--shard", "3/2"]).exits(3);
    assert!(output.stderr.contains("there is no shard 3/2"), "{}", output.stderr);
    let output = suite.proofmark(&["run", "--target", "staging", "--list", "--shard", "auto"]);
    let output = output.env("CI_NODE_INDEX", "2").env("CI_NODE_TOTAL", "13").output().exits(0);
    assert_eq!(output.stdout, "demo::get_thing::c1: test\n");
}
