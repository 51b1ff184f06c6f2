//! The four steps of matching an order with resources.

use jiff::civil::DateTime;

use crate::fault::Faults;

use super::desk::Desk;
use super::dictionary::WITHDRAWN;
use super::faults;
use super::form::Form;
use super::refusal::Refusal;
use super::state::State;

/// A step.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Action {
    /// 待匹配, `daipipei`: with resources or without.
    Place,
    /// 匹配成功, `pipeichenggong`: with at least one resource.
    Match,
    /// 订单回退, `huitui`: takes the resources off.
    RollBack,
    /// 发起需求, `faqixuqiu`: the order is open again, with a demand.
    Reopen,
}

/// Takes a step, wholly or not at all.
pub(super) fn step(
    faults: &Faults,
    desk: &mut Desk,
    action: Action,
    form: &Form,
    now: DateTime,
) -> Result<(), Refusal> {
    let id = form.order_id()?.to_owned();
    let remark = form.remark()?.map(str::to_owned);
    let resources = resources(faults, action, form)?;
    let state = desk.order(&id)?.state;
    let next = match state.after(action) {
        Some(next) => next,
        None if faults.has(&faults::WRONG_STATE_ACCEPTED) => result_of(action),
        None => return Err(Refusal::WrongState),
    };
    if faults.has(&faults::REFUSAL_HALF_DONE) {
        desk.order_mut(&id)?.state = next;
    }
    if !faults.has(&faults::UNKNOWN_RESOURCE_ACCEPTED) {
        check_resources(desk, resources.as_deref().unwrap_or_default())?;
    }
    if action == Action::RollBack && faults.has(&faults::ROLLBACK_DELETES_RESOURCES) {
        let gone = desk.order(&id)?.resources.clone();
        desk.resources.retain(|resource| !gone.contains(&resource.id));
    }
    let first = resources.as_ref().and_then(|ids| ids.first());
    let channel_type = first.and_then(|id| desk.resource(id).ok()).map(|resource| resource.channel_type);
    let order = desk.order_mut(&id)?;
    if let Some(channel_type) = channel_type
        && faults.has(&faults::CHANNEL_TYPE_OVERWRITTEN)
    {
        order.channel_type = channel_type;
    }
    if !faults.has(&faults::STATE_NOT_CHANGED) {
        order.state = next;
    }
    match action {
        Action::Place | Action::Match => {}
        Action::RollBack => order.demanded = false,
        Action::Reopen => order.demanded = true,
    }
    if let Some(resources) = resources {
        order.resources = resources;
    }
    if let Some(remark) = remark {
        order.remark = Some(remark);
    }
    // A clock that is set before an order was made must not show that it was changed before.
    order.update_time = now.max(order.create_time);
    Ok(())
}

/// The resources that the order has after the step; `None` if the step leaves them as they are.
fn resources(faults: &Faults, action: Action, form: &Form) -> Result<Option<Vec<String>>, Refusal> {
    let given = || -> Result<Vec<String>, Refusal> {
        Ok(form.resource_ids(faults)?.into_iter().map(str::to_owned).collect())
    };
    match action {
        Action::Place => given().map(Some),
        Action::Match => {
            let ids = given()?;
            if ids.is_empty() && !faults.has(&faults::RESOURCES_NOT_REQUIRED) {
                return Err(Refusal::Missing("resourceIds"));
            }
            Ok(Some(ids))
        }
        Action::RollBack => Ok(Some(Vec::new())),
        Action::Reopen => Ok(None),
    }
}

fn check_resources(desk: &Desk, ids: &[String]) -> Result<(), Refusal> {
    for id in ids {
        if desk.resource(id)?.state == WITHDRAWN {
            return Err(Refusal::WithdrawnResource);
        }
    }
    Ok(())
}

/// Where a step leads, wherever it starts.
fn result_of(action: Action) -> State {
    match action {
        Action::Place => State::Placed,
        Action::Match => State::Matched,
        Action::RollBack => State::RolledBack,
        Action::Reopen => State::Waiting,
    }
}
