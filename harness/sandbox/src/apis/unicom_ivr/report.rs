//! The callback: how an accepted order or cancellation went, told to the partner later.

use std::sync::Arc;

use crate::callback::Slot;
use crate::fault::Faults;
use crate::gbk;
use crate::percent;

use super::Ivr;
use super::faults;
use super::request::Subscriber;
use super::subscriptions::OrderNumber;

/// How it went, the callback's `result`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum OrderResult {
    /// The order succeeded: 0.
    Succeeded,
    /// The order of this number failed: 1.
    Failed(OrderNumber),
    /// The carrier's business system confirms (here: a cancellation): 2.
    Confirmed,
}

/// What is to be reported.
#[derive(Debug)]
pub(super) struct Report {
    pub(super) subscriber: Subscriber,
    pub(super) order_time: String,
    pub(super) result: OrderResult,
}

/// Has the request processed and reported after the callback delay.
pub(super) fn later(ivr: &Arc<Ivr>, slot: Slot, report: Report) {
    let ivr = Arc::clone(ivr);
    tokio::spawn(async move {
        tokio::time::sleep(ivr.environment.callback_delay).await;
        if let OrderResult::Failed(order) = report.result {
            ivr.subscriptions().fail(&ivr.key(&report.subscriber), order);
        }
        send(&ivr, &report).await;
        drop(slot);
    });
}

async fn send(ivr: &Ivr, report: &Report) {
    let faults = &ivr.environment.faults;
    let partner = &ivr.environment.partner;
    let query = query(faults, report);
    if faults.has(&faults::CALLBACK_NEVER) {
        return;
    }
    if report.result == OrderResult::Confirmed && faults.has(&faults::CANCEL_WITHOUT_CALLBACK) {
        return;
    }
    if faults.has(&faults::CALLBACK_LATE) {
        tokio::time::sleep(ivr.environment.fault_delay).await;
    }
    if faults.has(&faults::CALLBACK_BY_POST) {
        return partner.post_form(&query).await;
    }
    partner.get(&query).await;
    if faults.has(&faults::CALLBACK_TWICE) {
        partner.get(&query).await;
    }
}

/// `mobile=&order_time=&result=&productid=`, percent-encoded GBK.
fn query(faults: &Faults, report: &Report) -> String {
    let mut mobile = reported_number(faults, report);
    let mut product = reported_product(faults, report);
    if faults.has(&faults::CALLBACK_SWAPPED) {
        std::mem::swap(&mut mobile, &mut product);
    }
    let order_time = percent::encode(&gbk::encode(&report.order_time));
    let result = result_code(faults, report.result);
    if faults.has(&faults::CALLBACK_WITHOUT_ORDER_TIME) {
        return format!("mobile={mobile}&result={result}&productid={product}");
    }
    format!("mobile={mobile}&order_time={order_time}&result={result}&productid={product}")
}

fn reported_number(faults: &Faults, report: &Report) -> String {
    let phone = &report.subscriber.phone;
    if faults.has(&faults::CALLBACK_OTHER_NUMBER) {
        let (rest, last) = phone.split_at(phone.len() - 1);
        return format!("{rest}{}", if last == "9" { "0" } else { "9" });
    }
    phone.clone()
}

fn reported_product(faults: &Faults, report: &Report) -> String {
    let product = &report.subscriber.product;
    if faults.has(&faults::CALLBACK_UTF8) {
        return percent::encode(product.as_bytes());
    }
    percent::encode(&gbk::encode(product))
}

fn result_code(faults: &Faults, result: OrderResult) -> &'static str {
    match result {
        OrderResult::Succeeded if faults.has(&faults::CALLBACK_WRONG_RESULT) => "1",
        OrderResult::Succeeded => "0",
        OrderResult::Failed(_) if faults.has(&faults::CALLBACK_FAILURE_AS_SUCCESS) => "0",
        OrderResult::Failed(_) => "1",
        OrderResult::Confirmed => "2",
    }
}
