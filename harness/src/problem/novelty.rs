//! [`Novelty`]: which findings say something that was not said before, while trials still end. Coarser than
//! [`problems`](super::problems), which needs them all.

use super::cluster::Key;
use super::place::{field, is_specific, saying};
use std::collections::HashSet;

/// A target that answers something else each time must not make the set grow without end.
const MAX_KEYS: usize = 10_000;

#[derive(Debug, Default)]
pub struct Novelty {
    /// API, operation or field, and what is said there.
    seen: HashSet<(usize, String, String)>,
}

impl Novelty {
    /// Whether neither the place of a finding nor what it says of a field of that name is known.
    pub fn is_new(&mut self, key: &Key, message: &str) -> bool {
        // `body` and the like say too little: what is asked there tells.
        let place = match is_specific(&key.at) {
            true => key.at.clone(),
            false => format!("{} {} {}", key.at, key.check, key.requirement),
        };
        let keys = [
            (key.api, key.operation.clone(), place),
            (key.api, format!("field {}", field(&key.at)), saying(message)),
        ];
        let known = keys.iter().any(|key| self.seen.contains(key));
        if self.seen.len() < MAX_KEYS {
            self.seen.extend(keys);
        }
        !known
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::report::fixture::finding;

    #[test]
    fn the_same_place_and_the_same_words_are_no_news() {
        let mut novelty = Novelty::default();
        let mut is_new = |operation: &str, check: &str, at: &str, message: &str| {
            let mut finding = finding(check, at);
            finding.message = message.into();
            novelty.is_new(&Key::new(0, operation, &finding), message)
        };
        assert!(is_new("one", "schema", "/list/0/id", "null where the contract has a string"));
        assert!(!is_new("one", "like", "/list/4/id", "null where the documented answer has a string"));
        assert!(!is_new("two", "schema", "/item/id", "null where the contract has a string"));
        assert!(is_new("two", "status", "status", "status 500 is not documented"));
        assert!(is_new("one", "outcome", "body", "neither success nor failure"));
        assert!(is_new("one", "charset", "body", "byte 3 is not valid"));
    }
}
