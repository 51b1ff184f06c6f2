//! What a choice costs, and the prices that operations set.

use std::collections::{BTreeMap, VecDeque};

use crate::fault::Faults;
use crate::json::{self, Object};

use super::choice::Choice;
use super::faults;
use super::moment::{self, Moment, Period};
use super::money::Cents;
use super::products::{self, Product, Tariff};
use super::refusal::Refusal;

/// A period of at least this many days is discounted. The document says only that some are.
const DISCOUNTED_DAYS: u32 = 7;

/// At least this many minutes are discounted.
const DISCOUNTED_MINUTES: u32 = 300;

/// What is left to pay of a discounted line, in percent.
const DISCOUNTED: u8 = 95;

/// What one of something costs for the whole of its period.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Quote {
    pub(super) unit_price: Cents,
    /// The days of products that are paid by day, else 1.
    pub(super) quantity_per_unit: u32,
    /// What is left to pay, in percent: 100 or less.
    pub(super) percent: u8,
}

impl Quote {
    /// The price of so many, before the discount.
    pub(super) fn price(self, quantity: u32) -> Cents {
        self.unit_price.times(quantity)
    }

    /// The money that the discount takes off the price of so many.
    pub(super) fn money_off(self, quantity: u32) -> Cents {
        self.price(quantity) - self.price(quantity).at_percent(self.percent)
    }
}

/// Prices the choice. `now` is for products without a period.
pub(super) fn quote(
    faults: &Faults,
    prices: &UnitPrices,
    choice: &Choice,
    now: Moment,
) -> Result<Quote, Refusal> {
    let at = choice.period.map_or(now, |period| period.effect);
    let price = prices.at(choice.product, at).ok_or(Refusal::UnknownProduct)?;
    let days = days(faults, choice);
    let minutes = choice.call_duration.unwrap_or(0);
    let tariff = choice.product.tariff;
    let unit_price = match tariff {
        Tariff::Each => price,
        Tariff::Daily => price.times(days),
        Tariff::CardAndDaily(card) => card + price.times(days),
        Tariff::Minutes => price.times(minutes),
        // 0.125 a day is 12.5 cents; half a cent is rounded up.
        Tariff::MinutesAndDaily => price.times(minutes) + Cents((i64::from(days) * 125 + 5) / 10),
    };
    let unit_price =
        if faults.has(&faults::SURCHARGE_ADDED) { unit_price + surcharge(choice) } else { unit_price };
    let by_day = matches!(tariff, Tariff::Daily | Tariff::CardAndDaily(_) | Tariff::MinutesAndDaily);
    let is_discounted = (by_day && days >= DISCOUNTED_DAYS) || minutes >= DISCOUNTED_MINUTES;
    Ok(Quote {
        unit_price,
        quantity_per_unit: if by_day { days } else { 1 },
        percent: if is_discounted { DISCOUNTED } else { 100 },
    })
}

fn days(faults: &Faults, choice: &Choice) -> u32 {
    let days = choice.period.map_or(0, Period::days);
    if faults.has(&faults::DAYS_IN_SECONDS) {
        return days.saturating_mul(86_400);
    }
    if faults.has(&faults::DAYS_OFF_BY_ONE) { days.saturating_sub(1).max(1) } else { days }
}

fn surcharge(choice: &Choice) -> Cents {
    let shown = choice.area.as_deref().and_then(products::surcharge).unwrap_or_default();
    Cents::parse(shown.trim_start_matches('+')).unwrap_or_default()
}

/// How many set prices are remembered.
const CAPACITY: usize = 10_000;

/// A price that operations set for a period.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct UnitPrice {
    pub(super) product: u64,
    pub(super) price: Cents,
    pub(super) period: Period,
}

/// All of them.
#[derive(Debug, Default)]
pub(super) struct UnitPrices {
    last_id: u64,
    entries: BTreeMap<u64, UnitPrice>,
    /// Of each product, the latest set last.
    by_product: BTreeMap<u64, VecDeque<u64>>,
}

impl UnitPrices {
    /// What the product costs at that moment: the price that was set last for a period with it, else the catalogue's.
    fn at(&self, product: &Product, at: Moment) -> Option<Cents> {
        let ids = self.by_product.get(&product.id).into_iter().flatten();
        let set = ids.rev().filter_map(|id| self.entries.get(id)).find(|price| price.period.holds(at));
        set.map(|price| price.price).or(product.price)
    }

    /// Adds a price.
    pub(super) fn add(&mut self, price: UnitPrice) -> u64 {
        if self.entries.len() >= CAPACITY
            && let Some((oldest, dropped)) = self.entries.pop_first()
        {
            self.forget(dropped.product, oldest);
        }
        self.last_id += 1;
        self.by_product.entry(price.product).or_default().push_back(self.last_id);
        self.entries.insert(self.last_id, price);
        self.last_id
    }

    /// Changes the price of this id.
    pub(super) fn change(&mut self, id: u64, price: UnitPrice) -> Result<(), Refusal> {
        let old = self.entries.get(&id).map(|old| old.product).ok_or(Refusal::UnknownPrice)?;
        self.forget(old, id);
        self.by_product.entry(price.product).or_default().push_back(id);
        self.entries.insert(id, price);
        Ok(())
    }

    fn forget(&mut self, product: u64, id: u64) {
        if let Some(ids) = self.by_product.get_mut(&product) {
            ids.retain(|other| *other != id);
        }
    }
}

impl UnitPrice {
    /// The price as answers have it.
    pub(super) fn json(&self, id: u64) -> Object {
        let mut json = Object::default();
        json.push("effect_datetime", json::text(&moment::written(self.period.effect)));
        json.push("failure_datetime", json::text(&moment::written(self.period.failure)));
        json.push("id", id);
        json.push("price", self.price);
        json.push("productid", self.product);
        json
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn period(effect: &str, failure: &str) -> Period {
        Period { effect: moment::parse(effect).unwrap(), failure: moment::parse(failure).unwrap() }
    }

    fn quoted(product: u64, period: Option<Period>, call_duration: Option<u32>) -> Quote {
        let product = products::product(product).unwrap();
        let choice =
            Choice { period, call_duration, area: Some("美国".to_owned()), ..Choice::plain(product) };
        let now = moment::parse("2026-02-01 00:00:00").unwrap();
        quote(&Faults::resolve(&[]).unwrap(), &UnitPrices::default(), &choice, now).unwrap()
    }

    /// The document's own figures: #37 and #52, #56, #61, #70.
    #[test]
    fn quotes_are_those_of_the_document() {
        let twelve_days = period("2016-07-25 00:00:00", "2016-08-05 23:59:59");
        let card = quoted(5, Some(twelve_days), None);
        assert_eq!(card, Quote { unit_price: Cents(41120), quantity_per_unit: 12, percent: 95 });
        assert_eq!((card.price(1), card.money_off(1)), (Cents(41120), Cents(2056)));
        let eight_days = period("2016-07-18 00:00:00", "2016-07-25 23:59:59");
        let voice = quoted(7, Some(eight_days), Some(300));
        assert_eq!(voice, Quote { unit_price: Cents(3100), quantity_per_unit: 8, percent: 95 });
        assert_eq!(voice.money_off(1), Cents(155));
        let ten_days = quoted(2, Some(period("2016-06-18 00:00:00", "2016-06-27 23:59:59")), None);
        assert_eq!(ten_days, Quote { unit_price: Cents(30100), quantity_per_unit: 10, percent: 95 });
        assert_eq!(ten_days.money_off(1), Cents(1505));
        assert_eq!(
            quoted(3, None, Some(900)),
            Quote { unit_price: Cents(9000), quantity_per_unit: 1, percent: 95 }
        );
        assert_eq!(
            quoted(3, None, Some(200)),
            Quote { unit_price: Cents(2000), quantity_per_unit: 1, percent: 100 }
        );
        assert_eq!(
            quoted(1, None, None),
            Quote { unit_price: Cents(5000), quantity_per_unit: 1, percent: 100 }
        );
        let two_days = quoted(5, Some(period("2016-07-05 00:00:00", "2016-07-06 23:59:59")), None);
        assert_eq!(two_days, Quote { unit_price: Cents(11020), quantity_per_unit: 2, percent: 100 });
    }

    #[test]
    fn the_latest_set_price_counts() {
        let product = products::product(4).unwrap();
        let year = period("2026-01-01 00:00:00", "2026-12-31 23:59:59");
        let at = |prices: &UnitPrices, text| prices.at(product, moment::parse(text).unwrap());
        let mut prices = UnitPrices::default();
        assert_eq!(at(&prices, "2026-06-01 00:00:00"), None);
        let set = |cents| UnitPrice { product: 4, price: Cents(cents), period: year };
        let first = prices.add(set(6050));
        prices.add(set(6030));
        assert_eq!(at(&prices, "2026-06-01 00:00:00"), Some(Cents(6030)));
        prices.change(first, set(6020)).unwrap();
        assert_eq!(at(&prices, "2026-06-01 00:00:00"), Some(Cents(6020)));
        assert_eq!(at(&prices, "2027-06-01 00:00:00"), None);
        assert_eq!(prices.change(99, set(1)), Err(Refusal::UnknownPrice));
    }
}
