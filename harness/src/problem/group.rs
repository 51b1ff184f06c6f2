//! [`Problem`]: clusters that most likely have one cause, so that one defect of a target is read once.

use super::calls::Calls;
use super::cluster::{CaseRef, Cluster};
use super::join::{contains, join};
use super::place::rank;
use std::cmp::Reverse;
use std::collections::HashMap;

/// Clusters with one cause, as far as can be told from outside.
#[derive(Debug, Default)]
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
    /// Of a warning: the problem of level `must` that says the same of other cases.
    pub failing: Option<usize>,
}

/// Groups clusters by cause, and sorts: what breaks most cases first.
pub fn problems(clusters: &[Cluster], calls: &Calls) -> Vec<Problem> {
    let mut order: Vec<usize> = (0..clusters.len()).collect();
    let lead = |i: &usize| {
        let cluster = &clusters[*i];
        (rank(&cluster.key.check, &cluster.key.at), Reverse(cluster.trials.len()), *i)
    };
    order.sort_by_key(lead);
    let groups = join(clusters, &order, calls);
    let mut by_root: HashMap<usize, usize> = HashMap::new();
    let mut problems: Vec<Problem> = Vec::new();
    for i in order {
        let root = groups.root(i);
        let at = *by_root.entry(root).or_insert_with(|| {
            problems.push(Problem::default());
            problems.len() - 1
        });
        problems[at].clusters.push(i);
    }
    for problem in &mut problems {
        gather(problem, clusters);
    }
    problems.sort_by_key(|p| (Reverse(p.trials.len()), lead(&p.clusters[0])));
    for i in 1..problems.len() {
        let api = |p: &Problem| clusters[p.clusters[0]].key.api;
        let (earlier, rest) = problems.split_at_mut(i);
        let problem = &mut rest[0];
        problem.within =
            earlier.iter().position(|p| api(p) == api(problem) && contains(&p.trials, &problem.trials));
    }
    problems
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

#[cfg(test)]
mod tests {
    use super::super::cluster::{Clusters, Key};
    use super::*;
    use crate::model::finding::Finding;
    use crate::model::source::Location;
    use crate::report::fixture::{finding, trial_with};

    #[test]
    fn a_wrong_charset_explains_wrong_texts_but_not_wrong_types() {
        let mut text = finding("equals", "/message");
        text.actual = Some("鎴愬姛".into());
        let all = vec![finding("charset", "body"), text, finding("schema", "/code")];
        let trials = [all, vec![finding("charset", "body")]];
        assert_eq!(grouped(&trials, 9), [vec!["charset body", "equals /message"], vec!["schema /code"]]);
    }

    #[test]
    fn one_field_that_is_wrong_in_two_operations_is_one_problem() {
        let mut clusters = Clusters::default();
        for (number, operation) in [(0, "order"), (1, "query")] {
            let mut trial = trial_with(vec![finding("schema", "/code"), finding("outcome", "body")]);
            trial.steps[0].operation = operation.into();
            for finding in &trial.steps[0].findings {
                clusters.add(Key::new(0, &trial.steps[0].operation, finding), number, &trial, 0, finding);
            }
        }
        let found = problems(&clusters.list, &Calls::default());
        assert_eq!(found.len(), 1);
        assert_eq!((found[0].clusters.len(), found[0].trials.len()), (4, 2));
        assert_eq!(found[0].operations, ["order", "query"]);
    }

    /// Clusters of trials that call one operation, each with some findings.
    fn grouped(trials: &[Vec<Finding>], calls: usize) -> Vec<Vec<String>> {
        let mut clusters = Clusters::default();
        let mut sent = Calls::default();
        for _ in 0..calls {
            sent.add(0, &trial_with(Vec::new()));
        }
        for (number, findings) in (0..).zip(trials) {
            let trial = trial_with(findings.clone());
            for finding in findings {
                clusters.add(Key::new(0, &trial.steps[0].operation, finding), number, &trial, 0, finding);
            }
        }
        let name = |i: &usize| {
            let key = &clusters.list[*i].key;
            format!("{} {}", key.check, key.at)
        };
        problems(&clusters.list, &sent).iter().map(|p| p.clusters.iter().map(name).collect()).collect()
    }

    #[test]
    fn findings_at_one_field_are_one_problem_with_the_cause_first() {
        let wrong = vec![finding("equals", "/code"), finding("schema", "/code")];
        assert_eq!(
            grouped(&[wrong, vec![finding("schema", "/code")]], 9),
            [["schema /code", "equals /code"]]
        );
    }

    #[test]
    fn consequences_join_a_cause_of_the_same_cases_only() {
        let both = vec![finding("outcome", "body"), finding("rule", "body"), finding("equals", "/success")];
        assert_eq!(
            grouped(std::slice::from_ref(&both), 9),
            [["outcome body", "rule body", "equals /success"]]
        );
        let apart = [both, vec![finding("rule", "body")]];
        assert_eq!(grouped(&apart, 9), [vec!["rule body"], vec!["outcome body", "equals /success"]]);
    }

    #[test]
    fn two_wrong_fields_are_two_problems() {
        let mut other = finding("schema", "/message");
        other.message = "`message` is missing".into();
        assert_eq!(
            grouped(&[vec![finding("schema", "/code"), other]], 9),
            [["schema /code"], ["schema /message"]]
        );
        let alike = vec![finding("schema", "/code"), finding("schema", "/message")];
        assert_eq!(grouped(&[alike], 9), [["schema /code", "schema /message"]]);
    }

    #[test]
    fn what_is_wrong_everywhere_explains_only_the_meaning() {
        let all = vec![finding("schema", "/code"), finding("outcome", "body"), finding("rule", "body")];
        let trials = [all.clone(), all.clone(), all];
        assert_eq!(grouped(&trials, 3), [vec!["schema /code", "outcome body"], vec!["rule body"]]);
    }

    /// A rule by its words and expression.
    fn rule(at: &str, words: &str, expression: &str) -> Finding {
        let mut rule = finding("rule", at);
        rule.message = format!("not so: {words}");
        rule.requirement = Some(words.into());
        rule.expected = Some(expression.into());
        rule
    }

    #[test]
    fn a_rule_that_reads_a_wrong_field_is_its_consequence() {
        let own = rule("/orders", "own orders", "body.orders.all(o, o.userid == body.userid)");
        let wrong = vec![finding("schema", "/userid"), own.clone()];
        let trials = [wrong.clone(), wrong, vec![finding("schema", "/userid")]];
        assert_eq!(grouped(&trials, 3), [["schema /userid", "rule /orders"]]);
        // Where the field is right it is another cause.
        let apart = [vec![finding("schema", "/userid")], vec![own]];
        assert_eq!(grouped(&apart, 9).len(), 2);
    }

    #[test]
    fn rules_that_say_the_same_of_two_answers_are_one_problem() {
        let trials = [
            vec![rule("/cart/days", "days count", "body.cart.days == 3")],
            vec![rule("/carts", "days count", "body.carts.all(c, c.days == 3)")],
            vec![rule("/order/days", "another text", "body.order.days == 3")],
            vec![rule("/order/price", "another text still", "body.order.price == 3")],
        ];
        assert_eq!(grouped(&trials, 9).iter().map(Vec::len).collect::<Vec<_>>(), [3, 1]);
    }

    #[test]
    fn what_cannot_be_captured_belongs_to_what_is_wrong_with_the_answer() {
        let trials = [
            vec![finding("rule", "/list"), finding("capture", "body")],
            vec![finding("rule", "/list")],
            vec![finding("rule", "/list")],
        ];
        assert_eq!(grouped(&trials, 9), [["rule /list", "capture body"]]);
    }

    #[test]
    fn an_answer_that_is_read_as_something_else_has_no_root() {
        let mut root = finding("like", "/RPLY");
        root.message = "`RPLY` is missing".into();
        let mut field = finding("schema", "/RPLY/status");
        field.message = "`status` is missing".into();
        let label = || finding("content-type", "header content-type");
        let trials = [vec![label(), root], vec![label(), field], vec![label()]];
        assert_eq!(
            grouped(&trials, 9),
            [vec!["content-type header content-type", "like /RPLY"], vec!["schema /RPLY/status"]]
        );
    }

    #[test]
    fn the_same_outcome_in_another_file_of_cases_is_another_problem() {
        let mut clusters = Clusters::default();
        for (number, operation, file) in [(0, "a", "one"), (1, "b", "one"), (2, "c", "two")] {
            let mut wrong = finding("outcome", "body");
            wrong.case = Some(Location { file: file.into(), line: 1, column: 1 });
            let mut trial = trial_with(vec![wrong.clone()]);
            trial.steps[0].operation = operation.into();
            clusters.add(Key::new(0, operation, &wrong), number, &trial, 0, &wrong);
        }
        let found = problems(&clusters.list, &Calls::default());
        assert_eq!(found.iter().map(|p| p.trials.as_slice()).collect::<Vec<_>>(), [&[0, 1][..], &[2]]);
    }

    #[test]
    fn what_comes_only_after_a_rare_finding_is_its_consequence() {
        let both = vec![finding("rule", "/price"), finding("equals", "/total")];
        let trials = [both.clone(), both, vec![finding("rule", "/price")]];
        assert_eq!(grouped(&trials, 40), [["rule /price", "equals /total"]]);
        // Where every third case has the first anyway, it is chance.
        assert_eq!(grouped(&trials, 9), [["rule /price"], ["equals /total"]]);
    }
}
