//! Text that lost or gained something on the way.

use super::super::operator::{Mutants, Operator};
use super::super::places::Place;
use super::super::source::{Pool, Source};

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "truncated",
        family: "text",
        says: "the text lost its end",
        example: (r#"{"id": "ORDER_17"}"#, r#"{"id": "ORDER_1"}"#),
        make: truncated,
    },
    Operator {
        name: "padded",
        family: "text",
        says: "there is a blank before or after the text",
        example: (r#"{"id": "7"}"#, r#"{"id": "7 "}"#),
        make: padded,
    },
    Operator {
        name: "case",
        family: "text",
        says: "letters are in the other case",
        example: (r#"{"id": "ab12"}"#, r#"{"id": "AB12"}"#),
        make: case,
    },
    Operator {
        name: "trimmed",
        family: "text",
        says: "blanks at the ends are gone",
        example: (r#"{"id": " 7 "}"#, r#"{"id": "7"}"#),
        make: trimmed,
    },
    Operator {
        name: "leading-zeros",
        family: "text",
        says: "leading zeros are lost",
        example: (r#"{"code": "0012"}"#, r#"{"code": "12"}"#),
        make: leading_zeros,
    },
    Operator {
        name: "full-width",
        family: "text",
        says: "letters and digits are full-width",
        example: (r#"{"id": "A1"}"#, r#"{"id": "Ａ１"}"#),
        make: full_width,
    },
];

fn each(source: &Source<'_>, mutants: &mut Mutants<'_>, change: impl Fn(&str) -> Option<String>) {
    for place in source.texts() {
        replace(place, change(&place.text), mutants);
    }
}

fn replace(place: &Place, changed: Option<String>, mutants: &mut Mutants<'_>) {
    if let Some(changed) = changed.filter(|changed| *changed != place.text) {
        mutants.value(place, &changed);
    }
}

fn truncated(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |text| {
        let (at, _) = text.char_indices().next_back().filter(|(at, _)| *at > 0)?;
        Some(text[..at].to_owned())
    });
}

fn padded(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |text| (!text.is_empty()).then(|| format!("{text} ")));
    each(source, mutants, |text| (!text.is_empty()).then(|| format!(" {text}")));
}

fn case(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |text| {
        let upper = text.to_ascii_uppercase();
        Some(if upper == text { text.to_ascii_lowercase() } else { upper })
    });
}

fn trimmed(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |text| Some(text.trim().to_owned()));
}

fn leading_zeros(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |text| {
        let is_digits = text.len() > 1 && text.bytes().all(|b| b.is_ascii_digit());
        let rest = text.trim_start_matches('0');
        is_digits.then(|| if rest.is_empty() { "0".to_owned() } else { rest.to_owned() })
    });
}

fn full_width(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    each(source, mutants, |text| {
        let wide = |c: char| match c {
            '!'..='~' => char::from_u32(c as u32 + 0xfee0).unwrap_or(c),
            c => c,
        };
        Some(text.chars().map(wide).collect())
    });
}
