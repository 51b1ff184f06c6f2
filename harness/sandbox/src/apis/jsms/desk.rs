//! What there is: the orders and resources of a desk, the same for the same seed. No operation makes any.

use std::collections::BTreeMap;
use std::sync::{MutexGuard, PoisonError};

use jiff::Span;
use jiff::civil::{DateTime, datetime};

use crate::fault::Faults;
use crate::random::Random;

use super::Jsms;
use super::dictionary::{self, Dictionary};
use super::faults;
use super::order::Order;
use super::refusal::Refusal;
use super::resource::Resource;
use super::state::State;

/// How many orders there are, `D000120170621` to `D006420170621`, all 待配单.
const ORDERS: usize = 64;

/// How many resources there are, `T000020170621` to `T001620170621`: as many as in the document.
const RESOURCES: usize = 17;

/// All orders and resources.
#[derive(Debug)]
pub(super) struct Desk {
    orders: BTreeMap<String, Order>,
    pub(super) resources: Vec<Resource>,
}

impl Jsms {
    pub(super) fn desk(&self) -> MutexGuard<'_, Desk> {
        self.desk.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Desk {
    /// The desk of a seed. Its first order and its first two resources are those of the document.
    pub(super) fn new(seed: u64) -> Desk {
        let mut random = Random::new(seed, "jsms desk");
        let orders =
            (1..=ORDERS).map(|number| order(number, &mut random)).map(|order| (order.id.clone(), order));
        let orders = orders.collect();
        let resources = (0..RESOURCES).map(|number| resource(number, &mut random)).collect();
        Desk { orders, resources }
    }

    /// The order of this id.
    pub(super) fn order(&self, id: &str) -> Result<&Order, Refusal> {
        self.orders.get(id).ok_or(Refusal::UnknownOrder)
    }

    /// The order of this id, to be changed.
    pub(super) fn order_mut(&mut self, id: &str) -> Result<&mut Order, Refusal> {
        self.orders.get_mut(id).ok_or(Refusal::UnknownOrder)
    }

    /// The order that is shown for this id: that one, unless a fault takes the next.
    pub(super) fn shown(&self, faults: &Faults, id: &str) -> Result<&Order, Refusal> {
        let order = self.order(id)?;
        if !faults.has(&faults::OTHER_ORDER) {
            return Ok(order);
        }
        let following = self.orders.range(id.to_owned()..).nth(1);
        Ok(following.map_or(order, |(_, next)| next))
    }

    /// The resource of this id.
    pub(super) fn resource(&self, id: &str) -> Result<&Resource, Refusal> {
        self.resources.iter().find(|resource| resource.id == id).ok_or(Refusal::UnknownResource)
    }
}

fn order(number: usize, random: &mut Random) -> Order {
    let first = number == 1;
    let mut code = |dictionary: Dictionary| {
        let drawn = pick(dictionary, random).0;
        if first { "0" } else { drawn }
    };
    let [minimum_guarantee, channel_type, direct_connect, extend_size, sign_type, invoice_type] = [
        dictionary::MINIMUM_GUARANTEE,
        dictionary::CHANNEL_TYPE,
        dictionary::DIRECT_CONNECT,
        dictionary::EXTEND_SIZE,
        dictionary::SIGN_TYPE,
        dictionary::INVOICE_TYPE,
    ]
    .map(&mut code);
    let create_time = later(datetime(2017, 6, 28, 14, 32, 5, 0), 7 * (number - 1));
    Order {
        id: format!("D{number:04}20170621"),
        company_name: if first { "111".to_owned() } else { format!("测试公司{number}") },
        industry_type: if first { "同行" } else { pick(&["同行", "电商", "金融"], random) },
        belong_sale: if first { 149 } else { 150 + number as u32 % 10 },
        belong_sale_name: if first { "abc".to_owned() } else { format!("sale{}", number % 10) },
        sms_type: if first { "验证码" } else { pick(&["验证码", "通知", "营销"], random) },
        expect_number: if first { "100万以下" } else { pick(&["100万以下", "100万以上"], random) },
        pay_type: if first { "预付" } else { pick(&["预付", "后付"], random) },
        sale_price: if first { "0.1".to_owned() } else { price(random) },
        minimum_guarantee,
        channel_type,
        direct_connect,
        extend_size,
        sign_type,
        invoice_type,
        create_time,
        update_time: create_time,
        state: State::Waiting,
        demanded: false,
        remark: None,
        resources: Vec::new(),
    }
}

fn resource(number: usize, random: &mut Random) -> Resource {
    let documented = number < 2;
    let mut code = |dictionary: Dictionary| {
        let drawn = pick(dictionary, random).0;
        if documented { "1" } else { drawn }
    };
    let [
        drawn_channel,
        direct_connect,
        extend_size,
        sign_type,
        minimum_guarantee,
        is_credit,
        invoice_type,
        protocol_type,
    ] = [
        dictionary::CHANNEL_TYPE,
        dictionary::DIRECT_CONNECT,
        dictionary::EXTEND_SIZE,
        dictionary::SIGN_TYPE,
        dictionary::MINIMUM_GUARANTEE,
        dictionary::IS_CREDIT,
        dictionary::INVOICE_TYPE,
        dictionary::PROTOCOL_TYPE,
    ]
    .map(&mut code);
    let (create_time, update_time) = match number {
        0 => (datetime(2017, 6, 20, 9, 49, 18, 0), datetime(2017, 6, 20, 11, 8, 44, 0)),
        _ => {
            let created = later(datetime(2017, 6, 20, 12, 23, 37, 0), 41 * (number - 1));
            (created, later(datetime(2017, 6, 20, 12, 41, 36, 0), 41 * (number - 1)))
        }
    };
    // Every state has some resources, whatever the seed: withdrawn, to be connected, tested, connected.
    let (state, _) = dictionary::RESOURCE_STATE[[3, 0, 1, 2][number % 4]];
    Resource {
        id: format!("T{number:04}20170621"),
        channel_id: (number + 1).to_string(),
        channel_type: if number == 1 { "122" } else { drawn_channel },
        direct_connect,
        extend_size,
        sign_type,
        minimum_guarantee,
        is_credit,
        invoice_type,
        protocol_type,
        purchase_price: if documented { "0.22".to_owned() } else { price(random) },
        state,
        create_time,
        update_time,
        is_online: number.is_multiple_of(2),
    }
}

/// One of some; there are always some.
fn pick<T: Copy>(some: &[T], random: &mut Random) -> T {
    some[random.next() as usize % some.len()]
}

/// A price for a message below one yuan.
fn price(random: &mut Random) -> String {
    format!("0.{:02}", 1 + random.next() % 99)
}

fn later(time: DateTime, minutes: usize) -> DateTime {
    time.saturating_add(Span::new().minutes(i64::try_from(minutes).unwrap_or_default()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_desk_depends_on_its_seed_only() {
        let faults = Faults::resolve(&[]).unwrap();
        let text = |seed| {
            let desk = Desk::new(seed);
            let orders = desk.orders.values().map(|order| order.detail(&faults).to_string());
            orders
                .chain(desk.resources.iter().map(|resource| resource.line(&faults).to_string()))
                .collect::<String>()
        };
        assert_eq!(text(1), text(1));
        assert_ne!(text(1), text(2));
    }

    #[test]
    fn every_state_of_resources_is_there() {
        let desk = Desk::new(9);
        assert_eq!((desk.orders.len(), desk.resources.len()), (64, 17));
        for (code, _) in dictionary::RESOURCE_STATE {
            assert!(desk.resources.iter().any(|resource| resource.state == *code), "{code}");
        }
    }
}
