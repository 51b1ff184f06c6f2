//! CTRF, by its schema.

use crate::made::{FAULTY, HOSTILE_TARGET, Made};
use crate::schema::{official, valid};
use serde_json::Value;

fn results(made: &Made) -> Value {
    let report = made.json("ctrf");
    valid(&official("ctrf-0.0.schema.json"), &report);
    let results = report["results"].clone();
    let tests = results["tests"].as_array().expect("tests");
    assert_eq!(tests.len(), made.record.trials.len());
    let summary = &results["summary"];
    assert_eq!(summary["tests"], tests.len());
    for status in ["passed", "failed", "skipped", "pending", "other"] {
        let count = tests.iter().filter(|test| test["status"] == status).count();
        assert_eq!(summary[status], count, "{status}");
    }
    assert_eq!(
        summary["duration"].as_i64(),
        summary["stop"].as_i64().zip(summary["start"].as_i64()).map(|(stop, start)| stop - start)
    );
    results
}

fn test<'r>(results: &'r Value, name: &str) -> &'r Value {
    let mut tests = results["tests"].as_array().expect("tests").iter();
    tests.find(|test| test["name"] == name).unwrap_or_else(|| panic!("no test {name}"))
}

#[test]
fn every_trial_is_a_test() {
    let results = results(&FAULTY);
    assert_eq!(results["summary"]["failed"], FAULTY.verdicts("failed"));
    let order = test(&results, "cube::orderPackage::order/documented");
    assert_eq!(order["message"], "/data/order_id: null where the contract has a string");
    assert_eq!((&order["filePath"], &order["suite"][0]), (&"cases/cube/order.yaml".into(), &"cube".into()));
    assert!(order["trace"].as_str().is_some_and(|trace| trace.contains("curl -sS ")), "{order}");
    assert_eq!(order["steps"][0]["status"], "failed");
}

#[test]
fn verdicts_that_ctrf_does_not_have_are_raw() {
    let results = results(&HOSTILE_TARGET);
    let raw = |name: &str| {
        let test = test(&results, &format!("demo::{name}"));
        (
            test["status"].as_str().map(str::to_owned),
            test["rawStatus"].as_str().map(str::to_owned),
            test["flaky"] == true,
        )
    };
    let of = |status: &str, raw: &str, flaky| (Some(status.to_owned()), Some(raw.to_owned()), flaky);
    assert_eq!(raw("get_thing::dropped"), of("other", "errored", false));
    assert_eq!(raw("get_thing::waived"), of("other", "waived", false));
    assert_eq!(raw("get_thing::flaky"), of("passed", "flaky", true));
    assert_eq!(raw("subscribe::skipped"), of("skipped", "skipped", false));
    assert_eq!(results["summary"]["flaky"], 1);
}
