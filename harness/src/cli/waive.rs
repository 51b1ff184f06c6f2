//! `proofmark waive`: writes a waiver for a problem of a run into `waivers.yaml`.

use super::arguments::WaiveArguments;
use super::choose::earlier;
use super::{Failure, console, problems};
use crate::model::problem::Problem as Mistake;
use crate::model::source::SourceFile;
use crate::model::verdict::exit;
use crate::problem::{Cluster, Problem, Tally, is_specific};
use crate::record::{Event, RecordReader};
use crate::suite::{WAIVERS, WaiverFile};
use std::fmt::Write;

const HEAD: &str = "# Deviations that are accepted until a day. `proofmark waive` adds to them.\nwaivers:\n";

pub fn run(arguments: &WaiveArguments) -> Result<u8, Failure> {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    if arguments.until < today {
        return Err(Failure::Usage(format!(
            "`--until {}` is over: a waiver that has run out accepts nothing and fails the gate",
            arguments.until
        )));
    }
    let reports = arguments.suite.join("reports");
    let run = earlier(&arguments.run, &reports)?;
    let mut tally = Tally::default();
    for event in RecordReader::open(&run).map_err(|e| Failure::Usage(e.to_string()))? {
        if let Event::TrialFinished(trial) = event.map_err(|e| Failure::Usage(e.to_string()))? {
            tally.add(&trial);
        }
    }
    let found = tally.failing();
    let Some(problem) = arguments.problem.checked_sub(1).and_then(|i| found.get(i)) else {
        return Err(Failure::Usage(match found.len() {
            0 => format!("`{}` has no problems", run.display()),
            n => format!("`{}` has problems 1 to {n}, not {}", run.display(), arguments.problem),
        }));
    };
    let path = arguments.suite.join(WAIVERS);
    let before = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => String::new(),
        Err(e) => return Err(Failure::Usage(format!("cannot read `{}`: {e}", path.display()))),
    };
    let known = read(&before)?;
    let mut next =
        known.iter().filter_map(|id| id.strip_prefix("W-")?.parse::<u64>().ok()).max().unwrap_or(0);
    let mut text = if before.trim().is_empty() { HEAD.to_owned() } else { before };
    if !text.ends_with('\n') {
        text.push('\n');
    }
    let mut written = Vec::new();
    for pattern in patterns(&tally, problem) {
        next += 1;
        written.push(format!("W-{next}"));
        text.push_str(&entry(next, &pattern, arguments));
    }
    // What was written by hand may end in a way that nothing can be added to.
    read(&text).map_err(|_| {
        Failure::Usage(format!(
            "`{WAIVERS}` cannot be added to: write `waivers:` as a block list, last in the file"
        ))
    })?;
    std::fs::write(&path, &text)
        .map_err(|e| Failure::Broken(format!("cannot write `{}`: {e}", path.display())))?;
    let lead = &tally.failures.list[problem.clusters[0]];
    console::line(&format!(
        "{} in {}: {} ({} until {})",
        written.join(", "),
        path.display(),
        crate::model::visible::visible(&lead.sample.finding.message),
        arguments.owner,
        arguments.until
    ));
    Ok(exit::CONFORMANT)
}

/// Ids of the waivers in a text; refuses it with what is wrong in it.
fn read(text: &str) -> Result<Vec<String>, Failure> {
    if text.trim().is_empty() {
        return Ok(Vec::new());
    }
    let mut found: Vec<Mistake> = Vec::new();
    let file = SourceFile::new(WAIVERS, WAIVERS, text.to_owned());
    let read = WaiverFile::read(&file, &mut found);
    match (read, found.is_empty()) {
        (Some(read), true) => Ok(read.waivers.into_iter().map(|waiver| waiver.id.value).collect()),
        _ => Err(problems::refuse(found)),
    }
}

/// What the findings of a problem have in common, as `finding` of waivers; with the API.
fn patterns(tally: &Tally, problem: &Problem) -> Vec<String> {
    let mut patterns: Vec<String> = Vec::new();
    for cluster in problem.clusters.iter().map(|i| &tally.failures.list[*i]) {
        let pattern = pattern(cluster, tally.apis.get(cluster.key.api).map_or("*", String::as_str));
        if !patterns.contains(&pattern) {
            patterns.push(pattern);
        }
    }
    patterns
}

fn pattern(cluster: &Cluster, api: &str) -> String {
    let key = &cluster.key;
    let at = quoted(&key.at);
    // `body` says too little: any rule is reported there.
    let finding = match is_specific(&key.at) {
        true => format!("{{ at: {at} }}"),
        false => {
            format!(
                "{{ check: {}, requirement: {}, at: {at} }}",
                quoted(&key.check),
                quoted(&key.requirement)
            )
        }
    };
    format!("    case: {}\n    finding: {finding}\n", quoted(&format!("{api}::*")))
}

fn entry(number: u64, pattern: &str, arguments: &WaiveArguments) -> String {
    let mut text = format!("  - id: W-{number}\n{pattern}    reason: {}\n", quoted(&arguments.reason));
    let _ = writeln!(text, "    owner: {}", quoted(&arguments.owner));
    if let Some(ticket) = &arguments.ticket {
        let _ = writeln!(text, "    ticket: {}", quoted(ticket));
    }
    let _ = writeln!(text, "    until: \"{}\"", arguments.until);
    text
}

/// A YAML string in double quotes reads what JSON writes.
fn quoted(text: &str) -> String {
    serde_json::Value::String(text.to_owned()).to_string()
}
