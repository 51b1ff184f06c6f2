//! What all answers have in common: JSON, and the envelope `success`, `fail`, `code`, `data`, `msg`, `failure`.

use std::fmt::Display;

use axum::http::StatusCode;
use axum::response::Response;
use serde_json::Value;

use crate::fault::Faults;
use crate::gbk;
use crate::http;
use crate::json::Object;

use super::faults;
use super::refusal::Refusal;

/// The answer to a request that was done.
pub(super) fn done(faults: &Faults, data: &impl Display, message: &str) -> Response {
    let failure = faults.has(&faults::SUCCESS_AND_FAILURE);
    let code = if faults.has(&faults::CODE_ON_SUCCESS) { Value::from("0") } else { Value::Null };
    let mut envelope = Object::default();
    envelope.push("success", true);
    envelope.push("fail", false);
    envelope.push("code", code);
    envelope.push("data", data);
    envelope.push_text("msg", message);
    envelope.push("failure", failure);
    json(faults, &object(faults, envelope).to_string())
}

/// The answer to a request that was refused.
pub(super) fn refused(faults: &Faults, refusal: &Refusal) -> Response {
    let mut envelope = Object::default();
    envelope.push("success", faults.has(&faults::SUCCESS_WHEN_REFUSED));
    envelope.push("fail", true);
    envelope.push_text("code", refusal.code());
    envelope.push("data", Value::Null);
    envelope.push_text("msg", &refusal.message());
    envelope.push("failure", true);
    json(faults, &object(faults, envelope).to_string())
}

/// An object of an answer: with its nulls, unless a fault leaves them out.
pub(super) fn object(faults: &Faults, object: Object) -> Object {
    if faults.has(&faults::NULLS_LEFT_OUT) { object.without_nulls() } else { object }
}

/// A JSON text as an answer.
pub(super) fn json(faults: &Faults, text: &str) -> Response {
    let content_type = if faults.has(&faults::HTML_CONTENT_TYPE) {
        "text/html;charset=UTF-8"
    } else {
        "application/json;charset=UTF-8"
    };
    let bytes =
        if faults.has(&faults::GBK_LABELLED_UTF8) { gbk::encode(text) } else { text.as_bytes().to_vec() };
    http::answer(StatusCode::OK, content_type, bytes)
}
