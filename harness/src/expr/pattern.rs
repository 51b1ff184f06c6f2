//! `matches`: regular expressions of CEL (RE2's syntax), compiled once and not at each evaluation.

use regex::{Regex, RegexBuilder};
use std::collections::HashMap;
use std::sync::{Arc, PoisonError, RwLock};

/// Bytes of the lazily built automaton that each thread keeps for each pattern. The default of the library is 2 MiB, which
/// patterns of Unicode classes fill; where it is too small the search goes on without it, slower.
pub const AUTOMATON: usize = 256 * 1024;

/// Patterns that are kept. Those of a suite are far fewer; those that are computed from answers have no end.
const KEPT: usize = 1_000;

/// Whether a text holds a match of a pattern, or why the pattern is none.
pub fn matches(text: &str, pattern: &str) -> Result<bool, String> {
    compiled(pattern).map(|regex| regex.is_match(text))
}

/// A pattern as a regular expression, or what is wrong with it.
pub fn compiled(pattern: &str) -> Result<Arc<Regex>, String> {
    static COMPILED: RwLock<Option<HashMap<String, Arc<Regex>>>> = RwLock::new(None);
    let known = COMPILED.read().unwrap_or_else(PoisonError::into_inner);
    if let Some(regex) = known.as_ref().and_then(|known| known.get(pattern)) {
        return Ok(regex.clone());
    }
    drop(known);
    let regex = RegexBuilder::new(pattern)
        .dfa_size_limit(AUTOMATON)
        .build()
        .map(Arc::new)
        .map_err(|error| what_is_wrong(pattern, &error))?;
    let mut known = COMPILED.write().unwrap_or_else(PoisonError::into_inner);
    let known = known.get_or_insert_default();
    if known.len() < KEPT {
        known.insert(pattern.to_owned(), regex.clone());
    }
    Ok(regex)
}

/// The last line of the library's message says what is wrong; those before it draw the pattern.
fn what_is_wrong(pattern: &str, error: &regex::Error) -> String {
    let message = error.to_string();
    let reason = message.lines().last().unwrap_or_default();
    let reason = reason.strip_prefix("error: ").unwrap_or(reason);
    format!("`{pattern}` is not a regular expression: {reason}")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn patterns_are_searched_and_compiled_once() {
        assert_eq!(matches("foo7", "^[a-z]+[0-9]$"), Ok(true));
        assert_eq!(matches("foo", "^[a-z]+[0-9]$"), Ok(false));
        assert!(Arc::ptr_eq(&compiled("^[a-z]+[0-9]$").unwrap(), &compiled("^[a-z]+[0-9]$").unwrap()));
    }

    #[test]
    fn what_is_no_pattern_says_why() {
        assert_eq!(matches("", "(a"), Err("`(a` is not a regular expression: unclosed group".into()));
    }
}
