//! Does the body satisfy the JSON Schema of its media type?

use super::{Expectation, Subject};
use crate::model::finding::Finding;

pub fn check(subject: &Subject<'_, '_>, _: &Expectation) -> Vec<Finding> {
    let Some(schema) = subject.media.and_then(|m| m.schema.as_ref()) else { return Vec::new() };
    // An XML tree has another form than the schema of its media type; an XSD judges it.
    let Some(body) = subject.answer.body.as_ref().filter(|_| subject.answer.document.is_none()) else {
        return Vec::new();
    };
    schema
        .violations(body)
        .into_iter()
        .map(|violation| {
            let at = if violation.at.is_empty() { "body".to_owned() } else { violation.at };
            Finding::new("schema", at, violation.message)
                .requirement(violation.keyword)
                .expected(violation.expected)
                .actual(violation.actual)
                .spec(Some(violation.location))
                .schema(violation.schema)
                .doc(violation.doc)
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    #[test]
    fn fires_on_every_violation_in_one_pass() {
        let findings = Fixture::default().answer(json("{\"id\": 7, \"status\": \"odd\"}")).check("schema");
        let found: Vec<_> =
            findings.iter().map(|f| (f.at.as_str(), f.requirement.as_deref().unwrap())).collect();
        assert_eq!(found, [("/list", "required"), ("/id", "type"), ("/status", "enum")]);
        assert_eq!(findings[1].message, "a number where the contract has a string");
        assert_eq!(findings[1].doc.as_deref(), Some("d.txt#7"));
        assert_eq!(findings[1].schema.as_deref(), Some("/components/schemas/Thing/properties/id/type"));
        assert!(findings[1].spec.as_ref().unwrap().line > 1);
    }

    #[test]
    fn a_failed_choice_is_explained_by_the_form_that_fits_best() {
        let findings = Fixture::default()
            .answer(json("{\"id\": \"1\", \"status\": \"ok\", \"list\": [{\"kind\": \"a\", \"a\": \"no\"}]}"))
            .check("schema");
        let found: Vec<_> = findings.iter().map(|f| f.at.as_str()).collect();
        assert_eq!(found, ["/list/0/a"]);
    }

    #[test]
    fn is_silent_on_a_valid_body() {
        let valid = "{\"id\": \"1\", \"status\": \"ok\", \"list\": [{\"kind\": \"a\", \"a\": 1}]}";
        assert!(Fixture::default().answer(json(valid)).check("schema").is_empty());
    }
}
