//! `report.json`: a run as one document, for `jq` and scripts. Exchanges are in the record; here are what came of them.

use super::clock::Clock;
use super::error::ReportError;
use super::index::Index;
use super::issue::{Issue, issues, left_over};
use super::json_text::{self, List, cut};
use super::overview;
use super::sources::Sources;
use crate::model::finding::Finding;
use crate::model::source::Location;
use crate::record::{Counts, StepRecord, TrialFinished};
use serde_json::{Map, Value, json};
use std::io::Write;

/// The version of the document's form.
const VERSION: u32 = 1;
/// Findings of one step, and lines of working of one finding, that are written out.
const MAX_FINDINGS: usize = 100;
const MAX_TEXT: usize = 4 * 1024;
/// A longer command is in the record only.
const MAX_CURL: usize = 16 * 1024;

/// Writes the document: `version`, `outcome`, `run`, `gate`, `counts`, `apis`, `problems`, `trials`.
pub fn write(index: &Index, sources: &Sources, out: &mut dyn Write) -> Result<(), ReportError> {
    let started = &index.started;
    let clock = Clock::new(&started.started);
    let run = json!({
        "name": started.run,
        "tool": started.tool,
        "suite": started.suite,
        "target": started.target,
        "urls": started.urls,
        "faults": started.faults,
        "seed": started.seed,
        "command": started.command,
        "started": clock.at(0.0),
        "ended": clock.at(index.duration_ms()),
        "duration_ms": index.duration_ms(),
        "interrupted": index.interrupted(),
        "planned": started.planned,
    });
    let apis: Map<String, Value> =
        index.apis.iter().map(|api| (api.name.clone(), counts(&api.counts))).collect();
    write!(out, "{{\"version\":{VERSION},\n\"outcome\":\"{}\",\n\"run\":", overview::outcome(index))?;
    json_text::write(&run, out)?;
    out.write_all(b",\n\"gate\":")?;
    json_text::write(&overview::gate(index), out)?;
    out.write_all(b",\n\"counts\":")?;
    json_text::write(&counts(&index.counts), out)?;
    out.write_all(b",\n\"apis\":")?;
    json_text::write(&apis, out)?;
    write!(out, ",\n\"left_over\":{},\n\"problems\":", left_over(index))?;
    let mut list = List::begin(out)?;
    for issue in issues(index)? {
        list.item(&problem(&issue, sources))?;
    }
    list.end()?;
    out.write_all(b",\n\"trials\":")?;
    let mut list = List::begin(out)?;
    for (number, _) in (0..).zip(&index.rows) {
        list.item(&trial(&index.trial(number)?, sources))?;
    }
    list.end()?;
    out.write_all(b"}\n")?;
    Ok(())
}

fn counts(counts: &Counts) -> Value {
    let mut map: Map<String, Value> = overview::by_verdict(counts)
        .into_iter()
        .map(|(verdict, count)| (verdict.as_str().to_owned(), count.into()))
        .collect();
    map.insert("total".into(), counts.total().into());
    map.insert("warnings".into(), counts.warnings.into());
    map.into()
}

fn problem(issue: &Issue, sources: &Sources) -> Value {
    json!({
        "level": issue.kind.as_str(),
        "rule": issue.rule,
        "api": issue.api,
        "operations": issue.operations,
        "at": issue.place,
        "message": issue.message,
        "expected": issue.expected,
        "actual": issue.actual,
        "case": place(&issue.case, sources),
        "contract": issue.contract.as_ref().map(|contract| place(contract, sources)),
        "document": issue.document,
        "trials": issue.trials,
        "findings": issue.findings,
        "examples": issue.examples,
        "consequences": issue.consequences.iter().map(|c| json!({
            "rule": c.rule,
            "at": c.place,
            "message": c.message,
            "case": c.case.as_ref().map(|case| place(case, sources)),
        })).collect::<Vec<_>>(),
        "waiver": issue.waiver.as_ref().map(|waiver| waiver.id.as_str()),
        "fingerprint": issue.fingerprint,
    })
}

fn trial(trial: &TrialFinished, sources: &Sources) -> Value {
    json!({
        "name": trial.name,
        "api": trial.api,
        "operation": trial.operation,
        "case": trial.case,
        "title": trial.title,
        "document": trial.doc,
        "level": trial.level.as_str(),
        "tags": trial.tags,
        "location": place(&trial.location, sources),
        "verdict": trial.verdict.as_str(),
        "reason": trial.reason.as_deref().map(bounded),
        "started_ms": trial.started_ms,
        "duration_ms": trial.duration_ms,
        "steps": trial.steps.iter().map(|s| step(s, sources)).collect::<Vec<_>>(),
    })
}

fn step(step: &StepRecord, sources: &Sources) -> Value {
    let curl = Some(step.curl.as_str()).filter(|curl| curl.len() <= MAX_CURL);
    json!({
        "role": step.role.as_str(),
        "operation": step.operation,
        "method": bounded(&step.request.method),
        "url": bounded(&step.request.url),
        "status": step.response.as_ref().map(|response| response.status),
        "size": step.response.as_ref().map(|response| response.body.size),
        "error": step.error.as_ref().map(|e| json!({ "kind": e.kind, "message": bounded(&e.message) })),
        "total_ms": step.total_ms,
        "attempts": step.attempts,
        "callbacks": step.callbacks.iter().map(|callback| callback.name.as_str()).collect::<Vec<_>>(),
        "curl": curl,
        "findings": step.findings.iter().take(MAX_FINDINGS).map(|f| finding(f, sources)).collect::<Vec<_>>(),
        "more_findings": step.findings.len().saturating_sub(MAX_FINDINGS),
    })
}

fn finding(finding: &Finding, sources: &Sources) -> Value {
    json!({
        "check": finding.check,
        "requirement": finding.requirement.as_deref().map(bounded),
        "level": finding.level.as_str(),
        "at": bounded(&finding.at),
        "message": bounded(&finding.message),
        "expected": finding.expected,
        "actual": finding.actual,
        "case": finding.case.as_ref().map(|case| place(case, sources)),
        "contract": finding.spec.as_ref().map(|spec| place(spec, sources)),
        "document": finding.doc,
        "waived": finding.waived,
        "details": finding.details.iter().take(MAX_FINDINGS).map(|d| bounded(d)).collect::<Vec<_>>(),
    })
}

fn bounded(text: &str) -> String {
    cut(text, MAX_TEXT).into_owned()
}

fn place(location: &Location, sources: &Sources) -> Value {
    json!({ "file": sources.path(location), "line": location.line, "column": location.column })
}
