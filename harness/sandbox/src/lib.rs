//! A stateful implementation of documented APIs, to run a contract against without a network or an account.
//!
//! Everything here is written from the documents (and from the assumptions that are recorded where a document is
//! silent). It depends on nothing of the harness and the harness takes no rule from it: if both used the same schema,
//! a run against the sandbox would prove nothing.
//!
//! ```
//! use proofmark_sandbox::{Options, Sandbox};
//!
//! let sandbox = Sandbox::start(Options {
//!     faults: vec!["ivr-numeric-code".to_owned()],
//!     ..Options::default()
//! })?;
//! assert!(sandbox.base_url("unicom-ivr").unwrap().ends_with("/unicom-ivr"));
//! # Ok::<(), proofmark_sandbox::StartError>(())
//! ```
//!
//! | module | holds |
//! |---|---|
//! | `server` | [`Sandbox`]: the thread, the listener, the end |
//! | `options` | [`Options`], [`Clock`] and [`ManualClock`] |
//! | `fault` | [`Fault`] and the set that is switched on |
//! | `apis` | the registry, and a folder for each API |
//! | `callback` | requests that the sandbox itself sends |
//! | the rest | small things that several APIs need: queries, GBK, JSON objects, dates, bounded state |
//!
//! To add an API: a folder in `apis/` with a `pub(super) const API`, and its line in the registry in `apis/mod.rs`.
#![forbid(unsafe_code)]

mod apis;
mod bounded;
mod callback;
mod dates;
mod error;
mod fault;
mod gbk;
mod http;
mod json;
mod options;
mod parameters;
mod percent;
mod random;
mod server;

pub use error::StartError;
pub use fault::{Fault, faults};
pub use options::{Clock, ManualClock, Options};
pub use server::Sandbox;

use std::sync::LazyLock;

/// The names of the APIs that a sandbox serves, in the order of the registry. An API's routes are under `/NAME`.
pub fn apis() -> &'static [&'static str] {
    static NAMES: LazyLock<Vec<&'static str>> =
        LazyLock::new(|| apis::APIS.iter().map(|api| api.name).collect());
    &NAMES
}
