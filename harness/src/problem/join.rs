//! Which clusters most likely have one cause. Nobody can know that from outside; these rules were tried on every fault of
//! the sandbox, and err on the side of telling two causes apart.

use super::attach::{attach, links};
use super::calls::Calls;
use super::chance::unlikely;
use super::cluster::Cluster;
use super::expression::without_paths;
use super::place::{field, is_consequence, is_inside, is_meaning, is_specific};
use std::collections::HashMap;

/// Joined clusters: each points to one of its group, the first to itself.
pub struct Groups(Vec<usize>);

impl Groups {
    pub fn root(&self, mut i: usize) -> usize {
        while self.0[i] != i {
            i = self.0[i];
        }
        i
    }

    pub fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// Joins clusters. `order` has them from cause to consequence.
pub fn join(clusters: &[Cluster], order: &[usize], calls: &Calls) -> Groups {
    let mut groups = Groups((0..clusters.len()).collect());
    same_thing(clusters, &mut groups);
    same_cases(clusters, order, calls, &mut groups);
    for cause in [unreadable, other_charset, other_media_type, other_outcome] {
        explained(clusters, cause, &mut groups);
    }
    attach(clusters, &links(clusters), &mut groups);
    unlikely(clusters, calls, &mut groups);
    groups
}

/// Clusters about the same field, header or status of the same operation, and clusters that say the same in the same API.
fn same_thing(clusters: &[Cluster], groups: &mut Groups) {
    let mut places: HashMap<(usize, &str, &str), usize> = HashMap::new();
    let mut said: HashMap<(usize, Said<'_>), usize> = HashMap::new();
    for (i, cluster) in clusters.iter().enumerate() {
        let key = &cluster.key;
        if is_specific(&key.at) && !cluster.container {
            groups.join(i, *places.entry((key.api, &key.operation, &key.at)).or_insert(i));
        }
        for what in sayings(cluster) {
            groups.join(i, *said.entry((key.api, what)).or_insert(i));
        }
    }
}

/// What a cluster says, so far that another one that says it has the same cause.
#[derive(Debug, PartialEq, Eq, Hash)]
enum Said<'c> {
    /// A kind of defect of a field of a name.
    OfField(&'c str, &'c str),
    /// The same outcome in cases of one file, which are about one thing.
    InFile(&'c str, &'c str),
    /// The words of a rule.
    Rule(&'c str),
    /// The expression of a rule that has no words.
    Expression(&'c str, &'c str),
    /// The expression of a rule without what is around the fields that it reads.
    Alike(String),
}

fn sayings(cluster: &Cluster) -> Vec<Said<'_>> {
    let key = &cluster.key;
    // What is wrong with roots of messages is not about their names.
    let root = key.check == "xsd" && key.at.rfind('/') == Some(0);
    let field = if root { "/" } else { field(&key.at) };
    let all = cluster.sayings.iter().map(String::as_str);
    match key.check.as_str() {
        "rule" => {
            let finding = &cluster.sample.finding;
            let words = finding.message.strip_prefix("not so: ");
            let unread = finding.message.starts_with("cannot tell").then_some(finding.message.as_str());
            let said = match words.or(unread) {
                Some(words) => Said::Rule(words),
                None => Said::Expression(field, &key.requirement),
            };
            let alike = finding.expected.as_deref().and_then(without_paths).map(Said::Alike);
            [Some(said), alike].into_iter().flatten().collect()
        }
        "outcome" => {
            let in_file = |says| cluster.files.iter().map(move |file| Said::InFile(file, says));
            all.flat_map(in_file).collect()
        }
        _ => all.map(|says| Said::OfField(field, says)).collect(),
    }
}

/// Clusters that come in exactly the same cases of an operation, when one explains the other: a wrong field explains a
/// wrong outcome, code or rule, but not another wrong field, unless the same is wrong with both. Where all answers of an operation (three or more) are wrong, coming together says less: then
/// only what reads the answer's meaning is joined.
fn same_cases(clusters: &[Cluster], order: &[usize], calls: &Calls, groups: &mut Groups) {
    let mut together: HashMap<(usize, &str, &[u32]), Vec<usize>> = HashMap::new();
    for i in order {
        let (effect, trials) = (&clusters[*i], &clusters[*i].trials);
        let key = &effect.key;
        let everywhere = trials.len() >= 3 && trials.len() >= calls.of_operation(key.api, &key.operation);
        let earlier = together.entry((key.api, &key.operation, trials)).or_default();
        let explains = |cause: &&usize| {
            let cause = &clusters[**cause];
            let reaches = is_inside(&cause.key.check)
                && (is_meaning(&cause.key.check) || !is_specific(&cause.key.at) || !is_specific(&key.at));
            let alike = cause.key.check == key.check && cause.sayings == effect.sayings;
            match everywhere {
                true => is_meaning(&key.check) || alike,
                false => alike || (is_consequence(&key.check) && reaches),
            }
        };
        if let Some(cause) = earlier.iter().find(explains) {
            groups.join(*cause, *i);
        }
        earlier.push(*i);
    }
}

/// A kind of cause: whether the first cluster is one, and whether it would make the second one.
type Cause = fn(&Cluster, Option<&Cluster>) -> bool;

/// Joins to causes of a kind what they explain in no other cases than theirs.
fn explained(clusters: &[Cluster], cause: Cause, groups: &mut Groups) {
    let mut causes: HashMap<(usize, &str), (usize, Vec<u32>)> = HashMap::new();
    for (i, cluster) in clusters.iter().enumerate().filter(|(_, c)| cause(c, None)) {
        let key = (cluster.key.api, cluster.key.operation.as_str());
        causes.entry(key).or_insert((i, Vec::new())).1.extend(&cluster.trials);
    }
    for (_, trials) in causes.values_mut() {
        trials.sort_unstable();
    }
    for (i, effect) in clusters.iter().enumerate() {
        let key = (effect.key.api, effect.key.operation.as_str());
        if let Some((first, trials)) = causes.get(&key)
            && cause(&clusters[*first], Some(effect))
            && contains(trials, &effect.trials)
        {
            groups.join(*first, i);
        }
    }
}

/// An error page, or a body that cannot be parsed: nothing else can be right.
fn unreadable(cause: &Cluster, _: Option<&Cluster>) -> bool {
    let status = cause.sample.finding.actual.as_deref().and_then(|a| a.parse::<u16>().ok());
    match cause.key.check.as_str() {
        "status" => status.is_some_and(|s| s >= 400),
        "well-formed" => cause.key.requirement == "syntax",
        _ => false,
    }
}

/// A wrong charset makes texts wrong, and can break the syntax.
fn other_charset(cause: &Cluster, effect: Option<&Cluster>) -> bool {
    let Some(effect) = effect else { return cause.key.check == "charset" };
    let finding = &effect.sample.finding;
    let is_text = [&finding.actual, &finding.expected].into_iter().flatten().any(|v| !v.is_ascii());
    let check = effect.key.check.as_str();
    check == "charset" || check == "well-formed" || (is_text && is_consequence(check))
}

/// An answer that is read as something else has no element, outcome or root that it should have.
fn other_media_type(cause: &Cluster, effect: Option<&Cluster>) -> bool {
    let Some(effect) = effect else { return cause.key.check == "content-type" };
    let key = &effect.key;
    let root = key.at.rfind('/') == Some(0);
    match key.check.as_str() {
        "well-formed" => true,
        "outcome" => key.requirement != "expected",
        _ => root && effect.sample.finding.message.ends_with(" is missing"),
    }
}

/// A success instead of a failure has the wrong code, values and fields too.
fn other_outcome(cause: &Cluster, effect: Option<&Cluster>) -> bool {
    let is_cause = cause.key.check == "outcome" && cause.key.requirement == "expected";
    is_cause && effect.is_none_or(|effect| is_consequence(&effect.key.check))
}

/// Whether one ascending list has all numbers of another.
pub fn contains(all: &[u32], some: &[u32]) -> bool {
    some.len() <= all.len() && some.iter().all(|n| all.binary_search(n).is_ok())
}
