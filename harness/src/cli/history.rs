//! `proofmark history`: the runs that were, and how a case ended from run to run.

use super::arguments::{CompareFormat, HistoryArguments};
use super::look_back::Shared;
use super::{Failure, console, history_text};
use crate::history::{self, Brought, Case, Database, Filter, HistoryError, Point, Trend};
use crate::model::problem::nearest;
use crate::model::source::SourceFile;
use crate::model::verdict::exit;
use crate::model::visible::visible;
use crate::record::RunSummary;
use crate::suite::Config;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};

/// Names that are listed where several cases fit.
const LISTED: usize = 12;

/// What was asked for.
#[derive(Debug)]
enum Answer {
    Runs {
        runs: Vec<RunSummary>,
        all: usize,
    },
    Case(Box<CaseHistory>),
    /// No case, or several, with the names that are near.
    NotOne(Vec<Case>),
}

/// One case. Points are oldest first.
#[derive(Debug)]
pub struct CaseHistory {
    pub case: Case,
    pub target: String,
    /// Targets that it ran against as well.
    pub others: Vec<String>,
    pub points: Vec<Point>,
}

pub fn run(arguments: &HistoryArguments) -> Result<u8, Failure> {
    let reports = arguments.reports.clone().unwrap_or_else(|| arguments.suite.join("reports"));
    let shared = Shared::of(config(&arguments.suite)?.as_ref());
    let answer = match shared.open().filter(|_| !arguments.local) {
        Some(opened) => of_the_team(opened, arguments, &shared, &reports)?,
        None if arguments.share => {
            return Err(Failure::Usage(format!(
                "there is no shared history: {} is not set",
                shared.variable
            )));
        }
        None => of_this_machine(arguments, &reports)?,
    };
    match answer {
        Answer::Runs { runs, all } => match arguments.format {
            CompareFormat::Pretty => history_text::runs(&runs, all, &reports),
            CompareFormat::Json => console::line(&format!("{:#}", runs_json(&runs, all))),
        },
        Answer::Case(found) => match arguments.format {
            CompareFormat::Pretty => history_text::case(&found),
            CompareFormat::Json => console::line(&format!("{:#}", case_json(&found))),
        },
        Answer::NotOne(fitting) => {
            let wanted = arguments.case.as_deref().unwrap_or_default();
            return Err(Failure::Usage(not_one(wanted, &fitting)));
        }
    }
    Ok(exit::CONFORMANT)
}

/// proofmark.yaml, where there is one: records can be looked at without their suite.
fn config(suite: &Path) -> Result<Option<Config>, Failure> {
    let path = suite.join("proofmark.yaml");
    let Ok(text) = std::fs::read_to_string(&path) else { return Ok(None) };
    let file = SourceFile::new("proofmark.yaml", &path, text);
    let mut problems = Vec::new();
    let config = Config::read(&file, &mut problems);
    match problems.is_empty() {
        true => Ok(config),
        false => Err(super::problems::refuse(problems)),
    }
}

fn of_the_team(
    opened: Result<Box<dyn Database>, HistoryError>,
    arguments: &HistoryArguments,
    shared: &Shared,
    reports: &Path,
) -> Result<Answer, Failure> {
    let broken = |e: HistoryError| Failure::Broken(format!("{} (see `--local`)", shared.trouble(&e)));
    let mut team = opened.map_err(broken)?;
    if arguments.share {
        let (added, unreadable) = history::share_all(team.as_mut(), reports).map_err(broken)?;
        unreadable.iter().for_each(|e| console::note(&visible(&format!("not shared: {e}"))));
        console::note(&format!("{added} runs added to the shared history"));
    }
    look_up(team.as_mut(), arguments).map_err(broken)
}

fn of_this_machine(arguments: &HistoryArguments, reports: &Path) -> Result<Answer, Failure> {
    if !reports.is_dir() {
        return Err(Failure::Usage(format!("there is no folder of runs `{}`", reports.display())));
    }
    let index = reports.join(history::FILE);
    let found = match history::with_index(reports, None, None, |index| look_up(index, arguments)) {
        Ok(found) => found,
        Err(e) => {
            console::note(&format!("the records are read, as `{}` cannot be used: {e}", index.display()));
            history::without_index(reports, |index| look_up(index, arguments))
                .map_err(|e| Failure::Broken(e.to_string()))?
        }
    };
    let (answer, Brought { unreadable, remade, .. }) = found;
    if let Some(why) = remade {
        console::note(&visible(&format!("`{}` was made again from the records: {why}", index.display())));
    }
    unreadable.iter().for_each(|e| console::note(&visible(&format!("not in the history: {e}"))));
    Ok(answer)
}

fn look_up(database: &mut dyn Database, arguments: &HistoryArguments) -> Result<Answer, HistoryError> {
    let limit = usize::try_from(arguments.limit).unwrap_or(usize::MAX);
    let filter =
        Filter { target: arguments.target.clone(), apis: arguments.api.clone(), ..Filter::default() };
    let Some(wanted) = &arguments.case else {
        let all = history::count(database, &filter)?;
        let runs = history::runs(database, &filter, limit)?.into_iter().map(|(_, run)| run).collect();
        return Ok(Answer::Runs { runs, all });
    };
    let mut fitting = history::cases(database, wanted)?;
    if fitting.is_empty() {
        // What was meant may be spelled otherwise.
        return Ok(Answer::NotOne(
            history::cases(database, "")?.into_iter().filter(|c| near(wanted, c)).collect(),
        ));
    }
    if fitting.len() > 1 {
        return Ok(Answer::NotOne(fitting));
    }
    let case = fitting.remove(0);
    // Points against different targets are no trend.
    let latest = history::trend(database, &case.name, &filter, 1)?;
    let Some(target) = latest.first().map(|point| point.run.target.clone()) else {
        return Ok(Answer::Case(Box::new(CaseHistory {
            case,
            target: filter.target.unwrap_or_default(),
            others: Vec::new(),
            points: Vec::new(),
        })));
    };
    let others = match &filter.target {
        Some(_) => Vec::new(),
        None => history::targets(database, &filter)?.into_iter().filter(|other| *other != target).collect(),
    };
    let filter = Filter { target: Some(target.clone()), ..filter };
    let mut points = history::trend(database, &case.name, &filter, limit)?;
    points.reverse();
    Ok(Answer::Case(Box::new(CaseHistory { case, target, others, points })))
}

fn near(wanted: &str, case: &Case) -> bool {
    let id = case.name.rsplit("::").next().unwrap_or(&case.name);
    nearest(wanted, &[id, &case.name]).is_some()
}

fn not_one(wanted: &str, fitting: &[Case]) -> String {
    let names: Vec<String> = fitting.iter().take(LISTED).map(|case| format!("\n  {}", case.name)).collect();
    let more = fitting.len().saturating_sub(LISTED);
    let more = if more > 0 { format!("\n  … and {more} more") } else { String::new() };
    let is_part = fitting.iter().any(|case| case.name.contains(wanted));
    match (fitting.is_empty(), is_part) {
        (true, _) => format!("no run had a case `{wanted}`"),
        (false, true) => {
            format!("`{wanted}` is part of the names of {} cases:{}{more}", fitting.len(), names.concat())
        }
        (false, false) => {
            format!("no run had a case `{wanted}` (did you mean one of these?){}{more}", names.concat())
        }
    }
}

fn runs_json(runs: &[RunSummary], all: usize) -> Value {
    json!({"all": all, "runs": runs.iter().map(run_json).collect::<Vec<_>>()})
}

/// The summary of a run as records have it, with the word that it came to.
fn run_json(run: &RunSummary) -> Value {
    let mut value = serde_json::to_value(run).unwrap_or_default();
    value["verdict"] = run.verdict().as_str().into();
    value
}

fn case_json(found: &CaseHistory) -> Value {
    let trend = Trend::of(&found.points);
    let name = |at: Option<usize>| at.and_then(|i| found.points.get(i)).map(|point| point.run.run.clone());
    let points: Vec<Value> = found
        .points
        .iter()
        .map(|point| {
            json!({"run": point.run.run, "started": point.run.started, "commit": point.run.commit,
                "verdict": point.verdict, "duration_ms": point.duration_ms, "why": point.why})
        })
        .collect();
    json!({
        "case": found.case.name,
        "title": found.case.title,
        "target": found.target,
        "judged": trend.judged,
        "failed": trend.failed,
        "flaky": trend.flaky,
        "changes": trend.changes,
        "flaky_rate": trend.flaky_rate(),
        "first_failure": name(trend.first_failure),
        "failing_since": name(trend.failing_since),
        "median_ms": trend.median_ms,
        "runs": points,
    })
}

/// A path as a person would type it.
pub fn shown(path: &Path) -> PathBuf {
    path.strip_prefix("./").map_or_else(|_| path.to_owned(), Path::to_owned)
}
