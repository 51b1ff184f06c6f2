//! `proofmark compare`, and what `run --baseline` says at the end.

use super::arguments::{CompareArguments, CompareFormat};
use super::choose::earlier;
use super::deliveries::{self, Delivery};
use super::look_back::PAGE;
use super::verify::public_key;
use super::{Failure, console};
use crate::compare::{Case, Comparison, State, compare};
use crate::history::{latest_green, summary};
use crate::model::report_format::{Destination, ReportFormat, WantedReport};
use crate::model::verdict::{Verdict, exit};
use crate::model::visible::visible;
use crate::record::RunSummary;
use crate::report::write_regression_html;
use std::path::{Path, PathBuf};

/// Cases of one state that are listed; the others are counted.
const LISTED: usize = 20;
/// Drifts and reasons that are listed.
const DRIFTS: usize = 40;

pub fn run(arguments: &CompareArguments) -> Result<u8, Failure> {
    let key = arguments.key.as_deref().map(public_key).transpose()?;
    let deliveries = [deliveries::open(&arguments.old, key)?, deliveries::open(&arguments.new, key)?];
    let record = |delivery: &Option<Delivery>, run: &Path| match delivery {
        Some(delivery) => Ok(delivery.record().to_owned()),
        None if key.is_some() => {
            Err(Failure::Usage(format!("`--key` verifies bundles, and `{}` is none", run.display())))
        }
        None => find(run, &arguments.reports, None),
    };
    let new = record(&deliveries[1], &arguments.new)?;
    let old = match arguments.old == Path::new("latest-green") && key.is_none() {
        true => earlier_of(&arguments.reports, &new)?,
        false => record(&deliveries[0], &arguments.old)?,
    };
    let mut comparison = compare(&old, &new).map_err(|e| Failure::Usage(e.to_string()))?;
    if let Some(delivery) = deliveries.iter().flatten().next() {
        deliveries::without_pseudonyms(&mut comparison, delivery);
    }
    if comparison.old.run == comparison.new.run {
        console::note("both are the same run");
    }
    for wanted in &arguments.formats {
        let page = page(wanted, &new)?;
        let (records, report) = ((old.as_path(), new.as_path()), report_of(&new, &page));
        write_regression_html(&comparison, records, report.as_deref(), &page)
            .map_err(|e| Failure::Broken(e.to_string()))?;
        console::note(&format!("wrote {}", page.display()));
    }
    match arguments.format {
        CompareFormat::Pretty => {
            for (delivery, which) in deliveries.iter().zip(["earlier:", "later:"]) {
                delivery.iter().for_each(|delivery| delivery.print(which));
            }
            print(&comparison);
        }
        CompareFormat::Json => console::line(&with_deliveries(&json(&comparison)?, &deliveries)?),
    }
    Ok(status(&comparison))
}

/// Where a page goes: a file, or beside the later run.
fn page(wanted: &WantedReport, new: &Path) -> Result<PathBuf, Failure> {
    let folder = if new.is_dir() { new } else { new.parent().unwrap_or(new) };
    match (wanted.format, &wanted.to) {
        (ReportFormat::Html, Destination::Usual) => Ok(folder.join(PAGE)),
        (ReportFormat::Html, Destination::File(path)) => Ok(path.clone()),
        (ReportFormat::Html, Destination::Stdout) => {
            Err(Failure::Usage("a comparison goes to a file: `--as html=FILE`".into()))
        }
        (other, _) => Err(Failure::Usage(format!(
            "a comparison is written as `html`; `{}` is a format of runs (see `proofmark report`)",
            other.word()
        ))),
    }
}

/// The report of the later run, as a link of a page in the same folder.
fn report_of(new: &Path, page: &Path) -> Option<String> {
    // That of a plain file name is the current one, which `parent` calls nothing.
    let folder_of = |file: &Path| match file.parent() {
        Some(parent) if parent.as_os_str().is_empty() => Some(PathBuf::from(".")),
        parent => parent.map(Path::to_owned),
    };
    let folder = if new.is_dir() { Some(new.to_owned()) } else { folder_of(new) }?;
    let same = folder.canonicalize().ok()? == folder_of(page)?.canonicalize().ok()?;
    (same && folder.join("report.html").is_file()).then(|| "report.html".to_owned())
}

/// The comparison, and beside it what was delivered, where that is known.
fn with_deliveries(comparison: &str, deliveries: &[Option<Delivery>; 2]) -> Result<String, Failure> {
    if deliveries.iter().all(Option::is_none) {
        return Ok(comparison.to_owned());
    }
    let broken = |e: serde_json::Error| Failure::Broken(e.to_string());
    let mut json: serde_json::Value = serde_json::from_str(comparison).map_err(broken)?;
    let told: Vec<_> = deliveries.iter().map(|delivery| delivery.as_ref().map(Delivery::json)).collect();
    json["deliveries"] = told.into();
    serde_json::to_string_pretty(&json).map_err(broken)
}

/// A run by path, by name, `latest`, or `latest-green`: the last that ran the whole suite against the target and passed.
pub fn find(run: &Path, reports: &Path, target: Option<&str>) -> Result<PathBuf, Failure> {
    if run != Path::new("latest-green") {
        return earlier(run, reports);
    }
    green(reports, target, "").ok_or_else(|| {
        let of = target.map(|t| format!(" against `{t}`")).unwrap_or_default();
        none_is_green(reports, &of)
    })
}

/// The baseline of a run that is about to begin: `latest-green` is of its target, and has all of its APIs.
pub fn baseline(run: &Path, reports: &Path, target: &str, apis: &[&str]) -> Result<PathBuf, Failure> {
    if run != Path::new("latest-green") {
        return earlier(run, reports);
    }
    let has_all = |known: &RunSummary| apis.iter().all(|api| known.apis.iter().any(|known| known == api));
    latest_green(reports, |run| run.target == target && has_all(run))
        .ok_or_else(|| none_is_green(reports, &format!(" against `{target}`")))
}

/// `latest-green` as the earlier run of a comparison: the last before the later run that is like it.
fn earlier_of(reports: &Path, new: &Path) -> Result<PathBuf, Failure> {
    let own = summary(new).map_err(|e| Failure::Usage(e.to_string()))?;
    let is_before = |run: &RunSummary| run.run != own.run && run.started <= own.started;
    let found = latest_green(reports, |run| {
        is_before(run) && run.target == own.target && own.apis.iter().all(|api| run.apis.contains(api))
    });
    found.ok_or_else(|| none_is_green(reports, &format!(" against `{}` before `{}`", own.target, own.run)))
}

fn none_is_green(reports: &Path, of: &str) -> Failure {
    Failure::Usage(format!("no run in `{}`{of} ran the whole suite and passed", reports.display()))
}

/// The last run but `own` that ran the whole suite and passed.
pub fn green(reports: &Path, target: Option<&str>, own: &str) -> Option<PathBuf> {
    latest_green(reports, |run| run.run != own && target.is_none_or(|target| run.target == target))
}

/// 1 when something is broken that was not; else 2 when something could be judged and cannot any more.
pub fn status(comparison: &Comparison) -> u8 {
    if comparison.cases.newly_broken().next().is_some() {
        return exit::FINDINGS;
    }
    match comparison.cases.newly_errored().next().is_some() || !comparison.new.whole {
        true => exit::COULD_NOT_JUDGE,
        false => exit::CONFORMANT,
    }
}

pub fn json(comparison: &Comparison) -> Result<String, Failure> {
    serde_json::to_string_pretty(comparison).map_err(|e| Failure::Broken(e.to_string()))
}

/// What broke comes first, by cause; what was mended and what merely moved comes after.
pub fn print(comparison: &Comparison) {
    let Comparison { old, new, cases, .. } = comparison;
    console::line(&visible(&format!(
        "{} ({}) compared with {} ({})",
        new.run, new.target, old.run, old.target
    )));
    for (run, which) in [(old, "earlier"), (new, "later")].into_iter().filter(|(run, _)| !run.whole) {
        console::note(&visible(&format!("the {which} run {} was cut short", run.run)));
    }
    let problems = console::problems(&comparison.broken.tally);
    if !problems.is_empty() {
        let s = if problems.len() == 1 { "" } else { "s" };
        console::line("");
        console::heading(&format!("newly broken, by cause: {} problem{s}", problems.len()));
        problems.iter().take(LISTED).for_each(|problem| console::line(problem));
        let more = problems.len().saturating_sub(LISTED);
        if more > 0 {
            console::line(&format!("         … and {more} more"));
        }
    }
    for state in State::ALL {
        let of_state: Vec<&Case> = cases.changed.iter().filter(|case| case.state == state).collect();
        if of_state.is_empty() {
            continue;
        }
        console::line("");
        console::heading(&format!("{} {}", of_state.len(), state.words()));
        let bad = |case: &&&Case| !matches!(case.new, Some(Verdict::Passed));
        // Of new cases, those that pass need no line of their own.
        let shown: Vec<&&Case> = of_state.iter().filter(|case| state != State::New || bad(case)).collect();
        for case in shown.iter().take(LISTED) {
            let because = case.because.first().map(|b| format!(" ({b})")).unwrap_or_default();
            console::line(&visible(&format!("  {}{because}", case.name)));
        }
        let more = shown.len().saturating_sub(LISTED);
        if more > 0 {
            console::line(&format!("  … and {more} more"));
        }
    }
    print_rest(comparison);
    let broken = cases.newly_broken().count();
    let errored = cases.newly_errored().count();
    let verdict = match (broken, errored) {
        (0, 0) => "nothing new is broken".to_owned(),
        (0, n) => format!("nothing new is broken, but {n} could not be judged"),
        (n, _) => format!("{n} newly broken"),
    };
    console::line("");
    console::heading(&format!(
        "{verdict}: {} fixed, {} still failing, {} still passing, {} new, {} gone or not run",
        cases.count(State::Fixed),
        cases.count(State::StillFailing),
        cases.passing,
        cases.count(State::New),
        cases.count(State::Gone),
    ));
}

fn print_rest(comparison: &Comparison) {
    if !comparison.cases.flaky.is_empty() {
        console::line("");
        console::heading(&format!("{} flaky", comparison.cases.flaky.len()));
        comparison
            .cases
            .flaky
            .iter()
            .take(LISTED)
            .for_each(|name| console::line(&visible(&format!("  {name}"))));
    }
    let warned = comparison.cases.newly_warned.len();
    if warned > 0 {
        console::line("");
        console::heading(&format!("{warned} newly warned of, by cause"));
        let problems = console::warnings(&comparison.warned.tally);
        problems.iter().take(LISTED).for_each(|problem| console::line(problem));
        let more = problems.len().saturating_sub(LISTED);
        if more > 0 {
            console::line(&format!("         … and {more} more"));
        }
    }
    if !comparison.drift.is_empty() {
        console::line("");
        console::heading(&format!("{} fields drifted", comparison.drift.len()));
        for drift in comparison.drift.iter().take(DRIFTS) {
            let group = &drift.group;
            let place = if drift.pointer.is_empty() { "body" } else { &drift.pointer };
            let (api, operation, status) = (&group.api, &group.operation, group.status);
            console::line(&visible(&format!("  {api} {operation} {status} {place}: {}", drift.message)));
        }
        let more = comparison.drift.len().saturating_sub(DRIFTS);
        if more > 0 {
            console::line(&format!("  … and {more} more"));
        }
    }
    if !comparison.latency.is_empty() {
        console::line("");
        console::heading("latency (Mann-Whitney U, Holm-corrected; shift by Hodges-Lehmann)");
        for shift in &comparison.latency {
            let word = if shift.shift_ms > 0.0 { "slower" } else { "faster" };
            console::line(&visible(&format!(
                "  {} {}: {:.0} ms {word}, median {:.0} ms, before {:.0} ms (p {:.1e}, {} and {} answers)",
                shift.api,
                shift.operation,
                shift.shift_ms.abs(),
                shift.new_median,
                shift.old_median,
                shift.p,
                shift.new_count,
                shift.old_count,
            )));
        }
    }
}
