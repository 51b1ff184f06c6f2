//! VASCloud subscription notices (document 003): check and register, by GET and by POST XML.
//!
//! Assumed where the document is silent or contradicts itself: answers are XML and HTTP 200, whatever is wrong with
//! the request; `status` is always 1; a request that can't be read at all is answered like one without parameters.

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use axum::routing::any;

use crate::apis::{Api, Environment};
use crate::fault::Faults;
use crate::http;
use crate::parameters::Parameters;

mod check;
mod entities;
mod faults;
mod input;
mod msisdn;
mod refusal;
mod register;
mod registrations;
mod reply;
mod xml;

use input::Message;
use registrations::Registrations;
use reply::Reply;

const NAME: &str = "vascloud";

pub(super) const API: Api =
    Api { name: NAME, base_path: "", faults: faults::FAULTS, credentials: |_| Vec::new(), routes };

/// The provider: what it is told and what it remembers.
struct Vascloud {
    faults: Faults,
    registrations: Mutex<Registrations>,
}

/// One of the two operations.
type Operation = fn(&Vascloud, &Parameters) -> Reply;

fn routes(environment: &Environment) -> Router {
    let vascloud = Arc::new(Vascloud {
        faults: environment.faults.clone(),
        registrations: Mutex::new(Registrations::new()),
    });
    let route = |message: &'static Message, operation: Operation| {
        let vascloud = Arc::clone(&vascloud);
        any(async move |request: Request| endpoint(&vascloud, message, operation, request).await)
    };
    Router::new()
        .route("/vascloud/v1/notify_check.html", route(&input::CHECK, check::check))
        .route("/vascloud/v1/notify_reg.html", route(&input::REGISTER, register::register))
}

async fn endpoint(
    vascloud: &Vascloud,
    message: &Message,
    operation: Operation,
    request: Request,
) -> Response {
    let faults = &vascloud.faults;
    let parameters = match *request.method() {
        Method::GET if faults.has(&faults::GET_NOT_IMPLEMENTED) => return http::method_not_allowed("POST"),
        Method::GET => Ok(input::from_query(&request)),
        Method::POST => input::from_body(faults, message, request).await,
        _ => return http::method_not_allowed("GET, POST"),
    };
    if parameters.is_err() && faults.has(&faults::BAD_XML_500) {
        return http::uncaught_exception(
            "org.xml.sax.SAXParseException: Content is not allowed in prolog.",
            "com.provider.vascloud.NotifyController.parse(NotifyController.java:41)",
        );
    }
    let parameters = parameters.unwrap_or_default();
    let quoted = faults.has(&faults::SQL_ERROR_SHOWN) && parameters.texts().any(|text| text.contains('\''));
    let reply = operation(vascloud, &parameters);
    let reply = if quoted {
        reply.described("You have an error in your SQL syntax near ''' at line 1")
    } else {
        reply
    };
    reply.render(faults)
}
