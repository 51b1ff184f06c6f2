//! What is found of things, lists and credentials by an OpenAPI document alone, each by one fault, and nothing without one.

use crate::command::{Fuzzed, read};
use crate::notes::{DOCUMENT, KEY, Wrong, serve};
use std::process::{Command, Stdio};

fn fuzz(wrong: Wrong) -> Fuzzed {
    let folder = tempfile::tempdir().expect("a folder");
    std::fs::write(folder.path().join("notes.yaml"), DOCUMENT).expect("a file");
    let output = Command::new(env!("CARGO_BIN_EXE_proofmark"))
        .args(["fuzz", "--spec", "notes.yaml", "--seed", "5", "--no-report", "--phases", "sequences"])
        .args(["--format", "json", "--header", "X-Key: ${KEY}", "--target"])
        .arg(format!("http://{}", serve(wrong)))
        .current_dir(folder.path())
        .env_clear()
        .env("KEY", KEY)
        .stdin(Stdio::null())
        .output()
        .expect("the command starts");
    read(&output)
}

#[test]
fn a_server_that_does_what_its_document_says_has_no_findings() {
    let clean = fuzz(Wrong::Nothing);
    assert_eq!(clean.findings(), Vec::<String>::new());
    assert_eq!(clean.status, 0, "{}", clean.said);
}

#[test]
fn what_a_server_does_wrong_with_things_is_found_without_a_suite() {
    for (wrong, finding) in [
        (Wrong::Location, "make fuzz wrong-location sequence"),
        (Wrong::MadeNotThere, "make fuzz made-not-there sequence"),
        (Wrong::DeletedIsListed, "remove fuzz deleted-still-listed sequence"),
        (Wrong::PutForgetsTags, "put fuzz not-kept sequence"),
        (Wrong::PutAppendsTags, "put fuzz not-idempotent sequence"),
        (Wrong::PutKeepsTags, "put fuzz put-keeps sequence"),
        (Wrong::PatchResetsTags, "patch fuzz changes-unsaid sequence"),
        (Wrong::RefusedPutWrites, "put fuzz refused-changes sequence"),
        (Wrong::ShowingTakesTags, "show fuzz safe-changes sequence"),
        (Wrong::AnyKeyDeletes, "remove fuzz accepted-credential-unknown header-x-key"),
        (Wrong::LimitIgnored, "list fuzz limit-ignored sequence"),
        (Wrong::KindIgnored, "list fuzz filter-ignored sequence"),
    ] {
        let found = fuzz(wrong);
        assert!(found.findings().iter().any(|f| f == finding), "{wrong:?}: {:?}", found.findings());
        assert_eq!(found.status, i32::from(wrong != Wrong::PutKeepsTags), "{wrong:?}");
    }
}
