//! Evaluation: steps over the tree, operators and conversions.

use super::ast::{Comparison, Expr, Operator, Step};
use super::value::{Item, Node, number_to_boolean, number_to_string, string_to_number};
use super::{MAX_STEPS, TooMuch, Value};
use crate::xml::Document;
use crate::xml::tree::{DOCUMENT, Data, NodeId};
use std::cell::{Cell, OnceCell};

/// One evaluation over one document.
pub(crate) struct Evaluation<'a> {
    pub(super) document: &'a Document,
    pub(super) namespaces: &'a [(String, String)],
    steps: Cell<usize>,
    /// Place of each node in document order. Ids are in that order only until a document is changed.
    order: OnceCell<Vec<u32>>,
}

/// The context of an expression (XPath 1.0 section 1).
#[derive(Clone, Copy)]
pub(crate) struct Context {
    pub node: Node,
    pub position: usize,
    pub size: usize,
}

pub(crate) fn evaluate(
    expression: &Expr,
    document: &Document,
    namespaces: &[(String, String)],
) -> Result<Value, TooMuch> {
    let evaluation = Evaluation { document, namespaces, steps: Cell::new(0), order: OnceCell::new() };
    let context = Context { node: Node::Tree(DOCUMENT), position: 1, size: 1 };
    Ok(match evaluation.item(expression, context)? {
        Item::Nodes(nodes) => Value::Nodes(
            nodes.into_iter().map(|node| evaluation.string_value(node)).collect::<Result<_, _>>()?,
        ),
        Item::Text(text) => Value::Text(text),
        Item::Number(number) => Value::Number(number),
        Item::Boolean(boolean) => Value::Boolean(boolean),
    })
}

impl<'a> Evaluation<'a> {
    pub(super) fn spend(&self, steps: usize) -> Result<(), TooMuch> {
        self.steps.set(self.steps.get() + steps);
        if self.steps.get() > MAX_STEPS { Err(TooMuch) } else { Ok(()) }
    }

    pub(crate) fn item(&self, expression: &Expr, at: Context) -> Result<Item, TooMuch> {
        self.spend(1)?;
        Ok(match expression {
            Expr::Or(a, b) => Item::Boolean(self.boolean(a, at)? || self.boolean(b, at)?),
            Expr::And(a, b) => Item::Boolean(self.boolean(a, at)? && self.boolean(b, at)?),
            Expr::Compare(comparison, a, b) => {
                Item::Boolean(self.compare(*comparison, self.item(a, at)?, self.item(b, at)?)?)
            }
            Expr::Arithmetic(operator, a, b) => {
                let (a, b) = (self.number(a, at)?, self.number(b, at)?);
                Item::Number(match operator {
                    Operator::Add => a + b,
                    Operator::Subtract => a - b,
                    Operator::Multiply => a * b,
                    Operator::Divide => a / b,
                    Operator::Modulo => a % b,
                })
            }
            Expr::Negate(a) => Item::Number(-self.number(a, at)?),
            Expr::Union(a, b) => {
                let mut nodes = self.nodes(a, at)?;
                nodes.extend(self.nodes(b, at)?);
                Item::Nodes(self.sorted(nodes)?)
            }
            Expr::Path(steps) => Item::Nodes(self.walk(vec![at.node], steps)?),
            Expr::Absolute(steps) => Item::Nodes(self.walk(vec![Node::Tree(DOCUMENT)], steps)?),
            Expr::Filter(primary, predicates, steps) => {
                let nodes = self.filtered(self.nodes(primary, at)?, predicates)?;
                Item::Nodes(self.walk(nodes, steps)?)
            }
            Expr::Call(function, arguments) => self.call(*function, arguments, at)?,
            Expr::Literal(text) => Item::Text(text.clone()),
            Expr::Number(number) => Item::Number(*number),
        })
    }

    /// The nodes that an expression selects: none if its value is no node-set.
    pub(crate) fn nodes(&self, expression: &Expr, at: Context) -> Result<Vec<Node>, TooMuch> {
        match self.item(expression, at)? {
            Item::Nodes(nodes) => Ok(nodes),
            _ => Ok(Vec::new()),
        }
    }

    pub(crate) fn text(&self, expression: &Expr, at: Context) -> Result<String, TooMuch> {
        self.item_text(self.item(expression, at)?)
    }

    fn item_text(&self, item: Item) -> Result<String, TooMuch> {
        Ok(match item {
            Item::Nodes(nodes) => match nodes.first() {
                Some(first) => self.string_value(*first)?,
                None => String::new(),
            },
            Item::Text(text) => text,
            Item::Number(number) => number_to_string(number),
            Item::Boolean(boolean) => boolean.to_string(),
        })
    }

    pub(crate) fn number(&self, expression: &Expr, at: Context) -> Result<f64, TooMuch> {
        self.item_number(self.item(expression, at)?)
    }

    fn item_number(&self, item: Item) -> Result<f64, TooMuch> {
        Ok(match item {
            Item::Number(number) => number,
            Item::Boolean(boolean) => f64::from(u8::from(boolean)),
            other => string_to_number(&self.item_text(other)?),
        })
    }

    pub(crate) fn boolean(&self, expression: &Expr, at: Context) -> Result<bool, TooMuch> {
        Ok(item_boolean(&self.item(expression, at)?))
    }

    /// Section 3.4. A node-set compares by the existence of a node that does.
    fn compare(&self, comparison: Comparison, a: Item, b: Item) -> Result<bool, TooMuch> {
        Ok(match (a, b) {
            (Item::Boolean(a), b) => comparison.booleans(a, item_boolean(&b)),
            (a, Item::Boolean(b)) => comparison.booleans(item_boolean(&a), b),
            (Item::Nodes(a), Item::Nodes(b)) => {
                let b: Vec<String> =
                    b.into_iter().map(|node| self.string_value(node)).collect::<Result<_, _>>()?;
                for node in a {
                    let a = self.string_value(node)?;
                    self.spend(b.len())?;
                    if b.iter().any(|b| comparison.strings(&a, b)) {
                        return Ok(true);
                    }
                }
                false
            }
            (Item::Nodes(nodes), other) => self.any(&nodes, comparison, &other)?,
            (other, Item::Nodes(nodes)) => self.any(&nodes, comparison.flipped(), &other)?,
            (Item::Text(a), Item::Text(b)) => comparison.strings(&a, &b),
            (a, b) => comparison.numbers(self.item_number(a)?, self.item_number(b)?),
        })
    }

    /// Whether a node compares so with a number or string.
    fn any(&self, nodes: &[Node], comparison: Comparison, other: &Item) -> Result<bool, TooMuch> {
        for node in nodes {
            let text = self.string_value(*node)?;
            let holds = match other {
                Item::Number(number) => comparison.numbers(string_to_number(&text), *number),
                Item::Text(other) => comparison.strings(&text, other),
                Item::Nodes(_) | Item::Boolean(_) => false,
            };
            if holds {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// The nodes that `steps` lead to.
    fn walk(&self, mut nodes: Vec<Node>, steps: &[Step]) -> Result<Vec<Node>, TooMuch> {
        for step in steps {
            let mut next = Vec::new();
            for node in &nodes {
                let found = self.along(step.axis, *node, &step.test)?;
                next.extend(self.filtered(found, &step.predicates)?);
            }
            // One context node gives each node once; most of its axes, in document order.
            let sorted = nodes.len() == 1 && !step.axis.is_reverse();
            nodes = if sorted { next } else { self.sorted(next)? };
        }
        Ok(nodes)
    }

    /// `nodes`, in the order of their axis, for which every predicate holds.
    fn filtered(&self, mut nodes: Vec<Node>, predicates: &[Expr]) -> Result<Vec<Node>, TooMuch> {
        for predicate in predicates {
            let size = nodes.len();
            let mut kept = Vec::new();
            for (i, node) in nodes.into_iter().enumerate() {
                let holds = match self.item(predicate, Context { node, position: i + 1, size })? {
                    Item::Number(number) => number == (i + 1) as f64,
                    other => item_boolean(&other),
                };
                if holds {
                    kept.push(node);
                }
            }
            nodes = kept;
        }
        Ok(nodes)
    }

    /// Name and namespace of an element or attribute.
    pub(crate) fn name(&self, node: Node) -> Option<(&'a str, Option<&'a str>)> {
        match node {
            Node::Tree(id) => self.document.element(id).map(|e| (e.name(), e.namespace())),
            Node::Attribute(owner, index) => {
                let attribute = self.document.element(owner)?.attributes().get(index)?;
                Some((attribute.name.as_str(), attribute.namespace.as_deref()))
            }
        }
    }

    /// Section 5: the string-value of a node.
    pub(crate) fn string_value(&self, node: Node) -> Result<String, TooMuch> {
        let text = match node {
            Node::Attribute(owner, index) => {
                let attribute = self.document.element(owner).and_then(|e| e.attributes().get(index));
                attribute.map(|a| a.value.clone()).unwrap_or_default()
            }
            Node::Tree(id) if self.is_text(id) => {
                let run = std::iter::successors(Some(id), |&at| self.document.next(at))
                    .take_while(|&at| self.is_text(at));
                run.map(|piece| self.document.string_value(piece)).collect()
            }
            Node::Tree(id) => {
                if let Data::Instruction(text) = self.document.data(id) {
                    text.split_once(crate::xml::chars::is_space)
                        .map_or("", |(_, data)| data.trim_start())
                        .to_owned()
                } else {
                    let (text, looked_at) = self.document.string_value_counted(id);
                    self.spend(looked_at)?;
                    text
                }
            }
        };
        self.spend(1 + text.len() / 64)?;
        Ok(text)
    }

    /// In document order, each node once.
    fn sorted(&self, mut nodes: Vec<Node>) -> Result<Vec<Node>, TooMuch> {
        self.spend(nodes.len())?;
        let order = self.order.get_or_init(|| {
            let mut order = Vec::new();
            let everything =
                std::iter::successors(Some(DOCUMENT), |&at| self.document.following(at, DOCUMENT));
            for (place, id) in everything.enumerate() {
                if order.len() <= id as usize {
                    order.resize(id as usize + 1, 0);
                }
                order[id as usize] = place as u32;
            }
            order
        });
        let place = |id: NodeId| order.get(id as usize).copied().unwrap_or(0);
        nodes.sort_unstable_by_key(|node| match node {
            Node::Tree(id) => (place(*id), 0),
            Node::Attribute(owner, index) => (place(*owner), index + 1),
        });
        nodes.dedup();
        Ok(nodes)
    }
}

fn item_boolean(item: &Item) -> bool {
    match item {
        Item::Nodes(nodes) => !nodes.is_empty(),
        Item::Text(text) => !text.is_empty(),
        Item::Number(number) => number_to_boolean(*number),
        Item::Boolean(boolean) => *boolean,
    }
}
