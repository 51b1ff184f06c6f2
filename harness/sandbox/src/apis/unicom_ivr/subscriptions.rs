//! Who has subscribed to what.

use crate::bounded::Bounded;

use super::refusal::{Refusal, Refused};
use super::request::Subscriber;

/// What a subscriber has to do with a product. The document has the fields but no table; the codes are the sandbox's.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Status {
    /// Never ordered, or the order failed.
    NotSubscribed,
    /// Ordered.
    Subscribed,
    /// Ordered once, and cancelled.
    Cancelled,
}

impl Status {
    /// The answer's `status_code`.
    pub(super) fn code(self) -> &'static str {
        match self {
            Status::NotSubscribed => "0",
            Status::Subscribed => "1",
            Status::Cancelled => "2",
        }
    }

    /// The answer's `status_value`.
    pub(super) fn value(self) -> &'static str {
        match self {
            Status::NotSubscribed => "未订购",
            Status::Subscribed => "已订购",
            Status::Cancelled => "已取消",
        }
    }
}

/// Which order it was: an order that fails must not undo a later one.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct OrderNumber(u64);

/// All subscriptions that were ever ordered, but those whose order failed.
#[derive(Debug)]
pub(super) struct Subscriptions {
    entries: Bounded<Subscriber, (Status, OrderNumber)>,
    orders: u64,
}

impl Subscriptions {
    pub(super) fn new() -> Subscriptions {
        Subscriptions { entries: Bounded::new(), orders: 0 }
    }

    pub(super) fn status(&self, subscriber: &Subscriber) -> Status {
        self.entries.get(subscriber).map_or(Status::NotSubscribed, |(status, _)| *status)
    }

    /// Subscribes, whatever was before.
    pub(super) fn subscribe(&mut self, subscriber: Subscriber) -> Result<OrderNumber, Refusal> {
        self.orders += 1;
        let number = OrderNumber(self.orders);
        self.entries.insert(subscriber, (Status::Subscribed, number)).map_err(|_| Refusal::Busy)?;
        Ok(number)
    }

    /// Cancels what is subscribed.
    pub(super) fn cancel(&mut self, subscriber: &Subscriber) -> Result<(), Refused> {
        match self.entries.get(subscriber) {
            Some((Status::Subscribed, number)) => {
                let number = *number;
                self.entries
                    .insert(subscriber.clone(), (Status::Cancelled, number))
                    .map_err(|_| Refusal::Busy.into())
            }
            _ => Err(Refused { refusal: Refusal::NotSubscribed, status: Some(self.status(subscriber)) }),
        }
    }

    /// Takes back an order that failed, unless it was cancelled or replaced meanwhile.
    pub(super) fn fail(&mut self, subscriber: &Subscriber, order: OrderNumber) {
        if self.entries.get(subscriber) == Some(&(Status::Subscribed, order)) {
            self.entries.remove(subscriber);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn subscriber() -> Subscriber {
        Subscriber { phone: "13000000001".to_owned(), product: "p".to_owned() }
    }

    #[test]
    fn a_failing_order_takes_back_only_itself() {
        let mut subscriptions = Subscriptions::new();
        let first = subscriptions.subscribe(subscriber()).unwrap();
        subscriptions.cancel(&subscriber()).unwrap();
        subscriptions.fail(&subscriber(), first);
        assert_eq!(subscriptions.status(&subscriber()), Status::Cancelled);
        let second = subscriptions.subscribe(subscriber()).unwrap();
        subscriptions.fail(&subscriber(), first);
        assert_eq!(subscriptions.status(&subscriber()), Status::Subscribed);
        subscriptions.fail(&subscriber(), second);
        assert_eq!(subscriptions.status(&subscriber()), Status::NotSubscribed);
    }

    #[test]
    fn only_what_is_subscribed_can_be_cancelled() {
        let mut subscriptions = Subscriptions::new();
        let refused = subscriptions.cancel(&subscriber()).unwrap_err();
        assert_eq!((refused.refusal, refused.status), (Refusal::NotSubscribed, Some(Status::NotSubscribed)));
        subscriptions.subscribe(subscriber()).unwrap();
        subscriptions.cancel(&subscriber()).unwrap();
        let refused = subscriptions.cancel(&subscriber()).unwrap_err();
        assert_eq!((refused.refusal, refused.status), (Refusal::NotSubscribed, Some(Status::Cancelled)));
    }
}
