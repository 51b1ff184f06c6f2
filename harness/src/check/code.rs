//! Is the code documented, does it fit the outcome, and is it the one the case expects?

use super::{Expectation, Subject};
use crate::expr::printed;
use crate::model::finding::Finding;

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let operation = &expectation.operation;
    let Some(codes) = &operation.codes else { return Vec::new() };
    if subject.documented.is_none() && expectation.code.is_none() {
        return Vec::new();
    }
    // Where there is no code to read, the schema has said so.
    let Ok(value) = codes.value.value(subject.evaluator) else { return Vec::new() };
    let code = printed(&value);
    let mut findings = Vec::new();
    let finding = |requirement: &str, message: String| {
        Finding::new("code", "body", message).requirement(requirement).actual(code.clone())
    };
    let documented = codes.table.iter().find(|c| c.code == code);
    let listed = || codes.table.iter().map(|c| c.code.as_str()).collect::<Vec<_>>().join(", ");
    if let Some((expected, location)) = &expectation.code {
        match expected.text(subject.evaluator) {
            Ok(expected) if expected == code => {}
            Ok(expected) => findings.push(
                finding("expected", format!("the code is `{code}` instead of `{expected}`"))
                    .expected(expected)
                    .case(Some(location.clone())),
            ),
            Err(e) => findings.push(finding("expected", e).case(Some(location.clone()))),
        }
    }
    match documented {
        None if codes.complete => findings.push(
            finding("documented", format!("code `{code}` is not documented"))
                .expected(format!("one of {}", listed()))
                .spec(Some(codes.location.clone())),
        ),
        Some(entry) => {
            let said =
                operation.outcomes.iter().find(|o| o.predicate.holds(subject.evaluator).unwrap_or(false));
            if let (Some(wanted), Some(said)) = (&entry.outcome, said)
                && *wanted != said.name
            {
                findings.push(
                    finding(
                        "outcome",
                        format!(
                            "code `{code}` means {wanted} ({}), the answer says {}",
                            entry.meaning, said.name
                        ),
                    )
                    .expected(wanted.clone())
                    .spec(Some(entry.location.clone()))
                    .doc(entry.doc.clone()),
                );
            }
        }
        None => {}
    }
    findings
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    #[test]
    fn fires_on_an_undocumented_an_unexpected_and_an_unfitting_code() {
        let check = |body: &str| Fixture::default().expect_code("0").answer(json(body)).check("code");
        let messages: Vec<_> =
            check("{\"code\": 7, \"status\": \"ok\"}").into_iter().map(|f| f.message).collect();
        assert_eq!(messages, ["the code is `7` instead of `0`", "code `7` is not documented"]);
        assert_eq!(
            check("{\"code\": 0, \"status\": \"bad\"}")[0].message,
            "code `0` means success (done), the answer says failure"
        );
    }

    #[test]
    fn is_silent_on_the_documented_code_and_where_there_is_none() {
        let check = |body: &str| Fixture::default().answer(json(body)).check("code");
        assert!(check("{\"code\": 0, \"status\": \"ok\"}").is_empty());
        assert!(check("{}").is_empty());
    }
}
