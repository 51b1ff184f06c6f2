//! The registry of defects: a file a family, each defect named, described, with an example.
//!
//! To add one: write a function that passes mutants to [`Mutants`], and add it to its family's `OPERATORS`.

mod arrays;
mod body;
mod choices;
mod dates;
mod encoding;
mod envelope;
mod html;
mod meaning;
mod members;
mod numbers;
mod relations;
mod signature;
mod text;
mod types;
mod xml;

use super::operator::{Mutant, Mutants, Operator};
use super::source::{Pool, Source};

/// Every defect, in the order in which it is looked for: where two make the same answer, the first counts.
pub fn all() -> impl Iterator<Item = &'static Operator> {
    members::OPERATORS
        .iter()
        .chain(types::OPERATORS)
        .chain(choices::OPERATORS)
        .chain(numbers::OPERATORS)
        .chain(dates::OPERATORS)
        .chain(text::OPERATORS)
        .chain(encoding::OPERATORS)
        .chain(arrays::OPERATORS)
        .chain(relations::OPERATORS)
        .chain(meaning::OPERATORS)
        .chain(xml::OPERATORS)
        .chain(html::OPERATORS)
        .chain(signature::OPERATORS)
        .chain(envelope::OPERATORS)
        .chain(body::OPERATORS)
}

/// Makes every mutant of an answer by `operators`, one at a time.
pub fn mutate(
    source: &Source<'_>,
    pool: &Pool<'_>,
    operators: &[&'static Operator],
    emit: &mut dyn FnMut(Mutant),
) {
    let Some(first) = operators.first() else { return };
    let mut mutants = Mutants::new(source, first, emit);
    for operator in operators {
        mutants.of(operator);
        (operator.make)(source, pool, &mut mutants);
    }
}
