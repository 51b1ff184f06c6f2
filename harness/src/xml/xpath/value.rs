//! Values while they are computed, and their conversions (XPath 1.0 section 4).

use super::ast::Comparison;
use crate::xml::tree::NodeId;

/// A node of the document, or an attribute: its element and its index.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub(crate) enum Node {
    Tree(NodeId),
    Attribute(NodeId, usize),
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Item {
    /// In document order, each once.
    Nodes(Vec<Node>),
    Text(String),
    Number(f64),
    Boolean(bool),
}

pub(crate) fn string_to_number(text: &str) -> f64 {
    let text = text.trim_matches(crate::xml::chars::is_space);
    let digits = text.strip_prefix('-').unwrap_or(text);
    // Rust would take more: `1e3`, `inf`, `+1`.
    let plain =
        digits.chars().all(|c| c.is_ascii_digit() || c == '.') && digits.chars().any(|c| c.is_ascii_digit());
    if plain { text.parse().unwrap_or(f64::NAN) } else { f64::NAN }
}

pub(crate) fn number_to_string(number: f64) -> String {
    if number.is_nan() {
        "NaN".to_owned()
    } else if number.is_infinite() {
        if number > 0.0 { "Infinity".to_owned() } else { "-Infinity".to_owned() }
    } else if number == 0.0 {
        "0".to_owned()
    } else {
        number.to_string()
    }
}

pub(crate) fn number_to_boolean(number: f64) -> bool {
    number != 0.0 && !number.is_nan()
}

impl Comparison {
    pub(crate) fn numbers(self, a: f64, b: f64) -> bool {
        match self {
            Comparison::Equal => a == b,
            Comparison::NotEqual => a != b,
            Comparison::Less => a < b,
            Comparison::LessOrEqual => a <= b,
            Comparison::Greater => a > b,
            Comparison::GreaterOrEqual => a >= b,
        }
    }

    pub(crate) fn strings(self, a: &str, b: &str) -> bool {
        match self {
            Comparison::Equal => a == b,
            Comparison::NotEqual => a != b,
            _ => self.numbers(string_to_number(a), string_to_number(b)),
        }
    }

    pub(crate) fn booleans(self, a: bool, b: bool) -> bool {
        self.numbers(f64::from(u8::from(a)), f64::from(u8::from(b)))
    }

    /// The comparison with its sides exchanged.
    pub(crate) fn flipped(self) -> Comparison {
        match self {
            Comparison::Less => Comparison::Greater,
            Comparison::LessOrEqual => Comparison::GreaterOrEqual,
            Comparison::Greater => Comparison::Less,
            Comparison::GreaterOrEqual => Comparison::LessOrEqual,
            same => same,
        }
    }
}
