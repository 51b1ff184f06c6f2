//! The parameters of operations, paths and callbacks.

use super::loader::Loader;
use super::place::Place;
use crate::contract::extension::Untested;
use crate::contract::operation::{Parameter, ParameterIn};
use std::sync::Arc;

impl<'a> Loader<'a> {
    pub(super) fn parameters(&mut self, holder: &Place<'a>) -> Vec<Arc<Parameter>> {
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
}
