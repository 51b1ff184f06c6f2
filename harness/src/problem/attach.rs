//! What may be a consequence of what, and which cause it is given to: one only. A case that breaks for two causes would
//! make one of them otherwise.

use super::cluster::Cluster;
use super::expression::fields;
use super::join::{Groups, contains};
use super::place::{field, is_inside, is_specific, names};
use std::cmp::Reverse;
use std::collections::{BTreeMap, HashMap};

/// Of a list or object as a whole, what is found in so few cases belongs to what is found there in more.
const FEW: usize = 2;

/// Clusters by API, operation and a name.
type Named<'c> = HashMap<(usize, &'c str, &'c str), Vec<usize>>;

/// For each cluster those that may be its cause, in the same operation.
pub fn links(clusters: &[Cluster]) -> Vec<Vec<usize>> {
    let mut links: Vec<Vec<usize>> = vec![Vec::new(); clusters.len()];
    same_name(clusters, &mut links);
    wrong_field_read(clusters, &mut links);
    not_captured(clusters, &mut links);
    same_container(clusters, &mut links);
    links
}

fn in_all_of(effect: &Cluster, cause: &Cluster) -> bool {
    contains(&cause.trials, &effect.trials)
}

/// Clusters about a field of the same name, by their place or the first name in their message, when all cases of one are
/// cases of the other.
fn same_name(clusters: &[Cluster], links: &mut [Vec<usize>]) {
    let mut about: Named<'_> = HashMap::new();
    for (i, cluster) in clusters.iter().enumerate() {
        let key = &cluster.key;
        let message = &cluster.sample.finding.message;
        // What could not be captured is named last: `` `id` cannot be captured: there is no `data` ``.
        let named = if key.check == "capture" { names(message).last() } else { names(message).next() };
        let placed = (is_specific(&key.at) && !cluster.container).then(|| field(&key.at));
        for name in [placed, named].into_iter().flatten() {
            let list = about.entry((key.api, &key.operation, name)).or_default();
            if !list.contains(&i) {
                list.push(i);
            }
        }
    }
    for (effect, cause) in about.values().flat_map(|list| pairs(list)) {
        if in_all_of(&clusters[effect], &clusters[cause]) {
            links[effect].push(cause);
        }
    }
}

fn pairs(list: &[usize]) -> impl Iterator<Item = (usize, usize)> {
    list.iter().flat_map(move |a| list.iter().filter(move |b| a != *b).map(move |b| (*a, *b)))
}

/// Rules that read a field which is wrong in all of their cases.
fn wrong_field_read(clusters: &[Cluster], links: &mut [Vec<usize>]) {
    let mut wrong: Named<'_> = HashMap::new();
    let tells = |check: &str| matches!(check, "schema" | "xsd" | "equals" | "like" | "rule");
    for (i, cluster) in clusters.iter().enumerate() {
        let key = &cluster.key;
        if is_specific(&key.at) && !cluster.container && tells(&key.check) {
            wrong.entry((key.api, &key.operation, field(&key.at))).or_default().push(i);
        }
    }
    for (i, rule) in clusters.iter().enumerate().filter(|(_, c)| c.key.check == "rule") {
        for name in fields(rule.sample.finding.expected.as_deref().unwrap_or_default()) {
            let causes = wrong.get(&(rule.key.api, &rule.key.operation, name)).into_iter().flatten();
            links[i].extend(causes.filter(|cause| **cause != i && in_all_of(rule, &clusters[**cause])));
        }
    }
}

/// What cannot be captured from an answer is missing because of what else is wrong with it: of that, what is in the
/// fewest cases.
fn not_captured(clusters: &[Cluster], links: &mut [Vec<usize>]) {
    for (i, effect) in clusters.iter().enumerate().filter(|(_, c)| c.key.check == "capture") {
        let explains = |cause: &Cluster| {
            let (one, other) = (&cause.key, &effect.key);
            (one.api, &one.operation) == (other.api, &other.operation)
                && one.check != "capture"
                && is_inside(&one.check)
                && in_all_of(effect, cause)
        };
        let causes = clusters.iter().enumerate().filter(|(_, cause)| explains(cause));
        links[i].extend(causes.min_by_key(|(_, cause)| cause.trials.len()).map(|(cause, _)| cause));
    }
}

/// Clusters about the same list or object as a whole.
fn same_container(clusters: &[Cluster], links: &mut [Vec<usize>]) {
    let mut at: Named<'_> = HashMap::new();
    for (i, cluster) in clusters.iter().enumerate().filter(|(_, c)| is_specific(&c.key.at)) {
        at.entry((cluster.key.api, &cluster.key.operation, &cluster.key.at)).or_default().push(i);
    }
    for (effect, cause) in at.values().flat_map(|list| pairs(list)) {
        let (one, other) = (&clusters[effect], &clusters[cause]);
        if (one.container || other.container) && one.trials.len() <= other.trials.len() {
            links[effect].push(cause);
        }
    }
}

/// Clusters that are one already.
struct Group {
    members: Vec<usize>,
    /// Ascending.
    trials: Vec<u32>,
}

/// Gives each group that may be a consequence to the cause to which most of its clusters are linked; of those, to the one
/// in the fewest cases. What is in few cases comes first.
pub fn attach(clusters: &[Cluster], links: &[Vec<usize>], groups: &mut Groups) {
    let mut all: BTreeMap<usize, Group> = BTreeMap::new();
    for (i, cluster) in clusters.iter().enumerate() {
        let group =
            all.entry(groups.root(i)).or_insert_with(|| Group { members: Vec::new(), trials: Vec::new() });
        group.members.push(i);
        group.trials.extend(&cluster.trials);
    }
    all.values_mut().for_each(|group| in_order(&mut group.trials));
    let mut order: Vec<usize> = all.keys().copied().collect();
    order.sort_by_key(|root| (all[root].trials.len(), Reverse(*root)));
    for root in order {
        let Some(effect) = all.get(&groups.root(root)) else { continue };
        let own = groups.root(root);
        let mut votes: BTreeMap<usize, usize> = BTreeMap::new();
        for cause in effect.members.iter().flat_map(|i| &links[*i]).map(|cause| groups.root(*cause)) {
            if cause != own {
                *votes.entry(cause).or_default() += 1;
            }
        }
        let rank = |cause: usize, votes: usize| {
            let trials = &all[&cause].trials;
            let all_of_it = contains(trials, &effect.trials);
            let few = effect.trials.len() <= FEW && effect.trials.len() <= trials.len();
            (all_of_it || few).then_some((all_of_it, votes, Reverse(trials.len()), cause))
        };
        let best = votes.into_iter().filter_map(|(cause, votes)| rank(cause, votes)).max();
        let Some((.., cause)) = best else { continue };
        groups.join(cause, own);
        let both = [cause, own].into_iter().filter_map(|root| all.remove(&root));
        let mut joined = Group { members: Vec::new(), trials: Vec::new() };
        for group in both {
            joined.members.extend(group.members);
            joined.trials.extend(group.trials);
        }
        in_order(&mut joined.trials);
        all.insert(groups.root(cause), joined);
    }
}

fn in_order(trials: &mut Vec<u32>) {
    trials.sort_unstable();
    trials.dedup();
}
