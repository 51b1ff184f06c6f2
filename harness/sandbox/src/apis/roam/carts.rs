//! What a customer has laid aside (#30 to #40).

use crate::fault::Faults;
use crate::json::{self, Object};

use super::accounts::UserId;
use super::call::{Answered, Call, result};
use super::choice::Choice;
use super::faults;
use super::orders::written_price;
use super::prices::{self, Quote};
use super::refusal::Refusal;

/// One choice that was laid aside.
#[derive(Debug, Clone)]
pub(super) struct Cart {
    id: u64,
    user: UserId,
    /// The session that laid it aside, or changed it last.
    session: String,
    pub(super) choice: Choice,
    pub(super) quote: Quote,
}

impl Cart {
    fn json(&self, faults: &Faults) -> Object {
        let mut json = Object::default();
        json.push("discount", self.quote.percent);
        json.push("id", self.id);
        let attributes = self.choice.attributes();
        if !attributes.is_empty() {
            json.push("odprdattrs", json::array(attributes));
        }
        json.push("productid", self.choice.product.id);
        json.push("quantity", self.choice.quantity);
        json.push("quantity_per_unit", self.quote.quantity_per_unit);
        json.push_text("sessionid", &self.session);
        json.push("unit_price", written_price(faults, self.quote.unit_price));
        json.push("userid", self.user.0);
        json
    }
}

/// `cart_set`: lays a choice aside, or changes the one of `cartid`.
pub(super) fn set(call: &mut Call) -> Answered {
    let user = call.user();
    let choice = Choice::read(call.faults, call.members)?;
    let quote = prices::quote(call.faults, &call.mall.prices, &choice, call.now)?;
    let session = call.session.to_owned();
    let id = match call.members.number("cartid")? {
        Some(id) => {
            let cart = call.mall.carts.get_mut_of(user, id).ok_or(Refusal::UnknownCart)?;
            *cart = Cart { id, user, session, choice, quote };
            id
        }
        None => call.mall.carts.add(user, |id| Cart { id, user, session, choice, quote }),
    };
    let cart = call.mall.carts.get(id).ok_or(Refusal::UnknownCart)?;
    Ok(result("cart", cart.json(call.faults)))
}

/// `cart_gets`: all of the user's, oldest first.
pub(super) fn gets(call: &mut Call) -> Answered {
    let all = call.faults.has(&faults::CARTS_OF_ALL_USERS);
    let carts = call.mall.carts.all().filter(|cart| all || cart.user == call.user());
    Ok(result("carts", json::array(carts.map(|cart| cart.json(call.faults)))))
}
