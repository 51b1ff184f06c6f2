//! [`Sources`]: how the files of a suite, and the lines of its documents, are called in reports that are read elsewhere.

use crate::model::source::Location;
use std::path::{Component, Path};

/// Where the suite is in its repository. Locations in records are relative to the suite; what shows them beside a
/// change wants them relative to the repository.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Sources {
    /// Empty, or a path that ends with `/`.
    prefix: String,
}

impl Sources {
    /// `suite`: the folder of the suite as given on the command line. One that is not below the current folder says
    /// nothing of where the suite is in its repository.
    pub fn below(suite: &Path) -> Self {
        let mut prefix = String::new();
        for component in suite.components() {
            match component {
                Component::Normal(name) => {
                    prefix.push_str(&name.to_string_lossy());
                    prefix.push('/');
                }
                Component::CurDir => {}
                Component::ParentDir | Component::RootDir | Component::Prefix(_) => return Self::default(),
            }
        }
        Self { prefix }
    }

    /// The path of a location's file.
    pub fn path(&self, location: &Location) -> String {
        format!("{}{}", self.prefix, location.file)
    }
}

/// Lines of a document: `003_….txt#62` or `003_….txt#98-100`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DocumentLines<'a> {
    pub document: &'a str,
    pub first: u32,
    pub last: u32,
}

impl<'a> DocumentLines<'a> {
    /// `None` where the text names no lines.
    pub fn parse(text: &'a str) -> Option<Self> {
        let (document, lines) = text.rsplit_once('#')?;
        let (first, last) = lines.split_once('-').unwrap_or((lines, lines));
        let (first, last) = (first.parse().ok()?, last.parse().ok()?);
        (!document.is_empty() && 0 < first && first <= last).then_some(Self { document, first, last })
    }
}

/// A relative path as a URI reference (RFC 3986 section 4.2): everything but unreserved characters and `/` is
/// percent-encoded.
pub fn uri(path: &str) -> String {
    let mut out = String::with_capacity(path.len());
    for byte in path.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' | b'/' => {
                out.push(char::from(byte));
            }
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn paths_are_those_of_the_repository() {
        let at = |suite: &str| {
            let location = Location { file: "cases/a.yaml".into(), line: 1, column: 1 };
            Sources::below(Path::new(suite)).path(&location)
        };
        assert_eq!(at("."), "cases/a.yaml");
        assert_eq!(at("./contracts/shop/"), "contracts/shop/cases/a.yaml");
        assert_eq!(at("../other"), "cases/a.yaml");
        assert_eq!(at("/home/me/suite"), "cases/a.yaml");
    }

    #[test]
    fn lines_of_documents_are_read() {
        let read = |text| DocumentLines::parse(text).map(|l| (l.document, l.first, l.last));
        assert_eq!(read("003_a.txt#62"), Some(("003_a.txt", 62, 62)));
        assert_eq!(read("a#b.txt#98-100"), Some(("a#b.txt", 98, 100)));
        for text in ["003_a.txt", "#7", "a.txt#", "a.txt#0", "a.txt#9-8", "a.txt#x", "a.txt#1-2-3"] {
            assert_eq!(read(text), None, "{text}");
        }
    }

    #[test]
    fn paths_are_uris() {
        assert_eq!(uri("cases/a b/套餐#1.yaml:?%"), "cases/a%20b/%E5%A5%97%E9%A4%90%231.yaml%3A%3F%25");
    }
}
