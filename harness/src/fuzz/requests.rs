//! Requests of an operation that nobody wrote a case for: from documented examples, from generated values, and from what
//! earlier answers gave.

use super::strategy;
use crate::check::Expectation;
use crate::contract::{BodySpec, Effect, Operation, Parameter, ParameterIn, SchemaSpec};
use crate::expr::{Program, Template, Text};
use crate::http::media_type::{Syntax, syntax};
use crate::model::level::Level;
use crate::plan::{Action, CapturePlan, Example, RequestTemplate, Trial, TrialStep};
use crate::record::Role;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Requests with generated values that are tried, beyond those from examples.
const GENERATED: u64 = 4;
/// Values that earlier answers gave which are tried for one path.
const GIVEN: usize = 3;

/// A value that an answer gave, and the request that it was the answer to.
#[derive(Debug, Clone)]
pub struct Given {
    /// Name of the field: `id`.
    pub name: String,
    /// Where it stands in the answer, as CEL: `body.id`.
    pub place: String,
    pub value: Value,
    /// The last fixed part of the path of the operation: `pets` of `/v1/pets/{petId}`.
    pub noun: String,
    /// Makes another one, where the operation makes things.
    pub maker: Option<TrialStep>,
}

/// What answers gave so far.
#[derive(Debug, Clone, Default)]
pub struct Pool {
    given: Vec<Given>,
}

impl Pool {
    /// Takes in the plain values of an answer: of an object, of one inside it, or of the first items of a list.
    pub fn learn(&mut self, step: &TrialStep, answer: &Value) {
        let operation = &step.operation;
        let makes = operation.method == "POST" && operation.effect == Effect::Mutates;
        let maker = makes.then(|| TrialStep { role: Role::Setup, changes: None, ..step.clone() });
        let noun = noun(&operation.path);
        let mut found = Vec::new();
        plain(answer, "body".into(), 0, &mut found);
        for (name, place, value) in found {
            self.given.push(Given { name, place, value, noun: noun.clone(), maker: maker.clone() });
        }
    }

    /// What may go into a parameter of a path, the likeliest first: the field of its name, or the `id` of what the path
    /// names before it.
    fn of_path(&self, operation: &Operation, parameter: &str) -> Vec<&Given> {
        let before = operation.path.split(&format!("{{{parameter}}}")).next().unwrap_or_default();
        let noun = noun(before);
        let is_id = parameter.to_lowercase().ends_with("id");
        let fits = |given: &&Given| {
            given.name == parameter && given.noun == noun
                || given.noun == noun && (given.name == "id" && is_id)
                || given.name.eq_ignore_ascii_case(parameter)
        };
        let mut found: Vec<&Given> = self.given.iter().filter(fits).collect();
        // What can be made anew is nobody else's.
        found.sort_by_key(|given| (given.maker.is_none(), given.noun != noun));
        found.dedup_by(|a, b| a.value == b.value);
        found
    }
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
        let example = Example { name: None, parameters, body: tree };
        let media_type = body.map(|spec| spec.essence.clone());
        let given = given(operation, pool);
        for (index, given) in given.iter().take(GIVEN).enumerate().filter(|(i, _)| attempt == 0 || *i == 0) {
            found.push(trial(operation, &example, media_type.clone(), given, index));
        }
        if given.is_empty() {
            found.push(trial(operation, &example, media_type, &[], 0));
        }
    }
    Ok(found)
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

fn trial(
    operation: &Arc<Operation>,
    example: &Example,
    media_type: Option<String>,
    given: &[(String, &Given)],
    index: usize,
) -> Trial {
    let mut actions = Vec::new();
    let mut with = Vec::new();
    for (number, (name, given)) in given.iter().enumerate() {
        let made = format!("made_{number}");
        // What is changed or deleted is made for it, each time anew.
        let maker = given.maker.as_ref().filter(|_| operation.effect != Effect::Safe);
        let program = maker.and_then(|maker| Some((maker, Program::compile(&given.place).ok()?)));
        let value = match program {
            Some((maker, program)) => {
                let capture =
                    CapturePlan { name: made.clone(), program, location: operation.location.clone() };
                let maker = TrialStep { captures: Arc::new(vec![capture]), ..maker.clone() };
                actions.push(Action::Call(Box::new(maker)));
                Text::compile(&format!("${{vars.{made}}}")).ok().map(Template::Text)
            }
            None => None,
        };
        let value = value.unwrap_or_else(|| Template::Fixed(given.value.clone()));
        with.push((Text::Plain(name.clone()), value));
    }
    let request = RequestTemplate {
        example: Example { name: None, parameters: example.parameters.clone(), body: example.body.clone() },
        with,
        media_type,
        ..RequestTemplate::default()
    };
    let location = operation.location.clone();
    let expectation = Expectation::of_contract(operation, location.clone(), operation.doc.clone());
    actions.push(Action::Call(Box::new(TrialStep {
        role: Role::Case,
        operation: operation.clone(),
        location: location.clone(),
        request: Arc::new(request),
        expectation: Arc::new(expectation),
        captures: Arc::default(),
        callback: None,
        wait: None,
        changes: Some(Arc::default()),
    })));
    let again = if index == 0 { String::new() } else { format!("#{index}") };
    Trial {
        name: format!("{}::{}::fuzz/base{again}", operation.api, operation.id),
        api: operation.api.clone(),
        operation: operation.id.clone(),
        case: "fuzz/base".into(),
        title: "The request that deviations start from".into(),
        doc: operation.doc.clone(),
        level: Level::Must,
        tags: vec!["fuzz".into()],
        snapshot: Some(false),
        location,
        actions,
        finally: Vec::new(),
    }
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
    documented.or_else(|| of_schema(parameter.schema.as_ref()?, seed, number, &parameter.name))
}

fn of_body(body: &BodySpec, name: Option<&str>, seed: u64, number: u64) -> Option<Value> {
    let named = body.examples.iter().find(|e| Some(e.name.as_str()) == name);
    let documented = named.or(body.examples.first().filter(|_| number < 1)).map(|e| e.value.clone());
    documented.or_else(|| of_schema(body.schema.as_ref()?, seed, number, &body.essence))
}

/// What the schema itself gives as an example, else a generated value that it allows.
fn of_schema(spec: &SchemaSpec, seed: u64, number: u64, name: &str) -> Option<Value> {
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
    let tree = strategy::grow(&strategy, &mut strategy::runner(seed), |value| spec.is_valid(value))?;
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
