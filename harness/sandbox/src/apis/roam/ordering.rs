//! Placing orders, changing their lines, and listing them (#42 to #478).

use crate::fault::Faults;
use crate::json;

use super::accounts::UserId;
use super::addresses;
use super::call::{Answered, Call, result};
use super::choice::Choice;
use super::faults;
use super::input::is_digits;
use super::mall::Mall;
use super::moment::{Moment, Period};
use super::money::Cents;
use super::node::{Members, Node};
use super::orders::{Delivery, Line, Order};
use super::prices::{self, Quote};
use super::products::Tariff;
use super::refusal::Refusal;
use super::vouchers::{self, Kind, Voucher};

/// How many lines an order can have.
const LINES: usize = 100;

/// What sending an order costs.
pub(super) const SHIPPING_FEE: Cents = Cents(1000);

/// A line for a choice, not yet of an order.
pub(super) fn line(mall: &mut Mall, choice: Choice, quote: Quote) -> Line {
    let sims = choice.sim.iter().cloned().collect();
    Line { id: mall.next_line(), choice, quote, sims, handed_out: Vec::new(), used_minutes: 0 }
}

/// A new order, not paid.
pub(super) fn order(id: u64, user: UserId, created: Moment, lines: Vec<Line>) -> Order {
    let delivery = Delivery::default();
    let (chosen_method, payment, shipment, voucher_amount) = (None, None, None, None);
    Order { id, user, created, lines, chosen_method, payment, delivery, shipment, voucher_amount }
}

/// `order_submit`: of carts, which are emptied, or of a choice.
pub(super) fn submit(call: &mut Call) -> Answered {
    let (user, now) = (call.user(), call.now);
    let delivery = delivery(call)?;
    let chosen_method = call.members.number_in("pay_id", 1..=2)?.map(u64::from);
    let carts = cart_ids(call.members)?;
    let choices = match &carts {
        Some(ids) => carts_of(call, ids)?,
        None => {
            let choice = ordered(Choice::read(call.faults, cart_or_members(call.members)?)?)?;
            let quote = prices::quote(call.faults, &call.mall.prices, &choice, now)?;
            vec![(choice, quote)]
        }
    };
    if !call.faults.has(&faults::CART_KEPT) {
        for cart in carts.into_iter().flatten() {
            call.mall.carts.remove(user, cart);
        }
    }
    let lines = choices.into_iter().map(|(choice, quote)| line(call.mall, choice, quote)).collect();
    let id =
        call.mall.orders.add(user, |id| Order { chosen_method, delivery, ..order(id, user, now, lines) });
    give_pickup_voucher(call.mall, call.faults, id, now);
    answer(call, id)
}

/// A choice that can be ordered: data is for an area, although a cart may be without one (#34).
fn ordered(choice: Choice) -> Result<Choice, Refusal> {
    let is_data = matches!(choice.product.tariff, Tariff::Daily | Tariff::CardAndDaily(_));
    if is_data && choice.area.is_none() { Err(Refusal::Missing("areaname")) } else { Ok(choice) }
}

/// What the request says about delivery (#43).
fn delivery(call: &Call) -> Result<Delivery, Refusal> {
    let address = call.members.number("shipping_address")?;
    let shipping = call.members.number_in("shipping_id", 1..=9)?.map(u64::from);
    match (address, shipping) {
        (Some(address), _) => addresses::is_known(call, address)?,
        (None, Some(_)) => return Err(Refusal::Missing("shipping_address")),
        (None, None) => {}
    }
    let is_sent = address.is_some() && shipping.is_some();
    let (fee, pickup) = (is_sent.then_some(SHIPPING_FEE), is_sent.then_some(false));
    Ok(Delivery { address, shipping, fee, pickup, ..Delivery::default() })
}

/// The `cart` object of a JSON request (#53), else the parameters themselves.
fn cart_or_members(members: &Members) -> Result<&Members, Refusal> {
    match members.node("cart")? {
        None => Ok(members),
        Some(Node::Object(cart)) => Ok(cart),
        Some(_) => Err(Refusal::Malformed("cart")),
    }
}

/// `cartids`: numbers joined by commas, or a JSON array; each once.
fn cart_ids<'a>(members: &'a Members) -> Result<Option<Vec<u64>>, Refusal> {
    const NAME: &str = "cartids";
    let texts: Vec<&str> = match members.node(NAME)? {
        None => return Ok(None),
        Some(Node::Scalar(text)) if text.is_empty() => return Ok(None),
        Some(Node::Scalar(text) | Node::Text(text)) => text.split(',').collect(),
        Some(Node::List(nodes)) => {
            let text = |node: &'a Node| match node {
                Node::Text(text) | Node::Bare(text) => Ok(text.as_str()),
                _ => Err(Refusal::Malformed(NAME)),
            };
            nodes.iter().map(text).collect::<Result<_, _>>()?
        }
        Some(_) => return Err(Refusal::Malformed(NAME)),
    };
    let number = |text: &str| (is_digits(text) && text.len() <= 15).then(|| text.parse().ok())?;
    let ids: Option<Vec<u64>> = texts.iter().map(|text| number(text.trim())).collect();
    let ids = ids.filter(|ids| (1..=LINES).contains(&ids.len())).ok_or(Refusal::Malformed(NAME))?;
    let is_twice = ids.iter().enumerate().any(|(index, id)| ids[..index].contains(id));
    if is_twice { Err(Refusal::Malformed(NAME)) } else { Ok(Some(ids)) }
}

fn carts_of(call: &Call, ids: &[u64]) -> Result<Vec<(Choice, Quote)>, Refusal> {
    let cart = |id: &u64| {
        let cart = call.mall.carts.get_of(call.user(), *id).ok_or(Refusal::UnknownCart)?;
        Ok((cart.choice.clone(), cart.quote))
    };
    ids.iter().map(cart).collect()
}

/// One voucher to pick an order up with, if one of its lines asks for it and there is none yet.
fn give_pickup_voucher(mall: &mut Mall, faults: &Faults, id: u64, now: Moment) {
    let Some(order) = mall.orders.get(id) else { return };
    let user = order.user;
    let is_wanted = order.lines.iter().any(|line| line.choice.voucher == Some(true));
    let is_for_it = |voucher: &Voucher| voucher.kind == Kind::Pickup && voucher.order == Some(id);
    if is_wanted && !mall.vouchers.of(user).any(is_for_it) {
        vouchers::give(mall, faults, user, Kind::Pickup, Some(id), now);
    }
}

/// `orderdetail_set`: changes the line of `orderdetailid`, or adds one to `orderid`.
pub(super) fn set_line(call: &mut Call) -> Answered {
    let now = call.now;
    let (line_id, order_id) = (call.members.number("orderdetailid")?, call.members.number("orderid")?);
    let order = match (line_id, order_id) {
        (Some(line), _) => call.line(line)?.0,
        (None, Some(id)) => call.order(id)?,
        (None, None) => return Err(Refusal::Missing("orderdetailid")),
    };
    if order_id.is_some_and(|id| id != order.id) {
        return Err(Refusal::UnknownLine);
    }
    let (id, count) = (order.id, order.lines.len());
    if !order.is_open(now) || (line_id.is_none() && count >= LINES) {
        return Err(Refusal::OrderState);
    }
    let old = line_id.and_then(|id| order.lines.iter().find(|line| line.id == id)).cloned();
    let choice = ordered(Choice::read(call.faults, call.members)?)?;
    let choice = changed(call.faults, choice, old.as_ref());
    let quote = prices::quote(call.faults, &call.mall.prices, &choice, now)?;
    let new = match old {
        Some(old) => replaced(old, choice, quote),
        None => line(call.mall, choice, quote),
    };
    let changed = new.id;
    let order = call.order_mut(id)?;
    match order.lines.iter_mut().find(|line| line.id == changed) {
        Some(old) => *old = new,
        None => order.lines.push(new),
    }
    give_pickup_voucher(call.mall, call.faults, id, now);
    if call.faults.has(&faults::LINE_INSTEAD_OF_ORDER) {
        let order = call.order(id)?;
        let (_, line) = call.line(changed)?;
        return Ok(result("orderdetail", line.json(call.faults, order, call.scheme)));
    }
    answer(call, id)
}

/// The new choice for a line; a fault keeps the start of the old one.
fn changed(faults: &Faults, choice: Choice, old: Option<&Line>) -> Choice {
    let start = old.and_then(|old| old.choice.period).filter(|_| faults.has(&faults::LINE_START_KEPT));
    match (start, choice.period) {
        (Some(Period { effect, .. }), Some(period)) if effect <= period.failure => {
            Choice { period: Some(Period { effect, ..period }), ..choice }
        }
        _ => choice,
    }
}

/// The line with another choice. Its cards stay, unless another product or another card was chosen.
fn replaced(old: Line, choice: Choice, quote: Quote) -> Line {
    let sims = match &choice.sim {
        Some(sim) => vec![sim.clone()],
        None if choice.product == old.choice.product => old.sims,
        None => Vec::new(),
    };
    Line { choice, quote, sims, ..old }
}

/// `order_gets`: a page of the user's, newest first.
pub(super) fn gets(call: &mut Call) -> Answered {
    let mut orders: Vec<&Order> = call.mall.orders.of(call.user()).collect();
    orders.sort_by_key(|order| std::cmp::Reverse((order.created, order.id)));
    if call.faults.has(&faults::PAGE_ORDER_REVERSED) {
        orders.reverse();
    }
    page(call, &orders)
}

/// The page of these orders that the request asks for: ten from the first, unless it says otherwise.
pub(super) fn page(call: &Call, orders: &[&Order]) -> Answered {
    let index = call.members.number_in("pageindex", 0..=1_000_000)?.unwrap_or(0);
    let size = call.members.number_in("pagesize", 1..=1000)?.unwrap_or(10);
    let index = if call.faults.has(&faults::PAGE_INDEX_IGNORED) { 0 } else { index };
    let size = if call.faults.has(&faults::PAGE_SIZE_IGNORED) { 10 } else { size };
    let first = (index as usize).saturating_mul(size as usize);
    let page = orders.iter().skip(first).take(size as usize);
    let written = page.map(|order| order.json(call.faults, call.now, call.scheme));
    Ok(result("orders", json::array(written)))
}

/// The order with its lines, as the result.
pub(super) fn answer(call: &Call, id: u64) -> Answered {
    let order = call.mall.orders.get(id).ok_or(Refusal::UnknownOrder)?;
    Ok(result("order", order.json(call.faults, call.now, call.scheme)))
}
