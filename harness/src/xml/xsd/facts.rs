//! What a compiled schema says of a type or a declaration: where it is, what it allows.

use super::SchemaPlace;
use super::compile::Blueprint;
use super::content::Wanted;
use super::message::{self, in_house_style};
use crate::xml::Element;
use crate::xml::error::quoted;
use xsd_schema::parser::location::SourceRef;
use xsd_schema::validation::{SchemaInfo, ValidationError};
use xsd_schema::{ElementKey, NameId, SchemaSet, TypeKey};

#[derive(Clone, Copy)]
pub(crate) struct Facts<'s> {
    pub set: &'s SchemaSet,
    pub blueprint: &'s Blueprint,
}

impl<'s> Facts<'s> {
    /// The message for an error about a value of a type.
    pub(crate) fn message(&self, error: &ValidationError, value: &str, kind: Option<TypeKey>) -> String {
        let value = match value {
            "" => "the empty text".to_owned(),
            value => format!("`{}`", quoted(value)),
        };
        match error.constraint {
            "cvc-enumeration-valid" => match kind.map(|kind| self.allowed(kind)).as_deref() {
                None | Some([]) => in_house_style(&error.message),
                Some([only]) => format!("{value} is not `{}`", quoted(only)),
                Some(allowed) => format!("{value} is not one of {}", message::list(allowed)),
            },
            "cvc-pattern-valid" => {
                match message::original_pattern(&error.message, &self.blueprint.patterns) {
                    Some(pattern) => format!("{value} does not match the pattern `{}`", quoted(&pattern)),
                    None => in_house_style(&error.message),
                }
            }
            _ => in_house_style(&error.message),
        }
    }

    /// Elements as they would be written beside `near`: without a prefix, `Q{…}name` in another namespace.
    pub(crate) fn names(&self, wanted: &[Wanted], near: Element<'_>) -> Vec<String> {
        let table = &self.set.name_table;
        let mut names: Vec<String> = Vec::new();
        for element in wanted {
            let local = table.resolve_ref(element.name);
            let uri = element.namespace.map(|id| table.resolve_ref(id)).filter(|uri| !uri.is_empty());
            let name = if uri == near.namespace() {
                local.to_owned()
            } else {
                format!("Q{{{}}}{local}", uri.unwrap_or(""))
            };
            if !names.contains(&name) {
                names.push(name);
            }
        }
        names
    }

    /// What is said of a root element that the schema does not declare.
    pub(crate) fn unknown_root(&self, root: Element<'_>) -> String {
        let table = &self.set.name_table;
        let uri = |id: Option<NameId>| id.map(|id| table.resolve_ref(id)).filter(|uri| !uri.is_empty());
        let mut declared: Vec<(&str, Option<&str>)> = Vec::new();
        for (namespace, names) in &self.set.namespaces {
            declared.extend(names.elements.keys().map(|name| (table.resolve_ref(*name), uri(*namespace))));
        }
        declared.sort_unstable();
        let named = |uri: Option<&str>| {
            uri.map_or("no namespace".to_owned(), |uri| format!("namespace `{}`", quoted(uri)))
        };
        let (local, found) = (root.local_name(), root.namespace());
        match declared.iter().find(|(name, _)| *name == local) {
            Some((_, wanted)) => {
                format!(
                    "the root element `{}` is in {} instead of {}",
                    quoted(local),
                    named(found),
                    named(*wanted)
                )
            }
            None => {
                let names: Vec<&str> = declared.iter().map(|(name, _)| *name).collect();
                format!("the root element is `{}` instead of {}", quoted(local), message::list(&names))
            }
        }
    }

    /// The values that a type enumerates itself or inherits, sorted.
    fn allowed(&self, kind: TypeKey) -> Vec<&'s str> {
        let mut at = Some(kind);
        // Types are nested less deep than this, or the schema would not have been compiled.
        for _ in 0..128 {
            match at {
                Some(TypeKey::Simple(key)) => {
                    let Some(simple) = self.set.arenas.simple_types.get(key) else { break };
                    if let Some(enumeration) = &simple.facets.enumeration {
                        let mut values: Vec<&str> = enumeration.values.iter().map(String::as_str).collect();
                        values.sort_unstable();
                        return values;
                    }
                    at = simple.resolved_base_type;
                }
                Some(TypeKey::Complex(key)) => {
                    let complex = self.set.arenas.complex_types.get(key);
                    at = complex.and_then(|c| c.resolved_simple_content_type.or(c.resolved_base_type));
                }
                None => break,
            }
        }
        Vec::new()
    }

    pub(crate) fn element_place(&self, key: ElementKey) -> Option<SchemaPlace> {
        self.place(self.set.arenas.elements.get(key)?.source.as_ref()?)
    }

    pub(crate) fn attribute_place(&self, info: &SchemaInfo) -> Option<SchemaPlace> {
        let declared = info.attribute_decl.and_then(|key| self.set.arenas.attributes.get(key));
        let declared = declared.and_then(|d| d.source.as_ref()).and_then(|source| self.place(source));
        info.schema_type.and_then(|kind| self.type_place(kind)).or(declared)
    }

    /// `None` for the built-in types, which are in no file.
    pub(crate) fn type_place(&self, kind: TypeKey) -> Option<SchemaPlace> {
        self.place(match kind {
            TypeKey::Simple(key) => self.set.arenas.simple_types.get(key)?.source.as_ref()?,
            TypeKey::Complex(key) => self.set.arenas.complex_types.get(key)?.source.as_ref()?,
        })
    }

    fn place(&self, source: &SourceRef) -> Option<SchemaPlace> {
        let location = self.set.locate(Some(source))?;
        let file = self.blueprint.path(&location.base_uri)?.clone();
        Some(SchemaPlace { file, line: u32::try_from(location.line).ok()? })
    }
}
