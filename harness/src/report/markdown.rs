//! The job summary: a run in Markdown, as GitHub, GitLab and chat programs show it.
//!
//! Text of a target is never Markdown: it stands in code spans that it cannot end, and has no line breaks.

use super::error::ReportError;
use super::index::Index;
use super::issue::{Issue, Kind, issues, left_over};
use super::json_text::shown;
use super::overview;
use crate::model::level::Level;
use std::io::Write;

/// Problems that are listed of each kind.
const MAX_ISSUES: usize = 30;

/// Writes the summary. A job's summary on GitHub may have 1 MiB.
pub fn write(index: &Index, out: &mut dyn Write) -> Result<(), ReportError> {
    let started = &index.started;
    let issues = issues(index)?;
    writeln!(out, "## proofmark: {}\n", overview::outcome(index))?;
    let seconds = index.duration_ms() / 1_000.0;
    let counts = overview::in_words(&index.counts);
    writeln!(
        out,
        "{} against {}: {counts} in {seconds:.1} s\n",
        code(&started.suite),
        code(&started.target)
    )?;
    if index.interrupted() {
        writeln!(
            out,
            "The run was interrupted: {} of {} trials are told.\n",
            index.rows.len(),
            started.planned
        )?;
    }
    gate(index, out)?;
    table(index, out)?;
    let of = |wanted: fn(Kind) -> bool| issues.iter().filter(move |issue| wanted(issue.kind));
    section("Problems", of(|kind| kind == Kind::Finding(Level::Must)), out)?;
    section("Not judged", of(|kind| kind == Kind::NotJudged), out)?;
    section("Waived", of(|kind| kind == Kind::Waived), out)?;
    let warning = |kind| matches!(kind, Kind::Finding(Level::Should | Level::May));
    section("Warnings", of(warning), out)?;
    if left_over(index) > 0 {
        writeln!(out, "{} more findings are in the record only.\n", left_over(index))?;
    }
    writeln!(out, "Run {}, seed {}, {}", code(&started.run), started.seed, code(&started.tool))?;
    Ok(())
}

/// The clauses of the gate, where there was one.
fn gate(index: &Index, out: &mut dyn Write) -> Result<(), ReportError> {
    let Some(gate) = overview::gate(index) else { return Ok(()) };
    let word = if gate.refusals().next().is_some() { "fail" } else { "pass" };
    writeln!(out, "### Gate: {word}\n")?;
    for clause in &gate.clauses {
        let mark = if clause.holds { "✅" } else { "❌" };
        writeln!(out, "- {mark} {} {}", code(&clause.name), code(&clause.says))?;
    }
    writeln!(out)?;
    Ok(())
}

/// Trials by API and verdict.
fn table(index: &Index, out: &mut dyn Write) -> Result<(), ReportError> {
    let words = overview::by_verdict(&index.counts).map(|(verdict, _)| verdict.as_str());
    writeln!(out, "| API | {} |\n|---|{}", words.join(" | "), "---:|".repeat(words.len()))?;
    for api in index.apis.iter().filter(|api| api.counts.total() > 0) {
        let numbers = overview::by_verdict(&api.counts).map(|(_, count)| count.to_string());
        writeln!(out, "| {} | {} |", cell(&api.name), numbers.join(" | "))?;
    }
    writeln!(out)?;
    Ok(())
}

fn section<'i>(
    title: &str,
    issues: impl Iterator<Item = &'i Issue>,
    out: &mut dyn Write,
) -> Result<(), ReportError> {
    let issues: Vec<&Issue> = issues.collect();
    if issues.is_empty() {
        return Ok(());
    }
    writeln!(out, "### {title} ({})\n", issues.len())?;
    for issue in issues.iter().take(MAX_ISSUES) {
        let s = if issue.trials == 1 { "" } else { "s" };
        writeln!(out, "- **{} trial{s}** {} {}", issue.trials, code(&issue.api), code(&issue.what()))?;
        if let (Some(expected), Some(actual)) = (&issue.expected, &issue.actual) {
            writeln!(out, "  - expected {}, actual {}", code(expected), code(actual))?;
        }
        if let Some(waiver) = &issue.waiver {
            writeln!(out, "  - waived by {}: {}", code(&waiver.id), code(&waiver.says))?;
        }
        write!(out, "  - {} case {}", code(&issue.rule), code(&issue.case.to_string()))?;
        if let Some(contract) = &issue.contract {
            write!(out, ", contract {}", code(&contract.to_string()))?;
        }
        if let Some(document) = &issue.document {
            write!(out, ", document {}", code(document))?;
        }
        let consequences = issue.consequences.len();
        if consequences > 0 {
            write!(out, "; {consequences} consequence{}", if consequences == 1 { "" } else { "s" })?;
        }
        writeln!(out)?;
    }
    if issues.len() > MAX_ISSUES {
        writeln!(out, "- and {} more", issues.len() - MAX_ISSUES)?;
    }
    writeln!(out)?;
    Ok(())
}

/// A code span (CommonMark 6.1): its fence is longer than any run of backticks in it.
fn code(text: &str) -> String {
    let text = shown(text);
    let longest = text.split(|c| c != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest + 1);
    // A span that begins or ends with a backtick, or with spaces on both sides, is padded; the padding is not shown.
    let padded = text.starts_with(['`', ' ']) || text.ends_with(['`', ' ']);
    match (text.trim().is_empty(), padded) {
        (true, _) => "(nothing)".into(),
        (false, true) => format!("{fence} {text} {fence}"),
        (false, false) => format!("{fence}{text}{fence}"),
    }
}

/// Text of a table's cell: whatever could mean something is a character reference.
fn cell(text: &str) -> String {
    shown(text)
        .chars()
        .map(|c| match c {
            c if c.is_ascii_punctuation() && !matches!(c, '-' | '_') => format!("&#{};", u32::from(c)),
            '_' => "\\_".into(),
            c => c.to_string(),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_cannot_leave_its_code_span() {
        assert_eq!(code("a"), "`a`");
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(" a "), "`  a  `");
        assert_eq!(code(""), "(nothing)");
        assert_eq!(code("a\n# b"), "`a␊# b`");
    }

    #[test]
    fn cells_are_text() {
        assert_eq!(cell("unicom-ivr_2"), "unicom-ivr\\_2");
        assert_eq!(cell("a|[b](c)"), "a&#124;&#91;b&#93;&#40;c&#41;");
    }
}
