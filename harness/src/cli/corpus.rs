//! `fuzz/<api>.yaml` of a suite: the defects that earlier runs found, and what has become of them.

use super::{Failure, problems};
use crate::engine::{Campaign, Fuzzed};
use crate::record::FuzzKnown;
use crate::suite::{KnownDefect, Suite, read_corpus, write_corpus};
use std::path::PathBuf;

fn path_of(suite: &Suite, api: &str) -> PathBuf {
    suite.root.join("fuzz").join(format!("{api}.yaml"))
}

/// What earlier runs found, by API.
pub fn read(suite: &Suite) -> Result<Vec<(String, KnownDefect)>, Failure> {
    let mut problems = Vec::new();
    let mut known = Vec::new();
    for api in suite.contracts.iter().map(|c| c.api.as_str()) {
        let path = path_of(suite, api);
        let read = read_corpus(&path, &format!("fuzz/{api}.yaml"), &mut problems);
        let read = read.map_err(|e| Failure::Usage(format!("`{}` cannot be read: {e}", path.display())))?;
        known.extend(read.into_iter().map(|defect| (api.to_owned(), defect)));
    }
    if problems.is_empty() { Ok(known) } else { Err(problems::refuse(problems)) }
}

/// What has become of a defect that an earlier run found.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Now {
    Fixed,
    There,
    /// Its deviation shows something else.
    Changed,
    /// The run did not look at it.
    NotLookedAt,
}

/// Every known defect, with what has become of it.
pub fn became(campaign: &Campaign, fuzzed: &Fuzzed) -> Vec<(String, KnownDefect, Now)> {
    // A run that was cut short, or that looked at some deviations only, cannot tell that a defect is gone.
    let whole = fuzzed.ended.is_none() && campaign.probes.is_empty() && !campaign.safe_only;
    let one = |(api, known): &(String, KnownDefect)| {
        let was_fuzzed = fuzzed.operations.iter().any(|(a, o)| a == api && *o == known.operation);
        let was_replayed =
            fuzzed.replayed.iter().any(|(a, o, p)| a == api && *o == known.operation && *p == known.probe);
        let of_operation: Vec<&KnownDefect> = fuzzed
            .found
            .iter()
            .filter(|(a, found)| a == api && found.operation == known.operation)
            .map(|(_, found)| found)
            .collect();
        let now = if of_operation.iter().any(|found| is_same(found, known)) {
            Now::There
        } else if of_operation.iter().any(|found| found.probe == known.probe) {
            Now::Changed
        } else if was_replayed || was_fuzzed && whole {
            Now::Fixed
        } else {
            Now::NotLookedAt
        };
        (api.clone(), known.clone(), now)
    };
    campaign.known.iter().map(one).collect()
}

/// Whether what was found is what was known: by the same judge and, where it judges a place of the request, at the same one.
/// The deviation that shows it first may be another one of the place.
fn is_same(found: &KnownDefect, known: &KnownDefect) -> bool {
    const ANYWHERE: [&str; 2] = ["fuzz accepted-coerced", "fuzz entities-expanded"];
    let place = |defect: &KnownDefect| defect.probe.split('/').nth(1).map(str::to_owned);
    let anywhere = !known.judge.starts_with("fuzz ") || ANYWHERE.contains(&known.judge.as_str());
    found.judge == known.judge && (anywhere || place(found) == place(known))
}

impl Now {
    fn as_str(self) -> Option<&'static str> {
        match self {
            Now::Fixed => Some("fixed"),
            Now::There => Some("still there"),
            Now::Changed => Some("changed"),
            Now::NotLookedAt => None,
        }
    }
}

/// For the record: the known defects that the run looked for.
pub fn looked_for(became: &[(String, KnownDefect, Now)]) -> Vec<FuzzKnown> {
    let one = |(api, known, now): &(String, KnownDefect, Now)| {
        Some(FuzzKnown {
            api: api.clone(),
            operation: known.operation.clone(),
            probe: known.probe.clone(),
            judge: known.judge.clone(),
            since: known.since.clone(),
            now: now.as_str()?.to_owned(),
        })
    };
    became.iter().filter_map(one).collect()
}

/// For people: how many of them are there, and each by name.
pub fn lines(known: &[FuzzKnown]) -> Vec<String> {
    if known.is_empty() {
        return Vec::new();
    }
    let count = |now: Now| known.iter().filter(|k| Some(k.now.as_str()) == now.as_str()).count();
    let head = format!(
        "known defects: {} fixed, {} still there, {} changed",
        count(Now::Fixed),
        count(Now::There),
        count(Now::Changed)
    );
    let one = |k: &FuzzKnown| {
        format!("  {}: {} of {} by {} (since {})", k.now, k.judge, k.operation, k.probe, k.since)
    };
    std::iter::once(head).chain(known.iter().map(one)).collect()
}

/// Writes what is known now: of the operations that were fuzzed what was found, of the others what was known.
pub fn write(suite: &Suite, became: &[(String, KnownDefect, Now)], fuzzed: &Fuzzed) -> Result<(), Failure> {
    for api in suite.contracts.iter().map(|c| c.api.as_str()) {
        let stays = |(a, known, now): &(String, KnownDefect, Now)| {
            (a == api && matches!(now, Now::There | Now::NotLookedAt)).then(|| known.clone())
        };
        let mut list: Vec<KnownDefect> = became.iter().filter_map(stays).collect();
        for (_, found) in fuzzed.found.iter().filter(|(a, _)| a == api) {
            if !list.iter().any(|known| known.operation == found.operation && known.probe == found.probe) {
                list.push(found.clone());
            }
        }
        let path = path_of(suite, api);
        write_corpus(&path, api, &list)
            .map_err(|e| Failure::Broken(format!("cannot write `{}`: {e}", path.display())))?;
    }
    Ok(())
}
