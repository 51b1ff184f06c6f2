//! OpenAPI documents that were not written for Proofmark: 3.0 as 3.1, operations without an `operationId` named by method
//! and path, and `$ref`s that lead out of the file refused.

use crate::model::problem::Problem;
use crate::model::source::{SourceFile, Span};
use crate::yaml::{Key, Kind, Node};
use serde_json::Number;
use std::sync::Arc;

/// What stands under these keys is data, not a schema.
const DATA: [&str; 5] = ["example", "examples", "default", "enum", "const"];
const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Rewrites what OpenAPI 3.0 says otherwise than 3.1 (JSON Schema 2020-12), in place; lines stay as they are.
///
/// `nullable` becomes a type, the boolean `exclusiveMinimum` and `exclusiveMaximum` become numbers, and what stands beside
/// a `$ref` in a schema goes, as 3.0.3 says that it is ignored.
pub fn to_3_1(root: &mut Node) {
    convert(root);
}

fn convert(node: &mut Node) {
    match &mut node.kind {
        Kind::Seq(items) => items.iter_mut().for_each(convert),
        Kind::Map(entries) => {
            nullable(entries);
            exclusive(entries, "minimum", "exclusiveMinimum");
            exclusive(entries, "maximum", "exclusiveMaximum");
            for (key, child) in entries.iter_mut() {
                // A property may be called `example`; its value is a schema then, and has a `type` or `$ref`.
                let is_data = DATA.contains(&key.name.as_str())
                    && child.get("type").is_none()
                    && child.get("$ref").is_none();
                if !is_data {
                    convert(child);
                }
            }
        }
        _ => {}
    }
}

fn get<'n>(entries: &'n [(Key, Node)], name: &str) -> Option<&'n Node> {
    entries.iter().find(|(key, _)| key.name == name).map(|(_, node)| node)
}

fn nullable(entries: &mut Vec<(Key, Node)>) {
    if get(entries, "nullable").is_none_or(|node| node.kind != Kind::Bool(true)) {
        return;
    }
    for (key, node) in entries.iter_mut() {
        let null = |span: Span, kind| Node { kind, span };
        match (key.name.as_str(), &mut node.kind) {
            ("type", Kind::String(name)) => {
                let types = vec![
                    null(node.span, Kind::String(name.clone())),
                    null(node.span, Kind::String("null".into())),
                ];
                node.kind = Kind::Seq(types);
            }
            ("enum", Kind::Seq(values)) if values.iter().all(|value| value.kind != Kind::Null) => {
                values.push(null(node.span, Kind::Null));
            }
            _ => {}
        }
    }
    entries.retain(|(key, _)| key.name != "nullable");
}

fn exclusive(entries: &mut Vec<(Key, Node)>, limit: &str, exclusive: &str) {
    let is_exclusive = match get(entries, exclusive).map(|node| &node.kind) {
        Some(Kind::Bool(is_exclusive)) => *is_exclusive,
        _ => return,
    };
    entries.retain(|(key, _)| key.name != exclusive);
    let number = get(entries, limit).and_then(|node| match &node.kind {
        Kind::Number(number) => Some(number.clone()),
        _ => None,
    });
    if let (true, Some(number)) = (is_exclusive, number) {
        for (key, node) in entries.iter_mut().filter(|(key, _)| key.name == limit) {
            exclusive.clone_into(&mut key.name);
            node.kind = Kind::Number(Number::clone(&number));
        }
    }
}

/// Gives every operation an `operationId`: `get /pets/{id}` where the document has none, or has one twice.
pub fn name_operations(root: &mut Node) {
    let Kind::Map(top) = &mut root.kind else { return };
    let paths = top.iter_mut().find(|(key, _)| key.name == "paths").map(|(_, node)| &mut node.kind);
    let Some(Kind::Map(paths)) = paths else { return };
    let mut known: Vec<String> = Vec::new();
    for (path, item) in paths {
        let Kind::Map(methods) = &mut item.kind else { continue };
        for (method, operation) in methods.iter_mut().filter(|(key, _)| METHODS.contains(&key.name.as_str()))
        {
            let own = operation.get("operationId").and_then(Node::as_str).map(str::to_owned);
            let name = own.filter(|name| !known.contains(name));
            let name = name.unwrap_or_else(|| format!("{} {}", method.name, path.name));
            let span = operation.span;
            if let Kind::Map(entries) = &mut operation.kind {
                entries.retain(|(key, _)| key.name != "operationId");
                let key = Key { name: "operationId".into(), span };
                entries.push((key, Node { kind: Kind::String(name.clone()), span }));
            }
            known.push(name);
        }
    }
}

/// Every `$ref` that leads to another file or host: none is followed.
pub fn refuse_remote(file: &Arc<SourceFile>, node: &Node, problems: &mut Vec<Problem>) {
    for (key, child) in node.entries() {
        match child.as_str().filter(|target| key.name == "$ref" && !target.starts_with('#')) {
            Some(target) => problems.push(Problem::new(
                file,
                child.span,
                format!(
                    "`$ref` to `{target}`: references to other files and hosts are not followed; bundle the document into one file first"
                ),
            )),
            None if DATA.contains(&key.name.as_str()) => {}
            None => refuse_remote(file, child, problems),
        }
    }
    node.items().iter().for_each(|child| refuse_remote(file, child, problems));
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::yaml::parse;
    use serde_json::json;

    fn read(text: &str) -> Node {
        let file = SourceFile::new("openapi.yaml", "openapi.yaml", text.to_owned());
        parse(&file, &mut Vec::new()).expect("YAML")
    }

    #[test]
    fn what_3_0_says_is_said_as_3_1_says_it() {
        let mut node = read(
            "{ a: { type: string, nullable: true, enum: [x] }, b: { minimum: 1, exclusiveMinimum: true },\n\
             c: { maximum: 9, exclusiveMaximum: false }, example: { nullable: true } }",
        );
        to_3_1(&mut node);
        assert_eq!(
            node.to_json(),
            json!({
                "a": { "type": ["string", "null"], "enum": ["x", null] },
                "b": { "exclusiveMinimum": 1 },
                "c": { "maximum": 9 },
                "example": { "nullable": true },
            })
        );
    }

    #[test]
    fn operations_get_names_and_remote_references_are_refused() {
        let mut node =
            read("paths: { /a: { get: {}, post: { operationId: x } }, /b: { get: { operationId: x } } }");
        name_operations(&mut node);
        let name = |pointer: &str| node.pointer(pointer).and_then(Node::as_str).map(str::to_owned);
        assert_eq!(name("/paths/~1a/get/operationId").as_deref(), Some("get /a"));
        assert_eq!(name("/paths/~1a/post/operationId").as_deref(), Some("x"));
        assert_eq!(name("/paths/~1b/get/operationId").as_deref(), Some("get /b"));
        let node = read("a: { $ref: 'http://host.example/x.yaml#/A' }\nb: { $ref: '#/a' }");
        let (file, mut problems) = (SourceFile::new("o", "o", String::new()), Vec::new());
        refuse_remote(&file, &node, &mut problems);
        assert_eq!(problems.len(), 1);
    }
}
