//! What the readers of all parts of a spec share: `$ref`s, `x-proofmark`, schemas and XSDs, compiled once.

use super::place::Place;
use crate::contract::extension::{self, Extension};
use crate::contract::schema::{SchemaSource, SchemaSpec};
use crate::model::source::{Location, Span};
use crate::xml::xsd;
use crate::yaml::{Node, Reader};
use serde_json::Value;
use std::collections::HashMap;
use std::path::PathBuf;
use std::sync::Arc;

/// What reads one spec: its parts are in the files beside this one.
pub(super) struct Loader<'a> {
    pub(super) reader: Reader<'a>,
    pub(super) root: &'a Arc<Node>,
    pub(super) json: &'a Value,
    pub(super) schemas: SchemaSource,
    /// Compiled schemas by pointer: operations share components.
    pub(super) compiled: HashMap<String, SchemaSpec>,
    pub(super) folder: PathBuf,
    pub(super) xsds: HashMap<PathBuf, Option<Arc<xsd::Schema>>>,
    pub(super) document: Option<String>,
}

impl<'a> Loader<'a> {
    /// Follows `$ref`s within the file.
    pub(super) fn resolve(&mut self, mut place: Place<'a>) -> Option<Place<'a>> {
        for _ in 0..16 {
            let Some(target) = place.node.get("$ref") else { return Some(place) };
            let pointer = self.reader.string(target)?;
            let found = pointer.strip_prefix('#').and_then(|p| Some((self.root.pointer(p)?, p.to_owned())));
            match found {
                Some((node, pointer)) => place = Place { node, pointer },
                None => {
                    self.reader
                        .problem(target.span, format!("`$ref` to `{pointer}`, which is not in this file"));
                    return None;
                }
            }
        }
        self.reader.problem(place.node.span, "a `$ref` that leads back to itself");
        None
    }

    pub(super) fn extension(&mut self, node: &Node) -> Extension {
        let document = self.document.clone();
        extension::read(&mut self.reader, node, document.as_deref())
    }

    pub(super) fn location(&self, node: &Node) -> Location {
        Location::new(self.reader.file, crate::yaml::first_line(node))
    }

    pub(super) fn schema(&mut self, place: &Place<'a>) -> Option<SchemaSpec> {
        self.check_schema_extensions(place.node);
        if let Some(compiled) = self.compiled.get(&place.pointer) {
            return Some(compiled.clone());
        }
        match self.schemas.compile(&place.pointer) {
            Ok(schema) => {
                self.compiled.insert(place.pointer.clone(), schema.clone());
                Some(schema)
            }
            Err(message) => {
                self.reader.problem(place.node.span, format!("not a JSON Schema: {message}"));
                None
            }
        }
    }

    /// Reads every `x-proofmark` inside a schema, so that a misspelt key is not silently ignored.
    pub(super) fn check_schema_extensions(&mut self, node: &Node) {
        let document = self.document.clone();
        for (key, child) in node.entries() {
            if key.name == "x-proofmark" {
                extension::read(&mut self.reader, node, document.as_deref());
            } else {
                self.check_schema_extensions(child);
            }
        }
        node.items().iter().for_each(|child| self.check_schema_extensions(child));
    }

    pub(super) fn xsd(&mut self, path: &str, span: Span) -> Option<Arc<xsd::Schema>> {
        let full = self.folder.join(path);
        if let Some(known) = self.xsds.get(&full) {
            return known.clone();
        }
        let compiled = match xsd::Schema::compile(&full, &|path| std::fs::read(path)) {
            Ok(schema) => Some(Arc::new(schema)),
            Err(errors) => {
                for error in errors {
                    self.reader.problem(span, format!("XSD `{path}`: {error}"));
                }
                None
            }
        };
        self.xsds.insert(full, compiled.clone());
        compiled
    }
}
