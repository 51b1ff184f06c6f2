//! What a run is told by flags, proofmark.yaml and defaults, each with where it comes from.

use crate::cli::arguments::RunArguments;
use crate::cli::explain::{Origin, resolve};
use crate::cli::{Failure, snapshots, target};
use crate::http::client::Limits;
use crate::model::report_format::WantedReport;
use crate::snapshot::Mode;
use crate::suite::{Rate, Suite};
use std::path::PathBuf;
use std::time::{Duration, Instant};

/// Trials at a time, unless somebody says otherwise.
pub const JOBS: u64 = 16;
const TIMEOUT: Duration = Duration::from_secs(10);
const MAX_BODY: u64 = 8 << 20;
/// The longest that a request waits because of `Retry-After`.
pub(super) const MAX_RETRY_AFTER: Duration = Duration::from_secs(30);

/// Settings with their origins.
#[derive(Debug)]
pub struct Settings {
    pub jobs: Origin<u64>,
    pub timeout: Origin<Duration>,
    pub max_body: Origin<u64>,
    /// How many requests the target takes in a time; `None` is any number.
    pub rate: Origin<Option<Rate>>,
    /// The longest that a request waits because of `Retry-After`.
    pub max_retry_after: Origin<Duration>,
    pub seed: Origin<u64>,
    pub reports: Origin<PathBuf>,
    pub formats: Origin<Vec<WantedReport>>,
    /// `None` is off.
    pub snapshots: Origin<Option<Mode>>,
}

impl Settings {
    pub(super) fn resolve(
        arguments: &RunArguments,
        suite: &Suite,
        target: &target::Chosen,
    ) -> Result<Self, Failure> {
        let defaults = &suite.config.defaults;
        let own = suite.config.target(&target.name);
        Ok(Self {
            jobs: resolve(
                arguments.conduct.jobs,
                defaults.jobs,
                "--jobs",
                "proofmark.yaml: defaults.jobs",
                JOBS,
            ),
            timeout: resolve(
                arguments.conduct.timeout,
                defaults.timeout,
                "--timeout",
                "proofmark.yaml: defaults.timeout",
                TIMEOUT,
            ),
            max_body: resolve(
                arguments.max_body,
                defaults.max_body,
                "--max-body",
                "proofmark.yaml: defaults.max_body",
                MAX_BODY,
            ),
            rate: resolve(
                arguments.rate.map(Some),
                own.and_then(|own| own.connection.rate.as_ref()).map(|rate| Some(rate.value)),
                "--rate",
                "proofmark.yaml: targets.*.rate",
                None,
            ),
            max_retry_after: resolve(
                None,
                suite.config.retries.as_ref().and_then(|retries| retries.max_retry_after),
                "",
                "proofmark.yaml: retries.max_retry_after",
                MAX_RETRY_AFTER,
            ),
            seed: match arguments.conduct.seed {
                Some(value) => Origin { value, from: "--seed" },
                None => Origin { value: random_seed(), from: "random" },
            },
            reports: resolve(
                arguments.conduct.reports.clone(),
                None,
                "--reports",
                "",
                suite.root.join("reports"),
            ),
            formats: resolve(
                Some(arguments.formats.clone()).filter(|formats| !formats.is_empty()),
                defaults.reports.as_ref().map(|all| all.iter().copied().map(WantedReport::usual).collect()),
                "--as",
                "proofmark.yaml: defaults.reports",
                Vec::new(),
            ),
            snapshots: snapshots::mode(arguments.snapshots, suite)?,
        })
    }
}

/// How long and how large an answer may be, by the suite and a flag that wins over it.
pub fn limits(suite: &Suite, timeout: Option<Duration>) -> Limits {
    let defaults = &suite.config.defaults;
    Limits {
        timeout: timeout.or(defaults.timeout).unwrap_or(TIMEOUT),
        max_body: defaults.max_body.unwrap_or(MAX_BODY),
    }
}

/// Fits a JSON number exactly, and is short enough to type again.
pub fn random_seed() -> u64 {
    let random =
        Instant::now().elapsed().subsec_nanos() as u64 ^ jiff::Timestamp::now().as_nanosecond() as u64;
    random % 1_000_000_000
}
