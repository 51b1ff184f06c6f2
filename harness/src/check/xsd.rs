//! Does the XML body satisfy its XSD?

use super::{Expectation, Subject};
use crate::model::finding::Finding;
use crate::model::source::Location;

/// The requirement of a finding that is none: the validator stopped short of a verdict, and the trial is errored.
pub const NOT_JUDGED: &str = "not-judged";

pub fn check(subject: &Subject<'_, '_>, _: &Expectation) -> Vec<Finding> {
    let Some(media) = subject.media else { return Vec::new() };
    let (Some(schema), Some(document)) = (&media.xsd, &subject.answer.document) else { return Vec::new() };
    let violations = match schema.validate(document) {
        Ok(violations) => violations,
        Err(e) => return vec![Finding::new("xsd", "body", e.to_string()).requirement(NOT_JUDGED)],
    };
    violations
        .into_iter()
        .map(|violation| {
            let spec = violation.schema.as_ref().map(|place| Location {
                file: place.file.display().to_string(),
                line: place.line,
                column: 1,
            });
            Finding::new("xsd", violation.xpath, violation.message)
                .requirement(violation.code)
                .spec(spec.or_else(|| Some(media.location.clone())))
        })
        .collect()
}
