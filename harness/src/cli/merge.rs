//! `proofmark merge`: the records of all shards of a run, joined into one.

use super::arguments::MergeArguments;
use super::look_back::{Shared, look_back};
use super::{Failure, console, gate, recording, report};
use crate::coverage::join as join_coverage;
use crate::engine::Outcome;
use crate::history::FILE as INDEX;
use crate::policy::Shard;
use crate::record::{
    Coverage, Event, GateDecision, RecordReader, Recorder, RunFinished, RunStarted, ShardSummary,
    WaitedSummary,
};
use std::collections::HashSet;
use std::path::{Path, PathBuf};

pub fn run(arguments: &MergeArguments) -> Result<u8, Failure> {
    let runs = runs(&arguments.runs)?;
    let mut starts = Vec::new();
    for run in &runs {
        starts.push(started(run)?);
    }
    let whole = join(&runs, &starts)?;
    let recorder = Recorder::create(&arguments.out).map_err(|e| {
        Failure::Usage(format!("cannot write the record in `{}`: {e}", arguments.out.display()))
    })?;
    recorder.write(&Event::RunStarted(Box::new(whole)));
    let finished = copy(&runs, &recorder)?;
    // The trials are written: the gate sees what any reader of the record sees.
    let decision = match arguments.gate {
        true => Some(decide(arguments, recorder.path(), &finished)?),
        false => None,
    };
    let finished = RunFinished { gate: decision.clone(), ..finished };
    recorder.write(&Event::RunFinished(finished.clone()));
    look_back(&recorder, None, None, &Shared::of(None));
    let record = recording::finish(recorder)?;
    let html = report::usual(&record, &arguments.out)?;
    let seconds = finished.duration_ms as f64 / 1000.0;
    let target = &starts[0].target;
    let html = html.display().to_string();
    console::line(&format!("{} shards joined", starts.len()));
    console::line(&console::summary(&finished.counts, seconds, target, Some(&html), finished.interrupted));
    Ok(match decision {
        Some(decision) => {
            gate::print(&decision);
            gate::exit(&decision)
        }
        None => Outcome { counts: finished.counts, interrupted: finished.interrupted }.exit(),
    })
}

/// What is to be joined: the index of runs beside them is none, though `reports/shard-*/*` names it.
fn runs(named: &[PathBuf]) -> Result<Vec<PathBuf>, Failure> {
    let is_index = |path: &&PathBuf| {
        let name = path.file_name().map(|name| name.to_string_lossy()).unwrap_or_default();
        name.starts_with(INDEX) && !path.is_dir()
    };
    let runs: Vec<PathBuf> = named.iter().filter(|path| !is_index(path)).cloned().collect();
    match runs.is_empty() {
        true => {
            Err(Failure::Usage(format!("there is no run to join beside `{INDEX}`: name the folders of runs")))
        }
        false => Ok(runs),
    }
}

/// What the policy of the suite says of all shards together.
fn decide(
    arguments: &MergeArguments,
    record: &Path,
    finished: &RunFinished,
) -> Result<GateDecision, Failure> {
    let policy = gate::policy(&arguments.suite)?;
    let recorded = gate::Recorded::read(record)?.ended(finished.clone());
    let reports = arguments.reports.clone().unwrap_or_else(|| arguments.suite.join("reports"));
    let wanted = policy.baseline.as_deref().map(Path::new);
    let own = (recorded.started.run.clone(), recorded.started.target.clone());
    Ok(recorded.decide(&policy, gate::baseline(wanted, &reports, (&own.0, &own.1))?))
}

fn started(run: &Path) -> Result<RunStarted, Failure> {
    let wrong = |e: String| Failure::Usage(format!("cannot join `{}`: {e}", run.display()));
    match RecordReader::open(run).map_err(|e| wrong(e.to_string()))?.next() {
        Some(Ok(Event::RunStarted(started))) => Ok(*started),
        Some(Err(e)) => Err(wrong(e.to_string())),
        _ => Err(wrong("the record does not begin with `run-started`".into())),
    }
}

/// The beginning of the joined record, if the records are all shards of one run.
fn join(runs: &[PathBuf], starts: &[RunStarted]) -> Result<RunStarted, Failure> {
    let refuse = |text: String| Err(Failure::Usage(text));
    let first = &starts[0];
    let mut seen: Vec<(usize, &Path)> = Vec::new();
    for (run, started) in runs.iter().zip(starts) {
        let name = run.display();
        let Some(shard) = started.shard else {
            return refuse(format!("`{name}` is not a shard: it was made without `--shard`"));
        };
        let of = first.shard.map_or(0, |shard| shard.count);
        let facts = [
            ("suite", &started.suite_digest, &first.suite_digest),
            ("target", &started.target, &first.target),
            ("plan", &started.plan_digest, &first.plan_digest),
        ];
        for (what, own, other) in facts {
            if own != other {
                return refuse(format!(
                    "`{name}` is of another {what} than `{}` (`{}` and `{}`)",
                    runs[0].display(),
                    short(own),
                    short(other)
                ));
            }
        }
        if shard.count != of {
            return refuse(format!(
                "`{name}` is one of {} shards, `{}` one of {of}",
                shard.count,
                runs[0].display()
            ));
        }
        if let Some((_, twin)) = seen.iter().find(|(index, _)| *index == shard.index) {
            return refuse(format!("`{name}` and `{}` are both shard {}", twin.display(), shown(shard)));
        }
        seen.push((shard.index, run));
    }
    let count = first.shard.map_or(0, |shard| shard.count);
    let missing: Vec<String> = (1..=count)
        .filter(|index| !seen.iter().any(|(seen, _)| seen == index))
        .map(|index| Shard { index, count }.to_string())
        .collect();
    if !missing.is_empty() {
        let s = if missing.len() == 1 { "" } else { "s" };
        return refuse(format!("shard{s} {} missing", and(&missing)));
    }
    let mut whole = first.clone();
    whole.shard = None;
    whole.run = format!("{}-merged", first.run);
    whole.started = starts.iter().map(|s| s.started.clone()).min().unwrap_or_default();
    whole.selected = starts.iter().map(|s| s.selected).sum();
    whole.urls = starts.iter().flat_map(|s| s.urls.clone()).collect();
    Ok(whole)
}

fn shown(shard: ShardSummary) -> String {
    Shard { index: shard.index, count: shard.count }.to_string()
}

fn short(text: &str) -> &str {
    text.char_indices().nth(40).map_or(text, |(at, _)| &text[..at])
}

fn and(list: &[String]) -> String {
    match list {
        [one] => format!("{one} is"),
        _ => format!("{} are", list.join(", ")),
    }
}

/// Copies the trials, and sums up.
fn copy(runs: &[PathBuf], recorder: &Recorder) -> Result<RunFinished, Failure> {
    let mut sum = RunFinished::default();
    let mut names = HashSet::new();
    let mut unused: Option<HashSet<String>> = None;
    let mut covered: Vec<Coverage> = Vec::new();
    for run in runs {
        let wrong = |e: String| Failure::Usage(format!("cannot join `{}`: {e}", run.display()));
        let mut ended = None;
        for event in RecordReader::open(run).map_err(|e| wrong(e.to_string()))? {
            match event.map_err(|e| wrong(e.to_string()))? {
                Event::TrialFinished(trial) => {
                    if !names.insert(trial.name.clone()) {
                        return Err(wrong(format!("another shard has the trial `{}` too", trial.name)));
                    }
                    recorder.write(&Event::TrialFinished(trial));
                }
                Event::Coverage(coverage) => covered.push(*coverage),
                Event::RunFinished(finished) => ended = Some(finished),
                // A shard's own trend says nothing of the whole.
                Event::RunStarted(_) | Event::History(_) => {}
            }
        }
        let Some(ended) = ended else { return Err(wrong("the run was cut short".into())) };
        sum.counts.join(&ended.counts);
        // Shards run side by side.
        sum.duration_ms = sum.duration_ms.max(ended.duration_ms);
        sum.interrupted |= ended.interrupted;
        sum.waited = match (sum.waited, ended.waited) {
            (Some(a), Some(b)) => Some(Box::new(WaitedSummary {
                rate_ms: a.rate_ms + b.rate_ms,
                postponed: a.postponed + b.postponed,
                retry_after_ms: a.retry_after_ms + b.retry_after_ms,
            })),
            (a, b) => a.or(b),
        };
        sum.stray_callbacks.extend(ended.stray_callbacks);
        let own: HashSet<String> = ended.unused_waivers.into_iter().collect();
        unused = Some(match unused {
            Some(all) => all.intersection(&own).cloned().collect(),
            None => own,
        });
    }
    // What one shard does not tell cannot be told of all.
    let all = covered.len() == runs.len();
    let together = covered.into_iter().map(Some).reduce(|one, other| join_coverage(one?, &other?));
    if let Some(together) = together.flatten().filter(|_| all) {
        recorder.write(&Event::Coverage(Box::new(together)));
    }
    sum.unused_waivers = unused.into_iter().flatten().collect();
    sum.unused_waivers.sort();
    Ok(sum)
}
