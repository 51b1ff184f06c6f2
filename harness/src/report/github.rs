//! GitHub's workflow commands: an annotation a problem (`::error file=…,line=…::…`), for a job's log.
//!
//! GitHub shows ten errors, ten warnings and ten notices of a step; the most frequent problems come first.

use super::error::ReportError;
use super::index::Index;
use super::issue::{Issue, Kind, issues};
use super::json_text::shown;
use super::overview;
use super::sources::Sources;
use crate::model::level::Level;
use std::io::Write;

/// Annotations of one kind that are written out.
const MAX_ANNOTATIONS: usize = 50;

/// Writes the annotations, a line each.
pub fn write(index: &Index, sources: &Sources, out: &mut dyn Write) -> Result<(), ReportError> {
    let issues = issues(index)?;
    for kind in ["error", "warning", "notice"] {
        let of_kind: Vec<&Issue> = issues.iter().filter(|issue| command(issue.kind) == kind).collect();
        for issue in of_kind.iter().take(MAX_ANNOTATIONS) {
            writeln!(out, "{}", annotation(issue, sources))?;
        }
        if let Some(more) = of_kind.len().checked_sub(MAX_ANNOTATIONS).filter(|more| *more > 0) {
            writeln!(out, "::{kind} title=proofmark::{more} more problems are in the report")?;
        }
    }
    for clause in overview::gate(index).iter().flat_map(|gate| gate.refusals()) {
        let text = format!("refused by `{}`: {}", shown(&clause.name), shown(&clause.says));
        writeln!(out, "::error title=proofmark gate::{}", data(&text))?;
    }
    let counts = overview::in_words(&index.counts);
    writeln!(out, "::notice title=proofmark::{}", data(&format!("{}: {counts}", overview::outcome(index))))?;
    Ok(())
}

fn annotation(issue: &Issue, sources: &Sources) -> String {
    let mut text = format!("{}\n{}", shown(&issue.what()), shown(&issue.whereabouts()));
    for (name, value) in [("expected", &issue.expected), ("actual", &issue.actual)] {
        if let Some(value) = value {
            text.push_str(&format!("\n{name}: {}", shown(value)));
        }
    }
    if let Some(waiver) = &issue.waiver {
        text.push_str(&format!("\nwaived by {}: {}", shown(&waiver.id), shown(&waiver.says)));
    }
    if let Some(contract) = &issue.contract {
        text.push_str(&format!("\ncontract: {}", shown(&contract.to_string())));
    }
    if let Some(document) = &issue.document {
        text.push_str(&format!("\ndocument: {}", shown(document)));
    }
    if !issue.consequences.is_empty() {
        text.push_str(&format!("\nand {} consequences", issue.consequences.len()));
    }
    format!(
        "::{} file={},line={},col={},title={}::{}",
        command(issue.kind),
        property(&sources.path(&issue.case)),
        issue.case.line,
        issue.case.column,
        property(&issue.rule),
        data(&text)
    )
}

fn command(kind: Kind) -> &'static str {
    match kind {
        Kind::Finding(Level::Must) | Kind::NotJudged => "error",
        Kind::Finding(Level::Should) => "warning",
        Kind::Finding(Level::May) | Kind::Waived => "notice",
    }
}

/// The message of a command: `%`, CR and LF are escaped.
fn data(text: &str) -> String {
    text.replace('%', "%25").replace('\r', "%0D").replace('\n', "%0A")
}

/// A property of a command: `:` and `,` are escaped too.
fn property(text: &str) -> String {
    data(&shown(text)).replace(':', "%3A").replace(',', "%2C")
}
