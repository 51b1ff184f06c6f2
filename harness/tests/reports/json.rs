//! `report.json`: what scripts read.

use crate::made::{FAULTY, HOSTILE_TARGET};
use serde_json::Value;

#[test]
fn counts_problems_and_trials_are_those_of_the_record() {
    for made in [&*FAULTY, &*HOSTILE_TARGET] {
        let report = made.json("json");
        let fields: Vec<&String> = report.as_object().expect("an object").keys().collect();
        assert_eq!(
            fields,
            ["version", "outcome", "run", "gate", "counts", "apis", "left_over", "problems", "trials"]
        );
        assert_eq!(report["outcome"], "not conformant");
        for verdict in ["passed", "failed", "errored", "skipped", "waived", "flaky"] {
            assert_eq!(report["counts"][verdict], made.verdicts(verdict), "{verdict}");
        }
        let trials = report["trials"].as_array().expect("trials");
        let pairs = trials.iter().zip(&made.record.trials);
        for (trial, recorded) in pairs {
            assert_eq!((&trial["name"], &trial["verdict"]), (&recorded["name"], &recorded["verdict"]));
        }
        assert_eq!(trials.len(), made.record.trials.len());
    }
}

#[test]
fn problems_name_their_level_and_waiver() {
    let report = HOSTILE_TARGET.json("json");
    let levels: Vec<&str> =
        report["problems"].as_array().expect("problems").iter().filter_map(|p| p["level"].as_str()).collect();
    for level in ["must", "errored", "waived", "should", "may"] {
        assert!(levels.contains(&level), "{levels:?}");
    }
    let waived = report["problems"].as_array().and_then(|p| p.iter().find(|p| p["level"] == "waived"));
    assert_eq!(waived.map(|p| &p["waiver"]), Some(&Value::from("W-1")));
}
