//! [`Field`]: a parameter or a leaf of a body as its schema has it, with the value of the accepted request.

use super::Base;
use crate::contract::{ParameterIn, SchemaSpec};
use crate::expr::printed;
use crate::http::media_type::{Syntax, syntax};
use crate::plan::ChangePlace;
use jsonschema::Validator;
use serde_json::{Map, Value};
use std::cell::OnceCell;

/// How a value is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Writing {
    /// With its JSON type.
    Json,
    /// As text that has no type: query, path, header, form.
    Text,
    /// As the text of an XML element.
    Xml,
}

#[derive(Debug)]
pub struct Field<'a> {
    pub place: ChangePlace,
    /// Name of the parameter, or dotted path into the body.
    pub name: String,
    pub place_in: Option<ParameterIn>,
    pub required: bool,
    pub writing: Writing,
    /// With `$ref` and `allOf` resolved.
    pub schema: Map<String, Value>,
    pub base: Option<Value>,
    pub spec: Option<&'a SchemaSpec>,
    /// JSON pointer of the schema in the spec.
    pub pointer: String,
    pub doc: Option<String>,
    /// The schema of all that the field is a part of, and that as it was sent: the body, or all parameters.
    whole: Option<(&'a SchemaSpec, Value)>,
    /// Each keyword of the schema by itself.
    keywords: OnceCell<Vec<(String, Validator)>>,
}

/// Schemas that refer to themselves are followed this deep.
const MAX_DEPTH: usize = 8;

/// The fields of an operation, in the order of the spec.
pub fn fields(base: &Base) -> Vec<Field<'_>> {
    let mut found = Vec::new();
    let together = base.operation.together.as_ref().map(|spec| (spec, all_parameters(base)));
    for parameter in &base.operation.parameters {
        let given = base.observed.values.parameters.iter().find(|(name, _)| *name == parameter.name);
        let spec = parameter.schema.as_ref();
        let (schema, pointer) = spec.map(resolved_root).unwrap_or_default();
        found.push(Field {
            place: ChangePlace::Parameter,
            name: parameter.name.clone(),
            place_in: Some(parameter.place),
            required: parameter.required,
            writing: Writing::Text,
            schema,
            base: given.map(|(_, value)| value.clone()),
            spec,
            pointer,
            doc: parameter.doc.clone(),
            whole: together.clone(),
            keywords: OnceCell::new(),
        });
    }
    let media = base.media_type.as_deref();
    let body = base.operation.bodies.iter().find(|body| Some(body.essence.as_str()) == media);
    if let (Some(spec), Some(media), Some(tree)) =
        (body.and_then(|b| b.schema.as_ref()), media, &base.observed.values.body)
    {
        let (writing, inner) = match syntax(media) {
            Syntax::Json => (Writing::Json, Some(tree)),
            Syntax::Form => (Writing::Text, Some(tree)),
            // The schema describes what is in the root element.
            Syntax::Xml => (Writing::Xml, tree.as_object().and_then(|map| map.values().next())),
            Syntax::Html | Syntax::Text => (Writing::Text, None),
        };
        if let Some(inner) = inner.filter(|inner| inner.is_object()) {
            let (schema, pointer) = resolved_root(spec);
            let mut walk = Walk { spec, writing, whole: inner, found: &mut found };
            walk.object(&schema, &pointer, inner, "", 0);
        }
    }
    found
}

/// Every keyword of a schema as a schema of its own, those first that say most.
fn by_keyword(schema: &Map<String, Value>) -> Vec<(String, Validator)> {
    let order =
        ["type", "const", "enum", "minLength", "maxLength", "minimum", "maximum", "pattern", "format"];
    let rest = schema.keys().map(String::as_str).filter(|keyword| !order.contains(keyword));
    let all = order.into_iter().chain(rest);
    let alone = all.filter_map(|keyword| {
        let schema = Map::from_iter([(keyword.to_owned(), schema.get(keyword)?.clone())]);
        let options = jsonschema::options().should_validate_formats(true);
        Some((keyword.to_owned(), options.build(&Value::Object(schema)).ok()?))
    });
    alone.collect()
}

struct Walk<'a, 'f> {
    spec: &'a SchemaSpec,
    writing: Writing,
    whole: &'f Value,
    found: &'f mut Vec<Field<'a>>,
}

impl Walk<'_, '_> {
    fn object(
        &mut self,
        schema: &Map<String, Value>,
        pointer: &str,
        value: &Value,
        path: &str,
        depth: usize,
    ) {
        let document = self.spec.source().1.clone();
        let required: Vec<&str> = schema
            .get("required")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
            .filter_map(Value::as_str)
            .collect();
        let Some(Value::Object(properties)) = schema.get("properties") else { return };
        for (name, property) in properties {
            let at = format!("{pointer}/properties/{}", crate::http::json::escape(name));
            let (inner, inner_pointer) = resolved(property, &at, &document, 0);
            let path = if path.is_empty() { name.clone() } else { format!("{path}.{name}") };
            let base = value.get(name).cloned();
            self.found.push(Field {
                place: ChangePlace::Body,
                name: path.clone(),
                place_in: None,
                required: required.contains(&name.as_str()),
                writing: self.writing,
                schema: inner.clone(),
                base: base.clone(),
                spec: Some(self.spec),
                pointer: inner_pointer.clone(),
                doc: self.spec.doc_of(&at),
                whole: Some((self.spec, self.whole.clone())),
                keywords: OnceCell::new(),
            });
            if let (Some(below), true) = (base.filter(|b| b.is_object()), depth < MAX_DEPTH) {
                self.object(&inner, &inner_pointer, &below, &path, depth + 1);
            }
        }
    }
}

impl Field<'_> {
    /// Whether the whole of the contract allows a value here; `None` where it cannot tell.
    pub fn allows(&self, value: &Value) -> Option<bool> {
        let readings = self.readings(value);
        if self.place == ChangePlace::Parameter {
            let spec = self.spec?;
            if !readings.iter().any(|value| spec.is_valid(value)) {
                return Some(false);
            }
        }
        let Some((spec, whole)) = &self.whole else { return self.spec.map(|_| true) };
        let whole = typed(whole, spec, self.writing);
        if !spec.is_valid(&whole) {
            // What else is wrong with the whole would be blamed on this field.
            return None;
        }
        Some(readings.iter().any(|value| spec.is_valid(&replaced(&whole, &self.name, Some(value)))))
    }

    /// Whether the contract allows that the field is not there; `None` where it cannot tell.
    pub fn may_be_missing(&self) -> Option<bool> {
        if self.place == ChangePlace::Parameter && self.required {
            return Some(false);
        }
        let Some((spec, whole)) = &self.whole else { return Some(!self.required) };
        let whole = typed(whole, spec, self.writing);
        spec.is_valid(&whole).then(|| spec.is_valid(&replaced(&whole, &self.name, None)))
    }

    /// The first keyword of the schema that forbids a value, each judged by itself.
    pub fn broken_keyword(&self, value: &Value) -> Option<String> {
        let reading = self.reading(value);
        let keywords = self.keywords.get_or_init(|| by_keyword(&self.schema));
        let broken = keywords.iter().find(|(_, alone)| !alone.is_valid(&reading));
        broken.map(|(keyword, _)| keyword.clone())
    }

    /// The reading of a value that its own schema asks for: on the wire `0` is a number where a number is wanted.
    pub fn reading(&self, value: &Value) -> Value {
        let wants = |value: &Value| match value {
            Value::Number(_) => {
                self.schema.contains_key("type") && (self.has_type("integer") || self.has_type("number"))
            }
            Value::Bool(_) => self.schema.contains_key("type") && self.has_type("boolean"),
            _ => false,
        };
        let readings = self.readings(value);
        let typed = readings.iter().find(|reading| wants(reading));
        typed.or(readings.first()).cloned().unwrap_or_else(|| value.clone())
    }

    /// What a value can be read as: text has no type on the wire.
    fn readings(&self, value: &Value) -> Vec<Value> {
        match self.writing {
            Writing::Json => vec![value.clone()],
            Writing::Text | Writing::Xml => {
                let text = printed(value);
                let scalar =
                    serde_json::from_str::<Value>(&text).ok().filter(|v| v.is_number() || v.is_boolean());
                // `007` is a whole number on the wire, if not in JSON.
                let whole = text.parse::<i64>().ok().map(Value::from);
                // A list is written by repeating its name, one of one as what is in it (OpenAPI 3.1 section 4.8.12.2).
                let list = value.as_array().filter(|items| !items.is_empty()).map(|_| value.clone());
                let mut all: Vec<Value> =
                    std::iter::once(Value::String(text)).chain(scalar).chain(whole).chain(list).collect();
                if self.may_be_list() {
                    let lists: Vec<Value> = all.iter().map(|one| Value::Array(vec![one.clone()])).collect();
                    all.extend(lists);
                }
                all
            }
        }
    }

    /// Whether the schema, or a branch of it, asks for a list by its type.
    fn may_be_list(&self) -> bool {
        let is_list = |schema: &Map<String, Value>| match schema.get("type") {
            Some(Value::Array(types)) => types.iter().any(|t| t == "array"),
            one => one.is_some_and(|one| one == "array"),
        };
        let branches = ["anyOf", "oneOf"].into_iter().filter_map(|key| self.schema.get(key)?.as_array());
        is_list(&self.schema) || branches.flatten().filter_map(Value::as_object).any(is_list)
    }

    /// The base value as text.
    pub fn text(&self) -> Option<String> {
        match self.base.as_ref()? {
            Value::Object(_) | Value::Array(_) => None,
            value => Some(printed(value)),
        }
    }

    /// Whether the field is for what people write: the schema allows the text, and says nothing of its form.
    pub fn takes_free_text(&self, text: &str) -> bool {
        let form = ["enum", "const", "pattern", "format"];
        self.has_type("string")
            && !self.is_container()
            && !matches!(self.place_in, Some(ParameterIn::Header | ParameterIn::Path))
            && !form.iter().any(|keyword| self.schema.contains_key(*keyword))
            && self.allows(&text.into()) != Some(false)
    }

    pub fn is_container(&self) -> bool {
        matches!(self.base, Some(Value::Object(_) | Value::Array(_)))
    }

    /// Whether the schema allows a JSON type.
    pub fn has_type(&self, name: &str) -> bool {
        match self.schema.get("type") {
            None => true,
            Some(Value::Array(types)) => types.iter().any(|t| t == name),
            Some(one) => one == name,
        }
    }
}

/// Text values of a form or of XML as their schema types them.
fn typed(whole: &Value, spec: &SchemaSpec, writing: Writing) -> Value {
    if writing == Writing::Json {
        return whole.clone();
    }
    let (schema, _) = resolved_root(spec);
    let document = spec.source().1;
    let Value::Object(map) = whole else { return whole.clone() };
    let one = |(name, value): (&String, &Value)| {
        let schema = schema.get("properties").and_then(|p| p.get(name));
        let schema = schema.map(|s| resolved(s, "", document, 0).0).unwrap_or_default();
        let wants = |types: &[&str]| {
            let is = |t: &Value| t.as_str().is_some_and(|t| types.contains(&t));
            schema.get("type").is_some_and(|t| is(t) || t.as_array().is_some_and(|t| t.iter().any(is)))
        };
        let parsed = value.as_str().and_then(|text| serde_json::from_str::<Value>(text).ok());
        let value = match parsed {
            Some(Value::Number(n)) if wants(&["integer", "number"]) => Value::Number(n),
            Some(Value::Bool(b)) if wants(&["boolean"]) => Value::Bool(b),
            _ => value.clone(),
        };
        (name.clone(), value)
    };
    Value::Object(map.iter().map(one).collect())
}

/// The tree with another value at a dotted path, or with none.
fn replaced(tree: &Value, path: &str, value: Option<&Value>) -> Value {
    let mut tree = tree.clone();
    let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
    let pointer: String = parent.split('.').filter(|p| !p.is_empty()).map(|p| format!("/{p}")).collect();
    if let Some(Value::Object(map)) = tree.pointer_mut(&pointer) {
        match value {
            Some(value) => {
                map.insert(name.to_owned(), value.clone());
            }
            None => {
                map.shift_remove(name);
            }
        }
    }
    tree
}

/// The parameters of a request as one object, each as its own schema types it.
fn all_parameters(base: &Base) -> Value {
    let one = |(name, value): &(String, Value)| {
        let schema = base.operation.parameter(name).and_then(|p| p.schema.as_ref());
        let typed = match (schema, value) {
            (Some(spec), Value::String(text)) if !spec.is_valid(value) => {
                serde_json::from_str(text).ok().filter(|parsed| spec.is_valid(parsed))
            }
            _ => None,
        };
        (name.clone(), typed.unwrap_or_else(|| value.clone()))
    };
    Value::Object(base.observed.values.parameters.iter().map(one).collect())
}

fn resolved_root(spec: &SchemaSpec) -> (Map<String, Value>, String) {
    let (schema, document) = spec.source();
    resolved(schema, &spec.pointer, document, 0)
}

/// A schema with its `$ref`s followed and the parts of `allOf` put together, and where it stands.
pub fn resolved(
    schema: &Value,
    pointer: &str,
    document: &Value,
    depth: usize,
) -> (Map<String, Value>, String) {
    let Value::Object(own) = schema else { return (Map::new(), pointer.to_owned()) };
    let mut merged = Map::new();
    let mut at = pointer.to_owned();
    let parts = own.get("allOf").and_then(Value::as_array);
    if depth < MAX_DEPTH {
        let target = own.get("$ref").and_then(Value::as_str).and_then(|target| target.strip_prefix('#'));
        if let Some(target) = target {
            let there = document.pointer(target).unwrap_or(&Value::Null);
            (merged, at) = resolved(there, target, document, depth + 1);
        }
        for part in parts.into_iter().flatten() {
            merge(&mut merged, resolved(part, pointer, document, depth + 1).0);
        }
    }
    merge(&mut merged, own.clone());
    (merged, at)
}

fn merge(into: &mut Map<String, Value>, from: Map<String, Value>) {
    for (key, value) in from {
        match (into.get_mut(&key), value) {
            (Some(Value::Object(known)), Value::Object(new)) if key == "properties" => known.extend(new),
            (Some(Value::Array(known)), Value::Array(new)) if key == "required" => known.extend(new),
            (_, value) => {
                into.insert(key, value);
            }
        }
    }
}
