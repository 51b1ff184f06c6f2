//! Stories of lists: a limit limits, a filter filters, an order orders, and a total is that of all pages. The meaning of a
//! parameter comes from its name and from what the items of the list have.

use super::route::{item_parameter, maker, parent};
use super::story::{Ask, Reply, Story};
use super::{Item, Things, Way};
use crate::contract::{Operation, Parameter, ParameterIn};
use crate::model::finding::Finding;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Things that are made, so that there is something to list.
const MADE: u64 = 3;
/// Values of a filter that are tried.
const VALUES: usize = 3;
/// Names of parameters that say how many items an answer may have at most.
const LIMITS: [&str; 9] =
    ["limit", "perpage", "pagesize", "size", "rows", "maxresults", "top", "maxitems", "take"];
/// Names of parameters that say by which field items are ordered.
const ORDERS: [&str; 5] = ["sort", "sortby", "orderby", "order", "ordering"];

/// GET of a list.
pub fn listed(things: &Things<'_>, story: &mut Story<'_>) -> Option<()> {
    let operation = things.subject.base.operation.clone();
    let of_query = |p: &&Arc<Parameter>| p.place == ParameterIn::Query;
    let parameters: Vec<Arc<Parameter>> = operation.parameters.iter().filter(of_query).cloned().collect();
    if parameters.is_empty() {
        return None;
    }
    let item = things.contract.operations.iter().find(|o| {
        item_parameter(&o.path).is_some() && parent(&o.path) == operation.path.trim_end_matches('/')
    });
    let path = match item.filter(|item| maker(things.contract, &item.path).is_some()) {
        Some(item) => {
            let made: Vec<_> =
                (1..=MADE).filter_map(|salt| things.make(story, Item::of(item), salt, 0)).collect();
            made.first().map(|made| made.path.clone()).unwrap_or_default()
        }
        None => Way::default(),
    };
    let plain = things.ask(&operation, &path, None);
    // What was accepted before may have narrowed the list.
    let required = |name: &str| operation.parameter(name).is_some_and(|p| p.required);
    let plain = Ask {
        parameters: plain.parameters.into_iter().filter(|(name, _)| required(name)).collect(),
        body: None,
        media_type: None,
    };
    let all = story.call(&operation, &plain).filter(Reply::is_done)?;
    let (place, items) = list(all.body.as_ref()?, String::new())?;
    let items: Vec<Map<String, Value>> = items.iter().filter_map(|item| item.as_object().cloned()).collect();
    if items.len() < 2 {
        return None;
    }
    for parameter in &parameters {
        let with = |value: Value| {
            let mut ask = plain.clone();
            ask.parameters.push((parameter.name.clone(), value));
            ask
        };
        let bare = bare(&parameter.name);
        if LIMITS.contains(&bare.as_str()) && allows(parameter, &Value::from(1)) {
            limited(story, &operation, &with(1.into()), &place, parameter, &all);
        } else if ORDERS.contains(&bare.as_str()) {
            for field in choices(parameter).iter().filter_map(Value::as_str) {
                if items.iter().all(|item| item.contains_key(field)) {
                    ordered(story, &operation, &with(field.into()), &place, parameter, field);
                }
            }
        } else if items.iter().all(|item| item.contains_key(&parameter.name)) {
            for value in choices(parameter).into_iter().take(VALUES) {
                filtered(story, &operation, &with(value.clone()), &place, parameter, &value);
            }
        }
    }
    None
}

/// A parameter that limits how many items come, at its maximum.
pub fn longest(parameter: &Parameter) -> Option<(String, Value)> {
    if parameter.place != ParameterIn::Query || !LIMITS.contains(&bare(&parameter.name).as_str()) {
        return None;
    }
    let (schema, _) = parameter.schema.as_ref()?.source();
    let most = schema.get("maximum").filter(|most| most.is_u64())?;
    Some((parameter.name.clone(), most.clone()))
}

fn bare(name: &str) -> String {
    name.to_lowercase().replace(['_', '-', '.', '$'], "")
}

/// The first list of things in an answer, and its place.
fn list(answer: &Value, place: String) -> Option<(String, &Vec<Value>)> {
    match answer {
        Value::Array(items) if items.iter().all(Value::is_object) => Some((place, items)),
        Value::Object(map) => map
            .iter()
            .find_map(|(name, value)| list(value, format!("{place}/{}", crate::http::json::escape(name)))),
        _ => None,
    }
}

fn at(reply: &Reply, place: &str) -> Option<Vec<Value>> {
    reply.body.as_ref()?.pointer(place)?.as_array().cloned()
}

fn allows(parameter: &Parameter, value: &Value) -> bool {
    parameter.schema.as_ref().is_some_and(|schema| schema.is_valid(value) && !schema.is_valid(&"x".into()))
}

/// The values that a parameter may have, where they are few.
fn choices(parameter: &Parameter) -> Vec<Value> {
    let Some(spec) = &parameter.schema else { return Vec::new() };
    let (schema, document) = spec.source();
    let mut at = schema;
    for _ in 0..8 {
        let target = at.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        at = target.and_then(|target| document.pointer(target)).unwrap_or(at);
    }
    // FastAPI writes an optional choice as `anyOf` of the choice and null.
    let branches = at.get("anyOf").and_then(Value::as_array).into_iter().flatten();
    let all: Vec<&Value> = std::iter::once(at).chain(branches).collect();
    if let Some(values) = all.iter().find_map(|schema| schema.get("enum")?.as_array()) {
        return values.iter().filter(|value| !value.is_null()).cloned().collect();
    }
    match all.iter().any(|schema| schema.get("type").is_some_and(|t| t == "boolean")) {
        true => vec![true.into(), false.into()],
        false => Vec::new(),
    }
}

fn limited(
    story: &mut Story<'_>,
    operation: &Arc<Operation>,
    ask: &Ask,
    place: &str,
    parameter: &Parameter,
    all: &Reply,
) -> Option<()> {
    let reply = story.call(operation, ask).filter(Reply::is_done)?;
    let items = at(&reply, place)?;
    if items.len() > 1 {
        let message = format!("`{}` = 1 is accepted, and {} items come", parameter.name, items.len());
        let told = Finding::new("fuzz", parameter.name.clone(), message).requirement("limit-ignored");
        story.tell(reply.step, told.expected("one item").actual(format!("{} items", items.len())));
        return None;
    }
    // Of all pages, a total is the same however long a page is.
    let (Some(before), Some(after)) = (all.object(), reply.object()) else { return None };
    for (name, was) in before.iter().filter(|(name, _)| name.to_lowercase().contains("total")) {
        let pages = name.to_lowercase().contains("page");
        let (Some(was), Some(is)) = (was.as_u64(), after.get(name).and_then(Value::as_u64)) else { continue };
        if !pages && is < was && is == items.len() as u64 {
            let message = format!("`{name}` is {was}, and {is} where a page holds one item");
            let told = Finding::new("fuzz", format!("/{name}"), message).requirement("total-of-page");
            story.tell(reply.step, told.expected(was.to_string()).actual(is.to_string()));
        }
    }
    None
}

fn filtered(
    story: &mut Story<'_>,
    operation: &Arc<Operation>,
    ask: &Ask,
    place: &str,
    parameter: &Parameter,
    value: &Value,
) -> Option<()> {
    let reply = story.call(operation, ask).filter(Reply::is_done)?;
    let items = at(&reply, place)?;
    let name = &parameter.name;
    let scalar = |v: &&Value| matches!(v, Value::String(_) | Value::Bool(_) | Value::Number(_));
    let other = items.iter().filter_map(|item| item.get(name)).filter(scalar).find(|v| *v != value)?;
    let wanted = crate::expr::printed(value);
    let message = format!("`{name}` = {wanted} is accepted, and an item with another `{name}` comes");
    let told = Finding::new("fuzz", name.clone(), message).requirement("filter-ignored");
    story.tell(reply.step, told.expected(wanted).actual(crate::expr::printed(other)));
    None
}

fn ordered(
    story: &mut Story<'_>,
    operation: &Arc<Operation>,
    ask: &Ask,
    place: &str,
    parameter: &Parameter,
    field: &str,
) -> Option<()> {
    let reply = story.call(operation, ask).filter(Reply::is_done)?;
    let items = at(&reply, place)?;
    let values: Vec<&Value> = items.iter().filter_map(|item| item.get(field)).collect();
    if values.len() != items.len() || values.len() < 3 || is_ordered(&values) {
        return None;
    }
    let message =
        format!("`{}` = {field} is accepted, and the items are not ordered by `{field}`", parameter.name);
    let told = Finding::new("fuzz", parameter.name.clone(), message).requirement("order-ignored");
    let shown: Vec<String> = values.iter().take(5).map(|value| crate::expr::printed(value)).collect();
    story.tell(reply.step, told.expected("one order or the other").actual(shown.join(", ")));
    None
}

/// Whether values rise or fall, by number, by code points, or without regard to case.
fn is_ordered(values: &[&Value]) -> bool {
    let number: Option<Vec<f64>> = values.iter().map(|value| value.as_f64()).collect();
    if let Some(numbers) = number {
        return numbers.is_sorted() || numbers.iter().rev().is_sorted();
    }
    let Some(texts) = values.iter().map(|value| value.as_str()).collect::<Option<Vec<&str>>>() else {
        // What has no order of its own is in any.
        return true;
    };
    // Languages order other characters otherwise than code points do; what is left of an order is one.
    let plain = |text: &&str| text.chars().all(|c| c.is_ascii_alphanumeric());
    let texts: Vec<&str> = texts.into_iter().filter(plain).collect();
    let lower: Vec<String> = texts.iter().map(|text| text.to_lowercase()).collect();
    texts.is_sorted() || texts.iter().rev().is_sorted() || lower.is_sorted() || lower.iter().rev().is_sorted()
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn lists_are_found_and_orders_known() {
        let answer = json!({ "total": 2, "items": [{ "id": 1 }, { "id": 2 }] });
        assert_eq!(
            list(&answer, String::new()).map(|(place, items)| (place, items.len())),
            Some(("/items".into(), 2))
        );
        let ordered = |values: &[Value]| is_ordered(&values.iter().collect::<Vec<_>>());
        assert!(ordered(&[json!(3), json!(2), json!(2)]) && !ordered(&[json!(1), json!(3), json!(2)]));
        assert!(
            ordered(&[json!("a"), json!("B"), json!("c")]) && !ordered(&[json!("b"), json!("a"), json!("c")])
        );
    }
}
