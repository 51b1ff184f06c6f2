//! Loading `openapi.yaml`: a tree with positions, its `$ref`s, and everything that judges compiled from it.

mod callbacks;
mod examples;
mod links;
mod loader;
mod messages;
mod operations;
mod parameters;
mod place;

use super::defects::DefectFile;
use super::schema::SchemaSource;
use super::{Contract, Defect, extension, foreign};
use crate::model::problem::Problem;
use crate::model::source::SourceFile;
use crate::yaml::{Node, Reader, parse};
use loader::Loader;
use std::collections::HashMap;
use std::path::Path;
use std::sync::Arc;

/// The checks that judge documented examples without a target, by their names.
pub const OFFLINE_CHECKS: [&str; 8] =
    ["charset", "well-formed", "schema", "xsd", "outcome", "code", "signature", "undocumented"];

const METHODS: [&str; 8] = ["get", "put", "post", "delete", "options", "head", "patch", "trace"];

/// Compiles a spec. `None` when it is too broken to go on; problems are collected either way.
pub fn load(
    api: &str,
    file: Arc<SourceFile>,
    defects: Option<&Arc<SourceFile>>,
    problems: &mut Vec<Problem>,
) -> Option<Contract> {
    let root = parse(&file, problems)?;
    let defects = defects.and_then(|f| DefectFile::read(f, problems)).map(|d| d.defects).unwrap_or_default();
    let version = root.get("openapi").and_then(Node::as_str).unwrap_or_default();
    if !version.starts_with("3.1") {
        let span = root.get("openapi").map_or(root.span, |n| n.span);
        problems.push(Problem::new(&file, span, format!("expected `openapi: 3.1.x`, found `{version}`")));
        return None;
    }
    compile(api, file, root, defects, problems)
}

/// Compiles a document that was not written for Proofmark, of OpenAPI 3.0 or 3.1. `None` when nothing can be made of it;
/// what is wrong with parts of it is collected, and those parts are left out.
pub fn load_foreign(api: &str, file: Arc<SourceFile>, problems: &mut Vec<Problem>) -> Option<Contract> {
    let mut root = parse(&file, problems)?;
    let known = root.get("openapi").or_else(|| root.get("swagger"));
    let (version, span) = match known {
        Some(node) => (crate::expr::printed(&node.to_json()), node.span),
        None => (String::new(), root.span),
    };
    if !(version.starts_with("3.0") || version.starts_with("3.1")) {
        let message = format!("expected `openapi: 3.0.x` or `openapi: 3.1.x`, found `{version}`");
        problems.push(Problem::new(&file, span, message));
        return None;
    }
    let mut remote = Vec::new();
    foreign::refuse_remote(&file, &root, &mut remote);
    if !remote.is_empty() {
        problems.extend(remote);
        return None;
    }
    if version.starts_with("3.0") {
        foreign::to_3_1(&mut root);
    }
    foreign::name_operations(&mut root);
    compile(api, file, root, Vec::new(), problems)
}

fn compile(
    api: &str,
    file: Arc<SourceFile>,
    root: Node,
    defects: Vec<Defect>,
    problems: &mut Vec<Problem>,
) -> Option<Contract> {
    let root = Arc::new(root);
    let json = root.to_json();
    let schemas = match SchemaSource::new(file.clone(), root.clone(), &json) {
        Ok(schemas) => schemas,
        Err(message) => {
            problems.push(Problem::new(
                &file,
                root.span,
                format!("the spec's schemas do not resolve: {message}"),
            ));
            return None;
        }
    };
    let folder = file.path.parent().map(Path::to_owned).unwrap_or_default();
    let mut loader = Loader {
        reader: Reader::new(&file, problems),
        root: &root,
        json: &json,
        schemas,
        compiled: HashMap::new(),
        folder,
        xsds: HashMap::new(),
        document: None,
    };
    let top = extension::read(&mut loader.reader, &root, None);
    loader.document = top.document.clone();
    // Where a schema is only referred to, nobody else looks into it.
    root.pointer("/components/schemas")
        .into_iter()
        .for_each(|schemas| loader.check_schema_extensions(schemas));
    let operations = loader.operations(api, &top);
    let title = root.pointer("/info/title").and_then(Node::as_str).unwrap_or(api).to_owned();
    let document = top.document;
    Some(Contract { api: api.to_owned(), title, file: file.clone(), document, operations, root, defects })
}
