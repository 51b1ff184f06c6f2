//! What is kept of an answer, and what is not.

use super::{CASES, CONFIG, Changing, files, run, text};
use crate::support::{Answer, Server, Suite};
use std::sync::atomic::{AtomicUsize, Ordering};

#[test]
fn what_is_written_is_readable_and_compared_with_later() {
    let target = Changing::new(Answer::whole(
        "200 OK",
        &[
            ("Content-Type", "application/json; charset=GBK"),
            ("Date", "Sun, 22 Nov 2026 10:00:00 GMT"),
            ("Cache-Control", "no-store"),
            ("Set-Cookie", "sid=hunter2hunter2; HttpOnly"),
        ],
        b"{\"name\":\"\xb2\xca\",\"code\":\"0\",\"id\":\"7\"}",
    ));
    let suite = target.suite("", &CASES.replace("get_thing, with: { id: ", "find_gbk, with: { name: "));
    let output = run(&suite, &["--snapshots", "write"]).exits(0);
    assert!(output.stdout.ends_with("snapshots: 3 new; 3 written\n"), "{}", output.stdout);
    assert_eq!(files(&suite).len(), 3, "{:?}", files(&suite));
    assert_eq!(
        text(&suite, "staging/demo/find_gbk__one.snap"),
        "---
source: \"cases/demo/cases.yaml\"
description: \"One\"
expression: \"demo::find_gbk::one\"
---
HTTP 200
content-type: application/json; charset=GBK
cache-control: no-store
set-cookie: sid=[string]; HttpOnly

{
  \"name\": \"彩\",
  \"code\": \"0\",
  \"id\": \"7\"
}
"
    );
    for mode in ["check", "review", "write"] {
        let output = run(&suite, &["--snapshots", mode, "--jobs", "8"]).exits(0);
        assert!(output.stdout.ends_with("snapshots: 3 unchanged\n"), "{mode}: {}", output.stdout);
    }
    assert_eq!(files(&suite).len(), 3);
}

/// insta's own reader reads what the command wrote.
#[test]
fn insta_reads_the_files() {
    let target = Changing::new(Answer::json(r#"{"code": "0", "id": "---"}"#));
    let suite = target.suite("", CASES);
    run(&suite, &["--snapshots", "write"]).exits(0);
    target.set(Answer::json(r#"{"code": "0"}"#));
    run(&suite, &["--snapshots", "review"]).exits(0);
    let found = files(&suite);
    assert_eq!(found.len(), 6, "{found:?}");
    for name in &found {
        let read =
            insta::Snapshot::from_file(&suite.path().join("snapshots").join(name)).expect("insta reads it");
        assert_eq!(read.metadata().source(), Some("cases/demo/cases.yaml"));
        assert_eq!(read.metadata().assertion_line().is_some(), name.ends_with(".new"));
        let content = read.as_text().expect("text").to_string();
        assert!(content.starts_with("HTTP 200\ncontent-type: application/json\n\n{\n"), "{content}");
    }
}

#[test]
fn volatile_places_secrets_and_made_up_values_keep_a_snapshot_stable() {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    let spec = crate::support::demo::SPEC
        .replace("        id: { type: string }\n", "        id: { type: string, x-proofmark: { volatile: true } }\n        pin: { type: string, x-proofmark: { secret: true } }\n");
    let server = Server::start(|request| {
        let n = COUNT.fetch_add(1, Ordering::SeqCst) + 100_000;
        let trace = request.header("X-Trace").unwrap_or_default().to_owned();
        let query = request.query("q").unwrap_or_default();
        Answer::json(&format!(
            r#"{{"code": "0", "id": "{n}", "pin": "pin-{n}", "name": "for {trace} and {query}", "key": "hunter2hunter2"}}"#
        ))
    });
    let cases = r#"  - id: one
    title: One
    doc: demo.txt#1
    vars: { phone: "${'130' + digits(8)}", derived: "${md5(vars.phone)}" }
    steps:
      - { call: get_thing, with: { id: "1", X-Trace: "${vars.phone}", q: "${vars.derived}" }, capture: { thing: body.id } }
      - { call: get_thing, with: { id: "2", q: "${vars.thing}" } }
"#;
    let config = CONFIG.replace("URL", &server.url()).replace("SNAPSHOTS", "mode: fail");
    let suite =
        Suite::demo().file("proofmark.yaml", &config).file("specs/demo/openapi.yaml", &spec).cases(cases);
    let go = |arguments: &[&str]| {
        let all = [&["run", "--no-report", "--target", "staging"], arguments].concat();
        suite.proofmark(&all).env("DEMO_KEY", "hunter2hunter2").output().exits(0)
    };
    go(&["--snapshots", "write"]);
    let written = text(&suite, "staging/demo/flow__one.snap");
    for line in [
        "==== 1 get_thing",
        "  \"id\": \"[string]\",",
        "  \"pin\": \"[string]\",",
        "  \"name\": \"for ${vars.phone} and ${vars.derived}\",",
        "  \"key\": \"[DEMO_KEY]\"",
        "==== 2 get_thing",
        "  \"name\": \"for  and ${vars.thing}\",",
    ] {
        assert!(written.lines().any(|l| l == line), "{line} in\n{written}");
    }
    assert!(!written.contains("hunter2"), "{written}");
    for _ in 0..3 {
        assert!(go(&["--ci"]).stdout.contains("snapshots: 1 unchanged"));
    }
}

#[test]
fn xml_and_text_are_kept_in_their_own_language() {
    let xml = Changing::new(Answer::typed(
        "application/xml",
        b"<?xml version=\"1.0\"?><R><ok>1</ok><list><i>1</i><i>2</i></list></R>",
    ));
    let cases = "  - { id: x, title: X, doc: demo.txt#1, call: post_xml, from: documented }\n";
    let suite = xml.suite("mode: fail", cases);
    run(&suite, &["--snapshots", "write"]).exits(0);
    let name = "staging/demo/post_xml__x.snap";
    assert!(
        text(&suite, name).contains("\n<R>\n  <ok>1</ok>\n  <list>\n    <i>1</i>\n"),
        "{}",
        text(&suite, name)
    );
    xml.set(Answer::typed("application/xml", b"<R><ok>1</ok><list><i>2</i></list></R>"));
    suite.run("staging", &[]).exits(1);
    let found = suite.record().findings("x");
    assert!(found.iter().any(|f| f.starts_with("snapshot: the type changed")), "{found:?}");
    let html = Changing::new(Answer::whole(
        "404 Not Found",
        &[("Content-Type", "text/html")],
        b"<p>gone\r\n\x1b[31m</p>",
    ));
    let cases = "  - { id: h, title: H, doc: demo.txt#1, level: may, call: get_thing, with: { id: \"9\" }, expect: { status: 404 } }\n";
    let suite = html.suite("", cases);
    run(&suite, &["--snapshots", "write"]).exits(0);
    let written = text(&suite, "staging/demo/get_thing__h.snap");
    assert!(written.ends_with("content-type: text/html\n\n<p>gone\n\\u{1b}[31m</p>\n"), "{written}");
}

#[test]
fn a_wrong_answer_is_not_kept() {
    let target = Changing::new(Answer::json(r#"{"id": 7}"#));
    let suite = target.suite("mode: warn", CASES);
    for mode in ["write", "review"] {
        run(&suite, &["--snapshots", mode]).exits(1);
        assert_eq!(files(&suite), [] as [&str; 0]);
    }
}

#[test]
fn cases_say_whether_they_have_a_snapshot() {
    let target = Changing::new(Answer::json(r#"{"code": "0"}"#));
    let cases = r#"  - { id: yes, title: T, doc: demo.txt#1, snapshot: true, call: get_thing, with: { id: "1" } }
  - { id: no, title: T, doc: demo.txt#1, snapshot: false, call: get_thing, with: { id: "1" } }
  - { id: silent, title: T, doc: demo.txt#1, call: get_thing, with: { id: "1" } }
"#;
    let names = |snapshots: &str| {
        let suite = target.suite(snapshots, cases);
        run(&suite, &["--snapshots", "write"]).exits(0);
        files(&suite).iter().map(|f| f.rsplit("__").next().unwrap().to_owned()).collect::<Vec<_>>()
    };
    assert_eq!(names("cases: all"), ["silent.snap", "yes.snap"]);
    assert_eq!(names("cases: marked"), ["yes.snap"]);
    let suite = target.suite("mode: loud, cases: some", cases);
    let output = suite.check().exits(3);
    assert!(output.stderr.contains("loud") && output.stderr.contains("some"), "{}", output.stderr);
}

/// As under nextest: a process a trial, all at once, into one folder.
#[test]
fn processes_side_by_side_do_not_disturb_each_other() {
    let target = Changing::new(Answer::json(r#"{"code": "0"}"#));
    let rows: Vec<String> = (0..12).map(|n| format!("{{ name: r{n}, id: \"{n}\" }}")).collect();
    let cases = format!(
        "  - {{ id: many, title: T, doc: demo.txt#1, call: get_thing, with: {{ id: \"${{vars.id}}\" }}, examples: [ {} ] }}\n",
        rows.join(", ")
    );
    let suite = target.suite("", &cases);
    let spawn = |n: usize| {
        let name = format!("demo::get_thing::many/r{n}");
        suite
            .proofmark(&[
                "run",
                "--no-report",
                "--target",
                "staging",
                "--snapshots",
                "write",
                "--exact",
                &name,
            ])
            .spawn()
    };
    let children: Vec<_> = (0..12).map(spawn).collect();
    for child in children {
        assert!(child.wait_with_output().expect("it ends").status.success());
    }
    assert_eq!(files(&suite).len(), 12, "{:?}", files(&suite));
    assert!(run(&suite, &["--snapshots", "check"]).exits(0).stdout.contains("snapshots: 12 unchanged"));
}
