//! [`summary`]: a run in short, from its record, without reading its trials where that can be helped.

use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::{Event, ReadError, RecordReader, RunFinished, RunStarted, RunSummary, TrialFinished};
use std::fs::File;
use std::io::{Read, Seek, SeekFrom};
use std::path::Path;

/// The end of a run is within so many bytes of the end of its record, unless callbacks came that nobody waited for.
const TAIL: u64 = 1 << 18;

/// Reads a folder, or its run.ndjson.
pub fn summary(path: &Path) -> Result<RunSummary, ReadError> {
    let path = if path.is_dir() { path.join("run.ndjson") } else { path.to_owned() };
    let mut events = RecordReader::open(&path)?;
    let error = |message: &str| ReadError { path: path.clone(), line: 1, message: message.into() };
    let started = match events.next() {
        Some(Ok(Event::RunStarted(started))) => *started,
        Some(Err(e)) => return Err(e),
        Some(Ok(_)) | None => return Err(error("the record does not begin with `run-started`")),
    };
    if let Some(finished) = finished_at_the_end(&path) {
        return Ok(of(&started, &finished));
    }
    let mut cut = RunFinished { interrupted: true, ..RunFinished::default() };
    for event in events {
        match event? {
            Event::TrialFinished(trial) => add(&mut cut, &trial),
            Event::RunFinished(finished) => return Ok(of(&started, &finished)),
            Event::RunStarted(_) | Event::Coverage(_) | Event::History(_) => {}
        }
    }
    Ok(of(&started, &cut))
}

/// The summary of a run, from its first event and its last.
pub fn of(started: &RunStarted, finished: &RunFinished) -> RunSummary {
    let mut apis: Vec<String> = started.apis.iter().map(|api| api.name.clone()).collect();
    apis.sort();
    RunSummary {
        run: started.run.clone(),
        started: started.started.clone(),
        suite: started.suite.clone(),
        target: started.target.clone(),
        apis,
        commit: started.commit.clone(),
        faults: started.faults.clone(),
        shard: started.shard,
        planned: started.planned,
        selected: started.selected,
        plan_digest: started.plan_digest.clone(),
        counts: finished.counts,
        duration_ms: finished.duration_ms,
        interrupted: finished.interrupted,
        gate: finished.gate.as_ref().map(|gate| gate.refusals().next().is_none()),
        report: None,
    }
}

/// Takes a trial of a run without an end into account.
fn add(cut: &mut RunFinished, trial: &TrialFinished) {
    cut.counts.add(trial.verdict);
    let is_warning = |f: &Finding| f.level < Level::Must;
    if trial.verdict != Verdict::Skipped {
        cut.counts.warnings += trial.findings().filter(|(_, f)| is_warning(f)).count();
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "milliseconds")]
        let ended = trial.started_ms + trial.duration_ms.max(0.0) as u64;
        cut.duration_ms = cut.duration_ms.max(ended);
    }
}

/// `run-finished`, where the last lines have it.
fn finished_at_the_end(path: &Path) -> Option<RunFinished> {
    let mut file = File::open(path).ok()?;
    let length = file.metadata().ok()?.len();
    file.seek(SeekFrom::Start(length.saturating_sub(TAIL))).ok()?;
    let mut tail = Vec::new();
    file.take(TAIL).read_to_end(&mut tail).ok()?;
    // A line without its end is not whole.
    let lines = tail.split_inclusive(|b| *b == b'\n').filter(|line| line.last() == Some(&b'\n'));
    let is_end = |line: &&[u8]| line.starts_with(b"{\"event\":\"run-finished\"");
    let line = lines.rev().find(is_end)?;
    match serde_json::from_slice(line) {
        Ok(Event::RunFinished(finished)) => Some(finished),
        _ => None,
    }
}
