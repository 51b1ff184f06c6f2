//! The deviations of an operation that a campaign is to send, by what it is told.

use super::subject::Subject;
use super::turn::Run;
use super::{Campaign, credential, documented, door};
use crate::fuzz::{Base, COERCED, Demand, Phase, Probe, SAME_TEXT, Well, boundaries, documents, examples};
use crate::plan::Change;
use crate::suite::KnownDefect;

/// All deviations that follow from the contract, of the phases that are asked for; with a suite those that follow from it.
pub fn deviations(subject: &Subject, run: Run<'_>) -> Vec<Probe> {
    let Run { around, context, campaign, .. } = run;
    let mut probes = Vec::new();
    let wants = |phase| campaign.phases.contains(&phase);
    if wants(Phase::Sequences) {
        probes.extend(credential::probes(subject, &around.world.logins, context.seed));
    }
    if wants(Phase::Examples) {
        probes.extend(documented::probes(subject, around.trials, context));
    }
    if campaign.without_cases && wants(Phase::Sequences) {
        probes.extend(door::probes(around.contract, subject, &context.headers, context.seed));
    }
    if wants(Phase::Examples) {
        probes.extend(examples(&subject.base));
    }
    if wants(Phase::Boundaries) {
        probes.extend(boundaries(&subject.base));
    }
    probes.retain(|probe| is_chosen(probe, campaign));
    probes.iter_mut().for_each(|probe| soften(probe, campaign));
    probes
}

/// Whether a deviation says something else, by the operation's own method and in its own form.
pub fn is_of_values(probe: &Probe) -> bool {
    !probe.changes.is_empty() && probe.changes.iter().all(|change| !matches!(change, Change::Wire(_)))
}

pub fn is_chosen(probe: &Probe, campaign: &Campaign) -> bool {
    let named = |name: &String| probe.case().contains(name.as_str());
    let is_named = campaign.probes.is_empty() || campaign.probes.iter().any(named);
    is_named && (probe.safe || !campaign.safe_only)
}

/// A suite has its types from examples in a document for people, which do not say that a number is no text.
pub fn soften(probe: &mut Probe, campaign: &Campaign) {
    if probe.kind != SAME_TEXT {
        return;
    }
    match &mut probe.demand {
        demand if !campaign.without_cases => *demand = Demand::Open,
        Demand::Refused(breach) => breach.constraint = COERCED.into(),
        Demand::Accepted(_) | Demand::NotServed | Demand::Open => {}
    }
}

/// The deviations that showed defects of the operation before, made again from their names.
pub fn known(base: &Base, all: &[Probe], campaign: &Campaign) -> Vec<Probe> {
    let of_operation = |(api, defect): &&(String, KnownDefect)| {
        *api == base.operation.api && defect.operation == base.operation.id
    };
    let mut probes = Vec::new();
    for (_, defect) in campaign.known.iter().filter(of_operation) {
        let most = usize::try_from(defect.cases).unwrap_or(0);
        let by_name = all.iter().cloned().chain(examples(base)).chain(boundaries(base));
        let by_name = by_name.chain(documents(base, defect.seed, most));
        let found = by_name.into_iter().find(|probe| probe.case() == defect.probe);
        probes.extend(found.or_else(|| Well::new(base, defect.seed).named(&defect.probe)));
    }
    probes.retain(|probe| is_chosen(probe, campaign));
    probes.iter_mut().for_each(|probe| soften(probe, campaign));
    probes
}
