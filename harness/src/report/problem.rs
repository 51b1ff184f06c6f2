//! [`Problem`]: clusters that most likely have one cause, so that one defect of a target is read once.

use super::cluster::{CaseRef, Cluster};
use super::place::{is_consequence, is_envelope, is_meaning, is_specific, rank};
use std::collections::HashMap;

/// Clusters with one cause, as far as can be told from outside.
#[derive(Debug)]
pub struct Problem {
    /// Positions in the list of clusters; the first is the one nearest to the cause.
    pub clusters: Vec<usize>,
    /// Numbers of the trials that show any of them, ascending.
    pub trials: Vec<u32>,
    pub operations: Vec<String>,
    /// The first of the cases.
    pub refs: Vec<CaseRef>,
    /// An earlier problem that every one of these cases has too.
    pub within: Option<usize>,
}

/// Groups clusters, and sorts: what breaks most cases first.
///
/// Taken in the order from cause to consequence, a cluster joins an earlier one
/// 1. at the same field, header or status of the same operation;
/// 2. of another operation of the API, when the contract says the same of a field of the same name there;
/// 3. of the same operation and exactly the same cases, when the one explains the other: a wrong envelope explains
///    everything in it, and a wrong field explains a wrong outcome, code, rule or comparison. Where all answers of an
///    operation (three or more) are wrong, coming together says nothing, and only what reads the answer's meaning is
///    joined.
///
/// `sent` has the number of trials that called an operation (API number and id).
pub fn problems(clusters: &[Cluster], sent: &HashMap<(usize, String), usize>) -> Vec<Problem> {
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    order.sort_by_key(|i| (rank(&clusters[*i].key.check, &clusters[*i].key.at), *i));
    let mut problems: Vec<Problem> = Vec::new();
    for i in order {
        let cluster = &clusters[i];
        let calls = sent.get(&(cluster.key.api, cluster.key.operation.clone())).copied().unwrap_or(0);
        let everywhere = cluster.trials.len() >= 3 && cluster.trials.len() >= calls;
        let joined = [same_place as fn(&Cluster, &Cluster) -> bool, same_saying].into_iter().find_map(|same| {
            problems.iter().position(|p| p.clusters.iter().any(|c| same(&clusters[*c], cluster)))
        });
        let explained = |earlier: &Cluster| {
            let is = match everywhere {
                true => is_meaning(&cluster.key.check),
                false => is_consequence(&cluster.key.check) || is_envelope(&earlier.key.check),
            };
            is && same_operation(earlier, cluster) && earlier.trials == cluster.trials
        };
        let joined =
            joined.or_else(|| problems.iter().position(|p| p.clusters.iter().any(|c| explained(&clusters[*c]))));
        match joined {
            Some(p) => problems[p].clusters.push(i),
            None => problems.push(Problem {
                clusters: vec![i],
                trials: Vec::new(),
                refs: Vec::new(),
                operations: Vec::new(),
                within: None,
            }),
        }
    }
    for problem in &mut problems {
        gather(problem, clusters);
    }
    problems.sort_by_key(|p| {
        let lead = &clusters[p.clusters[0]].key;
        (std::cmp::Reverse(p.trials.len()), rank(&lead.check, &lead.at), p.clusters[0])
    });
    for i in 1..problems.len() {
        problems[i].within = (0..i).find(|j| {
            let (one, other) = (&clusters[problems[i].clusters[0]].key, &clusters[problems[*j].clusters[0]].key);
            one.api == other.api && contains(&problems[*j].trials, &problems[i].trials)
        });
    }
    problems
}

fn same_operation(one: &Cluster, other: &Cluster) -> bool {
    one.key.api == other.key.api && one.key.operation == other.key.operation
}

fn same_place(one: &Cluster, other: &Cluster) -> bool {
    same_operation(one, other) && is_specific(&one.key.at) && one.key.at == other.key.at
}

/// The same thing said of a field of the same name, by a check that asks the same of all cases.
fn same_saying(one: &Cluster, other: &Cluster) -> bool {
    let (a, b) = (&one.key, &other.key);
    let field = |at: &str| at.rsplit('/').next().unwrap_or(at).trim_end_matches("[*]").to_owned();
    a.api == b.api
        && a.operation != b.operation
        && a.check == b.check
        && (!is_consequence(&a.check) || a.check == "rule")
        && a.requirement == b.requirement
        && field(&a.at) == field(&b.at)
        && without_values(&one.sample.finding.message) == without_values(&other.sample.finding.message)
}

/// A message without the values in backticks, which differ from answer to answer.
fn without_values(message: &str) -> String {
    message.split('`').step_by(2).collect::<Vec<_>>().join("`")
}

/// Trials, operations and names of all clusters of a problem.
fn gather(problem: &mut Problem, clusters: &[Cluster]) {
    for cluster in problem.clusters.iter().map(|i| &clusters[*i]) {
        problem.trials.extend(&cluster.trials);
        if !problem.operations.contains(&cluster.key.operation) {
            problem.operations.push(cluster.key.operation.clone());
        }
        for case in &cluster.refs {
            if !problem.refs.iter().any(|r| r.trial == case.trial) {
                problem.refs.push(case.clone());
            }
        }
    }
    problem.trials.sort_unstable();
    problem.trials.dedup();
}

/// Whether one ascending list has all numbers of another.
fn contains(all: &[u32], some: &[u32]) -> bool {
    some.len() <= all.len() && some.iter().all(|n| all.binary_search(n).is_ok())
}

#[cfg(test)]
mod tests {
    use super::super::cluster::Clusters;
    use super::super::fixture::{finding, trial_with};
    use super::*;
    use crate::model::finding::Finding;

    #[test]
    fn one_field_that_is_wrong_in_two_operations_is_one_problem() {
        let mut clusters = Clusters::default();
        for (number, operation) in [(0, "order"), (1, "query")] {
            let mut trial = trial_with(vec![finding("schema", "/code"), finding("outcome", "body")]);
            trial.steps[0].operation = operation.into();
            for finding in &trial.steps[0].findings {
                clusters.add(0, number, &trial, 0, finding);
            }
        }
        let found = problems(&clusters.list, &HashMap::new());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].clusters.len(), found[0].trials.len()), (4, 2));
        assert_eq!(found[0].operations, ["order", "query"]);
    }

    /// Clusters of trials that call one operation, each with some findings.
    fn grouped(trials: &[Vec<Finding>], calls: usize) -> Vec<Vec<String>> {
        let mut clusters = Clusters::default();
        for (number, findings) in (0..).zip(trials) {
            let trial = trial_with(findings.clone());
            for finding in findings {
                clusters.add(0, number, &trial, 0, finding);
            }
        }
        let sent = HashMap::from([((0, "orderPackage".to_owned()), calls)]);
        let name = |i: &usize| {
            let key = &clusters.list[*i].key;
            format!("{} {}", key.check, key.at)
        };
        problems(&clusters.list, &sent).iter().map(|p| p.clusters.iter().map(name).collect()).collect()
    }

    #[test]
    fn findings_at_one_field_are_one_problem_with_the_cause_first() {
        let wrong = vec![finding("equals", "/code"), finding("schema", "/code")];
        assert_eq!(grouped(&[wrong, vec![finding("schema", "/code")]], 9), [["schema /code", "equals /code"]]);
    }

    #[test]
    fn consequences_join_a_cause_of_the_same_cases_only() {
        let both = vec![finding("outcome", "body"), finding("rule", "body"), finding("equals", "/success")];
        assert_eq!(grouped(&[both.clone()], 9), [["outcome body", "equals /success", "rule body"]]);
        let apart = [both, vec![finding("rule", "body")]];
        assert_eq!(grouped(&apart, 9), [vec!["rule body"], vec!["outcome body", "equals /success"]]);
    }

    #[test]
    fn two_wrong_fields_are_two_problems() {
        let two = vec![finding("schema", "/code"), finding("schema", "/message")];
        assert_eq!(grouped(&[two], 9), [["schema /code"], ["schema /message"]]);
    }

    #[test]
    fn what_is_wrong_everywhere_explains_only_the_meaning() {
        let all = vec![finding("schema", "/code"), finding("outcome", "body"), finding("rule", "body")];
        let trials = [all.clone(), all.clone(), all];
        assert_eq!(grouped(&trials, 3), [vec!["schema /code", "outcome body"], vec!["rule body"]]);
    }
}
