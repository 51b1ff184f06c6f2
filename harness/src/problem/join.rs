//! Which clusters most likely have one cause. Nobody can know that from outside; these rules were tried on every fault of
//! the sandbox, and err on the side of telling two causes apart.

use super::cluster::Cluster;
use super::place::{field, is_consequence, is_inside, is_meaning, is_specific, names};
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

    fn join(&mut self, a: usize, b: usize) {
        let (a, b) = (self.root(a), self.root(b));
        self.0[a.max(b)] = a.min(b);
    }
}

/// Joins clusters. `order` has them from cause to consequence; `sent` has the number of trials that called an operation.
pub fn join(clusters: &[Cluster], order: &[usize], sent: &HashMap<(usize, String), usize>) -> Groups {
    let mut groups = Groups((0..clusters.len()).collect());
    same_thing(clusters, &mut groups);
    same_cases(clusters, order, sent, &mut groups);
    same_name(clusters, &mut groups);
    for cause in [unreadable, other_charset, other_outcome] {
        explained(clusters, cause, &mut groups);
    }
    groups
}

/// Clusters about the same field, header or status of the same operation, and clusters that say the same of a field of
/// the same name in the same API.
fn same_thing(clusters: &[Cluster], groups: &mut Groups) {
    let mut places: HashMap<(usize, &str, &str), usize> = HashMap::new();
    let mut sayings: HashMap<(usize, &str, &str), usize> = HashMap::new();
    for (i, cluster) in clusters.iter().enumerate() {
        let key = &cluster.key;
        if is_specific(&key.at) {
            groups.join(i, *places.entry((key.api, &key.operation, &key.at)).or_insert(i));
        }
        // What is wrong with roots of messages is not about their names.
        let root = key.check == "xsd" && key.at.rfind('/') == Some(0);
        let field = if root { "/" } else { field(&key.at) };
        for saying in &cluster.sayings {
            groups.join(i, *sayings.entry((key.api, field, saying)).or_insert(i));
        }
    }
}

/// Clusters that come in exactly the same cases of an operation, when one explains the other: a wrong field explains a
/// wrong outcome, code or rule, but not another wrong field, unless the same is wrong with both. Where all answers of an operation (three or more) are wrong, coming together says less: then
/// only what reads the answer's meaning is joined.
fn same_cases(
    clusters: &[Cluster],
    order: &[usize],
    sent: &HashMap<(usize, String), usize>,
    groups: &mut Groups,
) {
    let mut together: HashMap<(usize, &str, &[u32]), Vec<usize>> = HashMap::new();
    for i in order {
        let (effect, trials) = (&clusters[*i], &clusters[*i].trials);
        let key = &effect.key;
        let calls = sent.get(&(key.api, key.operation.clone())).copied().unwrap_or(0);
        let everywhere = trials.len() >= 3 && trials.len() >= calls;
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

/// Clusters about a field of the same name, by their place or the first name in their message, when all cases of one are
/// cases of the other.
fn same_name(clusters: &[Cluster], groups: &mut Groups) {
    let mut about: HashMap<(usize, &str, &str), Vec<usize>> = HashMap::new();
    for (i, cluster) in clusters.iter().enumerate() {
        let key = &cluster.key;
        let message = &cluster.sample.finding.message;
        // What could not be captured is named last: `` `id` cannot be captured: there is no `data` ``.
        let named = if key.check == "capture" { names(message).last() } else { names(message).next() };
        let placed = is_specific(&key.at).then(|| field(&key.at));
        for name in [placed, named].into_iter().flatten() {
            let list = about.entry((key.api, &key.operation, name)).or_default();
            if !list.contains(&i) {
                list.push(i);
            }
        }
    }
    for list in about.values() {
        for (n, a) in list.iter().enumerate() {
            for b in &list[n + 1..] {
                let (one, other) = (&clusters[*a].trials, &clusters[*b].trials);
                if contains(one, other) || contains(other, one) {
                    groups.join(*a, *b);
                }
            }
        }
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
    effect.key.check == "well-formed" || (is_text && is_consequence(&effect.key.check))
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
