//! [`Grammar`]: what the documents of a schema declare, as far as strategies use it.

use crate::model::source::Location;
use crate::xml::Name;
use crate::xml::xsd::Schema;
use crate::xml::{Document, Element};
use std::cell::Cell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

const XS: &str = "http://www.w3.org/2001/XMLSchema";
/// Types that refer to themselves are followed this deep.
const MAX_DEPTH: usize = 24;
/// Declarations that are read for one root.
const DECLARATIONS: usize = 600;

/// The documents of a schema, and where each component stands in them.
pub struct Grammar {
    documents: Vec<(PathBuf, Document)>,
    /// By kind (`element`, `type`, `group`, `attributeGroup`, `attribute`), namespace and name.
    components: BTreeMap<(&'static str, Name), (usize, usize)>,
    /// Declarations that may still be read for one root: types that contain each other would have no end.
    left: Cell<usize>,
}

/// How often something may stand.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Occurs {
    pub min: usize,
    /// `None` is unbounded.
    pub max: Option<usize>,
}

#[derive(Debug, Clone)]
pub enum Particle {
    Element(Box<Declaration>, Occurs),
    Sequence(Vec<Particle>, Occurs),
    Choice(Vec<Particle>, Occurs),
    All(Vec<Particle>, Occurs),
}

/// An element as it is declared.
impl Particle {
    /// Whether an element of a local name stands in it.
    pub fn has(&self, local: &str) -> bool {
        match self {
            Particle::Element(declaration, _) => declaration.name.local == local,
            Particle::Sequence(parts, _) | Particle::Choice(parts, _) | Particle::All(parts, _) => {
                parts.iter().any(|part| part.has(local))
            }
        }
    }

    /// Whether two different elements stand in it one after the other.
    pub fn has_order(&self) -> bool {
        match self {
            Particle::Sequence(parts, _) => parts.len() > 1 || parts.iter().any(Particle::has_order),
            Particle::Element(..) | Particle::Choice(..) | Particle::All(..) => false,
        }
    }
}

#[derive(Debug, Clone)]
pub struct Declaration {
    pub name: Name,
    pub kind: Type,
    /// The only value that it may have.
    pub fixed: Option<String>,
    /// File and line of the declaration.
    pub location: Location,
}

#[derive(Debug, Clone)]
pub enum Type {
    Simple(Simple),
    Complex {
        attributes: Vec<AttributeUse>,
        content: Body,
        mixed: bool,
    },
    /// Anything.
    Any,
}

#[derive(Debug, Clone)]
pub enum Body {
    Empty,
    Simple(Simple),
    /// Not looked into below the depth at which a type has come back to itself.
    Elements(Option<Particle>),
}

#[derive(Debug, Clone)]
pub struct AttributeUse {
    pub name: Name,
    pub required: bool,
    pub kind: Simple,
    pub fixed: Option<String>,
}

/// A simple type: what it is made of, and its facets, the outermost derivation last.
#[derive(Debug, Clone)]
pub struct Simple {
    pub of: Of,
    /// Name of the facet, and its values: of one derivation, `enumeration` and `pattern` are alternatives.
    pub facets: Vec<Vec<(String, String)>>,
}

#[derive(Debug, Clone)]
pub enum Of {
    /// A type of XML Schema part 2 by its name.
    BuiltIn(String),
    List(Box<Simple>),
    Union(Vec<Simple>),
}

impl Grammar {
    pub fn new(schema: &Schema) -> Self {
        let documents: Vec<(PathBuf, Document)> =
            schema.documents().map(|(path, document)| (path.to_owned(), document.clone())).collect();
        let mut components = BTreeMap::new();
        let main = documents.first().map(|(_, document)| target(document)).unwrap_or_default();
        for (index, (_, document)) in documents.iter().enumerate() {
            let namespace = match target(document) {
                // An included document without a namespace has that of the one that includes it.
                none if none.is_empty() => main.clone(),
                own => own,
            };
            for (at, component) in document.root().elements().enumerate() {
                let kind = match (component.namespace(), component.local_name()) {
                    (Some(XS), "element") => "element",
                    (Some(XS), "complexType" | "simpleType") => "type",
                    (Some(XS), "group") => "group",
                    (Some(XS), "attributeGroup") => "attributeGroup",
                    (Some(XS), "attribute") => "attribute",
                    _ => continue,
                };
                let Some(local) = component.attribute("name") else { continue };
                let name = Name { namespace: namespace.clone(), local: local.to_owned() };
                components.entry((kind, name)).or_insert((index, at));
            }
        }
        Self { documents, components, left: Cell::new(0) }
    }

    /// The elements that a document may begin with; those that are abstract are not there.
    pub fn roots(&self) -> Vec<Declaration> {
        let elements = self.components.iter().filter(|((kind, _), _)| *kind == "element");
        elements
            .filter_map(|(_, place)| {
                self.left.set(DECLARATIONS);
                self.declaration(*place, self.component(*place)?, 0)
            })
            .collect()
    }

    fn component(&self, (document, at): (usize, usize)) -> Option<Element<'_>> {
        self.documents.get(document)?.1.root().elements().nth(at)
    }

    fn find(&self, kind: &'static str, name: &Name) -> Option<((usize, usize), Element<'_>)> {
        let place = *self.components.get(&(kind, name.clone()))?;
        Some((place, self.component(place)?))
    }

    /// `None` where the declaration cannot be used: abstract, or of something that is not there.
    fn declaration(&self, place: (usize, usize), element: Element<'_>, depth: usize) -> Option<Declaration> {
        let left = self.left.get();
        if depth > MAX_DEPTH || left == 0 || element.attribute("abstract") == Some("true") {
            return None;
        }
        self.left.set(left - 1);
        if let Some(reference) = element.attribute("ref") {
            let (place, global) = self.find("element", &self.qualified(place, element, reference))?;
            return self.declaration(place, global, depth + 1);
        }
        let global = element.parent().is_some_and(|parent| parent.local_name() == "schema");
        let qualified = match element.attribute("form") {
            Some(form) => form == "qualified",
            None => global || self.root(place).attribute("elementFormDefault") == Some("qualified"),
        };
        let namespace = if qualified { self.namespace(place) } else { String::new() };
        let local = element.attribute("name")?.to_owned();
        let kind = match element.attribute("type") {
            Some(name) => self.named_type(&self.qualified(place, element, name), depth)?,
            None => match xs_child(element, &["complexType", "simpleType"]) {
                Some(inline) => self.inline_type(place, inline, depth)?,
                None => Type::Any,
            },
        };
        let file = self.documents.get(place.0).map(|(path, _)| path.as_path()).unwrap_or(Path::new(""));
        let position = element.position();
        let location = Location {
            file: file.to_string_lossy().into_owned(),
            line: position.line,
            column: position.column,
        };
        Some(Declaration {
            name: Name { namespace, local },
            kind,
            fixed: element.attribute("fixed").map(str::to_owned),
            location,
        })
    }

    fn named_type(&self, name: &Name, depth: usize) -> Option<Type> {
        if name.namespace == XS {
            return Some(match name.local.as_str() {
                "anyType" => Type::Any,
                built_in => Type::Simple(Simple { of: Of::BuiltIn(built_in.to_owned()), facets: Vec::new() }),
            });
        }
        let (place, found) = self.find("type", name)?;
        self.inline_type(place, found, depth + 1)
    }

    fn inline_type(&self, place: (usize, usize), kind: Element<'_>, depth: usize) -> Option<Type> {
        if depth > MAX_DEPTH || kind.attribute("abstract") == Some("true") {
            return None;
        }
        match kind.local_name() {
            "simpleType" => self.simple(place, kind, depth).map(Type::Simple),
            _ => self.complex(place, kind, depth),
        }
    }

    fn complex(&self, place: (usize, usize), kind: Element<'_>, depth: usize) -> Option<Type> {
        let mut mixed = kind.attribute("mixed") == Some("true");
        let mut attributes = Vec::new();
        if let Some(content) = xs_child(kind, &["simpleContent", "complexContent"]) {
            mixed |= content.attribute("mixed") == Some("true");
            let derivation = xs_child(content, &["extension", "restriction"])?;
            let base = self
                .named_type(&self.qualified(place, derivation, derivation.attribute("base")?), depth + 1)?;
            let extends = derivation.local_name() == "extension";
            let own = self.particle_of(place, derivation, depth)?;
            let (inherited, body) = match base {
                Type::Complex { attributes, content, mixed: base_mixed } => {
                    mixed |= base_mixed && extends;
                    (attributes, content)
                }
                Type::Simple(simple) => (Vec::new(), Body::Simple(simple)),
                Type::Any => (Vec::new(), Body::Empty),
            };
            self.attributes(place, derivation, depth, &mut attributes)?;
            let own_names: Vec<Name> = attributes.iter().map(|a: &AttributeUse| a.name.clone()).collect();
            attributes.extend(inherited.into_iter().filter(|a| !own_names.contains(&a.name)));
            let prohibited = prohibited(derivation);
            attributes.retain(|a| !prohibited.contains(&a.name.local));
            let content = match (content.local_name(), body) {
                ("simpleContent", Body::Simple(simple)) => Body::Simple(self.restricted(simple, derivation)),
                ("simpleContent", _) => return None,
                (_, Body::Elements(before)) if extends => Body::Elements(match (before, own) {
                    (Some(before), Some(own)) => Some(Particle::Sequence(vec![before, own], ONCE)),
                    (before, own) => before.or(own),
                }),
                (_, _) => own.map_or(Body::Empty, |own| Body::Elements(Some(own))),
            };
            return Some(Type::Complex { attributes, content, mixed });
        }
        self.attributes(place, kind, depth, &mut attributes)?;
        let particle = self.particle_of(place, kind, depth)?;
        let content = particle.map_or(Body::Empty, |particle| Body::Elements(Some(particle)));
        Some(Type::Complex { attributes, content, mixed })
    }

    /// The model group of a type or a group; outer `None` where it cannot be used.
    fn particle_of(&self, place: (usize, usize), of: Element<'_>, depth: usize) -> Option<Option<Particle>> {
        match xs_child(of, &["sequence", "choice", "all", "group"]) {
            Some(group) => self.particle(place, group, depth + 1),
            None => Some(None),
        }
    }

    fn particle(
        &self,
        place: (usize, usize),
        element: Element<'_>,
        depth: usize,
    ) -> Option<Option<Particle>> {
        let occurs = occurs(element);
        if occurs.max == Some(0) || (depth > MAX_DEPTH && occurs.min == 0) {
            return Some(None);
        }
        if depth > MAX_DEPTH {
            return None;
        }
        let children = || {
            let parts =
                element.elements().filter(|e| e.namespace() == Some(XS) && e.local_name() != "annotation");
            let parts: Option<Vec<Option<Particle>>> =
                parts.map(|part| self.particle(place, part, depth + 1)).collect();
            parts.map(|parts| parts.into_iter().flatten().collect::<Vec<_>>())
        };
        match element.local_name() {
            "element" => match self.declaration(place, element, depth + 1) {
                Some(declaration) => Some(Some(Particle::Element(Box::new(declaration), occurs))),
                None if occurs.min == 0 => Some(None),
                None => None,
            },
            "sequence" => children().map(|parts| Some(Particle::Sequence(parts, occurs))),
            "all" => children().map(|parts| Some(Particle::All(parts, occurs))),
            "choice" => {
                // A branch that cannot be used leaves the others.
                let parts = element
                    .elements()
                    .filter(|e| e.namespace() == Some(XS) && e.local_name() != "annotation");
                let parts: Vec<Particle> =
                    parts.filter_map(|part| self.particle(place, part, depth + 1)).flatten().collect();
                match (parts.is_empty(), occurs.min) {
                    (true, 0) => Some(None),
                    (true, _) => None,
                    (false, _) => Some(Some(Particle::Choice(parts, occurs))),
                }
            }
            "group" => {
                let name = self.qualified(place, element, element.attribute("ref")?);
                let (there, group) = self.find("group", &name)?;
                let inner = self.particle_of(there, group, depth)?;
                Some(inner.map(|inner| Particle::Sequence(vec![inner], occurs)))
            }
            // Anything may stand there; nothing need.
            "any" if occurs.min == 0 => Some(None),
            _ => None,
        }
    }

    fn attributes(
        &self,
        place: (usize, usize),
        of: Element<'_>,
        depth: usize,
        found: &mut Vec<AttributeUse>,
    ) -> Option<()> {
        if depth > MAX_DEPTH {
            return None;
        }
        for child in of.elements().filter(|e| e.namespace() == Some(XS)) {
            match child.local_name() {
                "attribute" if child.attribute("use") != Some("prohibited") => {
                    found.extend(self.attribute(place, child));
                }
                "attributeGroup" => {
                    let Some(reference) = child.attribute("ref") else { continue };
                    let (there, group) =
                        self.find("attributeGroup", &self.qualified(place, child, reference))?;
                    self.attributes(there, group, depth + 1, found)?;
                }
                _ => {}
            }
        }
        Some(())
    }

    fn attribute(&self, place: (usize, usize), element: Element<'_>) -> Option<AttributeUse> {
        let required = element.attribute("use") == Some("required");
        if let Some(reference) = element.attribute("ref") {
            let name = self.qualified(place, element, reference);
            let (there, global) = self.find("attribute", &name)?;
            return Some(AttributeUse { required, name, ..self.attribute(there, global)? });
        }
        let global = element.parent().is_some_and(|parent| parent.local_name() == "schema");
        let qualified = match element.attribute("form") {
            Some(form) => form == "qualified",
            None => global || self.root(place).attribute("attributeFormDefault") == Some("qualified"),
        };
        let namespace = if qualified { self.namespace(place) } else { String::new() };
        let kind = match (element.attribute("type"), xs_child(element, &["simpleType"])) {
            (Some(name), _) => match self.named_type(&self.qualified(place, element, name), 0)? {
                Type::Simple(simple) => simple,
                Type::Complex { .. } | Type::Any => return None,
            },
            (None, Some(inline)) => self.simple(place, inline, 0)?,
            (None, None) => Simple { of: Of::BuiltIn("anySimpleType".into()), facets: Vec::new() },
        };
        let local = element.attribute("name")?.to_owned();
        let fixed = element.attribute("fixed").map(str::to_owned);
        Some(AttributeUse { name: Name { namespace, local }, required, kind, fixed })
    }

    fn simple(&self, place: (usize, usize), kind: Element<'_>, depth: usize) -> Option<Simple> {
        if depth > MAX_DEPTH {
            return None;
        }
        let derivation = xs_child(kind, &["restriction", "list", "union"])?;
        let of_name =
            |name: &str| match self.named_type(&self.qualified(place, derivation, name), depth + 1)? {
                Type::Simple(simple) => Some(simple),
                Type::Complex { .. } | Type::Any => None,
            };
        let inline = || {
            let own = derivation.elements().filter(|e| e.local_name() == "simpleType");
            own.map(|own| self.simple(place, own, depth + 1)).collect::<Option<Vec<_>>>()
        };
        match derivation.local_name() {
            "restriction" => {
                let base = match derivation.attribute("base") {
                    Some(base) => of_name(base)?,
                    None => inline()?.into_iter().next()?,
                };
                Some(self.restricted(base, derivation))
            }
            "list" => {
                let item = match derivation.attribute("itemType") {
                    Some(item) => of_name(item)?,
                    None => inline()?.into_iter().next()?,
                };
                Some(Simple { of: Of::List(Box::new(item)), facets: Vec::new() })
            }
            _ => {
                let named = derivation.attribute("memberTypes").unwrap_or_default();
                let mut members = named.split_whitespace().map(of_name).collect::<Option<Vec<_>>>()?;
                members.extend(inline()?);
                Some(Simple { of: Of::Union(members), facets: Vec::new() })
            }
        }
    }

    fn restricted(&self, mut base: Simple, derivation: Element<'_>) -> Simple {
        let facets: Vec<(String, String)> = derivation
            .elements()
            .filter(|facet| facet.namespace() == Some(XS))
            .filter_map(|facet| Some((facet.local_name().to_owned(), facet.attribute("value")?.to_owned())))
            .collect();
        if !facets.is_empty() {
            base.facets.push(facets);
        }
        base
    }

    fn root(&self, (document, _): (usize, usize)) -> Element<'_> {
        self.documents[document].1.root()
    }

    fn namespace(&self, place: (usize, usize)) -> String {
        match target(&self.documents[place.0].1) {
            none if none.is_empty() => self.documents.first().map(|(_, d)| target(d)).unwrap_or_default(),
            own => own,
        }
    }

    /// A QName as it is meant where it stands.
    fn qualified(&self, place: (usize, usize), near: Element<'_>, name: &str) -> Name {
        let (prefix, local) = name.split_once(':').unwrap_or(("", name));
        let declared = if prefix.is_empty() { "xmlns".to_owned() } else { format!("xmlns:{prefix}") };
        let mut at = Some(near);
        while let Some(element) = at {
            if let Some(uri) = element.attribute(&declared) {
                return Name { namespace: uri.to_owned(), local: local.to_owned() };
            }
            at = element.parent();
        }
        // In an included document without a namespace, names without a prefix are of the one that includes it.
        let namespace = if prefix.is_empty() && place.0 > 0 { self.namespace(place) } else { String::new() };
        Name { namespace, local: local.to_owned() }
    }
}

pub const ONCE: Occurs = Occurs { min: 1, max: Some(1) };

fn target(document: &Document) -> String {
    document.root().attribute("targetNamespace").unwrap_or_default().to_owned()
}

fn xs_child<'a>(element: Element<'a>, names: &[&str]) -> Option<Element<'a>> {
    element.elements().find(|child| child.namespace() == Some(XS) && names.contains(&child.local_name()))
}

fn prohibited(derivation: Element<'_>) -> Vec<String> {
    let attributes = derivation.elements().filter(|e| e.local_name() == "attribute");
    let prohibited = attributes.filter(|e| e.attribute("use") == Some("prohibited"));
    prohibited.filter_map(|e| Some(e.attribute("name")?.to_owned())).collect()
}

fn occurs(element: Element<'_>) -> Occurs {
    let number = |name: &str| element.attribute(name).and_then(|text| text.trim().parse::<usize>().ok());
    let max = match element.attribute("maxOccurs") {
        Some("unbounded") => None,
        _ => Some(number("maxOccurs").unwrap_or(1)),
    };
    Occurs { min: number("minOccurs").unwrap_or(1), max }
}
