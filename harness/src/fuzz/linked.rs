//! [`Linked`]: the request to which a link of an accepted answer leads, as a template: for requests that change or delete
//! something, the answer is got anew each time.

use super::links::{Exchange, Followed, as_cel};
use super::pool::{Bound, variable};
use crate::contract::{LinkSpec, LinkValue, Piece, RuntimeExpression, Source};
use crate::expr::{Program, Template, Text, printed};
use crate::model::source::Location;
use crate::plan::{Action, BodyTemplate, CapturePlan, TrialStep};
use serde_json::Value;
use std::sync::Arc;

/// What a link gave once, and how it gives it again.
#[derive(Debug, Clone)]
pub(super) struct Linked {
    link: Arc<LinkSpec>,
    pub followed: Followed,
    /// Gets another answer that has the link, where that makes another thing.
    maker: Option<Arc<Vec<Action>>>,
    values: Vec<(RuntimeExpression, Value)>,
    /// Where a new answer has the values, as CEL.
    places: Vec<(RuntimeExpression, String)>,
    /// The parameters of the path of the request whose answer it was.
    pub beside: Vec<(String, Bound)>,
    source: String,
}

/// The parts of a request that come from a link.
#[derive(Debug, Default)]
pub(super) struct Given {
    /// What comes before it.
    pub actions: Vec<Action>,
    /// Parameters, and members of the body.
    pub with: Vec<(Text, Template)>,
    pub body: Option<BodyTemplate>,
    /// Whether `actions` get the values anew.
    pub is_made: bool,
}

impl Linked {
    /// `None` where the exchange has no value for a part of the link.
    pub fn of(
        exchange: &Exchange<'_>,
        step: &TrialStep,
        link: &Arc<LinkSpec>,
        maker: Option<Arc<Vec<Action>>>,
        beside: Vec<(String, Bound)>,
    ) -> Option<Self> {
        let followed = exchange.follow(link)?;
        let (mut values, mut places) = (Vec::new(), Vec::new());
        let all = link.parameters.iter().map(|parameter| &parameter.value).chain(&link.body);
        for value in all {
            value.expressions(&mut |expression| {
                let Some(value) = exchange.find(expression) else { return };
                let place = match expression {
                    RuntimeExpression::Request(Source::Path(name) | Source::Query(name)) => {
                        variable(step, name).map(|variable| format!("vars.{variable}"))
                    }
                    other => as_cel(other, exchange),
                };
                places.extend(place.map(|place| (expression.clone(), place)));
                values.push((expression.clone(), value));
            });
        }
        let source = step.operation.id.clone();
        Some(Self { link: link.clone(), followed, maker, values, places, beside, source })
    }

    /// The request to its target; `anew` where that changes something.
    pub fn request(&self, anew: bool, location: &Location) -> Given {
        let mut given = Given::default();
        let mut variables: Vec<(&RuntimeExpression, String)> = Vec::new();
        if let Some(maker) = self.maker.as_ref().filter(|_| anew) {
            given.actions = maker.to_vec();
            if let Some(Action::Call(last)) = given.actions.last_mut() {
                let mut captures = Vec::new();
                for (number, (expression, place)) in self.places.iter().enumerate() {
                    let name = format!("link_{}_{}_{number}", self.source, self.link.name);
                    let simple = |c: char| if c.is_ascii_alphanumeric() { c } else { '_' };
                    let name: String = name.chars().map(simple).collect();
                    let Ok(program) = Program::compile(place) else { continue };
                    variables.push((expression, name.clone()));
                    captures.push(CapturePlan { name, program, location: location.clone() });
                }
                last.captures = Arc::new(captures);
                given.is_made = true;
            }
        }
        let template = |value: &LinkValue| self.template(value, &variables);
        for parameter in &self.link.parameters {
            let name = Text::Plain(parameter.name.clone());
            given.with.extend(template(&parameter.value).map(|template| (name, template)));
        }
        match &self.link.body {
            // What it does not name is made up.
            Some(LinkValue::Object(members)) => {
                let one =
                    |(name, value): &(String, LinkValue)| Some((Text::Plain(name.clone()), template(value)?));
                given.with.extend(members.iter().filter_map(one));
            }
            Some(whole) => given.body = template(whole).map(BodyTemplate::Tree),
            None => {}
        }
        given
    }

    fn template(&self, value: &LinkValue, variables: &[(&RuntimeExpression, String)]) -> Option<Template> {
        let variable = |expression: &RuntimeExpression| {
            let (_, name) = variables.iter().find(|(known, _)| *known == expression)?;
            Some(format!("${{vars.{name}}}"))
        };
        let known = |expression: &RuntimeExpression| {
            self.values.iter().find(|(other, _)| other == expression).map(|(_, value)| value.clone())
        };
        match value {
            LinkValue::Constant(value) => Some(Template::Fixed(value.clone())),
            LinkValue::Expression(expression) => match variable(expression) {
                Some(text) => Text::compile(&text).ok().map(Template::Text),
                None => known(expression).map(Template::Fixed),
            },
            LinkValue::Text(pieces) => {
                let literal = |text: &str| text.replace("${", "$${");
                let one = |piece: &Piece| match piece {
                    Piece::Text(text) => Some(literal(text)),
                    Piece::Expression(expression) => {
                        variable(expression).or_else(|| Some(literal(&printed(&known(expression)?))))
                    }
                };
                let text: String = pieces.iter().map(one).collect::<Option<_>>()?;
                Text::compile(&text).ok().map(Template::Text)
            }
            LinkValue::List(items) => {
                let items = items.iter().map(|item| self.template(item, variables));
                items.collect::<Option<_>>().map(Template::List)
            }
            LinkValue::Object(members) => {
                let one = |(name, member): &(String, LinkValue)| {
                    Some((Text::Plain(name.clone()), self.template(member, variables)?))
                };
                members.iter().map(one).collect::<Option<_>>().map(Template::Map)
            }
        }
    }
}
