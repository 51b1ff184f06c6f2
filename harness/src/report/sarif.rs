//! SARIF 2.1.0 (OASIS, *Static Analysis Results Interchange Format*): one result a problem, at the line of the case that
//! shows it; the contract's line, the document's lines and the consequences are related locations.
//!
//! What could not be judged is not a result: it is a notification of the tool's execution (section 3.20.21), and the
//! execution was not successful.

use super::clock::Clock;
use super::error::ReportError;
use super::index::Index;
use super::issue::{Issue, Kind, issues, left_over};
use super::json_text::{self, List, shown};
use super::overview;
use super::rules;
use super::sources::{DocumentLines, Sources, uri};
use crate::model::level::Level;
use crate::model::source::Location;
use serde_json::{Map, Value, json};
use std::io::Write;

const SCHEMA: &str =
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json";
/// Related locations of a result: consequences, beside the contract and the document.
const MAX_CONSEQUENCES: usize = 20;
const MAX_EXAMPLES: usize = 10;

/// Writes the log with its one run.
pub fn write(index: &Index, sources: &Sources, out: &mut dyn Write) -> Result<(), ReportError> {
    let issues = issues(index)?;
    let ids = rules::ids(&issues);
    write!(out, "{{\"$schema\":\"{SCHEMA}\",\"version\":\"2.1.0\",\"runs\":[{{\n\"tool\":")?;
    json_text::write(&tool(index, &issues, &ids), out)?;
    for (name, value) in facts(index, &issues, sources) {
        write!(out, ",\n\"{name}\":")?;
        json_text::write(&value, out)?;
    }
    out.write_all(b",\n\"results\":")?;
    let mut list = List::begin(out)?;
    for issue in issues.iter().filter(|issue| issue.kind != Kind::NotJudged) {
        list.item(&result(issue, &ids, sources))?;
    }
    list.end()?;
    out.write_all(b"\n}]}\n")?;
    Ok(())
}

/// Section 3.18.
fn tool(index: &Index, issues: &[Issue], ids: &[String]) -> Value {
    let (name, version) = index.started.tool.split_once(' ').unwrap_or((&index.started.tool, "0"));
    let rules = ids.iter().map(|id| {
        let issue = issues.iter().find(|issue| issue.rule == *id);
        let level = level(issue.map_or(Kind::Finding(Level::Must), |issue| issue.kind));
        json!({
            "id": id,
            "shortDescription": message(&rules::says(id, issue.map(|issue| issue.message.as_str()))),
            "defaultConfiguration": { "level": level },
        })
    });
    json!({ "driver": { "name": shown(name), "version": shown(version), "rules": rules.collect::<Vec<_>>() } })
}

/// What else is said of the run.
fn facts(index: &Index, issues: &[Issue], sources: &Sources) -> [(&'static str, Value); 5] {
    let started = &index.started;
    let clock = Clock::new(&started.started);
    let whole = !index.interrupted() && index.counts.errored == 0;
    let notifications: Vec<Value> = issues
        .iter()
        .filter(|issue| issue.kind == Kind::NotJudged)
        .map(|issue| {
            json!({
                "level": "error",
                "descriptor": { "id": issue.rule },
                "message": message(&format!("not judged: {} ({})", issue.message, issue.whereabouts())),
                "locations": [location(&issue.case, sources)],
            })
        })
        .chain((left_over(index) > 0).then(|| {
            let text = format!("{} more findings have no result here: see the record", left_over(index));
            json!({ "level": "warning", "message": message(&text) })
        }))
        .collect();
    let counts: Map<String, Value> = overview::by_verdict(&index.counts)
        .into_iter()
        .map(|(verdict, count)| (verdict.as_str().to_owned(), count.into()))
        .collect();
    let invocation = json!({
        "executionSuccessful": whole,
        "commandLine": shown(&started.command.join(" ")),
        "startTimeUtc": clock.at(0.0),
        "endTimeUtc": clock.at(index.duration_ms()),
        "toolExecutionNotifications": notifications,
    });
    let properties = json!({
        "suite": shown(&started.suite),
        "target": shown(&started.target),
        "outcome": overview::outcome(index),
        "seed": started.seed,
        "faults": started.faults.iter().map(|fault| shown(fault)).collect::<Vec<_>>(),
        "trials": counts,
        "gate": overview::gate(index).map(|gate| gate.refusals().map(|clause| shown(&clause.name)).collect::<Vec<_>>()),
    });
    let documents = json!({ "text": "The documents under contract; they are not part of the repository." });
    [
        (
            "automationDetails",
            json!({ "id": format!("proofmark/{}/{}", shown(&started.target), shown(&started.run)) }),
        ),
        ("columnKind", json!("unicodeCodePoints")),
        ("originalUriBaseIds", json!({ "DOCUMENTS": { "description": documents } })),
        ("invocations", json!([invocation])),
        ("properties", properties),
    ]
}

/// Section 3.27.
fn result(issue: &Issue, ids: &[String], sources: &Sources) -> Value {
    let mut text = issue.what();
    if let (Some(expected), Some(actual)) = (&issue.expected, &issue.actual) {
        text = format!("{text}: expected {expected}, actual {actual}");
    }
    let mut place = location(&issue.case, sources);
    place["logicalLocations"] = issue
        .operations
        .iter()
        .take(MAX_EXAMPLES)
        .map(|operation| json!({ "fullyQualifiedName": shown(&format!("{}::{operation}", issue.api)), "kind": "function" }))
        .collect();
    let mut result = json!({
        "ruleId": issue.rule,
        "ruleIndex": ids.iter().position(|id| *id == issue.rule),
        "level": level(issue.kind),
        "message": message(&format!("{text} ({})", issue.whereabouts())),
        "locations": [place],
        "relatedLocations": related(issue, sources),
        "occurrenceCount": issue.findings.max(1),
        // The second name is the one that GitHub reads.
        "partialFingerprints": { "proofmarkProblem/v1": issue.fingerprint, "primaryLocationLineHash": issue.fingerprint },
        "properties": {
            "api": shown(&issue.api),
            "operations": issue.operations.iter().map(|o| shown(o)).collect::<Vec<_>>(),
            "place": shown(&issue.place),
            "trials": issue.trials,
            "examples": issue.examples.iter().take(MAX_EXAMPLES).map(|name| shown(name)).collect::<Vec<_>>(),
        },
    });
    // Section 3.35: accepted, and visible all the same.
    if let Some(waiver) = &issue.waiver {
        let why = shown(&format!("{}: {}", waiver.id, waiver.says));
        result["suppressions"] = json!([{ "kind": "external", "status": "accepted", "justification": why }]);
    }
    result
}

/// The contract, the document, and what else is wrong for the same cause. Ids are unique in a result (section 3.28.2).
fn related(issue: &Issue, sources: &Sources) -> Vec<Value> {
    let mut list = Vec::new();
    if let Some(contract) = &issue.contract {
        let mut place = location(contract, sources);
        place["message"] = message("the contract says so here");
        list.push(place);
    }
    if let Some(lines) = issue.document.as_deref().and_then(DocumentLines::parse) {
        list.push(json!({
            "physicalLocation": {
                "artifactLocation": { "uri": uri(lines.document), "uriBaseId": "DOCUMENTS" },
                "region": { "startLine": lines.first, "endLine": lines.last },
            },
            "message": message("the document says so here"),
        }));
    }
    for consequence in issue.consequences.iter().take(MAX_CONSEQUENCES) {
        let mut place = consequence.case.as_ref().map_or(json!({}), |case| location(case, sources));
        let text = format!("{}: {} ({})", consequence.place, consequence.message, consequence.rule);
        place["message"] = message(&text);
        list.push(place);
    }
    for (id, place) in list.iter_mut().enumerate() {
        place["id"] = id.into();
    }
    list
}

fn location(location: &Location, sources: &Sources) -> Value {
    json!({
        "physicalLocation": {
            "artifactLocation": { "uri": uri(&sources.path(location)) },
            "region": { "startLine": location.line.max(1), "startColumn": location.column.max(1) },
        },
    })
}

fn level(kind: Kind) -> &'static str {
    match kind {
        Kind::Finding(Level::Must) | Kind::Waived | Kind::NotJudged => "error",
        Kind::Finding(Level::Should) => "warning",
        Kind::Finding(Level::May) => "note",
    }
}

/// A plain text message (section 3.11): braces are doubled (3.11.5), and no text of a target is an embedded link
/// (3.11.6).
fn message(text: &str) -> Value {
    json!({ "text": shown(text).replace('{', "{{").replace('}', "}}").replace("](", "] (") })
}
