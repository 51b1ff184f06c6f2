//! Namespaces in XML 1.0: which URI a prefix stands for.

use super::tree::Element;
use std::sync::Arc;

/// `xml:` is always bound to this.
pub(crate) const XML: &str = "http://www.w3.org/XML/1998/namespace";
/// `xmlns:` is always bound to this.
pub(crate) const XMLNS: &str = "http://www.w3.org/2000/xmlns/";
/// XML Schema instance attributes: `xsi:type`, `xsi:nil`.
pub(crate) const XSI: &str = "http://www.w3.org/2001/XMLSchema-instance";

/// The namespace declarations in scope, innermost last.
#[derive(Debug, Default)]
pub(crate) struct Scope {
    bindings: Vec<Binding>,
}

#[derive(Debug)]
struct Binding {
    /// `""` for the default namespace.
    prefix: String,
    /// `None` after `xmlns=""`.
    uri: Option<Arc<str>>,
}

impl Scope {
    /// How many declarations are in scope, hidden ones included.
    pub(crate) fn len(&self) -> usize {
        self.bindings.len()
    }

    /// Leaves the scope of an element: forgets all but the first `len` declarations.
    pub(crate) fn truncate(&mut self, len: usize) {
        self.bindings.truncate(len);
    }

    pub(crate) fn declare(&mut self, prefix: &str, uri: &str) {
        let uri = (!uri.is_empty()).then(|| Arc::from(uri));
        self.bindings.push(Binding { prefix: prefix.to_owned(), uri });
    }

    /// The namespace of a prefix (`""`: the default namespace). `Err` for a prefix that is not declared.
    pub(crate) fn lookup(&self, prefix: &str) -> Result<Option<Arc<str>>, ()> {
        if let Some(binding) = self.bindings.iter().rev().find(|b| b.prefix == prefix) {
            return Ok(binding.uri.clone());
        }
        match prefix {
            "" => Ok(None),
            "xml" => Ok(Some(Arc::from(XML))),
            _ => Err(()),
        }
    }

    /// Every prefix in scope with its URI, hidden declarations left out.
    pub(crate) fn visible(&self) -> impl Iterator<Item = (&str, &str)> {
        let hidden = |i: usize, prefix: &str| self.bindings[i + 1..].iter().any(|b| b.prefix == prefix);
        self.bindings.iter().enumerate().filter_map(move |(i, b)| {
            let uri = b.uri.as_deref().filter(|_| !hidden(i, &b.prefix))?;
            Some((b.prefix.as_str(), uri))
        })
    }
}

/// Prefix and local name of a name as written; the prefix is `""` when there is none.
pub(crate) fn split(name: &str) -> (&str, &str) {
    name.split_once(':').unwrap_or(("", name))
}

impl Scope {
    /// The declarations in scope inside `element`.
    pub(crate) fn around(element: Element<'_>) -> Scope {
        let chain: Vec<Element<'_>> = std::iter::successors(Some(element), |e| e.parent()).collect();
        let mut scope = Scope::default();
        chain.into_iter().rev().for_each(|e| scope.enter(e));
        scope
    }

    /// Takes the declarations of `element` into scope.
    pub(crate) fn enter(&mut self, element: Element<'_>) {
        for attribute in element.attributes() {
            match split(&attribute.name) {
                ("xmlns", prefix) => self.declare(prefix, &attribute.value),
                ("", "xmlns") => self.declare("", &attribute.value),
                _ => {}
            }
        }
    }

    /// The namespace of a name as written, of an element or of an attribute. `Err` is the undeclared prefix.
    pub(crate) fn resolve<'n>(&self, name: &'n str, element: bool) -> Result<Option<Arc<str>>, &'n str> {
        match split(name) {
            ("", _) if !element => Ok(None),
            (prefix, _) => self.lookup(prefix).map_err(|()| prefix),
        }
    }
}
