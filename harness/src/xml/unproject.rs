//! A JSON tree as XML text: the inverse of [`to_json`](super::to_json), for request bodies written as trees.

use serde_json::{Map, Value};

/// XML text of a tree whose one member is the root element. `@name` is an attribute, `#text` the text beside
/// attributes, a list repeats its element, null is an empty element.
///
/// # Errors
/// Says what has no form in XML: several roots, a list or a scalar at the top, a name that XML does not allow.
pub fn from_json(tree: &Value) -> Result<String, String> {
    let Value::Object(members) = tree else {
        return Err("an XML body needs its root element as a key".into());
    };
    let mut entries = members.iter();
    let (Some((name, value)), None) = (entries.next(), entries.next()) else {
        return Err(format!("an XML body has one root element, not {}", members.len()));
    };
    let mut out = String::new();
    element(name, value, &mut out)?;
    Ok(out)
}

fn element(name: &str, value: &Value, out: &mut String) -> Result<(), String> {
    let allowed = |c: char| c.is_alphanumeric() || "_-.:".contains(c);
    if !name.starts_with(|c: char| c.is_alphabetic() || c == '_') || !name.chars().all(allowed) {
        return Err(format!("`{name}` is not an XML name"));
    }
    match value {
        Value::Array(items) => return items.iter().try_for_each(|item| element(name, item, out)),
        Value::Object(members) => with_members(name, members, out)?,
        Value::Null => out.push_str(&format!("<{name}/>")),
        Value::String(text) => out.push_str(&format!("<{name}>{}</{name}>", escape(text))),
        Value::Bool(_) | Value::Number(_) => out.push_str(&format!("<{name}>{value}</{name}>")),
    }
    Ok(())
}

fn with_members(name: &str, members: &Map<String, Value>, out: &mut String) -> Result<(), String> {
    out.push('<');
    out.push_str(name);
    for (attribute, value) in members.iter().filter_map(|(k, v)| Some((k.strip_prefix('@')?, v))) {
        out.push_str(&format!(" {attribute}=\"{}\"", escape(&text(value))));
    }
    out.push('>');
    for (child, value) in members.iter().filter(|(k, _)| !k.starts_with('@')) {
        match child.as_str() {
            "#text" => out.push_str(&escape(&text(value))),
            child => element(child, value, out)?,
        }
    }
    out.push_str(&format!("</{name}>"));
    Ok(())
}

fn text(value: &Value) -> String {
    value.as_str().map_or_else(|| value.to_string(), str::to_owned)
}

fn escape(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::super::{Limits, parse, to_json};
    use super::*;
    use serde_json::json;

    #[test]
    fn what_is_written_projects_to_what_it_was_made_from() {
        let tree =
            json!({"a": {"@k": "1 & \"2\"", "b": ["x", "<y>"], "c": "", "d": {"@e": "f", "#text": "g"}}});
        let text = from_json(&tree).unwrap();
        let document = parse(text.as_bytes(), None, &Limits::default()).unwrap();
        assert_eq!(to_json(document.root()), tree);
    }

    #[test]
    fn what_has_no_form_is_refused() {
        assert!(from_json(&json!({"a": 1, "b": 2})).unwrap_err().contains("not 2"));
        assert!(from_json(&json!([1])).is_err());
        assert_eq!(from_json(&json!({"a b": 1})), Err("`a b` is not an XML name".into()));
    }
}
