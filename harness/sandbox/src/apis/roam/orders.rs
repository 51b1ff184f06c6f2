//! Orders and their lines.

use crate::fault::Faults;
use crate::json::{self, Object};

use super::accounts::UserId;
use super::choice::Choice;
use super::faults;
use super::moment::{self, Moment, Period};
use super::money::Cents;
use super::prices::Quote;
use super::products::Tariff;

/// How a line's discount is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Scheme {
    /// What is left to pay, in percent: answers to queries and forms (#52).
    Percentage,
    /// Money off, and the attributes once more beside their list: answers to JSON (#72).
    Amount,
}

/// A line of an order.
#[derive(Debug, Clone)]
pub(super) struct Line {
    pub(super) id: u64,
    pub(super) choice: Choice,
    pub(super) quote: Quote,
    /// The cards that its package is for.
    pub(super) sims: Vec<String>,
    /// The cards that went out with it.
    pub(super) handed_out: Vec<String>,
    /// Minutes that have been talked.
    pub(super) used_minutes: u32,
}

/// Whether and how an order was paid.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Payment {
    pub(super) method: u64,
    pub(super) time: Moment,
    pub(super) voucher: String,
    /// What operations found to have been paid, once they have looked.
    pub(super) settled: Option<Cents>,
}

/// That an order was sent or handed out.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Shipment {
    pub(super) time: Moment,
    pub(super) invoice: String,
}

/// How the goods get to the customer.
#[derive(Debug, Clone, Default)]
pub(super) struct Delivery {
    pub(super) address: Option<u64>,
    pub(super) shipping: Option<u64>,
    pub(super) fee: Option<Cents>,
    /// Whether they are picked up with a voucher.
    pub(super) pickup: Option<bool>,
    pub(super) outlet: Option<u64>,
    pub(super) obtain_time: Option<Moment>,
}

/// An order.
#[derive(Debug, Clone)]
pub(super) struct Order {
    pub(super) id: u64,
    pub(super) user: UserId,
    pub(super) created: Moment,
    pub(super) lines: Vec<Line>,
    /// The way to pay that was chosen when it was ordered.
    pub(super) chosen_method: Option<u64>,
    pub(super) payment: Option<Payment>,
    pub(super) delivery: Delivery,
    pub(super) shipment: Option<Shipment>,
    /// The value of the voucher that was used for it.
    pub(super) voucher_amount: Option<Cents>,
}

impl Line {
    /// From when to when its package is good; a product without dates is good for a year from its order (#72).
    pub(super) fn period(&self, created: Moment) -> Option<Period> {
        let year = jiff::Span::new().years(1);
        match self.choice.product.tariff {
            Tariff::Minutes => Some(Period { effect: created, failure: moment::later(created, year) }),
            _ => self.choice.period,
        }
    }

    /// The line as answers have it.
    pub(super) fn json(&self, faults: &Faults, order: &Order, scheme: Scheme) -> Object {
        let choice = &self.choice;
        let period = self.period(order.created).filter(|_| scheme == Scheme::Amount);
        let flat = scheme == Scheme::Amount;
        let mut json = Object::default();
        json.push_optional("areaname", choice.area.as_deref().filter(|_| flat).map(json::text));
        json.push_optional("call_duration", choice.call_duration.filter(|_| flat));
        json.push("discount", self.discount(faults, scheme));
        json.push_optional("effect_datetime", period.map(|period| time(period.effect)));
        json.push_optional("failure_datetime", period.map(|period| time(period.failure)));
        json.push("id", self.id);
        let attributes = self.attributes();
        if !attributes.is_empty() {
            json.push("odprdattrs", json::array(attributes));
        }
        json.push("orderid", order.id);
        json.push("productid", choice.product.id);
        json.push("quantity", choice.quantity);
        json.push("quantity_per_unit", self.quote.quantity_per_unit);
        if flat {
            json.push("simids", json::array(self.sims.iter().map(|sim| json::text(sim))));
        }
        if period.is_some() {
            json.push_text("source", "来自订单");
        }
        json.push("unit_price", written_price(faults, self.quote.unit_price));
        if period.is_some() {
            json.push("userid", order.user.0);
        }
        json
    }

    fn discount(&self, faults: &Faults, scheme: Scheme) -> String {
        let amount = self.quote.money_off(self.choice.quantity).to_string();
        match scheme {
            Scheme::Amount => amount,
            Scheme::Percentage if faults.has(&faults::DISCOUNT_AS_AMOUNT) => amount,
            Scheme::Percentage => self.quote.percent.to_string(),
        }
    }

    /// The chosen attributes, and the cards that were handed out, without a name as in #717.
    fn attributes(&self) -> Vec<Object> {
        let mut attributes = self.choice.attributes();
        attributes.extend(self.handed_out.iter().map(|sim| {
            let mut json = Object::default();
            json.push_text("value", sim);
            json.push_text("varname", "simid");
            json
        }));
        attributes
    }
}

impl Order {
    /// The sum of its lines, before discounts.
    pub(super) fn price(&self, faults: &Faults) -> Cents {
        let of_line = |line: &Line| line.quote.price(line.choice.quantity);
        if faults.has(&faults::PRICE_OF_FIRST_LINE) {
            return self.lines.first().map(of_line).unwrap_or_default();
        }
        self.lines.iter().map(of_line).sum()
    }

    /// The money off.
    pub(super) fn discount(&self) -> Cents {
        self.lines.iter().map(|line| line.quote.money_off(line.choice.quantity)).sum()
    }

    /// What is to be paid for the goods; neither shipping nor vouchers are in it (#61, #64).
    pub(super) fn payable(&self, faults: &Faults) -> Cents {
        let payable = match faults.has(&faults::DISCOUNT_IGNORED) {
            true => self.price(faults),
            false => self.price(faults) - self.discount(),
        };
        match self.delivery.fee {
            Some(fee) if faults.has(&faults::PAYABLE_WITH_SHIPPING) => payable + fee,
            _ => payable,
        }
    }

    /// 0 not paid, 1 paid, 2 paid and settled by operations.
    fn pay_status(&self) -> u8 {
        match &self.payment {
            None => 0,
            Some(Payment { settled: None, .. }) => 1,
            Some(Payment { settled: Some(_), .. }) => 2,
        }
    }

    /// Whether it is neither shipped nor given up: an order that nobody pays for a week is.
    pub(super) fn is_open(&self, now: Moment) -> bool {
        self.shipment.is_none() && self.status(now) == 0
    }

    /// 0 a valid order, 2 one that was given up.
    fn status(&self, now: Moment) -> u8 {
        let week = jiff::Span::new().days(7);
        if self.payment.is_none() && moment::later(self.created, week) < now { 2 } else { 0 }
    }

    /// The order as answers have it, with its lines.
    pub(super) fn json(&self, faults: &Faults, now: Moment, scheme: Scheme) -> Object {
        self.written(faults, now, Some(scheme))
    }

    /// The order as answers have it that leave the lines out (#502).
    pub(super) fn json_without_lines(&self, faults: &Faults, now: Moment) -> Object {
        self.written(faults, now, None)
    }

    fn written(&self, faults: &Faults, now: Moment, lines: Option<Scheme>) -> Object {
        let delivery = &self.delivery;
        let payment = self.payment.as_ref();
        let mut json = Object::default();
        json.push("createtime", created(faults, self.created));
        json.push("discount", self.discount());
        json.push("id", self.id);
        let shipment = self.shipment.as_ref();
        let invoice = shipment.filter(|_| !faults.has(&faults::SHIPPED_WITHOUT_INVOICE));
        json.push_optional("invoice_no", invoice.map(|shipment| json::text(&shipment.invoice)));
        json.push_optional("obtaintime", delivery.obtain_time.map(time));
        json.push_optional("obtainvoucher", delivery.pickup);
        json.push("order_status", self.status(now));
        if let Some(scheme) = lines {
            json.push(
                "orderdetails",
                json::array(self.lines.iter().map(|line| line.json(faults, self, scheme))),
            );
        }
        json.push_optional("outletid", delivery.outlet);
        json.push_optional("paidmoney", payment.and_then(|payment| payment.settled));
        json.push("pay_status", self.pay_status());
        json.push("payable_amount", written_price(faults, self.payable(faults)));
        json.push_optional("payid", payment.map(|payment| payment.method).or(self.chosen_method));
        let paid = payment.filter(|_| !faults.has(&faults::PAID_WITHOUT_TIME));
        json.push_optional("paytime", paid.map(|payment| time(payment.time)));
        json.push_optional("payvoucher", payment.map(|payment| json::text(&payment.voucher)));
        json.push("price", written_price(faults, self.price(faults)));
        match delivery.address {
            None if faults.has(&faults::ADDRESS_MINUS_ONE) => json.push("ship_address", -1),
            address => json.push_optional("ship_address", address),
        }
        json.push_optional("shipping_fee", delivery.fee);
        json.push_optional("shipping_id", delivery.shipping);
        json.push("shipping_status", u8::from(shipment.is_some()));
        json.push_optional("shippingtime", shipment.map(|shipment| time(shipment.time)));
        json.push("userid", self.user.0);
        json.push_optional("voucher_amount", self.voucher_amount);
        json
    }
}

fn time(moment: Moment) -> serde_json::Value {
    json::text(&moment::written(moment))
}

fn created(faults: &Faults, created: Moment) -> serde_json::Value {
    if faults.has(&faults::CREATETIME_AS_EPOCH) {
        return moment::epoch_milliseconds(created).into();
    }
    time(created)
}

/// A price; the fault writes it as Java writes large floating-point numbers (#50).
pub(super) fn written_price(faults: &Faults, price: Cents) -> String {
    if !faults.has(&faults::PRICE_WITH_EXPONENT) || price.0 <= 0 {
        return price.to_string();
    }
    let digits = price.0.to_string();
    let exponent = digits.len() as i64 - 3;
    let (first, rest) = digits.split_at(1);
    let rest = rest.trim_end_matches('0');
    let rest = if rest.is_empty() { "0" } else { rest };
    format!("{first}.{rest}E{exponent}")
}
