//! From the documents of a schema to the validator's form of it.

use super::SchemaError;
use super::source::{Sources, Target};
use crate::xml::Document;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;
use xsd_schema::validation::{SchemaValidator, ValidationFlags};
use xsd_schema::{
    EmbeddedLoader, LocationRequest, SchemaError as CrateError, SchemaLoader, SchemaResolver, SchemaResult,
    SchemaSet, SchemaSetBuilder,
};

/// Where the validator believes document `n` to be: `mem:///n`. It never sees a real path, so it can open none.
const MEMORY: &str = "mem:///";

/// What is needed to compile a schema again, without reading or checking its files again.
#[derive(Debug)]
pub(crate) struct Blueprint {
    pub paths: Vec<PathBuf>,
    /// As parsed, in the order of the paths.
    pub documents: Vec<Document>,
    texts: Vec<String>,
    targets: Vec<HashMap<String, Target>>,
    /// Patterns as rewritten, to patterns as written.
    pub patterns: HashMap<String, String>,
}

impl Blueprint {
    pub(crate) fn new(sources: Sources) -> Arc<Blueprint> {
        let mut blueprint = Blueprint {
            paths: Vec::new(),
            documents: Vec::new(),
            texts: Vec::new(),
            targets: Vec::new(),
            patterns: sources.patterns,
        };
        for source in sources.documents {
            blueprint.paths.push(source.path);
            blueprint.documents.push(source.document);
            blueprint.texts.push(source.text);
            blueprint.targets.push(source.targets);
        }
        Arc::new(blueprint)
    }

    /// The path of the document at one of the validator's locations.
    pub(crate) fn path(&self, location: &str) -> Option<&PathBuf> {
        self.paths.get(index(location)?)
    }
}

fn index(location: &str) -> Option<usize> {
    location.strip_prefix(MEMORY)?.parse().ok()
}

/// Compiles a schema.
///
/// # Errors
/// What the validator refuses, and what it would skip: a document it could not read, a type it could not prepare.
pub(crate) fn compile(blueprint: &Arc<Blueprint>) -> Result<SchemaSet, Vec<SchemaError>> {
    let mut builder = SchemaSetBuilder::with_loader(Box::new(Memory(Arc::clone(blueprint))));
    let targets = Arc::clone(blueprint);
    builder.set_location_rewriter(move |request: &LocationRequest<'_>, _: &SchemaResolver| {
        request.kind?;
        match targets.targets.get(index(request.base_uri)?)?.get(request.location.trim())? {
            Target::Source(index) => Some(format!("{MEMORY}{index}")),
            Target::Embedded(location) => Some((*location).to_owned()),
        }
    });
    let text = blueprint.texts.first().map_or("", String::as_str);
    let compiled = builder
        .add_source(text, &format!("{MEMORY}0"))
        .and_then(SchemaSetBuilder::compile)
        .map_err(|error| vec![refused(blueprint, &error)])?;
    let unread = |failure: &xsd_schema::DirectiveFailure| {
        let location = failure.schema_location().unwrap_or("a document without a location");
        (failure.location().cloned(), format!("`{location}` could not be read"))
    };
    let mut errors: Vec<SchemaError> = compiled
        .directive_failures()
        .iter()
        .filter(|failure| failure.schema_location().is_some() && !failure.namespace_supplied())
        .map(unread)
        .map(|(location, message)| placed(blueprint, location.as_ref(), None, message))
        .collect();
    let set = compiled.into_schema_set();
    for (key, reason) in SchemaValidator::new(&set, ValidationFlags::empty()).content_model_failures() {
        let location = set.arenas.complex_types.get(key).and_then(|t| set.locate(t.source.as_ref()));
        errors.push(placed(
            blueprint,
            location.as_ref(),
            None,
            format!("unsupported content model: {reason}"),
        ));
    }
    if errors.is_empty() { Ok(set) } else { Err(errors) }
}

fn refused(blueprint: &Blueprint, error: &CrateError) -> SchemaError {
    let (code, message) = match error {
        CrateError::StructuralError { constraint, message, .. } => (Some(*constraint), message.clone()),
        CrateError::XmlError { message, .. }
        | CrateError::NamespaceError { message, .. }
        | CrateError::FeatureError { message, .. }
        | CrateError::ResolutionError { message }
        | CrateError::LimitExceeded { message, .. } => (None, message.clone()),
        other => (None, other.to_string()),
    };
    placed(blueprint, error.location(), code, super::message::in_house_style(&message))
}

fn placed(
    blueprint: &Blueprint,
    location: Option<&xsd_schema::parser::location::SourceLocation>,
    code: Option<&str>,
    mut message: String,
) -> SchemaError {
    for (new, original) in &blueprint.patterns {
        message = message.replace(new, original);
    }
    for (index, path) in blueprint.paths.iter().enumerate().rev() {
        message = message.replace(&format!("{MEMORY}{index}"), &path.display().to_string());
    }
    let path = location.and_then(|l| blueprint.path(&l.base_uri)).or(blueprint.paths.first());
    SchemaError {
        file: path.cloned().unwrap_or_default(),
        line: location.map_or(0, |l| l.line as u32),
        column: location.map_or(0, |l| l.column as u32),
        code: code.map(str::to_owned),
        message,
    }
}

/// Serves the documents of a blueprint, and the schemas that the validator carries.
#[derive(Debug)]
struct Memory(Arc<Blueprint>);

impl SchemaLoader for Memory {
    fn load(&self, location: &str) -> SchemaResult<String> {
        match index(location).and_then(|i| self.0.texts.get(i)) {
            Some(text) => Ok(text.clone()),
            None => EmbeddedLoader::new().load(location),
        }
    }

    fn can_load(&self, location: &str) -> bool {
        index(location).is_some() || EmbeddedLoader::new().can_load(location)
    }
}
