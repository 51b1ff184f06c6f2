//! What the validator lets pass in a schema and should not.
//!
//! xsd-schema 0.3.0 compiles a schema with unresolved type names, attributes of complex types and XSD 1.1 types (it
//! reports them, or ignores them, when an instance comes by), and reads `vc:` attributes as any other. Each of these is
//! an error here, with its place and the nearest name.

use super::SchemaError;
use super::source::{Source, Sources, Target, XS};
use crate::xml::names::{self, Scope};
use crate::xml::{Attribute, Element};
use std::collections::{BTreeSet, HashSet};

/// Conditional inclusion (XSD 1.1).
const VERSIONING: &str = "http://www.w3.org/2007/XMLSchema-versioning";
/// Elements that only XSD 1.1 has.
const XSD11: [&str; 7] = [
    "alternative",
    "assert",
    "assertion",
    "defaultOpenContent",
    "explicitTimezone",
    "openContent",
    "override",
];
/// The built-in simple types of XSD 1.0.
const BUILTIN: &str = "anySimpleType string boolean decimal float double duration dateTime time date gYearMonth gYear \
    gMonthDay gDay gMonth hexBinary base64Binary anyURI QName NOTATION normalizedString token language NMTOKEN NMTOKENS \
    Name NCName ID IDREF IDREFS ENTITY ENTITIES integer nonPositiveInteger negativeInteger long int short byte \
    nonNegativeInteger unsignedLong unsignedInt unsignedShort unsignedByte positiveInteger";

/// The symbol spaces of a schema that references lead into.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
enum Kind {
    Element,
    Attribute,
    SimpleType,
    ComplexType,
    Group,
    AttributeGroup,
    Constraint,
}

/// Kind, namespace (`""` for none) and name of a component.
type Component = (Kind, String, String);

/// A document in the role it has in the schema: included into a namespace, it may take on that namespace.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
struct Role<'a> {
    index: usize,
    namespace: &'a str,
}

/// Everything wrong with the references and the vocabulary of a schema.
pub(crate) fn check(sources: &Sources) -> Vec<SchemaError> {
    let roles = roles(sources);
    let mut known = BTreeSet::new();
    for role in &roles {
        declared(&sources.documents[role.index], role.namespace, &mut known);
    }
    let mut errors = Vec::new();
    let mut done = HashSet::new();
    for role in &roles {
        let source = &sources.documents[role.index];
        let first = done.insert(role.index);
        for element in source.document.root().descendants().filter(|e| e.namespace() == Some(XS)) {
            if first {
                vocabulary(source, element, &mut errors);
            }
            references(source, role.namespace, element, &known, &mut errors);
        }
    }
    if errors.is_empty() && !known.iter().any(|(kind, ..)| *kind == Kind::Element) {
        let message = "the schema declares no global element, so no document could be valid".to_owned();
        let main = &sources.documents[0];
        errors.push(SchemaError::at(&main.path, main.document.root().position(), message));
    }
    errors
}

/// Every document with every namespace it is used for, the main document first.
fn roles(sources: &Sources) -> Vec<Role<'_>> {
    let own = |index: usize| sources.documents[index].document.root().attribute("targetNamespace");
    let mut roles = vec![Role { index: 0, namespace: own(0).unwrap_or("") }];
    let mut at = 0;
    while let Some(role) = roles.get(at).copied() {
        let source = &sources.documents[role.index];
        for directive in source.document.root().elements() {
            let location = directive.attribute("schemaLocation").map(str::trim);
            let Some(Target::Source(index)) = location.and_then(|l| source.targets.get(l)) else { continue };
            let taken_on = if directive.local_name() == "import" { "" } else { role.namespace };
            let next = Role { index: *index, namespace: own(*index).unwrap_or(taken_on) };
            if !roles.contains(&next) {
                roles.push(next);
            }
        }
        at += 1;
    }
    roles
}

/// The components that a document declares.
fn declared(source: &Source, namespace: &str, known: &mut BTreeSet<Component>) {
    let mut add = |kind: Kind, element: Element<'_>| {
        if let Some(name) = element.attribute("name") {
            known.insert((kind, namespace.to_owned(), name.trim().to_owned()));
        }
    };
    for top in source.document.root().elements().filter(|e| e.namespace() == Some(XS)) {
        match top.local_name() {
            "element" => add(Kind::Element, top),
            "attribute" => add(Kind::Attribute, top),
            "simpleType" => add(Kind::SimpleType, top),
            "complexType" => add(Kind::ComplexType, top),
            "group" => add(Kind::Group, top),
            "attributeGroup" => add(Kind::AttributeGroup, top),
            _ => {}
        }
    }
    let constraints =
        |e: &Element<'_>| e.namespace() == Some(XS) && matches!(e.local_name(), "key" | "unique");
    source.document.root().descendants().filter(constraints).for_each(|e| add(Kind::Constraint, e));
}

/// XSD 1.1, which is not supported.
fn vocabulary(source: &Source, element: Element<'_>, errors: &mut Vec<SchemaError>) {
    if XSD11.contains(&element.local_name()) {
        let message = format!("`{}` is XSD 1.1, which is not supported", element.name());
        errors.push(SchemaError::at(&source.path, element.position(), message));
    }
    // On the schema itself editors write `vc:minVersion` as a matter of course; it leaves nothing out.
    let harmless = |a: &Attribute| element.parent().is_none() && a.local_name() == "minVersion";
    let conditional = |a: &&Attribute| a.namespace.as_deref() == Some(VERSIONING) && !harmless(a);
    for attribute in element.attributes().iter().filter(conditional) {
        let message = format!("`{}` is XSD 1.1, which is not supported", attribute.name);
        errors.push(SchemaError::at(&source.path, attribute.position, message));
    }
}

/// Checks that every name that `element` refers to is declared.
fn references(
    source: &Source,
    namespace: &str,
    element: Element<'_>,
    known: &BTreeSet<Component>,
    errors: &mut Vec<SchemaError>,
) {
    use Kind::{Attribute, AttributeGroup, ComplexType, Constraint, Group, SimpleType};
    let any_type: &[Kind] = &[SimpleType, ComplexType];
    let wanted: &[(&str, &[Kind])] = match element.local_name() {
        "element" => {
            &[("type", any_type), ("ref", &[Kind::Element]), ("substitutionGroup", &[Kind::Element])]
        }
        "attribute" => &[("type", &[SimpleType]), ("ref", &[Attribute])],
        "group" => &[("ref", &[Group])],
        "attributeGroup" => &[("ref", &[AttributeGroup])],
        "restriction" | "extension" => &[("base", any_type)],
        "list" => &[("itemType", &[SimpleType])],
        "union" => &[("memberTypes", &[SimpleType])],
        "keyref" => &[("refer", &[Constraint])],
        _ => return,
    };
    for (attribute, kinds) in wanted {
        let Some(attribute) = element.attributes().iter().find(|a| a.name == *attribute) else { continue };
        for name in attribute.value.split_ascii_whitespace() {
            if let Err(message) = resolve(name, kinds, namespace, element, source, known) {
                errors.push(reference_error(source, attribute, message));
            }
        }
    }
}

fn reference_error(source: &Source, attribute: &Attribute, message: String) -> SchemaError {
    SchemaError {
        code: Some("src-resolve".to_owned()),
        ..SchemaError::at(&source.path, attribute.position, message)
    }
}

fn resolve(
    name: &str,
    kinds: &[Kind],
    own: &str,
    element: Element<'_>,
    source: &Source,
    known: &BTreeSet<Component>,
) -> Result<(), String> {
    let what = kinds[0].name(kinds.len() > 1);
    let (prefix, local) = names::split(name);
    let uri =
        Scope::around(element).lookup(prefix).map_err(|()| format!("prefix `{prefix}` is not declared"))?;
    // A document without a namespace takes on that of the document that includes it, and so do its references.
    let chameleon = uri.is_none() && source.document.root().attribute("targetNamespace").is_none();
    let uri = if chameleon { own } else { uri.as_deref().unwrap_or("") };
    if uri == XS {
        let simple = BUILTIN.split_ascii_whitespace().any(|builtin| builtin == local);
        let complex = local == "anyType" && kinds.contains(&Kind::ComplexType);
        let fits = complex || (simple && kinds.contains(&Kind::SimpleType));
        return if fits { Ok(()) } else { Err(format!("XSD 1.0 has no {what} `{name}`")) };
    }
    let carried = source.targets.values().any(|t| matches!(t, Target::Embedded(_)));
    if uri == names::XML || (carried && uri == "http://www.w3.org/1999/xlink") {
        return Ok(());
    }
    if kinds.iter().any(|kind| known.contains(&(*kind, uri.to_owned(), local.to_owned()))) {
        return Ok(());
    }
    if known.contains(&(Kind::ComplexType, uri.to_owned(), local.to_owned())) && kinds == [Kind::SimpleType] {
        return Err(format!("`{name}` is a complex type, and a simple one is needed"));
    }
    let place = if uri.is_empty() { String::new() } else { format!(" in namespace `{uri}`") };
    let same = |(kind, ns, _): &&Component| kinds.contains(kind) && ns == uri;
    let nearest = crate::xml::nearest(local, known.iter().filter(same).map(|(.., name)| name.as_str()));
    let hint = nearest.map(|name| format!(" (nearest: `{name}`)")).unwrap_or_default();
    Err(format!("unknown {what} `{local}`{place}{hint}"))
}

impl Kind {
    fn name(self, any_type: bool) -> &'static str {
        match self {
            Kind::SimpleType | Kind::ComplexType if any_type => "type",
            Kind::Element => "element",
            Kind::Attribute => "attribute",
            Kind::SimpleType => "simple type",
            Kind::ComplexType => "complex type",
            Kind::Group => "group",
            Kind::AttributeGroup => "attribute group",
            Kind::Constraint => "key",
        }
    }
}
