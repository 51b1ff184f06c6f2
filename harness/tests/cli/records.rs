//! Reading records: those of another version, those that were cut short, and those that are broken.

use crate::support::{Output, Server, Suite, demo, same};
use std::path::Path;

const CASES: &str = r#"
  - { id: one, title: One, doc: demo.txt#1, call: get_thing, with: { id: "1" }, expect: { outcome: success } }
  - { id: two, title: Two, doc: demo.txt#1, call: get_thing, with: { id: "2" }, expect: { outcome: failure } }
"#;

/// A suite with one run, and the lines of its record.
fn recorded() -> (Suite, Vec<String>) {
    let server = Server::json(demo::GOOD);
    let suite = Suite::at(&server.url()).cases(CASES);
    suite.run("staging", &["--jobs", "1"]).exits(1);
    let text = read(&suite.only_run().join("run.ndjson"));
    (suite, text.lines().map(str::to_owned).collect())
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_else(|e| panic!("{}: {e}", path.display()))
}

/// `proofmark report` of a record with this text.
fn report(text: &str) -> (Suite, Output) {
    let suite = Suite::empty().file("r/run.ndjson", text);
    let output = suite.proofmark(&["report", "r"]).output();
    (suite, output)
}

#[test]
fn a_report_made_again_is_the_same_report() {
    let (suite, _) = recorded();
    let run = suite.only_run();
    let (html, junit) = (read(&run.join("report.html")), read(&run.join("junit.xml")));
    assert!(html.contains("demo::get_thing::two") && junit.contains("<failure "), "the reports are empty");

    let argument = run.to_string_lossy().into_owned();
    let output = suite.proofmark(&["report", &argument, "--out", "again/deep"]).output().exits(0);
    same(&output.stdout, "wrote again/deep/report.html\nwrote again/deep/junit.xml\n");
    same(&read(&suite.path().join("again/deep/report.html")), &html);
    same(&read(&suite.path().join("again/deep/junit.xml")), &junit);

    // In place, and by the record's own name.
    std::fs::write(run.join("report.html"), "old").expect("written");
    std::fs::remove_file(run.join("junit.xml")).expect("removed");
    suite.proofmark(&["report", &format!("{argument}/run.ndjson")]).output().exits(0);
    same(&read(&run.join("report.html")), &html);
    same(&read(&run.join("junit.xml")), &junit);
}

/// It renders what is recorded, and asks neither the suite nor the target.
#[test]
fn a_report_needs_nothing_but_the_record() {
    let (suite, lines) = recorded();
    let html = read(&suite.only_run().join("report.html"));
    let (elsewhere, output) = report(&(lines.join("\n") + "\n"));
    output.exits(0);
    same(&read(&elsewhere.path().join("r/report.html")), &html);
}

#[test]
fn a_record_of_a_later_version_is_refused() {
    let (_, lines) = recorded();
    let later = lines[0].replace("\"version\":1", "\"version\":2");
    assert_ne!(later, lines[0]);
    let (suite, output) = report(&format!("{later}\n{}\n", lines[1]));
    let output = output.exits(2);
    same(
        &output.stderr,
        "error: r/run.ndjson:1: the record has format version 2; this proofmark reads up to 1\n",
    );
    assert!(!suite.path().join("r/report.html").exists());

    // Whatever that version may look like.
    let (_, output) = report("{\"event\":\"run-began\",\"version\":3}\n");
    same(
        &output.exits(2).stderr,
        "error: r/run.ndjson:1: the record has format version 3; this proofmark reads up to 1\n",
    );
}

/// A run that was killed while it wrote its last line.
#[test]
fn a_last_line_that_was_cut_short_is_left_out() {
    let (_, lines) = recorded();
    for cut in [1, lines[2].len() / 2, lines[2].len() - 1] {
        let (suite, output) = report(&format!("{}\n{}\n{}", lines[0], lines[1], &lines[2][..cut]));
        output.exits(0);
        let junit = read(&suite.path().join("r/junit.xml"));
        assert!(junit.contains("tests=\"1\""), "{junit}");
    }
    // A whole event without its line end is whole.
    let (suite, output) = report(&lines.join("\n"));
    output.exits(0);
    assert!(read(&suite.path().join("r/junit.xml")).contains("tests=\"2\""));
}

#[test]
fn a_broken_line_is_named() {
    let (_, lines) = recorded();
    let stderr = |text: &str| report(text).1.exits(2).stderr;
    same(
        &stderr(&format!("{}\n{}\n{{\"event\":\n{}\n", lines[0], lines[1], lines[2])),
        "error: r/run.ndjson:3: not an event of a record: EOF while parsing a value\n",
    );
    same(
        &stderr(&format!("{}\n{{\"event\": \"lunch\"}}\n", lines[0])),
        "error: r/run.ndjson:2: not an event of a record: unknown variant `lunch`, expected one of `run-started`, `trial-finished`, `coverage`, `run-finished`, `history`\n",
    );
    let no_start = "error: r/run.ndjson:1: the record does not begin with `run-started`\n";
    same(&stderr(&format!("{}\n", lines[1])), no_start);
    same(&stderr(""), no_start);
}

#[test]
fn what_is_no_run_is_3() {
    let suite = Suite::empty().folder("empty");
    for name in ["empty", "missing"] {
        let output = suite.proofmark(&["report", name]).output().exits(3);
        same(&output.stderr, &format!("error: `{name}` is not a run: there is no run.ndjson\n"));
    }
}
