//! Requests of an operation that nobody wrote a case for: from documented examples, from generated values, and from what
//! earlier answers gave.

use super::linked::Linked;
use super::pool::{Bound, Given, Pool};
use super::strategy;
use crate::contract::{BodySpec, Effect, Operation, Parameter, ParameterIn, SchemaSpec};
use crate::expr::{Program, Template, Text};
use crate::http::media_type::{Syntax, syntax};
use crate::plan::{Action, CapturePlan, Example, RequestTemplate, Trial, TrialStep};
use crate::record::Role;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Requests with generated values that are tried, beyond those from examples.
const GENERATED: u64 = 4;
/// Values that earlier answers gave which are tried for one path.
const GIVEN: usize = 3;
/// Requests that links lead to which are tried before those.
const LINKED: usize = 2;

/// Requests that may be good, the likeliest first: those with what earlier answers gave, with examples, generated ones.
/// `Err` says why none can be made.
pub fn requests(operation: &Arc<Operation>, pool: &Pool, seed: u64) -> Result<Vec<Trial>, String> {
    let body = body(operation)?;
    let mut found = Vec::new();
    let names = example_names(operation, body);
    let media_type = body.map(|spec| spec.essence.clone());
    for attempt in 0..names.len() as u64 + 1 + GENERATED {
        let name = names.get(attempt as usize).map(String::as_str);
        // Beyond the examples: first what must be there, then everything.
        let number = attempt.saturating_sub(names.len() as u64);
        let all = number % 2 == 1;
        let mut parameters = Vec::new();
        for parameter in &operation.parameters {
            let wanted = parameter.required || parameter.place == ParameterIn::Path || all;
            let named = parameter.examples.iter().find(|e| Some(e.name.as_str()) == name);
            if !wanted && named.is_none() {
                continue;
            }
            let value = named.map(|e| e.value.clone()).or_else(|| of_parameter(parameter, seed, number));
            parameters.extend(value.map(|value| (parameter.name.clone(), value)));
        }
        let tree = body.and_then(|spec| of_body(spec, name, seed, number));
        if attempt == 0 {
            for (body, fresh) in
                body.map(|spec| made_up(operation, spec, seed, tree.as_ref())).unwrap_or_default()
            {
                let example = Example { name: None, parameters: parameters.clone(), body: Some(body) };
                let media_type = media_type.clone();
                let choice = choices(operation, pool).into_iter().next().unwrap_or_default();
                found.push(trial(operation, &example, media_type, &choice, &fresh, found.len()));
            }
        }
        let example = Example { name: None, parameters, body: tree };
        let choices = choices(operation, pool);
        let likely = choices.iter().take(GIVEN).enumerate().filter(|(i, _)| attempt == 0 || *i == 0);
        for (index, choice) in likely {
            found.push(trial(operation, &example, media_type.clone(), choice, &[], index));
        }
        if choices.is_empty() {
            found.push(trial(operation, &example, media_type.clone(), &Choice::default(), &[], 0));
        }
    }
    Ok(found)
}

/// Where the values of one request come from: a link before all else, for the other parameters of the path what is known.
#[derive(Default)]
struct Choice<'p> {
    linked: Option<&'p Linked>,
    given: Vec<(String, &'p Given)>,
}

/// What links give, then what names relate, then what a link says of parts that the request need not have: a filter that an
/// answer names may leave nothing to look at.
fn choices<'p>(operation: &Operation, pool: &'p Pool) -> Vec<Choice<'p>> {
    let inferred = given(operation, pool);
    let likeliest = inferred.first().cloned().unwrap_or_default();
    let (mut found, mut filters): (Vec<Choice<'p>>, Vec<Choice<'p>>) = (Vec::new(), Vec::new());
    for linked in pool.linked.iter().filter(|linked| linked.followed.target == operation.id) {
        let list = if gives_what_must_be(operation, linked) { &mut found } else { &mut filters };
        let known = |other: &Choice<'_>| other.linked.is_some_and(|other| other.followed == linked.followed);
        if list.len() < LINKED && !list.iter().any(known) {
            list.push(Choice { linked: Some(linked), given: likeliest.clone() });
        }
    }
    found.extend(inferred.into_iter().map(|given| Choice { linked: None, given }));
    if found.is_empty() && !filters.is_empty() {
        found.push(Choice::default());
    }
    found.extend(filters);
    found
}

/// Whether a link gives a part without which there is no request.
fn gives_what_must_be(operation: &Operation, linked: &Linked) -> bool {
    let is_required = |name: &str| operation.parameter(name).is_some_and(|parameter| parameter.required);
    let members = linked.followed.body.as_ref().map(|body| match body {
        Value::Object(members) => {
            let schema = body_spec(operation).and_then(|body| body.schema.as_ref());
            let can_go = schema.map(super::variety::optional).unwrap_or_default();
            members.keys().any(|name| !can_go.contains(name))
        }
        _ => true,
    });
    linked.followed.parameters.iter().any(|(name, _)| is_required(name)) || members.unwrap_or(false)
}

fn body_spec(operation: &Operation) -> Option<&BodySpec> {
    body(operation).ok().flatten()
}

/// For each choice of things: parameter of the path and what is known for it.
fn given<'p>(operation: &Operation, pool: &'p Pool) -> Vec<Vec<(String, &'p Given)>> {
    let of_path = operation.parameters.iter().filter(|p| p.place == ParameterIn::Path);
    let known: Vec<(String, Vec<&Given>)> =
        of_path.map(|p| (p.name.clone(), pool.of_path(operation, &p.name))).collect();
    let most = known.iter().map(|(_, given)| given.len()).max().unwrap_or(0);
    let choice = |index: usize| {
        let one = |(name, given): &(String, Vec<&'p Given>)| {
            given.get(index).or(given.last()).map(|given| (name.clone(), *given))
        };
        known.iter().filter_map(one).collect()
    };
    (0..most).map(choice).collect()
}

/// Bodies for an operation that makes things, each with the fields that say another text every time: a target may have each
/// name once only. First that with everything that is there, then that with what must be there.
fn made_up(
    operation: &Operation,
    body: &BodySpec,
    seed: u64,
    said: Option<&Value>,
) -> Vec<(Value, Vec<String>)> {
    let Some(spec) = body.schema.as_ref().filter(|_| operation.effect != Effect::Safe) else {
        return Vec::new();
    };
    let can_go = super::variety::optional(spec);
    let made = super::variety::varied(spec, seed, &Map::new());
    let least = made.as_ref().map(|made| {
        let kept = made.iter().filter(|(name, _)| !can_go.contains(name));
        Value::Object(kept.map(|(name, value)| (name.clone(), value.clone())).collect())
    });
    let documented = said.filter(|_| !body.examples.is_empty()).cloned();
    let all = [documented, made.map(Value::Object), least].into_iter().flatten();
    let named = |body: Value| {
        let fresh: Vec<String> = super::variety::free_texts(spec)
            .into_iter()
            .filter(|name| is_name(name) && body.get(name).is_some_and(Value::is_string))
            .collect();
        (body, fresh)
    };
    let mut found: Vec<(Value, Vec<String>)> = all.filter(|body| spec.is_valid(body)).map(named).collect();
    found.dedup();
    found
}

/// Whether a field is likely one by which things are told apart.
fn is_name(field: &str) -> bool {
    const NAMES: [&str; 8] = ["name", "title", "slug", "key", "id", "login", "code", "label"];
    let field = field.to_lowercase();
    NAMES.iter().any(|name| field.ends_with(name))
}

fn trial(
    operation: &Arc<Operation>,
    example: &Example,
    media_type: Option<String>,
    choice: &Choice<'_>,
    fresh: &[String],
    index: usize,
) -> Trial {
    let mut actions: Vec<Action> = Vec::new();
    let mut bound: Vec<(String, Bound)> = Vec::new();
    let is_unsafe = operation.effect != Effect::Safe;
    let by_link = choice.linked.map(|linked| linked.request(is_unsafe, &operation.location));
    let mut by_link = by_link.unwrap_or_default();
    actions.append(&mut by_link.actions);
    let linked: Vec<String> = by_link.with.iter().filter_map(|(name, _)| plain_name(name)).collect();
    for (name, value) in choice.linked.iter().flat_map(|linked| &linked.beside) {
        if operation.parameter(name).is_some() && !linked.contains(name) {
            let variable = value.variable.clone().filter(|_| by_link.is_made);
            bound.push((name.clone(), Bound { variable, ..value.clone() }));
        }
    }
    // What is deepest brings with it what it is in.
    let mut given: Vec<&(String, &Given)> = choice.given.iter().collect();
    given.sort_by_key(|(_, given)| std::cmp::Reverse(given.beside.len()));
    for (name, given) in given {
        if linked.contains(name) || bound.iter().any(|(known, _)| known == name) {
            continue;
        }
        // What is changed or deleted is made for it, each time anew.
        let maker = given.maker.as_ref().filter(|_| is_unsafe);
        let made = maker.and_then(|maker| {
            let place = given.place.clone().unwrap_or_else(|| format!("request.body.{}", given.name));
            captured(maker, &place, operation)
        });
        let is_made = made.is_some();
        let variable = made.map(|(steps, variable)| {
            actions.extend(steps);
            variable
        });
        let value = Bound { value: given.value.clone(), variable };
        bound.push((name.clone(), value));
        let fits = |(other, _): &&(String, Bound)| operation.parameter(other).is_some();
        for (other, value) in given.beside.iter().filter(fits) {
            if !linked.contains(other) && !bound.iter().any(|(known, _)| known == other) {
                let variable = value.variable.clone().filter(|_| is_made);
                bound.push((other.clone(), Bound { variable, ..value.clone() }));
            }
        }
    }
    let one = |(name, bound): &(String, Bound)| Some((Text::Plain(name.clone()), bound.template()?));
    let mut with: Vec<(Text, Template)> = bound.iter().filter_map(one).collect();
    with.append(&mut by_link.with);
    for name in fresh.iter().filter(|name| !linked.contains(name)) {
        let text = Text::compile("fz${digits(9)}").ok().map(Template::Text);
        with.extend(text.map(|text| (Text::Plain(name.clone()), text)));
    }
    let request = RequestTemplate {
        example: Example { name: None, parameters: example.parameters.clone(), body: example.body.clone() },
        with,
        body: by_link.body,
        media_type,
        ..RequestTemplate::default()
    };
    let call = TrialStep::of_contract(Role::Case, operation, request);
    actions.push(Action::Call(Box::new(TrialStep { changes: Some(Arc::default()), ..call })));
    let again = if index == 0 { String::new() } else { format!("#{index}") };
    Trial {
        name: format!("{}::{}::fuzz/base{again}", operation.api, operation.id),
        actions,
        ..Trial::of_operation(
            operation,
            "fuzz/base",
            "The request that deviations start from".into(),
            &["fuzz"],
        )
    }
}

fn plain_name(name: &Text) -> Option<String> {
    match name {
        Text::Plain(name) => Some(name.clone()),
        Text::Value(_) | Text::Mixed(_) => None,
    }
}

/// The steps of a maker, the last of which gives its value to a variable; and the variable.
fn captured(maker: &[Action], place: &str, operation: &Operation) -> Option<(Vec<Action>, String)> {
    let mut steps = maker.to_vec();
    let Some(Action::Call(last)) = steps.last_mut() else { return None };
    let simple = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
    let variable: String = format!("made_{}_{place}", last.operation.id).chars().map(simple).collect();
    let program = Program::compile(place).ok()?;
    let capture = CapturePlan { name: variable.clone(), program, location: operation.location.clone() };
    last.captures = Arc::new(vec![capture]);
    Some((steps, variable))
}

/// The body that can be made: JSON before a form before XML.
fn body(operation: &Operation) -> Result<Option<&BodySpec>, String> {
    let of = |wanted: Syntax| operation.bodies.iter().find(move |body| syntax(&body.essence) == wanted);
    let can = |body: &&BodySpec| body.essence != "multipart/form-data";
    let found = of(Syntax::Json)
        .or_else(|| of(Syntax::Form))
        .or_else(|| of(Syntax::Xml).filter(|b| !b.examples.is_empty()));
    match (found.filter(can), operation.bodies.first()) {
        (None, Some(first)) => Err(format!("no request with a body of `{}` can be made", first.essence)),
        (found, _) => Ok(found),
    }
}

fn example_names(operation: &Operation, body: Option<&BodySpec>) -> Vec<String> {
    let of_parameters = operation.parameters.iter().flat_map(|p| &p.examples);
    let all = of_parameters.chain(body.into_iter().flat_map(|b| &b.examples));
    let mut names: Vec<String> = Vec::new();
    for example in all {
        if !names.contains(&example.name) {
            names.push(example.name.clone());
        }
    }
    names
}

fn of_parameter(parameter: &Parameter, seed: u64, number: u64) -> Option<Value> {
    let documented = parameter.examples.first().map(|e| e.value.clone()).filter(|_| number < 2);
    // Servers decode `%2F` before they look for a route, `..` leads elsewhere, and nothing is no segment: none of these is a
    // good value of one.
    let fits = |value: &Value| parameter.place != ParameterIn::Path || is_segment(value);
    documented.or_else(|| of_schema(parameter.schema.as_ref()?, seed, number, &parameter.name, fits))
}

/// Whether a value can stand as one segment of a path.
fn is_segment(value: &Value) -> bool {
    !matches!(value, Value::String(text) if text.contains(['/', '\\']) || ["", ".", ".."].contains(&text.as_str()))
}

fn of_body(body: &BodySpec, name: Option<&str>, seed: u64, number: u64) -> Option<Value> {
    let named = body.examples.iter().find(|e| Some(e.name.as_str()) == name);
    let documented = named.or(body.examples.first().filter(|_| number < 1)).map(|e| e.value.clone());
    documented.or_else(|| of_schema(body.schema.as_ref()?, seed, number, &body.essence, |_| true))
}

/// What the schema itself gives as an example, else a generated value that it allows.
fn of_schema(
    spec: &SchemaSpec,
    seed: u64,
    number: u64,
    name: &str,
    fits: impl Fn(&Value) -> bool,
) -> Option<Value> {
    let (schema, document) = spec.source();
    let flat = super::field::resolved(schema, &spec.pointer, document, 0).0;
    if number < 2
        && let Some(example) = example(&flat, document, 0).filter(|example| spec.is_valid(example))
    {
        return Some(example);
    }
    let mut seed = seed ^ number.wrapping_mul(0x9e37_79b9);
    for byte in name.bytes() {
        seed = (seed ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
    }
    let strategy = strategy::positive(schema, document);
    let good = |value: &Value| spec.is_valid(value) && fits(value);
    let tree = strategy::grow(&strategy, &mut strategy::runner(seed), good)?;
    Some(proptest::strategy::ValueTree::current(&tree))
}

/// `example`, the first of `examples`, `default`, or an object of those of its properties.
fn example(schema: &Map<String, Value>, document: &Value, depth: usize) -> Option<Value> {
    const MAX_DEPTH: usize = 6;
    let listed = schema.get("examples").and_then(Value::as_array).and_then(|list| list.first());
    let said = schema.get("example").or(listed).or(schema.get("default"));
    if said.is_some() || depth > MAX_DEPTH {
        return said.cloned();
    }
    let properties = schema.get("properties")?.as_object()?;
    let one = |(name, property): (&String, &Value)| {
        let flat = super::field::resolved(property, "", document, 0).0;
        Some((name.clone(), example(&flat, document, depth + 1)?))
    };
    let found: Map<String, Value> = properties.iter().filter_map(one).collect();
    (!found.is_empty()).then_some(Value::Object(found))
}
