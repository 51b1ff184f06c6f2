//! Do the rules hold: those of the API, the operation, the response, and the case?

use super::{Expectation, Subject};
use crate::contract::Rule;
use crate::expr::Evaluator;
use crate::model::finding::Finding;
use std::sync::Arc;

/// How the message of a rule begins that could not be judged.
pub const CANNOT_TELL: &str = "cannot tell whether";

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (n, (rule, in_spec)) in rules_of(subject, expectation).enumerate() {
        if subject.settled.get(n) == Some(&true) {
            continue;
        }
        if let RuleVerdict::Broken(mut finding) = judge_rule(rule, subject.evaluator, in_spec) {
            if finding.at.starts_with('/') {
                finding.at = subject.place(&finding.at);
            }
            findings.push(*finding);
        }
    }
    findings
}

/// The rules that judge an answer, and whether they stand in the spec: those of the operation, those of the response,
/// those of the case.
pub fn rules_of<'s>(
    subject: &Subject<'s, '_>,
    expectation: &'s Expectation,
) -> impl Iterator<Item = (&'s Arc<Rule>, bool)> {
    // Of an answer that is not documented, the contract says nothing.
    let operation: &[Arc<Rule>] = subject.documented.map_or(&[], |_| &expectation.operation.rules);
    let response: &[Arc<Rule>] = subject.documented.map_or(&[], |d| &d.rules);
    let contract = operation.iter().chain(response).map(|rule| (rule, true));
    contract.chain(expectation.rules.iter().map(|rule| (rule, false)))
}

/// Findings of the rules that do not hold. `in_spec` tells where the rules stand, and so where to look.
pub fn judge_rules<'r>(
    rules: impl IntoIterator<Item = &'r Arc<Rule>>,
    evaluator: &Evaluator<'_>,
    in_spec: bool,
) -> Vec<Finding> {
    rules
        .into_iter()
        .filter_map(|rule| match judge_rule(rule, evaluator, in_spec) {
            RuleVerdict::Broken(finding) => Some(*finding),
            RuleVerdict::Holds | RuleVerdict::NotAsked => None,
        })
        .collect()
}

/// What a rule says of one exchange.
#[derive(Debug)]
pub enum RuleVerdict {
    Holds,
    /// Its guard does not hold, or there is no body to ask.
    NotAsked,
    /// It does not hold, or cannot be judged (see [`CANNOT_TELL`]).
    Broken(Box<Finding>),
}

/// Whether a rule says anything of an exchange: there is what it reads, and its guard holds (or cannot be told).
pub fn is_asked(rule: &Rule, evaluator: &Evaluator<'_>) -> bool {
    has_body(rule, evaluator) && rule.when.as_ref().is_none_or(|when| when.holds(evaluator).unwrap_or(true))
}

/// Without a body there is nothing to ask: well-formedness has said so.
fn has_body(rule: &Rule, evaluator: &Evaluator<'_>) -> bool {
    let no_body = evaluator.scope().body.is_none() && evaluator.scope().callback.is_none();
    !(no_body && (rule.rule.reads("body") || rule.when.as_ref().is_some_and(|w| w.reads("body"))))
}

/// Judges one rule.
pub fn judge_rule(rule: &Rule, evaluator: &Evaluator<'_>, in_spec: bool) -> RuleVerdict {
    if !has_body(rule, evaluator) {
        return RuleVerdict::NotAsked;
    }
    let verdict = match rule.when.as_ref().map(|when| when.holds(evaluator)) {
        Some(Ok(false)) => return RuleVerdict::NotAsked,
        Some(Err(e)) => Err(e),
        Some(Ok(true)) | None => rule.rule.holds(evaluator),
    };
    let source = rule.rule.source();
    let message = match (verdict, &rule.says) {
        (Ok(true), _) => return RuleVerdict::Holds,
        (Ok(false), Some(says)) => format!("not so: {}", says.trim().trim_end_matches('.')),
        (Ok(false), None) => format!("`{source}` does not hold"),
        (Err(e), Some(says)) => {
            format!("{CANNOT_TELL} {}: {e}", lower_first(says.trim().trim_end_matches('.')))
        }
        (Err(e), None) => format!("{CANNOT_TELL} `{source}`: {e}"),
    };
    let location = Some(rule.location.clone());
    let at = rule.rule.place().filter(|p| !p.is_empty()).unwrap_or_else(|| "body".into());
    let mut finding = Finding::new("rule", at, message)
        .requirement(rule.id.clone())
        .level(rule.level)
        .expected(source.to_owned())
        .doc(rule.doc.clone());
    finding.actual = rule.rule.explain(evaluator);
    let finding = if in_spec { finding.spec(location) } else { finding.case(location) };
    RuleVerdict::Broken(Box::new(finding))
}

fn lower_first(text: &str) -> String {
    let mut chars = text.chars();
    chars.next().map_or(String::new(), |c| c.to_lowercase().chain(chars).collect())
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    #[test]
    fn fires_on_a_rule_that_does_not_hold_or_cannot_be_judged() {
        let findings = Fixture::default().answer(json("{\"id\": \"2\"}")).check("rule");
        assert_eq!(findings[0].message, "not so: The id is that of the request");
        assert_eq!(
            (findings[0].requirement.as_deref(), findings[0].doc.as_deref()),
            (Some("echo"), Some("d.txt#9"))
        );
        let findings = Fixture::default().answer(json("{}")).check("rule");
        assert_eq!(
            findings[0].message,
            "cannot tell whether the id is that of the request: there is no `id`"
        );
        let findings =
            Fixture::default().expect_rule("body.id == 'z'").answer(json("{\"id\": \"1\"}")).check("rule");
        assert_eq!(findings[0].message, "`body.id == 'z'` does not hold");
    }

    #[test]
    fn is_silent_where_the_rule_holds_and_where_its_guard_does_not() {
        assert!(Fixture::default().answer(json("{\"id\": \"1\"}")).check("rule").is_empty());
        assert!(
            Fixture::default().answer(json("{\"id\": \"2\", \"anonymous\": true}")).check("rule").is_empty()
        );
    }
}
