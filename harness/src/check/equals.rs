//! Do the values equal those that the case expects?

use super::{Expectation, Subject, compare_equal};
use crate::model::finding::Finding;

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let (Some((template, location)), Some(body)) = (&expectation.equals, &subject.answer.body) else {
        return Vec::new();
    };
    let expected = match template.value(subject.evaluator) {
        Ok(expected) => expected,
        Err(e) => return vec![Finding::new("equals", "body", e).case(Some(location.clone()))],
    };
    compare_equal(&expected, body)
        .into_iter()
        .map(|mismatch| {
            Finding::new("equals", subject.place(&mismatch.at), mismatch.message)
                .requirement(mismatch.at)
                .expected(mismatch.expected)
                .actual(mismatch.actual)
                .case(Some(location.clone()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    #[test]
    fn fires_on_another_value() {
        let fixture = Fixture::default().expect_equals(serde_json::json!({"id": "x"}));
        let findings = fixture.answer(json("{\"id\": \"y\"}")).check("equals");
        assert_eq!(
            (findings[0].at.as_str(), findings[0].message.as_str()),
            ("/id", "`\"y\"` instead of `\"x\"`")
        );
    }

    #[test]
    fn is_silent_on_equal_values() {
        let fixture = Fixture::default().expect_equals(serde_json::json!({"id": "x"}));
        assert!(fixture.answer(json("{\"id\": \"x\", \"more\": 1}")).check("equals").is_empty());
    }
}
