//! Prometheus' text format 0.0.4, for the textfile collector of the node exporter: what a dashboard or an alert needs of
//! the last run. <https://prometheus.io/docs/instrumenting/exposition_formats/>

use super::clock::Clock;
use super::error::ReportError;
use super::index::Index;
use super::json_text::shown;
use super::overview;
use crate::model::level::Level;
use crate::record::WaiverSummary;
use jiff::civil::Date;
use jiff::tz::TimeZone;
use std::collections::BTreeMap;
use std::io::Write;

/// Checks of our own are a few dozen; a record that has more was tampered with.
const MAX_CHECKS: usize = 200;

/// Writes the metrics.
pub fn write(index: &Index, out: &mut dyn Write) -> Result<(), ReportError> {
    let started = &index.started;
    let info = [
        ("suite", &started.suite),
        ("target", &started.target),
        ("run", &started.run),
        ("tool", &started.tool),
    ];
    family(out, "proofmark_run_info", "The run that the other metrics are of.", &[(labels(&info), 1.0)])?;
    let clock = Clock::new(&started.started);
    #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds")]
    let ended = clock.epoch_ms(index.duration_ms()) as f64 / 1_000.0;
    single(out, "proofmark_run_end_timestamp_seconds", "When the run ended.", ended)?;
    single(out, "proofmark_run_duration_seconds", "How long the run took.", index.duration_ms() / 1_000.0)?;
    let interrupted = f64::from(u8::from(index.interrupted()));
    single(out, "proofmark_run_interrupted", "Whether the run ended before its plan did.", interrupted)?;
    let conformant = f64::from(u8::from(overview::outcome(index) == "conformant"));
    single(out, "proofmark_conformant", "Whether every answer was judged and conforms.", conformant)?;

    if let Some(gate) = overview::gate(index) {
        let passes = f64::from(u8::from(gate.refusals().next().is_none()));
        single(out, "proofmark_gate_passed", "Whether the run passed the gate.", passes)?;
    }
    let apis = index.apis.iter().filter(|api| api.counts.total() > 0);
    let trials: Vec<Sample> = apis
        .clone()
        .flat_map(|api| {
            overview::by_verdict(&api.counts).map(|(verdict, count)| {
                (labels(&[("api", &api.name), ("verdict", &verdict.as_str().to_owned())]), number(count))
            })
        })
        .collect();
    family(out, "proofmark_trials", "Trials by API and verdict.", &trials)?;
    let seconds: Vec<Sample> =
        apis.map(|api| (labels(&[("api", &api.name)]), api.duration_ms / 1_000.0)).collect();
    family(out, "proofmark_trials_duration_seconds", "Sum of the durations of an API's trials.", &seconds)?;
    family(out, "proofmark_findings", "Findings by API, check and level.", &findings(index)?)?;
    let problems = [
        (labels(&[("level", &Level::Must.as_str().to_owned())]), number(index.tally.failing().len())),
        (labels(&[("level", &"warning".to_owned())]), number(index.tally.warning().len())),
    ];
    family(out, "proofmark_waived_findings", "Findings that a waiver accepts.", &waived(index))?;
    family(out, "proofmark_waiver_end_timestamp_seconds", "When a waiver runs out.", &ends(index))?;
    family(out, "proofmark_problems", "Groups of findings with one cause.", &problems)?;
    Ok(())
}

/// Labels in their braces, and a value.
type Sample = (String, f64);

fn findings(index: &Index) -> Result<Vec<Sample>, ReportError> {
    let mut counts: BTreeMap<(String, String, &'static str), usize> = BTreeMap::new();
    for (trial, _) in (0..).zip(&index.rows) {
        let trial = index.trial(trial)?;
        for (_, finding) in trial.findings() {
            let level = if finding.waived.is_some() { "waived" } else { finding.level.as_str() };
            let key = (trial.api.clone(), finding.check.clone(), level);
            let full = counts.len() >= MAX_CHECKS && !counts.contains_key(&key);
            let key = if full { (String::new(), "other".into(), "may") } else { key };
            *counts.entry(key).or_default() += 1;
        }
    }
    let sample = |((api, check, level), count): (_, usize)| {
        let level: &str = level;
        (labels(&[("api", &api), ("check", &check), ("level", &level.to_owned())]), number(count))
    };
    Ok(counts.into_iter().map(sample).collect())
}

/// Of every waiver, those that fit nothing too: they have none.
fn waived(index: &Index) -> Vec<Sample> {
    let of = |waiver: &WaiverSummary| {
        let findings = index.tally.waived.get(&waiver.id).map_or(0, |waived| waived.findings);
        (labels(&[("waiver", &waiver.id), ("owner", &waiver.owner)]), number(findings))
    };
    index.started.waivers.iter().take(MAX_CHECKS).map(of).collect()
}

/// A waiver holds up to and with its last day, in UTC.
fn ends(index: &Index) -> Vec<Sample> {
    let of = |waiver: &WaiverSummary| {
        let day: Date = waiver.until.parse().ok()?;
        let end = day.tomorrow().ok()?.to_zoned(TimeZone::UTC).ok()?.timestamp();
        #[expect(clippy::cast_precision_loss, reason = "seconds since 1970 are far below 2^52")]
        let seconds = end.as_second() as f64;
        Some((labels(&[("waiver", &waiver.id), ("owner", &waiver.owner)]), seconds))
    };
    index.started.waivers.iter().take(MAX_CHECKS).filter_map(of).collect()
}

#[expect(clippy::cast_precision_loss, reason = "a count")]
fn number(count: usize) -> f64 {
    count as f64
}

fn single(out: &mut dyn Write, name: &str, help: &str, value: f64) -> Result<(), ReportError> {
    family(out, name, help, &[(String::new(), value)])
}

/// A family of gauges. One without samples is left out: a metric needs none of its head then.
fn family(out: &mut dyn Write, name: &str, help: &str, samples: &[Sample]) -> Result<(), ReportError> {
    if samples.is_empty() {
        return Ok(());
    }
    writeln!(out, "# HELP {name} {help}\n# TYPE {name} gauge")?;
    for (labels, value) in samples {
        writeln!(out, "{name}{labels} {value}")?;
    }
    Ok(())
}

/// `{api="cube",verdict="failed"}`; in values `\`, `"` and line feeds are escaped.
fn labels(pairs: &[(&str, &String)]) -> String {
    let escaped = |value: &str| shown(value).replace('\\', "\\\\").replace('"', "\\\"").replace('\n', "\\n");
    let pairs: Vec<String> =
        pairs.iter().map(|(name, value)| format!("{name}=\"{}\"", escaped(value))).collect();
    format!("{{{}}}", pairs.join(","))
}
