//! China Unicom IVR subscriptions (document 000): order, cancel, query, and the callback that follows.
//!
//! GET with GBK percent-encoded queries, answers in GBK JSON. Assumed where the document is silent: every answer is
//! HTTP 200; `code` is `0` for done and `1` for refused; numbers are known by their prefix; `order_time` is
//! `YYYYMMDDHHMMSS`; products whose id begins with `fail` are accepted and fail later.

use std::sync::atomic::AtomicUsize;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request as HttpRequest;
use axum::http::Method;
use axum::response::Response;
use axum::routing::any;

use crate::apis::{Api, Environment};
use crate::http;

mod answer;
mod faults;
mod operations;
mod refusal;
mod report;
mod request;
mod subscriptions;

use operations::Operation;
use refusal::Refusal;
use request::Request;
use subscriptions::Subscriptions;

const NAME: &str = "unicom-ivr";

pub(super) const API: Api =
    Api { name: NAME, base_path: "", faults: faults::FAULTS, credentials: |_| Vec::new(), routes };

/// The provider: what it is told and what it remembers.
struct Ivr {
    environment: Environment,
    subscriptions: Mutex<Subscriptions>,
    /// How many queries there were.
    queries: AtomicUsize,
}

fn routes(environment: &Environment) -> Router {
    let ivr = Arc::new(Ivr {
        environment: environment.clone(),
        subscriptions: Mutex::new(Subscriptions::new()),
        queries: AtomicUsize::new(0),
    });
    let route = |operation: Operation| {
        let ivr = Arc::clone(&ivr);
        any(async move |request: HttpRequest| endpoint(&ivr, operation, &request))
    };
    Router::new()
        .route("/ivrbaoyue", route(operations::order))
        .route("/ivrquxiao", route(operations::cancel))
        .route("/ivrchaxun", route(operations::query))
}

fn endpoint(ivr: &Arc<Ivr>, operation: Operation, request: &HttpRequest) -> Response {
    let faults = &ivr.environment.faults;
    if request.method() != Method::GET && !faults.has(&faults::OTHER_METHODS_SERVED) {
        return http::method_not_allowed("GET");
    }
    let request = Request::read(faults, request.uri().query().unwrap_or_default());
    let outcome = operation(ivr, &request);
    if let Err(refused) = &outcome
        && matches!(refused.refusal, Refusal::Missing(_))
        && faults.has(&faults::MISSING_PARAMETER_500)
    {
        return http::uncaught_exception(
            "java.lang.NullPointerException",
            "com.carrier.ivr.SubscribeServlet.doGet(SubscribeServlet.java:87)",
        );
    }
    if let Err(refused) = &outcome
        && matches!(refused.refusal, Refusal::Malformed(_))
        && faults.has(&faults::MARKUP_REFLECTED)
    {
        return answer::page(&request);
    }
    answer::render(faults, &request, &outcome)
}
