//! A wrong suite is refused before anything is sent, with everything that is wrong with it at once.

mod cases;
mod config;
mod files;
mod specs;

use crate::support::{Server, Suite, demo, same};

/// Both `run` and `check` refuse the suite in the same words, and the target sees no connection.
#[track_caller]
fn refused(make: impl Fn(&str) -> Suite, expected: &str) {
    let server = Server::json(demo::GOOD);
    let suite = make(&server.url());
    for command in ["run", "check"] {
        let output = suite.proofmark(&[command, "--target", "staging"]).output().exits(3);
        same(&output.stderr, expected);
        same(&output.stdout, "");
    }
    assert_eq!(server.connections(), 0, "something was sent");
    assert!(suite.runs().is_empty(), "something was written");
}
