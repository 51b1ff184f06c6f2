//! Order, cancel and query.

use std::sync::atomic::Ordering;
use std::sync::{Arc, MutexGuard, PoisonError};

use super::Ivr;
use super::faults;
use super::refusal::{Refusal, Refused};
use super::report::{self, OrderResult, Report};
use super::request::{Request, Subscriber};
use super::subscriptions::{Status, Subscriptions};

/// A request that was done, or accepted to be done.
#[derive(Debug)]
pub(super) struct Done {
    pub(super) cause: &'static str,
    pub(super) status: Status,
}

/// One of the three operations.
pub(super) type Operation = fn(&Arc<Ivr>, &Request) -> Result<Done, Refused>;

/// Subscribes at once; how it went is reported by a callback.
pub(super) fn order(ivr: &Arc<Ivr>, request: &Request) -> Result<Done, Refused> {
    let faults = &ivr.environment.faults;
    let subscriber = request.subscriber()?;
    let order_time = request.order_time(faults)?;
    ivr.must_know(&subscriber)?;
    let slot = ivr.environment.partner.reserve().ok_or(Refusal::Busy)?;

    let mut subscriptions = ivr.subscriptions();
    let key = ivr.key(&subscriber);
    let status = subscriptions.status(&key);
    if status == Status::Subscribed && !faults.has(&faults::DOUBLE_ORDER_ACCEPTED) {
        return Err(Refused { refusal: Refusal::AlreadySubscribed, status: Some(status) });
    }
    let number = subscriptions.subscribe(key)?;
    drop(subscriptions);

    let result =
        if subscriber.order_will_fail() { OrderResult::Failed(number) } else { OrderResult::Succeeded };
    report::later(ivr, slot, Report { subscriber, order_time, result });
    Ok(Done { cause: "订购受理成功", status: Status::Subscribed })
}

/// Cancels at once; the business system confirms it by a callback.
pub(super) fn cancel(ivr: &Arc<Ivr>, request: &Request) -> Result<Done, Refused> {
    let faults = &ivr.environment.faults;
    let subscriber = request.subscriber()?;
    let order_time = request.order_time(faults)?;
    ivr.must_know(&subscriber)?;
    let slot = ivr.environment.partner.reserve().ok_or(Refusal::Busy)?;

    let mut subscriptions = ivr.subscriptions();
    let key = ivr.key(&subscriber);
    let forgotten = faults.has(&faults::CANCEL_FORGOTTEN) && subscriptions.status(&key) == Status::Subscribed;
    if !forgotten {
        subscriptions.cancel(&key)?;
    }
    drop(subscriptions);

    report::later(ivr, slot, Report { subscriber, order_time, result: OrderResult::Confirmed });
    Ok(Done { cause: "取消受理成功", status: Status::Cancelled })
}

/// Tells what a subscriber has to do with a product.
pub(super) fn query(ivr: &Arc<Ivr>, request: &Request) -> Result<Done, Refused> {
    let subscriber = request.subscriber()?;
    ivr.must_know(&subscriber)?;
    let count = ivr.queries.fetch_add(1, Ordering::Relaxed);
    let lags = count % 2 == 1 && ivr.environment.faults.has(&faults::QUERY_UNSTABLE);
    let status = if lags {
        Status::Cancelled
    } else if ivr.environment.faults.has(&faults::QUERY_IGNORES_ORDERS) {
        Status::NotSubscribed
    } else {
        ivr.subscriptions().status(&ivr.key(&subscriber))
    };
    Ok(Done { cause: "查询成功", status })
}

impl Ivr {
    pub(super) fn subscriptions(&self) -> MutexGuard<'_, Subscriptions> {
        self.subscriptions.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What the subscription is kept under.
    pub(super) fn key(&self, subscriber: &Subscriber) -> Subscriber {
        if self.environment.faults.has(&faults::STATE_SHARED_BY_PRODUCTS) {
            return Subscriber { phone: subscriber.phone.clone(), product: String::new() };
        }
        subscriber.clone()
    }

    fn must_know(&self, subscriber: &Subscriber) -> Result<(), Refusal> {
        if subscriber.is_known() || self.environment.faults.has(&faults::UNKNOWN_NUMBER_ACCEPTED) {
            Ok(())
        } else {
            Err(Refusal::UnknownNumber)
        }
    }
}
