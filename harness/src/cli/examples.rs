//! `proofmark examples`: the documented examples, judged by the specs' own checks and rules.

use super::arguments::ExamplesArguments;
use super::check::ready_specs;
use super::{Failure, console};
use crate::examples::{Judged, Mistake, Row, compare, judge};
use crate::model::verdict::exit;
use crate::model::visible::visible;
use serde::Serialize;

/// What was measured of one API.
#[derive(Serialize)]
struct Measurement {
    api: String,
    examples: Vec<Judged>,
    judges: Vec<Row>,
    mistakes: Vec<Mistake>,
}

pub fn run(arguments: &ExamplesArguments) -> Result<u8, Failure> {
    let suite = ready_specs(&arguments.suite, &arguments.api)?;
    let measured: Vec<Measurement> = suite
        .contracts
        .iter()
        .map(|contract| {
            let (examples, table) = judge(contract);
            let mistakes = compare(&examples, &table);
            Measurement { api: contract.api.clone(), examples, judges: table.rows, mistakes }
        })
        .collect();
    if arguments.json {
        let text = serde_json::to_string_pretty(&measured).map_err(|e| Failure::Broken(e.to_string()))?;
        console::line(&text);
    } else {
        measured.iter().for_each(print);
    }
    let mistakes: usize = measured.iter().map(|m| m.mistakes.len()).sum();
    if !arguments.json {
        let examples: usize = measured.iter().map(|m| m.examples.len()).sum();
        console::line(&match mistakes {
            0 => format!("the specs say of their {examples} examples what was measured"),
            1 => "1 place says something else than was measured".to_owned(),
            n => format!("{n} places say something else than was measured"),
        });
    }
    Ok(if mistakes == 0 { exit::CONFORMANT } else { exit::FINDINGS })
}

fn print(measurement: &Measurement) {
    let with_request = measurement.examples.iter().filter(|e| e.has_request).count();
    console::heading(&format!(
        "{}: {} documented examples of answers, {with_request} with their request",
        measurement.api,
        measurement.examples.len()
    ));
    let width = measurement.judges.iter().map(|row| row.name.chars().count()).max().unwrap_or(0).max(5);
    console::line(&format!("  {:width$}  level   holds  breaks  does not apply  needs a run", ""));
    for row in &measurement.judges {
        let level = row.rule.as_ref().map_or("", |rule| rule.level.as_str());
        console::line(&format!(
            "  {:width$}  {level:6}  {:>5}  {:>6}  {:>14}  {:>11}",
            row.name,
            row.holds,
            row.breaks.len(),
            row.does_not_apply,
            row.not_judged_offline
        ));
        for label in &row.breaks {
            let example = measurement.examples.iter().find(|e| e.label() == *label && names(e, &row.name));
            console::line(&format!("  {:width$}    breaks {}", "", visible(&broken(label, example))));
        }
    }
    if !measurement.mistakes.is_empty() {
        console::line("");
    }
    for mistake in &measurement.mistakes {
        console::line(&format!("{}: {}", mistake.location, visible(&mistake.message)));
    }
    console::line("");
}

fn names(example: &Judged, judge: &str) -> bool {
    example.breaks.iter().any(|b| b.name == judge)
}

/// `order_submit/documented (#44): the document shows 11 rows of 10`
fn broken(label: &str, example: Option<&Judged>) -> String {
    let Some(example) = example else { return label.to_owned() };
    let doc = example.doc.as_deref().and_then(|doc| doc.split_once('#'));
    let doc = doc.map(|(_, lines)| format!(" (#{lines})")).unwrap_or_default();
    let because = example.because.as_deref().map(|why| format!(": {why}")).unwrap_or_default();
    format!("{label}{doc}{because}")
}
