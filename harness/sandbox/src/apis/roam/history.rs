//! What a member has done before the first login, so that no list is empty and each has several days in it.

use jiff::Span;

use crate::fault::Faults;

use super::accounts::UserId;
use super::choice::Choice;
use super::mall::Mall;
use super::moment::{self, Moment, Period};
use super::money::Cents;
use super::ordering::{line, order};
use super::orders::{Delivery, Order, Payment, Shipment};
use super::prices::quote;
use super::products::product;
use super::refusal::Refusal;
use super::vouchers::{self, Kind};

/// Minutes of the voice package that have been talked.
const USED_MINUTES: u32 = 154;

/// How many days ago the first order was.
const OLDEST: i64 = 30;

/// Makes the member's history once. Dates count back from `now`.
pub(super) fn begin(mall: &mut Mall, faults: &Faults, user: UserId, now: Moment) -> Result<(), Refusal> {
    if !mall.with_history.insert(user) {
        return Ok(());
    }
    let choices = [
        (OLDEST, plain(1)?),
        (20, Choice { call_duration: Some(600), ..plain(3)? }),
        (10, Choice { call_duration: Some(300), period: Some(around(now, 10, 20)), ..plain(7)? }),
        (9, plain(1)?),
        (
            2,
            Choice {
                area: Some("泰国".to_owned()),
                period: Some(around(now, 2, 30)),
                sim: Some(format!("8986000000{:010}", user.0)),
                ..plain(2)?
            },
        ),
    ];
    for (days, choice) in choices {
        let created = moment::earlier(now, Span::new().days(days));
        let quote = quote(faults, &mall.prices, &choice, created)?;
        let line = line(mall, choice, quote);
        let id = mall.orders.add(user, |id| order(id, user, created, vec![line]));
        if let Some(order) = mall.orders.get_mut(id) {
            go_on(order, days == OLDEST);
        }
        if days == OLDEST {
            vouchers::give(
                mall,
                faults,
                user,
                Kind::Pickup,
                Some(id),
                moment::later(created, Span::new().days(10)),
            );
        }
    }
    vouchers::give(mall, faults, user, Kind::Money, None, moment::earlier(now, Span::new().days(1)));
    Ok(())
}

fn plain(id: u64) -> Result<Choice, Refusal> {
    product(id).map(Choice::plain).ok_or(Refusal::UnknownProduct)
}

/// Whole days, from so many days ago to so many days ahead.
fn around(now: Moment, ago: i64, ahead: i64) -> Period {
    let effect = moment::earlier(now, Span::new().days(ago)).date().at(0, 0, 0, 0);
    let failure = moment::later(now, Span::new().days(ahead)).date().at(23, 59, 59, 0);
    Period { effect, failure }
}

/// What happened to the order after it was placed.
fn go_on(order: &mut Order, is_oldest: bool) {
    let after = |span| moment::later(order.created, span);
    let paid = |method, settled| Payment {
        method,
        time: after(Span::new().minutes(1)),
        voucher: format!("20260000{:020}", order.id),
        settled,
    };
    let Some(line) = order.lines.first() else { return };
    match line.choice.product.id {
        1 if is_oldest => {
            let shipment =
                Shipment { time: after(Span::new().days(1)), invoice: format!("{:012}", order.id) };
            let obtain_time = Some(after(Span::new().days(1)));
            let (pickup, outlet, fee) = (Some(true), Some(2), Some(Cents(0)));
            let payment = paid(2, Some(line.quote.unit_price));
            order.delivery = Delivery { pickup, outlet, obtain_time, fee, ..Delivery::default() };
            (order.payment, order.shipment) = (Some(payment), Some(shipment));
        }
        1 => {}
        3 => {
            order.payment = Some(paid(1, None));
            if let Some(line) = order.lines.first_mut() {
                line.used_minutes = USED_MINUTES;
            }
        }
        _ => order.payment = Some(paid(2, None)),
    }
}
