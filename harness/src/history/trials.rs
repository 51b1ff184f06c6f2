//! [`trials`]: how each case of a run ended, from its record, without its exchanges.

use crate::model::finding::Finding;
use crate::model::verdict::Verdict;
use crate::model::visible::visible;
use crate::record::{ReadError, later, not_an_event};
use serde::Deserialize;
use std::borrow::Cow;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::Path;

/// A longer reason is cut.
const LONGEST_REASON: usize = 200;

/// One case of one run. Texts can be shown on a terminal.
#[derive(Debug, Clone, PartialEq)]
pub struct Ended {
    pub name: String,
    pub title: String,
    pub verdict: Verdict,
    pub duration_ms: f64,
    /// The finding nearest to the cause, or why it was not judged.
    pub why: Option<String>,
}

/// As much of a line as is wanted here: the rest is skipped, not read.
#[derive(Deserialize)]
struct Line<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
    version: Option<u32>,
    #[serde(default)]
    name: String,
    #[serde(default)]
    title: String,
    verdict: Option<Verdict>,
    reason: Option<String>,
    #[serde(default)]
    duration_ms: f64,
    #[serde(default)]
    steps: Vec<Step>,
}

#[derive(Deserialize)]
struct Step {
    #[serde(default)]
    findings: Vec<Finding>,
}

/// Reads `run.ndjson`. Skipped cases are left out: nothing happened.
pub fn trials(record: &Path) -> Result<Vec<Ended>, ReadError> {
    let mut number = 0;
    let error = |line, message| ReadError { path: record.to_owned(), line, message };
    let file = File::open(record).map_err(|e| error(0, format!("cannot open the record: {e}")))?;
    let mut lines = BufReader::with_capacity(1 << 16, file);
    let (mut found, mut bytes) = (Vec::new(), Vec::new());
    loop {
        bytes.clear();
        number += 1;
        match lines.read_until(b'\n', &mut bytes) {
            Ok(0) => return Ok(found),
            Ok(_) => {}
            Err(e) => return Err(error(number, format!("cannot be read: {e}"))),
        }
        match serde_json::from_slice::<Line<'_>>(&bytes) {
            Ok(line) if line.event == "trial-finished" => found.extend(ended(line)),
            Ok(Line { version: Some(version), .. }) if version > crate::record::VERSION => {
                return Err(error(number, later(version)));
            }
            Ok(_) => {}
            Err(_) if bytes.last() != Some(&b'\n') => return Ok(found),
            Err(e) => return Err(error(number, not_an_event(&bytes, &e))),
        }
    }
}

fn ended(line: Line<'_>) -> Option<Ended> {
    let verdict = line.verdict.filter(|verdict| *verdict != Verdict::Skipped)?;
    let first = line.steps.iter().flat_map(|step| &step.findings).find(|finding| finding.fails());
    let found = first.map(|finding| format!("{}: {}", finding.at, finding.message));
    let why = found.or(line.reason).filter(|_| verdict != Verdict::Passed);
    Some(Ended {
        name: visible(&line.name).into_owned(),
        title: visible(&line.title).into_owned(),
        verdict,
        duration_ms: line.duration_ms,
        why: why.map(|why| visible(&cut(&why)).into_owned()),
    })
}

fn cut(text: &str) -> String {
    match text.char_indices().nth(LONGEST_REASON) {
        Some((at, _)) => format!("{}…", &text[..at]),
        None => text.to_owned(),
    }
}
