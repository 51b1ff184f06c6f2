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
        let run = std::fs::read_dir(folder(index))
            .expect("reports")
            .flatten()
            .find(|e| e.path().is_dir())
            .expect("a run")
            .path();
        runs.push(run.display().to_string());
    }
    let merged = suite.path().join("merged").display().to_string();
    let merge = |runs: &[String], out: &str| {
        let runs: Vec<&str> = runs.iter().map(String::as_str).collect();
        Proofmark::new(&[&["merge"], runs.as_slice(), &["--out", out]].concat()).output()
    };
    // As `shard-*/*` names them: the index of runs is none.
    let index = format!("{}/history.sqlite", folder(1));
    assert!(std::path::Path::new(&index).is_file());
    let named = [runs.as_slice(), std::slice::from_ref(&index)].concat();
    let output = merge(&named, &merged).exits(1);
    assert!(output.stdout.starts_with("8 shards joined\n"), "{}", output.stdout);
    let output = merge(&[index], &format!("{merged}-0")).exits(3);
    assert!(output.stderr.contains("no run to join beside `history.sqlite`"), "{}", output.stderr);
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
            .find(|entry| entry.path().is_dir())
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

#[test]
fn the_gate_asks_for_coverage_and_time() {
    let server = Server::json(demo::GOOD);
    let one = TWO.lines().take(2).collect::<Vec<_>>().join("\n") + "\n";
    let config = demo::CONFIG.replace("URL", &server.url());
    let gate = |text: &str| {
        let suite =
            Suite::at(&server.url()).cases(&one).file("proofmark.yaml", &format!("{config}gate: {text}\n"));
        let output = suite.proofmark(&["run", "--target", "staging", "--gate"]).output();
        output.stdout.lines().last().unwrap_or(&output.stderr).to_owned()
    };
    let last = gate("{ min_coverage: 0.5 }");
    let expected = "gate: fail, by `min_coverage` (";
    assert!(last.starts_with(expected) && last.ends_with(", at least 50.0 % asked for)"), "{last}");
    assert_eq!(gate("{ min_coverage: 0, latency: { max: 60s } }"), "gate: pass, all 7 clauses hold");
    // Nothing answers in no time: each budget refuses by its own name.
    for budget in ["p50", "p95", "max"] {
        let last = gate(&format!("{{ latency: {{ {budget}: 0ms }} }}"));
        assert!(last.starts_with(&format!("gate: fail, by `latency.{budget}` (")), "{last}");
    }
    assert_eq!(gate("{ min_judged: 2 }"), "gate: fail, by `min_judged` (1 judged, at least 2 asked for)");
    let suite = Suite::at(&server.url())
        .cases(&one)
        .file("proofmark.yaml", &format!("{config}gate: {{ min_coverage: 2 }}\n"));
    assert!(suite.check().exits(3).stderr.contains("expected 0 to 1, such as `0.95`"));
}

/// Verdicts by name of the trials.
fn by_name(record: &Record) -> Vec<String> {
    let of = |t: &serde_json::Value| format!("{} {}", t["name"], t["verdict"]);
    let mut all: Vec<String> = record.trials.iter().map(of).collect();
    all.sort();
    all
}

/// The suite of this repository, as far as `cube` needs it, with other waivers.
fn cube(waivers: &str) -> Suite {
    let root = std::path::Path::new(env!("CARGO_MANIFEST_DIR"));
    let mut suite = Suite::empty().file("waivers.yaml", waivers);
    // The digest of a suite is of all its files.
    for api in ["unicom-ivr", "jsms", "vascloud", "roam"] {
        suite = suite.folder(&format!("specs/{api}"));
    }
    for name in ["proofmark.yaml", "specs/cube/openapi.yaml", "specs/cube/defects.yaml"] {
        suite = suite.file(name, &std::fs::read_to_string(root.join(name)).expect("a file of the suite"));
    }
    for entry in std::fs::read_dir(root.join("cases/cube")).expect("cases").flatten() {
        let name = format!("cases/cube/{}", entry.file_name().to_string_lossy());
        suite = suite.file(&name, &std::fs::read_to_string(entry.path()).expect("a file of the suite"));
    }
    suite
}

const FAULTS: [&str; 6] =
    ["--fault", "cube-order-id-null", "--fault", "cube-empty-message", "--fault", "cube-dates-with-dashes"];

fn accepted(id: &str, at: &str, until: &str) -> String {
    format!("  - {{ id: {id}, finding: {{ at: {at} }}, reason: known, owner: qa, until: {until} }}\n")
}

/// Three faults, one of them waived, and a waiver that has run out for another.
#[test]
fn a_provider_with_faults_is_refused_by_the_right_clauses() {
    let waivers = format!(
        "waivers:\n{}{}",
        accepted("W-null", "/data/order_id", "2999-12-31"),
        accepted("W-message", "/message", "2020-01-31")
    );
    let suite = cube(&waivers);
    let run = |more: &[&str]| {
        suite.proofmark(&[&["run", "--api", "cube", "--gate", "--seed", "1"], more].concat()).output()
    };
    let output = run(&FAULTS).exits(1);
    let last = output.stdout.lines().last().expect("a last line");
    assert!(last.starts_with("gate: fail, by `level` ("), "{last}");
    assert!(last.ends_with(" and `waivers` (1 waiver has run out: W-message (qa) on 2020-01-31)"), "{last}");
    let record = suite.record();
    let clauses = record.finished.expect("an end")["gate"]["clauses"].clone();
    let refusing: Vec<&str> = clauses
        .as_array()
        .expect("clauses")
        .iter()
        .filter(|clause| clause["holds"] == false)
        .filter_map(|clause| clause["name"].as_str())
        .collect();
    assert_eq!(refusing, ["level", "waivers"]);
    // The first is accepted where it stands, the others are not.
    let findings = |at: &str| -> Vec<serde_json::Value> {
        let steps = record.trials.iter().flat_map(|t| t["steps"].as_array().cloned().unwrap_or_default());
        let all = steps.flat_map(|s| s["findings"].as_array().cloned().unwrap_or_default());
        all.filter(|f| f["at"] == at && f["level"] == "must").collect()
    };
    let of = |at: &str| {
        let found = findings(at);
        assert!(!found.is_empty(), "nothing is found at {at}");
        found.iter().filter(|f| f["waived"] == "W-null").count() * 100 / found.len()
    };
    assert_eq!((of("/data/order_id"), of("/message"), of("/data/order_start_date")), (100, 0, 0));
    // Mended, but a waiver that has run out still stands in the file.
    let output = run(&[]).exits(1);
    assert!(
        output
            .stdout
            .ends_with("gate: fail, by `waivers` (1 waiver has run out: W-message (qa) on 2020-01-31)\n")
    );
    let mended = cube("waivers: []\n");
    let output = mended.proofmark(&["run", "--api", "cube", "--gate"]).output().exits(0);
    assert!(output.stdout.ends_with("gate: pass, all 5 clauses hold\n"), "{}", output.stdout);
}

#[test]
fn eight_shards_of_a_real_suite_merge_to_the_verdicts_of_one_run() {
    let suite = cube(&format!("waivers:\n{}", accepted("W-null", "/data/order_id", "2999-12-31")));
    let run = |more: &[&str]| {
        suite.proofmark(&[&["run", "--api", "cube", "--seed", "1"], more, &FAULTS].concat()).output()
    };
    run(&["--reports", "whole", "--gate"]).exits(1);
    let first = |folder: &str| {
        let all = std::fs::read_dir(suite.path().join(folder)).expect("reports").flatten();
        let mut runs = all.filter(|entry| entry.path().is_dir());
        runs.next().expect("a run").path()
    };
    let whole = Record::read(&first("whole").join("run.ndjson"));
    for index in 1..=8 {
        let (shard, reports) = (format!("{index}/8"), format!("shards/{index}"));
        let status = run(&["--shard", &shard, "--reports", &reports]).status;
        assert!([0, 1].contains(&status), "shard {shard} ends with {status}");
    }
    let shards: Vec<String> =
        (1..=8).map(|index| first(&format!("shards/{index}")).display().to_string()).collect();
    let shards: Vec<&str> = shards.iter().map(String::as_str).collect();
    let output =
        suite.proofmark(&[&["merge"], &shards[..], &["--out", "merged", "--gate"]].concat()).output();
    let joined = Record::read(&suite.path().join("merged/run.ndjson"));
    assert_eq!(by_name(&joined), by_name(&whole));
    let decided = |record: &Record| record.finished.as_ref().map(|end| end["gate"].clone());
    assert_eq!(decided(&joined), decided(&whole));
    let output = output.exits(1);
    let last = output.stdout.lines().last().expect("a last line");
    assert!(last.starts_with("gate: fail, by `level` ("), "{last}");
    // What any record comes to can be asked again; a shard alone is no run.
    let again = suite.proofmark(&["gate", "merged"]).output().exits(1);
    assert_eq!(again.stdout.lines().last(), Some(last));
    let output = suite.proofmark(&["gate", shards[2]]).output().exits(3);
    assert!(output.stderr.contains(" is shard 3/8 of a run: join the shards first"), "{}", output.stderr);
}

#[test]
fn the_gate_refuses_findings_that_the_baseline_does_not_have() {
    let bodies = std::sync::Arc::new(std::sync::Mutex::new(demo::GOOD.to_owned()));
    let body = bodies.clone();
    let server = Server::start(move |_| Answer::json(&body.lock().expect("not poisoned")));
    let config = demo::CONFIG.replace("URL", &server.url());
    let suite = Suite::at(&server.url())
        .cases(TWO)
        .file("proofmark.yaml", &format!("{config}gate: {{ baseline: latest-green }}\n"));
    let answers = |text: &str| text.clone_into(&mut *bodies.lock().expect("not poisoned"));
    let gate = |more: &[&str]| {
        let output = suite.proofmark(&[&["run", "--target", "staging", "--gate"], more].concat()).output();
        (output.status, output.stdout.lines().last().unwrap_or(&output.stderr).to_owned())
    };
    // An undocumented field is a warning: no reason to fail, but one to refuse where it is new.
    answers(&demo::GOOD.replace("{\"id\"", "{\"old\": 1, \"id\""));
    let (status, last) = gate(&[]);
    assert_eq!(status, 2);
    assert!(
        last.starts_with("gate: fail, by `baseline.missing` (no earlier run in `./reports` ran"),
        "{last}"
    );
    assert_eq!(gate(&[]), (0, "gate: pass, all 6 clauses hold".to_owned()));
    answers(&demo::GOOD.replace("{\"id\"", "{\"old\": 1, \"new\": 2, \"id\""));
    let (status, last) = gate(&[]);
    assert_eq!(status, 1);
    assert!(last.starts_with("gate: fail, by `baseline` (1 finding that 20"), "{last}");
    assert!(last.contains(" did not have, e.g. demo::get_thing::") && last.contains("`new`"), "{last}");
    // The flag names another run than the policy.
    let newest = suite.runs().pop().expect("a run").display().to_string();
    assert_eq!(gate(&["--baseline", &newest]), (0, "gate: pass, all 6 clauses hold".to_owned()));
    let output = suite.proofmark(&["run", "--target", "staging", "--gate", "--baseline", "nowhere"]).output();
    assert!(output.exits(3).stderr.contains("`nowhere` is not a run"));
}

/// Nothing that passes by accident: what says nothing of the target is refused, or says how little it saw.
#[test]
fn a_gate_that_saw_nothing_does_not_pass() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(TWO).file("waivers.yaml", &waiver("2999-12-31"));
    let last = |arguments: &[&str], status: i32| {
        let output =
            suite.proofmark(&[&["run", "--target", "staging"], arguments].concat()).output().exits(status);
        output.stdout.lines().last().unwrap_or_default().to_owned()
    };
    assert_eq!(
        last(&["--gate", "bad"], 1),
        "gate: fail, by `passed` (no trial passed: all 1 that were judged are waived)"
    );
    assert_eq!(last(&["--gate", "good"], 0), "gate: pass, all 5 clauses hold, of 1 judged of 2 trials");
    let nothing = suite.run("staging", &["--gate", "nothing-like-this"]).exits(3);
    assert!(nothing.stderr.contains("the filters leave none of the 2 trials"), "{}", nothing.stderr);
    let mutating = "  - { id: make, title: T, doc: demo.txt#1, call: make_thing, with: { name: a } }\n";
    let suite = Suite::at(&server.url()).cases(mutating);
    let output = suite.run("staging", &["--gate", "--safe-only"]).exits(2);
    assert!(output.stdout.ends_with("gate: fail, by `min_judged` (0 judged, at least 1 asked for)\n"));
    let config = demo::CONFIG.replace("URL", &server.url());
    let suite = suite.file("proofmark.yaml", &format!("{config}gate: {{ max_skipped: 0 }}\n"));
    let output = suite.run("staging", &["--gate", "--safe-only"]).exits(2);
    assert!(output.stdout.ends_with(" and `max_skipped` (1 of level must skipped, at most 0 allowed)\n"));
    let down = Suite::demo().cases(TWO).run("staging", &["--gate"]).exits(2);
    assert!(
        down.stdout.contains("gate: fail, by `errored` (2 trials could not be judged)"),
        "{}",
        down.stdout
    );
    let output = suite.run("staging", &["--safe-only"]).exits(2);
    assert!(output.stdout.contains("nothing was judged: 1 skipped of 1"), "{}", output.stdout);
    let empty = Suite::at(&server.url());
    assert!(empty.run("staging", &["--gate"]).exits(3).stderr.contains("the suite has no cases"));
}

/// A record can be judged by a policy of today.
#[test]
fn a_recorded_run_can_be_asked_again() {
    let server = server();
    let suite = Suite::at(&server.url()).cases(TWO).file("waivers.yaml", &waiver("2999-12-31"));
    suite.run("staging", &[]).exits(0);
    let output = suite.proofmark(&["gate"]).output().exits(0);
    assert!(output.stdout.ends_with("gate: pass, all 5 clauses hold\n"), "{}", output.stdout);
    let config = demo::CONFIG.replace("URL", &server.url());
    let suite = suite.file("proofmark.yaml", &format!("{config}gate: {{ min_judged: 3 }}\n"));
    let output = suite.proofmark(&["gate", "latest", "--format", "json"]).output().exits(2);
    let decision: serde_json::Value = serde_json::from_str(&output.stdout).expect("JSON");
    assert_eq!((&decision["judged"], &decision["planned"]), (&2.into(), &2.into()));
    // A record whose waiver has run out since, and one that was cut short.
    let path = suite.only_run().join("run.ndjson");
    let text = std::fs::read_to_string(&path).expect("a record");
    std::fs::write(&path, text.replace("2999-12-31", "2026-01-31")).expect("written");
    let output = suite.proofmark(&["gate"]).output().exits(1);
    assert!(
        output.stdout.contains("`waivers` (1 waiver has run out: W-1 (qa, ticket 12) on 2026-01-31)"),
        "{}",
        output.stdout
    );
    let cut: String = text.lines().take(3).map(|line| format!("{line}\n")).collect();
    std::fs::write(&path, cut).expect("written");
    let output = suite.proofmark(&["gate"]).output().exits(2);
    assert!(output.stdout.contains("`interrupted` (the run was stopped"), "{}", output.stdout);
    let output = suite.proofmark(&["gate", "nowhere"]).output().exits(3);
    assert!(output.stderr.contains("`nowhere` is not a run"), "{}", output.stderr);
}
