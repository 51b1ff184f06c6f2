//! Is the body what its media type says? A duplicate key counts: two readers see two different answers.

use super::{Expectation, Subject};
use crate::model::finding::Finding;

pub fn check(subject: &Subject<'_, '_>, _: &Expectation) -> Vec<Finding> {
    let Some(media) = subject.media else { return Vec::new() };
    let answer = subject.answer;
    let mut findings = Vec::new();
    if let Some(malformed) = &answer.malformed {
        let message = match subject.response.body.is_empty() {
            true => format!("the body is empty where the contract has {}", media.essence),
            false => format!(
                "the body is not well-formed at line {}, column {}: {}",
                malformed.line, malformed.column, malformed.message
            ),
        };
        findings.push(
            Finding::new("well-formed", "body", message)
                .requirement("syntax")
                .expected(format!("well-formed {}", media.essence))
                .actual(answer.text.clone())
                .spec(Some(media.location.clone())),
        );
    }
    for pointer in &answer.duplicates {
        let name = pointer.rsplit('/').next().unwrap_or_default();
        findings.push(
            Finding::new("well-formed", pointer.clone(), format!("the object has `{name}` more than once"))
                .requirement("unique-names")
                .expected("unique names (RFC 8259 section 4)")
                .actual("a duplicate"),
        );
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    #[test]
    fn fires_on_broken_empty_and_ambiguous_bodies() {
        let check = |body: &str| Fixture::default().answer(json(body)).check("well-formed");
        assert!(check("{\"id\": 1").first().unwrap().message.contains("line 1, column 8"));
        assert_eq!(check("")[0].message, "the body is empty where the contract has application/json");
        assert_eq!(check("{\"id\": 1, \"id\": 2}")[0].at, "/id");
    }

    #[test]
    fn is_silent_on_well_formed_bodies() {
        assert!(Fixture::default().answer(json("{\"id\": \"1\"}")).check("well-formed").is_empty());
    }
}
