//! Data cards: in stock, bound to a user, bound to packages, handed out with orders.

use std::collections::{BTreeMap, HashMap, VecDeque};

use crate::json::{self, Object};

use super::accounts::UserId;
use super::call::{Answered, Call, Outcome, result};
use super::choice::sim;
use super::faults;
use super::input::{is_digits, required};
use super::moment::Period;
use super::node::Members;
use super::refusal::Refusal;

/// How many cards are kept; the oldest is forgotten then.
const CAPACITY: usize = 100_000;

/// How many packages of a card are remembered.
const PACKAGES: usize = 200;

/// Where the ids begin that the mall gives to cards without one.
const FIRST_ID: u64 = 90_000_001;

/// A card.
#[derive(Debug, Clone, Default)]
pub(super) struct Card {
    id: u64,
    iccid: String,
    pub(super) user: Option<UserId>,
    /// The order that it went out with.
    pub(super) order: Option<u64>,
    /// When it has packages.
    packages: VecDeque<Period>,
}

/// All cards in stock and out of it.
#[derive(Debug, Default)]
pub(super) struct Cards {
    by_id: BTreeMap<u64, Card>,
    by_iccid: HashMap<String, u64>,
    age: VecDeque<u64>,
    made_ids: u64,
}

impl Cards {
    /// The card with this number printed on it.
    pub(super) fn get(&self, iccid: &str) -> Option<&Card> {
        self.by_id.get(self.by_iccid.get(iccid)?)
    }

    /// The same, to be changed.
    pub(super) fn get_mut(&mut self, iccid: &str) -> Option<&mut Card> {
        self.by_id.get_mut(self.by_iccid.get(iccid)?)
    }

    /// Puts a card into stock. One that is there already stays as it is; with another iccid it is refused once it is
    /// somebody's.
    fn stock(&mut self, id: Option<u64>, iccid: String) -> Result<&Card, Refusal> {
        let known = self.by_iccid.get(&iccid).copied();
        let id = match (id, known) {
            (None, Some(known)) => known,
            (Some(id), Some(known)) if id != known => return Err(Refusal::CardInUse),
            (Some(id), _) => id,
            (None, None) => self.made_id(),
        };
        if let Some(card) = self.by_id.get(&id).filter(|card| card.iccid != iccid) {
            if card.user.is_some() || card.order.is_some() {
                return Err(Refusal::CardInUse);
            }
            self.by_iccid.remove(&card.iccid);
        }
        if !self.by_id.contains_key(&id) {
            self.make_room();
            self.age.push_back(id);
        }
        self.by_iccid.insert(iccid.clone(), id);
        let card = self.by_id.entry(id).or_insert_with(|| Card { id, ..Card::default() });
        card.iccid = iccid;
        Ok(card)
    }

    fn made_id(&mut self) -> u64 {
        loop {
            let id = FIRST_ID + self.made_ids;
            self.made_ids += 1;
            if !self.by_id.contains_key(&id) {
                return id;
            }
        }
    }

    fn make_room(&mut self) {
        if self.age.len() >= CAPACITY
            && let Some(card) = self.age.pop_front().and_then(|oldest| self.by_id.remove(&oldest))
        {
            self.by_iccid.remove(&card.iccid);
        }
    }
}

impl Card {
    /// Whether it has a package in some of this time.
    pub(super) fn has_package_in(&self, period: Period) -> bool {
        self.packages.iter().any(|package| package.overlaps(period))
    }

    /// It has a package in this time.
    pub(super) fn add_package(&mut self, period: Period) {
        if self.packages.len() >= PACKAGES {
            self.packages.pop_front();
        }
        self.packages.push_back(period);
    }

    fn json(&self) -> Object {
        let mut json = Object::default();
        json.push("iccid", json::text(&self.iccid));
        json.push("id", self.id);
        json.push("userid", self.user.map_or(0, |user| user.0));
        json
    }
}

/// A card's id, whose leading zeros the document's own answer loses (#529).
fn card_id(members: &Members) -> Result<Option<u64>, Refusal> {
    const NAME: &str = "datacardid";
    let Some(digits) = members.scalar(NAME)? else { return Ok(None) };
    let is_number = is_digits(digits) && digits.len() <= 12;
    match digits.parse() {
        Ok(id) if is_number && id > 0 => Ok(Some(id)),
        _ => Err(Refusal::Malformed(NAME)),
    }
}

/// `datacard_bind`: the card becomes the user's.
pub(super) fn bind(call: &mut Call) -> Answered {
    let user = call.user();
    let id = required("datacardid", card_id(call.members))?;
    let card = call.mall.cards.by_id.get_mut(&id).ok_or(Refusal::UnknownCard)?;
    if card.user.is_some_and(|owner| owner != user) {
        return Err(Refusal::ForeignCard);
    }
    card.user = Some(user);
    Ok(result("datacard", card.json()))
}

/// `datacard_gets`: the user's cards.
pub(super) fn gets(call: &mut Call) -> Answered {
    let user = call.user();
    let cards = call.mall.cards.by_id.values().filter(|card| card.user == Some(user));
    Ok(result("datacards", json::array(cards.map(Card::json))))
}

/// `datacard_unbind`: the card is nobody's again.
pub(super) fn unbind(call: &mut Call) -> Answered {
    let user = call.user();
    let id = required("datacardid", card_id(call.members))?;
    let card = call.mall.cards.by_id.get_mut(&id).ok_or(Refusal::UnknownCard)?;
    match card.user {
        None => return Err(Refusal::UnknownCard),
        Some(owner) if owner != user => return Err(Refusal::ForeignCard),
        Some(_) if call.faults.has(&faults::UNBIND_DOES_NOTHING) => {}
        Some(_) => card.user = None,
    }
    Ok(Outcome::Done)
}

/// `datacard_set` of operations: puts a card into stock.
pub(super) fn set(call: &mut Call) -> Answered {
    let id = card_id(call.members)?;
    let iccid = required("iccid", sim(call.faults, call.members, "iccid"))?;
    let card = call.mall.cards.stock(id, iccid)?;
    Ok(result("datacard", card.json()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_card_is_stocked_once() {
        let mut cards = Cards::default();
        assert_eq!(cards.stock(Some(7), "0011".to_owned()).unwrap().id, 7);
        assert_eq!(cards.stock(Some(7), "0011".to_owned()).unwrap().id, 7);
        assert_eq!(cards.stock(None, "0011".to_owned()).unwrap().id, 7);
        assert_eq!(cards.stock(Some(8), "0011".to_owned()).unwrap_err(), Refusal::CardInUse);
        assert_eq!(cards.stock(None, "0012".to_owned()).unwrap().id, FIRST_ID);
        assert_eq!(cards.stock(Some(7), "0013".to_owned()).unwrap().iccid, "0013");
        assert!(cards.get("0011").is_none());
        cards.get_mut("0013").unwrap().user = Some(UserId(7));
        assert_eq!(cards.stock(Some(7), "0014".to_owned()).unwrap_err(), Refusal::CardInUse);
    }
}
