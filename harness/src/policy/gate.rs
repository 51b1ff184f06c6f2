//! [`decide`]: whether a run is good enough, and which clause says so.

use super::waivers::Waivers;
use crate::model::level::Level;
use crate::model::verdict::Verdict;
use crate::record::{Clause, Counts, GateDecision, TrialFinished};
use crate::suite::Gate;
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
    first_failure: Option<String>,
}

impl Watch {
    pub fn add(&mut self, trial: &TrialFinished) {
        self.counts.add(trial.verdict);
        if matches!(trial.verdict, Verdict::Failed | Verdict::Errored) {
            self.first_failure.get_or_insert_with(|| trial.name.clone());
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
pub fn decide(gate: &Gate, watch: &mut Watch, waivers: &Waivers, interrupted: bool) -> GateDecision {
    let mut clauses = Vec::new();
    let mut clause = |name: &str, holds: bool, says: String| {
        clauses.push(Clause { name: name.to_owned(), holds, says });
    };
    let level = gate.level.as_str();
    let found = watch.findings_from(gate.level);
    let first = watch.first_failure.as_deref().map(|name| format!(", e.g. in {name}")).unwrap_or_default();
    clause("level", found == 0, format!("{} of level {level} or above{first}", count(found, "finding")));
    let expired: Vec<&str> = waivers.expired().iter().map(|waiver| waiver.id.value.as_str()).collect();
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
    if interrupted {
        clause("interrupted", false, "the run was stopped before its plan was done".to_owned());
    }
    let judged = watch.counts.judged() as u64;
    // A gate that judged nothing has nothing to let pass.
    let least = gate.min_judged.unwrap_or(1);
    clause("min_judged", judged >= least, format!("{judged} judged, at least {least} asked for"));
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
    let budgets =
        [("p50", 0.5, gate.latency.p50), ("p95", 0.95, gate.latency.p95), ("max", 1.0, gate.latency.max)];
    for (name, part, budget) in budgets {
        if let (Some(budget), Some(took)) = (budget, watch.percentile(part)) {
            let says = format!("{:.0} ms, at most {budget:?} allowed", took.as_secs_f64() * 1000.0);
            clause(&format!("latency.{name}"), took <= budget, says);
        }
    }
    GateDecision { clauses }
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
        decide(gate, &mut watch, &Waivers::default(), false)
            .refusals()
            .map(|clause| clause.name.clone())
            .next()
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
            (&gate, vec![waived], None),
            (&gate, vec![errored], Some("errored")),
            (&gate, vec![passed(), flaky], Some("max_flaky")),
            (&gate, vec![], Some("min_judged")),
            (&strict, vec![passed()], Some("min_judged")),
            (&strict, vec![passed(), passed(), skipped], Some("max_skipped")),
        ];
        for (gate, trials, expected) in rows {
            assert_eq!(refusal(gate, &trials).as_deref(), expected);
        }
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
