//! Roam's mall (document 002): 35 operations of customers (`uc`) and operations staff (`om`), from login to delivery.
//!
//! Every operation takes a GET with a query, a POST of a form and a POST of JSON alike. Every answer is HTTP 200 with
//! `error_no`, and echoes the session and the user; two are HTML pages. Assumed where the document is silent: the
//! accounts (see `accounts`), half an hour until a session expires (`sessions`), when a line is discounted (`prices`),
//! the codes of most refusals (`refusal`), the state that an order must be in (`ordering`, `shipping`, `paying`,
//! `staff`), and how long an unpaid order stays valid (`orders`). Where the document contradicts itself the newer
//! answers are followed, which have more fields.

use std::sync::{Arc, Mutex, PoisonError};

use axum::Router;
use axum::extract::Request;
use axum::http::Method;
use axum::response::Response;
use axum::routing::any;

use crate::apis::{Api, Environment};
use crate::http;
use crate::random::Random;

mod accounts;
mod addresses;
mod answer;
mod call;
mod cards;
mod carts;
mod catalogue;
mod choice;
mod credit;
mod devices;
mod faults;
mod forms;
mod history;
mod input;
mod login;
mod mall;
mod moment;
mod money;
mod node;
mod operations;
mod ordering;
mod orders;
mod outlets;
mod packages;
mod paying;
mod prices;
mod products;
mod refusal;
mod regions;
mod sessions;
mod shipping;
mod staff;
mod store;
mod vouchers;

use input::Input;
use mall::Mall;
use operations::{OPERATIONS, Operation};

const NAME: &str = "roam";

pub(super) const API: Api =
    Api { name: NAME, base_path: "", faults: faults::FAULTS, credentials: |_| Vec::new(), routes };

/// The provider: what it is told and what it remembers.
struct Roam {
    environment: Environment,
    mall: Mutex<Mall>,
}

fn routes(environment: &Environment) -> Router {
    let random = Random::new(environment.seed, "roam sessions");
    let roam = Arc::new(Roam { environment: environment.clone(), mall: Mutex::new(Mall::new(random)) });
    OPERATIONS.into_iter().fold(Router::new(), |router, operation| {
        let roam = Arc::clone(&roam);
        router.route(
            operation.path,
            any(async move |request: Request| endpoint(&roam, operation, request).await),
        )
    })
}

async fn endpoint(roam: &Roam, operation: Operation, request: Request) -> Response {
    if ![Method::GET, Method::POST].contains(request.method()) {
        return http::method_not_allowed("GET, POST");
    }
    let input = Input::read(request).await;
    let faults = &roam.environment.faults;
    let reply = {
        let mut mall = roam.mall.lock().unwrap_or_else(PoisonError::into_inner);
        operation.answer(&mut mall, faults, &input, roam.environment.clock.now())
    };
    answer::render(faults, reply)
}
