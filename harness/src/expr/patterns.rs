//! Regular expressions and JSONPaths that expressions use, compiled once and shared by all threads.

use regex::Regex;
use serde_json_path::JsonPath;
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// Texts of patterns with what they compile to. A pattern may be computed from an answer, so they are bounded.
struct Compiled<T>(RwLock<HashMap<String, Arc<T>>>);

const MOST: usize = 1_000;

static PATTERNS: LazyLock<Compiled<Regex>> = LazyLock::new(Compiled::default);
static PATHS: LazyLock<Compiled<JsonPath>> = LazyLock::new(Compiled::default);

impl<T> Default for Compiled<T> {
    fn default() -> Self {
        Self(RwLock::new(HashMap::new()))
    }
}

impl<T> Compiled<T> {
    fn get<E>(&self, text: &str, compile: impl FnOnce(&str) -> Result<T, E>) -> Result<Arc<T>, E> {
        if let Some(known) = self.0.read().unwrap_or_else(PoisonError::into_inner).get(text) {
            return Ok(known.clone());
        }
        let compiled = Arc::new(compile(text)?);
        let mut all = self.0.write().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= MOST {
            all.clear();
        }
        all.insert(text.to_owned(), compiled.clone());
        Ok(compiled)
    }
}

/// The regular expression of a text.
pub fn get(pattern: &str) -> Result<Arc<Regex>, regex::Error> {
    PATTERNS.get(pattern, Regex::new)
}

/// The JSONPath of a text (RFC 9535).
pub fn path(path: &str) -> Result<Arc<JsonPath>, serde_json_path::ParseError> {
    PATHS.get(path, JsonPath::parse)
}
