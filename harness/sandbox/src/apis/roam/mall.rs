//! Everything that the mall remembers.

use std::collections::BTreeSet;

use crate::random::Random;

use super::accounts::{Passwords, UserId};
use super::addresses::Address;
use super::cards::Cards;
use super::carts::Cart;
use super::devices::Devices;
use super::orders::Order;
use super::prices::UnitPrices;
use super::sessions::Sessions;
use super::store::Store;
use super::vouchers::Voucher;

/// How many addresses and carts of a user are kept.
const SMALL: usize = 200;

/// How many orders and vouchers of a user are kept.
const LARGE: usize = 500;

/// The state. One lock guards it: nothing in it waits.
#[derive(Debug)]
pub(super) struct Mall {
    pub(super) passwords: Passwords,
    pub(super) sessions: Sessions,
    pub(super) addresses: Store<Address>,
    pub(super) carts: Store<Cart>,
    pub(super) orders: Store<Order>,
    pub(super) vouchers: Store<Voucher>,
    pub(super) cards: Cards,
    pub(super) devices: Devices,
    pub(super) prices: UnitPrices,
    /// The members who have their history already.
    pub(super) with_history: BTreeSet<UserId>,
    last_line: u64,
}

impl Mall {
    pub(super) fn new(random: Random) -> Mall {
        Mall {
            passwords: Passwords::default(),
            sessions: Sessions::new(random),
            addresses: Store::new(SMALL),
            carts: Store::new(SMALL),
            orders: Store::new(LARGE),
            vouchers: Store::new(LARGE),
            cards: Cards::default(),
            devices: Devices::default(),
            prices: UnitPrices::default(),
            with_history: BTreeSet::new(),
            last_line: 0,
        }
    }

    /// The id of a new order line.
    pub(super) fn next_line(&mut self) -> u64 {
        self.last_line += 1;
        self.last_line
    }
}
