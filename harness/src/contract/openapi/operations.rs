//! The operations of a spec.

use super::METHODS;
use super::loader::Loader;
use super::place::Place;
use crate::contract::extension::{Extension, Untested};
use crate::contract::operation::{Effect, Operation};
use crate::model::source::Location;
use crate::yaml::{Key, Node};
use std::sync::Arc;

impl<'a> Loader<'a> {
    pub(super) fn operations(&mut self, api: &str, top: &Extension) -> Vec<Arc<Operation>> {
        let root = Place { node: self.root, pointer: String::new() };
        let mut operations: Vec<Operation> = Vec::new();
        let Some(paths) = root.child("paths") else {
            self.reader.problem(self.root.span, "the spec has no `paths`");
            return Vec::new();
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
                operations.push(operation);
            }
        }
        super::links::read(&mut self.reader, self.root, &mut operations);
        let operations: Vec<Arc<Operation>> = operations.into_iter().map(Arc::new).collect();
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
}
