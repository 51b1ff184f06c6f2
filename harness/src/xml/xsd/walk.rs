//! Feeding a document to the validator, and the quick answer.

use super::NotJudged;
use crate::xml::chars;
use crate::xml::names::{Scope, XSI};
use crate::xml::tree::{Data, NodeId};
use crate::xml::{Attribute, Document, Element};
use xsd_schema::SchemaSet;
use xsd_schema::namespace::context::NamespaceContextSnapshot;
use xsd_schema::validation::{
    SchemaValidator, ValidationError, ValidationFlags, ValidationRuntime, ValidationSink, ValidationWarning,
};

/// What the validator reported since it was last asked.
#[derive(Default)]
pub(crate) struct Reports {
    pub errors: Vec<ValidationError>,
    /// A reason not to trust the verdict.
    pub doubt: Option<String>,
}

impl ValidationSink for Reports {
    fn on_error(&mut self, error: ValidationError) {
        if !super::quirks::is_mistaken(&error) {
            self.errors.push(error);
        }
    }

    fn on_warning(&mut self, warning: ValidationWarning) {
        // The validator skips an identity constraint that it cannot compile, and only warns.
        if warning.code.starts_with("cvc-") {
            self.doubt.get_or_insert(warning.message);
        }
    }
}

/// A run of the validator over one document.
pub(crate) struct Run<'s> {
    pub runtime: ValidationRuntime<'s, Reports>,
    set: &'s SchemaSet,
    scope: Scope,
    /// Length of the scope, and the bindings, of each open element that declares namespaces, innermost last.
    bindings: Vec<(NodeId, usize, NamespaceContextSnapshot)>,
}

impl<'s> Run<'s> {
    pub(crate) fn new(validator: &'s SchemaValidator<'s>, set: &'s SchemaSet) -> Self {
        let mut runtime = validator.start_run(Reports::default());
        // Documents have no DTD, so that no entity is ever declared.
        runtime.set_unparsed_entities(std::collections::HashSet::new());
        Run { runtime, set, scope: Scope::default(), bindings: Vec::new() }
    }

    /// Takes the namespace declarations of `element` into scope.
    pub(crate) fn enter(&mut self, element: Element<'_>) {
        if !element.attributes().iter().any(Attribute::is_namespace_declaration) {
            return;
        }
        let outside = self.scope.len();
        self.scope.enter(element);
        let mut snapshot = NamespaceContextSnapshot::default();
        for (prefix, uri) in self.scope.visible() {
            let uri = self.set.name_table.add(uri);
            match prefix {
                "" => snapshot.default_ns = Some(uri),
                prefix => snapshot.bindings.push((self.set.name_table.add(prefix), uri)),
            }
        }
        self.bindings.push((element.id, outside, snapshot));
    }

    pub(crate) fn leave(&mut self, id: NodeId) {
        if let Some((_, outside, _)) = self.bindings.pop_if(|(owner, ..)| *owner == id) {
            self.scope.truncate(outside);
        }
    }

    /// The namespaces in scope, as the validator wants them.
    pub(crate) fn bindings(&self) -> NamespaceContextSnapshot {
        self.bindings.last().map(|(.., snapshot)| snapshot.clone()).unwrap_or_default()
    }

    /// Character data.
    pub(crate) fn text(&mut self, text: &str) {
        if chars::is_blank(text) {
            self.runtime.validate_whitespace(text);
        } else {
            self.runtime.validate_text(text);
        }
    }

    /// Ends the run.
    ///
    /// # Errors
    /// When the validator gave up.
    pub(crate) fn finish(&mut self) -> Result<(), NotJudged> {
        self.runtime.end_validation().map_err(|error| NotJudged(error.message))?;
        match self.runtime.sink.doubt.take() {
            Some(doubt) => Err(NotJudged(doubt)),
            None => Ok(()),
        }
    }
}

/// Values of `xsi:type` and `xsi:nil`.
pub(crate) fn instance_attributes<'d>(element: Element<'d>) -> (Option<&'d str>, Option<&'d str>) {
    let value = |local: &str| {
        let fits = |a: &&Attribute| a.namespace.as_deref() == Some(XSI) && a.local_name() == local;
        element.attributes().iter().find(fits).map(|a| a.value.as_str())
    };
    (value("type"), value("nil"))
}

/// The attributes to validate: not namespace declarations, and not the hints where to find a schema.
pub(crate) fn attributes(element: Element<'_>) -> impl Iterator<Item = &Attribute> {
    let hint = |a: &Attribute| {
        a.namespace.as_deref() == Some(XSI)
            && matches!(a.local_name(), "schemaLocation" | "noNamespaceSchemaLocation")
    };
    element.attributes().iter().filter(move |a| !a.is_namespace_declaration() && !hint(a))
}

/// The first error that the validator reports, or `None` for a valid document.
pub(crate) fn first_error(
    set: &SchemaSet,
    document: &Document,
) -> Result<Option<ValidationError>, NotJudged> {
    let validator = SchemaValidator::new(set, ValidationFlags::empty());
    let mut run = Run::new(&validator, set);
    let root = document.root().id;
    let mut at = root;
    loop {
        if let Some(element) = document.element(at) {
            open(&mut run, element);
        } else if let Data::Text(text) | Data::Cdata(text) = document.data(at) {
            run.text(text);
        }
        if !run.runtime.sink.errors.is_empty() {
            return Ok(Some(run.runtime.sink.errors.remove(0)));
        }
        if let Some(child) = document.first_child(at) {
            at = child;
            continue;
        }
        // Close this node and every ancestor that ends with it.
        loop {
            if document.element(at).is_some() {
                run.runtime.validate_end_element_novalue();
                run.leave(at);
            }
            if at == root {
                run.finish()?;
                return Ok(run.runtime.sink.errors.pop());
            }
            match (document.next(at), document.parent(at)) {
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

fn open(run: &mut Run<'_>, element: Element<'_>) {
    run.enter(element);
    let (kind, nil) = instance_attributes(element);
    let bindings = run.bindings();
    let namespace = element.namespace().unwrap_or("");
    run.runtime.validate_element_novalue(element.local_name(), namespace, kind, nil, &bindings);
    for attribute in attributes(element) {
        let namespace = attribute.namespace.as_deref().unwrap_or("");
        run.runtime.validate_attribute(attribute.local_name(), namespace, &attribute.value);
    }
    run.runtime.validate_end_of_attributes_novalue();
}
