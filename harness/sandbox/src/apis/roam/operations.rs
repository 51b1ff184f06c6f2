//! The operations by path, and who may call each.

use jiff::Timestamp;

use crate::fault::Faults;

use super::accounts::{Account, Role, UserId};
use super::answer::Reply;
use super::call::{Answered, Call};
use super::input::Input;
use super::login::{self, LoggedIn};
use super::mall::Mall;
use super::node::{Members, Node};
use super::orders::Scheme;
use super::refusal::Refusal;
use super::sessions::{self, Session, uuid};
use super::{
    addresses, cards, carts, catalogue, credit, devices, faults, moment, ordering, outlets, packages, paying,
    shipping, staff, vouchers,
};

/// Who may call an operation.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Access {
    /// Anybody: it is the login.
    Anybody,
    /// Anybody who is logged in, with an initial password too.
    AnyPassword,
    /// Anybody who is logged in.
    LoggedIn,
    /// Operations staff.
    Operator,
}

/// An operation.
#[derive(Clone, Copy)]
pub(super) struct Operation {
    pub(super) path: &'static str,
    access: Access,
    run: fn(&mut Call) -> Answered,
}

const fn member(path: &'static str, run: fn(&mut Call) -> Answered) -> Operation {
    Operation { path, access: Access::LoggedIn, run }
}

const fn operator(path: &'static str, run: fn(&mut Call) -> Answered) -> Operation {
    Operation { path, access: Access::Operator, run }
}

/// All 35, in the order of the document.
pub(super) const OPERATIONS: [Operation; 35] = [
    member("/uc/services/city_gets", catalogue::regions),
    member("/uc/services/address_set", addresses::set),
    Operation { path: "/uc/services/login", access: Access::Anybody, run: |_| Err(Refusal::NoSession) },
    member("/uc/services/address_gets", addresses::gets),
    member("/uc/services/address_delete", addresses::delete),
    member("/uc/services/product_gets", catalogue::products),
    member("/uc/services/cart_set", carts::set),
    member("/uc/services/cart_gets", carts::gets),
    member("/uc/services/order_submit", ordering::submit),
    member("/uc/services/orderdetail_set", ordering::set_line),
    member("/uc/services/order_gets", ordering::gets),
    member("/uc/services/trafficvoice_get", packages::current),
    member("/uc/services/alltrafficvoice_get", packages::all),
    member("/uc/services/cardtraffic_bind", packages::bind_card),
    member("/uc/services/voicenumber_get", packages::voice_number),
    member("/uc/services/order_shipping", shipping::set),
    member("/uc/services/order_paying", paying::pay),
    member("/uc/services/outlet_gets", outlets::gets),
    member("/uc/services/evoucher_gets", vouchers::gets),
    member("/uc/services/availevoucher_gets", vouchers::available),
    member("/uc/services/evoucher_discount", vouchers::discount),
    member("/uc/services/datacard_bind", cards::bind),
    member("/uc/services/datacard_gets", cards::gets),
    member("/uc/services/datacard_unbind", cards::unbind),
    operator("/om/services/datacard_set", cards::set),
    operator("/om/services/touchdev_set", devices::set),
    operator("/om/services/touchchans_set", devices::set_channels),
    operator("/om/services/prdunitprice_set", staff::set_price),
    operator("/om/services/deliveryvoucher_verify", staff::verify_voucher),
    Operation {
        path: "/uc/services/change_password",
        access: Access::AnyPassword,
        run: login::change_password,
    },
    operator("/om/services/order_gets", staff::orders),
    operator("/om/services/cardorder_bind", staff::bind_card),
    operator("/om/services/order_shipped", staff::ship),
    member("/uc/services/credtrip_open", credit::open),
    member("/uc/services/credtrip/credit_query", credit::query),
];

impl Operation {
    /// Does it, or refuses it. Nothing in it waits.
    pub(super) fn answer(&self, mall: &mut Mall, faults: &Faults, input: &Input, now: Timestamp) -> Reply {
        let members = &input.members;
        if input.is_broken {
            return refused(mall, members, Refusal::MalformedBody);
        }
        if self.access == Access::Anybody {
            return match login::login(mall, faults, members, now) {
                Ok(LoggedIn { session, user, outcome }) => Reply { session, user, outcome: Ok(outcome) },
                Err(refusal) => refused(mall, members, refusal),
            };
        }
        let (session, account) = match self.admit(mall, faults, members, now) {
            Ok(admitted) => admitted,
            Err(refusal) => return refused(mall, members, refusal),
        };
        let scheme = if input.is_json { Scheme::Amount } else { Scheme::Percentage };
        let user = account.id;
        let mut call =
            Call { mall, faults, members, scheme, account, session: &session, now: moment::moment(now) };
        let outcome = (self.run)(&mut call);
        let other = || mall.sessions.other(user, &session).map_or_else(|| uuid(0, 1), str::to_owned);
        let echoed = if faults.has(&faults::SESSION_ECHO_STALE) { other() } else { session.clone() };
        let user = if faults.has(&faults::OTHER_USER_ECHOED) { UserId(user.0 + 1) } else { user };
        Reply { session: echoed, user, outcome }
    }

    /// The session and its user, if they may do this.
    fn admit(
        &self,
        mall: &mut Mall,
        faults: &Faults,
        members: &Members,
        now: Timestamp,
    ) -> Result<(String, Account), Refusal> {
        let named = claimed(members);
        let session = members.text("sessionid")?.unwrap_or_default();
        let found = match mall.sessions.used(&session, now) {
            Err(Refusal::ExpiredSession) if faults.has(&faults::EXPIRED_SESSION_ACCEPTED) => {
                mall.sessions.peek(&session).ok_or(Refusal::NoSession)
            }
            Err(Refusal::NoSession) if faults.has(&faults::SESSION_NOT_CHECKED) => {
                named?.map(Session::unchecked).ok_or(Refusal::NoSession)
            }
            found => found,
        }?;
        let claimed = named?;
        let user = match claimed {
            Some(claimed) if claimed != found.user && faults.has(&faults::FOREIGN_SESSION_ACCEPTED) => {
                claimed
            }
            Some(claimed) if claimed != found.user => return Err(Refusal::ForeignSession),
            _ => found.user,
        };
        let account = Account::numbered(user).ok_or(Refusal::NoSession)?;
        if found.is_initial && self.access != Access::AnyPassword {
            return Err(Refusal::InitialPassword);
        }
        let is_open = faults.has(&faults::ROLE_NOT_CHECKED);
        if self.access == Access::Operator && account.role != Role::Operator && !is_open {
            return Err(Refusal::NotAllowed);
        }
        Ok((session, account))
    }
}

/// The user that a request names. It has to be there, and may be empty (#4).
fn claimed(members: &Members) -> Result<Option<UserId>, Refusal> {
    match members.node("userid")? {
        None => Err(Refusal::Missing("userid")),
        Some(Node::Text(text)) if text.is_empty() => Ok(None),
        Some(_) => Ok(members.number("userid")?.map(UserId)),
    }
}

/// A refusal echoes what the request said, if that can be a session; if it did not name a user, the session's, if any.
fn refused(mall: &Mall, members: &Members, refusal: Refusal) -> Reply {
    let session = members.text_that("sessionid", sessions::is_uuid).ok().flatten().unwrap_or_default();
    let claimed = members.number("userid").ok().flatten().map(UserId);
    let user = claimed.or_else(|| mall.sessions.peek(&session).map(|session| session.user));
    Reply { session, user: user.unwrap_or(UserId(0)), outcome: Err(refusal) }
}
