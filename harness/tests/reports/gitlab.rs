//! GitLab's code quality report: the table of fields in GitLab's documentation (*Code Quality report format*), read
//! strictly. What GitLab itself asks for (`app/validators/json_schemas/codeclimate.json`) is less: four fields and their
//! types.

use crate::made::{FAULTY, HOSTILE_TARGET, Made};
use serde_json::Value;
use std::collections::HashSet;

fn entries(made: &Made) -> Vec<Value> {
    let report = made.json("gitlab");
    assert!(!made.text("gitlab").starts_with('\u{feff}'), "GitLab reads no byte order mark");
    let entries = report.as_array().expect("a list").clone();
    let mut fingerprints = HashSet::new();
    for entry in &entries {
        let fields: Vec<&String> = entry.as_object().expect("an object").keys().collect();
        assert_eq!(fields, ["description", "check_name", "fingerprint", "severity", "location"]);
        for name in ["description", "check_name"] {
            assert!(entry[name].as_str().is_some_and(|text| !text.is_empty()), "{entry}");
        }
        let fingerprint = entry["fingerprint"].as_str().expect("a fingerprint");
        assert!(fingerprint.len() == 64 && fingerprint.bytes().all(|b| b.is_ascii_hexdigit()));
        assert!(
            fingerprints.insert(fingerprint.to_owned()),
            "GitLab shows one of two with a fingerprint: {entry}"
        );
        let severity = entry["severity"].as_str().expect("a severity");
        assert!(["info", "minor", "major", "critical", "blocker"].contains(&severity), "{severity}");
        let path = entry["location"]["path"].as_str().expect("a path");
        assert!(!path.starts_with(['/', '.']) && path.ends_with(".yaml"), "{path}");
        assert!(entry["location"]["lines"]["begin"].as_u64().is_some_and(|line| line > 0), "{entry}");
    }
    entries
}

fn of<'e>(entries: &'e [Value], severity: &str) -> Vec<&'e Value> {
    entries.iter().filter(|entry| entry["severity"] == severity).collect()
}

#[test]
fn problems_are_entries() {
    let entries = entries(&FAULTY);
    assert!((3..=8).contains(&of(&entries, "critical").len()), "{entries:#?}");
    let sarif = FAULTY.json("sarif").to_string();
    for entry in entries {
        let fingerprint = entry["fingerprint"].as_str().expect("a fingerprint");
        assert!(sarif.contains(fingerprint), "SARIF has another fingerprint");
    }
}

#[test]
fn levels_are_severities() {
    let entries = entries(&HOSTILE_TARGET);
    let waived =
        |entry: &&Value| entry["description"].as_str().is_some_and(|d| d.starts_with("waived by W-1: "));
    assert_eq!(of(&entries, "info").into_iter().filter(waived).count(), 1);
    assert!(of(&entries, "info").len() >= 2 && !of(&entries, "minor").is_empty(), "{entries:#?}");
    assert_eq!(of(&entries, "major").len(), 1, "what was not judged");
}
