//! Cube data plan orders (document 004): one signed POST of JSON.
//!
//! Assumed where the document is silent: the signature rule (see `sign`); refusals are HTTP 200 with `success` false,
//! `data` null and a code of the sandbox's own for each kind (see `refusal`); the packages in `catalogue`.

use std::sync::Arc;
use std::sync::atomic::AtomicU64;

use axum::Router;
use axum::extract::Request;
use axum::http::header::ACCEPT_LANGUAGE;
use axum::http::{Method, StatusCode};
use axum::response::Response;
use axum::routing::any;

use crate::apis::{Api, Environment};
use crate::fault::Faults;
use crate::http::{self, ContentType};
use crate::random::Random;

mod answer;
mod catalogue;
mod faults;
mod fields;
mod language;
mod order;
mod order_id;
mod period;
mod refusal;
mod sign;

use fields::Fields;
use language::Language;
use order_id::OrderIds;
use refusal::Refusal;

const NAME: &str = "cube";
const SECRET: &str = "CUBE_SECRET";
const ACCESS_CODE: &str = "CUBE_ACCESS_CODE";

pub(super) const API: Api =
    Api { name: NAME, base_path: "/cube/v4", faults: faults::FAULTS, credentials, routes };

/// The provider: what it is told, and what keeps order ids apart.
struct Cube {
    environment: Environment,
    secret: String,
    access_code: String,
    order_ids: OrderIds,
}

fn credentials(random: &mut Random) -> Vec<(&'static str, String)> {
    let access_code = format!("P9{}", random.text(5, b"0123456789"));
    let secret = random.text(32, b"0123456789abcdef");
    vec![(ACCESS_CODE, access_code), (SECRET, secret)]
}

fn routes(environment: &Environment) -> Router {
    let credential = |name| environment.credentials.get(name).cloned().unwrap_or_default();
    let cube = Arc::new(Cube {
        secret: credential(SECRET),
        access_code: credential(ACCESS_CODE),
        order_ids: OrderIds::new(environment.seed, AtomicU64::new(0)),
        environment: environment.clone(),
    });
    Router::new().route(
        "/cube/v4/package/orderPackage",
        any(async move |request: Request| order_package(&cube, request).await),
    )
}

async fn order_package(cube: &Cube, request: Request) -> Response {
    if request.method() != Method::POST {
        return http::method_not_allowed("POST");
    }
    let faults = &cube.environment.faults;
    let language = Language::negotiate(faults, request.headers().get(ACCEPT_LANGUAGE));
    let fields = fields(faults, request).await;
    let is_long = |fields: &Fields| fields.optional("package_name").is_some_and(|name| name.len() > 1_000);
    if faults.has(&faults::LONG_NAME_DROPPED) && fields.as_ref().is_ok_and(is_long) {
        return http::cut_off(http::answer(StatusCode::OK, "application/json", ""), "{}", 0);
    }
    let outcome = fields.and_then(|fields| order::place(cube, &fields));
    if matches!(outcome, Err(Refusal::MalformedJson)) && faults.has(&faults::MALFORMED_BODY_500) {
        let status = StatusCode::INTERNAL_SERVER_ERROR;
        return http::answer(status, "text/plain; charset=UTF-8", "internal error\n");
    }
    if faults.has(&faults::SLOW_ANSWER) {
        tokio::time::sleep(cube.environment.fault_delay).await;
    }
    if let Err(Refusal::MissingField(_)) = outcome
        && faults.has(&faults::MISSING_FIELD_500)
    {
        return http::uncaught_exception(
            "java.lang.NullPointerException",
            "com.provider.cube.OrderController.orderPackage(OrderController.java:112)",
        );
    }
    answer::render(faults, language, &outcome)
}

/// The body's fields. The media type may be left out: the document gives it a default.
async fn fields(faults: &Faults, request: Request) -> Result<Fields, Refusal> {
    let content_type = http::content_type(request.headers());
    let body = http::read_body(request.into_body()).await.map_err(|_| Refusal::MalformedJson)?;
    match content_type {
        ContentType::Absent => {}
        ContentType::Is(media_type, charset)
            if media_type == "application/json"
                && charset.as_deref().is_none_or(|charset| charset == "utf-8") => {}
        ContentType::Malformed | ContentType::Is(..) => return Err(Refusal::WrongContentType),
    }
    Fields::parse(faults, &body)
}
