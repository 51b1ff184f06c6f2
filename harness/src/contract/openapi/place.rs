//! A place in a spec.

use crate::yaml::{Key, Node};

/// A node and its JSON pointer in the spec.
#[derive(Clone)]
pub(super) struct Place<'n> {
    pub(super) node: &'n Node,
    pub(super) pointer: String,
}

impl<'n> Place<'n> {
    pub(super) fn child(&self, name: &str) -> Option<Place<'n>> {
        let node = self.node.get(name)?;
        Some(Place { node, pointer: format!("{}/{}", self.pointer, crate::http::json::escape(name)) })
    }

    pub(super) fn children(&self) -> impl Iterator<Item = (&'n Key, Place<'n>)> + use<'n> {
        let pointer = self.pointer.clone();
        self.node.entries().iter().map(move |(key, node)| {
            let pointer = format!("{pointer}/{}", crate::http::json::escape(&key.name));
            (key, Place { node, pointer })
        })
    }

    pub(super) fn items(&self) -> impl Iterator<Item = Place<'n>> + use<'n> {
        let pointer = self.pointer.clone();
        self.node
            .items()
            .iter()
            .enumerate()
            .map(move |(i, node)| Place { node, pointer: format!("{pointer}/{i}") })
    }
}
