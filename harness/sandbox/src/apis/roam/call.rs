//! One request of somebody who is logged in, on its way through an operation.

use crate::fault::Faults;
use crate::json::Object;

use super::accounts::{Account, UserId};
use super::mall::Mall;
use super::moment::Moment;
use super::node::Members;
use super::orders::{Line, Order, Scheme};
use super::refusal::Refusal;

/// What an operation works with.
pub(super) struct Call<'a> {
    pub(super) mall: &'a mut Mall,
    pub(super) faults: &'a Faults,
    pub(super) members: &'a Members,
    pub(super) scheme: Scheme,
    pub(super) account: Account,
    pub(super) session: &'a str,
    pub(super) now: Moment,
}

/// What came of a request that was not refused.
#[derive(Debug)]
pub(super) enum Outcome {
    /// Done, and nothing to tell (#23).
    Done,
    /// Done, with a result.
    Result(Object),
    /// An HTML page that the browser of the customer goes on with.
    Page(String),
    /// Logged in to change the initial password, and for nothing else (#558).
    MustChangePassword(Object),
}

/// What an operation of somebody who is logged in comes to.
pub(super) type Answered = Result<Outcome, Refusal>;

impl Call<'_> {
    /// Who asks.
    pub(super) fn user(&self) -> UserId {
        self.account.id
    }

    /// The order of this id, if it is the user's.
    pub(super) fn order(&self, id: u64) -> Result<&Order, Refusal> {
        self.mall.orders.get_of(self.user(), id).ok_or(Refusal::UnknownOrder)
    }

    /// The order of this id, if it is the user's, to be changed.
    pub(super) fn order_mut(&mut self, id: u64) -> Result<&mut Order, Refusal> {
        let user = self.user();
        self.mall.orders.get_mut_of(user, id).ok_or(Refusal::UnknownOrder)
    }

    /// The line of this id and its order, if it is the user's.
    pub(super) fn line(&self, id: u64) -> Result<(&Order, &Line), Refusal> {
        let orders = self.mall.orders.of(self.user());
        let mut lines = orders.flat_map(|order| order.lines.iter().map(move |line| (order, line)));
        lines.find(|(_, line)| line.id == id).ok_or(Refusal::UnknownLine)
    }

    /// An order without its lines, as the result.
    pub(super) fn order_without_lines(&self, id: u64) -> Answered {
        let order = self.mall.orders.get(id).ok_or(Refusal::UnknownOrder)?;
        Ok(result("order", order.json_without_lines(self.faults, self.now)))
    }
}

/// A result with one member.
pub(super) fn result(name: &'static str, value: impl std::fmt::Display) -> Outcome {
    let mut result = Object::default();
    result.push(name, value);
    Outcome::Result(result)
}
