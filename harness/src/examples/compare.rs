//! [`compare`]: what the spec says of its examples against what was measured.

use super::judge::Judged;
use super::table::{Measured, Table};
use crate::model::source::Location;
use serde::Serialize;

/// A place where the spec says something else than what was measured.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Mistake {
    pub location: Location,
    pub message: String,
}

/// Every difference, in the order of the spec.
pub fn compare(judged: &[Judged], table: &Table) -> Vec<Mistake> {
    let mut mistakes: Vec<Mistake> = Vec::new();
    let mut add = |location: &Location, message: String| {
        mistakes.push(Mistake { location: location.clone(), message });
    };
    for example in judged {
        for broken in &example.breaks {
            if !example.said.iter().any(|(name, _)| *name == broken.name) {
                let message = format!(
                    "example `{}` breaks `{}` and does not say so: {} (at {}); if the document really says that, write \
                     `x-proofmark: {{ breaks: [{}], because: … }}` beside its value",
                    example.label(),
                    broken.name,
                    broken.message,
                    broken.at,
                    broken.name
                );
                add(&example.location, message);
            }
        }
        for (name, location) in &example.said {
            // An example in `components` is judged under every operation that shows it: one that it breaks is enough.
            let said_here = |e: &&Judged| e.said.iter().any(|(_, at)| at == location);
            let found = judged.iter().filter(said_here).flat_map(|e| &e.measured);
            let found = found.filter(|(n, _)| n == name).map(|(_, measured)| *measured);
            let what = match found.max_by_key(|m| *m == Measured::Breaks) {
                Some(Measured::Breaks) => continue,
                Some(Measured::Holds) => "it holds",
                Some(Measured::NotAsked) => "it does not apply",
                Some(Measured::NeedsRun) => "it needs a run and is not judged offline",
                None => "it does not judge this example",
            };
            add(location, format!("example `{}` is said to break `{name}`: {what}", example.label()));
        }
    }
    for row in &table.rows {
        let Some(line) = &row.rule else { continue };
        if let (Some(said), Some(at)) = (line.said, &line.said_at)
            && said != row.holds as u64
        {
            let of = judged.len();
            add(
                at,
                format!(
                    "rule `{}`: `holds: {said}` is said, {} of {of} examples hold it",
                    row.name, row.holds
                ),
            );
        }
    }
    // An example that breaks one thing in many places is one mistake.
    mistakes.sort_by(|a, b| a.location.cmp(&b.location));
    mistakes.dedup_by(|a, b| a.location == b.location && same_start(&a.message, &b.message));
    mistakes
}

/// Whether two messages are about the same example and the same judge.
fn same_start(a: &str, b: &str) -> bool {
    a.split(": ").next() == b.split(": ").next()
}
