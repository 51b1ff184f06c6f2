//! [`decide`]: whether a run is good enough, and which clause says so.

use super::known::{Known, key};
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::{Clause, Counts, Coverage, GateDecision, TrialFinished};
use crate::suite::Gate;
use std::collections::BTreeMap;
use std::time::Duration;

/// What a gate must know of a run, collected while trials end.
#[derive(Debug, Default)]
pub struct Watch {
    counts: Counts,
    /// Findings that are not waived, by level: must, should, may.
    findings: [usize; 3],
    skipped_must: usize,
    /// Of all exchanges, in milliseconds: 4 bytes each.
    times: Vec<f32>,
    /// A trial that failed or could not be judged.
    example: Option<String>,
    /// What the findings are about, and what the first of each, by name of the trial, says.
    about: BTreeMap<String, String>,
}

/// What a gate must know of a run beside its trials.
#[derive(Debug, Default)]
pub struct Facts<'a> {
    /// What the run touched of the documents, where that was followed.
    pub coverage: Option<&'a Coverage>,
    /// The waivers that have run out, each as [`ran_out`](super::ran_out) says it.
    pub expired: Vec<String>,
    pub interrupted: bool,
    /// How many trials the plan has, those that were not selected too.
    pub planned: usize,
    pub baseline: Baseline,
}

/// The run that findings are compared with.
#[derive(Debug, Default)]
pub enum Baseline {
    /// The policy asks for none.
    #[default]
    NotAsked,
    /// There is none, and why.
    Missing(String),
    Run(Known),
}

/// A target that answers something else each time must not make the list grow without end.
const MAX_KEYS: usize = 10_000;

impl Watch {
    /// How the trials so far ended.
    pub fn counts(&self) -> &Counts {
        &self.counts
    }

    pub fn add(&mut self, trial: &TrialFinished) {
        self.counts.add(trial.verdict);
        for (step, finding) in trial.findings() {
            // A connection that was kept too long says nothing of the contract, and comes and goes.
            if self.about.len() < MAX_KEYS && finding.check != "connection" {
                let says = format!("{}: {}", trial.name, finding.message);
                let known = self.about.entry(key(trial, step, finding)).or_insert_with(|| says.clone());
                if says < *known {
                    *known = says;
                }
            }
        }
        if matches!(trial.verdict, Verdict::Failed | Verdict::Errored) {
            // The first by name: which ends first is chance.
            if self.example.as_ref().is_none_or(|known| trial.name < *known) {
                self.example = Some(trial.name.clone());
            }
        }
        self.skipped_must += usize::from(trial.verdict == Verdict::Skipped && trial.level == Level::Must);
        for (_, finding) in trial.findings().filter(|(_, finding)| finding.waived.is_none()) {
            self.findings[position(finding.level)] += 1;
        }
        #[expect(clippy::cast_possible_truncation, reason = "a time in milliseconds needs no more digits")]
        self.times.extend(trial.steps.iter().filter(|s| s.error.is_none()).map(|s| s.total_ms as f32));
    }

    fn findings_from(&self, level: Level) -> usize {
        self.findings[..=position(level)].iter().sum()
    }

    /// The time that so much of all exchanges, 0 to 1, did not take longer than (nearest rank).
    fn percentile(&mut self, part: f64) -> Option<Duration> {
        self.times.sort_by(f32::total_cmp);
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a position in the list")]
        let rank = (part * self.times.len() as f64).ceil() as usize;
        let time = self.times.get(rank.max(1) - 1)?;
        Some(Duration::from_secs_f64(f64::from(*time).max(0.0) / 1000.0))
    }
}

fn position(level: Level) -> usize {
    match level {
        Level::Must => 0,
        Level::Should => 1,
        Level::May => 2,
    }
}

/// Judges a run by all clauses.
pub fn decide(gate: &Gate, watch: &mut Watch, facts: &Facts<'_>) -> GateDecision {
    let Facts { coverage, expired, interrupted, planned, baseline } = facts;
    let mut clauses = Vec::new();
    let mut clause = |name: &str, holds: bool, says: String| {
        clauses.push(Clause { name: name.to_owned(), holds, says });
    };
    let level = gate.level.as_str();
    let found = watch.findings_from(gate.level);
    let first = watch.example.as_deref().map(|name| format!(", e.g. in {name}")).unwrap_or_default();
    clause("level", found == 0, format!("{} of level {level} or above{first}", count(found, "finding")));
    clause(
        "waivers",
        expired.is_empty(),
        match expired.is_empty() {
            true => "none has run out".to_owned(),
            false => format!("{} run out: {}", has(expired.len()), expired.join(", ")),
        },
    );
    let errored = watch.counts.errored;
    clause("errored", errored == 0, format!("{} could not be judged", count(errored, "trial")));
    if *interrupted {
        clause("interrupted", false, "the run was stopped before its plan was done".to_owned());
    }
    let judged = watch.counts.judged() as u64;
    // A gate that judged nothing has nothing to let pass.
    let least = gate.min_judged.unwrap_or(1);
    clause("min_judged", judged >= least, format!("{judged} judged, at least {least} asked for"));
    // Of a run in which every answer deviates and is accepted, nobody knows what works.
    if watch.counts.waived > 0 && watch.counts.waived as u64 == judged {
        clause("passed", false, format!("no trial passed: all {judged} that were judged are waived"));
    }
    if let Some(most) = gate.max_skipped {
        let skipped = watch.skipped_must as u64;
        clause(
            "max_skipped",
            skipped <= most,
            format!("{skipped} of level must skipped, at most {most} allowed"),
        );
    }
    let flaky = watch.counts.flaky as u64;
    clause(
        "max_flaky",
        flaky <= gate.max_flaky,
        format!("{flaky} flaky, at most {} allowed", gate.max_flaky),
    );
    if let Some(least) = gate.min_coverage {
        let (holds, says) = covered(least, *coverage);
        clause("min_coverage", holds, says);
    }
    match baseline {
        Baseline::NotAsked => {}
        Baseline::Missing(why) => clause("baseline.missing", false, why.clone()),
        Baseline::Run(known) => {
            let new: Vec<&String> = watch
                .about
                .iter()
                .filter(|(key, _)| !known.keys.contains(*key))
                .map(|(_, says)| says)
                .collect();
            let first = new.first().map(|says| format!(", e.g. {says}")).unwrap_or_default();
            let says = format!("{} that {} did not have{first}", count(new.len(), "finding"), known.run);
            clause("baseline", new.is_empty(), says);
        }
    }
    let budgets =
        [("p50", 0.5, gate.latency.p50), ("p95", 0.95, gate.latency.p95), ("max", 1.0, gate.latency.max)];
    for (name, part, budget) in budgets {
        if let (Some(budget), Some(took)) = (budget, watch.percentile(part)) {
            let says = format!("{:.0} ms, at most {budget:?} allowed", took.as_secs_f64() * 1000.0);
            clause(&format!("latency.{name}"), took <= budget, says);
        }
    }
    GateDecision { clauses, judged: watch.counts.judged(), planned: *planned }
}

/// Whether enough of the documents is touched, by the kind of which least is.
fn covered(least: f64, coverage: Option<&Coverage>) -> (bool, String) {
    let kinds = coverage.iter().flat_map(|c| &c.apis).flat_map(|api| api.kinds.iter().map(move |k| (api, k)));
    match kinds.min_by(|a, b| a.1.ratio().total_cmp(&b.1.ratio())) {
        Some((api, kind)) => {
            let (part, what) = (kind.ratio(), kind.kind.plural());
            let says = format!(
                "{:.1} % of the {what} of {}, at least {:.1} % asked for",
                part * 100.0,
                api.name,
                least * 100.0
            );
            (part >= least, says)
        }
        None => (false, "what was touched is not known".to_owned()),
    }
}

fn count(n: usize, what: &str) -> String {
    format!("{n} {what}{}", if n == 1 { "" } else { "s" })
}

fn has(n: usize) -> String {
    format!("{n} {}", if n == 1 { "waiver has" } else { "waivers have" })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::{finding, trial_with};
    use crate::suite::LatencyBudget;

    fn passed() -> TrialFinished {
        let mut trial = trial_with(Vec::new());
        trial.verdict = Verdict::Passed;
        trial
    }

    fn refusal(gate: &Gate, trials: &[TrialFinished]) -> Option<String> {
        let mut watch = Watch::default();
        trials.iter().for_each(|trial| watch.add(trial));
        decide(gate, &mut watch, &Facts::default()).refusals().map(|clause| clause.name.clone()).next()
    }

    #[test]
    fn the_clause_that_decides_is_named() {
        let failed = trial_with(vec![finding("schema", "/a")]);
        let mut warned = passed();
        warned.steps[0].findings = vec![finding("schema", "/a").level(Level::Should)];
        let mut waived = trial_with(vec![finding("schema", "/a")]);
        waived.verdict = Verdict::Waived;
        waived.steps[0].findings[0].waived = Some("W".into());
        let mut flaky = passed();
        flaky.verdict = Verdict::Flaky;
        let mut errored = passed();
        errored.verdict = Verdict::Errored;
        let mut skipped = passed();
        skipped.verdict = Verdict::Skipped;
        let gate = Gate::default();
        let strict =
            Gate { level: Level::Should, max_skipped: Some(0), min_judged: Some(2), ..Gate::default() };
        let rows = [
            (&gate, vec![passed()], None),
            (&gate, vec![failed], Some("level")),
            (&gate, vec![warned.clone()], None),
            (&strict, vec![warned, passed()], Some("level")),
            (&gate, vec![passed(), waived.clone()], None),
            (&gate, vec![waived], Some("passed")),
            (&gate, vec![errored], Some("errored")),
            (&gate, vec![passed(), flaky], Some("max_flaky")),
            (&gate, vec![], Some("min_judged")),
            (&strict, vec![passed()], Some("min_judged")),
            (&strict, vec![passed(), passed(), skipped], Some("max_skipped")),
            (&Gate { min_coverage: Some(0.5), ..Gate::default() }, vec![passed()], Some("min_coverage")),
        ];
        for (gate, trials, expected) in rows {
            assert_eq!(refusal(gate, &trials).as_deref(), expected);
        }
    }

    #[test]
    fn findings_are_new_where_the_baseline_has_none_about_the_same() {
        let mut old = passed();
        old.steps[0].findings = vec![finding("undocumented", "/list/0/extra").level(Level::Should)];
        let known = Known::of("before", [&old]);
        let decided = |trial: &TrialFinished, baseline: Baseline| {
            let mut watch = Watch::default();
            watch.add(trial);
            let decision = decide(&Gate::default(), &mut watch, &Facts { baseline, ..Facts::default() });
            decision.refusals().map(|clause| format!("{}: {}", clause.name, clause.says)).next()
        };
        let mut same = old.clone();
        same.name = "cube::orderPackage::another".into();
        same.steps[0].findings[0].at = "/list/7/extra".into();
        assert_eq!(decided(&same, Baseline::Run(known.clone())), None);
        same.steps[0].findings.push(finding("undocumented", "/more").level(Level::May));
        let says = decided(&same, Baseline::Run(known)).expect("a refusal");
        let expected = "baseline: 1 finding that before did not have, e.g. cube::orderPackage::another: ";
        assert!(says.starts_with(expected), "{says}");
        assert_eq!(
            decided(&passed(), Baseline::Missing("no run".into())).as_deref(),
            Some("baseline.missing: no run")
        );
    }

    #[test]
    fn latency_is_by_nearest_rank() {
        let mut slow = passed();
        let times = [1.0, 2.0, 3.0, 4.0, 100.0];
        let step = slow.steps[0].clone();
        slow.steps =
            times.iter().map(|ms| crate::record::StepRecord { total_ms: *ms, ..step.clone() }).collect();
        let budget = |p50: u64, max: u64| Gate {
            latency: LatencyBudget {
                p50: Some(Duration::from_millis(p50)),
                p95: None,
                max: Some(Duration::from_millis(max)),
            },
            ..Gate::default()
        };
        assert_eq!(refusal(&budget(3, 100), std::slice::from_ref(&slow)), None);
        assert_eq!(refusal(&budget(2, 100), std::slice::from_ref(&slow)).as_deref(), Some("latency.p50"));
        assert_eq!(refusal(&budget(3, 99), &[slow]).as_deref(), Some("latency.max"));
    }
}
