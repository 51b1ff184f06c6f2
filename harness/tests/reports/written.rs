//! What holds of every format: nothing invisible, no secret, files whole or not at all, and what is refused.

use crate::made::{FAULTY, FORMATS, HOSTILE_TARGET, SECRET};
use crate::support::command::Proofmark;
use crate::support::{Server, Suite, demo, same};

const CASE: &str = r#"
  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1" }, expect: { outcome: success } }
"#;

/// Characters that a reader of a log or a file would not see, or that a terminal would act on. Line breaks are ours.
fn hidden(c: char) -> bool {
    (c.is_control() && !matches!(c, '\n' | '\t'))
        || matches!(c, '\u{200b}'..='\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{feff}')
}

#[test]
fn nothing_is_invisible_in_any_format() {
    for (format, text) in HOSTILE_TARGET.all().chain(FAULTY.all()) {
        if let Some(at) = text.find(hidden) {
            let before: String = text[..at].chars().rev().take(60).collect();
            panic!("{format} has {:?} after (backwards) {before:?}", text[at..].chars().next());
        }
    }
    assert!(HOSTILE_TARGET.text("har").contains("\\u202e"), "values stay what they are");
}

#[test]
fn no_format_has_a_secret() {
    let mut seen = 0;
    for (format, text) in HOSTILE_TARGET.all() {
        assert!(!text.contains(SECRET), "{format} has the secret");
        seen += usize::from(text.contains("[DEMO_KEY]"));
    }
    assert!(seen >= 2, "exchanges with the secret are in some formats");
}

/// What somebody accepted is still wrong: the waiver is named by every format, and by all but metrics what it accepts.
#[test]
fn a_waived_finding_is_in_every_format() {
    for (format, text) in HOSTILE_TARGET.all() {
        assert!(text.contains("W-1"), "{format} does not name the waiver");
    }
    for (format, part) in [
        ("junit", "outcome expected at body: the outcome is failure"),
        ("tap", "waived: \"W-1\""),
        ("har", "\"waived\":\"W-1\""),
        ("ctrf", "waived by: W-1"),
        ("sarif", "\"suppressions\""),
        ("gitlab", "waived by W-1: "),
        ("github", "waived by W-1: "),
        ("markdown", "waived by `W-1`"),
        ("html", "id=\"waivers\""),
        ("prometheus", "proofmark_waived_findings{waiver=\"W-1\",owner=\"qa\"} 1\n"),
        ("prometheus", "proofmark_waiver_end_timestamp_seconds{waiver=\"W-1\",owner=\"qa\"} 32503680000\n"),
    ] {
        assert!(
            HOSTILE_TARGET.text(format).contains(part),
            "no `{part}` in {format}: {}",
            HOSTILE_TARGET.text(format)
        );
    }
}

#[test]
fn reports_go_where_they_are_sent() {
    let folder = tempfile::tempdir().expect("a folder");
    let run = folder.path().join("run");
    std::fs::create_dir(&run).expect("a folder");
    std::fs::write(run.join("run.ndjson"), &HOSTILE_TARGET.ndjson).expect("a record");
    let run = run.display().to_string();
    let report = |arguments: &[&str]| {
        Proofmark::new(&[&["report", run.as_str()], arguments].concat()).folder(folder.path()).output()
    };
    let output = report(&["--as", "tap", "--as", "json=deep/er/x.json", "--out", "o"]).exits(0);
    same(&output.stdout, "wrote o/report.tap\nwrote deep/er/x.json\n");
    same(&crate::made::read(&folder.path().join("o/report.tap")), HOSTILE_TARGET.text("tap"));
    let output = report(&["--as", "markdown=-", "--as", "tap=x.tap"]).exits(0);
    same(&output.stdout, HOSTILE_TARGET.text("markdown"));
    same(&output.stderr, "wrote x.tap\n");
    let left: Vec<_> = std::fs::read_dir(folder.path().join("o")).expect("a folder").collect();
    assert_eq!(left.len(), 1, "nothing half-written is left: {left:?}");
    for (arguments, message) in [
        (&["--as", "tap", "--as", "tap"][..], "error: two reports would go to `report.tap`\n"),
        (&["--as", "tap=x", "--as", "har=x"], "error: two reports would go to `x`\n"),
        (&["--as", "github", "--as", "har=-"], "error: two reports would go to standard output\n"),
    ] {
        same(&report(arguments).exits(3).stderr, message);
    }
    let unknown = report(&["--as", "sarfi"]).exits(3).stderr;
    assert!(
        unknown.contains("unknown format `sarfi`") && unknown.contains("did you mean `sarif`?"),
        "{unknown}"
    );
    let nowhere = report(&["--as", "sarif=/proc/no/where"]).exits(2).stderr;
    assert!(nowhere.starts_with("error: cannot write to `/proc/no`"), "{nowhere}");
    // A device is written to, not replaced.
    report(&["--as", "sarif=/dev/null"]).exits(0);
    assert!(!std::fs::metadata("/dev/null").expect("there").is_file());
}

#[test]
fn a_suite_says_which_reports_its_runs_write() {
    let server = Server::json(demo::GOOD);
    let config =
        format!("{}defaults: {{ reports: [sarif, har] }}\n", demo::CONFIG.replace("URL", &server.url()));
    let suite = Suite::empty()
        .file("proofmark.yaml", &config)
        .file("specs/demo/openapi.yaml", demo::SPEC)
        .cases(CASE);
    suite.run("staging", &[]).exits(0);
    let files = |run: usize| {
        let mut names: Vec<String> = std::fs::read_dir(&suite.runs()[run])
            .expect("a run")
            .map(|entry| entry.expect("an entry").file_name().to_string_lossy().into_owned())
            .collect();
        names.sort();
        names
    };
    assert_eq!(files(0), ["exchanges.har", "junit.xml", "proofmark.sarif", "report.html", "run.ndjson"]);
    // The command line says it instead.
    suite.run("staging", &["--as", "tap", "--as", "html=extra.html"]).exits(0);
    assert_eq!(files(1), ["junit.xml", "report.html", "report.tap", "run.ndjson"]);
    assert!(suite.path().join("extra.html").is_file());
    let output = suite.run("staging", &["--format", "json", "--as", "github"]).exits(3);
    assert!(
        output.stderr.contains("`--as github` would print between the events of `--format json`"),
        "{}",
        output.stderr
    );
    suite.run("staging", &["--no-report", "--as", "tap"]).exits(3);
    let wrong = suite.file("proofmark.yaml", &config.replace("sarif", "serif")).check().exits(3).stderr;
    assert!(wrong.contains("unknown format `serif`") && wrong.contains("did you mean `sarif`?"), "{wrong}");
}

#[test]
fn an_empty_run_has_every_report_too() {
    let text = &FAULTY.ndjson;
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("run.ndjson"), text.lines().next().expect("a start").to_owned() + "\n")
        .expect("a record");
    let path = folder.path().display().to_string();
    for format in FORMATS {
        Proofmark::new(&["report", &path, "--as", format]).output().exits(0);
    }
    let sarif = crate::made::read(&folder.path().join("proofmark.sarif"));
    let sarif = serde_json::from_str(&sarif).expect("JSON");
    crate::schema::valid(&crate::schema::official("sarif-2.1.0.schema.json"), &sarif);
}
