//! The body of a request on its way: values that can be changed, then bytes.

use super::repeated;
use crate::contract::Operation;
use crate::expr::printed;
use crate::http::charset;
use crate::http::media_type::{Syntax, syntax};
use crate::xml;
use serde_json::{Map, Value};

/// A body on its way.
pub(super) enum Body {
    None,
    Tree(Value),
    Xml(Box<xml::Document>),
    Text(String),
}

impl Body {
    pub(super) fn values(&self) -> Option<Value> {
        match self {
            Body::None => None,
            Body::Tree(tree) => Some(tree.clone()),
            Body::Xml(document) => Some(xml::to_json(document.root())),
            Body::Text(text) => Some(Value::String(text.clone())),
        }
    }

    /// Names and values of what the spec declares secret in the body.
    pub(super) fn secrets(&self, operation: &Operation, media_type: Option<&str>) -> Vec<(String, String)> {
        let spec = operation.bodies.iter().find(|spec| media_type == Some(spec.essence.as_str()));
        match (self, spec) {
            (Body::Tree(tree), Some(spec)) => spec.shape.secrets(tree),
            _ => Vec::new(),
        }
    }

    pub(super) fn set(&mut self, path: &str, value: Value) -> Result<(), String> {
        match self {
            Body::Tree(tree) => set_path(tree, path, value),
            Body::Xml(document) => match document.set_text(path, &printed(&value)) {
                Ok(()) => Ok(()),
                Err(xml::PathError::Missing { .. }) => {
                    document.insert_text(path, &printed(&value)).map_err(|e| e.to_string())
                }
                Err(e) => Err(e.to_string()),
            },
            Body::None => {
                Err(format!("`{path}` is not a parameter, and the request has no body to set it in"))
            }
            Body::Text(_) => Err(format!("`{path}` cannot be set in a body that is given as text")),
        }
    }

    pub(super) fn remove(&mut self, path: &str) -> Result<(), String> {
        match self {
            Body::Tree(tree) => {
                let (parent, name) = path.rsplit_once('.').unwrap_or(("", path));
                let parent = if parent.is_empty() { Some(tree) } else { tree.pointer_mut(&pointer(parent)) };
                match parent {
                    // `shift_remove` keeps the order of the others.
                    Some(Value::Object(map)) => {
                        map.shift_remove(name);
                    }
                    Some(Value::Array(items)) => {
                        if let Some(index) = name.parse().ok().filter(|i: &usize| *i < items.len()) {
                            items.remove(index);
                        }
                    }
                    _ => {}
                }
                Ok(())
            }
            Body::Xml(document) => document.remove(path).map_err(|e| e.to_string()),
            Body::None | Body::Text(_) => Ok(()),
        }
    }

    pub(super) fn encode(self, media_type: Option<&str>, charset: &str) -> Result<Vec<u8>, String> {
        let bytes = |text: &str, charset: &str| {
            charset::encode(text, charset).map_err(|c| format!("`{c}` cannot be written in {charset}"))
        };
        match (self, media_type.map(syntax)) {
            (Body::None, _) => Ok(Vec::new()),
            (Body::Text(text), _) => bytes(&text, charset),
            (Body::Xml(document), _) => bytes(&document.to_string(), charset),
            (Body::Tree(Value::Object(map)), Some(Syntax::Form)) => {
                let encode = |t: &str| {
                    charset::percent_encode(t, charset)
                        .map_err(|c| format!("`{c}` cannot be written in {charset}"))
                };
                let mut out = String::new();
                for (name, value) in &map {
                    for value in repeated(value) {
                        if !out.is_empty() {
                            out.push('&');
                        }
                        out.push_str(&format!("{}={}", encode(name)?, encode(&value)?));
                    }
                }
                Ok(out.into_bytes())
            }
            (Body::Tree(tree), Some(Syntax::Json)) => bytes(&tree.to_string(), charset),
            (Body::Tree(tree), Some(Syntax::Xml)) => bytes(&xml::from_json(&tree)?, charset),
            (Body::Tree(Value::Null), _) => Ok(Vec::new()),
            (Body::Tree(tree), _) => bytes(&printed(&tree), charset),
        }
    }
}

/// `a.b.0` as a JSON pointer.
fn pointer(path: &str) -> String {
    path.split('.').map(|token| format!("/{}", crate::http::json::escape(token))).collect()
}

/// Sets a value by dotted path; objects on the way are made.
fn set_path(tree: &mut Value, path: &str, value: Value) -> Result<(), String> {
    let mut at = tree;
    for token in path.split('.') {
        at = match at {
            Value::Object(map) => map.entry(token.to_owned()).or_insert(Value::Null),
            Value::Array(items) => {
                let length = items.len();
                let index: usize =
                    token.parse().map_err(|_| format!("`{token}` in `{path}` is not an index"))?;
                items.get_mut(index).ok_or_else(|| format!("`{path}`: the list has {length} elements"))?
            }
            Value::Null => {
                *at = Value::Object(Map::new());
                let Value::Object(map) = at else { return Err(path.to_owned()) };
                map.entry(token.to_owned()).or_insert(Value::Null)
            }
            other => return Err(format!("`{path}` leads into {other}, which has no fields")),
        };
    }
    *at = value;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_reach_into_trees_and_make_what_is_missing() {
        let mut tree = json!({"a": {"b": [1, 2]}});
        set_path(&mut tree, "a.b.1", json!(9)).unwrap();
        set_path(&mut tree, "new.deep", json!("x")).unwrap();
        assert_eq!(tree, json!({"a": {"b": [1, 9]}, "new": {"deep": "x"}}));
        assert_eq!(set_path(&mut tree, "a.b.7", json!(1)), Err("`a.b.7`: the list has 2 elements".into()));
        assert!(set_path(&mut tree, "new.deep.er", json!(1)).is_err());
        let mut body = Body::Tree(tree);
        body.remove("a.b.0").unwrap();
        body.remove("new").unwrap();
        body.remove("nothing.there").unwrap();
        let Body::Tree(tree) = body else { panic!("still a tree") };
        assert_eq!(tree, json!({"a": {"b": [9]}}));
    }

    #[test]
    fn lists_in_forms_repeat_their_name() {
        let form = |tree: Value| {
            let bytes = Body::Tree(tree).encode(Some("application/x-www-form-urlencoded"), "UTF-8");
            bytes.map(|bytes| String::from_utf8(bytes).unwrap())
        };
        let tree = json!({"id": "a&b", "ids": ["1", "2 3"], "none": [], "last": 4});
        assert_eq!(form(tree), Ok("id=a%26b&ids=1&ids=2%203&last=4".into()));
    }
}
