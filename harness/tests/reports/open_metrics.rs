//! Prometheus' text format, by a strict reader of its own: the grammar of the exposition format 0.0.4, and what the
//! textfile collector refuses (time stamps, metrics that are there twice).

use crate::made::{FAULTY, HOSTILE_TARGET, Made};
use std::collections::{BTreeMap, HashSet};

type Labels = BTreeMap<String, String>;

/// Samples by metric; panics where the text is not in the format.
fn read(text: &str) -> BTreeMap<String, Vec<(Labels, f64)>> {
    assert!(text.ends_with('\n'), "the last line ends");
    let mut metrics: BTreeMap<String, Vec<(Labels, f64)>> = BTreeMap::new();
    let (mut helped, mut typed) = (HashSet::new(), HashSet::new());
    let mut current = String::new();
    for line in text.split_terminator('\n') {
        if let Some(comment) = line.strip_prefix("# ") {
            let mut words = comment.splitn(3, ' ');
            let (kind, name) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
            assert!(is_name(name, true), "{line}");
            assert!(!metrics.contains_key(name), "the head of {name} comes after its samples");
            match kind {
                "HELP" => assert!(helped.insert(name.to_owned()), "two helps: {line}"),
                "TYPE" => {
                    assert_eq!(words.next(), Some("gauge"));
                    assert!(typed.insert(name.to_owned()), "two types: {line}");
                    current = name.to_owned();
                }
                _ => panic!("a comment that is not ours: {line}"),
            }
            continue;
        }
        let (name, labels, value) = sample(line);
        assert_eq!(name, current, "samples of a metric stand together, behind its type");
        let samples = metrics.entry(name).or_default();
        assert!(samples.iter().all(|(other, _)| *other != labels), "a series twice: {line}");
        samples.push((labels, value));
    }
    assert!(metrics.keys().all(|name| helped.contains(name) && typed.contains(name)));
    metrics
}

fn is_name(text: &str, metric: bool) -> bool {
    let letter = |c: char| c.is_ascii_alphabetic() || c == '_' || (metric && c == ':');
    text.starts_with(letter) && text.chars().all(|c| letter(c) || c.is_ascii_digit())
}

fn sample(line: &str) -> (String, Labels, f64) {
    let end = line.find(['{', ' ']).unwrap_or_else(|| panic!("no value: {line}"));
    let (name, mut rest) = line.split_at(end);
    assert!(is_name(name, true), "{line}");
    let mut labels = Labels::new();
    if let Some(inside) = rest.strip_prefix('{') {
        rest = inside;
        while !rest.starts_with('}') {
            let (label, after) = rest.split_once("=\"").unwrap_or_else(|| panic!("no label: {line}"));
            assert!(is_name(label, false), "{line}");
            let mut value = String::new();
            let mut chars = after.chars();
            loop {
                match chars.next().unwrap_or_else(|| panic!("a value without end: {line}")) {
                    '"' => break,
                    '\\' => value.push(match chars.next() {
                        Some('\\') => '\\',
                        Some('"') => '"',
                        Some('n') => '\n',
                        other => panic!("an escape of {other:?}: {line}"),
                    }),
                    c => value.push(c),
                }
            }
            assert!(labels.insert(label.to_owned(), value).is_none(), "a label twice: {line}");
            rest = chars.as_str();
            rest = match rest.strip_prefix(',') {
                Some(next) => next,
                None => {
                    assert!(rest.starts_with('}'), "{line}");
                    rest
                }
            };
        }
        rest = &rest[1..];
    }
    let value = rest.strip_prefix(' ').unwrap_or_else(|| panic!("no space before the value: {line}"));
    assert!(!value.contains(' '), "a time stamp: {line}");
    (name.to_owned(), labels, value.parse().unwrap_or_else(|_| panic!("no number: {line}")))
}

fn value(metrics: &BTreeMap<String, Vec<(Labels, f64)>>, name: &str, wanted: &[(&str, &str)]) -> f64 {
    let fits = |labels: &Labels| wanted.iter().all(|(n, v)| labels.get(*n).is_some_and(|value| value == v));
    let samples = metrics.get(name).unwrap_or_else(|| panic!("no metric {name}"));
    samples.iter().filter(|(labels, _)| fits(labels)).map(|(_, value)| value).sum()
}

#[expect(clippy::cast_precision_loss, reason = "a count")]
fn count(made: &Made, verdict: &str) -> f64 {
    made.verdicts(verdict) as f64
}

#[test]
#[expect(clippy::float_cmp, reason = "counts")]
fn counts_are_those_of_the_record() {
    for made in [&*FAULTY, &*HOSTILE_TARGET] {
        let metrics = read(made.text("prometheus"));
        for verdict in ["passed", "failed", "errored", "skipped", "waived", "flaky"] {
            assert_eq!(
                value(&metrics, "proofmark_trials", &[("verdict", verdict)]),
                count(made, verdict),
                "{verdict}"
            );
        }
        let findings: usize = made
            .record
            .trials
            .iter()
            .flat_map(|trial| trial["steps"].as_array().into_iter().flatten())
            .map(|step| step["findings"].as_array().map_or(0, Vec::len))
            .sum();
        #[expect(clippy::cast_precision_loss, reason = "a count")]
        let findings = findings as f64;
        assert_eq!(value(&metrics, "proofmark_findings", &[]), findings);
        assert_eq!(value(&metrics, "proofmark_conformant", &[]), 0.0);
        assert!(value(&metrics, "proofmark_run_end_timestamp_seconds", &[]) > 1.7e9);
        assert!(value(&metrics, "proofmark_run_duration_seconds", &[]) > 0.0);
    }
}

/// Names of APIs come from the suite; a record may say anything.
#[test]
fn labels_are_escaped() {
    let name = "a\\\"} 1\\n\\\\x{";
    let changed = HOSTILE_TARGET.ndjson.replace("\"api\":\"demo\"", &format!("\"api\":\"{name}\""));
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("run.ndjson"), changed).expect("a record");
    let path = folder.path().display().to_string();
    let arguments = ["report", &path, "--as", "prometheus=-"];
    let output = crate::support::command::Proofmark::new(&arguments).output().exits(0);
    let metrics = read(&output.stdout);
    let apis: HashSet<&String> =
        metrics["proofmark_trials"].iter().filter_map(|(labels, _)| labels.get("api")).collect();
    assert_eq!(apis.len(), 1);
    assert!(apis.iter().all(|api| *api == "a\"} 1␊\\x{"), "{apis:?}");
}
