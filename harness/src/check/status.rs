//! Is the status documented, and the one the case expects?

use super::{Expectation, Subject};
use crate::contract::StatusPattern;
use crate::model::finding::Finding;

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let status = subject.response.status;
    let operation = &expectation.operation;
    if let Some((expected, location)) = &expectation.status {
        if expected.iter().any(|pattern| matches(*pattern, status)) {
            return Vec::new();
        }
        let wanted = list(expected);
        return vec![
            Finding::new("status", "status", format!("the status is {status} instead of {wanted}"))
                .requirement("expected")
                .expected(wanted)
                .actual(status.to_string())
                .case(Some(location.clone())),
        ];
    }
    if subject.documented.is_some() {
        return Vec::new();
    }
    let documented: Vec<StatusPattern> = operation.responses.iter().map(|r| r.status).collect();
    vec![
        Finding::new("status", "status", format!("status {status} is not documented for `{}`", operation.id))
            .requirement("documented")
            .expected(list(&documented))
            .actual(status.to_string())
            .spec(Some(operation.location.clone())),
    ]
}

fn matches(pattern: StatusPattern, status: u16) -> bool {
    match pattern {
        StatusPattern::Code(code) => code == status,
        StatusPattern::Class(class) => u16::from(class) == status / 100,
        StatusPattern::Default => true,
    }
}

fn list(patterns: &[StatusPattern]) -> String {
    let words: Vec<String> = patterns
        .iter()
        .map(|pattern| match pattern {
            StatusPattern::Code(code) => code.to_string(),
            StatusPattern::Class(class) => format!("{class}XX"),
            StatusPattern::Default => "any".into(),
        })
        .collect();
    words.join(" or ")
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    #[test]
    fn fires_on_an_undocumented_or_unexpected_status() {
        let findings = Fixture::default().status(500).answer(json("{}")).check("status");
        assert_eq!(findings[0].message, "status 500 is not documented for `get_thing`");
        let findings = Fixture::default().expect_status(404).answer(json("{}")).check("status");
        assert_eq!(findings[0].message, "the status is 200 instead of 404");
    }

    #[test]
    fn is_silent_on_a_documented_status() {
        assert!(Fixture::default().answer(json("{}")).check("status").is_empty());
        assert!(Fixture::default().expect_status(200).answer(json("{}")).check("status").is_empty());
    }
}
