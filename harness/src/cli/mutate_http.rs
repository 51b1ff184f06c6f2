//! `proofmark mutate --http`: the suite run against mutants that come over HTTP, and each verdict of the run compared with
//! the one that the same mutant gets offline.

use super::arguments::MutateArguments;
use super::mutate::{Quiet, libtest};
use super::mutating_proxy::{HEADER, MutatingProxy};
use super::run::{context, start};
use super::serve::bases;
use super::{Failure, console, interrupt, target};
use crate::engine::{self, Evidence, EvidenceOf, Observer};
use crate::http::client::Limits;
use crate::model::exchange::latin1;
use crate::model::finding::Finding;
use crate::model::verdict::exit;
use crate::mutate::{Choice, Live, Operator, Served};
use crate::plan::Planned;
use crate::suite::Suite;
use serde_json::{Map, Value};
use std::collections::{BTreeMap, BTreeSet};
use std::net::SocketAddr;
use std::sync::{Arc, PoisonError};

/// The share of the answers that are mutants: where all were, few trials would come to their second step.
const SHARE: f64 = 0.5;

/// Disagreements that are shown.
const SHOWN: usize = 10;

/// Runs the plan through the proxy. The status is 2 where verdicts differ: then one of the judges is wrong.
pub fn run(
    suite: &Suite,
    target: &target::Chosen,
    plan: Vec<Planned>,
    operators: Vec<&'static Operator>,
    limits: Limits,
    arguments: &MutateArguments,
) -> Result<u8, Failure> {
    if !target.sandbox {
        return Err(Failure::Usage(
            "`--http` serves mutants of the embedded sandbox: leave out `--target`".into(),
        ));
    }
    let seed = arguments.seed;
    let listen = arguments.callbacks.callback_listen;
    let mut prepared =
        start(suite, target, &plan, seed, &[], listen, arguments.callbacks.callback_url.clone())?;
    let address = prepared
        .sandbox
        .as_ref()
        .map(|s| s.address())
        .ok_or_else(|| Failure::Broken("the embedded sandbox was not started".into()))?;
    let env: Map<String, Value> =
        prepared.secrets.iter().map(|(name, value)| (name.clone(), value.clone().into())).collect();
    let bases = bases(&prepared.urls.by_api);
    let choice = Choice { seed, share: arguments.sample.unwrap_or(SHARE), operators };
    let live = Live::new(&plan, &bases, Value::Object(env), choice);
    let free = SocketAddr::from(([127, 0, 0, 1], 0));
    let proxy = MutatingProxy::start(free, format!("http://{address}"), live, true, Box::new(|_| {}))
        .map_err(Failure::Broken)?;
    for (api, base) in &bases {
        prepared.urls.by_api.insert(api.clone(), format!("http://{}{base}", proxy.address()));
    }
    let (mut context, sandbox) = context(suite, prepared, limits, seed)?;
    context.evidence = Some(EvidenceOf::all());
    let context = Arc::new(context);
    let stop = context.stop.clone();
    interrupt::watch(move || stop.interrupt()).map_err(|e| Failure::Broken(e.to_string()))?;
    let observer: Arc<dyn Observer> = Arc::new(Quiet);
    let outcome = engine::run(plan, &context, &libtest(suite, arguments), &observer);
    drop(sandbox);
    if outcome.interrupted {
        return Err(Failure::Broken("the run was interrupted".into()));
    }
    let evidence = context
        .evidence
        .as_ref()
        .map(|kept| std::mem::take(&mut *kept.exchanges.lock().unwrap_or_else(PoisonError::into_inner)));
    compare(&evidence.unwrap_or_default(), &proxy.served())
}

/// What of a finding is its verdict: check, requirement, place, level.
fn verdict(findings: &[Finding]) -> BTreeSet<(String, String, String, String)> {
    let of = |f: &Finding| {
        let requirement = f.requirement.clone().unwrap_or_default();
        (f.check.clone(), requirement, f.at.clone(), f.level.as_str().to_owned())
    };
    findings.iter().map(of).collect()
}

/// Judges every mutant that was served and received again, offline.
fn compare(evidence: &[Evidence], served: &[Served]) -> Result<u8, Failure> {
    let (mut compared, mut killed, mut differing) = (0, 0, 0);
    let mut operators: BTreeMap<&str, usize> = BTreeMap::new();
    for evidence in evidence {
        let Some(value) = evidence.response().and_then(|response| response.header(HEADER)).map(latin1) else {
            continue;
        };
        let number = value.split(' ').next().and_then(|number| number.parse::<usize>().ok());
        let Some(mutant) = number.and_then(|number| served.get(number.checked_sub(1)?)) else { continue };
        let offline = verdict(&evidence.judge(&mutant.response).findings);
        let online = verdict(&evidence.findings);
        compared += 1;
        killed += usize::from(!online.is_empty());
        *operators.entry(mutant.operator).or_default() += 1;
        if offline != online {
            differing += 1;
            if differing <= SHOWN {
                tell(evidence, mutant, &online, &offline);
            }
        }
    }
    if compared == 0 {
        return Err(Failure::Broken("no mutant was served and received".into()));
    }
    console::line(&format!(
        "{compared} mutants of {} defects served over HTTP ({} were not received as answers): {killed} found wrong by the run, {} verdicts are those of the offline judgement",
        operators.len(),
        served.len().saturating_sub(compared),
        compared - differing,
    ));
    match differing {
        0 => Ok(exit::CONFORMANT),
        _ => Err(Failure::Broken(format!("{differing} of {compared} verdicts differ"))),
    }
}

fn tell(
    evidence: &Evidence,
    mutant: &Served,
    online: &BTreeSet<(String, String, String, String)>,
    offline: &BTreeSet<(String, String, String, String)>,
) {
    console::error(&format!(
        "{}, step {}: {} {} ({})",
        evidence.trial, evidence.number, mutant.operator, mutant.field, mutant.change
    ));
    let shown = |(check, requirement, at, level): &(String, String, String, String)| {
        format!("{check} {requirement} at {at} ({level})")
    };
    online.difference(offline).for_each(|f| console::error(&format!("  only over HTTP: {}", shown(f))));
    offline.difference(online).for_each(|f| console::error(&format!("  only offline:   {}", shown(f))));
}
