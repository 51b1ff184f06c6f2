//! Which trials of a suite a run is about: filters, an earlier run's failures, a shard.

use super::Failure;
use super::arguments::RunArguments;
use crate::history::folders;
use crate::model::verdict::Verdict;
use crate::plan::{Planned, Selection, Trial, select};
use crate::policy::{Shard, digest, share};
use crate::record::{Event, RecordReader, TrialFinished};
use std::collections::{HashMap, HashSet};
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// What a run is about.
pub struct Chosen {
    pub plan: Vec<Planned>,
    pub shard: Option<Shard>,
    /// Of the names of all trials, those of other shards too.
    pub digest: String,
    /// Whether everything in the suite runs.
    pub whole: bool,
}

/// `reports` has the earlier runs.
pub fn choose(trials: Vec<Arc<Trial>>, arguments: &RunArguments, reports: &Path) -> Result<Chosen, Failure> {
    let all = trials.len();
    let mut plan = select(trials, &selection(arguments));
    if plan.is_empty() {
        return Err(Failure::Usage(nothing_selected(all)));
    }
    if let Some(run) = &arguments.rerun_failed {
        let run = earlier(run, reports)?;
        let failed = failed(&run)?;
        plan.retain(|planned| failed.contains(&planned.trial.name));
        if plan.is_empty() {
            let run = run.display();
            return Err(Failure::Usage(match failed.len() {
                0 => format!("nothing failed in `{run}`: there is nothing to run again"),
                n => format!("of the {n} trials that failed in `{run}`, the filters leave none"),
            }));
        }
    }
    let names: Vec<&str> = plan.iter().map(|planned| planned.trial.name.as_str()).collect();
    let digest = digest(names.iter().map(|name| name.as_bytes()));
    let shard = shard(arguments)?;
    let mut whole = plan.len() == all && plan.iter().all(|planned| planned.skip.is_none());
    if let Some(shard) = shard {
        let seconds = match &arguments.durations {
            Some(run) => durations(&earlier(run, reports)?)?,
            None => HashMap::new(),
        };
        let mine: HashSet<usize> = share(&names, shard, &seconds).into_iter().collect();
        let mut number = 0..;
        plan.retain(|_| number.next().is_some_and(|n| mine.contains(&n)));
        whole &= shard.count == 1;
        if plan.is_empty() {
            return Err(Failure::Usage(format!("shard {shard} is empty: there are {all} trials")));
        }
    }
    Ok(Chosen { plan, shard, digest, whole })
}

fn selection(arguments: &RunArguments) -> Selection {
    Selection {
        filters: arguments.filter.clone(),
        exact: arguments.exact,
        skip: arguments.skip.clone(),
        tags: arguments.tag.clone(),
        level: arguments.level,
        safe_only: arguments.safe_only,
    }
}

fn nothing_selected(planned: usize) -> String {
    match planned {
        0 => "the suite has no cases".into(),
        n => format!("the filters leave none of the {n} trials (see `proofmark run --list`)"),
    }
}

fn shard(arguments: &RunArguments) -> Result<Option<Shard>, Failure> {
    let shard = match arguments.shard.as_deref() {
        None => return Ok(None),
        Some("auto") => Shard::from_environment(|name| std::env::var(name).ok()),
        Some(text) => Shard::parse(text),
    };
    shard.map(Some).map_err(Failure::Usage)
}

/// A run by its folder, its name, or as `latest`.
pub fn earlier(run: &Path, reports: &Path) -> Result<PathBuf, Failure> {
    if run == Path::new("latest") {
        let latest = folders(reports).into_iter().next();
        return latest
            .ok_or_else(|| Failure::Usage(format!("there is no earlier run in `{}`", reports.display())));
    }
    let named = reports.join(run);
    match [run.to_owned(), named].into_iter().find(|path| path.is_file() || path.join("run.ndjson").is_file())
    {
        Some(path) => Ok(path),
        None => Err(Failure::Usage(format!("`{}` is not a run: there is no run.ndjson", run.display()))),
    }
}

fn failed(run: &Path) -> Result<HashSet<String>, Failure> {
    let bad = |t: &TrialFinished| matches!(t.verdict, Verdict::Failed | Verdict::Errored | Verdict::Flaky);
    let mut names = HashSet::new();
    each_trial(run, |trial| {
        if bad(&trial) {
            names.insert(trial.name);
        }
    })?;
    Ok(names)
}

fn durations(run: &Path) -> Result<HashMap<String, f64>, Failure> {
    let mut seconds = HashMap::new();
    each_trial(run, |trial| {
        seconds.insert(trial.name, trial.duration_ms / 1000.0);
    })?;
    Ok(seconds)
}

fn each_trial(run: &Path, mut take: impl FnMut(TrialFinished)) -> Result<(), Failure> {
    for event in RecordReader::open(run).map_err(|e| Failure::Usage(e.to_string()))? {
        if let Event::TrialFinished(trial) = event.map_err(|e| Failure::Usage(e.to_string()))? {
            take(*trial);
        }
    }
    Ok(())
}
