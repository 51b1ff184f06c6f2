//! Values of another type.

use super::super::operator::{Mutants, Operator, Touches};
use super::super::places::Kind;
use super::super::source::{Pool, Source};
use crate::http::media_type::Syntax;

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "null",
        family: "types",
        says: "the value is null",
        example: (r#"{"id": "7"}"#, r#"{"id": null}"#),
        make: null,
    },
    Operator {
        name: "empty",
        family: "types",
        says: "the value is empty",
        example: (r#"{"id": "7"}"#, r#"{"id": ""}"#),
        make: empty,
    },
    Operator {
        name: "wrong-type",
        family: "types",
        says: "the value is of another type",
        example: (r#"{"list": [1]}"#, r#"{"list": {"0": 1}}"#),
        make: wrong_type,
    },
    Operator {
        name: "number-as-string",
        family: "types",
        says: "a number or a boolean comes in quotes",
        example: (r#"{"count": 7}"#, r#"{"count": "7"}"#),
        make: number_as_string,
    },
    Operator {
        name: "string-as-number",
        family: "types",
        says: "a string of digits comes without quotes, and loses its leading zeros",
        example: (r#"{"code": "0012"}"#, r#"{"code": 12}"#),
        make: string_as_number,
    },
];

fn null(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.chosen().filter(|_| source.syntax == Syntax::Json) {
        mutants.literal(place, "null", Touches::Value);
    }
}

fn empty(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.chosen() {
        match place.kind {
            Kind::String | Kind::Leaf | Kind::Attribute if !place.text.is_empty() => mutants.value(place, ""),
            Kind::Object if !place.children.is_empty() => {
                mutants.literal(place, "{}", Touches::Structure);
            }
            Kind::Element => mutants.literal(place, "", Touches::Structure),
            _ => {}
        }
    }
}

fn wrong_type(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.chosen() {
        let written = source.answer.text.get(place.span.clone()).unwrap_or_default();
        match place.kind {
            Kind::Object => mutants.literal(place, &format!("[{written}]"), Touches::Structure),
            Kind::Array => mutants.literal(place, "{\"0\": 1}", Touches::Structure),
            Kind::String | Kind::Number => mutants.literal(place, &format!("[{written}]"), Touches::Value),
            Kind::Boolean => mutants.literal(place, "1", Touches::Value),
            Kind::Null => {
                mutants.literal(place, "\"null\"", Touches::Value);
                mutants.literal(place, "{}", Touches::Value);
            }
            // An element where there was text.
            Kind::Leaf => {
                let markup =
                    place.in_tags(&format!("<value>{}</value>", crate::xml::escaped(&place.text, false)));
                mutants.literal(place, &markup, Touches::Structure);
            }
            Kind::Element | Kind::Attribute | Kind::Input => {}
        }
    }
}

fn number_as_string(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.leaves().filter(|p| matches!(p.kind, Kind::Number | Kind::Boolean)) {
        mutants.literal(place, &format!("\"{}\"", place.text), Touches::Value);
    }
}

fn string_as_number(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    for place in source.leaves().filter(|p| p.kind == Kind::String) {
        let is_digits = !place.text.is_empty() && place.text.bytes().all(|b| b.is_ascii_digit());
        if is_digits {
            let number = place.text.trim_start_matches('0');
            mutants.literal(place, if number.is_empty() { "0" } else { number }, Touches::Value);
        } else if place.text.parse::<f64>().is_ok_and(f64::is_finite)
            && serde_json::from_str::<serde_json::Number>(&place.text).is_ok()
        {
            mutants.literal(place, &place.text, Touches::Value);
        }
    }
}
