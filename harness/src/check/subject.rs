//! [`Subject`]: an answer under judgement, with everything about it that checks share.

use crate::contract::{MediaSpec, Operation, ResponseSpec};
use crate::expr::Evaluator;
use crate::http::body::{Answer, read};
use crate::http::media_type::{MediaType, syntax};
use crate::model::exchange::{Exchange, Response};

/// Read once, judged by every check.
pub struct Subject<'a, 'e> {
    pub exchange: &'a Exchange,
    pub response: &'a Response,
    pub answer: &'a Answer,
    pub evaluator: &'a Evaluator<'e>,
    /// The response that the contract documents for the status.
    pub documented: Option<&'a ResponseSpec>,
    /// The documented media type that the body is judged by: the declared one, or the only one.
    pub media: Option<&'a MediaSpec>,
    /// Of the rules that judge the answer, in the order of [`rules_of`](super::rules_of): whether it is known already that
    /// they do not object. Empty where nothing is known.
    pub settled: &'a [bool],
}

impl<'a, 'e> Subject<'a, 'e> {
    pub fn new(
        exchange: &'a Exchange,
        response: &'a Response,
        answer: &'a Answer,
        operation: &'a Operation,
        evaluator: &'a Evaluator<'e>,
    ) -> Self {
        let documented = operation.response(response.status);
        let media = documented.and_then(|spec| media(spec, answer));
        Self { exchange, response, answer, evaluator, documented, media, settled: &[] }
    }

    /// The place of a JSON pointer in the answer as people know it: an XPath where the answer is XML.
    pub fn place(&self, pointer: &str) -> String {
        match &self.answer.document {
            Some(document) => crate::xml::locate(document, pointer).xpath,
            None if pointer.is_empty() => "body".into(),
            None => pointer.to_owned(),
        }
    }
}

/// Reads an answer as the contract says: by the documented media type that it declares, or by the first.
pub fn read_answer(operation: &Operation, response: &Response) -> Answer {
    let declared = response.header_text("content-type").as_deref().and_then(MediaType::parse);
    let spec = operation.response(response.status).map(|d| d.media.as_slice()).unwrap_or_default();
    let documented =
        spec.iter().find(|m| declared.as_ref().is_some_and(|d| d.essence == m.essence)).or(spec.first());
    let expected = documented.map(|m| syntax(&m.essence));
    let charset = documented.and_then(|m| m.charset.as_deref()).or(operation.charset.as_deref());
    read(response, expected, charset)
}

/// A mislabelled body is still judged, by the first documented media type.
pub fn media<'s>(spec: &'s ResponseSpec, answer: &Answer) -> Option<&'s MediaSpec> {
    let declared = answer.media_type.as_ref().map(|m| m.essence.as_str());
    spec.media.iter().find(|m| Some(m.essence.as_str()) == declared).or_else(|| spec.media.first())
}
