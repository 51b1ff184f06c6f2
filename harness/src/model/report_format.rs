//! [`ReportFormat`]: the formats that a record can be rendered as.

use super::problem::{alternatives, nearest};
use schemars::JsonSchema;
use std::path::PathBuf;

/// A format of a report.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, JsonSchema)]
#[schemars(rename_all = "lowercase")]
pub enum ReportFormat {
    /// A page for people.
    Html,
    /// JUnit XML, as Jenkins reads it.
    Junit,
    /// SARIF 2.1.0 (OASIS), as code scanning reads it.
    Sarif,
    /// GitHub's workflow commands, and a job summary.
    Github,
    /// GitLab's code quality report.
    Gitlab,
    /// Test Anything Protocol, version 14.
    Tap,
    /// Common Test Report Format.
    Ctrf,
    /// HTTP Archive 1.2.
    Har,
    /// Prometheus' text format, as the textfile collector of its node exporter reads it.
    Prometheus,
    /// The job summary alone.
    Markdown,
    /// One document for `jq`.
    Json,
}

impl ReportFormat {
    pub const WORDS: [(&'static str, ReportFormat); 11] = [
        ("html", Self::Html),
        ("junit", Self::Junit),
        ("sarif", Self::Sarif),
        ("github", Self::Github),
        ("gitlab", Self::Gitlab),
        ("tap", Self::Tap),
        ("ctrf", Self::Ctrf),
        ("har", Self::Har),
        ("prometheus", Self::Prometheus),
        ("markdown", Self::Markdown),
        ("json", Self::Json),
    ];

    pub fn word(self) -> &'static str {
        Self::WORDS.iter().find(|(_, format)| *format == self).map_or("", |(word, _)| word)
    }

    /// The name of its file in the folder of a run; `None` where it goes to standard output.
    pub fn file_name(self) -> Option<&'static str> {
        match self {
            Self::Html => Some("report.html"),
            Self::Junit => Some("junit.xml"),
            Self::Sarif => Some("proofmark.sarif"),
            Self::Github => None,
            Self::Gitlab => Some("gl-code-quality-report.json"),
            Self::Tap => Some("report.tap"),
            Self::Ctrf => Some("ctrf-report.json"),
            Self::Har => Some("exchanges.har"),
            Self::Prometheus => Some("proofmark.prom"),
            Self::Markdown => Some("summary.md"),
            Self::Json => Some("report.json"),
        }
    }
}

/// A format, and where to write it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WantedReport {
    pub format: ReportFormat,
    pub to: Destination,
}

/// Where a report goes.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub enum Destination {
    /// [`ReportFormat::file_name`] in the folder of the run.
    Usual,
    File(PathBuf),
    /// `-`.
    Stdout,
}

impl WantedReport {
    /// Reads `FORMAT` or `FORMAT=FILE`. The error is a sentence with the known formats.
    pub fn parse(text: &str) -> Result<Self, String> {
        let (name, file) = match text.split_once('=') {
            Some((name, file)) => (name, Some(file)),
            None => (text, None),
        };
        let Some((_, format)) = ReportFormat::WORDS.iter().find(|(word, _)| *word == name) else {
            let known = ReportFormat::WORDS.map(|(word, _)| word);
            let near = nearest(name, &known).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            return Err(format!("unknown format `{name}`{}{near}", alternatives(name, &known)));
        };
        let to = match file {
            None => Self::usual(*format).to,
            Some("") => return Err("expected FORMAT or FORMAT=FILE".into()),
            Some("-") => Destination::Stdout,
            Some(file) => Destination::File(file.into()),
        };
        Ok(Self { format: *format, to })
    }

    /// A format at its usual place.
    pub fn usual(format: ReportFormat) -> Self {
        let to = if format.file_name().is_some() { Destination::Usual } else { Destination::Stdout };
        Self { format, to }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn formats_are_read_with_their_destinations() {
        let read = |text: &str| WantedReport::parse(text).map(|wanted| (wanted.format, wanted.to));
        assert_eq!(read("sarif"), Ok((ReportFormat::Sarif, Destination::Usual)));
        assert_eq!(read("github"), Ok((ReportFormat::Github, Destination::Stdout)));
        assert_eq!(read("tap=-"), Ok((ReportFormat::Tap, Destination::Stdout)));
        assert_eq!(read("har=a=b/c.har"), Ok((ReportFormat::Har, Destination::File("a=b/c.har".into()))));
        assert_eq!(read("har="), Err("expected FORMAT or FORMAT=FILE".into()));
        let unknown = read("sarfi").expect_err("not a format");
        assert!(unknown.starts_with("unknown format `sarfi` (known: `sarif`, "), "{unknown}");
        assert!(unknown.ends_with("; did you mean `sarif`?"), "{unknown}");
    }
}
