//! Axes and node tests (XPath 1.0 sections 2.2 and 2.3).

use super::TooMuch;
use super::ast::{Axis, Test};
use super::eval::Evaluation;
use super::value::Node;
use crate::xml::names;
use crate::xml::tree::{Data, NodeId};

impl Evaluation<'_> {
    /// The nodes on an axis that pass a test, nearest first.
    pub(super) fn along(&self, axis: Axis, from: Node, test: &Test) -> Result<Vec<Node>, TooMuch> {
        let document = self.document;
        let id = match (axis, from) {
            (Axis::Itself | Axis::DescendantOrSelf, Node::Attribute(..)) => {
                return Ok(if self.passes(axis, from, test) { vec![from] } else { Vec::new() });
            }
            (Axis::Parent, Node::Attribute(owner, _)) => {
                return self.collect(axis, test, std::iter::once(owner));
            }
            (Axis::Ancestor | Axis::AncestorOrSelf, Node::Attribute(owner, _)) => {
                let mut found = if axis == Axis::Ancestor { Vec::new() } else { vec![from] };
                found.retain(|node| self.passes(axis, *node, test));
                found.extend(self.along(Axis::AncestorOrSelf, Node::Tree(owner), test)?);
                return Ok(found);
            }
            (_, Node::Attribute(..)) => return Ok(Vec::new()),
            (_, Node::Tree(id)) => id,
        };
        let preorder =
            move |first: Option<NodeId>| std::iter::successors(first, move |&at| document.following(at, id));
        match axis {
            Axis::Child => self.collect(axis, test, document.ids(id)),
            Axis::Descendant => self.collect(axis, test, preorder(document.first_child(id))),
            Axis::DescendantOrSelf => self.collect(axis, test, preorder(Some(id))),
            Axis::Itself => self.collect(axis, test, std::iter::once(id)),
            Axis::Parent => self.collect(axis, test, document.parent(id).into_iter()),
            Axis::Ancestor => self.collect(
                axis,
                test,
                std::iter::successors(document.parent(id), |&at| document.parent(at)),
            ),
            Axis::AncestorOrSelf => {
                self.collect(axis, test, std::iter::successors(Some(id), |&at| document.parent(at)))
            }
            Axis::FollowingSibling => {
                self.collect(axis, test, std::iter::successors(document.next(id), |&at| document.next(at)))
            }
            Axis::PrecedingSibling => self.collect(
                axis,
                test,
                std::iter::successors(document.previous(id), |&at| document.previous(at)),
            ),
            Axis::Attribute => {
                let attributes = document.element(id).map(|e| e.attributes()).unwrap_or_default();
                self.spend(attributes.len() + 1)?;
                let data = (0..attributes.len()).filter(|&i| !attributes[i].is_namespace_declaration());
                Ok(data
                    .map(|i| Node::Attribute(id, i))
                    .filter(|node| self.passes(axis, *node, test))
                    .collect())
            }
        }
    }

    fn collect(
        &self,
        axis: Axis,
        test: &Test,
        ids: impl Iterator<Item = NodeId>,
    ) -> Result<Vec<Node>, TooMuch> {
        let mut found = Vec::new();
        for id in ids {
            self.spend(1)?;
            let node = Node::Tree(id);
            // Character data around a CDATA section is one text node of XPath: its first piece stands for it.
            let continues =
                self.is_text(id) && self.document.previous(id).is_some_and(|before| self.is_text(before));
            if !continues && self.passes(axis, node, test) {
                found.push(node);
            }
        }
        Ok(found)
    }

    pub(super) fn is_text(&self, id: NodeId) -> bool {
        matches!(self.document.data(id), Data::Text(_) | Data::Cdata(_))
    }

    fn passes(&self, axis: Axis, node: Node, test: &Test) -> bool {
        let data = match node {
            Node::Tree(id) => Some(self.document.data(id)),
            Node::Attribute(..) => None,
        };
        match test {
            Test::Node => true,
            Test::Text => matches!(data, Some(Data::Text(_) | Data::Cdata(_))),
            Test::Comment => matches!(data, Some(Data::Comment(_))),
            Test::Instruction(target) => match data {
                Some(Data::Instruction(text)) => {
                    target.as_ref().is_none_or(|t| text.split(crate::xml::chars::is_space).next() == Some(t))
                }
                _ => false,
            },
            _ => {
                // A name test is about elements, but on the attribute axis about attributes.
                let principal = matches!(node, Node::Attribute(..)) == (axis == Axis::Attribute);
                principal
                    && self
                        .name(node)
                        .is_some_and(|(name, namespace)| self.name_passes(name, namespace, test))
            }
        }
    }

    fn name_passes(&self, name: &str, namespace: Option<&str>, test: &Test) -> bool {
        let (prefix, local) = names::split(name);
        let bound = |prefix: &str| {
            self.namespaces.iter().rev().find(|(p, _)| p == prefix).map(|(_, uri)| uri.as_str())
        };
        match test {
            Test::Any => true,
            Test::Local(wanted) => local == wanted,
            Test::Prefix(wanted) => match bound(wanted) {
                Some(uri) => namespace.unwrap_or("") == uri,
                None => prefix == wanted,
            },
            Test::Name(wanted) => match bound(names::split(wanted).0).filter(|_| wanted.contains(':')) {
                Some(uri) => namespace.unwrap_or("") == uri && local == names::split(wanted).1,
                None => name == wanted,
            },
            _ => false,
        }
    }
}

impl Axis {
    pub(super) fn is_reverse(self) -> bool {
        matches!(self, Axis::Parent | Axis::Ancestor | Axis::AncestorOrSelf | Axis::PrecedingSibling)
    }
}
