//! How a finding is told, and when two are the same defect.

use super::Campaign;
use crate::contract::Operation;
use crate::engine::context::RunContext;
use crate::fuzz::{COERCED, Phase, Probe};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::plan::Change;
use crate::record::TrialFinished;
use crate::suite::KnownDefect;
use std::collections::BTreeMap;

/// What makes two findings the same defect of an operation. A defect of the answer is told once wherever it came from.
pub fn key(probe: &Probe, finding: &Finding) -> String {
    let requirement = finding.requirement.as_deref().unwrap_or_default();
    if finding.check != "fuzz" {
        return format!("{} {requirement} {}", finding.check, finding.at);
    }
    if requirement.strip_prefix("accepted-") == Some(COERCED) {
        // A server that reads text as a number does so everywhere.
        return requirement.to_owned();
    }
    if requirement.starts_with("accepted-") || requirement == "required-ignored" {
        return format!("{requirement} {}", probe.place);
    }
    // What fails for one text fails for most others, from the same cause.
    let class = probe.kind.split(['-', '=', '+']).next().unwrap_or_default();
    let class = if ["missing", "empty", "null", "twice"].contains(&class) { class } else { "value" };
    match requirement {
        "method-served" | "entities-expanded" => requirement.to_owned(),
        _ => format!("{requirement} {} {class}", probe.place),
    }
}

/// The trial of a sequence with what is wrong at one of its steps, which was seen by the `number`-th request first.
pub fn of_sequence(
    mut finished: TrialFinished,
    at: usize,
    kind: &str,
    finding: Finding,
    operation: &Operation,
    number: usize,
) -> TrialFinished {
    finished.steps.iter_mut().for_each(|step| step.findings.clear());
    let spec = finding.spec.clone().unwrap_or_else(|| operation.location.clone());
    let mut finding = finding.doc(operation.doc.clone()).spec(Some(spec));
    finding.details.push(format!("sequence: {kind} (sequences phase); the steps are in the record"));
    finding.details.push(format!("seen: first by request {number}"));
    if let Some(step) = finished.steps.get_mut(at) {
        step.findings.push(finding);
    }
    finished.case = format!("fuzz/sequence/{kind}");
    finished.title = format!("Around `{}`: {}", operation.id, kind.replace('-', " "));
    finished.name = format!("{}::{}::{}", finished.api, finished.operation, finished.case);
    finished.reason = None;
    settle(&mut finished);
    finished
}

/// How often each defect was seen, and by the how many-th request first; by [`key`].
#[derive(Debug, Default)]
pub struct Seen {
    by_key: BTreeMap<String, (usize, usize)>,
    deviations: usize,
}

impl Seen {
    /// Takes in what one deviation showed.
    pub fn add(&mut self, probe: &Probe, findings: &[Finding], number: usize) {
        self.deviations += 1;
        let mut keys: Vec<String> = findings.iter().map(|finding| key(probe, finding)).collect();
        keys.sort();
        keys.dedup();
        for key in keys {
            let entry = self.by_key.entry(key).or_insert((0, number));
            *entry = (entry.0 + 1, entry.1.min(number));
        }
    }

    fn says(&self, key: &str) -> Option<String> {
        let (times, first) = self.by_key.get(key)?;
        let all = self.deviations;
        Some(format!("seen: by {times} of {all} deviations of the operation, first by request {first}"))
    }
}

/// What a finding says of itself beyond what is wrong.
pub fn describe(
    sent: &Probe,
    probe: &Probe,
    finding: &Finding,
    operation: &Operation,
    campaign: &Campaign,
    context: &RunContext,
    seen: &Seen,
) -> Vec<String> {
    let cases = match probe.phase {
        Phase::Generated => format!(" --cases {}", campaign.cases),
        Phase::Examples | Phase::Boundaries | Phase::Sequences => String::new(),
    };
    let mut details = vec![
        format!("deviation: {} of `{}` ({} phase)", sent.kind, sent.place, sent.phase.as_str()),
        format!(
            "replay: proofmark fuzz --api {} --operation {} --seed {}{cases} --probe {}",
            operation.api,
            operation.id,
            context.seed,
            crate::http::curl::quote(&probe.case())
        ),
    ];
    let left_out = sent.changes.iter().filter_map(|change| match change {
        Change::Remove { name, .. } if *name != sent.place => Some(format!("`{name}`")),
        _ => None,
    });
    let left_out: Vec<String> = left_out.collect();
    if !left_out.is_empty() {
        details.push(format!("shown without {} as well", left_out.join(", ")));
    }
    details.extend(seen.says(&key(probe, finding)));
    details
}

/// What the next run needs to know to send a deviation first.
pub fn remembered(
    probe: &Probe,
    finding: &Finding,
    operation: &Operation,
    campaign: &Campaign,
    context: &RunContext,
) -> KnownDefect {
    let same = |(api, known): &&(String, KnownDefect)| {
        *api == operation.api && known.operation == operation.id && known.probe == probe.case()
    };
    let before = campaign.known.iter().find(same).map(|(_, known)| known);
    let judge = format!("{} {}", finding.check, finding.requirement.as_deref().unwrap_or_default());
    KnownDefect {
        operation: operation.id.clone(),
        probe: probe.case(),
        judge,
        seed: probe.origin.as_ref().map_or(context.seed, |origin| origin.seed),
        cases: before.map_or(campaign.cases as u64, |known| known.cases),
        since: before.map_or_else(
            || jiff::Timestamp::now().strftime("%Y-%m-%d").to_string(),
            |known| known.since.clone(),
        ),
    }
}

/// The verdict that the findings come to.
pub fn settle(finished: &mut TrialFinished) {
    let must = finished.findings().any(|(_, f)| f.level == Level::Must);
    finished.verdict = match (must, &finished.reason) {
        (true, _) => Verdict::Failed,
        (false, Some(_)) => Verdict::Errored,
        (false, None) => Verdict::Passed,
    };
}
