//! Are all fields documented? A new field is drift: a warning, because the document does not forbid it.

use super::{Expectation, MAX_FINDINGS, Subject, left_out};
use crate::model::finding::Finding;
use crate::model::level::Level;

pub fn check(subject: &Subject<'_, '_>, _: &Expectation) -> Vec<Finding> {
    let (Some(media), Some(body)) = (subject.media, &subject.answer.body) else { return Vec::new() };
    if media.xsd.is_some() || subject.answer.document.is_some() {
        return Vec::new();
    }
    let mut pointers = media.shape.undocumented(body);
    if subject.answer.is_page {
        // The names around the fields are those of the projection, not of the target.
        pointers.retain(|pointer| is_field(pointer));
    }
    let more = pointers.len().saturating_sub(MAX_FINDINGS);
    let mut findings: Vec<Finding> = pointers
        .into_iter()
        .take(MAX_FINDINGS)
        .map(|pointer| {
            let name = pointer.rsplit('/').next().unwrap_or_default().to_owned();
            let actual = body.pointer(&pointer).map(ToString::to_string).unwrap_or_default();
            Finding::new("undocumented", pointer.clone(), format!("`{name}` is not documented"))
                .requirement("documented")
                .level(Level::Should)
                .expected("only documented fields")
                .actual(actual)
                .spec(Some(media.location.clone()))
        })
        .collect();
    left_out(&mut findings, more);
    findings
}

/// `/forms/0/fields/total_fee`
fn is_field(pointer: &str) -> bool {
    pointer.strip_prefix("/forms/").is_some_and(|rest| rest.split('/').nth(1) == Some("fields"))
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};
    use crate::model::level::Level;

    #[test]
    fn warns_of_a_new_field() {
        let findings = Fixture::default().answer(json("{\"id\": \"1\", \"new\": 1}")).check("undocumented");
        assert_eq!((findings[0].at.as_str(), findings[0].level), ("/new", Level::Should));
    }

    #[test]
    fn is_silent_on_documented_fields() {
        assert!(Fixture::default().answer(json("{\"id\": \"1\"}")).check("undocumented").is_empty());
    }
}
