//! The list of resources, a page at a time. It has no envelope, in contrast to all other answers.

use serde_json::Value;

use crate::fault::Faults;
use crate::json::{self, Object};

use super::answer;
use super::desk::Desk;
use super::faults;
use super::form::Form;
use super::order::Order;
use super::refusal::Refusal;
use super::resource::Resource;

/// How many resources a page has when nothing is said (默认30条).
const DEFAULT_ROWS: usize = 30;

/// The largest page that is given.
const MOST_ROWS: usize = 1000;

/// A page of the resources that the form asks for.
pub(super) fn query(faults: &Faults, desk: &Desk, form: &Form) -> Result<Object, Refusal> {
    let rows = positive(form, "rows")?.unwrap_or(DEFAULT_ROWS);
    if rows > MOST_ROWS {
        return Err(Refusal::Malformed("rows"));
    }
    let page = positive(form, "page")?.unwrap_or(1);
    let order = form.optional("orderId")?.map(|id| desk.order(id)).transpose()?;
    let found = filtered(faults, desk, form, order)?;
    let shown = cut(faults, &found, rows, page);
    let number = if faults.has(&faults::PAGE_NUMBER_STUCK) { 1 } else { page };

    let mut answer = Object::default();
    answer.push("pageNo", number);
    answer.push("pageSize", rows);
    answer.push("totalRecord", found.len());
    answer.push("totalPage", pages(faults, found.len(), rows));
    answer.push("params", Object::default());
    if shown.is_empty() && faults.has(&faults::NULL_LIST) {
        answer.push("data", Value::Null);
    } else {
        let mixed = order.filter(|_| faults.has(&faults::JOIN_MIXES_COLUMNS));
        let line = |resource: &&Resource| match mixed {
            Some(order) => resource.line_with_remark(faults, order.remark.as_deref().unwrap_or_default()),
            None => resource.line(faults),
        };
        answer.push("data", json::array(shown.iter().map(line)));
    }
    answer.push("otherData", Value::Null);
    answer.push("totalOtherData", Value::Null);
    answer.push("orderByClause", Value::Null);
    Ok(answer::object(faults, answer))
}

/// A number from 1, if it is given.
fn positive(form: &Form, name: &'static str) -> Result<Option<usize>, Refusal> {
    let number = form.number(name)?;
    let positive = |number: i32| usize::try_from(number).ok().filter(|number| *number > 0);
    number.map(|number| positive(number).ok_or(Refusal::Malformed(name))).transpose()
}

/// The resources of the order and of the state that the form names, in the order in which they were made.
fn filtered<'d>(
    faults: &Faults,
    desk: &'d Desk,
    form: &Form,
    order: Option<&Order>,
) -> Result<Vec<&'d Resource>, Refusal> {
    let state = form.number("state")?.map(|state| state.to_string());
    let state = state.filter(|_| !faults.has(&faults::STATE_FILTER_IGNORED));
    let order = order.filter(|_| !faults.has(&faults::ORDER_FILTER_IGNORED));
    let is_of_order = |resource: &Resource| order.is_none_or(|order| order.resources.contains(&resource.id));
    let is_in_state = |resource: &Resource| state.as_ref().is_none_or(|state| resource.state == state);
    let found = desk.resources.iter().filter(|resource| is_of_order(resource) && is_in_state(resource));
    if order.is_some() && faults.has(&faults::RESOURCES_DOUBLED) {
        return Ok(found.flat_map(|resource| [resource, resource]).collect());
    }
    Ok(found.collect())
}

/// What is on a page that is counted from 1.
fn cut<'d>(faults: &Faults, found: &[&'d Resource], rows: usize, page: usize) -> Vec<&'d Resource> {
    let mut found = found.to_vec();
    if faults.has(&faults::ROWS_IGNORED) {
        return found;
    }
    if faults.has(&faults::UNSTABLE_ORDER) {
        let turns = page % found.len().max(1);
        found.rotate_left(turns);
    }
    let last = found.len().div_ceil(rows).max(1);
    let page = if faults.has(&faults::LAST_PAGE_REPEATED) { page.min(last) } else { page };
    let before = if faults.has(&faults::PAGES_FROM_ZERO) { page } else { page - 1 };
    found.into_iter().skip(before.saturating_mul(rows)).take(rows).collect()
}

fn pages(faults: &Faults, records: usize, rows: usize) -> usize {
    if faults.has(&faults::TOTAL_PAGE_OFF_BY_ONE) { records / rows + 1 } else { records.div_ceil(rows) }
}
