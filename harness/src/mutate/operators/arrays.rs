//! Arrays with too few, too many, moved or odd elements.

use super::super::operator::{Mutants, Operator, Text, Touches};
use super::super::places::{Kind, Place};
use super::super::source::{Pool, Source};
use super::members::removal;

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "array-emptied",
        family: "arrays",
        says: "the array has no elements",
        example: (r#"{"list": [1, 2]}"#, r#"{"list": []}"#),
        make: emptied,
    },
    Operator {
        name: "array-cut",
        family: "arrays",
        says: "the last element is missing",
        example: (r#"{"list": [1, 2]}"#, r#"{"list": [1]}"#),
        make: cut,
    },
    Operator {
        name: "array-duplicated",
        family: "arrays",
        says: "an element is there twice",
        example: (r#"{"list": [1, 2]}"#, r#"{"list": [1, 1, 2]}"#),
        make: duplicated,
    },
    Operator {
        name: "array-reordered",
        family: "arrays",
        says: "the elements are in another order",
        example: (r#"{"list": [1, 2]}"#, r#"{"list": [2, 1]}"#),
        make: reordered,
    },
    Operator {
        name: "array-odd-element",
        family: "arrays",
        says: "one element is of another type",
        example: (r#"{"list": [1, 2]}"#, r#"{"list": ["odd", 2]}"#),
        make: odd,
    },
];

/// Arrays that are not empty, with their elements.
fn arrays<'s>(source: &'s Source<'_>) -> impl Iterator<Item = (&'s Place, Vec<&'s Place>)> {
    source
        .chosen()
        .filter(|p| p.kind == Kind::Array && !p.children.is_empty())
        .map(|p| (p, p.children.iter().map(|i| &source.places[*i]).collect()))
}

fn emptied(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for (array, _) in arrays(source) {
        mutants.literal(array, "[]", Touches::Structure);
    }
}

fn cut(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for (array, items) in arrays(source) {
        let Some(last) = items.last().filter(|_| items.len() > 1) else { continue };
        let says = Some(format!("{} elements instead of {}", items.len() - 1, items.len()));
        mutants.splice(array, Touches::Structure, says, &[(removal(source, last), Text::Written(""))]);
    }
}

fn duplicated(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for (array, items) in arrays(source) {
        let first = source.answer.text.get(items[0].span.clone()).unwrap_or_default();
        let at = items[0].span.start;
        let says = Some("the first element is there twice".to_owned());
        let again = format!("{first},");
        mutants.splice(array, Touches::Structure, says, &[(at..at, Text::Written(&again))]);
    }
}

fn reordered(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for (array, items) in arrays(source) {
        let (first, last) = (items[0], items[items.len() - 1]);
        if first.span == last.span {
            continue;
        }
        let written = |place: &Place| source.answer.text.get(place.span.clone()).unwrap_or_default();
        let parts = [
            (first.span.clone(), Text::Written(written(last))),
            (last.span.clone(), Text::Written(written(first))),
        ];
        let says = Some("the first and the last element change places".to_owned());
        mutants.splice(array, Touches::Structure, says, &parts);
    }
}

fn odd(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for (array, items) in arrays(source) {
        let odd = if items[0].kind == Kind::String { "{}" } else { "\"odd\"" };
        mutants.splice(array, Touches::Structure, None, &[(items[0].span.clone(), Text::Written(odd))]);
    }
}
