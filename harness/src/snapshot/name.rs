//! [`Names`]: a file for every trial. The same trial has the same file whatever runs beside it, on every file system.

use crate::http::digest;
use std::collections::BTreeMap;

/// Longer names are cut, and told apart by their digest.
const LONGEST: usize = 120;

/// File stems by trial name.
#[derive(Debug, Clone, Default)]
pub struct Names {
    stems: BTreeMap<String, String>,
}

impl Names {
    /// The names of all trials of the suite. Two that a file system without upper and lower case would take for one are
    /// told apart.
    pub fn new<'t>(trials: impl IntoIterator<Item = &'t str>) -> Self {
        let mut stems: BTreeMap<String, String> =
            trials.into_iter().map(|name| (name.to_owned(), stem(name))).collect();
        let mut folded: BTreeMap<String, usize> = BTreeMap::new();
        for (name, stem) in &stems {
            *folded.entry(fold(name, stem)).or_default() += 1;
        }
        for (name, stem) in &mut stems {
            if folded.get(&fold(name, stem)).is_some_and(|n| *n > 1) {
                *stem = marked(stem, name);
            }
        }
        Self { stems }
    }

    /// `<operation>__<case>` of a trial; one that is not of the suite is named all the same.
    pub fn stem(&self, trial: &str) -> String {
        self.stems.get(trial).cloned().unwrap_or_else(|| stem(trial))
    }

    pub fn trials(&self) -> impl Iterator<Item = (&str, &str)> {
        self.stems.iter().map(|(name, stem)| (name.as_str(), stem.as_str()))
    }
}

/// Stems are told apart within their API's folder.
fn fold(trial: &str, stem: &str) -> String {
    let api = trial.split("::").next().unwrap_or_default();
    format!("{api}::{}", stem.to_lowercase())
}

/// `api::operation::case/row` as `operation__case__row`.
fn stem(trial: &str) -> String {
    let rest = trial.split_once("::").map_or(trial, |(_, rest)| rest);
    let parts: Vec<&str> = rest.split("::").flat_map(|part| part.split('/')).collect();
    // Where the parts can be read off the name again, it is nobody else's.
    let exact = |part: &&str| {
        !part.is_empty()
            && part.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            && !part.contains("__")
            && !part.starts_with(['_', '.'])
            && !part.ends_with(['_', '.'])
    };
    let joined = parts.join("__");
    match parts.iter().all(exact) && rest.matches("::").count() == 1 && joined.len() <= LONGEST {
        true => joined,
        false => marked(&safe(&joined), trial),
    }
}

fn marked(stem: &str, name: &str) -> String {
    let digest = digest::hex(&digest::sha256(name.as_bytes()));
    let cut: String = stem.chars().take(LONGEST).collect();
    format!("{cut}-{}", &digest[..8])
}

fn safe(text: &str) -> String {
    let safe = |c: char| if c.is_ascii_alphanumeric() || "-_.".contains(c) { c } else { '_' };
    let text: String = text.chars().map(safe).collect();
    text.trim_start_matches('.').to_owned()
}

/// The name of a folder: of a target or an API. What is not a plain word is told apart by its digest.
pub fn folder_name(name: &str) -> String {
    // Who logs in is nobody's business.
    let name = match name.split_once("://").map(|(scheme, rest)| (scheme, rest.rsplit_once('@'))) {
        Some((scheme, Some((_, place)))) => format!("{scheme}://{place}"),
        _ => name.to_owned(),
    };
    let plain = safe(&name) == name && name == name.to_lowercase() && name.len() <= LONGEST;
    if plain && !name.is_empty() { name } else { marked(&safe(&name), &name) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_names_are_readable_and_no_two_are_the_same() {
        let trials = [
            "a::op::case",
            "a::op::case/row",
            "a::op::case__row",
            "a::op::case/Row",
            "a::op::case/r w",
            "a::op::case/r_w",
            "a::op::case/r/w",
            "a::op::彩铃",
            "a::op::铃彩",
            "a::op_::case",
            "a::op::_case",
            "a::op::..",
            "a::op::con",
            "a::op::x::y",
            "a::op::x/y",
        ];
        let names = Names::new(trials);
        let mut stems: Vec<String> = trials.iter().map(|t| names.stem(t).to_lowercase()).collect();
        stems.sort();
        stems.dedup();
        assert_eq!(stems.len(), trials.len(), "{stems:?}");
        assert_eq!(names.stem("a::op::case"), "op__case");
        assert!(names.stem("a::op::case/row").starts_with("op__case__row-"), "another differs only in case");
        assert_eq!(Names::new(["a::op::case/row"]).stem("a::op::case/row"), "op__case__row");
        for (_, stem) in names.trials() {
            assert!(stem.is_ascii() && !stem.contains('/') && !stem.starts_with('.'), "{stem}");
        }
        let long = format!("a::op::{}", "x".repeat(500));
        assert!(names.stem(&long).len() < 140);
    }

    #[test]
    fn folders_of_urls_hold_no_credentials() {
        assert_eq!(folder_name("staging"), "staging");
        let url = folder_name("http://user:secret@api.example/v1");
        assert!(url.starts_with("http___api.example_v1-"), "{url}");
        assert_ne!(folder_name(".."), "..");
        assert_ne!(folder_name("a/b"), folder_name("a_b"));
    }
}
