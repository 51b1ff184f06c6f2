//! `gate` and `retries` of `proofmark.yaml`: when a run is good enough, and when a trial is tried again.

use crate::model::level::Level;
use crate::model::source::At;
use crate::yaml::{Fields, Node, Reader, first_line};
use schemars::JsonSchema;
use std::time::Duration;

/// What `--gate` asks of a run. What could not be judged and waivers that have run out always fail it.
#[derive(Debug, Clone, Default, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Gate {
    /// Findings of at least this level fail; by default `must`.
    #[schemars(with = "Option<Level>")]
    pub level: Level,
    /// At least so many trials were judged.
    #[schemars(with = "Option<u64>")]
    pub min_judged: Option<u64>,
    /// At most so many trials of level `must` were skipped.
    #[schemars(with = "Option<u64>")]
    pub max_skipped: Option<u64>,
    /// At most so many trials passed only when they were tried again; by default 0.
    #[schemars(with = "Option<u64>")]
    pub max_flaky: u64,
    /// At least so much of each kind of thing that each document documents is touched or explained, 0 to 1.
    #[schemars(with = "Option<f64>")]
    pub min_coverage: Option<f64>,
    /// No finding of any level, waived or not, that this earlier run does not have: `latest-green`, or the name of a run.
    #[schemars(with = "Option<String>")]
    pub baseline: Option<String>,
    /// How long exchanges may take.
    #[schemars(with = "Option<LatencyBudget>")]
    pub latency: LatencyBudget,
}

/// Times from the first byte of a request to the last of its answer, over all exchanges of a run.
#[derive(Debug, Clone, Copy, Default, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct LatencyBudget {
    /// Half of them take at most this long.
    #[schemars(with = "Option<String>")]
    pub p50: Option<Duration>,
    /// 95 of 100 take at most this long.
    #[schemars(with = "Option<String>")]
    pub p95: Option<Duration>,
    /// None takes longer.
    #[schemars(with = "Option<String>")]
    pub max: Option<Duration>,
}

/// Which trials are tried again. One that passes then is `flaky`, never `passed`.
#[derive(Debug, Clone, Default, PartialEq, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Retries {
    /// How often at most; by default not at all.
    #[schemars(with = "Option<u64>")]
    pub times: u64,
    /// `errored`, or names of checks; by default only `errored`. A trial is tried again when all that is wrong is named.
    #[schemars(with = "Option<Vec<String>>")]
    pub on: Vec<At<String>>,
    /// The longest that one request waits because answers with 429 or 503 ask for it (`Retry-After`); by default 30s, `0s`
    /// waits for none. Such an answer is not judged, unless the case expects it.
    #[schemars(with = "Option<String>")]
    pub max_retry_after: Option<Duration>,
}

/// In `on`: trials that could not be judged.
pub const ERRORED: &str = "errored";

pub fn gate(reader: &mut Reader<'_>, node: &Node) -> Option<Gate> {
    let mut fields = Fields::new(reader, node, "`gate`")?;
    let gate = Gate {
        level: fields.optional("level", |r, n| r.word(n, "level", &Level::WORDS)).unwrap_or_default(),
        min_judged: fields.optional("min_judged", Reader::unsigned),
        max_skipped: fields.optional("max_skipped", Reader::unsigned),
        max_flaky: fields.optional("max_flaky", Reader::unsigned).unwrap_or(0),
        min_coverage: fields.optional("min_coverage", |r, n| match r.text(n)?.parse() {
            Ok(part) if (0.0..=1.0).contains(&part) => Some(part),
            _ => r.expected(n, "0 to 1, such as `0.95`"),
        }),
        baseline: fields.optional("baseline", Reader::string),
        latency: fields.optional("latency", latency).unwrap_or_default(),
    };
    fields.finish();
    Some(gate)
}

fn latency(reader: &mut Reader<'_>, node: &Node) -> Option<LatencyBudget> {
    let mut fields = Fields::new(reader, node, "`latency`")?;
    let budget = LatencyBudget {
        p50: fields.optional("p50", Reader::duration),
        p95: fields.optional("p95", Reader::duration),
        max: fields.optional("max", Reader::duration),
    };
    fields.finish();
    Some(budget)
}

pub fn retries(reader: &mut Reader<'_>, node: &Node) -> Option<Retries> {
    let mut fields = Fields::new(reader, node, "`retries`")?;
    let times = fields.optional("times", |r, n| match r.unsigned(n)? {
        times @ 1..=10 => Some(times),
        _ => r.expected(n, "1 to 10"),
    });
    let on = fields.optional("on", |r, n| r.one_or_many(n, Reader::string_at)).unwrap_or_default();
    let max_retry_after = fields.optional("max_retry_after", Reader::duration);
    if node.get("on").is_some() && node.get("times").is_none() {
        fields.reader().problem(first_line(node), "`retries` needs `times` with `on`");
    }
    fields.finish();
    Some(Retries { times: times.unwrap_or(0), on, max_retry_after })
}
