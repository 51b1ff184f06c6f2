//! [`Problem`]: one error in the suite, with the place it is at. All of them are collected, none stops the loading.

use crate::model::source::{Location, SourceFile, Span};
use std::sync::Arc;

/// One reason why a suite is refused before anything is sent.
#[derive(Debug, Clone)]
pub struct Problem {
    pub message: String,
    pub label: String,
    pub help: Option<String>,
    pub file: Arc<SourceFile>,
    pub span: Span,
}

impl Problem {
    pub fn new(file: &Arc<SourceFile>, span: Span, message: impl Into<String>) -> Self {
        Self { message: message.into(), label: "here".into(), help: None, file: file.clone(), span }
    }

    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn location(&self) -> Location {
        Location::new(&self.file, self.span)
    }
}

/// ``unknown operation `cart_sett` (known: `cart_set`, …)`` and the help line with the nearest name.
pub fn unknown<'a>(
    file: &Arc<SourceFile>,
    span: Span,
    what: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Problem {
    let known: Vec<&str> = known.into_iter().collect();
    let mut problem =
        Problem::new(file, span, format!("unknown {what} `{name}`{}", alternatives(name, &known)))
            .label("not known");
    if let Some(nearest) = nearest(name, &known) {
        problem = problem.help(format!("did you mean `{nearest}`?"));
    }
    problem
}

/// ` (known: `a`, `b`, …)`, the most similar first, at most eight.
pub fn alternatives(name: &str, known: &[&str]) -> String {
    if known.is_empty() {
        return String::new();
    }
    let mut sorted = known.to_vec();
    sorted.sort_by_key(|k| strsim::damerau_levenshtein(name, k));
    let more = if sorted.len() > 8 { ", …" } else { "" };
    let list: Vec<String> = sorted.iter().take(8).map(|k| format!("`{k}`")).collect();
    format!(" (known: {}{more})", list.join(", "))
}

/// The known name that `name` was probably meant to be.
pub fn nearest<'a>(name: &str, known: &[&'a str]) -> Option<&'a str> {
    known
        .iter()
        .map(|k| (strsim::damerau_levenshtein(&name.to_lowercase(), &k.to_lowercase()), *k))
        .filter(|(distance, k)| *distance <= 1 + k.chars().count().max(name.chars().count()) / 3)
        .min_by_key(|(distance, _)| *distance)
        .map(|(_, k)| k)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nearest_takes_typos_and_leaves_strangers() {
        assert_eq!(nearest("cart_sett", &["cart_set", "cart_get"]), Some("cart_set"));
        assert_eq!(nearest("orderpackage", &["orderPackage"]), Some("orderPackage"));
        assert_eq!(nearest("zebra", &["cart_set", "cart_get"]), None);
    }
}
