//! Requests of an operation that nobody wrote a case for: from documented examples, from generated values, and from what
//! earlier answers gave.

use super::linked::Linked;
use super::links::Exchange;
use super::strategy;
use crate::contract::{BodySpec, Effect, Operation, Parameter, ParameterIn, SchemaSpec};
use crate::expr::{Program, Template, Text};
use crate::http::media_type::{Syntax, syntax};
use crate::plan::{Action, CapturePlan, Example, RequestTemplate, Trial, TrialStep, Values};
use crate::record::Role;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Requests with generated values that are tried, beyond those from examples.
const GENERATED: u64 = 4;
/// Values that earlier answers gave which are tried for one path.
const GIVEN: usize = 3;
/// Requests that links lead to which are tried before those.
const LINKED: usize = 2;

/// A value that an answer gave, and the request that it was the answer to.
#[derive(Debug, Clone)]
pub struct Given {
    /// Name of the field: `id`.
    pub name: String,
    /// Where it stands in the answer, as CEL: `body.id`; `None` where the request itself said it.
    pub place: Option<String>,
    pub value: Value,
    /// The last fixed part of the path of the operation: `pets` of `/v1/pets/{petId}`.
    pub noun: String,
    /// Makes another one, with what it is in, where the operation makes things.
    pub maker: Option<Arc<Vec<Action>>>,
    /// The parameters of the path of that request.
    beside: Vec<(String, Bound)>,
}

/// What a parameter of a path is bound to: a value, and the variable that has another one each time.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    value: Value,
    variable: Option<String>,
}

impl Bound {
    fn template(&self) -> Option<Template> {
        match &self.variable {
            None => Some(Template::Fixed(self.value.clone())),
            Some(name) => Text::compile(&format!("${{vars.{name}}}")).ok().map(Template::Text),
        }
    }
}

/// What answers gave so far.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    given: Vec<Given>,
    /// What links gave.
    linked: Vec<Linked>,
}

impl Pool {
    /// Takes in the plain values of an accepted request and of its answer: of an object, of one inside it, or of the first
    /// items of a list.
    pub fn learn(&mut self, trial: &Trial, sent: &Values, answer: &Value) {
        let Some(Action::Call(step)) = trial.actions.last() else { return };
        let maker = maker(trial, step);
        let makes = maker.is_some();
        let noun = noun(&step.operation.path);
        let beside = beside(step, sent);
        let mut found = Vec::new();
        plain(answer, "body".into(), 0, &mut found);
        let mut all: Vec<(String, Option<String>, Value)> =
            found.into_iter().map(|(name, place, value)| (name, Some(place), value)).collect();
        // Names that the client chose.
        for (name, value) in sent.body.iter().filter_map(Value::as_object).flatten().filter(|_| makes) {
            if matches!(value, Value::String(_) | Value::Number(_)) && !all.iter().any(|(n, _, _)| n == name)
            {
                all.push((name.clone(), None, value.clone()));
            }
        }
        for (name, place, value) in all {
            let (noun, maker, beside) = (noun.clone(), maker.clone(), beside.clone());
            self.given.push(Given { name, place, value, noun, maker, beside });
        }
    }

    /// Takes in what the links of an accepted answer give to other operations.
    pub fn follow(&mut self, trial: &Trial, sent: &Values, exchange: &Exchange<'_>) {
        let Some(Action::Call(step)) = trial.actions.last() else { return };
        for link in exchange.links().iter().filter(|link| link.target != step.operation.id) {
            let linked = Linked::of(exchange, step, link, maker(trial, step), beside(step, sent));
            self.linked.extend(linked);
        }
    }

    /// What may go into a parameter of a path, the likeliest first: the field of its name, the `id` of what the path
    /// names before it, or the name of what the parameter is called after.
    fn of_path(&self, operation: &Operation, parameter: &str) -> Vec<&Given> {
        let before = operation.path.split(&format!("{{{parameter}}}")).next().unwrap_or_default();
        let noun = noun(before);
        let bare = |name: &str| name.to_lowercase().replace(['_', '-'], "");
        let of_name = bare(parameter);
        let one = bare(&noun).trim_end_matches('s').to_owned();
        let is_id = of_name.ends_with("id");
        let is_name = of_name == one || of_name == format!("{one}name");
        let rank = |given: &Given| {
            let field = bare(&given.name);
            let here = given.noun == noun;
            match () {
                () if here && field == of_name => Some(0),
                () if here && field == "id" && is_id => Some(1),
                () if here && is_name && matches!(field.as_str(), "name" | "slug" | "key") => Some(2),
                () if here && is_name && field == "id" => Some(3),
                () if field == of_name => Some(4),
                () => None,
            }
        };
        let mut found: Vec<(bool, usize, &Given)> = self
            .given
            .iter()
            .filter_map(|given| Some((given.maker.is_none(), rank(given)?, given)))
            .collect();
        // What can be made anew is nobody else's.
        found.sort_by_key(|(made, rank, _)| (*rank >= 4, *made, *rank));
        let mut found: Vec<&Given> = found.into_iter().map(|(_, _, given)| given).collect();
        found.dedup_by(|a, b| a.value == b.value);
        found
    }
}

/// The steps that make another thing, where a trial makes one.
fn maker(trial: &Trial, step: &TrialStep) -> Option<Arc<Vec<Action>>> {
    let makes = step.operation.method == "POST" && step.operation.effect == Effect::Mutates;
    makes.then(|| Arc::new(as_setup(&trial.actions)))
}

/// The parameters of the path that a request was sent to.
fn beside(step: &TrialStep, sent: &Values) -> Vec<(String, Bound)> {
    let of_path =
        |name: &str| step.operation.parameters.iter().any(|p| p.name == name && p.place == ParameterIn::Path);
    let bound = |(name, value): &(String, Value)| {
        (name.clone(), Bound { value: value.clone(), variable: variable(step, name) })
    };
    sent.parameters.iter().filter(|(name, _)| of_path(name)).map(bound).collect()
}

/// The steps of a trial, to be done before another one.
fn as_setup(actions: &[Action]) -> Vec<Action> {
    let one = |action: &Action| match action {
        Action::Call(step) => {
            Action::Call(Box::new(TrialStep { role: Role::Setup, changes: None, ..(**step).clone() }))
        }
        other => other.clone(),
    };
    actions.iter().map(one).collect()
}

/// The variable that a request takes a parameter from.
pub(super) fn variable(step: &TrialStep, name: &str) -> Option<String> {
    let (_, template) = step.request.with.iter().find(|(n, _)| matches!(n, Text::Plain(n) if n == name))?;
    let mut vars = Vec::new();
    template.programs(&mut |program| vars.extend(program.vars().iter().cloned()));
    vars.into_iter().next()
}

fn noun(path: &str) -> String {
    let fixed = |part: &&str| !part.is_empty() && !part.starts_with('{');
    path.split('/').rev().find(fixed).unwrap_or_default().to_owned()
}

fn plain(value: &Value, place: String, depth: usize, found: &mut Vec<(String, String, Value)>) {
    const MAX_DEPTH: usize = 3;
    match value {
        Value::Object(map) if depth < MAX_DEPTH => {
            for (name, value) in map {
                let simple = name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
                    && !name.starts_with(|c: char| c.is_ascii_digit());
                if !simple {
                    continue;
                }
                let place = format!("{place}.{name}");
                match value {
                    Value::String(_) | Value::Number(_) => found.push((name.clone(), place, value.clone())),
                    value => plain(value, place, depth + 1, found),
                }
            }
        }
        Value::Array(items) if depth < MAX_DEPTH => {
            for (index, item) in items.iter().enumerate().take(2) {
                plain(item, format!("{place}[{index}]"), depth + 1, found);
            }
        }
        _ => {}
    }
}

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

/// What links give, then what names relate.
fn choices<'p>(operation: &Operation, pool: &'p Pool) -> Vec<Choice<'p>> {
    let inferred = given(operation, pool);
    let likeliest = inferred.first().cloned().unwrap_or_default();
    let mut found: Vec<Choice<'p>> = Vec::new();
    for linked in pool.linked.iter().filter(|linked| linked.followed.target == operation.id) {
        let known = |other: &Choice<'_>| other.linked.is_some_and(|other| other.followed == linked.followed);
        if found.len() < LINKED && !found.iter().any(known) {
            found.push(Choice { linked: Some(linked), given: likeliest.clone() });
        }
    }
    found.extend(inferred.into_iter().map(|given| Choice { linked: None, given }));
    found
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
