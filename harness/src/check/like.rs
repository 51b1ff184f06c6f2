//! Has the answer every field of the documented one, with the same type?

use super::{Expectation, Subject, compare_like};
use crate::model::finding::Finding;

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let (Some(like), Some(body)) = (&expectation.like, &subject.answer.body) else { return Vec::new() };
    compare_like(&like.tree, body)
        .into_iter()
        .map(|mismatch| {
            Finding::new("like", subject.place(&mismatch.at), mismatch.message)
                .requirement("shown")
                .expected(mismatch.expected)
                .actual(mismatch.actual)
                .case(Some(like.location.clone()))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    #[test]
    fn fires_on_a_missing_field_and_another_type() {
        let fixture = Fixture::default().expect_like(serde_json::json!({"id": "x", "n": 1}));
        let findings = fixture.answer(json("{\"id\": 1}")).check("like");
        let found: Vec<_> = findings.iter().map(|f| f.message.as_str()).collect();
        assert_eq!(found, ["a number where the documented answer has a string", "`n` is missing"]);
    }

    #[test]
    fn is_silent_on_other_values() {
        let fixture = Fixture::default().expect_like(serde_json::json!({"id": "x"}));
        assert!(fixture.answer(json("{\"id\": \"y\"}")).check("like").is_empty());
    }
}
