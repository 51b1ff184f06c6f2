//! Loading `openapi.yaml`: a tree with positions, its `$ref`s, and everything that judges compiled from it.

use super::defects::DefectFile;
use super::extension::{self, Extension, Untested};
use super::operation::*;
use super::schema::{SchemaSource, SchemaSpec};
use super::shape::Shape;
use super::{Defect, foreign};
use crate::model::problem::Problem;
use crate::model::source::{Location, SourceFile};
use crate::xml::xsd;
use crate::yaml::{Key, Node, Reader, parse};
use serde_json::Value;
use std::collections::HashMap;
use std::path::{Path, PathBuf};
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

struct Loader<'a> {
    reader: Reader<'a>,
    root: &'a Arc<Node>,
    json: &'a Value,
    schemas: SchemaSource,
    /// Compiled schemas by pointer: operations share components.
    compiled: HashMap<String, SchemaSpec>,
    folder: PathBuf,
    xsds: HashMap<PathBuf, Option<Arc<xsd::Schema>>>,
    document: Option<String>,
}

/// A node and its JSON pointer in the spec.
#[derive(Clone)]
struct Place<'n> {
    node: &'n Node,
    pointer: String,
}

impl<'n> Place<'n> {
    fn child(&self, name: &str) -> Option<Place<'n>> {
        let node = self.node.get(name)?;
        Some(Place { node, pointer: format!("{}/{}", self.pointer, crate::http::json::escape(name)) })
    }

    fn children(&self) -> impl Iterator<Item = (&'n Key, Place<'n>)> + use<'n> {
        let pointer = self.pointer.clone();
        self.node.entries().iter().map(move |(key, node)| {
            let pointer = format!("{pointer}/{}", crate::http::json::escape(&key.name));
            (key, Place { node, pointer })
        })
    }

    fn items(&self) -> impl Iterator<Item = Place<'n>> + use<'n> {
        let pointer = self.pointer.clone();
        self.node
            .items()
            .iter()
            .enumerate()
            .map(move |(i, node)| Place { node, pointer: format!("{pointer}/{i}") })
    }
}

impl<'a> Loader<'a> {
    /// Follows `$ref`s within the file.
    fn resolve(&mut self, mut place: Place<'a>) -> Option<Place<'a>> {
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

    fn extension(&mut self, node: &Node) -> Extension {
        let document = self.document.clone();
        extension::read(&mut self.reader, node, document.as_deref())
    }

    fn location(&self, node: &Node) -> Location {
        Location::new(self.reader.file, crate::yaml::first_line(node))
    }

    fn operations(&mut self, api: &str, top: &Extension) -> Vec<Arc<Operation>> {
        let root = Place { node: self.root, pointer: String::new() };
        let mut operations: Vec<Arc<Operation>> = Vec::new();
        let Some(paths) = root.child("paths") else {
            self.reader.problem(self.root.span, "the spec has no `paths`");
            return operations;
        };
        for (path, item) in paths.children() {
            let Some(item) = self.resolve(item) else { continue };
            let shared = self.parameters(&item);
            for (method, place) in item.children() {
                if !METHODS.contains(&method.name.as_str()) {
                    continue;
                }
                let parameters = self.parameters(&place);
                let operation = self.operation(api, &path.name, method, &place, top);
                let inherited = shared
                    .iter()
                    .filter(|p| !parameters.iter().any(|own| own.name == p.name && own.place == p.place))
                    .cloned();
                let operation = Operation {
                    parameters: inherited.chain(parameters.iter().cloned()).collect(),
                    ..operation
                };
                if operations.iter().any(|o| o.id == operation.id) {
                    self.reader.problem(method.span, format!("duplicate operationId `{}`", operation.id));
                }
                operations.push(Arc::new(operation));
            }
        }
        self.check_examples(&operations);
        operations
    }

    fn operation(
        &mut self,
        api: &str,
        path: &str,
        method: &Key,
        place: &Place<'a>,
        top: &Extension,
    ) -> Operation {
        let own = self.extension(place.node);
        let id = match place.node.get("operationId").and_then(Node::as_str) {
            Some(id) => id.to_owned(),
            None => {
                let name = format!("{} {path}", method.name);
                self.reader.problem(method.span, format!("`{name}` needs an `operationId`"));
                name
            }
        };
        let charset = own.charset.as_ref().or(top.charset.as_ref()).map(|c| c.value.clone());
        let effect = own.effect.unwrap_or(match method.name.as_str() {
            "get" | "head" | "options" | "trace" => Effect::Safe,
            "put" | "delete" => Effect::Idempotent,
            _ => Effect::Mutates,
        });
        let together = place.child("x-proofmark").and_then(|x| x.child("parameters"));
        let together = together.and_then(|schema| self.schema(&schema));
        let responses = self.responses(place);
        let bodies = self.request_bodies(place);
        let callbacks = self.callbacks(place, charset.as_deref());
        let outcomes = if own.outcomes.is_empty() { top.outcomes.clone() } else { own.outcomes };
        let codes = own.codes.or_else(|| top.codes.clone());
        Operation {
            api: api.to_owned(),
            id,
            method: method.name.to_ascii_uppercase(),
            path: path.to_owned(),
            location: Location::new(self.reader.file, method.span),
            doc: own.doc,
            parameters: Vec::new(),
            together,
            bodies,
            responses,
            callbacks,
            outcomes,
            codes,
            rules: top.rules.iter().chain(&own.rules).cloned().collect(),
            charset,
            sign_request: own.sign_request,
            sign_response: own.sign_response,
            effect,
            survivors: top.survivors.iter().chain(&own.survivors).cloned().collect(),
            untested_parts: own.untested.as_ref().map(|u| u.parts().to_vec()).unwrap_or_default(),
            untested: own.untested.and_then(Untested::whole),
        }
    }

    fn parameters(&mut self, holder: &Place<'a>) -> Vec<Arc<Parameter>> {
        let Some(list) = holder.child("parameters") else { return Vec::new() };
        let places: Vec<_> = list.items().collect();
        places.into_iter().filter_map(|place| self.parameter(place).map(Arc::new)).collect()
    }

    fn parameter(&mut self, place: Place<'a>) -> Option<Parameter> {
        let place = self.resolve(place)?;
        let own = self.extension(place.node);
        let name = match place.node.get("name") {
            Some(node) => self.reader.string(node)?,
            None => return self.reader.expected(place.node, "a parameter with a `name`"),
        };
        let words = [
            ("path", ParameterIn::Path),
            ("query", ParameterIn::Query),
            ("header", ParameterIn::Header),
            ("cookie", ParameterIn::Cookie),
        ];
        let place_in = match place.node.get("in") {
            Some(node) => self.reader.word(node, "parameter place", &words)?,
            None => return self.reader.expected(place.node, "a parameter with an `in`"),
        };
        let required = place.node.get("required").and_then(|n| self.reader.boolean(n)).unwrap_or(false);
        let schema = place.child("schema").and_then(|s| self.schema(&s));
        Some(Parameter {
            name,
            place: place_in,
            required,
            examples: self.examples(&place),
            doc: own.doc,
            secret: own.secret,
            schema,
            schema_at: place.child("schema").map(|s| s.pointer),
            untested: own.untested.and_then(Untested::whole),
            location: self.location(place.node),
        })
    }

    /// `example` is called `example`; `examples` by their names.
    fn examples(&mut self, holder: &Place<'a>) -> Vec<ExampleSpec> {
        let mut found: Vec<ExampleSpec> = Vec::new();
        if let Some(example) = holder.node.get("example") {
            found.push(ExampleSpec {
                name: "example".into(),
                value: example.to_json(),
                doc: None,
                breaks: Vec::new(),
                because: None,
                request: None,
                untested: None,
                location: self.location(example),
            });
        }
        if let Some(examples) = holder.child("examples") {
            for (name, place) in examples.children() {
                let Some(place) = self.resolve(place) else { continue };
                let own = self.extension(place.node);
                if let Some(value) = place.node.get("value") {
                    found.push(ExampleSpec {
                        name: name.name.clone(),
                        value: value.to_json(),
                        doc: own.doc,
                        breaks: own.breaks,
                        because: own.because,
                        request: own.request,
                        untested: own.untested.and_then(Untested::whole),
                        location: Location::new(self.reader.file, name.span),
                    });
                }
            }
        }
        found
    }

    /// Names on examples: what one is said to break must be a check, or a rule of the API: an example in `components` may stand under
    /// operations that have the rule and under others.
    fn check_examples(&mut self, operations: &[Arc<Operation>]) {
        let mut known: Vec<&str> = OFFLINE_CHECKS.to_vec();
        for operation in operations {
            let of_request = operation.parameters.iter().flat_map(|p| &p.examples);
            let of_request = of_request.chain(operation.bodies.iter().flat_map(|b| &b.examples));
            for broken in of_request.flat_map(|e| &e.breaks) {
                let message = "`breaks` is for examples of answers and callbacks: requests are not judged";
                self.reader.problem(broken.span, message);
            }
            known.extend(operation.all_rules().map(|rule| rule.id.as_str()));
        }
        known.sort_unstable();
        known.dedup();
        let of_requests = |o: &Arc<Operation>| {
            let of_parameters = o.parameters.iter().flat_map(|p| &p.examples);
            let names =
                of_parameters.chain(o.bodies.iter().flat_map(|b| &b.examples)).map(|e| e.name.clone());
            names.collect::<Vec<_>>()
        };
        let mut requests: Vec<String> = operations.iter().flat_map(of_requests).collect();
        requests.sort_unstable();
        requests.dedup();
        for operation in operations {
            let answers = operation.responses.iter().flat_map(|r| &r.media).flat_map(|m| &m.examples);
            let callbacks = operation.callbacks.iter().flat_map(|c| &c.parameters).flat_map(|p| &p.examples);
            for example in answers.chain(callbacks) {
                for broken in &example.breaks {
                    if !known.contains(&broken.value.as_str()) {
                        self.reader.unknown(broken.span, "rule or check", broken, known.iter().copied());
                    }
                }
                if let Some(request) = example.request.as_ref().filter(|r| !requests.contains(&r.value)) {
                    let names = requests.iter().map(String::as_str);
                    self.reader.unknown(request.span, "example of a request", request, names);
                }
            }
        }
    }

    fn request_bodies(&mut self, operation: &Place<'a>) -> Vec<BodySpec> {
        let Some(body) = operation.child("requestBody").and_then(|b| self.resolve(b)) else {
            return Vec::new();
        };
        let Some(content) = body.child("content") else { return Vec::new() };
        let entries: Vec<_> = content.children().collect();
        entries
            .into_iter()
            .map(|(essence, place)| {
                let own = self.extension(place.node);
                BodySpec {
                    essence: essence.name.to_ascii_lowercase(),
                    examples: self.examples(&place),
                    schema: place.child("schema").and_then(|s| self.schema(&s)),
                    schema_at: place.child("schema").map(|s| s.pointer),
                    xsd: own.xsd.and_then(|path| self.xsd(&path.value, path.span)),
                    shape: self.shape(&place),
                }
            })
            .collect()
    }

    fn shape(&self, media: &Place<'a>) -> Shape {
        match media.child("schema").and_then(|s| self.json.pointer(&s.pointer)) {
            Some(schema) => Shape::of(schema, self.json),
            None => Shape::open(),
        }
    }

    fn responses(&mut self, operation: &Place<'a>) -> Vec<ResponseSpec> {
        let Some(responses) = operation.child("responses") else {
            self.reader.problem(operation.node.span, "the operation has no `responses`");
            return Vec::new();
        };
        let entries: Vec<_> = responses.children().collect();
        let mut found = Vec::new();
        for (status, place) in entries {
            let Some(place) = self.resolve(place) else { continue };
            let pattern = match (status.name.as_str(), status.name.parse::<u16>()) {
                ("default", _) => StatusPattern::Default,
                (_, Ok(code @ 100..=599)) => StatusPattern::Code(code),
                (class, _) if class.len() == 3 && class.to_ascii_uppercase().ends_with("XX") => {
                    StatusPattern::Class(class.as_bytes()[0] - b'0')
                }
                _ if status.name.starts_with("x-") => continue,
                _ => {
                    self.reader.problem(
                        status.span,
                        format!("`{}` is not a status, a class such as `2XX`, or `default`", status.name),
                    );
                    continue;
                }
            };
            let own = self.extension(place.node);
            let media = match place.child("content") {
                Some(content) => content.children().collect::<Vec<_>>(),
                None => Vec::new(),
            };
            let media = media.into_iter().map(|(essence, place)| self.media(essence, &place)).collect();
            found.push(ResponseSpec {
                status: pattern,
                media,
                rules: own.rules,
                location: Location::new(self.reader.file, status.span),
                doc: own.doc,
            });
        }
        found
    }

    fn media(&mut self, essence: &Key, place: &Place<'a>) -> MediaSpec {
        let own = self.extension(place.node);
        let parsed = crate::http::media_type::MediaType::parse(&essence.name);
        if parsed.is_none() {
            self.reader.problem(essence.span, format!("`{}` is not a media type", essence.name));
        }
        let charset =
            own.charset.map(|c| c.value).or_else(|| parsed.as_ref().and_then(|m| m.charset.clone()));
        let xsd = own.xsd.and_then(|path| self.xsd(&path.value, path.span));
        let schema = match &xsd {
            // An XML body is judged by its XSD; the schema beside it is for readers.
            Some(_) => None,
            None => place.child("schema").and_then(|s| self.schema(&s)),
        };
        if let Some(sign) = place.node.pointer("/x-proofmark/sign/request") {
            self.reader.problem(sign.span, "the media type of an answer has `sign.response` only");
        }
        MediaSpec {
            essence: parsed.map_or_else(|| essence.name.clone(), |m| m.essence),
            charset,
            schema,
            schema_at: place.child("schema").map(|s| s.pointer),
            xsd,
            shape: self.shape(place),
            examples: self.examples(place),
            sign: own.sign_response,
            location: Location::new(self.reader.file, essence.span),
        }
    }

    fn schema(&mut self, place: &Place<'a>) -> Option<SchemaSpec> {
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
    fn check_schema_extensions(&mut self, node: &Node) {
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

    fn xsd(&mut self, path: &str, span: crate::model::source::Span) -> Option<Arc<xsd::Schema>> {
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

    fn callbacks(&mut self, operation: &Place<'a>, charset: Option<&str>) -> Vec<Arc<CallbackSpec>> {
        let Some(callbacks) = operation.child("callbacks") else { return Vec::new() };
        let entries: Vec<_> = callbacks.children().collect();
        let mut found = Vec::new();
        for (name, place) in entries {
            let Some(place) = self.resolve(place) else { continue };
            let items: Vec<_> = place.children().filter(|(key, _)| !key.name.starts_with("x-")).collect();
            for (_, item) in items {
                let methods: Vec<_> =
                    item.children().filter(|(key, _)| METHODS.contains(&key.name.as_str())).collect();
                for (method, place) in methods {
                    let own = self.extension(place.node);
                    found.push(Arc::new(CallbackSpec {
                        name: name.name.clone(),
                        method: method.name.to_ascii_uppercase(),
                        parameters: self.parameters(&place),
                        rules: own.rules,
                        codes: own.codes,
                        charset: own.charset.map(|c| c.value).or_else(|| charset.map(str::to_owned)),
                        location: Location::new(self.reader.file, method.span),
                        doc: own.doc,
                    }));
                }
            }
        }
        found
    }
}
