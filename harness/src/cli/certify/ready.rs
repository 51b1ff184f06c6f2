//! Everything that must be so before an acceptance run sends anything. What is not is told all at once.

use super::super::arguments::CertifyArguments;
use super::super::arguments::SuiteArguments;
use super::super::check::{Ready, ready as load};
use super::super::target::Chosen;
use super::super::{Failure, verify};
use super::commit::{Provenance, provenance};
use crate::bundle::PrivateKey;
use crate::http::digest;
use crate::model::level::Level;
use crate::model::problem::{alternatives, nearest};
use crate::plan::{Planned, Selection, Trial, select};
use crate::policy::{Waivers, ran_out};
use crate::record::personal::Policy;
use crate::record::{Acceptance, FileDigest, FuzzPlan};
use crate::suite::{Gate, Profile, Suite, WAIVERS};
use std::path::Path;
use std::sync::Arc;

/// The variable that holds the private key where `--key` names no file.
pub const KEY_VARIABLE: &str = "PROOFMARK_KEY";
/// Files and trials that are named in one reason.
const NAMED: usize = 8;

/// An acceptance run that may start.
pub struct Certification {
    pub suite: Suite,
    pub target: Chosen,
    pub trials: Vec<Arc<Trial>>,
    pub plan: Vec<Planned>,
    pub profile: Profile,
    pub policy: Policy,
    pub key: PrivateKey,
    pub acceptance: Acceptance,
    /// `waivers.yaml`, where there is one.
    pub waivers: Option<Vec<u8>>,
}

impl Certification {
    pub fn gate(&self) -> &Gate {
        self.profile.gate.as_ref().unwrap_or(&self.suite.config.gate)
    }
}

pub fn ready(arguments: &CertifyArguments) -> Result<Certification, Failure> {
    let suite_arguments = |api: Vec<String>| SuiteArguments { of: arguments.of.clone(), api };
    let mut loaded = load(&suite_arguments(Vec::new()))?;
    let profile = profile(&loaded.suite, &arguments.profile)?.clone();
    if !profile.apis.is_empty() {
        loaded = load(&suite_arguments(profile.apis.iter().map(|api| api.value.clone()).collect()))?;
    }
    let Ready { suite, target, trials } = loaded;
    target.takes(&arguments.conduct.fault)?;
    let mut reasons = Vec::new();
    let names = [
        ("--vendor", &arguments.vendor),
        ("--product", &arguments.product),
        ("--version", &arguments.version),
    ];
    for (option, text) in names {
        if text.trim().is_empty() || text.chars().any(char::is_control) {
            reasons.push(format!("`{option}` is a name of one line, as it is to stand in the report"));
        }
    }
    let files = suite.files();
    let files = files.map_err(|e| Failure::Broken(format!("the suite's files cannot be read again: {e}")))?;
    let Provenance { commit, dirty } = provenance(&suite.root, &files);
    if !dirty.is_empty() && !arguments.allow_dirty {
        let says = "the suite is not that of a commit (`--allow-dirty` makes it no more than provisional)";
        reasons.push(format!("{says}:{}", list(&dirty)));
    }
    let planned = trials.clone();
    let plan = select(planned, &Selection::default());
    let skipped: Vec<String> = plan
        .iter()
        .filter(|planned| planned.trial.level == Level::Must)
        .filter_map(|planned| Some(format!("`{}`: {}", planned.trial.name, planned.skip.as_ref()?)))
        .collect();
    if !skipped.is_empty() {
        reasons.push(format!("cases of level must would not run:{}", list(&skipped)));
    }
    if !plan.iter().any(|planned| planned.skip.is_none()) {
        reasons.push("there is no case to run".into());
    }
    let documents = documents(&suite, arguments.documents.as_deref(), &mut reasons);
    let out = arguments.out.as_deref().filter(|out| out.symlink_metadata().is_ok());
    reasons
        .extend(out.map(|out| format!("`{}` is there already; bundles are not overwritten", out.display())));
    let key = match key(arguments.key.as_deref()) {
        Ok(key) => Some(key),
        Err(why) => {
            reasons.push(why);
            None
        }
    };
    let (Some(key), true) = (key, reasons.is_empty()) else {
        let all: Vec<String> = reasons.iter().map(|reason| format!("\n  - {reason}")).collect();
        return Err(Failure::Usage(format!("the acceptance run does not start:{}", all.concat())));
    };
    let policy = Policy::new(&suite.config.personal)
        .map_err(|e| Failure::Usage(format!("`personal` of proofmark.yaml: {e}")))?;
    let phases = profile.fuzz.phases.iter().map(|phase| phase.as_str().to_owned()).collect();
    let acceptance = Acceptance {
        vendor: arguments.vendor.trim().to_owned(),
        product: arguments.product.trim().to_owned(),
        version: arguments.version.trim().to_owned(),
        profile: arguments.profile.clone(),
        profile_title: profile.title.clone(),
        commit,
        dirty,
        suite_files: verify::suite_files(&suite)?,
        documents,
        fuzz: FuzzPlan { seed: profile.fuzz.seed, cases: profile.fuzz.cases, phases },
        reports: profile.reports.iter().map(|format| format.word().to_owned()).collect(),
        key: key.public().id(),
        pseudonyms: policy.words().to_vec(),
    };
    let waivers = files.get(WAIVERS).cloned();
    Ok(Certification { suite, target, trials, plan, profile, policy, key, acceptance, waivers })
}

/// What is known beforehand to refuse the delivery, whatever it is like: waivers that have run out. It is told before
/// the run, which takes its time, and is made all the same, as its evidence shows what they would have accepted.
pub fn refused_beforehand(suite: &Suite) -> Option<String> {
    let today = jiff::Timestamp::now().to_zoned(jiff::tz::TimeZone::UTC).date();
    let expired: Vec<String> = Waivers::new(&suite.waivers, today)
        .expired()
        .iter()
        .map(|waiver| format!("{}: {}\n        at {}", ran_out(waiver), waiver.reason, waiver.location))
        .collect();
    let says = "waivers have run out: they accept nothing, and the clause `waivers` will refuse the delivery. Agree on a new \
                day with their owners (`until`), or take them out of waivers.yaml";
    (!expired.is_empty()).then(|| format!("{says}:{}", list(&expired)))
}

fn profile<'s>(suite: &'s Suite, name: &str) -> Result<&'s Profile, Failure> {
    let known: Vec<&str> = suite.config.profiles.iter().map(|(n, _)| n.value.as_str()).collect();
    suite.config.profile(name).ok_or_else(|| {
        let near = nearest(name, &known).map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
        Failure::Usage(match known.is_empty() {
            true => format!("proofmark.yaml has no profile `{name}`: add `profiles: {{ {name}: {{}} }}`"),
            false => format!("unknown profile `{name}`{}{near}", alternatives(name, &known)),
        })
    })
}

/// The private key of the file, or of the environment. What it holds is in no message.
fn key(file: Option<&Path>) -> Result<PrivateKey, String> {
    let (text, place) = match (file, std::env::var(KEY_VARIABLE)) {
        (Some(file), _) => {
            let name = file.display();
            let text =
                std::fs::read_to_string(file).map_err(|e| format!("cannot read the key `{name}`: {e}"))?;
            (text, format!("`{name}`"))
        }
        (None, Ok(text)) if !text.is_empty() => (text, KEY_VARIABLE.to_owned()),
        (None, _) => {
            return Err(format!(
                "there is no key to sign with: `--key FILE` or {KEY_VARIABLE} (`proofmark keygen` makes one)"
            ));
        }
    };
    PrivateKey::from_pem(&text).map_err(|e| format!("{place} is no private key: {e}"))
}

/// Digests of the documents that the contracts name.
fn documents(suite: &Suite, folder: Option<&Path>, reasons: &mut Vec<String>) -> Vec<FileDigest> {
    let Some(folder) = folder else { return Vec::new() };
    let mut found: Vec<FileDigest> = Vec::new();
    for name in suite.contracts.iter().filter_map(|contract| contract.document.as_ref()) {
        if found.iter().any(|file| file.name == *name) {
            continue;
        }
        match std::fs::read(folder.join(name)) {
            Ok(bytes) => {
                let sha256 = digest::hex(&digest::sha256(&bytes));
                found.push(FileDigest { name: name.clone(), sha256 });
            }
            Err(e) => {
                reasons.push(format!("cannot read the document `{}`: {e}", folder.join(name).display()))
            }
        }
    }
    found
}

fn list(items: &[String]) -> String {
    let mut text: String = items.iter().take(NAMED).map(|item| format!("\n      {item}")).collect();
    if items.len() > NAMED {
        text.push_str(&format!("\n      … and {} more", items.len() - NAMED));
    }
    text
}
