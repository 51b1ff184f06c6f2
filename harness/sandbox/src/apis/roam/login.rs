//! Logging in, and changing a password (#15 and #557 to #562).

use jiff::Timestamp;

use crate::fault::Faults;
use crate::json::Object;

use super::accounts::{Account, Role, UserId};
use super::call::{Answered, Call, Outcome};
use super::faults;
use super::history;
use super::input::required;
use super::mall::Mall;
use super::moment;
use super::node::Members;
use super::refusal::Refusal;

/// A login that was let in.
pub(super) struct LoggedIn {
    pub(super) session: String,
    pub(super) user: UserId,
    pub(super) outcome: Outcome,
}

/// `login`: a new session for a name and a password. With an initial password the session is only good to change it.
pub(super) fn login(
    mall: &mut Mall,
    faults: &Faults,
    members: &Members,
    now: Timestamp,
) -> Result<LoggedIn, Refusal> {
    let name = required("username", members.text("username"))?;
    let password = required("password", members.text("password"))?;
    let account = Account::named(&name).ok_or(Refusal::WrongPassword)?;
    if mall.passwords.of(&account) != password && !faults.has(&faults::WRONG_PASSWORD_ACCEPTED) {
        return Err(Refusal::WrongPassword);
    }
    if account.role == Role::Member {
        history::begin(mall, faults, account.id, moment::moment(now))?;
    }
    let is_initial = account.is_initial(&password) && !faults.has(&faults::INITIAL_PASSWORD_ACCEPTED);
    let before = mall.sessions.other(account.id, "").map(str::to_owned);
    let session = match before.filter(|_| faults.has(&faults::SESSION_REPEATED)) {
        Some(before) => before,
        None => mall.sessions.open(account.id, is_initial, now),
    };
    let mut result = Object::default();
    result.push("status", 1);
    result.push("type", account.role.number());
    result.push_text("username", &account.name);
    let outcome = if is_initial { Outcome::MustChangePassword(result) } else { Outcome::Result(result) };
    Ok(LoggedIn { session, user: account.id, outcome })
}

/// `change_password`: the only thing that can be done with an initial password.
pub(super) fn change_password(call: &mut Call) -> Answered {
    let old = required("opassword", call.members.text("opassword"))?;
    let is_right = |new: &str| (6..=32).contains(&new.chars().count());
    let new = required("npassword", call.members.text_that("npassword", is_right))?;
    if call.mall.passwords.of(&call.account) != old {
        return Err(Refusal::WrongPassword);
    }
    if !call.faults.has(&faults::PASSWORD_NOT_CHANGED) {
        call.mall.passwords.change(&call.account, &old, new)?;
    }
    call.mall.sessions.password_changed(call.session);
    Ok(Outcome::Done)
}
