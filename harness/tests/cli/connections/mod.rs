//! How targets are reached, and as whom: each against a server that really demands it.

mod auth;
mod mistakes;
mod oauth2;
mod proxy;
mod throttle;
mod tls;

use crate::support::{Suite, demo};

/// One call that must succeed.
const ONE: &str = "  - { id: one, title: T, doc: demo.txt#1, call: get_thing, with: { id: \"7\" }, expect: { outcome: success } }\n";

/// The demo suite with these keys in its target `staging`, beside its `url`.
fn suite(url: &str, keys: &str) -> Suite {
    let config = demo::CONFIG
        .replace("[DEMO_KEY, DEMO_TOKEN]", "[DEMO_KEY, DEMO_TOKEN, CLIENT_KEY]")
        .replace("staging: { url: \"URL\" }", &format!("staging: {{ url: \"{url}\", {keys} }}"));
    Suite::demo().file("proofmark.yaml", &config).cases(ONE)
}
