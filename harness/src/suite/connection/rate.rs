//! `rate` of a target: how many requests it takes in a time.

use crate::yaml::{Fields, Kind, Node, Reader};
use schemars::JsonSchema;
use std::fmt;
use std::time::Duration;

/// How many requests may be sent in a time.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Rate {
    pub requests: u32,
    pub per: Duration,
    /// How many may be sent at once after a pause; 1 spaces them evenly.
    pub burst: u32,
}

/// `20/s`, `20/s, 5 at once`.
impl fmt::Display for Rate {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let unit = match self.per.as_secs() {
            60 => "m",
            3600 => "h",
            _ => "s",
        };
        write!(f, "{}/{unit}", self.requests)?;
        match self.burst {
            1 => Ok(()),
            burst => write!(f, ", {burst} at once"),
        }
    }
}

pub(super) fn rate(reader: &mut Reader<'_>, node: &Node) -> Option<Rate> {
    if !matches!(node.kind, Kind::Map(_)) {
        return limit(reader, node);
    }
    let mut fields = Fields::new(reader, node, "`rate`")?;
    let rate = fields.required("limit", limit);
    let burst = fields.optional("burst", |r, n| match r.unsigned(n)? {
        burst @ 1..=100_000 => u32::try_from(burst).ok(),
        _ => r.expected(n, "1 to 100000"),
    });
    fields.finish();
    Some(Rate { burst: burst.unwrap_or(1), ..rate? })
}

fn limit(reader: &mut Reader<'_>, node: &Node) -> Option<Rate> {
    match node.as_str().map(parse_rate) {
        Some(Ok(rate)) => Some(rate),
        _ => reader.expected(node, "a rate such as `20/s`, `300/m` or `1000/h`"),
    }
}

/// `20/s`, `300/m`, `1000/h`: a whole number of requests in a second, minute or hour, without a burst.
pub fn parse_rate(text: &str) -> Result<Rate, String> {
    let wrong = || format!("`{text}` is not a rate such as `20/s`, `300/m` or `1000/h`");
    let (requests, unit) = text.split_once('/').ok_or_else(wrong)?;
    let requests: u32 = requests.trim().parse().map_err(|_| wrong())?;
    let seconds = match unit.trim() {
        "s" => 1,
        "m" | "min" => 60,
        "h" => 3600,
        _ => return Err(wrong()),
    };
    match requests {
        0 => Err(wrong()),
        _ => Ok(Rate { requests, per: Duration::from_secs(seconds), burst: 1 }),
    }
}

#[derive(JsonSchema)]
#[serde(untagged)]
#[expect(dead_code, reason = "describes the ways to write `rate` to editors")]
pub(crate) enum RateSchema {
    Limit(String),
    With(RateFields),
}

#[derive(JsonSchema)]
#[schemars(deny_unknown_fields)]
#[expect(dead_code, reason = "describes `rate` to editors")]
pub(crate) struct RateFields {
    /// `20/s`, `300/m`, `1000/h`.
    limit: String,
    /// How many may be sent at once after a pause; by default 1.
    burst: Option<u64>,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rates() {
        let rate = |text| parse_rate(text).map(|rate| (rate.requests, rate.per.as_secs()));
        assert_eq!(
            (rate("20/s"), rate("300/m"), rate("1000 / h")),
            (Ok((20, 1)), Ok((300, 60)), Ok((1000, 3600)))
        );
        for wrong in ["0/s", "20", "20/d", "-1/s", "1.5/s", "/s", ""] {
            assert!(rate(wrong).is_err(), "{wrong}");
        }
    }
}
