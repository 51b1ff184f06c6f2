//! The answer: JSON, HTTP 200 whatever it says.

use axum::http::StatusCode;
use axum::response::Response;
use jiff::civil::Date;
use serde_json::Value;

use crate::fault::Faults;
use crate::http;
use crate::json::Object;

use super::faults;
use super::language::Language;
use super::order::Order;
use super::refusal::Refusal;

/// Writes the outcome of an order.
pub(super) fn render(faults: &Faults, language: Language, outcome: &Result<Order, Refusal>) -> Response {
    let body = body(faults, language, outcome).to_string();
    let status = match outcome {
        Err(_) if faults.has(&faults::REFUSED_WITH_400) => StatusCode::BAD_REQUEST,
        _ => StatusCode::OK,
    };
    let response = http::answer(status, "application/json", body.clone());
    if outcome.is_ok() && faults.has(&faults::CONNECTION_DROPPED) {
        return http::cut_off(response, &body, 0);
    }
    if outcome.is_ok() && faults.has(&faults::ANSWER_CUT_OFF) {
        return http::cut_off(response, &body, body.len() / 2);
    }
    response
}

fn body(faults: &Faults, language: Language, outcome: &Result<Order, Refusal>) -> Object {
    let mut body = Object::default();
    if faults.has(&faults::DUPLICATE_KEY) {
        body.push_text("code", "9999");
    }
    push_code(faults, &mut body, outcome.as_ref().err());
    match outcome {
        Ok(_) if faults.has(&faults::DATA_MISSING) => {}
        Ok(order) => body.push("data", data(faults, order)),
        Err(_) => body.push("data", Value::Null),
    }
    body.push_text("message", &message(faults, language, outcome.as_ref().err()));
    let success = outcome.is_ok() || faults.has(&faults::SUCCESS_WHEN_REFUSED);
    if faults.has(&faults::SUCCESS_AS_STRING) {
        body.push_text("success", if success { "true" } else { "false" });
    } else {
        body.push("success", success);
    }
    if faults.has(&faults::UNDOCUMENTED_FIELD) {
        body.push_text("traceId", "5f2d1c0b9a8e7f60");
    }
    body
}

fn push_code(faults: &Faults, body: &mut Object, refusal: Option<&Refusal>) {
    let code = match refusal {
        None => "0000",
        Some(_) if faults.has(&faults::SAME_CODE_FOR_ALL) => "9999",
        Some(refusal) => refusal.code(),
    };
    if faults.has(&faults::CODE_AS_NUMBER) {
        return body.push("code", code.parse::<u16>().unwrap_or_default());
    }
    body.push_text("code", code);
}

fn message(faults: &Faults, language: Language, refusal: Option<&Refusal>) -> String {
    if faults.has(&faults::EMPTY_MESSAGE) {
        return String::new();
    }
    let message = match (refusal, language) {
        (None, Language::Chinese) => "成功".to_owned(),
        (None, Language::English) => "Success".to_owned(),
        (Some(refusal), language) => refusal.message(language),
    };
    if faults.has(&faults::QUESTION_MARKS) {
        return message.chars().map(|character| if character.is_ascii() { character } else { '?' }).collect();
    }
    message
}

fn data(faults: &Faults, order: &Order) -> Object {
    let mut data = Object::default();
    data.push("sign", Value::Null);
    if faults.has(&faults::ORDER_ID_NULL) {
        data.push("order_id", Value::Null);
    } else {
        data.push_text("order_id", &order.id);
    }
    data.push("order_start_date", date(faults, order.period.map(|period| period.start)));
    data.push("order_expire_date", date(faults, order.period.map(|period| period.expire)));
    data
}

fn date(faults: &Faults, date: Option<Date>) -> Value {
    let dashes = if faults.has(&faults::DATES_WITH_DASHES) { "-" } else { "" };
    let text = |date: Date| format!("{:04}{dashes}{:02}{dashes}{:02}", date.year(), date.month(), date.day());
    date.map(text).map_or(Value::Null, Value::from)
}
