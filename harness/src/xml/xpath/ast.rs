//! The parts of an expression.

use super::functions::Function;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Expr {
    Or(Box<Expr>, Box<Expr>),
    And(Box<Expr>, Box<Expr>),
    Compare(Comparison, Box<Expr>, Box<Expr>),
    Arithmetic(Operator, Box<Expr>, Box<Expr>),
    Negate(Box<Expr>),
    Union(Box<Expr>, Box<Expr>),
    /// Steps from the context node.
    Path(Vec<Step>),
    /// Steps from the document.
    Absolute(Vec<Step>),
    /// Predicates on, and steps from, what another expression selects: `(//a)[1]/b`.
    Filter(Box<Expr>, Vec<Expr>, Vec<Step>),
    Call(Function, Vec<Expr>),
    Literal(String),
    Number(f64),
}

impl Expr {
    /// Whether the value is a node-set.
    pub(crate) fn selects_nodes(&self) -> bool {
        matches!(self, Expr::Path(_) | Expr::Absolute(_) | Expr::Filter(..) | Expr::Union(..))
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Comparison {
    Equal,
    NotEqual,
    Less,
    LessOrEqual,
    Greater,
    GreaterOrEqual,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Operator {
    Add,
    Subtract,
    Multiply,
    Divide,
    Modulo,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Step {
    pub axis: Axis,
    pub test: Test,
    pub predicates: Vec<Expr>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Axis {
    Child,
    Descendant,
    DescendantOrSelf,
    Itself,
    Parent,
    Ancestor,
    AncestorOrSelf,
    FollowingSibling,
    PrecedingSibling,
    Attribute,
}

/// The names of the axes, in the order of [`Axis`].
pub(crate) const AXES: [(&str, Axis); 10] = [
    ("child", Axis::Child),
    ("descendant", Axis::Descendant),
    ("descendant-or-self", Axis::DescendantOrSelf),
    ("self", Axis::Itself),
    ("parent", Axis::Parent),
    ("ancestor", Axis::Ancestor),
    ("ancestor-or-self", Axis::AncestorOrSelf),
    ("following-sibling", Axis::FollowingSibling),
    ("preceding-sibling", Axis::PrecedingSibling),
    ("attribute", Axis::Attribute),
];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Test {
    /// `node()`
    Node,
    /// `text()`
    Text,
    /// `comment()`
    Comment,
    /// `processing-instruction()`, with a target if one is given.
    Instruction(Option<String>),
    /// `*`
    Any,
    /// `prefix:*`
    Prefix(String),
    /// `*:local`
    Local(String),
    /// A name as written, with or without a prefix.
    Name(String),
}
