//! What customers have paid for and can still use: traffic of data cards, and minutes to talk (#479 to #499).

use crate::fault::Faults;
use crate::json::{self, Object};

use super::call::{Answered, Call, Outcome, result};
use super::choice::sim;
use super::faults;
use super::input::required;
use super::moment::{self, Moment, Period, hundredths_of_days};
use super::money::Cents;
use super::orders::{Line, Order};
use super::products::Tariff;
use super::refusal::Refusal;

/// A line of a paid order, from when to when it is good.
struct Package<'a> {
    order: &'a Order,
    line: &'a Line,
    period: Period,
}

/// Minutes to talk.
#[derive(Debug, Default)]
struct Voice {
    total: u32,
    used: u32,
}

/// All packages of the user that have not ended, oldest first.
fn packages<'a>(call: &'a Call) -> impl Iterator<Item = Package<'a>> {
    let now = call.now;
    let orders = call.mall.orders.of(call.user()).filter(|order| order.payment.is_some());
    let lines = orders.flat_map(|order| order.lines.iter().map(move |line| (order, line)));
    let package = |(order, line): (&'a Order, &'a Line)| {
        let period = line.period(order.created)?;
        Some(Package { order, line, period })
    };
    lines.filter_map(package).filter(move |package| package.period.failure >= now)
}

impl Line {
    /// Whether it is traffic, for which a card can be bound.
    pub(super) fn is_traffic(&self) -> bool {
        matches!(self.choice.product.tariff, Tariff::Daily | Tariff::CardAndDaily(_))
    }

    /// The `type` of its package: 2 traffic, 3 voice, 4 traffic with a card (#481 and #483).
    fn package_type(&self) -> u8 {
        match self.choice.product.tariff {
            Tariff::Daily => 2,
            Tariff::CardAndDaily(_) => 4,
            Tariff::Each | Tariff::Minutes | Tariff::MinutesAndDaily => 3,
        }
    }

    /// The made-up number that comes with products that have one.
    fn phone(&self) -> Option<String> {
        let has_number = self.choice.product.tariff == Tariff::MinutesAndDaily;
        has_number.then(|| format!("172{:08}", self.id % 100_000_000))
    }

    fn minutes(&self) -> u32 {
        self.choice.call_duration.unwrap_or(0).saturating_mul(self.choice.quantity)
    }
}

/// Days that are left, two decimals.
fn remainder(faults: &Faults, now: Moment, period: Period) -> Cents {
    let left = hundredths_of_days(now, period.failure);
    Cents(if faults.has(&faults::REMAINDER_NEGATIVE) { -left - 1 } else { left })
}

/// A package; `whole` with quantity and all cards, as `alltrafficvoice_get` has it.
fn package_json(call: &Call, package: &Package, whole: bool) -> Object {
    let line = package.line;
    let sims: Vec<String> = if call.faults.has(&faults::SIMIDS_DIFFER) {
        line.sims.iter().map(|sim| another(sim)).collect()
    } else {
        line.sims.clone()
    };
    let mut json = Object::default();
    json.push_optional("areaname", line.choice.area.as_deref().map(json::text));
    json.push("effect_datetime", json::text(&moment::written(package.period.effect)));
    json.push("failure_datetime", json::text(&moment::written(package.period.failure)));
    json.push_text("logo", line.choice.product.logo);
    json.push_text("name", line.choice.product.name);
    json.push("orderdetailid", line.id);
    json.push("orderid", package.order.id);
    json.push_optional("phone", line.phone().as_deref().map(json::text));
    json.push("productid", line.choice.product.id);
    if whole {
        json.push("quantity", line.choice.quantity);
    }
    json.push("remainder", remainder(call.faults, call.now, package.period));
    json.push_optional("simid", line.sims.first().map(|sim| json::text(sim)));
    if whole {
        json.push("simids", json::array(sims.iter().map(|sim| json::text(sim))));
    }
    json.push("type", line.package_type());
    json
}

/// A card number that differs in its last digit.
fn another(sim: &str) -> String {
    let (rest, last) = sim.split_at(sim.len().saturating_sub(1));
    format!("{rest}{}", if last == "0" { "1" } else { "0" })
}

impl Voice {
    fn of<'a>(packages: impl Iterator<Item = &'a Package<'a>>) -> Option<Voice> {
        let lines = packages.map(|package| package.line).filter(|line| line.minutes() > 0);
        let add = |voice: Option<Voice>, line: &Line| {
            let Voice { total, used } = voice.unwrap_or_default();
            let total = total.saturating_add(line.minutes());
            Some(Voice { total, used: used.saturating_add(line.used_minutes) })
        };
        lines.fold(None, add)
    }

    fn json(&self, faults: &Faults) -> Object {
        let unbalanced = faults.has(&faults::VOICE_UNBALANCED);
        let mut json = Object::default();
        json.push(
            "remaindertime",
            if unbalanced { self.total } else { self.total.saturating_sub(self.used) },
        );
        json.push("totaltime", self.total);
        json.push("usedtime", self.used);
        json
    }
}

fn listed(call: &Call, packages: &[Package], whole: bool) -> Answered {
    let mut result = Object::default();
    let times = if call.faults.has(&faults::PACKAGE_TWICE) { 2 } else { 1 };
    let listed = packages.iter().flat_map(|package| std::iter::repeat_n(package, times));
    result.push("servicepackages", json::array(listed.map(|package| package_json(call, package, whole))));
    let voice = Voice::of(packages.iter());
    result.push_optional("voiceavailable", voice.map(|voice| voice.json(call.faults)));
    Ok(Outcome::Result(result))
}

/// `trafficvoice_get`: what can be used now.
pub(super) fn current(call: &mut Call) -> Answered {
    let packages: Vec<_> = packages(call).filter(|package| package.period.holds(call.now)).collect();
    listed(call, &packages, false)
}

/// `alltrafficvoice_get`: what can be used now or later.
pub(super) fn all(call: &mut Call) -> Answered {
    let packages: Vec<_> = packages(call).collect();
    listed(call, &packages, true)
}

/// `voicenumber_get`: minutes and the number of the latest package that has one. The path is assumed (#499).
pub(super) fn voice_number(call: &mut Call) -> Answered {
    let packages: Vec<_> = packages(call).filter(|package| package.period.holds(call.now)).collect();
    let mut result = Object::default();
    let voice = Voice::of(packages.iter());
    result.push_optional("voiceavailable", voice.map(|voice| voice.json(call.faults)));
    let latest = packages.iter().rev().find_map(|package| Some((package, package.line.phone()?)));
    result.push_optional(
        "voicenumber",
        latest.map(|(package, phone)| {
            let mut json = Object::default();
            json.push("effect_datetime", json::text(&moment::written(package.period.effect)));
            json.push("failure_datetime", json::text(&moment::written(package.period.failure)));
            json.push_text("phone", &phone);
            json.push("remaindertime", remainder(call.faults, call.now, package.period));
            json
        }),
    );
    Ok(Outcome::Result(result))
}

/// `cardtraffic_bind`: a card for a traffic package, judged in the order of #490 to #497.
pub(super) fn bind_card(call: &mut Call) -> Answered {
    let user = call.user();
    let line_id = required("orderdetailid", call.members.number("orderdetailid"))?;
    let sim = required("simid", sim(call.faults, call.members, "simid"))?;
    let card = call.mall.cards.get(&sim).ok_or(Refusal::UnknownCard)?;
    if card.user.is_some_and(|owner| owner != user) {
        return Err(Refusal::ForeignCard);
    }
    let (order, line) = call.line(line_id)?;
    let order_id = order.id;
    let period = line.period(order.created).filter(|_| line.is_traffic()).ok_or(Refusal::UnknownLine)?;
    if order.payment.is_none() {
        return Err(Refusal::OrderState);
    }
    if !line.sims.is_empty() && !call.faults.has(&faults::LINE_BOUND_TWICE) {
        return Err(Refusal::LineBound);
    }
    if card.has_package_in(period) && !call.faults.has(&faults::CARD_PERIOD_IGNORED) {
        return Err(Refusal::CardPeriod);
    }
    if let Some(card) = call.mall.cards.get_mut(&sim) {
        card.add_package(period);
    }
    if let Some(line) = call.order_mut(order_id)?.lines.iter_mut().find(|line| line.id == line_id) {
        line.sims = vec![sim];
    }
    let (order, line) = call.line(line_id)?;
    Ok(result("servicepackage", package_json(call, &Package { order, line, period }, true)))
}
