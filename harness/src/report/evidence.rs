//! What is known of a case that is not well, as text for reports that have room for a text only.

use super::shell::visible_command;
use crate::model::finding::Finding;
use crate::record::TrialFinished;
use std::fmt::Write as _;

/// Findings of one step that are written out.
const MAX_FINDINGS: usize = 100;
/// A longer command is in the record only.
const MAX_CURL: usize = 16 * 1024;

/// Everything that is known of a case that is not well, as text.
pub fn evidence(trial: &TrialFinished) -> String {
    let mut out = format!("{}\n", trial.title);
    let _ = writeln!(out, "case {}", trial.location);
    if let Some(doc) = &trial.doc {
        let _ = writeln!(out, "document {doc}");
    }
    if let Some(reason) = &trial.reason {
        let _ = writeln!(out, "{reason}");
    }
    for (number, step) in trial.steps.iter().enumerate() {
        if step.findings.is_empty() && step.error.is_none() {
            continue;
        }
        let status = step.response.as_ref().map_or(String::new(), |r| format!(" -> {}", r.status));
        let _ = writeln!(
            out,
            "\nstep {} of {} ({}) {}: {} {}{status}",
            number + 1,
            trial.steps.len(),
            step.role.as_str(),
            step.operation,
            step.request.method,
            step.request.url
        );
        if let Some(error) = &step.error {
            let _ = writeln!(out, "  {}: {}", error.kind, error.message);
        }
        for finding in step.findings.iter().take(MAX_FINDINGS) {
            describe(&mut out, finding);
        }
        if step.findings.len() > MAX_FINDINGS {
            let _ = writeln!(out, "  and {} more findings", step.findings.len() - MAX_FINDINGS);
        }
        let curl = visible_command(&step.curl);
        if curl.len() <= MAX_CURL {
            let _ = writeln!(out, "  {curl}");
        }
    }
    out
}

fn describe(out: &mut String, finding: &Finding) {
    let requirement = finding.requirement.as_deref().map_or(String::new(), |r| format!(" {r}"));
    let level = finding.level.as_str();
    let _ =
        writeln!(out, "  [{level}] {}{requirement} at {}: {}", finding.check, finding.at, finding.message);
    let spec = finding.spec.as_ref().map(ToString::to_string);
    let case = finding.case.as_ref().map(ToString::to_string);
    let rows = [
        ("expected", finding.expected.as_ref()),
        ("actual", finding.actual.as_ref()),
        ("contract", spec.as_ref()),
        ("schema", finding.schema.as_ref()),
        ("document", finding.doc.as_ref()),
        ("case", case.as_ref()),
        ("waived by", finding.waived.as_ref()),
    ];
    for (name, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(out, "    {name}: {value}");
        }
    }
    for detail in &finding.details {
        let _ = writeln!(out, "    {detail}");
    }
}
