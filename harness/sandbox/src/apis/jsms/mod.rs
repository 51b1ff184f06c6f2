//! The SMS order desk (document 001): an order's detail, the list of resources, and the four steps of matching (配单).
//!
//! Answers are JSON in UTF-8, HTTP 200 whatever they say. Assumed where the document is silent: POSTs are forms in
//! UTF-8 that repeat `resourceIds` (the types `String[]` and `Integer` are Java's); the state machine (see `state`);
//! refusals and their codes (see `refusal`); the orders and resources that there are (see `desk`); what the codes that
//! no example shows are called (see `dictionary`).

use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use axum::routing::any;

use crate::apis::{Api, Environment};
use crate::http;

mod answer;
mod clock;
mod desk;
mod dictionary;
mod faults;
mod form;
mod matching;
mod order;
mod page;
mod refusal;
mod resource;
mod state;

use desk::Desk;
use form::Form;
use matching::Action;
use refusal::Refusal;

const NAME: &str = "jsms";

pub(super) const API: Api =
    Api { name: NAME, base_path: "", faults: faults::FAULTS, credentials: |_| Vec::new(), routes };

/// The provider: what it is told and what it remembers.
struct Jsms {
    environment: Environment,
    desk: Mutex<Desk>,
}

fn routes(environment: &Environment) -> Router {
    let jsms =
        Arc::new(Jsms { environment: environment.clone(), desk: Mutex::new(Desk::new(environment.seed)) });
    let detail = {
        let jsms = Arc::clone(&jsms);
        any(async move |request: Request| order_detail(&jsms, &request))
    };
    let list = {
        let jsms = Arc::clone(&jsms);
        any(async move |request: Request| resource_list(&jsms, request).await)
    };
    let step = |action: Action| {
        let jsms = Arc::clone(&jsms);
        any(async move |request: Request| matching_step(&jsms, action, request).await)
    };
    Router::new()
        .route("/demandOrder", detail.clone())
        .route("/demandOrder/", detail.clone())
        .route("/demandOrder/{*id}", detail)
        .route("/order/resource/query", list)
        .route("/peidan/daipipei", step(Action::Place))
        .route("/peidan/pipeichenggong", step(Action::Match))
        .route("/peidan/huitui", step(Action::RollBack))
        .route("/peidan/faqixuqiu", step(Action::Reopen))
}

/// 订单详情: the order whose id is the rest of the path.
fn order_detail(jsms: &Jsms, request: &Request) -> Response {
    if request.method() != Method::GET {
        return http::method_not_allowed("GET");
    }
    let faults = &jsms.environment.faults;
    let outcome = form::path_id(request.uri().path(), "/demandOrder")
        .and_then(|id| jsms.desk().shown(faults, &id).map(|order| order.detail(faults)));
    if matches!(outcome, Err(Refusal::UnknownOrder)) && faults.has(&faults::UNKNOWN_ORDER_500) {
        return http::uncaught_exception(
            "java.lang.NullPointerException",
            "com.provider.operation.controller.DemandOrderController.detail(DemandOrderController.java:64)",
        );
    }
    match outcome {
        Ok(order) => answer::done(faults, &order, "查询成功！"),
        Err(refusal) => answer::refused(faults, &refusal),
    }
}

/// 获取资源列表: a page of the resources.
async fn resource_list(jsms: &Jsms, request: Request) -> Response {
    if request.method() != Method::POST {
        return http::method_not_allowed("POST");
    }
    let faults = &jsms.environment.faults;
    let outcome = Form::read(faults, request).await.and_then(|form| page::query(faults, &jsms.desk(), &form));
    if matches!(outcome, Err(Refusal::Malformed("rows"))) && faults.has(&faults::BAD_ROWS_500) {
        return http::uncaught_exception(
            "java.lang.NumberFormatException",
            "com.provider.operation.page.PageQuery.getRows(PageQuery.java:31)",
        );
    }
    match outcome {
        Ok(page) => answer::json(faults, &page.to_string()),
        Err(refusal) => answer::refused(faults, &refusal),
    }
}

/// One of the four steps of matching.
async fn matching_step(jsms: &Jsms, action: Action, request: Request) -> Response {
    if request.method() != Method::POST {
        return http::method_not_allowed("POST");
    }
    let faults = &jsms.environment.faults;
    let outcome = Form::read(faults, request).await.and_then(|form| {
        let now = clock::local(&jsms.environment);
        matching::step(faults, &mut jsms.desk(), action, &form, now)
    });
    match outcome {
        Ok(()) => answer::done(faults, &serde_json::Value::Null, "操作成功！"),
        Err(refusal) => answer::refused(faults, &refusal),
    }
}
