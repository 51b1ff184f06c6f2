//! Accepting, rejecting, removing and learning.

use super::{CASES, CONFIG, Changing, ONE, files, run, text};
use crate::support::{Answer, Output, Server, Suite};
use std::sync::atomic::{AtomicUsize, Ordering};

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
