//! `proofmark certify`: an acceptance run, and the signed evidence that it leaves.

mod commit;
mod evidence;
mod fuzzing;
mod ready;
mod sending;

use super::arguments::CertifyArguments;
use super::console::{self, Console};
use super::{Failure, gate};
use crate::bundle;
use crate::model::visible::visible;
use crate::record::{Clause, Conformance, Event, GateDecision};
use ready::Certification;
use std::path::PathBuf;
use std::sync::Arc;

pub fn run(arguments: &CertifyArguments) -> Result<u8, Failure> {
    let certification = ready::ready(arguments)?;
    ready::refused_beforehand(&certification.suite).iter().for_each(|why| console::note(&visible(why)));
    let run = super::run::run_name();
    let reports =
        arguments.conduct.reports.clone().unwrap_or_else(|| certification.suite.root.join("reports"));
    let folder = reports.join(&run);
    let out = arguments.out.clone().unwrap_or_else(|| folder.join("evidence"));
    let console = Arc::new(Console::new(arguments.conduct.format, certification.plan.len()));
    let mut sent = sending::send(&certification, arguments, &run, &folder, &console)?;
    let fuzzed = fuzzing::fuzz(&certification, arguments, &run, &folder.join("fuzz"), &sent.stop)?;
    sent.decision.clauses.extend(fuzzed.clauses(certification.gate().level));
    let mut finished = sent.finished;
    finished.gate = Some(sent.decision.clone());
    finished.interrupted |= fuzzed.interrupted;
    finished.unused_waivers.retain(|waiver| fuzzed.unused_waivers.contains(waiver));
    let unused = finished.unused_waivers.clone();
    let last = Event::RunFinished(finished);
    sent.recorder.write(&last);
    let record = super::recording::finish(sent.recorder)?;
    super::report::usual(&record, &folder)?;
    let unsigned = evidence::gather(&certification, &record, &fuzzed.record)?;
    let level = unsigned.dossier.conformance();
    let status = exit_of(&sent.decision, level);
    let files = evidence::sign(unsigned, &certification.key)?;
    bundle::write_folder(&files, &out)
        .map_err(|e| Failure::Broken(format!("cannot write the bundle `{}`: {e}", out.display())))?;
    if let Some(archive) = &arguments.archive {
        evidence::write_archive(&files, archive)?;
    }
    unused.iter().for_each(|id| console::note(&format!("waiver {id} fits nothing any more: remove it")));
    told(&certification, &sent.decision, level, &out, arguments);
    Ok(status)
}

/// Wrong beats could-not-tell.
fn exit_of(decision: &GateDecision, level: Conformance) -> u8 {
    match level {
        Conformance::NotJudged if decision.refusals().all(Clause::is_about_judging) => {
            crate::model::verdict::exit::COULD_NOT_JUDGE
        }
        _ => gate::exit(decision),
    }
}

fn told(
    certification: &Certification,
    decision: &GateDecision,
    level: Conformance,
    out: &std::path::Path,
    arguments: &CertifyArguments,
) {
    gate::print(decision);
    let acceptance = &certification.acceptance;
    let words = match level {
        Conformance::Full | Conformance::WithWaivers => console::good(level.words()),
        Conformance::Provisional | Conformance::NotConformant | Conformance::NotJudged => {
            console::bad(level.words())
        }
    };
    let mut places: Vec<PathBuf> = vec![out.to_owned()];
    places.extend(arguments.archive.clone());
    for place in places {
        console::line(&format!(
            "evidence: {} (report: acceptance.html; key {})",
            place.display(),
            acceptance.key
        ));
    }
    let what = visible(&format!("{} {} of {}", acceptance.product, acceptance.version, acceptance.vendor))
        .into_owned();
    console::line(&format!(
        "{what}: {words} (level {}, profile {})",
        level.as_str(),
        visible(&acceptance.profile)
    ));
}
