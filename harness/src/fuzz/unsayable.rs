//! Text that by the contract no answer may hold. A target that keeps and repeats what it gets would be blamed for it, so
//! it is not sent.

use crate::contract::Operation;
use crate::expr::{Ambient, Evaluator, Program, Scope, VARIABLES};
use jiff::tz::Offset;
use serde_json::{Map, Value};
use std::sync::Arc;

/// Whether an answer may repeat a text: a rule that reads the text of answers alone would not hold of U+FFFD, say.
pub fn is_sayable(operation: &Operation, text: &str) -> bool {
    let nothing = Value::Object(Map::new());
    let ambient = Arc::new(Ambient::new(0, "", Offset::UTC));
    let scope = Scope { text: Some(text), ..Scope::before(&nothing, &nothing, &ambient) };
    let evaluator = Evaluator::new(scope);
    let of_text = operation.all_rules().filter(|rule| rule.when.is_none() && reads_text_alone(&rule.rule));
    !text.contains('\u{fffd}') && of_text.into_iter().all(|rule| rule.rule.holds(&evaluator) != Ok(false))
}

fn reads_text_alone(rule: &Program) -> bool {
    VARIABLES.iter().all(|variable| rule.reads(variable) == (*variable == "text"))
}
