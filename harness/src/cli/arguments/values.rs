//! How values of options are read.

use crate::fuzz::Phase;
use crate::model::level::Level;
use std::time::Duration;

pub fn variable(text: &str) -> Result<(String, String), String> {
    match text.split_once('=') {
        Some((name, value)) if !name.is_empty() => Ok((name.to_owned(), value.to_owned())),
        _ => Err("expected NAME=VALUE".into()),
    }
}

pub(super) fn ratio(text: &str) -> Result<f64, String> {
    let parsed = text.parse::<f64>().ok().filter(|ratio| (0.0..=1.0).contains(ratio));
    parsed.ok_or_else(|| "expected a number from 0 to 1, such as `1.0`".into())
}

pub(super) fn phase(text: &str) -> Result<Phase, String> {
    let found = Phase::WORDS.iter().find(|(word, _)| *word == text);
    found
        .map(|(_, phase)| *phase)
        .ok_or_else(|| "expected `examples`, `boundaries`, `generated` or `sequences`".into())
}

pub(super) fn level(text: &str) -> Result<Level, String> {
    let found = Level::WORDS.iter().find(|(word, _)| *word == text.to_lowercase());
    found.map(|(_, level)| *level).ok_or_else(|| "expected `must`, `should` or `may`".into())
}

pub(super) fn per_second(text: &str) -> Result<f64, String> {
    let parsed = text.parse().ok().filter(|rate: &f64| rate.is_finite() && *rate > 0.0);
    parsed.ok_or_else(|| "expected a number above 0, such as `50`".into())
}

pub(super) fn rate(text: &str) -> Result<f64, String> {
    let parsed = text.parse().ok().filter(|rate| (0.0..=1.0).contains(rate));
    parsed.ok_or_else(|| "expected a rate between 0 and 1, such as `0.99`".into())
}

pub fn duration(text: &str) -> Result<Duration, String> {
    let parsed = crate::yaml::parse_duration(text).filter(|d| !d.is_zero());
    parsed.ok_or_else(|| "expected a duration such as `500ms` or `10s`".into())
}

pub(super) fn pause(text: &str) -> Result<Duration, String> {
    let parsed = crate::yaml::parse_duration(text);
    parsed.ok_or_else(|| "expected a duration such as `0s` or `1100ms`".into())
}

pub(super) fn size(text: &str) -> Result<u64, String> {
    crate::yaml::parse_size(text).ok_or_else(|| "expected a size such as `64KiB` or `8MiB`".into())
}
