//! Tokens of an expression (XPath 1.0 section 3.7).

use super::CompileError;
use crate::xml::chars;

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Token {
    /// One of `( ) [ ] . .. @ , :: / // | + - = != < <= > >= * and or mod div`, where the last five are operators.
    Symbol(&'static str),
    /// `*` as a name test.
    Star,
    /// `name`, `prefix:name`, `prefix:*` or `*:name`.
    Name(String),
    Literal(String),
    Number(f64),
}

/// Longer symbols before their beginnings.
const SYMBOLS: [&str; 20] = [
    "..", "::", "//", "!=", "<=", ">=", "(", ")", "[", "]", ".", "@", ",", "/", "|", "+", "-", "=", "<", ">",
];
const WORDS: [&str; 4] = ["and", "or", "mod", "div"];

/// The tokens, each with the number of its first character, counted from 1.
pub(crate) fn tokens(source: &str) -> Result<Vec<(usize, Token)>, CompileError> {
    let mut out: Vec<(usize, Token)> = Vec::new();
    let mut rest = source.trim_start_matches(chars::is_space);
    while !rest.is_empty() {
        let character = source.chars().count() - rest.chars().count() + 1;
        let operand_ended = out.last().is_some_and(|(_, token)| ends_operand(token));
        let (token, after) =
            next(rest, operand_ended).map_err(|message| CompileError { character, message })?;
        out.push((character, token));
        rest = after.trim_start_matches(chars::is_space);
    }
    Ok(out)
}

/// Whether an operator may follow: then `*` multiplies, and `and` is no name.
fn ends_operand(token: &Token) -> bool {
    match token {
        Token::Symbol(symbol) => matches!(*symbol, ")" | "]" | "." | ".."),
        _ => true,
    }
}

fn next(rest: &str, operand_ended: bool) -> Result<(Token, &str), String> {
    let first = rest.chars().next().unwrap_or_default();
    if matches!(first, '"' | '\'') {
        let Some((text, after)) = rest[1..].split_once(first) else {
            return Err("a literal without its closing quote".to_owned());
        };
        return Ok((Token::Literal(text.to_owned()), after));
    }
    let digits_after_dot =
        rest.strip_prefix('.').is_some_and(|r| r.starts_with(|c: char| c.is_ascii_digit()));
    if first.is_ascii_digit() || digits_after_dot {
        let end = rest.find(|c: char| !c.is_ascii_digit() && c != '.').unwrap_or(rest.len());
        let number = rest[..end].parse().map_err(|_| format!("`{}` is not a number", &rest[..end]))?;
        return Ok((Token::Number(number), &rest[end..]));
    }
    if first == '*' {
        if operand_ended {
            return Ok((Token::Symbol("*"), &rest[1..]));
        }
        if let Some(local) = rest.strip_prefix("*:")
            && !local.starts_with(':')
        {
            let (name, after) = ncname(local).ok_or("a name is missing after `*:`")?;
            return Ok((Token::Name(format!("*:{name}")), after));
        }
        return Ok((Token::Star, &rest[1..]));
    }
    if let Some(symbol) = SYMBOLS.into_iter().find(|symbol| rest.starts_with(symbol)) {
        return Ok((Token::Symbol(symbol), &rest[symbol.len()..]));
    }
    if first == '$' {
        return Err("variables are not supported".to_owned());
    }
    let (name, after) = ncname(rest).ok_or_else(|| format!("unexpected `{first}`"))?;
    if operand_ended {
        let word = WORDS.into_iter().find(|word| *word == name);
        return word
            .map(|word| (Token::Symbol(word), after))
            .ok_or_else(|| format!("an operator is missing before `{name}`"));
    }
    match after.strip_prefix(':') {
        Some(local) if local.starts_with('*') => Ok((Token::Name(format!("{name}:*")), &local[1..])),
        Some(local) if !local.starts_with(':') => {
            let (local, after) = ncname(local).ok_or_else(|| format!("a name is missing after `{name}:`"))?;
            Ok((Token::Name(format!("{name}:{local}")), after))
        }
        _ => Ok((Token::Name(name.to_owned()), after)),
    }
}

/// An `NCName` at the start of `text`, and what follows it.
fn ncname(text: &str) -> Option<(&str, &str)> {
    let end = text.find(|c| c == ':' || !chars::is_name_char(c)).unwrap_or(text.len());
    chars::is_ncname(&text[..end]).then(|| text.split_at(end))
}
