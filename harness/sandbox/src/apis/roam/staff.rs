//! What operations staff do: orders, cards that go out with them, vouchers that come in, prices (#536 to #779).

use crate::json::Object;

use super::accounts::Account;
use super::call::{Answered, Call, Outcome, result};
use super::choice::sim;
use super::faults;
use super::input::required;
use super::ordering::{self, page};
use super::orders::{Line, Order, Shipment};
use super::prices::UnitPrice;
use super::products::{self, Tariff};
use super::refusal::Refusal;
use super::vouchers::{self, Kind};

/// When every account was made, in milliseconds since 1970 (#554 has it so).
const ACCOUNTS_CREATED: i64 = 1_767_225_600_000;

/// `order_gets` of operations: a page of everybody's, oldest first. Group 1 is paid and not shipped, group 2 shipped.
pub(super) fn orders(call: &mut Call) -> Answered {
    let group = call.members.number_in("group", 0..=2)?.unwrap_or(0);
    let group = if call.faults.has(&faults::GROUP_IGNORED) { 0 } else { group };
    let is_of_group = |order: &&Order| match group {
        1 => order.payment.is_some() && order.shipment.is_none(),
        2 => order.shipment.is_some(),
        _ => true,
    };
    let mut orders: Vec<&Order> = call.mall.orders.all().filter(is_of_group).collect();
    orders.sort_by_key(|order| (order.created, order.id));
    page(call, &orders)
}

/// `cardorder_bind`: a card goes out with an order, which counts as settled from then on.
pub(super) fn bind_card(call: &mut Call) -> Answered {
    let id = required("orderid", call.members.number("orderid"))?;
    let sim = required("simid", sim(call.faults, call.members, "simid"))?;
    let card = call.mall.cards.get_mut(&sim).ok_or(Refusal::UnknownCard)?;
    if card.order.is_some_and(|order| order != id) {
        return Err(Refusal::CardInUse);
    }
    let order = call.mall.orders.get_mut(id).ok_or(Refusal::UnknownOrder)?;
    let amount = order.payable(call.faults);
    let is_card = |tariff| matches!(tariff, Tariff::Each | Tariff::CardAndDaily(_));
    let is_shipped = order.shipment.is_some();
    let has_card = |line: &&mut Line| is_card(line.choice.product.tariff);
    let (Some(payment), Some(line), false) =
        (order.payment.as_mut(), order.lines.iter_mut().find(has_card), is_shipped)
    else {
        return Err(Refusal::OrderState);
    };
    if !line.handed_out.contains(&sim) {
        if line.handed_out.len() >= line.choice.quantity as usize {
            return Err(Refusal::LineBound);
        }
        line.handed_out.push(sim);
    }
    payment.settled.get_or_insert(amount);
    card.order = Some(id);
    ordering::answer(call, id)
}

/// `order_shipped`: a paid order has gone out.
pub(super) fn ship(call: &mut Call) -> Answered {
    let id = required("orderid", call.members.number("orderid"))?;
    let invoice = required("invoice_no", call.members.text("invoice_no"))?;
    let time = call.now;
    let unpaid = call.faults.has(&faults::UNPAID_SHIPPED);
    let order = call.mall.orders.get_mut(id).ok_or(Refusal::UnknownOrder)?;
    if !(order.payment.is_some() || unpaid) || order.shipment.is_some() {
        return Err(Refusal::OrderState);
    }
    order.shipment = Some(Shipment { time, invoice });
    call.order_without_lines(id)
}

/// `deliveryvoucher_verify`: the order and the customer of a voucher that is handed in, if an outlet was chosen.
pub(super) fn verify_voucher(call: &mut Call) -> Answered {
    let serial = required("evoucher_sn", call.members.number("evoucher_sn"))?;
    let voucher = vouchers::by_serial(call.mall, serial).filter(|voucher| voucher.kind == Kind::Pickup);
    let voucher = voucher.filter(|voucher| voucher.period.holds(call.now)).ok_or(Refusal::UnknownVoucher)?;
    let order = voucher.order.and_then(|order| call.mall.orders.get(order)).ok_or(Refusal::UnknownOrder)?;
    if order.delivery.pickup != Some(true) {
        return Err(Refusal::OrderState);
    }
    let customer = Account::numbered(voucher.user).ok_or(Refusal::UnknownVoucher)?;
    let mut user = Object::default();
    user.push("createTime", ACCOUNTS_CREATED);
    if call.faults.has(&faults::PASSWORD_IN_ANSWER) {
        user.push_text("password", &call.mall.passwords.of(&customer));
    }
    user.push_text("phone", &customer.phone());
    user.push("status", 1);
    user.push_text("userid", &customer.name);
    let mut result = Object::default();
    result.push("order", order.json(call.faults, call.now, call.scheme));
    result.push("user", user);
    Ok(Outcome::Result(result))
}

/// `prdunitprice_set`: a product's price for a period, or another one for that of `unitpriceid`.
pub(super) fn set_price(call: &mut Call) -> Answered {
    let product = required("productid", call.members.number("productid"))?;
    let price = required("price", call.members.price("price"))?;
    let period = required("effect_datetime", call.members.period())?;
    products::product(product).ok_or(Refusal::UnknownProduct)?;
    let price = UnitPrice { product, price, period };
    let written = price.clone();
    let id = match call.members.number("unitpriceid")? {
        Some(id) if !call.faults.has(&faults::PRICE_ADDED_AGAIN) => {
            call.mall.prices.change(id, price)?;
            id
        }
        _ => call.mall.prices.add(price),
    };
    Ok(result("prdunitprice", written.json(id)))
}
