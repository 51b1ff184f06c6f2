//! Entities of a DTD: none, but for a fault.

use std::collections::HashMap;

use crate::fault::Faults;

use super::faults;
use super::xml::MalformedXml;

/// The longest text of an entity, in bytes: a body full of references must not become gigabytes even with the fault.
const LONGEST: usize = 256;

/// Internal general entities by name.
#[derive(Debug, Default)]
pub(super) struct Entities(HashMap<String, String>);

impl Entities {
    /// An honest provider takes no DTD at all.
    pub(super) fn declared(faults: &Faults, doctype: &[u8]) -> Result<Entities, MalformedXml> {
        if faults.has(&faults::ENTITIES_EXPANDED) {
            return Ok(Entities(internal_entities(&String::from_utf8_lossy(doctype))));
        }
        Err(MalformedXml)
    }

    pub(super) fn get(&self, name: &str) -> Option<String> {
        self.0.get(name).cloned()
    }
}

/// `<!ENTITY name "text">`, as often as it is there. Text that refers to other entities is left as it is, and external
/// and long entities are empty: the fault is to be visible, not dangerous.
fn internal_entities(doctype: &str) -> HashMap<String, String> {
    doctype.split("<!ENTITY").skip(1).filter_map(entity).collect()
}

fn entity(declaration: &str) -> Option<(String, String)> {
    let (name, rest) = declaration.trim_start().split_once(char::is_whitespace)?;
    let rest = rest.trim_start();
    if rest.starts_with("SYSTEM") || rest.starts_with("PUBLIC") {
        return Some((name.to_owned(), String::new()));
    }
    let quote = rest.chars().next().filter(|quote| ['"', '\''].contains(quote))?;
    let text = rest[1..].split(quote).next()?;
    Some((name.to_owned(), if text.len() > LONGEST { String::new() } else { text.to_owned() }))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_internal_entities_only() {
        let entities = internal_entities(
            "RQST [ <!ENTITY a \"1000161\"> <!ENTITY b 'x>'><!ENTITY c SYSTEM \"file:///x\"><!ENTITY d><!ENTITY",
        );
        let get = |name: &str| entities.get(name).map(String::as_str);
        assert_eq!((get("a"), get("b"), get("c"), get("d")), (Some("1000161"), Some("x>"), Some(""), None));
    }
}
