//! Values that are right somewhere else: of another request, of another field, of an earlier answer.

use super::super::operator::{Mutants, Operator, Text, Touches};
use super::super::places::{Kind, Place};
use super::super::source::{Pool, Source};

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "echo",
        family: "relations",
        says: "a value that repeats the request is another valid one",
        example: (r#"{"phone": "13000000017"}"#, r#"{"phone": "13000000099"}"#),
        make: echo,
    },
    Operator {
        name: "swapped-fields",
        family: "relations",
        says: "two neighbouring fields have each other's values",
        example: (r#"{"a": "1", "b": "2"}"#, r#"{"a": "2", "b": "1"}"#),
        make: swapped,
    },
    Operator {
        name: "stale",
        family: "relations",
        says: "the value is that of an earlier answer",
        example: (r#"{"id": "8"}"#, r#"{"id": "7"}"#),
        make: stale,
    },
];

fn echo(source: &Source<'_>, pool: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.leaves().filter(|p| source.sent.contains(&p.text)) {
        let elsewhere = pool
            .others(source)
            .filter_map(|other| other.place(&place.pointer))
            .find(|p| p.kind == place.kind && p.text.len() == place.text.len() && p.text != place.text);
        let other = elsewhere.map_or_else(|| turned(&place.text), |p| p.text.clone());
        write(place, &other, mutants);
    }
}

/// Another text of the same form: digits stay digits, letters letters; the first half stays.
fn turned(text: &str) -> String {
    let half = text.chars().count() / 2;
    let turn = |(n, c): (usize, char)| match c {
        _ if n < half => c,
        '0'..='8' | 'a'..='y' | 'A'..='Y' => char::from_u32(c as u32 + 1).unwrap_or(c),
        '9' => '0',
        'z' => 'a',
        'Z' => 'A',
        c => c,
    };
    text.chars().enumerate().map(turn).collect()
}

fn write(place: &Place, text: &str, mutants: &mut Mutants<'_>) {
    match place.kind {
        kind if kind.is_text() => mutants.value(place, text),
        _ => mutants.literal(place, text, Touches::Value),
    }
}

fn swapped(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let leaves: Vec<&Place> = source.leaves().filter(|p| !p.name.starts_with("xmlns")).collect();
    for pair in leaves.windows(2) {
        let (a, b) = (pair[0], pair[1]);
        let are_members = a.parent == b.parent && !a.name.is_empty() && a.kind == b.kind;
        // Of an empty-element tag there is no text to put into another.
        if !are_members || a.text == b.text {
            continue;
        }
        let written = |to: &Place, from: &Place| match to.kind {
            kind if kind.is_text() => to.written(&from.text),
            _ => from.text.clone(),
        };
        let (first, second) = (written(a, b), written(b, a));
        let says = Some(format!("`{}` and `{}` have each other's values", a.name, b.name));
        let parts = [
            (a.inner.clone(), Text::Written(first.as_str())),
            (b.inner.clone(), Text::Written(second.as_str())),
        ];
        // Two values that the contract leaves open may as well be each other's.
        let is_open = |p| source.shape(p).is_some_and(|s| s.volatile || s.unspecified.is_some());
        let touches = if is_open(a) && is_open(b) { Touches::Value } else { Touches::Structure };
        mutants.splice(a, touches, says, &parts);
    }
}

fn stale(source: &Source<'_>, pool: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.leaves() {
        let earlier = pool
            .others(source)
            .filter_map(|other| Some((other, other.place(&place.pointer)?)))
            .find(|(_, p)| p.kind.is_leaf() && p.text != place.text);
        let Some((other, stale)) = earlier else { continue };
        match (place.kind.is_text(), stale.kind.is_text()) {
            (true, true) => mutants.value(place, &stale.text),
            (_, _) if matches!(place.kind, Kind::Leaf | Kind::Attribute | Kind::Input) => {}
            _ => {
                let written = other.answer.text.get(stale.inner.clone()).unwrap_or_default();
                mutants.literal(place, written, Touches::Value);
            }
        }
    }
}
