//! Are the bytes what `Content-Encoding` says?

use super::{Expectation, Subject};
use crate::model::finding::Finding;

pub fn check(subject: &Subject<'_, '_>, _: &Expectation) -> Vec<Finding> {
    let Some(message) = &subject.response.miscoded else { return Vec::new() };
    let declared = subject.response.header_text("content-encoding").unwrap_or_default();
    vec![
        Finding::new("content-encoding", "header content-encoding", message.clone())
            .requirement("decodes")
            .expected(format!("a body in {declared}"))
            .actual("other bytes"),
    ]
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json};

    #[test]
    fn fires_on_a_body_that_does_not_decode() {
        let findings = Fixture::default()
            .miscoded("the body is labelled gzip")
            .answer(json("{}"))
            .check("content-encoding");
        assert_eq!(findings[0].at, "header content-encoding");
    }

    #[test]
    fn is_silent_where_there_is_no_coding() {
        assert!(Fixture::default().answer(json("{}")).check("content-encoding").is_empty());
    }
}
