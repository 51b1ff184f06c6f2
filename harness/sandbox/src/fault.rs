//! Named defects, and the set of them that is switched on.

use std::sync::{Arc, LazyLock};

use crate::apis::APIS;
use crate::error::StartError;

/// One way in which a sandbox can be told to break the contract of one API, each a thing that real providers do.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Fault {
    /// What switches it on, such as `ivr-utf8-instead-of-gbk`.
    pub name: &'static str,
    /// The only API that it changes, one of [`apis`](crate::apis).
    pub api: &'static str,
    /// What the provider gets wrong, in one sentence.
    pub defect: &'static str,
}

/// All faults, grouped by API in the order of the registry.
pub fn faults() -> &'static [Fault] {
    static ALL: LazyLock<Vec<Fault>> =
        LazyLock::new(|| APIS.iter().flat_map(|api| api.faults).copied().collect());
    &ALL
}

/// The faults that are switched on. Cheap to clone.
#[derive(Debug, Clone)]
pub(crate) struct Faults(Arc<[&'static str]>);

impl Faults {
    /// The faults of these names, or the first name that no fault has.
    pub(crate) fn resolve(names: &[String]) -> Result<Faults, StartError> {
        names.iter().map(|name| find(name)).collect::<Result<_, _>>().map(Faults)
    }

    /// Whether this fault is switched on.
    pub(crate) fn has(&self, fault: &Fault) -> bool {
        self.0.contains(&fault.name)
    }
}

fn find(name: &str) -> Result<&'static str, StartError> {
    let known: Vec<&'static str> = faults().iter().map(|fault| fault.name).collect();
    match known.iter().find(|known| **known == name) {
        Some(known) => Ok(known),
        None => {
            Err(StartError::UnknownFault { name: name.to_owned(), nearest: nearest(name, &known), known })
        }
    }
}

/// The known name most like this one; none if nothing is alike.
fn nearest(name: &str, known: &[&'static str]) -> Option<&'static str> {
    const ALIKE: f64 = 0.7;
    known
        .iter()
        .map(|known| (strsim::jaro_winkler(name, known), *known))
        .filter(|(likeness, _)| *likeness >= ALIKE)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, known)| known)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_are_unique_and_defects_are_sentences() {
        let mut names: Vec<_> = faults().iter().map(|fault| fault.name).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(names.len(), faults().len());
        for fault in faults() {
            assert!(fault.defect.ends_with('.'), "{}", fault.name);
            assert!(crate::apis().contains(&fault.api), "{}", fault.name);
        }
    }

    #[test]
    fn only_the_named_faults_are_on() {
        let on = Faults::resolve(&["ivr-numeric-code".to_owned()]).unwrap();
        assert!(faults().iter().all(|fault| on.has(fault) == (fault.name == "ivr-numeric-code")));
    }

    #[test]
    fn a_misspelt_name_gets_the_nearest_one() {
        let error = Faults::resolve(&["ivr-numerc-code".to_owned()]).unwrap_err();
        let text = error.to_string();
        let start = "unknown fault `ivr-numerc-code`, did you mean `ivr-numeric-code`? (";
        assert!(text.starts_with(start), "{text}");
        assert!(text.contains(&faults().len().to_string()), "{text}");
    }

    #[test]
    fn a_name_like_nothing_gets_no_suggestion() {
        let text = Faults::resolve(&["zzzz".to_owned()]).unwrap_err().to_string();
        assert!(text.starts_with("unknown fault `zzzz` ("), "{text}");
    }
}
