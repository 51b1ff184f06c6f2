//! What the gate asks for, and by what it refuses.

use super::{FAULTS, TWO, accepted, cube, server, waiver};
use crate::support::{Answer, Server, Suite, demo};

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
