//! The body as a whole: cut, followed by something, or that of another operation.

use super::super::operator::{Mutants, Operator};
use super::super::source::{Pool, Source};
use crate::model::exchange::Response;

pub const OPERATORS: &[Operator] = &[
    Operator {
        name: "body-empty",
        family: "body",
        says: "the body is empty",
        example: (r#"{"id": "7"}"#, ""),
        make: empty,
    },
    Operator {
        name: "body-truncated",
        family: "body",
        says: "the body stops before its end",
        example: (r#"{"id": "7"}"#, r#"{"id""#),
        make: truncated,
    },
    Operator {
        name: "trailing-garbage",
        family: "body",
        says: "something follows the body",
        example: (r#"{"id": "7"}"#, r#"{"id": "7"}OK"#),
        make: garbage,
    },
    Operator {
        name: "other-operation",
        family: "body",
        says: "the answer is that of another operation",
        example: (r#"{"id": "7"}"#, r#"{"balance": "12.50"}"#),
        make: other_operation,
    },
];

fn empty(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    if !source.response.body.is_empty() {
        mutants.body("no bytes".into(), Vec::new());
    }
}

fn truncated(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let body = &source.response.body;
    // A line end is no loss.
    let whole = body.trim_ascii_end().len();
    for keep in [body.len() / 2, whole.saturating_sub(1)] {
        mutants.body(format!("{keep} bytes instead of {}", body.len()), body[..keep].to_vec());
    }
}

fn garbage(source: &Source<'_>, _: &Pool<'_>, mutants: &mut Mutants<'_>) {
    let body = [source.response.body.as_slice(), b"OK"].concat();
    mutants.body("`OK` follows the body".into(), body);
}

fn other_operation(source: &Source<'_>, pool: &Pool<'_>, mutants: &mut Mutants<'_>) {
    if let Some(other) = pool.of_another_operation(source) {
        let response = Response { body: other.response.body.clone(), ..mutants.envelope() };
        let response = Response { headers: other.response.headers.clone(), ..response };
        mutants.envelope_change("body", format!("the answer of `{}`", other.operation().id), response);
    }
}
