//! Whether a check has something to judge in an answer: what the coverage matrix of a report counts. A check that does
//! not apply finds nothing.

use super::{Expectation, Subject, signature_of};

/// A status is always judged.
pub fn always(_: &Subject<'_, '_>, _: &Expectation) -> bool {
    true
}

/// The documented answer has a media type.
pub fn content_type(subject: &Subject<'_, '_>, _: &Expectation) -> bool {
    subject.documented.is_some_and(|documented| !documented.media.is_empty())
}

/// The answer says that it is coded.
pub fn content_encoding(subject: &Subject<'_, '_>, _: &Expectation) -> bool {
    subject.response.miscoded.is_some() || subject.response.header("content-encoding").is_some()
}

/// There are bytes, or a label.
pub fn charset(subject: &Subject<'_, '_>, _: &Expectation) -> bool {
    !subject.response.body.is_empty() || subject.response.header("content-type").is_some()
}

/// The body has a documented media type.
pub fn media(subject: &Subject<'_, '_>, _: &Expectation) -> bool {
    subject.media.is_some()
}

/// There is a schema, and a body that it is about.
pub fn schema(subject: &Subject<'_, '_>, _: &Expectation) -> bool {
    let has_schema = subject.media.is_some_and(|media| media.schema.is_some());
    has_schema && subject.answer.body.is_some() && subject.answer.document.is_none()
}

pub fn xsd(subject: &Subject<'_, '_>, _: &Expectation) -> bool {
    subject.media.is_some_and(|media| media.xsd.is_some()) && subject.answer.document.is_some()
}

pub fn outcome(subject: &Subject<'_, '_>, expectation: &Expectation) -> bool {
    !expectation.operation.outcomes.is_empty()
        && (subject.documented.is_some() || expectation.outcome.is_some())
}

pub fn code(subject: &Subject<'_, '_>, expectation: &Expectation) -> bool {
    expectation.operation.codes.is_some() && (subject.documented.is_some() || expectation.code.is_some())
}

pub fn headers(_: &Subject<'_, '_>, expectation: &Expectation) -> bool {
    !expectation.headers.is_empty()
}

pub fn like(subject: &Subject<'_, '_>, expectation: &Expectation) -> bool {
    expectation.like.is_some() && subject.answer.body.is_some()
}

pub fn equals(subject: &Subject<'_, '_>, expectation: &Expectation) -> bool {
    expectation.equals.is_some() && subject.answer.body.is_some()
}

/// There is a rule of the contract, which speaks of documented answers, or one of the case.
pub fn rule(subject: &Subject<'_, '_>, expectation: &Expectation) -> bool {
    let of_contract =
        subject.documented.is_some_and(|d| !d.rules.is_empty() || !expectation.operation.rules.is_empty());
    of_contract || !expectation.rules.is_empty()
}

pub fn signature(subject: &Subject<'_, '_>, expectation: &Expectation) -> bool {
    signature_of(subject, expectation).is_some() && subject.answer.body.is_some()
}

pub fn undocumented(subject: &Subject<'_, '_>, _: &Expectation) -> bool {
    subject.media.is_some_and(|media| media.xsd.is_none())
        && subject.answer.body.is_some()
        && subject.answer.document.is_none()
}

pub fn latency(_: &Subject<'_, '_>, expectation: &Expectation) -> bool {
    expectation.within.is_some()
}
