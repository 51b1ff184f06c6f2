//! CTRF, the Common Test Report Format: a test a trial. <https://ctrf.io/docs/specification>

use super::clock::{Clock, whole_ms};
use super::error::ReportError;
use super::evidence::evidence;
use super::index::Index;
use super::json_text::{self, List, shown, shown_block};
use super::overview;
use super::sources::Sources;
use crate::model::finding::Finding;
use crate::model::verdict::Verdict;
use crate::record::TrialFinished;
use serde_json::{Map, Value, json};
use std::io::Write;

/// The version of the specification.
const VERSION: &str = "0.0.0";
const MAX_TRACE: usize = 64 * 1024;

/// Writes the document.
pub fn write(index: &Index, sources: &Sources, out: &mut dyn Write) -> Result<(), ReportError> {
    let started = &index.started;
    let clock = Clock::new(&started.started);
    let (name, version) = started.tool.split_once(' ').unwrap_or((&started.tool, "0"));
    let head = json!({
        "reportFormat": "CTRF",
        "specVersion": VERSION,
        "runId": filled(&started.run),
        "timestamp": clock.at(index.duration_ms()),
        "generatedBy": shown(&started.tool),
    });
    let environment = json!({
        "reportName": shown(&started.suite),
        "appName": shown(&started.suite),
        "testEnvironment": shown(&started.target),
        "healthy": index.counts.errored == 0 && !index.interrupted(),
        "extra": {
            "outcome": overview::outcome(index),
            "seed": started.seed,
            "faults": started.faults.iter().map(|fault| shown(fault)).collect::<Vec<_>>(),
        },
    });
    let tool = json!({ "name": filled(name), "version": shown(version) });
    let head = json_text::text(&head);
    write!(out, "{},\"results\":{{\n\"tool\":", head.trim_end_matches('}'))?;
    json_text::write(&tool, out)?;
    out.write_all(b",\n\"summary\":")?;
    json_text::write(&summary(index, clock), out)?;
    out.write_all(b",\n\"environment\":")?;
    json_text::write(&environment, out)?;
    out.write_all(b",\n\"tests\":")?;
    let mut list = List::begin(out)?;
    for (number, _) in (0..).zip(&index.rows) {
        list.item(&test(&index.trial(number)?, clock, sources))?;
    }
    list.end()?;
    out.write_all(b"}}\n")?;
    Ok(())
}

fn summary(index: &Index, clock: Clock) -> Value {
    let mut counts: Map<String, Value> = ["passed", "failed", "skipped", "pending", "other"]
        .map(|word| (word.to_owned(), 0.into()))
        .into_iter()
        .collect();
    for (verdict, count) in overview::by_verdict(&index.counts) {
        let before = counts.get(status(verdict)).and_then(Value::as_u64).unwrap_or_default();
        counts.insert(status(verdict).into(), (before + count as u64).into());
    }
    counts.insert("flaky".into(), index.counts.flaky.into());
    counts.insert("tests".into(), index.counts.total().into());
    counts.insert("suites".into(), index.apis.iter().filter(|api| api.counts.total() > 0).count().into());
    counts.insert("start".into(), clock.epoch_ms(0.0).into());
    counts.insert("stop".into(), clock.epoch_ms(index.duration_ms()).into());
    counts.insert("duration".into(), whole_ms(index.duration_ms()).into());
    counts.into()
}

fn test(trial: &TrialFinished, clock: Clock, sources: &Sources) -> Value {
    #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds")]
    let start = trial.started_ms as f64;
    let mut test = json!({
        "name": filled(&trial.name),
        "testId": filled(&trial.name),
        "status": status(trial.verdict),
        "rawStatus": trial.verdict.as_str(),
        "duration": whole_ms(trial.duration_ms),
        "start": clock.epoch_ms(start),
        "stop": clock.epoch_ms(start + trial.duration_ms),
        "suite": [filled(&trial.api), filled(&trial.operation)],
        "type": "contract",
        "filePath": shown(&sources.path(&trial.location)),
        "line": trial.location.line,
        "tags": trial.tags.iter().map(|tag| shown(tag)).collect::<Vec<_>>(),
        "labels": { "level": trial.level.as_str(), "case": shown(&trial.case) },
        "extra": { "title": shown(&trial.title), "document": trial.doc.as_deref().map(shown) },
        "steps": trial
            .steps
            .iter()
            .map(|step| {
                let broken = step.findings.iter().any(Finding::fails);
                let waived = step.findings.iter().any(|finding| finding.waived.is_some());
                let status = match (&step.error, broken, waived) {
                    (Some(_), ..) => status(Verdict::Errored),
                    (None, true, _) => status(Verdict::Failed),
                    (None, false, true) => status(Verdict::Waived),
                    (None, false, false) => status(Verdict::Passed),
                };
                json!({ "name": shown(&format!("{} {}", step.role.as_str(), step.operation)), "status": status })
            })
            .collect::<Vec<_>>(),
    });
    if trial.verdict != Verdict::Passed {
        let first = trial.findings().map(|(_, f)| f).find(|f| f.fails());
        let found = first.map(|f| format!("{}: {}", f.at, f.message));
        test["message"] = shown(&trial.reason.clone().or(found).unwrap_or_default()).into();
    }
    if trial.verdict == Verdict::Flaky {
        test["flaky"] = true.into();
    }
    if matches!(trial.verdict, Verdict::Failed | Verdict::Errored | Verdict::Waived) {
        test["trace"] = shown_block(&evidence(trial), MAX_TRACE).into();
    }
    test
}

/// What CTRF calls a verdict. It has no word for a test that could not be judged, or whose failure was
/// accepted; `rawStatus` has.
fn status(verdict: Verdict) -> &'static str {
    match verdict {
        Verdict::Passed => "passed",
        Verdict::Failed => "failed",
        Verdict::Flaky => "passed",
        Verdict::Errored | Verdict::Waived => "other",
        Verdict::Skipped => "skipped",
    }
}

/// Text where the format wants one of at least a character.
fn filled(text: &str) -> String {
    if text.is_empty() { "-".into() } else { shown(text) }
}
