//! [`Shard`]: the part of a plan that one of several machines runs.

use sha2::{Digest, Sha256};
use std::collections::HashMap;
use std::fmt;

/// `3/8`: the third of eight parts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// From 1.
    pub index: usize,
    pub count: usize,
}

impl fmt::Display for Shard {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.index, self.count)
    }
}

/// Variables that tell a job its number and how many there are, by CI system; whether they count from 0.
const VARIABLES: [(&str, &str, &str, bool); 6] = [
    ("proofmark", "PROOFMARK_SHARD_INDEX", "PROOFMARK_SHARD_COUNT", false),
    ("GitLab", "CI_NODE_INDEX", "CI_NODE_TOTAL", false),
    ("CircleCI", "CIRCLE_NODE_INDEX", "CIRCLE_NODE_TOTAL", true),
    ("Buildkite", "BUILDKITE_PARALLEL_JOB", "BUILDKITE_PARALLEL_JOB_COUNT", true),
    ("Azure Pipelines", "SYSTEM_JOBPOSITIONINPHASE", "SYSTEM_TOTALJOBSINPHASE", false),
    ("an indexed Kubernetes job", "JOB_COMPLETION_INDEX", "JOB_COMPLETIONS", true),
];

impl Shard {
    /// Reads `3/8`.
    pub fn parse(text: &str) -> Result<Self, String> {
        let wrong = || format!("`{text}` is not a shard such as `3/8`, and not `auto`");
        let (index, count) = text.split_once('/').ok_or_else(wrong)?;
        let shard = Self {
            index: index.trim().parse().map_err(|_| wrong())?,
            count: count.trim().parse().map_err(|_| wrong())?,
        };
        match shard.index {
            1.. if shard.index <= shard.count => Ok(shard),
            _ => Err(format!("there is no shard {shard}: shards are numbered from 1")),
        }
    }

    /// The shard that the CI system's variables name.
    pub fn from_environment(variable: impl Fn(&str) -> Option<String>) -> Result<Self, String> {
        for (system, index, count, from_zero) in VARIABLES {
            let (Some(number), Some(total)) = (variable(index), variable(count)) else { continue };
            let wrong = |e: String| format!("`{index}` and `{count}` of {system}: {e}");
            let number: usize =
                number.trim().parse().map_err(|_| wrong(format!("`{number}` is no number")))?;
            let shown = format!("{}/{total}", number + usize::from(from_zero));
            return Self::parse(&shown).map_err(wrong);
        }
        let known: Vec<String> =
            VARIABLES.iter().map(|(_, index, count, _)| format!("{index} and {count}")).collect();
        Err(format!("`--shard auto` found none of the variables {}", known.join(", ")))
    }
}

/// The numbers of the trials that a shard runs, ascending. Every trial is in exactly one shard.
///
/// Where times of an earlier run are known, the shards take about equally long: the longest trial goes to the shard
/// with the least to do (Graham's LPT rule). A trial without a time counts as the median.
pub fn share(names: &[&str], shard: Shard, seconds: &HashMap<String, f64>) -> Vec<usize> {
    if seconds.is_empty() {
        return (0..names.len()).filter(|i| i % shard.count == shard.index - 1).collect();
    }
    let mut known: Vec<f64> = names.iter().filter_map(|name| seconds.get(*name).copied()).collect();
    known.sort_by(f64::total_cmp);
    let median = known.get(known.len() / 2).copied().unwrap_or(1.0);
    let mut order: Vec<(usize, f64)> = names
        .iter()
        .enumerate()
        .map(|(i, name)| (i, seconds.get(*name).copied().unwrap_or(median)))
        .collect();
    order.sort_by(|a, b| b.1.total_cmp(&a.1).then(names[a.0].cmp(names[b.0])));
    let mut loads = vec![0.0; shard.count];
    let mut mine = Vec::new();
    for (i, time) in order {
        let least = (0..shard.count).min_by(|a, b| f64::total_cmp(&loads[*a], &loads[*b])).unwrap_or(0);
        loads[least] += time;
        if least == shard.index - 1 {
            mine.push(i);
        }
    }
    mine.sort_unstable();
    mine
}

/// SHA-256 of texts, hex. A length before each keeps them apart.
pub fn digest<'t>(texts: impl IntoIterator<Item = &'t [u8]>) -> String {
    let mut hash = Sha256::new();
    for text in texts {
        hash.update((text.len() as u64).to_be_bytes());
        hash.update(text);
    }
    hash.finalize().iter().map(|byte| format!("{byte:02x}")).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_trial_is_in_exactly_one_shard() {
        let names: Vec<String> = (0..103).map(|i| format!("a::b::{i}")).collect();
        let names: Vec<&str> = names.iter().map(String::as_str).collect();
        let times: HashMap<String, f64> = names
            .iter()
            .enumerate()
            .filter(|(i, _)| i % 3 > 0)
            .map(|(i, n)| ((*n).into(), i as f64))
            .collect();
        for seconds in [HashMap::new(), times] {
            for count in [1, 2, 8, 200] {
                let shards = (1..=count).map(|index| Shard { index, count });
                let mut all: Vec<usize> = shards.flat_map(|shard| share(&names, shard, &seconds)).collect();
                all.sort_unstable();
                assert_eq!(all, (0..names.len()).collect::<Vec<_>>());
            }
        }
    }

    #[test]
    fn shards_take_about_equally_long() {
        let names = ["slow", "a", "b", "c", "d"];
        let seconds: HashMap<String, f64> = [("slow", 4.0), ("a", 1.0), ("b", 1.0), ("c", 1.0), ("d", 1.0)]
            .map(|(n, s)| (n.into(), s))
            .into();
        let part = |index| share(&names, Shard { index, count: 2 }, &seconds);
        assert_eq!((part(1), part(2)), (vec![0], vec![1, 2, 3, 4]));
    }

    #[test]
    fn shards_are_numbered_from_1() {
        assert_eq!(Shard::parse("3/8"), Ok(Shard { index: 3, count: 8 }));
        for wrong in ["0/8", "9/8", "3", "a/b", "", "1/0"] {
            assert!(Shard::parse(wrong).is_err(), "{wrong}");
        }
    }

    #[test]
    fn ci_systems_that_count_from_0_are_understood() {
        let of = |pairs: &'static [(&str, &str)]| {
            Shard::from_environment(|name| {
                pairs.iter().find(|(n, _)| *n == name).map(|(_, value)| (*value).to_owned())
            })
        };
        let third = Ok(Shard { index: 3, count: 8 });
        assert_eq!(of(&[("CI_NODE_INDEX", "3"), ("CI_NODE_TOTAL", "8")]), third);
        assert_eq!(of(&[("CIRCLE_NODE_INDEX", "2"), ("CIRCLE_NODE_TOTAL", "8")]), third);
        assert_eq!(of(&[("JOB_COMPLETION_INDEX", "2"), ("JOB_COMPLETIONS", "8")]), third);
        assert!(of(&[("CI_NODE_INDEX", "9"), ("CI_NODE_TOTAL", "8")]).is_err());
        assert!(of(&[]).unwrap_err().contains("CI_NODE_INDEX and CI_NODE_TOTAL"));
    }
}
