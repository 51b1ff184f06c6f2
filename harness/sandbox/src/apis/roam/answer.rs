//! The answer: JSON in an envelope with the session and the user, or an HTML page; HTTP 200 whatever it says.

use axum::http::StatusCode;
use axum::response::Response;

use crate::fault::Faults;
use crate::http;
use crate::json::Object;

use super::accounts::UserId;
use super::call::{Answered, Outcome};
use super::faults;
use super::refusal::Refusal;

const JSON: &str = "application/json;charset=UTF-8";
const HTML: &str = "text/html;charset=UTF-8";

/// What `error_info` says if nothing went wrong.
const SUCCESS: &str = "成功";

/// What is to be answered, and the session and the user that are told with it.
#[derive(Debug)]
pub(super) struct Reply {
    pub(super) session: String,
    pub(super) user: UserId,
    pub(super) outcome: Answered,
}

/// Writes the answer.
pub(super) fn render(faults: &Faults, reply: Reply) -> Response {
    let Reply { session, user, outcome } = reply;
    let (number, info, result) = match outcome {
        Ok(Outcome::Page(page)) => return http::answer(StatusCode::OK, HTML, page),
        Ok(Outcome::Done) => (0, SUCCESS.to_owned(), None),
        Ok(Outcome::Result(_)) if faults.has(&faults::RESULT_MISSING) => (0, SUCCESS.to_owned(), None),
        Ok(Outcome::Result(result)) => (0, SUCCESS.to_owned(), Some(result)),
        Ok(Outcome::MustChangePassword(result)) => {
            (Refusal::InitialPassword.number(), Refusal::InitialPassword.info(), Some(result))
        }
        Err(Refusal::UnknownCard) if faults.has(&faults::UNKNOWN_CARD_AS_SUCCESS) => {
            (0, SUCCESS.to_owned(), Some(Object::default()))
        }
        Err(refusal) if faults.has(&faults::REFUSAL_SAYS_SUCCESS) => {
            (refusal.number(), SUCCESS.to_owned(), Some(Object::default()))
        }
        Err(refusal) => (refusal.number(), refusal.info(), Some(Object::default())),
    };
    let mut json = Object::default();
    json.push_text("error_info", &info);
    match faults.has(&faults::ERROR_NO_AS_TEXT) {
        true => json.push_text("error_no", &number.to_string()),
        false => json.push("error_no", number),
    }
    json.push_optional("result", result);
    json.push_text("sessionid", &session);
    match faults.has(&faults::USERID_AS_TEXT) {
        true => json.push_text("userid", &user.0.to_string()),
        false => json.push("userid", user.0),
    }
    let content_type = if faults.has(&faults::JSON_LABELLED_HTML) { HTML } else { JSON };
    http::answer(StatusCode::OK, content_type, json.to_string())
}
