//! [`Index`]: everything that the specs document, numbered.

use super::enumerate::{Place, collect};
use super::field::Field;
use super::lines::Lines;
use crate::contract::{CallbackSpec, Codes, Contract, ExampleSpec, Operation, Parameter, ParameterIn};
use crate::http::digest;
use crate::http::media_type::{Syntax, syntax};
use crate::model::problem::{Problem, unknown};
use crate::model::source::{Location, Span};
use crate::record::Documented;
use std::collections::HashMap;

/// One documented thing.
#[derive(Debug)]
pub struct Item {
    pub kind: Documented,
    /// `operation: name`.
    pub name: String,
    pub location: Location,
    pub doc: Option<String>,
    pub untested: Option<String>,
}

/// All APIs of a suite.
#[derive(Debug, Default)]
pub struct Index {
    pub items: Vec<Item>,
    /// Reasons for what is not documented.
    pub problems: Vec<Problem>,
    pub apis: Vec<ApiIndex>,
}

/// The items of one API are those from `first` to `end`.
#[derive(Debug)]
pub struct ApiIndex {
    pub name: String,
    pub document: Option<String>,
    pub first: usize,
    pub end: usize,
    pub operations: HashMap<String, OperationIndex>,
}

/// Where the items of an operation are.
#[derive(Debug, Default)]
pub struct OperationIndex {
    pub item: u32,
    pub parameters: Vec<ParameterIndex>,
    pub request: Field,
    pub answer: Field,
    /// Numbers of everything in `answer`.
    pub in_answer: Vec<u32>,
    pub codes: Vec<(String, u32)>,
    pub examples: Vec<ExampleIndex>,
    pub callbacks: HashMap<String, CallbackIndex>,
}

#[derive(Debug)]
pub struct ParameterIndex {
    pub name: String,
    pub place: ParameterIn,
    pub field: Field,
}

#[derive(Debug)]
pub struct ExampleIndex {
    pub name: String,
    pub item: u32,
    pub lines: Lines,
}

#[derive(Debug, Default)]
pub struct CallbackIndex {
    pub fields: Field,
    pub codes: Vec<(String, u32)>,
}

impl Index {
    pub fn new<'c>(contracts: impl IntoIterator<Item = &'c Contract>) -> Self {
        let mut index = Self::default();
        for contract in contracts {
            let first = index.items.len();
            let mut builder = Builder { contract, items: &mut index.items, known: HashMap::new() };
            let operations =
                contract.operations.iter().map(|o| (o.id.clone(), builder.operation(o))).collect();
            for operation in &contract.operations {
                explain(contract, operation, &mut index.items[first..], &mut index.problems);
            }
            let end = index.items.len();
            let (name, document) = (contract.api.clone(), contract.document.clone());
            index.apis.push(ApiIndex { name, document, first, end, operations });
        }
        index
    }

    /// Changes with everything that is documented, and with every reason.
    pub fn fingerprint(&self) -> String {
        let mut text = String::new();
        for item in &self.items {
            let because = item.untested.as_deref().unwrap_or_default();
            text.push_str(&format!("{:?}\0{}\0{because}\n", item.kind, item.name));
        }
        digest::hex(&digest::sha256(text.as_bytes())[..8])
    }
}

/// Gives parameters and fields the reasons that their operation has for them. A path explains what is below it too.
fn explain(contract: &Contract, operation: &Operation, items: &mut [Item], problems: &mut Vec<Problem>) {
    if operation.untested_parts.is_empty() {
        return;
    }
    let prefix = format!("{}: ", operation.id);
    let is_part = |item: &&mut Item| matches!(item.kind, Documented::Parameter | Documented::AnswerField);
    let mut parts: Vec<&mut Item> =
        items.iter_mut().filter(is_part).filter(|item| item.name.starts_with(&prefix)).collect();
    for (path, reason) in &operation.untested_parts {
        let mut found = false;
        for item in &mut parts {
            let rest = item.name[prefix.len()..].strip_prefix(path.value.as_str());
            if rest.is_some_and(|rest| rest.is_empty() || rest.starts_with(['.', '['])) {
                item.untested = Some(reason.clone());
                found = true;
            }
        }
        if !found {
            let known: Vec<&str> = parts.iter().map(|item| &item.name[prefix.len()..]).collect();
            let what = format!("parameter or field of `{}`", operation.id);
            problems.push(unknown(&contract.file, path.span, &what, path, known));
        }
    }
}

struct Builder<'a> {
    contract: &'a Contract,
    items: &'a mut Vec<Item>,
    /// Codes and values that several operations share, by where they stand.
    known: HashMap<String, u32>,
}

impl Builder<'_> {
    fn add(&mut self, item: Item) -> u32 {
        self.items.push(item);
        u32::try_from(self.items.len() - 1).unwrap_or(u32::MAX)
    }

    fn at(&self, span: Span) -> Location {
        Location::new(&self.contract.file, span)
    }

    /// `#39` with the document's name.
    fn full(&self, doc: Option<&str>) -> Option<String> {
        let doc = doc?;
        let document = self.contract.document.as_deref().unwrap_or_default();
        Some(if doc.starts_with('#') { format!("{document}{doc}") } else { doc.to_owned() })
    }

    fn operation(&mut self, operation: &Operation) -> OperationIndex {
        let item = self.add(Item {
            kind: Documented::Operation,
            name: operation.id.clone(),
            location: operation.location.clone(),
            doc: operation.doc.clone(),
            untested: operation.untested.clone(),
        });
        let top =
            || Place { doc: operation.doc.clone(), untested: operation.untested.clone(), ..Place::default() };
        let parameters = operation.parameters.iter().map(|p| self.parameter(operation, p)).collect();
        let (mut request, mut answer) = (top(), top());
        for body in &operation.bodies {
            if let Some(pointer) = &body.schema_at {
                collect(&self.contract.root, pointer, &mut request, syntax(&body.essence) == Syntax::Xml);
            }
        }
        for media in operation.responses.iter().flat_map(|r| &r.media) {
            if let Some(pointer) = &media.schema_at {
                collect(&self.contract.root, pointer, &mut answer, syntax(&media.essence) == Syntax::Xml);
            }
        }
        let name = |path: &str| format!("{}: {path}", operation.id);
        let request = self.body(Documented::Parameter, &request, &name);
        let answer = self.body(Documented::AnswerField, &answer, &name);
        let codes = operation.codes.as_ref().map(|c| self.codes(operation, None, c)).unwrap_or_default();
        let callbacks =
            operation.callbacks.iter().map(|c| (c.name.clone(), self.callback(operation, c))).collect();
        let examples = self.examples(operation);
        let mut in_answer = Vec::new();
        answer.numbers(&mut in_answer);
        OperationIndex { item, parameters, request, answer, in_answer, codes, examples, callbacks }
    }

    fn parameter(&mut self, operation: &Operation, parameter: &Parameter) -> ParameterIndex {
        let name = format!("{}: {}", operation.id, parameter.name);
        let field = self.single(operation, parameter, Documented::Parameter, name);
        ParameterIndex { name: parameter.name.clone(), place: parameter.place, field }
    }

    /// A parameter, whatever its schema: a list of values is one parameter.
    fn single(
        &mut self,
        operation: &Operation,
        parameter: &Parameter,
        kind: Documented,
        name: String,
    ) -> Field {
        let mut place = Place {
            doc: parameter.doc.clone().or_else(|| operation.doc.clone()),
            untested: parameter.untested.clone().or_else(|| operation.untested.clone()),
            ..Place::default()
        };
        if let Some(pointer) = &parameter.schema_at {
            collect(&self.contract.root, pointer, &mut place, false);
        }
        let item = self.add(Item {
            kind,
            name,
            location: parameter.location.clone(),
            doc: parameter.doc.clone().or_else(|| operation.doc.clone()),
            untested: place.untested.clone(),
        });
        let values = self.values(&place, &parameter.name);
        Field { item: Some(item), values, ..Field::default() }
    }

    /// The leaves of a body.
    fn body(&mut self, kind: Documented, place: &Place, name: &dyn Fn(&str) -> String) -> Field {
        // A body without documented fields has none to count.
        if place.is_leaf() && place.items.is_none() {
            return Field { values: self.values(place, "body"), ..Field::default() };
        }
        self.field(kind, place, "", name)
    }

    fn field(&mut self, kind: Documented, place: &Place, path: &str, name: &dyn Fn(&str) -> String) -> Field {
        let last = path.rsplit('.').next().unwrap_or(path);
        let mut field = Field { values: self.values(place, last), ..Field::default() };
        if place.is_leaf() {
            field.item = Some(self.add(Item {
                kind,
                name: name(path),
                location: self.at(place.span),
                doc: self.full(place.doc.as_deref()),
                untested: place.untested.clone(),
            }));
        }
        for (member, below) in &place.members {
            let path = if path.is_empty() { member.clone() } else { format!("{path}.{member}") };
            field.members.insert(member.clone(), self.field(kind, below, &path, name));
        }
        if let Some(items) = &place.items {
            // The items of a list of plain values are the list's own.
            let below = match items.is_leaf() {
                true => Field { values: self.values(items, last), ..Field::default() },
                false => self.field(kind, items, &format!("{path}[]"), name),
            };
            field.items = Some(Box::new(below));
        }
        field
    }

    fn values(&mut self, place: &Place, field: &str) -> Vec<(String, u32)> {
        let mut found = Vec::new();
        for value in &place.values {
            let key = format!("{}={}", value.pointer, value.value);
            let item = match self.known.get(&key) {
                Some(item) => *item,
                None => {
                    let item = self.add(Item {
                        kind: Documented::EnumerationValue,
                        name: format!("{field} = {}", value.value),
                        location: self.at(value.span),
                        doc: self.full(value.doc.as_deref()),
                        untested: value.untested.clone(),
                    });
                    self.known.insert(key, item);
                    item
                }
            };
            found.push((value.value.clone(), item));
        }
        found
    }

    /// A table that stands at the top of the spec is every operation's and documented once.
    fn codes(&mut self, operation: &Operation, callback: Option<&str>, codes: &Codes) -> Vec<(String, u32)> {
        let shared = |o: &Operation| o.codes.as_ref().is_some_and(|c| c.location == codes.location);
        let one = self.contract.operations.iter().filter(|o| shared(o)).count() <= 1;
        let of = match callback {
            Some(callback) => format!("{}: callback {callback}: ", operation.id),
            None if one => format!("{}: ", operation.id),
            None => String::new(),
        };
        let mut found = Vec::new();
        for code in &codes.table {
            let key = format!("{}:{}", code.location, code.code);
            let item = match self.known.get(&key) {
                Some(item) => *item,
                None => {
                    let item = self.add(Item {
                        kind: Documented::Code,
                        name: format!("{of}{} ({})", code.code, code.meaning),
                        location: code.location.clone(),
                        doc: code.doc.clone(),
                        untested: code.untested.clone(),
                    });
                    self.known.insert(key, item);
                    item
                }
            };
            found.push((code.code.clone(), item));
        }
        found
    }

    fn callback(&mut self, operation: &Operation, callback: &CallbackSpec) -> CallbackIndex {
        let mut fields = Field::default();
        for parameter in &callback.parameters {
            let name = format!("{}: callback {}: {}", operation.id, callback.name, parameter.name);
            let field = self.single(operation, parameter, Documented::AnswerField, name);
            fields.members.insert(parameter.name.clone(), field);
        }
        let name = Some(callback.name.as_str());
        let codes = callback.codes.as_ref().map(|c| self.codes(operation, name, c)).unwrap_or_default();
        CallbackIndex { fields, codes }
    }

    /// Request and answer of one name are one example.
    fn examples(&mut self, operation: &Operation) -> Vec<ExampleIndex> {
        let answers = operation.responses.iter().flat_map(|r| &r.media).flat_map(|m| &m.examples);
        let bodies = operation.bodies.iter().flat_map(|b| &b.examples);
        let parameters = operation.parameters.iter().flat_map(|p| &p.examples);
        let callbacks = operation.callbacks.iter().flat_map(|c| &c.parameters).flat_map(|p| &p.examples);
        let mut found: Vec<ExampleIndex> = Vec::new();
        let all: Vec<&ExampleSpec> = answers.chain(bodies).chain(parameters).chain(callbacks).collect();
        for example in all {
            let document = self.contract.document.as_deref();
            let lines = example.doc.as_deref().map(|doc| Lines::of(doc, document)).unwrap_or_default();
            match found.iter_mut().find(|known| known.name == example.name) {
                Some(known) => {
                    known.lines.add(lines);
                    let item = &mut self.items[known.item as usize];
                    item.doc = item.doc.take().or_else(|| example.doc.clone());
                    item.untested = item.untested.take().or_else(|| example.untested.clone());
                }
                None => {
                    let item = self.add(Item {
                        kind: Documented::Example,
                        name: format!("{}: {}", operation.id, example.name),
                        location: example.location.clone(),
                        doc: example.doc.clone(),
                        untested: example.untested.clone().or_else(|| operation.untested.clone()),
                    });
                    found.push(ExampleIndex { name: example.name.clone(), item, lines });
                }
            }
        }
        found
    }
}
