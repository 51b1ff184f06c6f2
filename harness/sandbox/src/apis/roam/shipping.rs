//! How an order gets to its customer: sent, or picked up (#501 to #504).

use super::addresses;
use super::call::{Answered, Call};
use super::faults;
use super::input::required;
use super::money::Cents;
use super::ordering::SHIPPING_FEE;
use super::orders::Delivery;
use super::outlets;
use super::refusal::Refusal;

/// `order_shipping`: to an address, or to an outlet at a time with a voucher. What was chosen before stays beside it.
pub(super) fn set(call: &mut Call) -> Answered {
    let id = required("orderid", call.members.number("orderid"))?;
    let user = call.user();
    let foreign = call.faults.has(&faults::FOREIGN_ORDER_ACCEPTED);
    let order = call.mall.orders.get(id).filter(|order| order.user == user || foreign);
    let order = order.ok_or(Refusal::UnknownOrder)?;
    if !order.is_open(call.now) {
        return Err(Refusal::OrderState);
    }
    let before = order.delivery.clone();
    let outlet = call.members.id("outletid");
    let time = call.members.moment("obtaintime");
    let shipping = call.members.number_in("shipping_id", 1..=9);
    let address = call.members.id("shipping_address");
    let delivery = match call.members.boolean("obtainvoucher")?.unwrap_or(false) {
        true => {
            shipping?;
            address?;
            let outlet = required("outletid", outlet)?;
            let time = required("obtaintime", time)?;
            if !outlets::is_known(outlet) {
                return Err(Refusal::UnknownOutlet);
            }
            let (outlet, obtain_time, fee) = (Some(outlet), Some(time), Some(Cents(0)));
            Delivery { outlet, obtain_time, fee, pickup: Some(true), ..before }
        }
        false => {
            outlet?;
            time?;
            let shipping = required("shipping_id", shipping)?;
            let address = required("shipping_address", address)?;
            addresses::is_known(call, address)?;
            let (address, shipping) = (Some(address), Some(u64::from(shipping)));
            Delivery { address, shipping, fee: Some(SHIPPING_FEE), pickup: Some(false), ..before }
        }
    };
    if let Some(order) =
        call.mall.orders.get_mut(id).filter(|_| !call.faults.has(&faults::DELIVERY_FORGOTTEN))
    {
        order.delivery = delivery;
    }
    call.order_without_lines(id)
}
