//! [`SchemaSpec`]: a compiled JSON Schema of the spec, whose violations know the line of their keyword.

use crate::expr::pattern::AUTOMATON;
use crate::model::finding::shorten;
use crate::model::source::{Location, SourceFile};
use crate::yaml::Node;
use jsonschema::error::{TypeKind, ValidationErrorKind};
use jsonschema::{Draft, PatternOptions, Registry, ValidationError, Validator};
use serde_json::{Value, json};
use std::fmt;
use std::sync::Arc;

/// The URI under which a spec is known to the validator.
const URI: &str = "proofmark:/openapi";
/// A pattern gives up after this many steps: a target's text must not hang the harness.
const BACKTRACK_LIMIT: usize = 10_000;

/// The spec that schemas are compiled from.
pub struct SchemaSource {
    registry: Registry<'static>,
    file: Arc<SourceFile>,
    root: Arc<Node>,
    /// Name of the API's document, for `doc: "#39"`.
    document: Arc<str>,
    json: Arc<Value>,
}

/// One schema, ready to judge. Cloning shares the validator.
#[derive(Clone)]
pub struct SchemaSpec {
    validator: Arc<Validator>,
    file: Arc<SourceFile>,
    root: Arc<Node>,
    document: Arc<str>,
    json: Arc<Value>,
    pub pointer: String,
}

/// One place of an instance that breaks one keyword.
#[derive(Debug, Clone, PartialEq)]
pub struct Violation {
    pub keyword: String,
    /// JSON pointer in the instance.
    pub at: String,
    pub message: String,
    pub expected: String,
    pub actual: String,
    /// JSON pointer of the keyword in the spec.
    pub schema: String,
    pub location: Location,
    /// The document line that the spec gives for the field.
    pub doc: Option<String>,
}

impl SchemaSource {
    pub fn new(file: Arc<SourceFile>, root: Arc<Node>, document: &Value) -> Result<Self, String> {
        let registry = Registry::new()
            .draft(Draft::Draft202012)
            .add(URI, document.clone())
            .map_err(|e| e.to_string())?
            .prepare()
            .map_err(|e| e.to_string())?;
        let named = root.pointer("/x-proofmark/document").and_then(Node::as_str).unwrap_or_default();
        Ok(Self { registry, document: named.into(), json: Arc::new(document.clone()), file, root })
    }

    /// Compiles the schema at a JSON pointer of the spec.
    pub fn compile(&self, pointer: &str) -> Result<SchemaSpec, String> {
        // A fragment is percent-encoded (RFC 6901 section 6).
        let fragment: String = pointer
            .bytes()
            .map(|b| match b {
                b'{' | b'}' | b'%' | b'"' | b'<' | b'>' | b'\\' | b'^' | b'`' | b'|' | b' ' | 0x80.. => {
                    format!("%{b:02X}")
                }
                _ => char::from(b).to_string(),
            })
            .collect();
        let validator = jsonschema::options()
            .with_draft(Draft::Draft202012)
            .with_registry(&self.registry)
            .should_validate_formats(true)
            .with_pattern_options(
                PatternOptions::fancy_regex().backtrack_limit(BACKTRACK_LIMIT).dfa_size_limit(AUTOMATON),
            )
            .build(&json!({ "$ref": format!("{URI}#{fragment}") }))
            .map_err(|e| e.to_string())?;
        Ok(SchemaSpec {
            validator: Arc::new(validator),
            file: self.file.clone(),
            root: self.root.clone(),
            document: self.document.clone(),
            json: self.json.clone(),
            pointer: pointer.to_owned(),
        })
    }
}

impl SchemaSpec {
    pub fn is_valid(&self, instance: &Value) -> bool {
        self.validator.is_valid(instance)
    }

    /// The schema as it is written, and the spec that its `$ref`s lead into.
    pub fn source(&self) -> (&Value, &Arc<Value>) {
        (self.json.pointer(&self.pointer).unwrap_or(&Value::Bool(true)), &self.json)
    }

    /// The line of a place of the spec.
    pub fn line(&self, pointer: &str) -> Location {
        Location::new(&self.file, self.root.nearest(pointer).span)
    }

    /// The document line that a place of the spec, or the nearest one around it, comes from.
    pub fn doc_of(&self, pointer: &str) -> Option<String> {
        let mut at = pointer;
        loop {
            let doc = self.root.pointer(&format!("{at}/x-proofmark/doc")).and_then(Node::as_str);
            match (doc, at.rsplit_once('/')) {
                (Some(doc), _) => return Some(self.full(doc)),
                (None, Some((parent, _))) => at = parent,
                (None, None) => return None,
            }
        }
    }

    /// Every violation, in one pass; none when the instance is valid.
    pub fn violations(&self, instance: &Value) -> Vec<Violation> {
        if self.is_valid(instance) {
            return Vec::new();
        }
        let mut found = Vec::new();
        for error in self.validator.iter_errors(instance) {
            self.explain(&error, &mut found);
        }
        found.dedup();
        found
    }

    /// An error of `oneOf` or `anyOf` is explained by the branch that fits best.
    fn explain(&self, error: &ValidationError<'_>, found: &mut Vec<Violation>) {
        let branches = match error.kind() {
            ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
                context
            }
            _ => {
                found.push(self.violation(error));
                return;
            }
        };
        let best = branches.iter().filter(|errors| !errors.is_empty()).min_by_key(|errors| {
            let shallow = errors.iter().filter(|e| e.instance_path() == error.instance_path()).count();
            (shallow.min(1), errors.len())
        });
        match best {
            Some(errors) => errors.iter().for_each(|e| self.explain(e, found)),
            None => found.push(self.violation(error)),
        }
    }

    fn violation(&self, error: &ValidationError<'_>) -> Violation {
        let schema = self.pointer_of(error);
        let mut at = error.instance_path().to_string();
        let (expected, message) = describe(error);
        if let ValidationErrorKind::Required { property } = error.kind() {
            at = format!("{at}/{}", crate::http::json::escape(property.as_str().unwrap_or_default()));
        }
        let actual = match error.kind() {
            ValidationErrorKind::Required { .. } => "nothing".to_owned(),
            _ => shorten(error.instance().to_string()),
        };
        Violation {
            keyword: error.kind().keyword().to_owned(),
            at,
            message,
            expected,
            actual,
            location: Location::new(&self.file, self.root.nearest(&schema).span),
            doc: self.doc(&schema, error),
            schema,
        }
    }

    fn pointer_of(&self, error: &ValidationError<'_>) -> String {
        let absolute = error.absolute_keyword_location().map(|uri| uri.as_str().to_owned());
        match absolute.as_deref().and_then(|uri| uri.split_once('#')) {
            Some((_, fragment)) => {
                crate::http::charset::percent_decode(&fragment.replace('+', "%2B"), "utf-8")
            }
            None => format!("{}{}", self.pointer, error.schema_path()),
        }
    }

    fn full(&self, doc: &str) -> String {
        if doc.starts_with('#') { format!("{}{doc}", self.document) } else { doc.to_owned() }
    }

    /// The nearest `x-proofmark.doc` on the way up from a keyword; for a missing member, that of the member.
    fn doc(&self, schema: &str, error: &ValidationError<'_>) -> Option<String> {
        if let ValidationErrorKind::Required { property } = error.kind() {
            let parent = schema.rsplit_once('/').map_or("", |(parent, _)| parent);
            let name = crate::http::json::escape(property.as_str().unwrap_or_default());
            let own = self.root.pointer(&format!("{parent}/properties/{name}/x-proofmark/doc"));
            if let Some(doc) = own.and_then(Node::as_str) {
                return Some(self.full(doc));
            }
        }
        let mut pointer = schema;
        while let Some((parent, _)) = pointer.rsplit_once('/') {
            if let Some(doc) = self.root.pointer(&format!("{parent}/x-proofmark/doc")).and_then(Node::as_str)
            {
                return Some(self.full(doc));
            }
            pointer = parent;
        }
        None
    }
}

impl fmt::Debug for SchemaSpec {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "SchemaSpec({})", self.pointer)
    }
}

/// What a keyword asks for, and a sentence about it.
fn describe(error: &ValidationError<'_>) -> (String, String) {
    use ValidationErrorKind as K;
    let actual = shorten(error.instance().to_string());
    match error.kind() {
        K::Required { property } => {
            let name = property.as_str().unwrap_or_default();
            (format!("the field `{name}`"), format!("`{name}` is missing"))
        }
        K::Type { kind } => {
            let wanted = types(kind);
            (wanted.clone(), format!("{} where the contract has {wanted}", a_type(error.instance())))
        }
        K::Enum { options } => {
            let list =
                options.as_array().map(|o| o.iter().map(Value::to_string).collect::<Vec<_>>().join(", "));
            let list = list.unwrap_or_else(|| options.to_string());
            (format!("one of {list}"), format!("`{actual}` is not one of the documented values"))
        }
        K::Constant { expected_value } => {
            (expected_value.to_string(), format!("`{actual}` instead of `{expected_value}`"))
        }
        K::Pattern { pattern } => {
            (format!("text like `{pattern}`"), format!("`{actual}` does not have the documented form"))
        }
        K::Format { format } => (format!("a valid {format}"), format!("`{actual}` is not a valid {format}")),
        K::MinLength { limit } => {
            (format!("at least {limit} characters"), format!("`{actual}` is too short"))
        }
        K::MaxLength { limit } => (format!("at most {limit} characters"), format!("`{actual}` is too long")),
        K::Minimum { limit } => (format!("{limit} or more"), format!("`{actual}` is too small")),
        K::Maximum { limit } => (format!("{limit} or less"), format!("`{actual}` is too large")),
        K::AdditionalProperties { unexpected } | K::UnevaluatedProperties { unexpected } => {
            let names = unexpected.iter().map(|n| format!("`{n}`")).collect::<Vec<_>>().join(", ");
            ("only documented fields".into(), format!("{names} must not be there"))
        }
        K::Not { .. } | K::FalseSchema => {
            ("not this value".into(), format!("`{actual}` is not allowed here"))
        }
        K::OneOfMultipleValid { .. } => (
            "exactly one of the documented forms".into(),
            "fits more than one of the documented forms".into(),
        ),
        _ => (format!("what `{}` says", error.kind().keyword()), error.to_string()),
    }
}

fn types(kind: &TypeKind) -> String {
    match kind {
        TypeKind::Single(one) => article(&one.to_string()),
        TypeKind::Multiple(many) => {
            many.iter().map(|t| article(&t.to_string())).collect::<Vec<_>>().join(" or ")
        }
    }
}

fn article(name: &str) -> String {
    match name {
        "null" => "null".into(),
        "array" | "integer" | "object" => format!("an {name}"),
        other => format!("a {other}"),
    }
}

/// The JSON type of a value with its article.
pub fn a_type(value: &Value) -> &'static str {
    match value {
        Value::Null => "null",
        Value::Bool(_) => "a boolean",
        Value::Number(_) => "a number",
        Value::String(_) => "a string",
        Value::Array(_) => "an array",
        Value::Object(_) => "an object",
    }
}
