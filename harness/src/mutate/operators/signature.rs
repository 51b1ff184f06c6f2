//! Signatures that are not those of the answer.

use super::super::operator::{Mutants, Operator};
use super::super::source::{Pool, Source};
use crate::contract::SignIn;
use crate::model::exchange::Response;

pub const OPERATORS: &[Operator] = &[Operator {
    name: "signature-off",
    family: "signature",
    says: "the signature is that of something else",
    example: (r#"{"a": "1", "sign": "1c12"}"#, r#"{"a": "1", "sign": "2c12"}"#),
    make: off,
}];

fn off(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let Some(spec) = &source.operation().sign_response else { return };
    if spec.place == SignIn::Header {
        let mut response = Response { body: source.response.body.clone(), ..mutants.envelope() };
        for (name, value) in &mut response.headers {
            if name.eq_ignore_ascii_case(&spec.name)
                && let Some(first) = value.first_mut()
            {
                *first = if *first == b'1' { b'2' } else { b'1' };
                let at = format!("header {}", name.to_lowercase());
                let says = format!("the first character of `{name}` is another");
                mutants.envelope_change(&at, says, response);
                return;
            }
        }
        return;
    }
    for place in source.texts().filter(|p| p.name == spec.name && !p.text.is_empty()) {
        let rest: String = place.text.chars().skip(1).collect();
        let first = if place.text.starts_with('1') { '2' } else { '1' };
        mutants.value(place, &format!("{first}{rest}"));
    }
}
