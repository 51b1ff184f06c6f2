//! GitLab's code quality report: a list of problems with fingerprints, by which a merge request shows what is new and
//! what is gone. <https://docs.gitlab.com/ci/testing/code_quality/#code-quality-report-format>

use super::error::ReportError;
use super::index::Index;
use super::issue::{Issue, Kind, issues};
use super::json_text::{List, shown};
use super::sources::Sources;
use crate::model::level::Level;
use serde_json::{Value, json};
use std::io::Write;

/// Writes the list.
pub fn write(index: &Index, sources: &Sources, out: &mut dyn Write) -> Result<(), ReportError> {
    let mut list = List::begin(out)?;
    for issue in issues(index)? {
        list.item(&entry(&issue, sources))?;
    }
    list.end()?;
    out.write_all(b"\n")?;
    Ok(())
}

fn entry(issue: &Issue, sources: &Sources) -> Value {
    let waived = issue.waiver.as_ref().map(|waiver| format!("waived by {}: ", waiver.id)).unwrap_or_default();
    json!({
        "description": shown(&format!("{waived}{} ({})", issue.what(), issue.whereabouts())),
        "check_name": issue.rule,
        "fingerprint": issue.fingerprint,
        "severity": severity(issue.kind),
        "location": { "path": shown(&sources.path(&issue.case)), "lines": { "begin": issue.case.line.max(1) } },
    })
}

/// `info`, `minor`, `major`, `critical` or `blocker`.
fn severity(kind: Kind) -> &'static str {
    match kind {
        Kind::Finding(Level::Must) => "critical",
        Kind::NotJudged => "major",
        Kind::Finding(Level::Should) => "minor",
        Kind::Finding(Level::May) | Kind::Waived => "info",
    }
}
