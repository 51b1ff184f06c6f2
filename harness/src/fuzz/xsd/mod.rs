//! Proptest strategies from XSD 1.0: [`positive`] for valid documents, [`negatives`] for invalid ones, each by the one
//! constraint that it breaks. What a strategy cannot promise by construction the validator decides: [`sample`] and
//! [`sample_negative`] give only what it confirms.

mod grammar;
mod negative;
mod positive;
mod simple;

pub use grammar::{Declaration, Grammar};
pub use negative::{Negative, negatives};
pub use positive::{Share, positive};

use crate::xml::xsd::Schema;
use crate::xml::{Limits, Node, parse};
use proptest::strategy::{BoxedStrategy, Strategy, ValueTree};
use proptest::test_runner::TestRunner;

/// A document that can be made simpler.
pub type XmlTree = Box<dyn ValueTree<Value = Node>>;

/// Tries for one document that the validator confirms.
const TRIES: usize = 20;

/// The rules that a document breaks, by the validator; `None` where it gives no verdict.
pub fn broken(node: &Node, schema: &Schema) -> Option<Vec<&'static str>> {
    let document = parse(node.to_string().as_bytes(), Some("UTF-8"), &Limits::default()).ok()?;
    let violations = schema.validate(&document).ok()?;
    Some(violations.into_iter().map(|violation| violation.code).collect())
}

/// A valid document; `None` where the strategy finds none.
pub fn sample(strategy: &BoxedStrategy<Node>, schema: &Schema, runner: &mut TestRunner) -> Option<XmlTree> {
    grow(strategy, runner, |node| broken(node, schema).is_some_and(|codes| codes.is_empty()))
}

/// A document that breaks the constraint of its name and no other; `None` where the strategy finds none.
pub fn sample_negative(negative: &Negative, schema: &Schema, runner: &mut TestRunner) -> Option<XmlTree> {
    grow(&negative.strategy, runner, |node| negative.is_broken_by(node, schema))
}

fn grow(
    strategy: &BoxedStrategy<Node>,
    runner: &mut TestRunner,
    fits: impl Fn(&Node) -> bool,
) -> Option<XmlTree> {
    (0..TRIES).find_map(|_| {
        let tree = strategy.new_tree(runner).ok()?;
        fits(&tree.current()).then(|| Box::new(tree) as XmlTree)
    })
}
