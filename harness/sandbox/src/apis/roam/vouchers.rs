//! Vouchers: one kind takes money off an order, the other is handed in for the goods (#518 to #526).

use jiff::Span;

use crate::fault::Faults;
use crate::json::{self, Object};

use super::accounts::UserId;
use super::call::{Answered, Call, Outcome, result};
use super::faults;
use super::input::required;
use super::mall::Mall;
use super::moment::{self, Moment, Period};
use super::money::Cents;
use super::refusal::Refusal;

/// What a voucher is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Kind {
    /// Handed in for the goods of an order: 提货券.
    Pickup,
    /// Takes money off an order: 抵价券.
    Money,
}

/// A user's voucher.
#[derive(Debug, Clone)]
pub(super) struct Voucher {
    pub(super) id: u64,
    pub(super) user: UserId,
    pub(super) kind: Kind,
    pub(super) serial: u64,
    pub(super) period: Period,
    /// The order that it is for, or was used for.
    pub(super) order: Option<u64>,
    pub(super) used: Option<Moment>,
}

/// What a money voucher takes off.
const VALUE: Cents = Cents(1000);

/// Serial numbers are this, and a step for each voucher.
const FIRST_SERIAL: u64 = 30_000_000;
const SERIAL_STEP: u64 = 17;

impl Kind {
    /// The `evoucherid` of all vouchers of this kind.
    fn number(self) -> u64 {
        match self {
            Kind::Pickup => 1,
            Kind::Money => 5,
        }
    }

    fn name(self) -> &'static str {
        match self {
            Kind::Pickup => "提货券",
            Kind::Money => "抵价券",
        }
    }

    fn months(self) -> i64 {
        match self {
            Kind::Pickup => 1,
            Kind::Money => 3,
        }
    }

    fn background(self) -> String {
        format!("images/202601/evoucher_imgs/{}.png", 300 + self.number())
    }
}

/// Gives the user a voucher.
pub(super) fn give(
    mall: &mut Mall,
    faults: &Faults,
    user: UserId,
    kind: Kind,
    order: Option<u64>,
    now: Moment,
) -> u64 {
    let failure = moment::later(now, Span::new().months(kind.months()));
    let period = Period { effect: now, failure };
    mall.vouchers.add(user, |id| {
        let number = if faults.has(&faults::SERIAL_REPEATED) { id + id % 2 } else { id };
        let serial = FIRST_SERIAL + number * SERIAL_STEP;
        Voucher { id, user, kind, serial, period, order, used: None }
    })
}

/// The voucher of this serial number.
pub(super) fn by_serial(mall: &Mall, serial: u64) -> Option<&Voucher> {
    let id = serial.checked_sub(FIRST_SERIAL)? / SERIAL_STEP;
    mall.vouchers.get(id).filter(|voucher| voucher.serial == serial)
}

impl Voucher {
    /// Whether it can take money off an order now.
    fn takes_money_off(&self, faults: &Faults, now: Moment) -> bool {
        let is_unused = self.used.is_none() || faults.has(&faults::USED_VOUCHER_AVAILABLE);
        self.kind == Kind::Money && is_unused && self.period.holds(now)
    }

    fn image(&self) -> String {
        match self.kind {
            Kind::Pickup => format!("images/202601/evouchers_img/{}.PNG", self.serial),
            Kind::Money => "images/202601/evoucher_imgs/333.png".to_owned(),
        }
    }

    /// The voucher with what is said about its kind beside it (#520, the last one).
    fn flat_json(&self) -> Object {
        let mut json = Object::default();
        json.push_text("background", &self.kind.background());
        if self.kind == Kind::Pickup {
            json.push_text("description", "请在截止日前到网点\r\n现场领取全球上网卡");
        }
        json.push("effect_datetime", json::text(&moment::written(self.period.effect)));
        json.push("evoucher_sn", self.serial);
        json.push("evoucherid", self.kind.number());
        json.push("failure_datetime", json::text(&moment::written(self.period.failure)));
        json.push("id", self.id);
        json.push_text("image", &self.image());
        json.push_text("name", self.kind.name());
        json.push_optional("orderid", self.order);
        json.push("repeat", false);
        json.push_optional("used_datetime", self.used.map(|used| json::text(&moment::written(used))));
        json.push("userid", self.user.0);
        json
    }

    /// The voucher with what is said about its kind inside it (#523).
    fn nested_json(&self) -> Object {
        let mut kind = Object::default();
        kind.push_text("background", &self.kind.background());
        kind.push("effect_datetime", json::text(&moment::written(self.period.effect)));
        kind.push("failure_datetime", json::text(&moment::written(self.period.failure)));
        kind.push("id", self.kind.number());
        kind.push("money", VALUE);
        kind.push_text("name", self.kind.name());
        kind.push("prdevouchers", "[]");
        kind.push("repeat", false);
        let mut json = Object::default();
        json.push("evoucher", kind);
        json.push("evoucher_sn", self.serial);
        json.push("evoucherid", self.kind.number());
        json.push("id", self.id);
        json.push_text("image", &self.image());
        json.push_optional("orderid", self.order);
        json.push_optional("used_datetime", self.used.map(|used| json::text(&moment::written(used))));
        json.push("userid", self.user.0);
        json
    }
}

/// `evoucher_gets`: all of the user's.
pub(super) fn gets(call: &mut Call) -> Answered {
    Ok(result("evouchers", json::array(call.mall.vouchers.of(call.user()).map(Voucher::flat_json))))
}

/// `availevoucher_gets`: those that can take money off an order of the user's now.
pub(super) fn available(call: &mut Call) -> Answered {
    call.order(required("orderid", call.members.number("orderid"))?)?;
    let usable = |voucher: &&Voucher| voucher.takes_money_off(call.faults, call.now);
    let vouchers = call.mall.vouchers.of(call.user()).filter(usable);
    Ok(result("evouchers", json::array(vouchers.map(Voucher::nested_json))))
}

/// `evoucher_discount`: uses a voucher for an order, one voucher an order.
pub(super) fn discount(call: &mut Call) -> Answered {
    let (user, now) = (call.user(), call.now);
    let id = required("orderid", call.members.number("orderid"))?;
    let voucher = required("evoucherid", call.members.number("evoucherid"))?;
    let order = call.order(id)?;
    if order.voucher_amount.is_some() || !order.is_open(now) {
        return Err(Refusal::OrderState);
    }
    let again = call.faults.has(&faults::VOUCHER_USED_TWICE);
    let voucher = call.mall.vouchers.get_mut_of(user, voucher).ok_or(Refusal::UnknownVoucher)?;
    let is_usable = voucher.takes_money_off(call.faults, now) || (again && voucher.kind == Kind::Money);
    if !is_usable {
        return Err(Refusal::UnknownVoucher);
    }
    voucher.order = Some(id);
    voucher.used = Some(now);
    let voucher = voucher.nested_json();
    call.order_mut(id)?.voucher_amount = Some(VALUE);
    let mut result = Object::default();
    result.push("myevoucher", voucher);
    result.push("order", call.order(id)?.json_without_lines(call.faults, now));
    Ok(Outcome::Result(result))
}
