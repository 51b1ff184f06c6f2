//! Answers compared with what was kept.

use super::{CASES, Changing, ONE, files, run, text};
use crate::support::{Answer, Suite};

#[test]
fn nothing_is_compared_unless_asked_for() {
    let target = Changing::new(Answer::json(r#"{"code": "0"}"#));
    let suite = Suite::at(&target.server.url()).cases(CASES);
    let output = run(&suite, &[]).exits(0);
    assert!(!output.stdout.contains("snapshots:"), "{}", output.stdout);
    assert_eq!(files(&suite), [] as [&str; 0]);
}

#[test]
fn a_changed_answer_is_a_finding_with_both_differences() {
    let before = r#"{"code": "0", "size": "7", "name": "seven", "list": [1, 2, 3]}"#;
    let target = Changing::new(Answer::json(before));
    for (mode, status, level) in [("note", 0, "may"), ("warn", 0, "should"), ("fail", 1, "must")] {
        target.set(Answer::json(before));
        let suite = target.suite(&format!("mode: {mode}"), CASES);
        run(&suite, &["--snapshots", "write"]).exits(0);
        target.set(Answer::whole(
            "200 OK",
            &[("Content-Type", "application/json;charset=utf-8")],
            br#"{"code": "0", "size": 7, "token": "t", "list": [2, 3, 1]}"#,
        ));
        let output = suite.run("staging", &[]);
        assert_eq!(output.status, status, "{mode}: {}", output.stdout);
        assert!(
            output.stdout.contains("snapshots: 3 changed; 3 to look at with `proofmark review`"),
            "{}",
            output.stdout
        );
        let record = suite.record();
        let trial = record.trial("one");
        let findings: Vec<_> = trial["steps"][0]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|f| f["check"] == "snapshot")
            .map(|f| {
                format!(
                    "{} {} {}",
                    f["level"].as_str().unwrap(),
                    f["requirement"].as_str().unwrap(),
                    f["at"].as_str().unwrap()
                )
            })
            .collect();
        let expected = [
            "header-changed header content-type",
            "type-changed /size",
            "field-added /token",
            "element-moved /list/2",
            "field-removed /name",
        ];
        assert_eq!(findings, expected.map(|f| format!("{level} {f}")));
        let first = &trial["steps"][0]["findings"]
            .as_array()
            .unwrap()
            .iter()
            .find(|f| f["check"] == "snapshot")
            .unwrap();
        let details: Vec<&str> =
            first["details"].as_array().unwrap().iter().filter_map(|d| d.as_str()).collect();
        assert_eq!(details[0], format!("snapshot: snapshots/{ONE}"));
        assert!(details.contains(&"-  \"size\": \"7\","), "{details:#?}");
        assert!(details.contains(&"+  \"size\": 7,"), "{details:#?}");
        assert!(text(&suite, ONE).contains("seven"), "the snapshot waits for a review");
    }
}

#[test]
fn the_order_of_members_is_no_change() {
    let target = Changing::new(Answer::json(r#"{"code": "0", "id": "7"}"#));
    let suite = target.suite("mode: fail", CASES);
    run(&suite, &["--snapshots", "write"]).exits(0);
    target.set(Answer::json(r#"{"id": "7", "code": "0"}"#));
    let output = run(&suite, &[]).exits(0);
    assert!(output.stdout.contains("snapshots: 3 unchanged"), "{}", output.stdout);
    assert_eq!(files(&suite).len(), 3, "nothing waits");
}

#[test]
fn nothing_is_written_in_ci_and_what_is_missing_is_said() {
    let target = Changing::new(Answer::json(r#"{"code": "0"}"#));
    for (mode, status) in [("warn", 0), ("fail", 1)] {
        let suite = target.suite(&format!("mode: {mode}"), CASES);
        for ci in [suite.proofmark(&["run", "--ci"]), suite.proofmark(&["run"]).env("CI", "true")] {
            let output = ci.arguments(&["--target", "staging"]).output().exits(status);
            assert!(output.stdout.contains("snapshots: 3 without a snapshot\n"), "{}", output.stdout);
        }
        let message = "snapshot: this answer has no snapshot, and none is written here";
        assert_eq!(suite.record_of(0).findings("one"), [message]);
        assert_eq!(files(&suite), [] as [&str; 0]);
        for asked in ["write", "review"] {
            let output = run(&suite, &["--ci", "--snapshots", asked]).exits(3);
            assert!(
                output.stderr.contains("nothing is written in CI: use `--snapshots check` there"),
                "{}",
                output.stderr
            );
        }
        // What other tools mean by CI.
        suite.proofmark(&["run", "--target", "staging"]).env("CI", "false").output().exits(0);
        assert_eq!(files(&suite).len(), 3);
        assert!(files(&suite).iter().all(|f| f.ends_with(".snap.new")), "{:?}", files(&suite));
    }
}

#[test]
fn broken_files_are_told_and_the_run_could_not_judge() {
    let target = Changing::new(Answer::json(r#"{"code": "0"}"#));
    let suite = target.suite("", CASES).file(&format!("snapshots/{ONE}"), "no snapshot");
    let output = run(&suite, &["--snapshots", "check"]).exits(2);
    assert!(output.stderr.contains(ONE) && output.stderr.contains("is no snapshot"), "{}", output.stderr);
    assert!(output.stdout.contains("2 without a snapshot"), "{}", output.stdout);
}
