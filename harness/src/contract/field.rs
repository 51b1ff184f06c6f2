//! [`field`]: the schema that describes a place of an answer, in `openapi.yaml` as it is written.

use crate::yaml::Node;

/// References and combinations are followed this deep.
const MAX_DEPTH: usize = 24;

/// The schema of a response's body at a JSON pointer; array indexes may be `*`. Of XML the pointer leads into the
/// projection, whose root the schema may leave out. `None` where the document says nothing of the place.
pub fn field<'n>(
    root: &'n Node,
    (path, method): (&str, &str),
    status: u16,
    essence: &str,
    pointer: &str,
) -> Option<&'n Node> {
    let operation = root.get("paths")?.get(path)?.get(&method.to_lowercase())?;
    let responses = operation.get("responses")?;
    let class = format!("{}XX", status / 100);
    let response = responses
        .get(&status.to_string())
        .or_else(|| responses.get(&class))
        .or_else(|| responses.get(&class.to_lowercase()))
        .or_else(|| responses.get("default"))?;
    let content = resolve(root, response, 0)?.get("content")?;
    let same = |name: &str| name.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case(essence);
    let media =
        content.entries().iter().find(|(key, _)| same(&key.name)).or_else(|| content.entries().first());
    let schema = resolve(root, &media?.1, 0)?.get("schema")?;
    let tokens: Vec<String> =
        pointer.split('/').skip(1).map(|t| t.replace("~1", "/").replace("~0", "~")).collect();
    // Schemas of XML describe the document or its root.
    let is_xml = essence.ends_with("xml");
    find(root, schema, &tokens, 0).or_else(|| find(root, schema, tokens.get(1..).filter(|_| is_xml)?, 0))
}

pub(super) fn resolve<'n>(root: &'n Node, node: &'n Node, depth: usize) -> Option<&'n Node> {
    match node.get("$ref").and_then(Node::as_str) {
        Some(target) if depth < MAX_DEPTH => {
            resolve(root, root.pointer(target.strip_prefix('#')?)?, depth + 1)
        }
        Some(_) => None,
        None => Some(node),
    }
}

fn find<'n>(root: &'n Node, schema: &'n Node, tokens: &[String], depth: usize) -> Option<&'n Node> {
    let Some((token, rest)) = tokens.split_first() else { return Some(schema) };
    if depth > MAX_DEPTH {
        return None;
    }
    let is_index = token == "*" || token.bytes().all(|b| b.is_ascii_digit());
    let own = || {
        if let Some(property) = schema.get("properties").and_then(|p| p.get(token)) {
            return find(root, property, rest, depth + 1);
        }
        let items = schema.get("items")?;
        // One element of a list that is there once is no list in the projection of XML.
        find(root, items, if is_index { rest } else { tokens }, depth + 1)
    };
    let referred = || {
        let target = schema.get("$ref").and_then(Node::as_str)?;
        find(root, root.pointer(target.strip_prefix('#')?)?, tokens, depth + 1)
    };
    let combined = || {
        ["allOf", "anyOf", "oneOf", "prefixItems"].iter().find_map(|key| {
            let schemas = schema.get(key)?.items();
            let tokens = if *key == "prefixItems" && is_index { rest } else { tokens };
            schemas.iter().find_map(|schema| find(root, schema, tokens, depth + 1))
        })
    };
    let conditional =
        || ["if", "then", "else"].iter().find_map(|key| find(root, schema.get(key)?, tokens, depth + 1));
    own().or_else(referred).or_else(combined).or_else(conditional)
}
