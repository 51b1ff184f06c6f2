//! TAP, the Test Anything Protocol, version 14: a test point a trial, with a YAML block where it is not well.
//! <https://testanything.org/tap-version-14-specification.html>

use super::error::ReportError;
use super::index::Index;
use super::json_text::{self, shown, shown_block};
use super::shell::visible_command;
use super::sources::Sources;
use crate::model::finding::Finding;
use crate::model::source::Location;
use crate::model::verdict::Verdict;
use crate::record::TrialFinished;
use std::fmt::Write as _;
use std::io::Write;

/// Findings of one trial that are written out.
const MAX_FINDINGS: usize = 20;
const MAX_CURL: usize = 16 * 1024;

/// Writes the document: the plan first, so that a reader notices what is missing.
pub fn write(index: &Index, sources: &Sources, out: &mut dyn Write) -> Result<(), ReportError> {
    write!(out, "TAP version 14\n1..{}\n", index.rows.len())?;
    for (trial, number) in (0..).zip(1..=index.rows.len()) {
        out.write_all(point(number, &index.trial(trial)?, sources).as_bytes())?;
    }
    if index.interrupted() {
        writeln!(out, "Bail out! interrupted: {} trials were planned", index.started.planned)?;
    }
    Ok(())
}

fn point(number: usize, trial: &TrialFinished, sources: &Sources) -> String {
    let ok = match trial.verdict {
        Verdict::Passed | Verdict::Skipped | Verdict::Flaky => "ok",
        Verdict::Failed | Verdict::Errored | Verdict::Waived => "not ok",
    };
    let directive = match trial.verdict {
        Verdict::Skipped => format!(" # SKIP {}", escaped(trial.reason.as_deref().unwrap_or_default())),
        // Not ok, and known not to be.
        Verdict::Waived => format!(" # TODO {}", escaped(trial.reason.as_deref().unwrap_or("waived"))),
        Verdict::Passed | Verdict::Failed | Verdict::Errored | Verdict::Flaky => String::new(),
    };
    let mut out = format!("{ok} {number} - {}{directive}\n", escaped(&trial.name));
    if trial.verdict != Verdict::Skipped {
        diagnostic(&mut out, trial, sources);
    }
    out
}

/// Text of a description or directive: `#` and `\` are escaped, and it is one line.
fn escaped(text: &str) -> String {
    shown(text).replace('\\', "\\\\").replace('#', "\\#").trim().to_owned()
}

/// A YAML block, indented by two.
fn diagnostic(out: &mut String, trial: &TrialFinished, sources: &Sources) {
    out.push_str("  ---\n");
    let mut field = |name: &str, value: Option<&str>| {
        if let Some(value) = value {
            let _ = writeln!(out, "  {name}: {}", scalar(value));
        }
    };
    field("verdict", Some(trial.verdict.as_str()));
    field("title", Some(&trial.title));
    field("level", Some(trial.level.as_str()));
    field("case", Some(&place(&trial.location, sources)));
    field("document", trial.doc.as_deref());
    field("message", trial.reason.as_deref());
    let error = trial.steps.iter().rev().find_map(|step| step.error.as_ref());
    field("error", error.map(|e| e.kind.as_str()));
    let _ = writeln!(out, "  duration_ms: {:.3}", trial.duration_ms.max(0.0));
    let count = trial.findings().count();
    if count > 0 {
        out.push_str("  findings:\n");
    }
    for (_, finding) in trial.findings().take(MAX_FINDINGS) {
        describe(out, finding, sources);
    }
    if count > MAX_FINDINGS {
        let _ = writeln!(out, "  more_findings: {}", count - MAX_FINDINGS);
    }
    let bad = |step: &&crate::record::StepRecord| step.error.is_some() || !step.findings.is_empty();
    if trial.verdict != Verdict::Passed
        && let Some(step) = trial.steps.iter().find(bad)
    {
        let curl = visible_command(&step.curl);
        if curl.len() <= MAX_CURL {
            let _ = writeln!(out, "  curl: {}", scalar(&curl));
        }
    }
    out.push_str("  ...\n");
}

fn describe(out: &mut String, finding: &Finding, sources: &Sources) {
    let case = finding.case.as_ref().map(|case| place(case, sources));
    let spec = finding.spec.as_ref().map(|spec| place(spec, sources));
    let rows = [
        ("check", Some(finding.check.as_str())),
        ("requirement", finding.requirement.as_deref()),
        ("level", Some(finding.level.as_str())),
        ("at", Some(finding.at.as_str())),
        ("message", Some(finding.message.as_str())),
        ("expected", finding.expected.as_deref()),
        ("actual", finding.actual.as_deref()),
        ("contract", spec.as_deref()),
        ("case", case.as_deref()),
        ("document", finding.doc.as_deref()),
        ("waived", finding.waived.as_deref()),
    ];
    let mut mark = '-';
    for (name, value) in rows {
        if let Some(value) = value {
            let _ = writeln!(out, "    {mark} {name}: {}", scalar(value));
            mark = ' ';
        }
    }
}

/// A double-quoted scalar: JSON strings are YAML, as long as nothing in them is invisible.
fn scalar(text: &str) -> String {
    json_text::text(&shown_block(text, MAX_CURL))
}

fn place(location: &Location, sources: &Sources) -> String {
    format!("{}:{}:{}", sources.path(location), location.line, location.column)
}
