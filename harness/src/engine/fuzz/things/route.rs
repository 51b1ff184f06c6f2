//! Which operations of a contract are about the same thing: by their paths alone.

use crate::contract::{Contract, Operation};
use serde_json::{Map, Value};
use std::sync::Arc;

/// The last parameter of a path that ends with one: `petId` of `/pets/{petId}`.
pub fn item_parameter(path: &str) -> Option<&str> {
    path.rsplit('/').next()?.strip_prefix('{')?.strip_suffix('}')
}

/// A path without its last part: `/pets` of `/pets/{petId}`.
pub fn parent(path: &str) -> &str {
    path.rsplit_once('/').map_or("", |(parent, _)| parent)
}

/// A path up to its last parameter: `/pets/{petId}` of `/pets/{petId}/toys`.
pub fn owner(path: &str) -> Option<&str> {
    path.rfind('}').map(|at| &path[..=at])
}

/// The names of the parameters of a path, in order.
pub fn parameters(path: &str) -> Vec<&str> {
    path.split('/').filter_map(|part| part.strip_prefix('{')?.strip_suffix('}')).collect()
}

/// The operation of a method on a path.
pub fn on<'c>(contract: &'c Contract, method: &str, path: &str) -> Option<&'c Arc<Operation>> {
    let same = |other: &str| other.trim_end_matches('/') == path.trim_end_matches('/');
    contract.operations.iter().find(|o| o.method == method && same(&o.path))
}

/// The operation that makes what a path names: POST on the path before its last parameter, or on another one that ends
/// with the same word.
pub fn maker<'c>(contract: &'c Contract, item: &str) -> Option<&'c Arc<Operation>> {
    item_parameter(item)?;
    let list = parent(item);
    let exact = on(contract, "POST", list);
    let word = |path: &str| {
        let last = path.trim_end_matches('/').rsplit('/').next().unwrap_or_default().to_lowercase();
        last.trim_end_matches('s').to_owned()
    };
    let named = |o: &&Arc<Operation>| {
        o.method == "POST"
            && !o.path.ends_with('}')
            && !word(&o.path).is_empty()
            && word(&o.path) == word(list)
    };
    exact.or_else(|| contract.operations.iter().find(named))
}

/// The path of the things that an operation makes, if there is one that shows them: `/pets/{petId}` of POST `/pets`.
pub fn item_of<'c>(contract: &'c Contract, operation: &Operation) -> Option<&'c Arc<Operation>> {
    let shows = |o: &&Arc<Operation>| {
        o.method == "GET" && maker(contract, &o.path).is_some_and(|maker| maker.id == operation.id)
    };
    contract.operations.iter().find(shows)
}

/// The id of a thing in the answer that tells of it: the field of the parameter's name, else `id`, else the field that a
/// word of the path and `id` make.
pub fn id_of<'a>(answer: &'a Map<String, Value>, parameter: &str) -> Option<&'a Value> {
    let plain = |value: &&Value| matches!(value, Value::String(_) | Value::Number(_));
    let bare = |name: &str| name.to_lowercase().replace(['_', '-'], "");
    let of_name = answer.iter().find(|(name, _)| bare(name) == bare(parameter)).map(|(_, value)| value);
    let is_id = bare(parameter).ends_with("id");
    let by_id = || answer.get("id").filter(|_| is_id || bare(parameter) == "id" || bare(parameter) == "pk");
    of_name.filter(plain).or_else(|| by_id().filter(plain))
}

/// The values that a path has at the parameters of a template, where its end is of the template's form.
pub fn matched(template: &str, path: &str) -> Option<Vec<(String, String)>> {
    let wanted: Vec<&str> = template.split('/').filter(|part| !part.is_empty()).collect();
    let path = path.split(['?', '#']).next().unwrap_or_default();
    let there: Vec<&str> = path.split('/').filter(|part| !part.is_empty()).collect();
    let end = there.get(there.len().checked_sub(wanted.len())?..)?;
    let mut found = Vec::new();
    for (wanted, there) in wanted.iter().zip(end) {
        match wanted.strip_prefix('{').and_then(|w| w.strip_suffix('}')) {
            Some(name) => {
                found.push((name.to_owned(), crate::http::charset::percent_decode(there, "UTF-8")));
            }
            None if wanted == there => {}
            None => return None,
        }
    }
    Some(found)
}

/// The credential headers that an operation asks for by `security` and `components.securitySchemes` (OpenAPI 3.1 section
/// 4.8.30); none where it can be called without.
pub fn credential_headers(contract: &Contract, operation: &Operation) -> Vec<String> {
    let root = &contract.root;
    let method = operation.method.to_lowercase();
    let at = format!("/paths/{}/{method}/security", crate::http::json::escape(&operation.path));
    let Some(asked) = root.pointer(&at).or_else(|| root.get("security")) else { return Vec::new() };
    // Each item is one way in; an empty one is no way at all.
    if asked.items().is_empty() || asked.items().iter().any(|way| way.entries().is_empty()) {
        return Vec::new();
    }
    let mut headers: Vec<String> = Vec::new();
    for (scheme, _) in asked.items().iter().flat_map(|way| way.entries()) {
        let at = format!("/components/securitySchemes/{}", crate::http::json::escape(&scheme.name));
        let Some(scheme) = root.pointer(&at) else { continue };
        let text = |name: &str| scheme.get(name).and_then(|node| node.as_str()).unwrap_or_default();
        let header = match (text("type"), text("in")) {
            ("apiKey", "header") => text("name").to_owned(),
            ("apiKey", "cookie") => "Cookie".to_owned(),
            ("http" | "oauth2" | "openIdConnect", _) => "Authorization".to_owned(),
            _ => continue,
        };
        if !headers.iter().any(|known| known.eq_ignore_ascii_case(&header)) {
            headers.push(header);
        }
    }
    headers
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn paths_tell_what_belongs_together() {
        assert_eq!(item_parameter("/pets/{petId}"), Some("petId"));
        assert_eq!(item_parameter("/pets/{petId}/toys"), None);
        assert_eq!(owner("/pets/{petId}/toys"), Some("/pets/{petId}"));
        assert_eq!(parameters("/a/{b}/c/{d}"), ["b", "d"]);
        let found = matched("/pets/{petId}", "http://127.0.0.1:1/api/pets/a%20b?x=1");
        assert_eq!(found, Some(vec![("petId".to_owned(), "a b".to_owned())]));
        assert_eq!(matched("/pets/{petId}", "/cats/1"), None);
        let answer = json!({ "id": 3, "pet_id": 4, "name": "x" });
        let answer = answer.as_object().expect("an object");
        assert_eq!(id_of(answer, "petId"), Some(&json!(4)));
        assert_eq!(id_of(answer, "toyId"), Some(&json!(3)));
        assert_eq!(id_of(answer, "name"), Some(&json!("x")));
        assert_eq!(id_of(answer, "slug"), None);
    }
}
