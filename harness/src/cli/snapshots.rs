//! What a run does with snapshots, and `proofmark snapshots`.

use super::arguments::{Format, SnapshotArguments, SnapshotsArguments, SnapshotsMode, Unreferenced};
use super::check::{Ready, ready};
use super::explain::Origin;
use super::target::Chosen;
use super::{Failure, console};
use crate::model::level::Level;
use crate::model::verdict::exit;
use crate::plan::Trial;
use crate::snapshot::{DEFAULT_HEADERS, Judge, Met, Mode, Names, Store, Stored, folder_name, remove};
use crate::suite::{SnapshotCases, SnapshotMode, Suite};
use clap::ValueEnum;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Whether the environment says that this is CI, where nothing is written.
pub fn in_ci() -> bool {
    std::env::var("CI").is_ok_and(|value| !["", "0", "false"].contains(&value.to_lowercase().as_str()))
}

/// PROOFMARK_SNAPSHOTS, where there is no command line to say it.
pub fn from_environment() -> Result<Option<SnapshotsMode>, Failure> {
    match std::env::var("PROOFMARK_SNAPSHOTS") {
        Ok(text) if !text.is_empty() => SnapshotsMode::from_str(&text, false).map(Some).map_err(|_| {
            Failure::Usage(format!(
                "PROOFMARK_SNAPSHOTS is `{text}` (known: `off`, `check`, `review`, `write`)"
            ))
        }),
        _ => Ok(None),
    }
}

/// Off, or what is done. Nothing is ever written in CI: to ask for it there is a mistake.
pub fn mode(arguments: SnapshotArguments, suite: &Suite) -> Result<Origin<Option<Mode>>, Failure> {
    let ci = arguments.ci || in_ci();
    let asked = arguments.snapshots.map(|mode| match mode {
        SnapshotsMode::Off => None,
        SnapshotsMode::Check => Some(Mode::Check),
        SnapshotsMode::Review => Some(Mode::Review),
        SnapshotsMode::Write => Some(Mode::Write),
    });
    let origin = |value, from| Ok(Origin { value, from });
    match (asked, ci, suite.config.snapshots.mode) {
        (Some(Some(mode @ (Mode::Review | Mode::Write))), true, _) => Err(Failure::Usage(format!(
            "`--snapshots {}` writes snapshots, and nothing is written in CI: use `--snapshots check` there",
            if mode == Mode::Write { "write" } else { "review" }
        ))),
        (Some(mode), _, _) => origin(mode, "--snapshots, or PROOFMARK_SNAPSHOTS"),
        (None, _, SnapshotMode::Off) => origin(None, "proofmark.yaml: snapshots.mode, else off"),
        (None, true, _) => origin(Some(Mode::Check), "proofmark.yaml: snapshots.mode, in CI"),
        (None, false, _) => origin(Some(Mode::Review), "proofmark.yaml: snapshots.mode"),
    }
}

/// The judge of a run, or none.
pub fn judge(
    mode: Option<Mode>,
    suite: &Suite,
    target: &Chosen,
    trials: &[Arc<Trial>],
) -> Option<Arc<Judge>> {
    let config = &suite.config.snapshots;
    Some(Arc::new(Judge {
        store: Store::of_suite(&suite.root),
        names: Names::new(trials.iter().map(|trial| trial.name.as_str())),
        target: target.name.clone(),
        mode: mode?,
        level: match config.mode {
            SnapshotMode::Note => Level::May,
            SnapshotMode::Off | SnapshotMode::Warn => Level::Should,
            SnapshotMode::Fail => Level::Must,
        },
        marked_only: config.cases == SnapshotCases::Marked,
        headers: headers(suite),
        tally: std::sync::Mutex::default(),
    }))
}

/// Lower-case names of the headers that snapshots have.
pub fn headers(suite: &Suite) -> Vec<String> {
    match &suite.config.snapshots.headers {
        Some(names) => names.iter().map(|name| name.to_lowercase()).collect(),
        None => DEFAULT_HEADERS.map(str::to_owned).to_vec(),
    }
}

/// Says what became of snapshots. `true` when a file could not be read or written.
pub fn summary(judge: &Judge, format: Format) -> bool {
    let tally = judge.tally();
    let mut parts = Vec::new();
    let mut part = |n: usize, words: &str| {
        if n > 0 {
            parts.push(format!("{n} {words}"));
        }
    };
    part(tally.count(Met::Same), "unchanged");
    part(tally.count(Met::Changed), "changed");
    part(tally.count(Met::Missing), if judge.mode == Mode::Check { "without a snapshot" } else { "new" });
    let hint = match (judge.mode, tally.written) {
        (_, 0) => String::new(),
        (Mode::Write, n) => format!("; {n} written"),
        (_, n) => format!("; {n} to look at with `proofmark review`"),
    };
    if format != Format::Json && !parts.is_empty() {
        console::line(&format!("snapshots: {}{hint}", parts.join(", ")));
    }
    tally.errors.iter().for_each(|e| console::error(e));
    !tally.errors.is_empty()
}

/// `proofmark snapshots`.
pub fn run(arguments: &SnapshotsArguments) -> Result<u8, Failure> {
    let Ready { suite, trials, .. } = ready(&arguments.suite)?;
    let store = Store::of_suite(&suite.root);
    let stored =
        store.list().map_err(|e| Failure::Broken(format!("cannot read `{}`: {e}", store.root.display())))?;
    let unreferenced = unreferenced(&suite, &arguments.suite, &trials, stored);
    for stored in &unreferenced {
        match arguments.unreferenced {
            Unreferenced::List => console::line(&format!("snapshots/{}", stored.name)),
            Unreferenced::Delete => {
                for path in [&stored.path, &stored.pending_path()] {
                    remove(path).map_err(Failure::Broken)?;
                }
                console::line(&format!("removed snapshots/{}", stored.name));
            }
        }
    }
    let s = if unreferenced.len() == 1 { "" } else { "s" };
    console::note(&format!("{} unreferenced snapshot{s}", unreferenced.len()));
    Ok(exit::CONFORMANT)
}

/// Those that no trial has. `--api` and `--target` narrow what is looked at; without them all folders are, but those of
/// targets that are URLs, which proofmark.yaml does not list.
fn unreferenced(
    suite: &Suite,
    arguments: &super::arguments::SuiteArguments,
    trials: &[Arc<Trial>],
    stored: Vec<Stored>,
) -> Vec<Stored> {
    let config = &suite.config;
    let names = Names::new(trials.iter().map(|trial| trial.name.as_str()));
    let marked_only = config.snapshots.cases == SnapshotCases::Marked;
    let referenced: BTreeSet<String> = trials
        .iter()
        .filter(|trial| trial.snapshot.unwrap_or(!marked_only))
        .map(|trial| format!("{}/{}.snap", folder_name(&trial.api), names.stem(&trial.name)))
        .collect();
    let mut targets: BTreeSet<String> = config.targets.iter().map(|(n, _)| folder_name(&n.value)).collect();
    targets.insert("sandbox".into());
    let only_target = arguments.of.target.as_deref().map(folder_name);
    let only_apis: Vec<String> = arguments.api.iter().map(|api| folder_name(api)).collect();
    stored
        .into_iter()
        .filter(|stored| {
            let (target, api) = stored.folders();
            let of_url = target.starts_with("http___") || target.starts_with("https___");
            let looked_at = match &only_target {
                Some(only) => only == target,
                None => !of_url,
            } && (only_apis.is_empty() || only_apis.iter().any(|a| a == api));
            let known = targets.contains(target) || of_url;
            let rest = stored.name.split_once('/').map(|(_, rest)| rest).unwrap_or_default();
            looked_at && !(known && referenced.contains(rest))
        })
        .collect()
}
