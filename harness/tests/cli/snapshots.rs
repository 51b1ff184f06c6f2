//! Answers that are kept: written, compared, reviewed, found again, and never written in CI.

use crate::support::{Answer, Output, Server, Suite};
use std::fs;
use std::path::PathBuf;
use std::sync::Mutex;
use std::sync::atomic::{AtomicUsize, Ordering};

/// Two cases of one call each.
const CASES: &str = r#"  - { id: one, title: One, doc: demo.txt#1, call: get_thing, with: { id: "1" } }
  - { id: two/rows, title: Two, doc: demo.txt#2, call: get_thing, with: { id: "${vars.id}" }, examples: [ { name: Ä, id: "2" }, { name: "a b", id: "3" } ] }
"#;

const CONFIG: &str = "proofmark: 1
apis: { demo: }
secrets: [DEMO_KEY]
snapshots: { SNAPSHOTS }
targets:
  staging: { url: \"URL\" }
";

/// A server whose answers a test can change.
struct Changing {
    server: Server,
    answer: &'static Mutex<Answer>,
}

impl Changing {
    fn new(answer: Answer) -> Self {
        let answer: &'static Mutex<Answer> = Box::leak(Box::new(Mutex::new(answer)));
        Self { server: Server::start(move |_| answer.lock().unwrap().clone()), answer }
    }

    fn set(&self, answer: Answer) {
        *self.answer.lock().unwrap() = answer;
    }

    fn suite(&self, snapshots: &str, cases: &str) -> Suite {
        let config = CONFIG.replace("URL", &self.server.url()).replace("SNAPSHOTS", snapshots);
        Suite::demo().file("proofmark.yaml", &config).cases(cases)
    }
}

/// All files below `snapshots/`, sorted, relative.
fn files(suite: &Suite) -> Vec<String> {
    let root = suite.path().join("snapshots");
    let mut found = Vec::new();
    let mut folders = vec![root.clone()];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).into_iter().flatten() {
            let path: PathBuf = entry.unwrap().path();
            match path.is_dir() {
                true => folders.push(path),
                false => found.push(path.strip_prefix(&root).unwrap().to_string_lossy().into_owned()),
            }
        }
    }
    found.sort();
    found
}

fn text(suite: &Suite, name: &str) -> String {
    fs::read_to_string(suite.path().join("snapshots").join(name)).expect("a snapshot")
}

fn run(suite: &Suite, arguments: &[&str]) -> Output {
    suite.run("staging", &[&["--no-report"], arguments].concat())
}

const ONE: &str = "staging/demo/get_thing__one.snap";

#[test]
fn nothing_is_compared_unless_asked_for() {
    let target = Changing::new(Answer::json(r#"{"code": "0"}"#));
    let suite = Suite::at(&target.server.url()).cases(CASES);
    let output = run(&suite, &[]).exits(0);
    assert!(!output.stdout.contains("snapshots:"), "{}", output.stdout);
    assert_eq!(files(&suite), [] as [&str; 0]);
}

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

#[test]
fn review_accepts_and_rejects() {
    let target = Changing::new(Answer::json(r#"{"code": "0", "id": "7"}"#));
    let suite = target.suite("mode: warn", CASES);
    run(&suite, &[]).exits(0);
    assert!(files(&suite).iter().all(|f| f.ends_with(".snap.new")));
    let output = suite.proofmark(&["review", "--list"]).output().exits(0);
    assert!(
        output.stdout.contains(&format!("new demo::get_thing::one (staging): snapshots/{ONE}\n")),
        "{}",
        output.stdout
    );
    assert_eq!(output.stderr, "3 new, 0 changed\n");
    let output = suite.proofmark(&["review"]).output().exits(3);
    assert!(output.stderr.contains("3 snapshots to review, and no terminal to ask on"), "{}", output.stderr);
    suite.proofmark(&["review", "--accept", "two/"]).output().exits(0);
    assert_eq!(files(&suite).iter().filter(|f| f.ends_with(".snap.new")).count(), 1);
    suite.proofmark(&["review", "--reject", "::one"]).output().exits(0);
    assert_eq!(files(&suite).len(), 2, "{:?}", files(&suite));
    run(&suite, &[]).exits(0);
    assert_eq!(
        suite.proofmark(&["review", "--accept"]).output().exits(0).stdout,
        "accepted new demo::get_thing::one (staging)\n"
    );
    assert!(!text(&suite, ONE).contains("assertion_line"));
    target.set(Answer::json(r#"{"code": "0", "id": "8"}"#));
    run(&suite, &[]).exits(0);
    let output = suite.proofmark(&["review", "--list", "::one"]).output().exits(0);
    assert!(
        output.stdout.contains("  /id: the value changed: `\"8\"` instead of `\"7\"`\n"),
        "{}",
        output.stdout
    );
    // An answer that is as it was needs no review any more.
    target.set(Answer::json(r#"{"code": "0", "id": "7"}"#));
    run(&suite, &[]).exits(0);
    assert_eq!(suite.proofmark(&["review"]).output().exits(0).stderr, "nothing to review\n");
    assert_eq!(files(&suite).len(), 3);
}

#[test]
fn broken_files_are_told_and_the_run_could_not_judge() {
    let target = Changing::new(Answer::json(r#"{"code": "0"}"#));
    let suite = target.suite("", CASES).file(&format!("snapshots/{ONE}"), "no snapshot");
    let output = run(&suite, &["--snapshots", "check"]).exits(2);
    assert!(output.stderr.contains(ONE) && output.stderr.contains("is no snapshot"), "{}", output.stderr);
    assert!(output.stdout.contains("2 without a snapshot"), "{}", output.stdout);
}

#[test]
fn unreferenced_snapshots_are_found_and_removed() {
    let target = Changing::new(Answer::json(r#"{"code": "0"}"#));
    let suite = target.suite("", CASES);
    run(&suite, &["--snapshots", "write"]).exits(0);
    let list =
        |suite: &Suite| suite.proofmark(&["snapshots", "--unreferenced", "list"]).output().exits(0).stdout;
    assert_eq!(list(&suite), "");
    // A case is renamed: its snapshot is still there, and found.
    let suite = suite.cases(&CASES.replace("id: one", "id: uno"));
    let suite = suite.file("snapshots/gone/demo/get_thing__uno.snap", "---\n---\nHTTP 200\n");
    let suite =
        suite.file("snapshots/http___a.example-12345678/demo/get_thing__uno.snap", "---\n---\nHTTP 200\n");
    assert_eq!(list(&suite), format!("snapshots/gone/demo/get_thing__uno.snap\nsnapshots/{ONE}\n"));
    let output =
        suite.proofmark(&["snapshots", "--unreferenced", "delete", "--target", "staging"]).output().exits(0);
    assert_eq!(
        (output.stdout, output.stderr),
        (format!("removed snapshots/{ONE}\n"), "1 unreferenced snapshot\n".into())
    );
    assert_eq!(files(&suite).len(), 4, "{:?}", files(&suite));
    suite.proofmark(&["snapshots"]).output().exits(3);
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

#[test]
fn learn_finds_what_moves_and_writes_it_into_the_spec() {
    static COUNT: AtomicUsize = AtomicUsize::new(100_000);
    let server = Server::start(|_| {
        let n = COUNT.fetch_add(1, Ordering::SeqCst);
        Answer::json(&format!(r#"{{"code": "0", "id": "{n}", "name": "same", "extra": {n}}}"#))
    });
    let config = CONFIG.replace("URL", &server.url()).replace("SNAPSHOTS", "mode: fail");
    let cases = format!(
        "{CASES}  - {{ id: make, title: M, doc: demo.txt#3, call: make_thing, from: documented, as: application/json }}\n"
    );
    let suite = Suite::demo().file("proofmark.yaml", &config).cases(&cases);
    let learn = |arguments: &[&str]| {
        suite.proofmark(&[&["learn", "--target", "staging", "--pause", "0s"], arguments].concat()).output()
    };
    let output = learn(&[]).exits(0);
    assert_eq!(
        output.stdout.lines().filter(|l| l.starts_with(['+', '-'])).collect::<Vec<_>>(),
        [
            "--- a/specs/demo/openapi.yaml",
            "+++ b/specs/demo/openapi.yaml",
            "-        id: { type: string }",
            "+        id: { type: string, x-proofmark: { volatile: true } }",
        ]
    );
    assert!(output.stderr.contains("demo get_thing 200 /extra moves"), "{}", output.stderr);
    assert!(output.stderr.contains("the spec describes no such place"), "{}", output.stderr);
    assert!(output.stderr.contains("1 trials change the target and were not sent"), "{}", output.stderr);
    assert!(server.lines().iter().all(|line| line.starts_with("GET ")), "{:?}", server.lines());
    let output = learn(&["--write"]).exits(0);
    assert_eq!(output.stdout, "wrote specs/demo/openapi.yaml: 1 declared volatile\n");
    suite.check().exits(0);
    assert!(!learn(&[]).exits(0).stderr.contains("/id moves"));
    assert!(learn(&["--mutating"]).exits(0).stderr.contains("make_thing 200 /extra moves"));
    let output = suite.proofmark(&["learn", "--target", "staging", "::make"]).output().exits(3);
    assert!(output.stderr.contains("none of 1 trials makes safe calls only"), "{}", output.stderr);
    drop(server);
    let output = learn(&["--times", "2"]).exits(2);
    assert!(output.stderr.contains("nothing can be learned"), "{}", output.stderr);
}

/// On a terminal, as `script` of util-linux makes one: it is asked what to do with each, and with all of a kind.
#[cfg(unix)]
#[test]
fn review_asks_on_a_terminal() {
    use std::io::Write;
    use std::process::{Command, Stdio};
    let target = Changing::new(Answer::json(r#"{"code": "0", "id": "7"}"#));
    let suite = target.suite("mode: warn", CASES);
    run(&suite, &[]).exits(0);
    suite.proofmark(&["review", "--accept", "::one"]).output().exits(0);
    target.set(Answer::json(r#"{"code": "0", "id": "8"}"#));
    run(&suite, &[]).exits(0);
    let command = format!("'{}' review", env!("CARGO_BIN_EXE_proofmark"));
    let terminal = Command::new("script")
        .args(["-qec", &command, "/dev/null"])
        .current_dir(suite.path())
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn();
    let Ok(mut terminal) = terminal else {
        eprintln!("SKIPPED: there is no `script` to make a terminal with");
        return;
    };
    // The changed one is rejected after a word that means nothing, the two new ones are accepted together.
    terminal.stdin.take().unwrap().write_all(b"what\nr\nA\n").unwrap();
    let output = Output::of(terminal.wait_with_output().unwrap()).exits(0);
    for says in [
        "[1/3] changed demo::get_thing::one (staging)",
        "[2/3] new demo::get_thing::two/rows/",
        "[a]ccept, [r]eject, [s]kip, [A]ccept or [R]eject this and 1 more of this kind, [q]uit?",
        "accepted 2, rejected 1, still pending 0",
    ] {
        assert!(output.stdout.contains(says), "`{says}` in\n{}", output.stdout);
    }
    assert_eq!(output.stdout.matches("[a]ccept, [r]eject, [s]kip, [q]uit?").count(), 2, "{}", output.stdout);
    assert_eq!(files(&suite).len(), 3);
    assert!(text(&suite, ONE).contains("\"7\""), "the rejected one stays as it was");
}
