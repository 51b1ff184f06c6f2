//! What a schema documents: its leaves, and the values of its enumerations.

use crate::expr::printed;
use crate::http::json::escape;
use crate::model::source::Span;
use crate::yaml::Node;

/// Schemas that refer to themselves are followed this deep.
const MAX_DEPTH: usize = 12;

/// A place of a body: what stands there, merged from all schemas that say something of it.
#[derive(Debug, Default)]
pub struct Place {
    pub span: Span,
    /// `x-proofmark.doc` and `x-proofmark.untested`, its own or those of what it stands in.
    pub doc: Option<String>,
    pub untested: Option<String>,
    pub members: Vec<(String, Place)>,
    pub items: Option<Box<Place>>,
    pub values: Vec<EnumValue>,
}

/// A value of an `enum`, known by where it stands: a component that many fields share documents it once.
#[derive(Debug, Clone)]
pub struct EnumValue {
    /// JSON pointer in the spec.
    pub pointer: String,
    pub value: String,
    pub span: Span,
    pub doc: Option<String>,
    pub untested: Option<String>,
}

impl Place {
    fn member(&mut self, name: &str, span: Span) -> &mut Place {
        let at = match self.members.iter().position(|(known, _)| known == name) {
            Some(at) => at,
            None => {
                let (doc, untested) = (self.doc.clone(), self.untested.clone());
                self.members.push((name.to_owned(), Place { span, doc, untested, ..Place::default() }));
                self.members.len() - 1
            }
        };
        &mut self.members[at].1
    }

    /// Whether nothing that has a name stands below: such a place is what is counted.
    pub fn is_leaf(&self) -> bool {
        self.members.is_empty() && self.items.as_ref().is_none_or(|items| items.is_leaf())
    }
}

/// Adds what the schema at a pointer says to a place. `as_xml` names members as XML is projected.
pub fn collect(root: &Node, pointer: &str, place: &mut Place, as_xml: bool) {
    let Some(node) = root.pointer(pointer) else { return };
    match xml_name(node, root).filter(|_| as_xml) {
        Some(name) => {
            let span = node.span;
            schema(root, pointer, place.member(&name, span), as_xml, 0);
        }
        None => schema(root, pointer, place, as_xml, 0),
    }
}

fn schema(root: &Node, pointer: &str, place: &mut Place, as_xml: bool, depth: usize) {
    let Some(node) = root.pointer(pointer).filter(|_| depth <= MAX_DEPTH) else { return };
    if let Some(target) = reference(node) {
        schema(root, target, place, as_xml, depth + 1);
    }
    if let Some(own) = node.get("x-proofmark") {
        let text = |key: &str| own.get(key).and_then(Node::as_str).map(str::to_owned);
        place.doc = text("doc").or_else(|| place.doc.take());
        place.untested = text("untested").or_else(|| place.untested.take());
    }
    if let Some(list) = node.get("enum") {
        values(node, list, &format!("{pointer}/enum"), place);
    }
    if let Some(properties) = node.get("properties") {
        for (key, child) in properties.entries() {
            let name = match as_xml {
                true => projected(child, root, &key.name),
                false => key.name.clone(),
            };
            let below = format!("{pointer}/properties/{}", escape(&key.name));
            schema(root, &below, place.member(&name, key.span), as_xml, depth + 1);
        }
    }
    for key in ["items", "contains"] {
        if let Some(child) = node.get(key).filter(|n| !n.entries().is_empty()) {
            let (doc, untested) = (place.doc.clone(), place.untested.clone());
            let items = place.items.get_or_insert_with(|| {
                Box::new(Place { span: child.span, doc, untested, ..Place::default() })
            });
            schema(root, &format!("{pointer}/{key}"), items, as_xml, depth + 1);
        }
    }
    for key in ["allOf", "anyOf", "oneOf"] {
        for index in 0..node.get(key).map_or(0, |n| n.items().len()) {
            schema(root, &format!("{pointer}/{key}/{index}"), place, as_xml, depth + 1);
        }
    }
    for key in ["if", "then", "else"] {
        if node.get(key).is_some() {
            schema(root, &format!("{pointer}/{key}"), place, as_xml, depth + 1);
        }
    }
}

fn values(node: &Node, list: &Node, pointer: &str, place: &mut Place) {
    let untested = node.pointer("/x-proofmark/untested");
    for value in list.items() {
        let text = printed(&value.to_json());
        let own = untested.and_then(|reasons| reasons.get(&text)).and_then(Node::as_str);
        if !place.values.iter().any(|v| v.pointer == pointer && v.value == text) {
            place.values.push(EnumValue {
                pointer: pointer.to_owned(),
                value: text,
                span: value.span,
                doc: place.doc.clone(),
                untested: own.map(str::to_owned).or_else(|| place.untested.clone()),
            });
        }
    }
}

fn reference(node: &Node) -> Option<&str> {
    node.get("$ref").and_then(Node::as_str)?.strip_prefix('#')
}

/// `xml.name` of a schema, or of the one that it refers to.
fn xml_name(node: &Node, root: &Node) -> Option<String> {
    let own = node.pointer("/xml/name").and_then(Node::as_str).map(str::to_owned);
    own.or_else(|| xml_name(root.pointer(reference(node)?)?, root))
}

/// The name that a property has where XML is projected: `@name` of an attribute.
fn projected(node: &Node, root: &Node, name: &str) -> String {
    let own = node.pointer("/xml/name").and_then(Node::as_str).unwrap_or(name);
    let target = reference(node).and_then(|pointer| root.pointer(pointer));
    let is_attribute =
        |n: &Node| n.pointer("/xml/attribute").is_some_and(|v| v.kind == crate::yaml::Kind::Bool(true));
    match is_attribute(node) || target.is_some_and(is_attribute) {
        true => format!("@{own}"),
        false => own.to_owned(),
    }
}
