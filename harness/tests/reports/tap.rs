//! TAP 14, by a strict reader of its own: the specification's grammar, and YAML blocks by a YAML parser.

use crate::made::{FAULTY, HOSTILE_TARGET, Made};
use proofmark::model::source::SourceFile;
use serde_json::Value;

/// A test point.
#[derive(Debug)]
struct Point {
    ok: bool,
    description: String,
    /// `SKIP` or `TODO`, and why.
    directive: Option<(String, String)>,
    /// Its YAML block.
    block: Value,
}

/// Reads a document; panics where it is not TAP 14.
fn read(text: &str) -> (Vec<Point>, Option<String>) {
    assert!(text.ends_with('\n') && !text.contains('\r'));
    let mut lines = text.split_terminator('\n').peekable();
    assert_eq!(lines.next(), Some("TAP version 14"));
    let plan: usize =
        lines.next().and_then(|line| line.strip_prefix("1..")).expect("a plan").parse().expect("a number");
    let mut points: Vec<Point> = Vec::new();
    let mut bail = None;
    while let Some(line) = lines.next() {
        assert!(bail.is_none(), "something follows `Bail out!`: {line}");
        if let Some(reason) = line.strip_prefix("Bail out!") {
            bail = Some(reason.trim().to_owned());
            continue;
        }
        let mut point = test_point(line, points.len() + 1);
        if lines.peek() == Some(&"  ---") {
            lines.next();
            let mut yaml = String::new();
            loop {
                let line = lines.next().expect("a block ends");
                if line == "  ..." {
                    break;
                }
                yaml.push_str(line.strip_prefix("  ").unwrap_or_else(|| panic!("not indented: {line}")));
                yaml.push('\n');
            }
            let mut problems = Vec::new();
            let node = proofmark::yaml::parse(&SourceFile::new("block", "block", yaml), &mut problems);
            assert!(problems.is_empty(), "{}", problems[0].message);
            point.block = node.expect("a document").to_json();
        }
        points.push(point);
    }
    assert_eq!(points.len(), plan, "as many points as planned");
    (points, bail)
}

fn test_point(line: &str, number: usize) -> Point {
    let (ok, rest) = match line.strip_prefix("not ok ") {
        Some(rest) => (false, rest),
        None => (true, line.strip_prefix("ok ").unwrap_or_else(|| panic!("not a test point: {line}"))),
    };
    let rest =
        rest.strip_prefix(&format!("{number} - ")).unwrap_or_else(|| panic!("not point {number}: {line}"));
    // The first `#` that is not escaped begins the directive.
    let mut description = String::new();
    let mut chars = rest.chars();
    let mut directive = None;
    while let Some(c) = chars.next() {
        match c {
            '\\' => match chars.next() {
                Some(escaped @ ('\\' | '#')) => description.push(escaped),
                other => panic!("an escape of {other:?} in {line}"),
            },
            '#' => {
                let text = chars.as_str().trim_start();
                let (word, why) = text.split_once(' ').unwrap_or((text, ""));
                assert!(["SKIP", "TODO"].contains(&word), "an unknown directive in {line}");
                directive = Some((word.to_owned(), why.to_owned()));
                break;
            }
            c => description.push(c),
        }
    }
    Point { ok, description: description.trim_end().to_owned(), directive, block: Value::Null }
}

#[track_caller]
fn points(made: &Made) -> Vec<Point> {
    let (points, bail) = read(made.text("tap"));
    assert_eq!(bail, None);
    for (point, trial) in points.iter().zip(&made.record.trials) {
        assert_eq!(point.description, trial["name"].as_str().unwrap_or_default());
        let verdict = trial["verdict"].as_str().unwrap_or_default();
        assert_eq!(point.ok, ["passed", "flaky", "skipped"].contains(&verdict), "{point:?}");
        let expected = match verdict {
            "skipped" => Some("SKIP"),
            "waived" => Some("TODO"),
            _ => None,
        };
        assert_eq!(point.directive.as_ref().map(|(word, _)| word.as_str()), expected);
        if verdict != "skipped" {
            assert_eq!(point.block["verdict"], verdict);
            assert_eq!(point.block["title"], trial["title"]);
        }
    }
    assert_eq!(points.len(), made.record.trials.len());
    points
}

#[test]
fn every_trial_is_a_point_with_its_findings() {
    let points = points(&FAULTY);
    let order =
        points.iter().find(|p| p.description == "cube::orderPackage::order/documented").expect("there");
    let finding = &order.block["findings"][0];
    assert_eq!((&finding["check"], &finding["at"]), (&"schema".into(), &"/data/order_id".into()));
    assert_eq!(finding["document"], "004_60df215077719607.txt#175-178");
    assert!(order.block["curl"].as_str().is_some_and(|curl| curl.starts_with("curl -sS ")));
}

#[test]
fn hostile_text_stays_in_its_scalar() {
    let points = points(&HOSTILE_TARGET);
    let code = points.iter().find(|p| p.description.ends_with("hostile/code")).expect("there");
    let findings = code.block["findings"].to_string();
    assert!(findings.contains("ok 99 - forged"), "the text is shown: {findings}");
    let why = points.iter().find_map(|p| p.directive.as_ref().filter(|(word, _)| word == "TODO"));
    assert!(why.is_some_and(|(_, why)| why.contains("W-1") && why.contains("\\# SKIP \\\\")), "{why:?}");
}

/// A run that was killed: what there is, and that it is not all.
#[test]
fn an_interrupted_run_bails_out() {
    let text = &FAULTY.ndjson;
    let lines: Vec<&str> = text.lines().take(4).collect();
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("run.ndjson"), lines.join("\n") + "\n").expect("a record");
    let path = folder.path().display().to_string();
    let output =
        crate::support::command::Proofmark::new(&["report", &path, "--as", "tap=-"]).output().exits(0);
    let (points, bail) = read(&output.stdout);
    assert_eq!(points.len(), 3);
    assert!(bail.is_some_and(|why| why.starts_with("interrupted: ")));
}
