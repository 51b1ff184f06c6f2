//! [`Issue`]: a problem of the target as tools for code list it, one for one cause.
//!
//! Tools that show findings beside code know neither trials nor answers: they know a rule, a message and places in
//! files, and tell by a fingerprint what is new. Forty failed cases with one cause are one entry, at the line of the
//! case that shows it best.

use super::index::Index;
use crate::http::digest;
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::source::Location;
use crate::problem::{Calls, Cluster, Clusters, Key, Problem, Reason, problems, rank, saying};
use crate::record::ReadError;

/// What an entry is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Kind {
    /// Answers that break a requirement of this level.
    Finding(Level),
    /// Answers that break a requirement in a way that was accepted.
    Waived,
    /// Trials that could not be judged.
    NotJudged,
}

impl Kind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Finding(level) => level.as_str(),
            Self::Waived => "waived",
            Self::NotJudged => "errored",
        }
    }
}

/// A problem. Its texts are as the record has them, and not long (400 characters each).
#[derive(Debug, Clone)]
pub struct Issue {
    pub kind: Kind,
    /// `check/requirement`, or `errored/connect`: see [`rule`].
    pub rule: String,
    pub api: String,
    pub operations: Vec<String>,
    /// The place in the answer; empty where there was none.
    pub place: String,
    pub message: String,
    pub expected: Option<String>,
    pub actual: Option<String>,
    /// The line of the case, and of the contract.
    pub case: Location,
    pub contract: Option<Location>,
    /// Lines of the document, as written.
    pub document: Option<String>,
    pub consequences: Vec<Consequence>,
    /// How many trials show it, and some of their names.
    pub trials: usize,
    pub examples: Vec<String>,
    pub findings: usize,
    pub waiver: Option<Waiver>,
    /// SHA-256 in hex of what it is about: the same in every run, whatever values, lines and numbers of cases are.
    pub fingerprint: String,
}

/// The waiver that accepts a problem.
#[derive(Debug, Clone)]
pub struct Waiver {
    pub id: String,
    /// `fixed in 2.3 (PM-12, ops@example.com, until 2026-12-31)`.
    pub says: String,
}

/// Something else that is wrong, most likely for the same cause.
#[derive(Debug, Clone)]
pub struct Consequence {
    pub rule: String,
    pub place: String,
    pub message: String,
    pub case: Option<Location>,
}

impl Issue {
    /// `/data/order_id: null where the contract has a string`.
    pub fn what(&self) -> String {
        match self.place.as_str() {
            "" => self.message.clone(),
            place => format!("{place}: {}", self.message),
        }
    }

    /// `cube orderPackage, query; 47 trials, e.g. cube::orderPackage::order/documented`.
    pub fn whereabouts(&self) -> String {
        let s = if self.trials == 1 { "" } else { "s" };
        let example = self.examples.first().map(|name| format!(", e.g. {name}")).unwrap_or_default();
        format!("{} {}; {} trial{s}{example}", self.api, self.operations.join(", "), self.trials)
    }
}

/// What failed, then what could not be judged, then what was accepted, then what is only a warning; each from the most
/// frequent.
pub fn issues(index: &Index) -> Result<Vec<Issue>, ReadError> {
    let tally = &index.tally;
    let mut found = Vec::new();
    for problem in tally.failing() {
        found.push(of_findings(index, &problem, &tally.failures, None)?);
    }
    for reason in &tally.errors.list {
        found.push(of_reason(index, reason)?);
    }
    for (id, clusters) in &index.waived {
        for problem in problems(&clusters.list, &Calls::default()) {
            let mut issue = of_findings(index, &problem, clusters, Some(id))?;
            // Of other cases it is not accepted, or by another waiver.
            if found.iter().any(|other: &Issue| other.fingerprint == issue.fingerprint) {
                issue.fingerprint = hash(["waived", id, &issue.fingerprint, "", ""]);
            }
            found.push(issue);
        }
    }
    let mut warned = tally.warning();
    // What is said as a failure already is said last.
    let failing = |problem: &Problem| {
        let mut keys = problem.clusters.iter().map(|i| &tally.warnings.list[*i].key);
        keys.any(|key| tally.failures.position(key).is_some())
    };
    warned.sort_by_key(failing);
    for problem in warned {
        found.push(of_findings(index, &problem, &tally.warnings, None)?);
    }
    Ok(found)
}

/// How many findings and trials found no room in any of them: a target that is wrong in another way every time.
pub fn left_over(index: &Index) -> usize {
    index.tally.failures.left_over + index.tally.warnings.left_over + index.tally.errors.left_over
}

fn of_findings(
    index: &Index,
    problem: &Problem,
    clusters: &Clusters,
    waiver: Option<&String>,
) -> Result<Issue, ReadError> {
    let mut all = problem.clusters.iter().map(|i| &clusters.list[*i]);
    let members: Vec<&Cluster> = all.clone().collect();
    let (lead, rest) = (members[0], &members[1..]);
    let finding = &lead.sample.finding;
    let trial = index.trial(lead.sample.trial)?;
    let step = trial.steps.get(lead.sample.step).map(|step| &step.location);
    let level = all.clone().map(|c| c.sample.finding.level).max().unwrap_or_default();
    let kind = if waiver.is_some() { Kind::Waived } else { Kind::Finding(level) };
    Ok(Issue {
        kind,
        rule: rule(finding),
        api: api(index, lead.key.api),
        operations: problem.operations.clone(),
        place: lead.place(),
        message: finding.message.clone(),
        expected: finding.expected.clone(),
        actual: finding.actual.clone(),
        case: finding.case.clone().or_else(|| step.cloned()).unwrap_or(trial.location),
        contract: all.find_map(|c| c.sample.finding.spec.clone()),
        document: members.iter().find_map(|c| c.sample.finding.doc.clone()),
        consequences: rest.iter().map(|c| consequence(c)).collect(),
        trials: problem.trials.len(),
        examples: problem.refs.iter().map(|case| case.name.clone()).collect(),
        findings: members.iter().map(|c| c.findings).sum(),
        waiver: waiver.map(|id| self::waiver(index, id)),
        fingerprint: fingerprint(index, &members, kind),
    })
}

fn waiver(index: &Index, id: &str) -> Waiver {
    let known = index.started.waivers.iter().find(|waiver| waiver.id == id);
    let says = known.map_or_else(String::new, |waiver| {
        let ticket = waiver.ticket.as_ref().map(|ticket| format!("{ticket}, ")).unwrap_or_default();
        format!("{} ({ticket}{}, until {})", waiver.reason, waiver.owner, waiver.until)
    });
    Waiver { id: id.to_owned(), says }
}

fn consequence(cluster: &Cluster) -> Consequence {
    let finding = &cluster.sample.finding;
    Consequence {
        rule: rule(finding),
        place: cluster.place(),
        message: finding.message.clone(),
        case: finding.case.clone(),
    }
}

fn of_reason(index: &Index, reason: &Reason) -> Result<Issue, ReadError> {
    let first = reason.refs.first().map(|case| index.trial(case.trial)).transpose()?;
    let kind = reason.kind.as_deref().unwrap_or("trial");
    let api = api(index, reason.api);
    let said = saying(&reason.text);
    Ok(Issue {
        kind: Kind::NotJudged,
        rule: format!("errored/{}", word(kind).unwrap_or("trial")),
        fingerprint: hash(["errored", &api, kind, &said, ""]),
        api,
        operations: reason.operations.clone(),
        place: String::new(),
        message: reason.text.clone(),
        expected: None,
        actual: None,
        document: first.as_ref().and_then(|trial| trial.doc.clone()),
        case: first.map_or(Location { file: "proofmark.yaml".into(), line: 1, column: 1 }, |t| t.location),
        contract: None,
        consequences: Vec::new(),
        trials: reason.trials,
        examples: reason.refs.iter().map(|case| case.name.clone()).collect(),
        findings: 0,
        waiver: None,
    })
}

fn api(index: &Index, number: usize) -> String {
    index.tally.apis.get(number).cloned().unwrap_or_default()
}

/// The rule that a finding breaks: `schema/type`, `xsd/cvc-pattern-valid`, `rule/echo-msisdn`. What a single case
/// requires of one field (`equals` at a path) is the check alone: there would be as many rules as fields.
pub fn rule(finding: &Finding) -> String {
    let check = word(&finding.check).unwrap_or("finding");
    match finding.requirement.as_deref().and_then(word) {
        Some(requirement) => format!("{check}/{requirement}"),
        None => check.to_owned(),
    }
}

/// A text that is a name.
fn word(text: &str) -> Option<&str> {
    let name = |c: char| c.is_ascii_alphanumeric() || "-_.".contains(c);
    (!text.is_empty() && text.len() <= 80 && text.chars().all(name)).then_some(text)
}

/// Of the finding nearest to the cause. Which that is must not depend on how many cases there are: a new case is not a
/// new problem.
fn fingerprint(index: &Index, members: &[&Cluster], kind: Kind) -> String {
    let order = |key: &&Key| {
        let place = (key.at.clone(), key.requirement.clone(), key.operation.clone());
        (rank(&key.check, &key.at), place)
    };
    let key = members.iter().map(|c| &c.key).min_by_key(order).unwrap_or(&members[0].key);
    // A finding stays the same when it is waived; of a level that only warns it is another.
    let kind = match kind {
        Kind::Finding(Level::Should | Level::May) => "warning",
        Kind::Finding(Level::Must) | Kind::Waived | Kind::NotJudged => "must",
    };
    let what = format!("{}\0{}", key.check, key.requirement);
    hash([kind, &api(index, key.api), &key.operation, &what, &key.at])
}

fn hash(parts: [&str; 5]) -> String {
    digest::hex(&digest::sha256(parts.join("\0").as_bytes()))
}
