//! `proofmark coverage --docs`: what of the documents a run touched.

use super::arguments::{CoverageArguments, SuiteArguments};
use super::check::{Ready, documented, ready, ready_specs};
use super::{Failure, console};
use crate::coverage::planned;
use crate::history::folders;
use crate::model::verdict::exit;
use crate::model::visible::visible;
use crate::record::{ApiCoverage, Coverage, KindCoverage, RunStarted, Untouched, coverage_of};
use serde::Serialize;

/// What the command prints.
#[derive(Serialize)]
struct Statement {
    /// Name of the run; `None` where only the plan was looked at.
    run: Option<String>,
    target: Option<String>,
    /// Trials that were to run, of those that the plan has.
    selected: Option<usize>,
    planned: Option<usize>,
    /// Whether the specs document something else by now.
    outdated: bool,
    apis: Vec<ApiCoverage>,
}

pub fn run(arguments: &CoverageArguments) -> Result<u8, Failure> {
    let mut statement = match recorded(arguments)? {
        Some((started, coverage)) => of_run(arguments, started, coverage)?,
        None => of_plan(arguments)?,
    };
    statement.apis.retain(|api| arguments.api.is_empty() || arguments.api.contains(&api.name));
    match arguments.json {
        true => {
            let text =
                serde_json::to_string_pretty(&statement).map_err(|e| Failure::Broken(e.to_string()))?;
            console::line(&text);
        }
        false => print(&statement),
    }
    let Some(min) = arguments.min else { return Ok(exit::CONFORMANT) };
    if statement.run.is_none() {
        console::error("without a run, what answers have touched cannot be told: run the suite first");
        return Ok(exit::COULD_NOT_JUDGE);
    }
    let below: Vec<String> = statement
        .apis
        .iter()
        .flat_map(|api| api.kinds.iter().map(move |kind| (api, kind)))
        .filter(|(_, kind)| kind.ratio() < min)
        .map(|(api, kind)| format!("{} of {}: {}", kind.kind.plural(), api.name, percent(kind)))
        .collect();
    if below.is_empty() {
        return Ok(exit::CONFORMANT);
    }
    console::error(&format!("less than {min} of the documents is touched: {}", below.join(", ")));
    Ok(exit::FINDINGS)
}

/// The run that is asked for, or the latest that says what it touched.
fn recorded(arguments: &CoverageArguments) -> Result<Option<(RunStarted, Coverage)>, Failure> {
    let usage = |e: crate::record::ReadError| Failure::Usage(e.to_string());
    if let Some(run) = &arguments.run {
        let (started, coverage) = coverage_of(run).map_err(usage)?;
        let Some(coverage) = coverage else {
            let run = run.display();
            let text = format!(
                "`{run}` does not say what it touched: it was cut short, or an older proofmark wrote it"
            );
            return Err(Failure::Usage(text));
        };
        return Ok(Some((started, coverage)));
    }
    let folder = arguments.reports.clone().unwrap_or_else(|| arguments.suite.join("reports"));
    for run in folders(&folder) {
        if let Ok((started, Some(coverage))) = coverage_of(&run) {
            return Ok(Some((started, coverage)));
        }
    }
    Ok(None)
}

fn of_run(
    arguments: &CoverageArguments,
    started: RunStarted,
    coverage: Coverage,
) -> Result<Statement, Failure> {
    let names: Vec<String> = coverage.apis.iter().map(|api| api.name.clone()).collect();
    // A record can be looked at where its suite is not.
    let outdated = match arguments.suite.join("proofmark.yaml").is_file() {
        true => {
            let suite = ready_specs(&arguments.suite, &names)?;
            documented(&suite)?.fingerprint() != coverage.fingerprint
        }
        false => false,
    };
    if let Some(unknown) = arguments.api.iter().find(|api| !names.contains(api)) {
        return Err(Failure::Usage(format!("run `{}` has no API `{unknown}`", started.run)));
    }
    Ok(Statement {
        run: Some(started.run),
        target: Some(started.target),
        selected: Some(started.selected),
        planned: Some(started.planned),
        outdated,
        apis: coverage.apis,
    })
}

fn of_plan(arguments: &CoverageArguments) -> Result<Statement, Failure> {
    let suite = SuiteArguments::of_folder(arguments.suite.clone(), arguments.api.clone());
    let Ready { suite, trials, .. } = ready(&suite)?;
    let coverage = planned(documented(&suite)?, &trials);
    Ok(Statement {
        run: None,
        target: None,
        selected: None,
        planned: None,
        outdated: false,
        apis: coverage.apis,
    })
}

/// Rounded down: 100 % is all.
fn percent(kind: &KindCoverage) -> String {
    match kind.documented {
        0 => "–".into(),
        _ => format!("{} %", (kind.ratio() * 100.0).floor()),
    }
}

fn print(statement: &Statement) {
    match (&statement.run, &statement.target, statement.selected, statement.planned) {
        (Some(run), Some(target), Some(selected), Some(planned)) => {
            let (run, target) = (visible(run), visible(target));
            console::line(&format!("run {run} against {target}, {selected} of {planned} trials"));
        }
        _ => console::line("no run yet: answer fields, codes and values cannot be told from the plan alone"),
    }
    if statement.outdated {
        console::line("the specs have changed since: run the suite again");
    }
    console::line("");
    statement.apis.iter().for_each(api);
}

fn api(api: &ApiCoverage) {
    let document = api.document.as_deref().map(|d| format!(" ({})", visible(d))).unwrap_or_default();
    console::heading(&format!("{}{document}", visible(&api.name)));
    console::line(&format!("  {:20} documented  touched  explained  untouched", ""));
    for kind in &api.kinds {
        console::line(&format!(
            "  {:20} {:>10}  {:>7}  {:>9}  {:>9}  {:>6}",
            kind.kind.plural(),
            kind.documented,
            kind.touched,
            kind.explained.len(),
            kind.untouched.len(),
            percent(kind)
        ));
    }
    for kind in &api.kinds {
        list(kind, "untouched", &kind.untouched);
        list(kind, "explained", &kind.explained);
    }
    console::line("");
}

fn list(kind: &KindCoverage, what: &str, items: &[Untouched]) {
    if items.is_empty() {
        return;
    }
    console::line(&format!("  {} {what}:", kind.kind.plural()));
    for item in items {
        let doc = item.doc.as_deref().map(|d| format!(", {d}")).unwrap_or_default();
        let because = item.because.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
        console::line(&visible(&format!("    {} ({}{doc}){because}", item.name, item.spec)));
    }
}
