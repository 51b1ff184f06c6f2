//! Validation against XML Schema 1.0, by xsd-schema.
//!
//! [`Schema::compile`] refuses whatever could make validation say yes without looking: `lint` and `pattern` find what
//! the validator itself lets pass. ARCHITECTURE.md says what is supported and how the validator was chosen.

mod compile;
mod content;
mod explain;
mod facts;
mod lint;
mod message;
mod pattern;
mod quirks;
mod ranges;
mod source;
mod walk;

use crate::xml::{Document, Position};
use compile::Blueprint;
use std::fmt;
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use xsd_schema::SchemaSet;

/// Violations reported of one document at most.
pub const MAX_VIOLATIONS: usize = 1000;
/// How much the name table of a compiled schema may grow by the names in the documents validated, in bytes, before the
/// copy is thrown away: the validator keeps every name it has ever seen.
const NAME_BUDGET: usize = 1 << 20;

/// A compiled schema. Cloning is cheap, and one schema can be used from many threads at once.
#[derive(Clone)]
pub struct Schema {
    inner: Arc<Inner>,
}

struct Inner {
    blueprint: Arc<Blueprint>,
    /// Compiled copies that no thread is using. The validator's form of a schema can move between threads but not be
    /// shared, so there are as many copies as there have been validations at once.
    idle: Mutex<Vec<Copy>>,
}

struct Copy {
    set: SchemaSet,
    /// Size of the name table when it was compiled.
    names: usize,
}

/// Something wrong with a schema. `Display`: `notify.xsd:4:12: unknown type `Digit` (nearest: `Digits`)`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaError {
    /// The path as given, or relative to it as the schema names it.
    pub file: PathBuf,
    /// 1-based; 0 when the place is not known.
    pub line: u32,
    /// 1-based; 0 when the place is not known.
    pub column: u32,
    /// The constraint of the XML Schema recommendation that is broken, such as `src-resolve`, when it is known.
    pub code: Option<String>,
    pub message: String,
}

impl SchemaError {
    fn at(file: &Path, position: Position, message: String) -> SchemaError {
        let Position { line, column, .. } = position;
        SchemaError { file: file.to_owned(), line, column, code: None, message }
    }
}

impl fmt::Display for SchemaError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file.display())?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)
    }
}

impl std::error::Error for SchemaError {}

/// A place where a document breaks its schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Violation {
    /// The validation rule of the XML Schema recommendation, such as `cvc-complex-type.2.4`.
    pub code: &'static str,
    /// One line, lower case. Names what is expected where the schema says it.
    pub message: String,
    /// The element or attribute, as by [`Element::xpath`](crate::xml::Element::xpath).
    pub xpath: String,
    /// Where the element's start tag, or the attribute, begins.
    pub position: Position,
    /// Where the schema declares what is broken: the type, attribute or element.
    pub schema: Option<SchemaPlace>,
}

/// A place in a schema.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SchemaPlace {
    pub file: PathBuf,
    /// 1-based.
    pub line: u32,
}

impl fmt::Display for SchemaPlace {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.file.display(), self.line)
    }
}

/// The validator gave up on a document, which is then neither valid nor invalid.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NotJudged(pub String);

impl fmt::Display for NotJudged {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "not validated: {}", self.0)
    }
}

impl std::error::Error for NotJudged {}

impl Schema {
    /// Compiles the schema whose main file is `main`, reading files with `read` (usually [`std::fs::read`]).
    ///
    /// A path in a `schemaLocation` is relative to the file it is in. Nothing is fetched from a network.
    ///
    /// # Errors
    /// Everything wrong with the schema, or unsupported, that can be found at once, in no particular order.
    pub fn compile(
        main: &Path,
        read: &dyn Fn(&Path) -> io::Result<Vec<u8>>,
    ) -> Result<Schema, Vec<SchemaError>> {
        let sources = source::load(main, read)?;
        let errors = lint::check(&sources);
        if !errors.is_empty() {
            return Err(errors);
        }
        let blueprint = Blueprint::new(sources);
        let first = Copy::new(&blueprint)?;
        Ok(Schema { inner: Arc::new(Inner { blueprint, idle: Mutex::new(vec![first]) }) })
    }

    /// The documents of the schema with their paths, the main one first.
    pub fn documents(&self) -> impl Iterator<Item = (&Path, &Document)> {
        let blueprint = &self.inner.blueprint;
        blueprint.paths.iter().map(PathBuf::as_path).zip(&blueprint.documents)
    }

    /// Everything in `document` that breaks the schema, in document order; at most [`MAX_VIOLATIONS`].
    ///
    /// `xsi:schemaLocation` hints in the document are ignored.
    ///
    /// # Errors
    /// [`NotJudged`] when the validator stops short of a verdict.
    pub fn validate(&self, document: &Document) -> Result<Vec<Violation>, NotJudged> {
        let idle = self.lock().pop();
        let copy = match idle {
            Some(copy) => copy,
            None => Copy::new(&self.inner.blueprint).map_err(|errors| NotJudged(errors[0].to_string()))?,
        };
        // A panic would be a defect of the validator, and must not take a run down with it. The copy that it happened
        // in is dropped.
        let judged = catch_unwind(AssertUnwindSafe(|| judge(&copy.set, &self.inner.blueprint, document)));
        let violations = judged.unwrap_or_else(|_| Err(NotJudged("the validator failed".to_owned())))?;
        if copy.set.name_table.heap_bytes() <= copy.names + NAME_BUDGET {
            self.lock().push(copy);
        }
        Ok(violations)
    }

    fn lock(&self) -> std::sync::MutexGuard<'_, Vec<Copy>> {
        self.inner.idle.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Copy {
    fn new(blueprint: &Arc<Blueprint>) -> Result<Copy, Vec<SchemaError>> {
        let set = compile::compile(blueprint)?;
        Ok(Copy { names: set.name_table.heap_bytes(), set })
    }
}

/// Most documents are valid: only one that is not is walked a second time, for the details.
fn judge(set: &SchemaSet, blueprint: &Blueprint, document: &Document) -> Result<Vec<Violation>, NotJudged> {
    let Some(first) = walk::first_error(set, document)? else { return Ok(Vec::new()) };
    let violations = explain::violations(set, blueprint, document)?;
    if !violations.is_empty() {
        return Ok(violations);
    }
    // The second walk repairs what it can explain; the verdict of the first stands in any case.
    let root = document.root();
    Ok(vec![Violation {
        code: first.constraint,
        message: message::in_house_style(&first.message),
        xpath: root.xpath(),
        position: root.position(),
        schema: None,
    }])
}

impl fmt::Debug for Schema {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("Schema").field(&self.inner.blueprint.paths).finish()
    }
}
