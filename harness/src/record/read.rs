//! Reading a record back: streamed, so that a report needs no more memory for 20,000 trials than for ten.

use super::event::{Coverage, Event, RunFinished, RunStarted, TrialFinished, VERSION};
use super::history::History;
use serde::Deserialize;
use std::fmt;
use std::fs::File;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};

/// A record read whole.
#[derive(Debug)]
pub struct Record {
    pub started: RunStarted,
    pub trials: Vec<TrialFinished>,
    pub coverage: Option<Coverage>,
    /// `None` when the run was cut short.
    pub finished: Option<RunFinished>,
    /// `None` where the run was killed before it was written.
    pub history: Option<History>,
}

/// Why a record cannot be read: the file, the line, and what is wrong.
#[derive(Debug)]
pub struct ReadError {
    pub path: PathBuf,
    pub line: usize,
    pub message: String,
}

impl fmt::Display for ReadError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}: {}", self.path.display(), self.line, self.message)
    }
}

impl std::error::Error for ReadError {}

/// Events of a record, one at a time.
pub struct RecordReader {
    path: PathBuf,
    lines: BufReader<File>,
    line: usize,
}

impl RecordReader {
    /// Opens `run.ndjson`, or the folder that holds it.
    pub fn open(path: &Path) -> Result<Self, ReadError> {
        let path = if path.is_dir() { path.join("run.ndjson") } else { path.to_owned() };
        match File::open(&path) {
            Ok(file) => Ok(Self { lines: BufReader::new(file), path, line: 0 }),
            Err(e) => Err(ReadError { message: format!("cannot open the record: {e}"), path, line: 0 }),
        }
    }

    fn error(&self, message: impl Into<String>) -> ReadError {
        ReadError { path: self.path.clone(), line: self.line, message: message.into() }
    }
}

impl Iterator for RecordReader {
    type Item = Result<Event, ReadError>;

    fn next(&mut self) -> Option<Self::Item> {
        let mut line = Vec::new();
        self.line += 1;
        match self.lines.read_until(b'\n', &mut line) {
            Ok(0) => return None,
            Ok(_) => {}
            Err(e) => return Some(Err(self.error(format!("cannot be read: {e}")))),
        }
        // A line without its end was being written when the run was killed.
        let whole = line.last() == Some(&b'\n');
        match serde_json::from_slice::<Event>(&line) {
            Ok(Event::RunStarted(started)) if started.version > VERSION => {
                Some(Err(self.error(later(started.version))))
            }
            Ok(event) => Some(Ok(event)),
            Err(_) if !whole => None,
            Err(e) => Some(Err(self.error(not_an_event(&line, &e)))),
        }
    }
}

/// As much of a first line as every version has.
#[derive(Deserialize)]
struct Versioned {
    version: u32,
}

/// Why a record of a later version is not read.
pub fn later(version: u32) -> String {
    format!("the record has format version {version}; this proofmark reads up to {VERSION}")
}

/// Why a line is not an event. What a line of a later version looks like is not ours to say.
pub fn not_an_event(line: &[u8], error: &serde_json::Error) -> String {
    match serde_json::from_slice(line) {
        Ok(Versioned { version }) if version > VERSION => later(version),
        _ => {
            // The line in the message is always the first: the record's is told already.
            let place = format!(" at line {} column {}", error.line(), error.column());
            let text = error.to_string();
            format!("not an event of a record: {}", text.strip_suffix(&place).unwrap_or(&text))
        }
    }
}

/// How a run began, and what it touched. Of a long record only the lines that say so are read as JSON.
pub fn coverage_of(path: &Path) -> Result<(RunStarted, Option<Coverage>), ReadError> {
    let mut reader = RecordReader::open(path)?;
    let started = match reader.next() {
        Some(Ok(Event::RunStarted(started))) => *started,
        Some(Err(e)) => return Err(e),
        Some(Ok(_)) | None => return Err(reader.error("the record does not begin with `run-started`")),
    };
    let mut line = Vec::new();
    loop {
        line.clear();
        reader.line += 1;
        match reader.lines.read_until(b'\n', &mut line) {
            Ok(0) => return Ok((started, None)),
            Ok(_) if !line.starts_with(b"{\"event\":\"coverage\"") => {}
            Ok(_) => match serde_json::from_slice::<Event>(&line) {
                Ok(Event::Coverage(coverage)) => return Ok((started, Some(*coverage))),
                Ok(_) => {}
                Err(_) if line.last() != Some(&b'\n') => return Ok((started, None)),
                Err(e) => return Err(reader.error(not_an_event(&line, &e))),
            },
            Err(e) => return Err(reader.error(format!("cannot be read: {e}"))),
        }
    }
}

/// Reads a whole record into memory.
pub fn read(path: &Path) -> Result<Record, ReadError> {
    let mut reader = RecordReader::open(path)?;
    let started = match reader.next() {
        Some(Ok(Event::RunStarted(started))) => *started,
        Some(Err(e)) => return Err(e),
        Some(Ok(
            Event::TrialFinished(_) | Event::Coverage(_) | Event::RunFinished(_) | Event::History(_),
        ))
        | None => {
            return Err(reader.error("the record does not begin with `run-started`"));
        }
    };
    let mut record = Record { started, trials: Vec::new(), coverage: None, finished: None, history: None };
    for event in reader {
        match event? {
            Event::TrialFinished(trial) => record.trials.push(*trial),
            Event::Coverage(coverage) => record.coverage = Some(*coverage),
            Event::RunFinished(finished) => record.finished = Some(finished),
            Event::History(history) => record.history = Some(*history),
            Event::RunStarted(_) => {}
        }
    }
    Ok(record)
}
