//! The core function library (XPath 1.0 section 4), without `id` and `lang`.

use super::eval::{Context, Evaluation};
use super::value::{Item, Node};
use super::{TooMuch, ast::Expr};

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Function {
    Last,
    Position,
    Count,
    LocalName,
    NamespaceUri,
    Name,
    String,
    Concat,
    StartsWith,
    Contains,
    SubstringBefore,
    SubstringAfter,
    Substring,
    StringLength,
    NormalizeSpace,
    Translate,
    Boolean,
    Not,
    True,
    False,
    Number,
    Sum,
    Floor,
    Ceiling,
    Round,
}

/// Name, function, and how many arguments at least and at most.
pub(crate) const KNOWN: [(&str, Function, usize, usize); 25] = [
    ("last", Function::Last, 0, 0),
    ("position", Function::Position, 0, 0),
    ("count", Function::Count, 1, 1),
    ("local-name", Function::LocalName, 0, 1),
    ("namespace-uri", Function::NamespaceUri, 0, 1),
    ("name", Function::Name, 0, 1),
    ("string", Function::String, 0, 1),
    ("concat", Function::Concat, 2, usize::MAX),
    ("starts-with", Function::StartsWith, 2, 2),
    ("contains", Function::Contains, 2, 2),
    ("substring-before", Function::SubstringBefore, 2, 2),
    ("substring-after", Function::SubstringAfter, 2, 2),
    ("substring", Function::Substring, 2, 3),
    ("string-length", Function::StringLength, 0, 1),
    ("normalize-space", Function::NormalizeSpace, 0, 1),
    ("translate", Function::Translate, 3, 3),
    ("boolean", Function::Boolean, 1, 1),
    ("not", Function::Not, 1, 1),
    ("true", Function::True, 0, 0),
    ("false", Function::False, 0, 0),
    ("number", Function::Number, 0, 1),
    ("sum", Function::Sum, 1, 1),
    ("floor", Function::Floor, 1, 1),
    ("ceiling", Function::Ceiling, 1, 1),
    ("round", Function::Round, 1, 1),
];

/// A function with how many arguments it takes at least and at most.
pub(crate) fn find(name: &str) -> Option<(Function, usize, usize)> {
    KNOWN
        .iter()
        .find(|(known, ..)| *known == name)
        .map(|(_, function, least, most)| (*function, *least, *most))
}

impl Evaluation<'_> {
    pub(crate) fn call(&self, function: Function, arguments: &[Expr], at: Context) -> Result<Item, TooMuch> {
        let text = |i: usize| self.text(&arguments[i], at);
        let own_text = || match arguments {
            [] => self.string_value(at.node),
            [argument, ..] => self.text(argument, at),
        };
        Ok(match function {
            Function::Last => Item::Number(at.size as f64),
            Function::Position => Item::Number(at.position as f64),
            Function::Count => Item::Number(self.nodes(&arguments[0], at)?.len() as f64),
            Function::LocalName | Function::NamespaceUri | Function::Name => {
                let node = match arguments {
                    [] => Some(at.node),
                    [argument, ..] => self.nodes(argument, at)?.first().copied(),
                };
                Item::Text(node.map(|node| self.name_part(function, node)).unwrap_or_default())
            }
            Function::String => Item::Text(own_text()?),
            Function::Concat => {
                let parts: Result<Vec<String>, TooMuch> =
                    arguments.iter().map(|a| self.text(a, at)).collect();
                Item::Text(parts?.concat())
            }
            Function::StartsWith => Item::Boolean(text(0)?.starts_with(&text(1)?)),
            Function::Contains => Item::Boolean(text(0)?.contains(&text(1)?)),
            Function::SubstringBefore => Item::Text(
                text(0)?.split_once(&text(1)?).map(|(before, _)| before.to_owned()).unwrap_or_default(),
            ),
            Function::SubstringAfter => Item::Text(
                text(0)?.split_once(&text(1)?).map(|(_, after)| after.to_owned()).unwrap_or_default(),
            ),
            Function::Substring => {
                let length = arguments.get(2).map(|length| self.number(length, at)).transpose()?;
                Item::Text(substring(&text(0)?, self.number(&arguments[1], at)?, length))
            }
            Function::StringLength => Item::Number(own_text()?.chars().count() as f64),
            Function::NormalizeSpace => {
                let words: Vec<String> = own_text()?
                    .split(crate::xml::chars::is_space)
                    .filter(|w| !w.is_empty())
                    .map(str::to_owned)
                    .collect();
                Item::Text(words.join(" "))
            }
            Function::Translate => Item::Text(translate(&text(0)?, &text(1)?, &text(2)?)),
            Function::Boolean => Item::Boolean(self.boolean(&arguments[0], at)?),
            Function::Not => Item::Boolean(!self.boolean(&arguments[0], at)?),
            Function::True => Item::Boolean(true),
            Function::False => Item::Boolean(false),
            Function::Number => Item::Number(match arguments {
                [] => super::value::string_to_number(&self.string_value(at.node)?),
                [argument, ..] => self.number(argument, at)?,
            }),
            Function::Sum => {
                let mut sum = 0.0;
                for node in self.nodes(&arguments[0], at)? {
                    sum += super::value::string_to_number(&self.string_value(node)?);
                }
                Item::Number(sum)
            }
            Function::Floor => Item::Number(self.number(&arguments[0], at)?.floor()),
            Function::Ceiling => Item::Number(self.number(&arguments[0], at)?.ceil()),
            Function::Round => Item::Number(round(self.number(&arguments[0], at)?)),
        })
    }

    fn name_part(&self, function: Function, node: Node) -> String {
        let Some((name, namespace)) = self.name(node) else { return String::new() };
        match function {
            Function::LocalName => crate::xml::names::split(name).1.to_owned(),
            Function::NamespaceUri => namespace.unwrap_or("").to_owned(),
            _ => name.to_owned(),
        }
    }
}

/// To the nearest integer, halves upwards.
fn round(number: f64) -> f64 {
    if number.is_finite() { (number + 0.5).floor() } else { number }
}

/// Characters whose 1-based positions are in the rounded range.
fn substring(text: &str, start: f64, length: Option<f64>) -> String {
    let start = round(start);
    let end = length.map_or(f64::INFINITY, |length| start + round(length));
    let inside = |position: usize| position as f64 >= start && (position as f64) < end;
    text.chars().enumerate().filter(|(i, _)| inside(i + 1)).map(|(_, c)| c).collect()
}

fn translate(text: &str, from: &str, to: &str) -> String {
    let to: Vec<char> = to.chars().collect();
    let replaced = |c: char| match from.chars().position(|f| f == c) {
        None => Some(c),
        Some(i) => to.get(i).copied(),
    };
    text.chars().filter_map(replaced).collect()
}
