//! The callbacks of operations: requests that the target sends.

use super::METHODS;
use super::loader::Loader;
use super::place::Place;
use crate::contract::expression::pieces;
use crate::contract::operation::CallbackSpec;
use crate::model::source::Location;
use std::sync::Arc;

impl<'a> Loader<'a> {
    pub(super) fn callbacks(
        &mut self,
        operation: &Place<'a>,
        charset: Option<&str>,
    ) -> Vec<Arc<CallbackSpec>> {
        let Some(callbacks) = operation.child("callbacks") else { return Vec::new() };
        let entries: Vec<_> = callbacks.children().collect();
        let mut found = Vec::new();
        for (name, place) in entries {
            let Some(place) = self.resolve(place) else { continue };
            let items: Vec<_> = place.children().filter(|(key, _)| !key.name.starts_with("x-")).collect();
            for (url, item) in items {
                if let Err(error) = pieces(&url.name) {
                    super::links::not_an_expression(&mut self.reader, &url.name, url.span, error);
                }
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
