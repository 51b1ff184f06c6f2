//! Whether it can be chance that cases with one finding are all cases with another.

use super::calls::Calls;
use super::cluster::Cluster;
use super::join::{Groups, contains};
use super::place::is_consequence;
use std::collections::{BTreeMap, HashMap};

/// Chance is told from cause only where what may be a consequence is in few cases: what is in many is worth a look of its
/// own, and many cases have more than chance in common (only accepted requests have an order).
const FEW: usize = 5;
/// So likely, or less, is no chance.
const UNLIKELY: f64 = 0.01;

/// Clusters that are joined already, in terms of trials.
struct Joined {
    root: usize,
    api: usize,
    /// The trials, ascending, with the first step that shows it.
    trials: Vec<u32>,
    first: HashMap<u32, u16>,
    consequence: bool,
}

/// Joins what comes in a few cases to what comes before it in all of them, where drawing as many cases at random would
/// seldom find only such.
pub fn unlikely(clusters: &[Cluster], calls: &Calls, groups: &mut Groups) {
    let mut joined = gather(clusters, groups);
    joined.sort_by_key(|g| (std::cmp::Reverse(g.trials.len()), g.root));
    for (i, effect) in joined.iter().enumerate().rev() {
        if !effect.consequence || effect.trials.len() > FEW {
            continue;
        }
        let mut best: Option<(f64, usize)> = None;
        for cause in joined[..i].iter().filter(|cause| precedes(cause, effect)) {
            let p = chance(cause.trials.len(), effect.trials.len(), calls.of_api(cause.api));
            if best.is_none_or(|(least, _)| p < least) {
                best = Some((p, cause.root));
            }
        }
        if let Some((_, cause)) = best.filter(|(p, _)| *p <= UNLIKELY) {
            groups.join(cause, effect.root);
        }
    }
}

fn gather(clusters: &[Cluster], groups: &Groups) -> Vec<Joined> {
    let mut by_root: BTreeMap<usize, Joined> = BTreeMap::new();
    for (i, cluster) in clusters.iter().enumerate() {
        let root = groups.root(i);
        let group = by_root.entry(root).or_insert_with(|| Joined {
            root,
            api: cluster.key.api,
            trials: Vec::new(),
            first: HashMap::new(),
            consequence: true,
        });
        group.consequence &= is_consequence(&cluster.key.check);
        for (trial, step) in cluster.trials.iter().zip(&cluster.steps) {
            let first = group.first.entry(*trial).or_insert(*step);
            *first = (*first).min(*step);
        }
    }
    for group in by_root.values_mut() {
        group.trials = group.first.keys().copied().collect();
        group.trials.sort_unstable();
    }
    by_root.into_values().collect()
}

/// Whether one is in all cases of the other, in none of them later.
fn precedes(cause: &Joined, effect: &Joined) -> bool {
    cause.api == effect.api
        && contains(&cause.trials, &effect.trials)
        && effect.trials.iter().all(|trial| cause.first.get(trial) <= effect.first.get(trial))
}

/// The probability that `drawn` of `all` trials, drawn at random, are all among `marked` ones.
fn chance(marked: usize, drawn: usize, all: usize) -> f64 {
    let left = |n: usize, i: usize| n.saturating_sub(i) as f64;
    (0..drawn).map(|i| if all > i { (left(marked, i) / left(all, i)).min(1.0) } else { 1.0 }).product()
}

#[cfg(test)]
mod tests {
    use super::chance;

    #[test]
    fn two_of_ten_is_chance_and_two_of_a_hundred_is_not() {
        assert!((chance(2, 1, 10) - 0.2).abs() < 1e-9);
        assert!((chance(2, 2, 100) - 2.0 / 9900.0).abs() < 1e-9);
        assert!((chance(7, 3, 7) - 1.0).abs() < 1e-9);
        // Without the number of trials nothing is unlikely.
        assert!((chance(2, 1, 0) - 1.0).abs() < 1e-9);
    }
}
