//! SARIF, by the schema of OASIS, and by what the schema cannot say.

use crate::made::{FAULTY, HOSTILE_TARGET, Made};
use crate::schema::{official, valid};
use serde_json::{Value, json};
use std::collections::HashSet;

/// The one run of a log, after the schema and the sentences of the specification that a schema cannot hold.
fn run(made: &Made) -> Value {
    let log = made.json("sarif");
    valid(&official("sarif-2.1.0.schema.json"), &log);
    let run = log["runs"][0].clone();
    let rules = run["tool"]["driver"]["rules"].as_array().expect("rules");
    let ids: HashSet<&str> = rules.iter().filter_map(|rule| rule["id"].as_str()).collect();
    assert_eq!(ids.len(), rules.len(), "ids of rules are unique");
    let mut fingerprints = HashSet::new();
    for result in run["results"].as_array().expect("results") {
        let index = result["ruleIndex"].as_u64().expect("an index") as usize;
        assert_eq!(rules[index]["id"], result["ruleId"], "3.27.6: the index is that of the rule");
        assert!(fingerprints.insert(result["partialFingerprints"].to_string()), "{result}");
        let text = result["message"]["text"].as_str().expect("a text");
        placeholders(text);
        assert!(!text.contains("]("), "3.11.6: an embedded link: {text}");
    }
    run
}

/// 3.11.5: braces are doubled.
fn placeholders(text: &str) {
    for brace in ['{', '}'] {
        let runs = text.split(|c| c != brace).map(str::len);
        assert!(runs.into_iter().all(|length| length % 2 == 0), "a single brace in {text}");
    }
}

fn results<'r>(run: &'r Value, level: &str) -> Vec<&'r Value> {
    run["results"].as_array().expect("results").iter().filter(|result| result["level"] == level).collect()
}

#[test]
fn a_defect_is_one_result_with_its_places() {
    let run = run(&FAULTY);
    let results = results(&run, "error");
    assert!((3..=8).contains(&results.len()), "{} results of four faults", results.len());
    let order =
        results.iter().find(|r| r["ruleId"] == "schema/type" && r["properties"]["place"] == "/data/order_id");
    let order = order.expect("the order id that is null");
    let place = &order["locations"][0]["physicalLocation"];
    let file = place["artifactLocation"]["uri"].as_str().expect("a file");
    assert!(file.starts_with("cases/cube/") && file.ends_with(".yaml"), "{file}");
    assert!(place["region"]["startLine"].as_u64().is_some_and(|line| line > 1));
    assert!(order["occurrenceCount"].as_u64().is_some_and(|n| n > 10), "{order}");
    let related: Vec<&Value> = order["relatedLocations"].as_array().expect("places").iter().collect();
    let uri =
        |value: &Value| value["physicalLocation"]["artifactLocation"]["uri"].as_str().map(str::to_owned);
    assert_eq!(uri(related[0]).as_deref(), Some("specs/cube/openapi.yaml"));
    assert_eq!(uri(related[1]).as_deref(), Some("004_60df215077719607.txt"));
    assert_eq!(related[1]["physicalLocation"]["artifactLocation"]["uriBaseId"], "DOCUMENTS");
    assert_eq!(related[1]["physicalLocation"]["region"], json!({ "startLine": 175, "endLine": 178 }));
    assert_eq!(run["invocations"][0]["executionSuccessful"], true);
    assert_eq!(run["properties"]["trials"]["failed"], FAULTY.verdicts("failed"));
    assert!(run["results"].to_string().contains("callback"), "the callback's fault is there");
}

#[test]
fn what_could_not_be_judged_is_no_result_and_what_was_waived_is_suppressed() {
    let run = run(&HOSTILE_TARGET);
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notes = invocation["toolExecutionNotifications"].as_array().expect("notifications");
    assert_eq!(notes.len(), 1, "{notes:#?}");
    assert!(notes[0]["descriptor"]["id"].as_str().is_some_and(|id| id.starts_with("errored/")));
    let suppressed: Vec<&Value> =
        results(&run, "error").into_iter().filter(|r| !r["suppressions"].is_null()).collect();
    assert_eq!(suppressed.len(), 1, "{suppressed:#?}");
    let why = suppressed[0]["suppressions"][0]["justification"].as_str().expect("why");
    assert!(why.starts_with("W-1: later"), "{why}");
    for level in ["warning", "note"] {
        assert!(!results(&run, level).is_empty(), "no {level}");
    }
}

/// Another run, in another order, with other values and one case less: the same problems have the same fingerprints.
#[test]
fn fingerprints_are_those_of_the_problem() {
    let prints = |made: &Made| -> HashSet<String> {
        let run = run(made);
        let list = run["results"].as_array().expect("results").clone();
        list.iter().map(|r| r["partialFingerprints"]["primaryLocationLineHash"].to_string()).collect()
    };
    let text = &FAULTY.ndjson;
    let mut lines: Vec<String> = text.lines().map(str::to_owned).collect();
    let last = lines.pop().expect("an end");
    let first = lines.remove(0);
    let gone =
        lines.iter().position(|line| line.contains("\"case\":\"order/documented\"")).expect("the case");
    lines.remove(gone);
    lines.reverse();
    let changed = format!("{first}\n{}\n{last}\n", lines.join("\n"))
        .replace("\"line\":", "\"line\":1")
        .replace("\"actual\":\"", "\"actual\":\"x");
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("run.ndjson"), changed).expect("a record");
    let path = folder.path().display().to_string();
    let output =
        crate::support::command::Proofmark::new(&["report", &path, "--as", "sarif=-"]).output().exits(0);
    let again: Value = serde_json::from_str(&output.stdout).expect("JSON");
    let again: HashSet<String> = again["runs"][0]["results"]
        .as_array()
        .expect("results")
        .iter()
        .map(|r| r["partialFingerprints"]["primaryLocationLineHash"].to_string())
        .collect();
    assert_eq!(again, prints(&FAULTY));
    assert!(again.len() >= 4);
}
