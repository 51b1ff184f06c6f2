//! [`Index`]: what a report must know of a record before it writes its first line, without the exchanges.

use super::measures::Measures;
use crate::model::verdict::Verdict;
use crate::problem::{Added, Clusters, Key, Tally};
use crate::record::{
    Counts, Coverage, Event, History, ReadError, RunFinished, RunStarted, TrialFinished, VERSION, later,
    not_an_event,
};
use serde::Deserialize;
use sha2::{Digest, Sha256};
use std::borrow::Cow;
use std::collections::{BTreeMap, HashSet};
use std::fs::File;
use std::io::{BufRead, BufReader, Read, Seek, SeekFrom};
use std::path::{Path, PathBuf};

/// Waivers whose findings are told apart.
const MAX_WAIVERS: usize = 500;

/// One trial: where its line is, and how it ended.
#[derive(Debug, Clone, Copy)]
pub struct Row {
    offset: u64,
    length: u32,
    line: u32,
    pub verdict: Verdict,
    /// Of its name: the same in every run. Different from that of every other row.
    anchor: u64,
    /// Shows a problem that few trials show: its evidence is kept before others' is.
    pub representative: bool,
}

/// An operation and its trials.
#[derive(Debug, Default)]
pub struct OperationIndex {
    pub id: String,
    pub counts: Counts,
    /// Numbers of its trials: failed, errored, passed, skipped, each in the order of the record.
    pub trials: Vec<u32>,
}

/// An API and its operations, in the order of the contract; flows and what the contract does not know come last.
#[derive(Debug, Default)]
pub struct ApiIndex {
    pub name: String,
    pub counts: Counts,
    /// Sum of the times of its trials.
    pub duration_ms: f64,
    pub operations: Vec<OperationIndex>,
}

/// A record's table of contents.
pub struct Index {
    pub started: RunStarted,
    /// `None` when the run was cut short.
    pub finished: Option<RunFinished>,
    /// What of the documents was touched; `None` in a record that does not say so.
    pub coverage: Option<Coverage>,
    /// The runs before this one, and what changed since the baseline; `None` in a record that does not say so.
    pub history: Option<History>,
    pub rows: Vec<Row>,
    pub apis: Vec<ApiIndex>,
    pub counts: Counts,
    /// What is wrong, by what it has in common.
    pub tally: Tally,
    /// Findings that were accepted, by waiver.
    pub waived: BTreeMap<String, Clusters>,
    /// Milliseconds from the start to the end of the last trial.
    pub last_ms: f64,
    /// What is drawn of it.
    pub measures: Measures,
    anchors: HashSet<u64>,
    path: PathBuf,
    source: Source,
}

/// Where a record is: on the disk, or in memory.
enum Source {
    File(File),
    Bytes(Vec<u8>),
}

/// The name of a line's event; the rest of the line is not looked at.
#[derive(Deserialize)]
struct Tag<'a> {
    #[serde(borrow)]
    event: Cow<'a, str>,
}

impl Index {
    /// Reads `run.ndjson`, or that of a folder, once.
    pub fn read(path: &Path) -> Result<Self, ReadError> {
        let path = if path.is_dir() { path.join("run.ndjson") } else { path.to_owned() };
        let error = |message: String| ReadError { path: path.clone(), line: 0, message };
        let open = || File::open(&path).map_err(|e| error(format!("cannot open the record: {e}")));
        let lines = BufReader::with_capacity(1 << 16, open()?);
        Self::read_from(lines, path.clone(), Source::File(open()?))
    }

    /// Reads a record in memory; `name` is what errors call it.
    pub fn of_bytes(bytes: Vec<u8>, name: &str) -> Result<Self, ReadError> {
        let lines = std::io::Cursor::new(bytes.clone());
        Self::read_from(lines, PathBuf::from(name), Source::Bytes(bytes))
    }

    fn read_from(reader: impl BufRead, path: PathBuf, source: Source) -> Result<Self, ReadError> {
        let error = |line: usize, message: String| ReadError { path: path.clone(), line, message };
        let mut lines = Lines { reader, offset: 0, buffer: Vec::new() };
        let not_begun = "the record does not begin with `run-started`";
        let started = match lines.next().map_err(|e| error(1, format!("cannot be read: {e}")))? {
            Some((_, bytes)) => match serde_json::from_slice::<Event>(bytes) {
                Ok(Event::RunStarted(started)) => *started,
                Ok(_) => return Err(error(1, not_begun.into())),
                Err(e) => return Err(error(1, not_an_event(bytes, &e))),
            },
            None => return Err(error(1, not_begun.into())),
        };
        if started.version > VERSION {
            return Err(error(1, later(started.version)));
        }
        let mut index = Self::new(started, path.clone(), source);
        let mut number = 1;
        while let Some((offset, bytes)) =
            lines.next().map_err(|e| error(number, format!("cannot be read: {e}")))?
        {
            number += 1;
            // A line without its end was being written when the run was killed.
            let whole = bytes.last() == Some(&b'\n');
            let line = u32::try_from(number).unwrap_or(u32::MAX);
            match index.take(bytes, offset, line) {
                Ok(()) => {}
                Err(_) if !whole => break,
                Err(e) => return Err(error(number, not_an_event(bytes, &e))),
            }
        }
        index.finish();
        Ok(index)
    }

    fn new(started: RunStarted, path: PathBuf, source: Source) -> Self {
        let operation = |id: &String| OperationIndex { id: id.clone(), ..OperationIndex::default() };
        let apis = started.apis.iter().map(|api| ApiIndex {
            name: api.name.clone(),
            operations: api.operations.iter().map(|o| operation(&o.id)).collect(),
            ..ApiIndex::default()
        });
        let tally = Tally::new(started.apis.iter().map(|api| api.name.clone()));
        Self {
            apis: apis.collect(),
            started,
            finished: None,
            coverage: None,
            history: None,
            rows: Vec::new(),
            counts: Counts::default(),
            tally,
            waived: BTreeMap::new(),
            last_ms: 0.0,
            measures: Measures::default(),
            anchors: HashSet::new(),
            path,
            source,
        }
    }

    fn take(&mut self, bytes: &[u8], offset: u64, line: u32) -> Result<(), serde_json::Error> {
        let tag: Tag<'_> = serde_json::from_slice(bytes)?;
        if tag.event != "trial-finished" {
            match serde_json::from_slice(bytes)? {
                Event::RunFinished(finished) => self.finished = Some(finished),
                Event::Coverage(coverage) => self.coverage = Some(*coverage),
                Event::History(history) => self.history = Some(*history),
                Event::RunStarted(_) | Event::TrialFinished(_) => {}
            }
            return Ok(());
        }
        let trial: TrialFinished = serde_json::from_slice(bytes)?;
        let length = u32::try_from(bytes.len()).unwrap_or(u32::MAX);
        self.add(&trial, offset, length, line);
        Ok(())
    }

    fn add(&mut self, trial: &TrialFinished, offset: u64, length: u32, line: u32) {
        let number = u32::try_from(self.rows.len()).unwrap_or(u32::MAX);
        let api = position(
            &mut self.apis,
            |a| a.name == trial.api,
            || ApiIndex { name: trial.api.clone(), ..ApiIndex::default() },
        );
        let operation = position(
            &mut self.apis[api].operations,
            |o| o.id == trial.operation,
            || OperationIndex { id: trial.operation.clone(), ..OperationIndex::default() },
        );
        let Added { representative, warnings, .. } = self.tally.add(trial);
        self.add_waived(trial, number);
        self.apis[api].duration_ms += trial.duration_ms;
        let of_api = &mut self.apis[api];
        for counts in [&mut self.counts, &mut of_api.counts, &mut of_api.operations[operation].counts] {
            counts.add(trial.verdict);
            counts.warnings += warnings;
        }
        #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds")]
        let ended = trial.started_ms as f64 + trial.duration_ms;
        self.last_ms = self.last_ms.max(ended);
        self.apis[api].operations[operation].trials.push(number);
        self.measures.add(trial);
        let anchor = self.new_anchor(&trial.name);
        self.rows.push(Row { offset, length, line, verdict: trial.verdict, anchor, representative });
    }

    /// Forty bits of the name's SHA-256, or the next that are free: two trials may have one name.
    fn new_anchor(&mut self, name: &str) -> u64 {
        let mut anchor = digest(name);
        while !self.anchors.insert(anchor) {
            anchor = (anchor + 1) & ((1 << 40) - 1);
        }
        anchor
    }

    /// What links to a trial: `c` and ten hex digits, the same in every run of the case.
    pub fn anchor(&self, number: u32) -> String {
        anchor_of(self.rows[number as usize].anchor)
    }

    /// The line of a trial in the record, from 1.
    pub fn line(&self, number: u32) -> u32 {
        self.rows[number as usize].line
    }

    fn add_waived(&mut self, trial: &TrialFinished, number: u32) {
        let api = self.tally.apis.iter().position(|name| *name == trial.api).unwrap_or_default();
        for (step, finding) in trial.findings() {
            let Some((waiver, record)) = finding.waived.as_ref().zip(trial.steps.get(step)) else { continue };
            if self.waived.len() < MAX_WAIVERS || self.waived.contains_key(waiver) {
                let key = Key::new(api, &record.operation, finding);
                self.waived.entry(waiver.clone()).or_default().add(key, number, trial, step, finding);
            }
        }
    }

    fn finish(&mut self) {
        let rows = &self.rows;
        let order = |number: &u32| match rows[*number as usize].verdict {
            Verdict::Failed => 0,
            Verdict::Errored => 1,
            Verdict::Waived => 2,
            Verdict::Flaky => 3,
            Verdict::Passed => 4,
            Verdict::Skipped => 5,
        };
        for operation in self.apis.iter_mut().flat_map(|a| &mut a.operations) {
            operation.trials.sort_by_key(|n| (order(n), *n));
        }
        self.tally.errors.sort();
        self.tally.skips.sort();
    }

    /// Reads one trial again.
    pub fn trial(&self, number: u32) -> Result<TrialFinished, ReadError> {
        let row = self.rows[number as usize];
        let error = |message: String| ReadError { path: self.path.clone(), line: row.line as usize, message };
        let bytes = self.source.read(row.offset, row.length as usize);
        let bytes = bytes.map_err(|e| error(format!("cannot be read again: {e}")))?;
        serde_json::from_slice(&bytes).map_err(|e| error(format!("has changed while it was read: {e}")))
    }

    /// Whether the run ended before its plan did.
    pub fn interrupted(&self) -> bool {
        self.finished.as_ref().is_none_or(|f| f.interrupted)
    }

    #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds")]
    pub fn duration_ms(&self) -> f64 {
        self.finished.as_ref().map_or(self.last_ms, |f| f.duration_ms as f64)
    }
}

impl Source {
    fn read(&self, offset: u64, length: usize) -> std::io::Result<Cow<'_, [u8]>> {
        match self {
            Self::File(file) => {
                let mut bytes = vec![0; length];
                let mut file = file;
                file.seek(SeekFrom::Start(offset))?;
                file.read_exact(&mut bytes)?;
                Ok(Cow::Owned(bytes))
            }
            Self::Bytes(bytes) => {
                let start = usize::try_from(offset).unwrap_or(usize::MAX);
                let part = start.checked_add(length).and_then(|end| bytes.get(start..end));
                part.map(Cow::Borrowed).ok_or_else(|| std::io::ErrorKind::UnexpectedEof.into())
            }
        }
    }
}

fn position<T>(list: &mut Vec<T>, is: impl Fn(&T) -> bool, new: impl FnOnce() -> T) -> usize {
    list.iter().position(is).unwrap_or_else(|| {
        list.push(new());
        list.len() - 1
    })
}

/// Lines with their offsets in the file.
struct Lines<R> {
    reader: R,
    offset: u64,
    buffer: Vec<u8>,
}

impl<R: BufRead> Lines<R> {
    fn next(&mut self) -> std::io::Result<Option<(u64, &[u8])>> {
        let offset = self.offset;
        self.buffer.clear();
        let read = self.reader.read_until(b'\n', &mut self.buffer)?;
        self.offset += read as u64;
        Ok((read > 0).then_some((offset, self.buffer.as_slice())))
    }
}

/// What links to a case of a name in any report: as [`Index::anchor`], where no other case has the same digits.
pub fn anchor(name: &str) -> String {
    anchor_of(digest(name))
}

fn anchor_of(digits: u64) -> String {
    format!("c{digits:010x}")
}

fn digest(name: &str) -> u64 {
    Sha256::digest(name.as_bytes()).iter().take(5).fold(0, |all, byte| all << 8 | u64::from(*byte))
}
