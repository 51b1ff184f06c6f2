//! Do the headers have the values that the case expects?

use super::{Expectation, Subject};
use crate::model::finding::Finding;

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let mut findings = Vec::new();
    for (name, expected, location) in &expectation.headers {
        let actual = subject.response.header_text(name);
        let at = format!("header {}", name.to_lowercase());
        let finding = |message: String| {
            Finding::new("headers", at.clone(), message)
                .requirement(name.to_lowercase())
                .actual(actual.clone().unwrap_or_else(|| "nothing".into()))
                .case(Some(location.clone()))
        };
        match (expected.text(subject.evaluator), &actual) {
            (Ok(expected), Some(actual)) if expected == *actual => {}
            (Ok(expected), Some(actual)) => {
                findings.push(
                    finding(format!("header `{name}` is `{}`", actual.escape_debug())).expected(expected),
                );
            }
            (Ok(expected), None) => {
                findings.push(finding(format!("there is no header `{name}`")).expected(expected));
            }
            (Err(e), _) => findings.push(finding(e)),
        }
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    #[test]
    fn fires_on_another_value_and_on_none() {
        let check =
            |name: &str| Fixture::default().expect_header(name, "yes").answer(json("{}")).check("headers");
        assert_eq!(check("Content-Type")[0].message, "header `Content-Type` is `application/json`");
        assert_eq!(check("X-None")[0].message, "there is no header `X-None`");
    }

    #[test]
    fn is_silent_on_the_expected_value() {
        let fixture = Fixture::default().expect_header("content-type", "application/json");
        assert!(fixture.answer(json("{}")).check("headers").is_empty());
    }
}
