//! [`Pool`]: what accepted requests and their answers gave, for the requests that come after them.

use super::linked::Linked;
use super::links::Exchange;
use crate::contract::{Effect, Operation, ParameterIn};
use crate::expr::{Template, Text};
use crate::plan::{Action, Trial, TrialStep, Values};
use crate::record::Role;
use serde_json::Value;
use std::sync::Arc;

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
    pub(super) beside: Vec<(String, Bound)>,
}

/// What a parameter of a path is bound to: a value, and the variable that has another one each time.
#[derive(Debug, Clone)]
pub(super) struct Bound {
    pub value: Value,
    pub variable: Option<String>,
}

impl Bound {
    pub fn template(&self) -> Option<Template> {
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
    pub(super) linked: Vec<Linked>,
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
    pub(super) fn of_path(&self, operation: &Operation, parameter: &str) -> Vec<&Given> {
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
