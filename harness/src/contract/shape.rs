//! [`Shape`]: the names that a JSON Schema documents, for telling drift (an undocumented field) from the contract.

use serde_json::Value;
use std::collections::BTreeMap;

/// The documented names at one place of a body. An `open` shape documents nothing and allows everything.
#[derive(Debug, Default, Clone, PartialEq)]
pub struct Shape {
    pub properties: BTreeMap<String, Shape>,
    pub items: Option<Box<Shape>>,
    pub open: bool,
    /// `x-proofmark.secret`: the value is redacted in every record.
    pub secret: bool,
    /// `x-proofmark.volatile`: the value is another one in every answer.
    pub volatile: bool,
    /// `x-proofmark.unspecified`: why the contract leaves the value open, so that any one of the type is right.
    pub unspecified: Option<String>,
    /// `enum` or `const`: the documented values.
    pub values: Vec<Value>,
    /// Whether anything here or below is secret.
    holds_secrets: bool,
}

/// Schemas that refer to themselves are followed this deep; below it everything is allowed.
const MAX_DEPTH: usize = 12;

impl Shape {
    /// Where there is no schema.
    pub fn open() -> Self {
        Shape { open: true, ..Shape::default() }
    }

    /// The shape of a schema of an OpenAPI document; `document` resolves its `$ref`s.
    pub fn of(schema: &Value, document: &Value) -> Self {
        let mut shape = Shape::default();
        collect(schema, document, &mut shape, 0);
        shape.sum_up();
        shape
    }

    /// The shape at a JSON pointer of the body; `None` where the schema says nothing about the place.
    pub fn at(&self, pointer: &str) -> Option<&Shape> {
        pointer.split('/').skip(1).try_fold(self, |shape, token| {
            let name = token.replace("~1", "/").replace("~0", "~");
            let is_index = token.bytes().all(|b| b.is_ascii_digit());
            let item = shape.items.as_deref().filter(|_| is_index);
            shape.properties.get(&name).or(item)
        })
    }

    fn sum_up(&mut self) -> bool {
        let mut below = false;
        for shape in self.properties.values_mut().chain(self.items.as_deref_mut()) {
            below |= shape.sum_up();
        }
        self.holds_secrets = self.secret || below;
        self.holds_secrets
    }

    /// Names and values of the secrets in a body.
    pub fn secrets(&self, body: &Value) -> Vec<(String, String)> {
        let mut found = Vec::new();
        if self.holds_secrets {
            self.find_secrets("secret", body, &mut found);
        }
        found
    }

    fn find_secrets(&self, name: &str, value: &Value, found: &mut Vec<(String, String)>) {
        match value {
            _ if !self.holds_secrets => {}
            Value::Object(map) => {
                for (name, shape) in &self.properties {
                    map.get(name).into_iter().for_each(|value| shape.find_secrets(name, value, found));
                }
            }
            Value::Array(items) => {
                for (shape, item) in self.items.iter().flat_map(|shape| items.iter().map(move |i| (shape, i)))
                {
                    shape.find_secrets(name, item, found);
                }
            }
            Value::String(text) if self.secret => found.push((name.to_owned(), text.clone())),
            Value::Number(number) if self.secret => found.push((name.to_owned(), number.to_string())),
            _ => {}
        }
    }

    /// Whether a value here is kept by its type only.
    pub fn is_redacted(&self) -> bool {
        self.secret || self.volatile
    }

    /// The shape of an XML document's root: schemas describe either the document (an object with one member, named
    /// after the root) or the root itself.
    pub fn of_root(&self, name: &str) -> &Shape {
        self.properties.get(name).unwrap_or(self)
    }

    /// The shape of one element of a list, or of a thing that is there once.
    pub fn of_item(&self) -> &Shape {
        self.items.as_deref().unwrap_or(self)
    }

    /// JSON pointers of the members of `body` that the shape does not know.
    pub fn undocumented(&self, body: &Value) -> Vec<String> {
        let mut found = Vec::new();
        // Paths are only written where there is something to tell.
        if !self.knows(body) {
            self.visit(body, &mut String::new(), &mut found);
        }
        found
    }

    fn knows(&self, value: &Value) -> bool {
        match value {
            Value::Object(_) => self.knows_rows(std::slice::from_ref(value)),
            Value::Array(items) => self.items.as_ref().is_none_or(|shape| shape.knows_rows(items)),
            _ => true,
        }
    }

    /// Whether all of these have this shape. Rows of a list mostly have the same members in the same order, so that one
    /// comparison tells what a name is looked up for.
    fn knows_rows(&self, rows: &[Value]) -> bool {
        let closed = !self.open && !self.properties.is_empty();
        let mut columns: Vec<(&str, &Shape)> = Vec::new();
        rows.iter().all(|row| match row {
            Value::Object(map) if closed => map.iter().enumerate().all(|(position, (name, value))| {
                let shape = match columns.get(position) {
                    Some((known, shape)) if known == name => *shape,
                    _ => match self.properties.get(name) {
                        Some(shape) => shape,
                        None => return false,
                    },
                };
                if position == columns.len() {
                    columns.push((name, shape));
                }
                shape.knows(value)
            }),
            Value::Object(_) => true,
            other => self.knows(other),
        })
    }

    fn visit(&self, value: &Value, at: &mut String, found: &mut Vec<String>) {
        match value {
            Value::Object(map) if !self.open && !self.properties.is_empty() => {
                for (name, value) in map {
                    let length = at.len();
                    at.push('/');
                    at.push_str(&crate::http::json::escape(name));
                    match self.properties.get(name) {
                        Some(shape) => shape.visit(value, at, found),
                        None => found.push(at.clone()),
                    }
                    at.truncate(length);
                }
            }
            Value::Array(items) => {
                let Some(shape) = &self.items else { return };
                for (index, item) in items.iter().enumerate() {
                    let length = at.len();
                    at.push_str(&format!("/{index}"));
                    shape.visit(item, at, found);
                    at.truncate(length);
                }
            }
            _ => {}
        }
    }
}

fn collect(schema: &Value, document: &Value, shape: &mut Shape, depth: usize) {
    let Value::Object(map) = schema else {
        shape.open |= schema == &Value::Bool(true) && depth > 0;
        return;
    };
    if depth > MAX_DEPTH {
        shape.open = true;
        return;
    }
    shape.secret |= schema.pointer("/x-proofmark/secret") == Some(&Value::Bool(true));
    shape.volatile |= schema.pointer("/x-proofmark/volatile") == Some(&Value::Bool(true));
    if let Some(because) = schema.pointer("/x-proofmark/unspecified").and_then(Value::as_str) {
        shape.unspecified.get_or_insert_with(|| because.to_owned());
    }
    let listed = map.get("enum").and_then(Value::as_array).map(Vec::as_slice).unwrap_or_default();
    for value in listed.iter().chain(map.get("const")) {
        if !shape.values.contains(value) {
            shape.values.push(value.clone());
        }
    }
    if let Some(target) = map.get("$ref").and_then(Value::as_str) {
        match target.strip_prefix('#').and_then(|pointer| document.pointer(pointer)) {
            Some(target) => collect(target, document, shape, depth + 1),
            None => shape.open = true,
        }
    }
    if let Some(Value::Object(properties)) = map.get("properties") {
        for (name, schema) in properties {
            collect(schema, document, shape.properties.entry(name.clone()).or_default(), depth + 1);
        }
    }
    // What is said to be allowed beyond the names is not drift.
    let extra = |key: &str| map.get(key).is_some_and(|v| v != &Value::Bool(false));
    if extra("additionalProperties") || extra("patternProperties") || extra("unevaluatedProperties") {
        shape.open = true;
    }
    for key in ["items", "contains", "unevaluatedItems"] {
        if let Some(schema) = map.get(key).filter(|s| s.is_object()) {
            collect(schema, document, shape.items.get_or_insert_default(), depth + 1);
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for schema in map.get(key).and_then(Value::as_array).into_iter().flatten() {
            // Of the same place, and written out: only names and references lead deeper.
            collect(schema, document, shape, depth);
        }
    }
    for key in ["if", "then", "else"] {
        if let Some(schema) = map.get(key).filter(|s| s.is_object()) {
            collect(schema, document, shape, depth);
        }
    }
    for schema in map.get("prefixItems").and_then(Value::as_array).into_iter().flatten() {
        collect(schema, document, shape.items.get_or_insert_default(), depth + 1);
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn names_are_found_through_refs_and_combinators() {
        let document = json!({"components": {"schemas": {
            "Base": {"properties": {"id": {}}},
            "Node": {"properties": {"next": {"$ref": "#/components/schemas/Node"}}}
        }}});
        let schema = json!({
            "allOf": [{"$ref": "#/components/schemas/Base"}, {"properties": {"list": {"items": {"properties": {"a": {}}}}}}],
            "if": {}, "then": {"properties": {"extra": {}}},
            "properties": {"node": {"$ref": "#/components/schemas/Node"}, "map": {"additionalProperties": true, "properties": {"x": {}}}}
        });
        let shape = Shape::of(&schema, &document);
        let body = json!({"id": 1, "list": [{"a": 1}, {"b": 2}], "extra": 1, "new": 1, "map": {"y": 1}, "node": {"next": {"prev": 1}}});
        assert_eq!(shape.undocumented(&body), ["/list/1/b", "/new", "/node/next/prev"]);
    }

    #[test]
    fn secrets_are_found_by_their_place() {
        let secret = json!({"type": "string", "x-proofmark": {"secret": true}});
        let document = json!({"components": {"schemas": {"Pin": secret}}});
        let schema = json!({"properties": {
            "users": {"items": {"properties": {"password": {"$ref": "#/components/schemas/Pin"}, "name": {}}}},
            "session": secret,
        }});
        let body = json!({"users": [{"password": "one", "name": "n"}, {"password": 2}], "session": "s", "name": "x"});
        let found = Shape::of(&schema, &document).secrets(&body);
        let expected = [("session", "s"), ("password", "one"), ("password", "2")];
        assert_eq!(found, expected.map(|(name, value)| (name.to_owned(), value.to_owned())));
    }
}
