//! The details of a document that is not valid: every violation, with its place in the document and in the schema.

use super::compile::Blueprint;
use super::content::{Content, Models, Wanted};
use super::facts::Facts;
use super::message;
use super::walk::{Run, attributes, instance_attributes};
use super::{MAX_VIOLATIONS, NotJudged, Violation};
use crate::xml::tree::{Data, NodeId};
use crate::xml::{Document, Element, Position};
use std::collections::VecDeque;
use xsd_schema::validation::{
    InstancePath, PathStep, SchemaInfo, SchemaValidator, ValidationError, ValidationFlags, ValidationRoot,
};
use xsd_schema::{ElementKey, NameId, SchemaSet, TypeKey};

/// The rule that a child which does not fit its parent, or is missing in it, breaks.
const CONTENT: &str = "cvc-complex-type.2.4";

/// Validates `document` again, step by step.
pub(crate) fn violations(
    set: &SchemaSet,
    blueprint: &Blueprint,
    document: &Document,
) -> Result<Vec<Violation>, NotJudged> {
    let validator = SchemaValidator::new(set, ValidationFlags::empty());
    let mut models = Models::new(set);
    let mut found = Vec::new();
    // Elements that stand where they should not are validated afterwards, each in a run of its own.
    let mut roots = VecDeque::from([(document.root().id, ValidationRoot::Declaration)]);
    while let Some((root, declared)) = roots.pop_front() {
        let mut run = Run::new(&validator, set);
        run.runtime.set_validation_root(declared);
        let facts = Facts { set, blueprint };
        let mut explainer = Explainer {
            run,
            facts,
            models: &mut models,
            document,
            open: Vec::new(),
            found: &mut found,
            misplaced: Vec::new(),
        };
        explainer.walk(root)?;
        roots.extend(explainer.misplaced.into_iter().map(|(id, key)| (id, ValidationRoot::Element(key))));
        if found.len() >= MAX_VIOLATIONS {
            break;
        }
    }
    found.sort_by_key(|violation| violation.position);
    found.truncate(MAX_VIOLATIONS);
    Ok(found)
}

struct Explainer<'a, 's, 'd> {
    run: Run<'s>,
    facts: Facts<'s>,
    models: &'a mut Models<'s>,
    document: &'d Document,
    open: Vec<Open>,
    found: &'a mut Vec<Violation>,
    /// Elements that were left out of the run, with their declarations.
    misplaced: Vec<(NodeId, ElementKey)>,
}

/// An element whose end has not come yet, and what governs it.
struct Open {
    id: NodeId,
    declaration: Option<ElementKey>,
    kind: Option<TypeKey>,
    content: Option<Content>,
}

/// What was being validated when the validator reported something.
enum Step<'a> {
    /// An attribute: its name as written, value, place, and what governs it.
    Attribute(&'a str, &'a str, Position, &'a SchemaInfo),
    /// Anything else of an element.
    Element,
}

impl<'d> Explainer<'_, '_, 'd> {
    fn walk(&mut self, root: NodeId) -> Result<(), NotJudged> {
        let mut at = root;
        loop {
            let mut descend = true;
            if let Some(element) = self.document.element(at) {
                descend = self.start(element);
            } else if let Data::Text(text) | Data::Cdata(text) = self.document.data(at) {
                self.run.text(text);
                self.collect(&Step::Element);
            }
            if let Some(child) = self.document.first_child(at).filter(|_| descend) {
                at = child;
                continue;
            }
            loop {
                if self.open.last().is_some_and(|open| open.id == at) {
                    self.end(at);
                }
                if at == root || self.found.len() >= MAX_VIOLATIONS {
                    return self.finish(root);
                }
                match (self.document.next(at), self.document.parent(at)) {
                    (Some(next), _) => {
                        at = next;
                        break;
                    }
                    (None, Some(parent)) => at = parent,
                    (None, None) => return Err(NotJudged("the tree has no root".to_owned())),
                }
            }
        }
    }

    /// Takes the end of the document, or gives up the rest of it when there are violations enough.
    fn finish(&mut self, root: NodeId) -> Result<(), NotJudged> {
        if let Some(failure) = self.run.runtime.operational_failure() {
            return Err(NotJudged(failure.message.clone()));
        }
        if self.open.is_empty() {
            self.run.finish()?;
            let late = std::mem::take(&mut self.run.runtime.sink.errors);
            late.iter().for_each(|error| self.add(error, &Step::Element, root));
        }
        Ok(())
    }

    /// Starts an element. `false` if it stands where it must not, and is left out.
    fn start(&mut self, element: Element<'d>) -> bool {
        if !self.fits(element) {
            return false;
        }
        self.run.enter(element);
        let (kind, nil) = instance_attributes(element);
        let bindings = self.run.bindings();
        let namespace = element.namespace().unwrap_or("");
        let info = self.run.runtime.validate_element(element.local_name(), namespace, kind, nil, &bindings);
        let content = info.schema_type.filter(|_| !info.is_nil).and_then(|kind| self.models.start(kind));
        self.open.push(Open {
            id: element.id,
            declaration: info.element_decl,
            kind: info.schema_type,
            content,
        });
        self.collect(&Step::Element);
        for attribute in attributes(element) {
            let namespace = attribute.namespace.as_deref().unwrap_or("");
            let info =
                self.run.runtime.validate_attribute(attribute.local_name(), namespace, &attribute.value);
            self.collect(&Step::Attribute(&attribute.name, &attribute.value, attribute.position, &info));
        }
        self.run.runtime.validate_end_of_attributes();
        self.collect(&Step::Element);
        true
    }

    /// Whether the content model of the parent has a place for `element`, once what is missing before it is inserted.
    fn fits(&mut self, element: Element<'d>) -> bool {
        let table = &self.facts.set.name_table;
        let name = table.add(element.local_name());
        let namespace = element.namespace().map(|uri| table.add(uri));
        let Some(Open { content: Some(content), .. }) = self.open.last_mut() else { return true };
        if content.advance(self.models, name, namespace) {
            return true;
        }
        let known = content.known();
        let declared = known.iter().find(|w| (w.name, w.namespace) == (name, namespace)).copied();
        let missing = declared.and_then(|_| content.missing_before(self.models, name, namespace));
        let Some(missing) = missing else {
            let expected = content.expected();
            self.not_allowed(element, declared, &expected, &known);
            self.misplaced.extend(declared.and_then(|d| d.declaration).map(|key| (element.id, key)));
            return false;
        };
        for alternatives in &missing {
            self.insert(alternatives[0]);
            self.missing(element.parent(), alternatives, Some(element));
        }
        if let Some(Open { content: Some(content), .. }) = self.open.last_mut() {
            content.advance(self.models, name, namespace);
        }
        true
    }

    /// Lets the validator believe that a missing element is there, so that it understands what follows.
    fn insert(&mut self, wanted: Wanted) {
        let table = &self.facts.set.name_table;
        let bindings = self.run.bindings();
        let local = table.resolve_ref(wanted.name);
        let namespace = wanted.namespace.map_or("", |id: NameId| table.resolve_ref(id));
        self.run.runtime.validate_element(local, namespace, None, None, &bindings);
        self.run.runtime.validate_end_of_attributes();
        self.run.runtime.validate_end_element();
        self.run.runtime.sink.errors.clear();
        if let Some(Open { content: Some(content), .. }) = self.open.last_mut() {
            content.advance(self.models, wanted.name, wanted.namespace);
        }
    }

    fn end(&mut self, id: NodeId) {
        self.run.runtime.validate_end_element();
        let missing =
            self.open.last().and_then(|open| open.content.as_ref()).map(|c| c.missing_at_end(self.models));
        if let Some(missing) = missing.filter(|missing| !missing.is_empty()) {
            for alternatives in &missing {
                self.missing(self.document.element(id), alternatives, None);
            }
            self.run.runtime.sink.errors.retain(|error| error.constraint != CONTENT);
        }
        self.collect(&Step::Element);
        self.open.pop();
        self.run.leave(id);
    }

    fn not_allowed(
        &mut self,
        element: Element<'_>,
        declared: Option<Wanted>,
        expected: &[Wanted],
        known: &[Wanted],
    ) {
        let name = element.name();
        let place = element.parent().map(|p| format!(" in `{}`", p.name())).unwrap_or_default();
        let names = self.facts.names(expected, element);
        let message = match (declared, names.as_slice()) {
            (None, _) => {
                let known = self.facts.names(known, element);
                let nearest = crate::xml::nearest(element.local_name(), known.iter().map(String::as_str));
                let hint = match nearest {
                    Some(nearest) => format!("nearest: `{nearest}`"),
                    None => format!("known: {}", message::list(&known)),
                };
                format!("unknown element `{name}`{place} ({hint})")
            }
            (Some(wanted), _) if !expected.contains(&wanted) && has_namesake_before(element) => {
                format!("element `{name}` is there once too often{place}")
            }
            (Some(_), []) => {
                format!("element `{name}` is not allowed{place} here, where nothing more is expected")
            }
            (Some(_), names) => {
                format!("element `{name}` is not allowed{place} here (expected: {})", message::list(names))
            }
        };
        let schema = self.open.last().and_then(|open| self.facts.type_place(open.kind?));
        let (xpath, position) = (element.xpath(), element.position());
        self.found.push(Violation { code: CONTENT, message, xpath, position, schema });
    }

    /// Reports an element that is missing in `parent`, before `next` or at the end.
    fn missing(&mut self, parent: Option<Element<'_>>, alternatives: &[Wanted], next: Option<Element<'_>>) {
        let Some(parent) = parent else { return };
        let names = self.facts.names(alternatives, next.unwrap_or(parent));
        let what = match names.as_slice() {
            [name] => format!("element `{name}` is missing"),
            names => format!("one of {} is missing", message::list(names)),
        };
        let before = next.map(|next| format!(" before `{}`", next.name())).unwrap_or_default();
        self.found.push(Violation {
            code: CONTENT,
            message: format!("{what} in `{}`{before}", parent.name()),
            xpath: parent.xpath(),
            position: next.unwrap_or(parent).position(),
            schema: alternatives[0].declaration.and_then(|key| self.facts.element_place(key)),
        });
    }

    /// Takes over what the validator reported about the innermost open element.
    fn collect(&mut self, step: &Step<'_>) {
        let errors = std::mem::take(&mut self.run.runtime.sink.errors);
        let here = self.open.last().map_or(0, |open| open.id);
        errors.iter().for_each(|error| self.add(error, step, here));
    }

    fn add(&mut self, error: &ValidationError, step: &Step<'_>, here: NodeId) {
        let is_here = error.instance_path().is_none_or(|path| self.is_here(path));
        let (id, attribute) = if is_here { (here, None) } else { self.find(error).unwrap_or((here, None)) };
        let Some(element) = self.document.element(id) else { return };
        let mut violation = Violation {
            code: error.constraint,
            message: String::new(),
            xpath: element.xpath(),
            position: element.position(),
            schema: None,
        };
        let open = self.open.last().filter(|_| is_here);
        let text;
        let (value, kind) = match step {
            Step::Attribute(name, value, position, info) if is_here => {
                violation.xpath.push_str(&format!("/@{name}"));
                violation.position = *position;
                violation.schema = self.facts.attribute_place(info);
                (*value, info.schema_type)
            }
            _ => {
                text = element.text();
                (text.as_str(), open.and_then(|open| open.kind))
            }
        };
        if let Some(attribute) =
            attribute.and_then(|name| element.attributes().iter().find(|a| a.name == name))
        {
            violation.xpath.push_str(&format!("/@{}", attribute.name));
            violation.position = attribute.position;
        }
        violation.schema = violation
            .schema
            .or_else(|| open.and_then(|open| self.facts.type_place(open.kind?)))
            .or_else(|| open.and_then(|open| self.facts.element_place(open.declaration?)));
        violation.message = match error.constraint {
            "cvc-elt.1" if id == self.document.root().id => self.facts.unknown_root(element),
            _ => self.facts.message(error, value, kind),
        };
        self.found.push(violation);
    }

    /// Whether a path leads to the innermost open element or one of its attributes.
    fn is_here(&self, path: &InstancePath) -> bool {
        path.steps().filter(|step| matches!(step, PathStep::Element { .. })).count() == self.open.len()
    }

    /// The element that an error is about, and the name as written of the attribute if it is about one.
    fn find(&self, error: &ValidationError) -> Option<(NodeId, Option<&'d str>)> {
        let same = |e: &Element<'_>, step: &PathStep| {
            e.local_name() == step.name().local_name() && e.namespace() == step.name().namespace()
        };
        let mut at: Option<Element<'d>> = None;
        for step in error.instance_path()?.steps() {
            at = match (step.position(), at) {
                (Some(_), None) => Some(self.document.root()).filter(|root| same(root, step)),
                (Some(position), Some(parent)) => {
                    parent.elements().filter(|e| same(e, step)).nth(position - 1)
                }
                (None, at) => {
                    let element = at?;
                    let (local, uri) = (step.name().local_name(), step.name().namespace());
                    let mut fitting = element.attributes().iter();
                    let fits = fitting.find(|a| a.local_name() == local && a.namespace.as_deref() == uri);
                    return Some((element.id, fits.map(|a| a.name.as_str())));
                }
            };
            at?;
        }
        at.map(|element| (element.id, None))
    }
}

/// Whether a sibling before `element` has its name.
fn has_namesake_before(element: Element<'_>) -> bool {
    let siblings = element.parent().into_iter().flat_map(Element::elements);
    siblings.take_while(|e| e.id != element.id).any(|e| e.name() == element.name())
}
