//! Mistakes in `proofmark.yaml`.

use crate::support::{Suite, same};

#[test]
fn every_mistake_of_the_suites_file_is_told_at_once() {
    let suite = Suite::demo().file("proofmark.yaml", include_str!("mistakes.proofmark.yaml"));
    let output = suite.check().exits(3);
    same(&output.stderr, include_str!("mistakes.proofmark.stderr"));
}

#[test]
fn a_folder_without_a_suite_is_not_one() {
    let output = Suite::empty().check().exits(3);
    same(
        &output.stderr,
        "error: `.` is not a suite: No such file or directory (os error 2) (a suite is a folder with a `proofmark.yaml`)\n",
    );
    let output = Suite::empty().proofmark(&["run", "--suite", "no/such/folder"]).output().exits(3);
    same(
        &output.stderr,
        "error: `no/such/folder` is not a suite: No such file or directory (os error 2) (a suite is a folder with a `proofmark.yaml`)\n",
    );
}

#[test]
fn an_unknown_api_has_a_suggestion() {
    let output = Suite::demo().proofmark(&["check", "--api", "dmeo"]).output().exits(3);
    same(&output.stderr, "error: unknown API `dmeo` (known: `demo`)\n");
}
