//! What `proofmark mutate` prints.

use crate::model::visible::visible;
use crate::mutate::{Example, Operator, Row, Summary, Survivors, Tally};

/// Rows of operators and fields that are listed, the worst first.
const WORST: usize = 12;
/// Survivors that are listed with what would notice them.
const LISTED: usize = 40;

/// Between 0 and 1 as `97.31 %`, rounded down: 100 % is said of everything only.
pub fn percent(rate: f64) -> String {
    format!("{:.2} %", (rate * 10_000.0).floor() / 100.0)
}

/// The registry, a line an operator and one of its example.
pub fn list(operators: &[&'static Operator]) -> Vec<String> {
    let mut lines = Vec::new();
    let mut family = "";
    for operator in operators {
        if operator.family != family {
            family = operator.family;
            lines.push(format!("{family}:"));
        }
        let (before, after) = operator.example;
        lines.push(format!("  {:<22} {}", operator.name, operator.says));
        lines.push(format!("  {:<22} {}", "", visible(&format!("{before}  →  {after}"))));
    }
    lines
}

fn counted(n: usize, one: &str, many: &str) -> String {
    let digits = n.to_string();
    let mut grouped = String::new();
    for (i, c) in digits.chars().enumerate() {
        if i > 0 && (digits.len() - i).is_multiple_of(3) {
            grouped.push(',');
        }
        grouped.push(c);
    }
    format!("{grouped} {}", if n == 1 { one } else { many })
}

/// The whole of it for a terminal.
pub fn summary(summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    let facts = &summary.facts;
    lines.push(format!(
        "{} of {} in {}, judged in {:.2} s ({:.0} a second), seed {}",
        counted(summary.mutants, "mutant", "mutants"),
        counted(facts.answers, "answer", "answers"),
        counted(facts.trials, "trial", "trials"),
        facts.seconds,
        summary.speed(),
        facts.seed
    ));
    if let Some(share) = facts.sample {
        lines.push(format!(
            "a sample of {}, drawn by the seed: {} left out",
            percent(share),
            counted(summary.not_sampled, "mutant", "mutants")
        ));
    }
    if facts.left_out > 0 {
        lines.push(format!(
            "{} left out: only answers that pass are mutated",
            counted(facts.left_out, "trial", "trials")
        ));
    }
    lines.push(String::new());
    let header = format!(
        "{:>9} {:>8} {:>8} {:>9} {:>10}",
        "noticed", "defects", "survive", "by warning", "equivalent"
    );
    lines.push(header);
    let mut row = |name: &str, tally: &Tally| {
        lines.push(format!(
            "{:>9} {:>8} {:>8} {:>10} {:>10}  {}",
            percent(tally.rate()),
            tally.defects(),
            tally.survived,
            tally.warned,
            tally.equivalent,
            visible(name)
        ));
    };
    summary.apis.iter().for_each(|r| row(&r.name.api, &r.tally));
    if summary.apis.len() > 1 {
        row("all", &summary.total);
    }
    row("", &Tally::default());
    lines.pop();
    worst(&mut lines, "operations", &summary.operations, |n| format!("{}::{}", n.api, n.operation));
    worst(&mut lines, "fields", &summary.fields, |n| format!("{}::{} {}", n.api, n.operation, n.field));
    worst(&mut lines, "operators", &summary.operators, |n| format!("{} ({})", n.operator, n.says));
    checks(&mut lines, summary);
    if !summary.survivors.is_empty() {
        lines.push(String::new());
        lines.push("survivors: defects that no check notices, with the smallest addition that would".into());
    }
    summary.survivors.iter().take(LISTED).for_each(|s| survivor(&mut lines, s));
    if summary.survivors.len() > LISTED {
        lines.push(format!("  … and {} more, in `--format json`", summary.survivors.len() - LISTED));
    }
    let alarms = summary.equivalents.iter().filter(|e| !e.false_alarms.is_empty()).count();
    if alarms > 0 {
        lines.push(String::new());
        lines.push(format!(
            "{alarms} kinds of equivalent mutants are found wrong by a check: see `--equivalent`"
        ));
    }
    for location in &summary.unused_explanations {
        lines.push(format!("{location}: explains a survivor that there is not"));
    }
    lines
}

/// The rows that are not at 100 %, the worst first.
fn worst<N>(lines: &mut Vec<String>, what: &str, rows: &[Row<N>], name: impl Fn(&N) -> String) {
    let mut below: Vec<&Row<N>> = rows.iter().filter(|row| row.tally.survived > 0).collect();
    below.sort_by(|a, b| a.rate.total_cmp(&b.rate));
    lines.push(String::new());
    let all = rows.iter().filter(|row| row.tally.defects() > 0).count();
    lines.push(format!("{what}: {} of {all} notice everything", all - below.len()));
    for row in below.iter().take(WORST) {
        lines.push(format!(
            "{:>9} {:>8} {:>8}  {}",
            percent(row.rate),
            row.tally.defects(),
            row.tally.survived,
            visible(&name(&row.name))
        ));
    }
    if below.len() > WORST {
        lines.push(format!("          … and {} more", below.len() - WORST));
    }
}

fn checks(lines: &mut Vec<String>, summary: &Summary) {
    lines.push(String::new());
    lines.push(format!("{:<18} {:>9} {:>9} {:>9}", "checks", "notices", "first", "alone"));
    for row in &summary.checks {
        let tally = &row.tally;
        let note = match (tally.killed, tally.alone) {
            (0, _) => "  notices nothing here",
            (_, 0) => "  never the only one",
            _ => "",
        };
        lines.push(format!(
            "{:<18} {:>9} {:>9} {:>9}{note}",
            row.check, tally.killed, tally.first, tally.alone
        ));
    }
}

fn survivor(lines: &mut Vec<String>, survivor: &Survivors) {
    let key = &survivor.key;
    lines.push(format!(
        "  {:>5} × {}::{} {} {}",
        survivor.count,
        key.api,
        key.operation,
        visible(&key.field),
        key.operator
    ));
    let text = |example: &Example| format!("          {} in {}", example.change, example.trial);
    lines.extend(survivor.examples.iter().take(1).map(|e| visible(&text(e)).into_owned()));
    match (&survivor.because, &survivor.addition) {
        (Some(because), _) => lines.push(format!("          explained: {because}")),
        (None, Some(addition)) => {
            lines.push(format!("          add to {}:", visible(&addition.place)));
            lines.extend(addition.yaml.lines().map(|line| format!("            {}", visible(line))));
        }
        (None, None) => {}
    }
}

/// Every kind of equivalent mutant, by its reason.
pub fn equivalents(summary: &Summary) -> Vec<String> {
    let mut lines = Vec::new();
    let mut reasons: Vec<&str> = summary.equivalents.iter().map(|e| e.reason.as_str()).collect();
    reasons.sort_unstable();
    reasons.dedup();
    for reason in reasons {
        let of_reason: Vec<_> = summary.equivalents.iter().filter(|e| e.reason == reason).collect();
        let count: usize = of_reason.iter().map(|e| e.count).sum();
        lines.push(format!("{} because {reason}:", counted(count, "mutant", "mutants")));
        for equivalent in of_reason {
            let key = &equivalent.key;
            let example = equivalent.example.as_ref().map(|e| e.change.as_str()).unwrap_or_default();
            let alarm = match equivalent.false_alarms.first() {
                Some(alarm) => format!("; found wrong all the same in {}", alarm.trial),
                None => String::new(),
            };
            let line = format!(
                "  {:>5} × {}::{} {} {}: {example}{alarm}",
                equivalent.count, key.api, key.operation, key.field, key.operator
            );
            lines.push(visible(&line).into_owned());
        }
    }
    if lines.is_empty() {
        lines.push("no mutant is equivalent".into());
    }
    lines
}
