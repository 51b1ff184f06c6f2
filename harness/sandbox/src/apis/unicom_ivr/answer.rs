//! The answer: JSON in GBK, every field a string.

use axum::http::StatusCode;
use axum::response::Response;

use crate::fault::Faults;
use crate::gbk;
use crate::http;
use crate::json::Object;

use super::faults;
use super::operations::Done;
use super::refusal::{Refusal, Refused};
use super::request::Request;

/// What the three operations have in common as an answer.
pub(super) fn render(faults: &Faults, request: &Request, outcome: &Result<Done, Refused>) -> Response {
    let (code, err_code, cause, status) = match outcome {
        Ok(done) => ("0", "0", done.cause.to_owned(), Some(done.status)),
        Err(refused) => ("1", refused.refusal.err_code(), cause(faults, refused), refused.status),
    };
    let mut fields = Object::default();
    fields.push_text("phone", &phone(faults, request.echoed_phone()));
    push_product(faults, &mut fields, request.echoed_product());
    if faults.has(&faults::NUMERIC_CODE) {
        fields.push("code", code);
    } else {
        fields.push_text("code", code);
    }
    if !(outcome.is_ok() && faults.has(&faults::MISSING_ERR_CODE)) {
        fields.push_text("err_code", err_code);
    }
    fields.push_text("cause", &cause);
    if let Some(status) = status {
        fields.push_text("status_code", status.code());
        if !faults.has(&faults::STATUS_CODE_WITHOUT_VALUE) {
            fields.push_text("status_value", status.value());
        }
    }
    http::answer(StatusCode::OK, content_type(faults), bytes(faults, &fields.to_string()))
}

fn cause(faults: &Faults, refused: &Refused) -> String {
    let cause = refused.refusal.cause();
    if matches!(refused.refusal, Refusal::Malformed(_)) && faults.has(&faults::TRACE_IN_CAUSE) {
        return format!(
            "{cause}: java.lang.IllegalArgumentException\n\tat com.carrier.ivr.Check.phone(Check.java:31)"
        );
    }
    cause
}

/// The error page of a container. Only a fault answers this.
pub(super) fn page(request: &Request) -> Response {
    let (phone, product) = (request.echoed_phone(), request.echoed_product());
    let page = format!("<html><body>参数错误: {phone} {product}</body></html>\n");
    http::answer(StatusCode::OK, "text/html; charset=GBK", gbk::encode(&page))
}

fn phone(faults: &Faults, phone: &str) -> String {
    if faults.has(&faults::PHONE_WITH_COUNTRY_CODE) {
        return format!("86{phone}");
    }
    if faults.has(&faults::PHONE_MASKED) {
        let masked = |(index, digit)| if (3..7).contains(&index) { '*' } else { digit };
        return phone.chars().enumerate().map(masked).collect();
    }
    phone.to_owned()
}

fn push_product(faults: &Faults, fields: &mut Object, product: &str) {
    if faults.has(&faults::UNESCAPED_QUOTES) {
        return fields.push("productid", format!("\"{product}\""));
    }
    fields.push_text("productid", product);
}

fn content_type(faults: &Faults) -> &'static str {
    if faults.has(&faults::GBK_LABELLED_UTF8) {
        return "application/json; charset=UTF-8";
    }
    if faults.has(&faults::NO_CHARSET) {
        return "application/json";
    }
    if faults.has(&faults::HTML_CONTENT_TYPE) {
        return "text/html; charset=GBK";
    }
    "application/json; charset=GBK"
}

fn bytes(faults: &Faults, text: &str) -> Vec<u8> {
    if faults.has(&faults::UTF8_INSTEAD_OF_GBK) {
        return text.as_bytes().to_vec();
    }
    if faults.has(&faults::QUESTION_MARKS) {
        return text
            .chars()
            .map(|character| u8::try_from(character).ok().filter(u8::is_ascii).unwrap_or(b'?'))
            .collect();
    }
    gbk::encode(text)
}
