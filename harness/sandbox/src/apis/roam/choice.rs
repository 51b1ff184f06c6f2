//! What a customer chose: a product, how many, and its attributes.

use crate::fault::Faults;
use crate::json::{self, Object};

use super::faults;
use super::input::{is_digits, required};
use super::moment::{self, Period};
use super::node::Members;
use super::products::{self, AREA, Attribute, DURATION, EFFECT, FAILURE, Product, SIM, Tariff, VOUCHER};
use super::refusal::Refusal;

/// A product with everything that was chosen about it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Choice {
    pub(super) product: &'static Product,
    pub(super) quantity: u32,
    pub(super) area: Option<String>,
    pub(super) period: Option<Period>,
    pub(super) sim: Option<String>,
    /// In minutes.
    pub(super) call_duration: Option<u32>,
    /// Whether a voucher to pick the goods up with is made.
    pub(super) voucher: Option<bool>,
}

impl Choice {
    /// A product without attributes.
    pub(super) fn plain(product: &'static Product) -> Choice {
        let (area, period, sim) = (None, None, None);
        Choice { product, quantity: 1, area, period, sim, call_duration: None, voucher: None }
    }

    /// Reads `productid`, `quantity` and the attributes that the product needs.
    pub(super) fn read(faults: &Faults, members: &Members) -> Result<Choice, Refusal> {
        let product = products::product(required("productid", members.number("productid"))?)
            .ok_or(Refusal::UnknownProduct)?;
        let choice = Choice {
            product,
            quantity: quantity(faults, members)?,
            area: members.text_that("areaname", |area| products::surcharge(area).is_some())?,
            period: members.period()?,
            sim: sim(faults, members, "simid")?,
            call_duration: members.number_in("call_duration", 1..=100_000)?,
            voucher: members.boolean("genevoucher")?,
        };
        let needs_period =
            matches!(product.tariff, Tariff::Daily | Tariff::CardAndDaily(_) | Tariff::MinutesAndDaily);
        if needs_period && choice.period.is_none() {
            return Err(Refusal::Missing("effect_datetime"));
        }
        let needs_minutes = matches!(product.tariff, Tariff::Minutes | Tariff::MinutesAndDaily);
        if needs_minutes && choice.call_duration.is_none() {
            return Err(Refusal::Missing("call_duration"));
        }
        Ok(choice)
    }

    /// The attributes as answers have them; `None` if nothing was chosen.
    pub(super) fn attributes(&self) -> Vec<Object> {
        let area = self.area.as_deref();
        let (effect, failure) = match self.period {
            Some(period) => (Some(moment::written(period.effect)), Some(moment::written(period.failure))),
            None => (None, None),
        };
        let chosen: [(&Attribute, &str, Option<String>); 6] = [
            (&AREA, area.and_then(products::surcharge).unwrap_or_default(), self.area.clone()),
            (&EFFECT, "", effect),
            (&FAILURE, "", failure),
            (&SIM, "", self.sim.clone()),
            (&DURATION, "", self.call_duration.map(|minutes| minutes.to_string())),
            (&VOUCHER, "", self.voucher.map(|voucher| voucher.to_string())),
        ];
        let json = |(attribute, price, value): (&Attribute, &str, Option<String>)| {
            let mut json = Object::default();
            json.push_text("name", attribute.name);
            json.push_text("price", price);
            json.push("value", json::text(&value?));
            json.push_text("varname", attribute.variable);
            Some(json)
        };
        chosen.into_iter().filter_map(json).collect()
    }
}

fn quantity(faults: &Faults, members: &Members) -> Result<u32, Refusal> {
    let Err(refusal) = members.number_in("quantity", 1..=999) else {
        return required("quantity", members.number_in("quantity", 1..=999));
    };
    if faults.has(&faults::NEGATIVE_QUANTITY_ACCEPTED)
        && members.scalar("quantity")?.is_some_and(|text| text.strip_prefix('-').is_some_and(is_digits))
    {
        return Ok(1);
    }
    Err(refusal)
}

/// The number of a SIM card: digits, of which the leading zeros count.
pub(super) fn sim(faults: &Faults, members: &Members, name: &'static str) -> Result<Option<String>, Refusal> {
    let sim = members.text_that(name, |text| is_digits(text) && (8..=20).contains(&text.len()))?;
    if faults.has(&faults::LEADING_ZEROS_LOST) {
        return Ok(sim.map(|sim| sim.trim_start_matches('0').to_owned()));
    }
    Ok(sim)
}
