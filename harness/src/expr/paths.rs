//! JSONPaths of expressions, read once and not at each evaluation.

use serde_json_path::{JsonPath, ParseError};
use std::collections::HashMap;
use std::sync::{Arc, LazyLock, PoisonError, RwLock};

/// Paths that are kept. Those of a suite are far fewer; those that are computed from answers have no end.
const KEPT: usize = 1_000;

/// A text as a path (RFC 9535).
pub fn parsed(text: &str) -> Result<Arc<JsonPath>, ParseError> {
    static PARSED: LazyLock<RwLock<HashMap<String, Arc<JsonPath>>>> = LazyLock::new(Default::default);
    if let Some(known) = PARSED.read().unwrap_or_else(PoisonError::into_inner).get(text) {
        return Ok(known.clone());
    }
    let path = Arc::new(JsonPath::parse(text)?);
    let mut known = PARSED.write().unwrap_or_else(PoisonError::into_inner);
    if known.len() < KEPT {
        known.insert(text.to_owned(), path.clone());
    }
    Ok(path)
}
