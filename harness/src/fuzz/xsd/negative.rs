//! [`negatives`]: documents that break one constraint, by its name.

use super::broken;
use super::grammar::{Body, Declaration, Particle, Simple, Type};
use super::positive::positive_with;
use super::simple;
use crate::model::source::Location;
use crate::xml::xsd::Schema;
use crate::xml::{Name, Node, NodeEdit};
use proptest::prelude::{BoxedStrategy, Just, Strategy};

/// How deep into a document constraints are broken.
const MAX_DEPTH: usize = 4;
/// Constraints of one schema at most.
const MOST: usize = 400;

/// Documents that break one constraint.
#[derive(Debug, Clone)]
pub struct Negative {
    /// `minOccurs`, `maxOccurs`, `order`, `element`, `attribute`, `use`, `text`, `root`, `namespace`, `type`, or a facet.
    pub constraint: String,
    /// Local names from below the root to the element; an attribute has `@` before it.
    pub at: String,
    /// Where the element is declared.
    pub location: Location,
    /// The same as names.
    pub path: Vec<String>,
    /// What breaks the constraint there.
    pub edits: BoxedStrategy<NodeEdit>,
    /// Valid documents with everything that is optional, changed so.
    pub strategy: BoxedStrategy<Node>,
}

impl Negative {
    /// Whether the validator finds the constraint broken that it is named after, and no other.
    pub fn is_broken_by(&self, node: &Node, schema: &Schema) -> bool {
        let Some(codes) = broken(node, schema) else { return false };
        !codes.is_empty() && codes.iter().all(|code| self.means(code))
    }

    /// Whether a rule of the recommendation is what the constraint is checked by.
    fn means(&self, code: &str) -> bool {
        let rules: &[&str] = match self.constraint.as_str() {
            "minOccurs" | "maxOccurs" | "order" | "element" => &["cvc-complex-type.2", "cvc-type.3.1.2"],
            "text" => &["cvc-complex-type.2"],
            "attribute" => &["cvc-complex-type.3", "cvc-type.3.1.1"],
            "use" => &["cvc-complex-type.4"],
            "root" | "namespace" => &["cvc-elt"],
            "type" => &["cvc-datatype-valid", "cvc-type"],
            facet => return code.to_lowercase() == format!("cvc-{}-valid", facet.to_lowercase()),
        };
        rules.iter().any(|rule| code.starts_with(rule))
    }
}

/// Every constraint of the documents that begin with an element which one of them can break by itself.
pub fn negatives(root: &Declaration) -> Vec<Negative> {
    let mut walk = Walk { root, found: Vec::new() };
    walk.push("root", &[], root, NodeEdit::Rename);
    walk.push("namespace", &[], root, NodeEdit::Namespace);
    walk.element(root, &[]);
    walk.found.truncate(MOST);
    walk.found
}

/// The groups that an element stands in.
#[derive(Debug, Clone, Copy, Default)]
struct Around {
    /// It need not be there because one of them need not be.
    optional: bool,
    /// It may be there more often because one of them may be.
    repeated: bool,
}

struct Walk<'w> {
    root: &'w Declaration,
    found: Vec<Negative>,
}

impl Walk<'_> {
    fn push(&mut self, constraint: &str, path: &[String], of: &Declaration, edit: NodeEdit) {
        let attribute = match &edit {
            NodeEdit::RemoveAttribute(name) => Some(name.local.clone()),
            _ => None,
        };
        self.add(constraint, path, attribute.as_deref(), of, Just(edit).boxed());
    }

    fn add(
        &mut self,
        constraint: &str,
        path: &[String],
        attribute: Option<&str>,
        of: &Declaration,
        edits: BoxedStrategy<NodeEdit>,
    ) {
        let mut at = path.join("/");
        if let Some(attribute) = attribute {
            at.push_str(&format!("/@{attribute}"));
        }
        let names = path.to_vec();
        // What cannot be changed stays valid, and is no document of this constraint.
        let changed = move |(mut node, edit): (Node, NodeEdit)| {
            let _ = node.change(&names, &edit);
            node
        };
        self.found.push(Negative {
            constraint: constraint.to_owned(),
            at,
            location: of.location.clone(),
            path: path.to_vec(),
            strategy: (positive_with(self.root, path), edits.clone()).prop_map(changed).boxed(),
            edits,
        });
    }

    /// Documents in which a text at `path` is bad.
    fn texts(&mut self, simple: &Simple, path: &[String], attribute: Option<&Name>, of: &Declaration) {
        for (constraint, texts) in simple::bad(simple) {
            let name = attribute.cloned();
            let edit = move |text: String| match &name {
                None => NodeEdit::Text(text),
                Some(name) => NodeEdit::SetAttribute(name.clone(), text),
            };
            let local = attribute.map(|name| name.local.as_str());
            self.add(&constraint, path, local, of, texts.prop_map(edit).boxed());
        }
    }

    fn element(&mut self, declaration: &Declaration, path: &[String]) {
        self.push("attribute", path, declaration, NodeEdit::AddAttribute);
        let (attributes, content, mixed) = match &declaration.kind {
            Type::Any => return,
            Type::Simple(simple) => return self.texts(simple, path, None, declaration),
            Type::Complex { attributes, content, mixed } => (attributes, content, *mixed),
        };
        for attribute in attributes {
            if attribute.required {
                self.push("use", path, declaration, NodeEdit::RemoveAttribute(attribute.name.clone()));
            }
            if attribute.fixed.is_none() {
                self.texts(&attribute.kind, path, Some(&attribute.name), declaration);
            }
        }
        match content {
            Body::Simple(simple) => self.texts(simple, path, None, declaration),
            Body::Empty | Body::Elements(None) => {
                self.push("element", path, declaration, NodeEdit::AddElement)
            }
            Body::Elements(Some(particle)) => {
                self.push("element", path, declaration, NodeEdit::AddElement);
                if !mixed {
                    self.push("text", path, declaration, NodeEdit::AddText);
                }
                if particle.has_order() {
                    self.push("order", path, declaration, NodeEdit::Swap);
                }
                if path.len() < MAX_DEPTH {
                    self.inside(particle, path, Around::default());
                }
            }
        }
    }

    fn inside(&mut self, particle: &Particle, path: &[String], around: Around) {
        if self.found.len() >= MOST {
            return;
        }
        match particle {
            Particle::Sequence(parts, occurs)
            | Particle::Choice(parts, occurs)
            | Particle::All(parts, occurs) => {
                let around = Around {
                    optional: around.optional || occurs.min == 0 || matches!(particle, Particle::Choice(..)),
                    repeated: around.repeated || occurs.max != Some(1),
                };
                parts.iter().for_each(|part| self.inside(part, path, around));
            }
            // A type that contains itself has said all there is.
            Particle::Element(child, _) if path.contains(&child.name.local) => {}
            Particle::Element(child, occurs) => {
                let mut below = path.to_vec();
                below.push(child.name.local.clone());
                if occurs.min > 0 && !around.optional {
                    self.push("minOccurs", &below, child, NodeEdit::Remove);
                }
                if let Some(most) = occurs.max.filter(|most| *most < 50 && !around.repeated) {
                    self.push("maxOccurs", &below, child, NodeEdit::Beyond(most));
                }
                self.element(child, &below);
            }
        }
    }
}
