//! [`LinkSpec`]: what an answer gives to another operation (OpenAPI 3.1.1 section 4.8.20).

use super::expression::{Piece, RuntimeExpression};
use super::operation::ParameterIn;
use crate::model::source::Location;

/// One way on from an answer.
#[derive(Debug)]
pub struct LinkSpec {
    pub name: String,
    /// Id of the operation that it leads to.
    pub target: String,
    pub parameters: Vec<LinkParameter>,
    pub body: Option<LinkValue>,
    pub location: Location,
}

/// A value for one parameter of the target.
#[derive(Debug)]
pub struct LinkParameter {
    pub name: String,
    pub place: ParameterIn,
    /// Whether the target cannot be called without it.
    pub required: bool,
    pub value: LinkValue,
}

/// A constant, or what is taken from the exchange.
#[derive(Debug, Clone, PartialEq)]
pub enum LinkValue {
    Constant(serde_json::Value),
    /// Keeps the type of what it finds.
    Expression(RuntimeExpression),
    /// Text with expressions in braces.
    Text(Vec<Piece>),
    List(Vec<LinkValue>),
    Object(Vec<(String, LinkValue)>),
}

impl LinkValue {
    /// Every expression in it.
    pub fn expressions(&self, see: &mut dyn FnMut(&RuntimeExpression)) {
        match self {
            Self::Constant(_) => {}
            Self::Expression(expression) => see(expression),
            Self::Text(pieces) => pieces.iter().for_each(|piece| match piece {
                Piece::Expression(expression) => see(expression),
                Piece::Text(_) => {}
            }),
            Self::List(items) => items.iter().for_each(|item| item.expressions(see)),
            Self::Object(members) => members.iter().for_each(|(_, member)| member.expressions(see)),
        }
    }
}
