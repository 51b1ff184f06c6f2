//! The documented APIs, a folder each, and the registry.

use std::collections::BTreeMap;
use std::time::Duration;

use axum::Router;

use crate::callback::Partner;
use crate::fault::{Fault, Faults};
use crate::options::Clock;
use crate::random::Random;

mod cube;
mod jsms;
mod roam;
mod unicom_ivr;
mod vascloud;

/// One documented API.
pub(crate) struct Api {
    /// Its name; also the first segment of its paths in the sandbox.
    pub(crate) name: &'static str,
    /// The path that its document puts into the server's URL rather than into each operation's path.
    pub(crate) base_path: &'static str,
    /// The ways in which it can be told to misbehave.
    pub(crate) faults: &'static [Fault],
    /// The environment variables that its clients take credentials from, with made-up values.
    pub(crate) credentials: fn(&mut Random) -> Vec<(&'static str, String)>,
    /// Its operations, with state of their own.
    pub(crate) routes: fn(&Environment) -> Router,
}

/// What an API is given by the sandbox around it.
#[derive(Debug, Clone)]
pub(crate) struct Environment {
    pub(crate) faults: Faults,
    pub(crate) partner: Partner,
    pub(crate) credentials: BTreeMap<String, String>,
    pub(crate) seed: u64,
    pub(crate) clock: Clock,
    pub(crate) callback_delay: Duration,
    pub(crate) fault_delay: Duration,
}

/// All APIs, in the order of their documents.
pub(crate) const APIS: &[Api] = &[unicom_ivr::API, jsms::API, roam::API, vascloud::API, cube::API];
