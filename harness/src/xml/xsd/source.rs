//! The documents of a schema: the main file and everything it includes, imports and redefines.

use super::SchemaError;
use super::pattern;
use crate::xml::{self, Document, Element, Limits};
use std::collections::{HashMap, VecDeque};
use std::io;
use std::path::{Component, Path, PathBuf};

/// The namespace of XML Schema.
pub(crate) const XS: &str = "http://www.w3.org/2001/XMLSchema";
/// Namespaces whose schemas the validator carries with it, and under which name.
const EMBEDDED: [(&str, &str); 2] =
    [(xml::names::XML, "embedded://xml.xsd"), ("http://www.w3.org/1999/xlink", "embedded://xlink.xsd")];
/// Documents one schema may consist of.
const MAX_DOCUMENTS: usize = 200;

/// One document of a schema.
#[derive(Debug)]
pub(crate) struct Source {
    /// The path as found: that of the main file, or that of a `schemaLocation` relative to the document it is in.
    pub path: PathBuf,
    pub document: Document,
    /// The text for the validator: UTF-8, patterns rewritten, every line where it was.
    pub text: String,
    /// What the `schemaLocation`s in it stand for.
    pub targets: HashMap<String, Target>,
}

/// What a `schemaLocation` stands for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Target {
    /// Index of a document.
    Source(usize),
    /// Location of a schema that the validator carries.
    Embedded(&'static str),
}

/// All documents of a schema, the main one first, and the patterns rewritten in them (new to original).
#[derive(Debug, Default)]
pub(crate) struct Sources {
    pub documents: Vec<Source>,
    pub patterns: HashMap<String, String>,
}

/// Reads `main` and what it refers to with `read`.
///
/// # Errors
/// Every document that is missing, remote or not well-formed, every unsupported pattern, each with its place.
pub(crate) fn load(
    main: &Path,
    read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
) -> Result<Sources, Vec<SchemaError>> {
    let mut sources = Sources::default();
    let mut errors = Vec::new();
    let mut indices = HashMap::from([(normal(main), 0)]);
    let mut queue = VecDeque::from([(normal(main), None::<SchemaError>)]);
    while let Some((path, referrer)) = queue.pop_front() {
        let (document, text) = match open(&path, referrer, read) {
            Ok(opened) => opened,
            Err(error) => {
                errors.push(error);
                // Keep the indices of the documents that follow.
                sources.documents.push(Source::empty(path));
                continue;
            }
        };
        let mut targets = HashMap::new();
        for directive in directives(&document) {
            let mut resolve = |location: &str| {
                let wanted = normal(&path.parent().unwrap_or(Path::new("")).join(location));
                let next = indices.len();
                let index = *indices.entry(wanted.clone()).or_insert(next);
                if index == next {
                    let referrer = SchemaError::at(&path, directive.position(), String::new());
                    queue.push_back((wanted, Some(referrer)));
                }
                index
            };
            match target(directive, &mut resolve) {
                Ok(Some((location, target))) => drop(targets.insert(location, target)),
                Ok(None) => {}
                Err(message) => errors.push(SchemaError::at(&path, directive.position(), message)),
            }
        }
        if indices.len() > MAX_DOCUMENTS {
            let message = format!("the schema has more than {MAX_DOCUMENTS} documents");
            errors.push(SchemaError::at(&path, document.root().position(), message));
            break;
        }
        let text = rewritten(&path, &document, &text, &mut sources.patterns, &mut errors);
        sources.documents.push(Source { path, document, text, targets });
    }
    if errors.is_empty() { Ok(sources) } else { Err(errors) }
}

impl Source {
    fn empty(path: PathBuf) -> Source {
        let document =
            xml::parse(b"<none/>", None, &Limits::default()).expect("a constant, well-formed document");
        Source { path, document, text: String::new(), targets: HashMap::new() }
    }
}

fn open(
    path: &Path,
    referrer: Option<SchemaError>,
    read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
) -> Result<(Document, String), SchemaError> {
    let bytes = read(path).map_err(|error| {
        let message = format!("cannot read `{}`: {error}", path.display());
        match referrer {
            Some(referrer) => SchemaError { message, ..referrer },
            None => SchemaError { file: path.to_owned(), line: 0, column: 0, code: None, message },
        }
    })?;
    let limits = Limits { max_depth: 128, max_nodes: 1_000_000, ..Limits::default() };
    let document = xml::parse(&bytes, None, &limits).map_err(|error| {
        SchemaError::at(path, error.position, format!("not well-formed: {}", error.message))
    })?;
    let root = document.root();
    if (root.namespace(), root.local_name()) != (Some(XS), "schema") {
        let message = format!("the root is `{}`, not a `schema` in `{XS}`", root.name());
        return Err(SchemaError::at(path, root.position(), message));
    }
    let text = xml::encoding::decode(&bytes, None).map(|(text, ..)| text.into_owned()).unwrap_or_default();
    Ok((document, text))
}

/// The children of `xs:schema` that refer to other documents.
fn directives(document: &Document) -> impl Iterator<Item = Element<'_>> {
    let is_directive = |e: &Element<'_>| {
        e.namespace() == Some(XS) && matches!(e.local_name(), "include" | "import" | "redefine")
    };
    document.root().elements().filter(is_directive)
}

type Found = Option<(String, Target)>;

/// What a directive refers to. `None` for an import without a location: another document may supply the namespace.
fn target(directive: Element<'_>, resolve: &mut dyn FnMut(&str) -> usize) -> Result<Found, String> {
    let kind = directive.local_name();
    let namespace = directive.attribute("namespace").filter(|_| kind == "import");
    let location = directive.attribute("schemaLocation").map(str::trim);
    let remote = location.is_some_and(is_remote);
    let embedded =
        EMBEDDED.iter().find(|(uri, _)| Some(*uri) == namespace).map(|(_, name)| Target::Embedded(name));
    match (location, embedded) {
        (None, _) if kind != "import" => Err(format!("`{}` has no `schemaLocation`", directive.name())),
        (None, _) => Ok(None),
        (Some(location), Some(embedded)) if remote => Ok(Some((location.to_owned(), embedded))),
        (Some(location), _) if remote => Err(format!(
            "`{}` refers to `{location}`: schemas are read from files only, so store a copy beside this one",
            directive.name()
        )),
        (Some(location), _) => Ok(Some((location.to_owned(), Target::Source(resolve(location))))),
    }
}

/// Whether a location has a scheme: one of two letters or more before a colon, so that `C:\x.xsd` is a file.
fn is_remote(location: &str) -> bool {
    location.split_once(':').is_some_and(|(scheme, _)| {
        scheme.len() > 1 && scheme.chars().all(|c| c.is_ascii_alphanumeric() || "+-.".contains(c))
    }) || location.starts_with("//")
}

/// `path` without `.` and `..` where they can be resolved by name.
fn normal(path: &Path) -> PathBuf {
    let mut out = PathBuf::new();
    for part in path.components() {
        match part {
            Component::CurDir => {}
            Component::ParentDir if matches!(out.components().next_back(), Some(Component::Normal(_))) => {
                out.pop();
            }
            _ => out.push(part),
        }
    }
    out
}

/// `text`, from which `document` was parsed, with its patterns rewritten in place.
fn rewritten(
    path: &Path,
    document: &Document,
    text: &str,
    patterns: &mut HashMap<String, String>,
    errors: &mut Vec<SchemaError>,
) -> String {
    let mut out = String::with_capacity(text.len());
    let mut copied = 0;
    for element in
        document.root().descendants().filter(|e| e.namespace() == Some(XS) && e.local_name() == "pattern")
    {
        let Some(attribute) = element.attributes().iter().find(|a| a.name == "value") else { continue };
        match pattern::rewrite(&attribute.value) {
            Ok(new) => {
                // Well-formed text has the value between quotes after the name; offsets count the byte order mark.
                let name = attribute.position.offset - document.before_text();
                let Some(open) = text[name..].find(['"', '\'']).map(|at| name + at) else { continue };
                let Some(close) = text[open + 1..].find(&text[open..=open]).map(|at| open + 1 + at) else {
                    continue;
                };
                out.push_str(&text[copied..=open]);
                out.push_str(&xml::write::escaped(&new, true));
                copied = close;
                patterns.insert(new, attribute.value.clone());
            }
            Err(message) => {
                let message = format!("pattern `{}`: {message}", attribute.value);
                errors.push(SchemaError::at(path, attribute.position, message));
            }
        }
    }
    out.push_str(&text[copied..]);
    out
}
