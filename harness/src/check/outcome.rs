//! Does the answer say success or failure, by the contract's own predicate, and the one the case expects?

use super::{Expectation, Subject};
use crate::model::finding::Finding;

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let outcomes = &expectation.operation.outcomes;
    // Of an answer that is not documented, the contract says nothing, unless the case does.
    if outcomes.is_empty() || (subject.documented.is_none() && expectation.outcome.is_none()) {
        return Vec::new();
    }
    // Without a body there is nothing to ask: well-formedness or the status has said so.
    if subject.answer.body.is_none() && outcomes.iter().all(|o| o.predicate.reads("body")) {
        return Vec::new();
    }
    let held: Vec<&str> = outcomes
        .iter()
        .filter(|o| o.predicate.holds(subject.evaluator).unwrap_or(false))
        .map(|o| o.name.as_str())
        .collect();
    let names = outcomes.iter().map(|o| o.name.as_str()).collect::<Vec<_>>().join(" or ");
    let finding = |requirement: &str, message: String| {
        Finding::new("outcome", "body", message).requirement(requirement).actual(held.join(" and "))
    };
    let spec = Some(outcomes[0].location.clone());
    match (held.as_slice(), &expectation.outcome) {
        ([], _) => vec![
            finding("one", format!("the answer says neither {}", names.replace(" or ", " nor ")))
                .expected(names)
                .actual("neither")
                .spec(spec),
        ],
        ([one], Some((expected, location))) if one != expected => {
            let outcome = outcomes.iter().find(|o| o.name == *expected);
            let predicate = outcome.map_or("", |o| o.predicate.source());
            vec![
                finding(
                    "expected",
                    format!("the outcome is {one} instead of {expected}: `{predicate}` does not hold"),
                )
                .expected(expected.clone())
                .spec(outcome.map(|o| o.location.clone()))
                .case(Some(location.clone())),
            ]
        }
        ([_], _) => Vec::new(),
        (many, _) => {
            vec![
                finding("one", format!("the answer says {} at once", many.join(" and ")))
                    .expected(names)
                    .spec(spec),
            ]
        }
    }
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    #[test]
    fn fires_on_the_other_outcome_on_none_and_on_both() {
        let check =
            |body: &str| Fixture::default().expect_outcome("success").answer(json(body)).check("outcome");
        assert_eq!(
            check("{\"status\": \"bad\"}")[0].message,
            "the outcome is failure instead of success: `body.status == 'ok'` does not hold"
        );
        assert_eq!(check("{\"status\": \"odd\"}")[0].message, "the answer says neither success nor failure");
        assert_eq!(check("{}")[0].message, "the answer says neither success nor failure");
        assert_eq!(
            check("{\"status\": \"ok\", \"failed\": true}")[0].message,
            "the answer says success and failure at once"
        );
    }

    #[test]
    fn is_silent_on_the_expected_outcome() {
        assert!(
            Fixture::default()
                .expect_outcome("success")
                .answer(json("{\"status\": \"ok\"}"))
                .check("outcome")
                .is_empty()
        );
    }
}
