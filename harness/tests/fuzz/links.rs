//! What only the links of an OpenAPI document relate: found with them, not without; and what is wrong with links.

use crate::command::{Fuzzed, raw, read};
use crate::depot::{DOCUMENT, Wrong, serve};
use std::process::{Command, Output, Stdio};

fn run(document: &str, wrong: Wrong, arguments: &[&str]) -> Output {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("depot.yaml"), document).expect("a file");
    Command::new(env!("CARGO_BIN_EXE_proofmark"))
        .args(["fuzz", "--spec", "depot.yaml", "--seed", "5", "--no-report", "--cases", "10"])
        .args(arguments)
        .args(["--target", &format!("http://{}", serve(wrong))])
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the command starts")
}

fn fuzz(document: &str, wrong: Wrong, more: &[&str]) -> Fuzzed {
    read(&run(document, wrong, &[&["--format", "json"], more].concat()))
}

/// The same with a suite of two cases, neither of which knows what the other does.
fn with_suite(wrong: Wrong) -> Fuzzed {
    const CASES: &str = "api: depot
cases:
  - { id: in, doc: 'd.txt#1', title: A bag is taken in, call: takeIn, with: { label: bag }, expect: { status: 201 } }
  - { id: look, doc: 'd.txt#2', title: Nobody took it in, call: lookUp, with: { tag: 0000000a }, expect: { status: 404 } }
";
    let folder = tempfile::tempdir().expect("a folder");
    let write = |name: &str, text: &str| {
        let path = folder.path().join(name);
        std::fs::create_dir_all(path.parent().expect("a folder")).expect("a folder");
        std::fs::write(path, text).expect("a file");
    };
    write("proofmark.yaml", "proofmark: 1\ntitle: Depot\napis: { depot: }\n");
    write("specs/depot/openapi.yaml", &DOCUMENT.replace("openapi: 3.0.3", "openapi: 3.1.0"));
    write("cases/depot/bags.yaml", CASES);
    let output = Command::new(env!("CARGO_BIN_EXE_proofmark"))
        .args(["fuzz", "--seed", "5", "--no-report", "--phases", "sequences", "--format", "json"])
        .args(["--operation", "takeIn", "--target", &format!("http://{}", serve(wrong))])
        .current_dir(folder.path())
        .env_clear()
        .stdin(Stdio::null())
        .output()
        .expect("the command starts");
    read(&output)
}

/// The document without its links.
fn guessing() -> String {
    DOCUMENT.replace("          links:", "          x-links:")
}

#[test]
fn a_server_that_does_what_its_links_say_has_no_findings() {
    for wrong in [Wrong::Nothing, Wrong::Closed] {
        let clean = fuzz(DOCUMENT, wrong, &[]);
        assert_eq!(clean.findings(), Vec::<String>::new(), "{wrong:?}");
        assert_eq!(clean.status, 0, "{}", clean.said);
    }
    let said = run(DOCUMENT, Wrong::Nothing, &["--phases", "sequences"]);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(said.contains(" 3 of 3 links"), "{said}");
    let said = run(&guessing(), Wrong::Nothing, &["--phases", "sequences"]);
    let said = String::from_utf8_lossy(&said.stdout).into_owned();
    assert!(!said.contains("links"), "{said}");
}

#[test]
fn what_only_links_relate_is_found_with_them_and_not_without() {
    for (wrong, finding, status) in [
        (Wrong::NotKept, "takeIn fuzz link-broken sequence", 1),
        (Wrong::NoSlot, "takeIn fuzz link-unresolved sequence", 0),
        (Wrong::DeepLooks, "lookUp fuzz accepted-maximum depth", 1),
        (Wrong::NotHandedOut, "handOut fuzz deleted-still-there sequence", 0),
    ] {
        let operation = ["--operation", finding.split(' ').next().unwrap_or_default()];
        let found = fuzz(DOCUMENT, wrong, &operation);
        assert_eq!(found.findings(), [finding], "{wrong:?}");
        assert_eq!(found.status, status, "{wrong:?}: {}", found.said);
        let blind = fuzz(&guessing(), wrong, &operation);
        assert_eq!(blind.findings(), Vec::<String>::new(), "{wrong:?}");
    }
}

#[test]
fn a_broken_link_is_named_with_its_line() {
    let found = fuzz(DOCUMENT, Wrong::NotKept, &["--phases", "sequences"]);
    let all: Vec<_> =
        found.trials.iter().flat_map(|trial| trial.findings().map(|(_, finding)| finding)).collect();
    let [finding] = &all[..] else { panic!("{all:?}") };
    assert_eq!(
        finding.message,
        "the link `LookUp` leads to `lookUp`, which says that there is no such thing"
    );
    assert_eq!(finding.actual.as_deref(), Some("status 404"));
    assert_eq!(finding.spec.as_ref().map(ToString::to_string).as_deref(), Some("depot.yaml:28:13"));
}

#[test]
fn a_sloppy_link_is_left_out_and_said_so() {
    let sloppy = DOCUMENT
        .replace("operationId: lookUp, parameters: { tag: ", "operationId: lookup, parameters: { tag: ");
    let output = run(&sloppy, Wrong::Nothing, &["--operation", "takeIn"]);
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    let expected = "left out: depot.yaml:54:28: unknown operation `lookup` (known: `lookUp`, `move`, `takeIn`, `handOut`); \
                    did you mean `lookUp`?";
    assert!(said.contains(expected), "{said}");
    assert_eq!(output.status.code(), Some(0), "{said} {}", String::from_utf8_lossy(&output.stdout));
    assert!(String::from_utf8_lossy(&output.stdout).contains(" 2 of 2 links"));
}

#[test]
fn the_links_of_a_suite_are_followed_with_what_its_cases_send() {
    for (wrong, findings) in [
        (Wrong::Nothing, vec![]),
        (Wrong::NotKept, vec!["takeIn fuzz link-broken sequence"]),
        (Wrong::NoSlot, vec!["takeIn fuzz link-unresolved sequence"]),
    ] {
        let found = with_suite(wrong);
        assert!(!found.trials.is_empty(), "{wrong:?}: {}", found.said);
        assert_eq!(found.findings(), findings, "{wrong:?}: {}", found.said);
    }
    let sandbox =
        ["--api", "unicom-ivr", "--phases", "sequences", "--seed", "3", "--no-report", "--target", "sandbox"];
    let said = String::from_utf8_lossy(&raw(&sandbox).stdout).into_owned();
    assert!(said.contains("0 distinct defects") && said.contains(" 4 of 4 links"), "{said}");
}
