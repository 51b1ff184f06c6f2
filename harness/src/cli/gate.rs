//! The gate: `--gate` of a run and of `merge`, and `proofmark gate` of a record.

use super::arguments::{GateArguments, GateFormat};
use super::choose::earlier;
use super::console::{self, Console};
use super::{Failure, compare, problems};
use crate::engine::Observer;
use crate::model::verdict::exit;
use crate::model::visible::visible;
use crate::policy::{Baseline, Facts, Known, Watch, decide, ran_out};
use crate::record::{
    Clause, Coverage, Event, GateDecision, RecordReader, RunFinished, RunStarted, TrialFinished,
    WaiverSummary,
};
use crate::suite::{Gate, load_config};
use std::path::Path;
use std::sync::{Arc, Mutex, PoisonError};

/// Counts what the gate asks for, and shows trials as the console does.
pub struct Watchman {
    console: Arc<Console>,
    watch: Mutex<Watch>,
}

impl Watchman {
    pub fn new(console: Arc<Console>) -> Self {
        Self { console, watch: Mutex::default() }
    }

    pub fn decide(&self, gate: &Gate, facts: &Facts<'_>) -> GateDecision {
        let mut watch = self.watch.lock().unwrap_or_else(PoisonError::into_inner);
        decide(gate, &mut watch, facts)
    }
}

impl Observer for Watchman {
    fn trial_finished(&self, trial: &TrialFinished) {
        self.watch.lock().unwrap_or_else(PoisonError::into_inner).add(trial);
        self.console.trial_finished(trial);
    }
}

/// `proofmark gate RUN`: decides by the policy as it is now. Nothing is sent, and the record stays as it is.
pub fn run(arguments: &GateArguments) -> Result<u8, Failure> {
    let reports = arguments.reports.clone().unwrap_or_else(|| arguments.suite.join("reports"));
    let run = earlier(&arguments.run, &reports)?;
    let gate = policy(&arguments.suite)?;
    let recorded = Recorded::read(&run)?;
    if let Some(shard) = recorded.started.shard.filter(|shard| shard.count > 1) {
        return Err(Failure::Usage(format!(
            "`{}` is shard {}/{} of a run: join the shards first (`proofmark merge --gate`)",
            run.display(),
            shard.index,
            shard.count
        )));
    }
    let wanted = arguments.baseline.as_deref().or(gate.baseline.as_deref().map(Path::new));
    let own = (recorded.started.run.as_str(), recorded.started.target.as_str());
    let known = baseline(wanted, &reports, own)?;
    let decision = recorded.decide(&gate, known);
    match arguments.format {
        GateFormat::Pretty => print(&decision),
        GateFormat::Json => {
            let json = serde_json::to_string_pretty(&decision).map_err(|e| Failure::Broken(e.to_string()))?;
            console::line(&json);
        }
    }
    Ok(exit(&decision))
}

/// `gate` of the suite in a folder.
pub fn policy(suite: &Path) -> Result<Gate, Failure> {
    let mut found = Vec::new();
    let config = load_config(suite, &mut found).map_err(|e| Failure::Usage(e.0))?;
    match (config, found.is_empty()) {
        (Some((_, config)), true) => Ok(config.gate),
        _ => Err(problems::refuse(found)),
    }
}

/// The findings of the baseline, before a run is judged by them. `own` is the run's name and target. That no run is
/// green yet is for the gate to say; a run that is named and not there is a mistake.
pub fn baseline(wanted: Option<&Path>, reports: &Path, own: (&str, &str)) -> Result<Baseline, Failure> {
    let Some(wanted) = wanted else { return Ok(Baseline::NotAsked) };
    let (name, target) = own;
    let found = match wanted == Path::new("latest-green") {
        true => compare::green(reports, Some(target), name),
        false => earlier(wanted, reports).map(Some)?,
    };
    match found {
        Some(run) => Known::read(&run).map(Baseline::Run).map_err(|e| Failure::Usage(e.to_string())),
        None => Ok(Baseline::Missing(format!(
            "no earlier run in `{}` ran the whole suite against `{target}` and passed",
            reports.display()
        ))),
    }
}

/// A record, as far as a gate must know it.
pub struct Recorded {
    pub started: RunStarted,
    watch: Watch,
    coverage: Option<Coverage>,
    finished: Option<RunFinished>,
}

impl Recorded {
    pub fn read(run: &Path) -> Result<Self, Failure> {
        let mut started = None;
        let (mut watch, mut coverage, mut finished) = (Watch::default(), None, None);
        for event in RecordReader::open(run).map_err(|e| Failure::Usage(e.to_string()))? {
            match event.map_err(|e| Failure::Usage(e.to_string()))? {
                Event::RunStarted(event) => started = Some(*event),
                Event::TrialFinished(trial) => watch.add(&trial),
                Event::Coverage(event) => coverage = Some(*event),
                Event::RunFinished(event) => finished = Some(event),
                Event::History(_) => {}
            }
        }
        let none = || Failure::Usage(format!("`{}` has no `run-started`: it is no record", run.display()));
        Ok(Self { started: started.ok_or_else(none)?, watch, coverage, finished })
    }

    /// The same with its end, which is not written yet.
    pub fn ended(self, finished: RunFinished) -> Self {
        Self { finished: Some(finished), ..self }
    }

    /// A run that was cut short is as one that was interrupted. Waivers count that have run out by now.
    pub fn decide(mut self, gate: &Gate, baseline: Baseline) -> GateDecision {
        let facts = Facts {
            coverage: self.coverage.as_ref(),
            expired: expired(&self.started.waivers),
            interrupted: self.finished.as_ref().is_none_or(|end| end.interrupted),
            planned: self.started.planned,
            baseline,
        };
        decide(gate, &mut self.watch, &facts)
    }
}

/// The waivers of a record that had run out then, or have since.
fn expired(waivers: &[WaiverSummary]) -> Vec<String> {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let is_over = |waiver: &&WaiverSummary| {
        waiver.expired || waiver.until.parse::<jiff::civil::Date>().is_ok_and(|until| until < today)
    };
    waivers.iter().filter(is_over).map(ran_out).collect()
}

/// The clauses, and on the last line which of them decided.
pub fn print(decision: &GateDecision) {
    for clause in &decision.clauses {
        let says = visible(&clause.says);
        console::line(&format!("  {} {:<12} {says}", console::tick(clause.holds), clause.name));
    }
    let refusals: Vec<String> =
        decision.refusals().map(|clause| format!("`{}` ({})", clause.name, visible(&clause.says))).collect();
    // A gate that looks at a part of the plan says so.
    let part = match decision.judged < decision.planned {
        true => format!(", of {} judged of {} trials", decision.judged, decision.planned),
        false => String::new(),
    };
    console::line(&match refusals.is_empty() {
        false => format!("gate: {}, by {}", console::bad("fail"), refusals.join(" and ")),
        true => format!("gate: {}, all {} clauses hold{part}", console::good("pass"), decision.clauses.len()),
    });
}

/// The exit status of a run that a gate decided: wrong beats could-not-tell.
pub fn exit(decision: &GateDecision) -> u8 {
    match (decision.refusals().count(), decision.refusals().all(Clause::is_about_judging)) {
        (0, _) => exit::CONFORMANT,
        (_, true) => exit::COULD_NOT_JUDGE,
        (_, false) => exit::FINDINGS,
    }
}
