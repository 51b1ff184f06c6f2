//! Changes to a document by dotted path: how request variants are derived from a documented example.
//!
//! A path names elements from the root's children down, as written: `COMMAND.msisdn`. The root itself is not named.
//! A step may have a 1-based position among its namesakes, `item[2].price`; without one the step must be unambiguous.
//! The last step may be an attribute, `item.@id`.

use super::chars;
use super::error::{Position, quoted};
use super::nearest::nearest;
use super::tree::{Attribute, Data, Document, Element, ElementData, NodeId};
use std::fmt;

/// Why a path does not lead to a change. `Display` is one line that names the step, and the nearest name if any.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum PathError {
    /// The path, or a text, is malformed.
    Malformed(String),
    /// There is nothing at the path.
    Missing {
        /// What is missing and where, such as ``no element `msisdm` in `/ACCESSGW/COMMAND[1]` ``.
        message: String,
        /// The existing name that looks most like the one asked for.
        nearest: Option<String>,
    },
    /// A step without a position fits several elements.
    Ambiguous(String),
    /// There is something at the path that cannot be changed this way: it exists already, or it has child elements.
    Unsuitable(String),
}

impl fmt::Display for PathError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            PathError::Malformed(m) | PathError::Ambiguous(m) | PathError::Unsuitable(m) => f.write_str(m),
            PathError::Missing { message, nearest: None } => f.write_str(message),
            PathError::Missing { message, nearest: Some(name) } => write!(f, "{message} (nearest: `{name}`)"),
        }
    }
}

impl std::error::Error for PathError {}

impl Document {
    /// Replaces the text of a leaf element, or the value of an attribute, that exists.
    ///
    /// # Errors
    /// [`PathError`] when the path leads nowhere or to several elements, the element has child elements, or `text` has
    /// a character that XML 1.0 does not allow. The document is unchanged then.
    pub fn set_text(&mut self, path: &str, text: &str) -> Result<(), PathError> {
        check_text(text)?;
        match self.target(path)? {
            Target::Element(id) => {
                if self.element(id).is_some_and(|e| e.elements().next().is_some()) {
                    return Err(PathError::Unsuitable(format!(
                        "`{path}` has child elements, so it has no text of its own"
                    )));
                }
                let children: Vec<NodeId> = self.ids(id).collect();
                children.into_iter().for_each(|child| self.detach(child));
                self.append_text(id, text);
            }
            Target::Attribute(id, index) => {
                if let Data::Element(element) = self.data_mut(id) {
                    text.clone_into(&mut element.attributes[index].value);
                }
            }
        }
        Ok(())
    }

    /// Adds a leaf element as the last child of an element, or an attribute, that does not exist yet. A prefix must be
    /// declared around it. What is added has no place of its own: its position is line 0.
    ///
    /// # Errors
    /// [`PathError`] when the parent leads nowhere, the name is no XML name or has an undeclared prefix, it exists
    /// already, or `text` has a character that XML 1.0 does not allow. The document is unchanged then.
    pub fn insert_text(&mut self, path: &str, text: &str) -> Result<(), PathError> {
        check_text(text)?;
        let (parents, last) = path.rsplit_once('.').unwrap_or(("", path));
        let parent = self.find(parents)?;
        let attribute = last.strip_prefix('@');
        let name = attribute.unwrap_or(last);
        if !chars::is_qname(name) || name.starts_with("xmlns") {
            return Err(PathError::Malformed(format!("`{}` is not a name to insert", quoted(name))));
        }
        let element = self.at(parent);
        let exists = match attribute {
            Some(name) => element.attribute(name).is_some(),
            None => element.elements().any(|e| e.name() == name),
        };
        if exists {
            return Err(PathError::Unsuitable(format!("`{path}` exists already")));
        }
        let namespace = super::names::Scope::around(element).resolve(name, attribute.is_none());
        let namespace = namespace.map_err(|prefix| {
            PathError::Malformed(format!("prefix `{prefix}` of `{}` is not declared there", quoted(name)))
        })?;
        let (name, value) = (name.to_owned(), text.to_owned());
        if attribute.is_some() {
            if let Data::Element(element) = self.data_mut(parent) {
                element.attributes.push(Attribute { name, namespace, value, position: Position::default() });
            }
            return Ok(());
        }
        let data = Data::Element(Box::new(ElementData { name, namespace, attributes: Vec::new() }));
        let id = self.push(data, Position::default());
        self.append_text(id, text);
        self.append_indented(parent, id);
        Ok(())
    }

    /// Takes away an element with everything in it, or an attribute.
    ///
    /// # Errors
    /// [`PathError`] when the path leads nowhere or to several elements. The document is unchanged then.
    pub fn remove(&mut self, path: &str) -> Result<(), PathError> {
        match self.target(path)? {
            Target::Element(id) => {
                // The indentation in front of the element goes with it.
                if let Some(before) = self.previous(id)
                    && matches!(self.data(before), Data::Text(text) if chars::is_blank(text))
                {
                    self.detach(before);
                }
                self.detach(id);
            }
            Target::Attribute(id, index) => {
                if let Data::Element(element) = self.data_mut(id) {
                    element.attributes.remove(index);
                }
            }
        }
        Ok(())
    }

    fn append_text(&mut self, id: NodeId, text: &str) {
        if !text.is_empty() {
            let node = self.push(Data::Text(text.to_owned()), Position::default());
            self.append(id, node);
        }
    }

    /// Appends an element to `parent` with the indentation that the elements before it have.
    fn append_indented(&mut self, parent: NodeId, id: NodeId) {
        let last = self.ids(parent).filter(|&child| self.element(child).is_some()).last();
        let Some(last) = last else {
            self.append(parent, id);
            return;
        };
        let indentation = self.previous(last).and_then(|before| match self.data(before) {
            Data::Text(text) if chars::is_blank(text) => Some(text.clone()),
            _ => None,
        });
        let mut previous = last;
        if let Some(indentation) = indentation {
            let text = self.push(Data::Text(indentation), Position::default());
            self.insert_after(parent, Some(previous), text);
            previous = text;
        }
        self.insert_after(parent, Some(previous), id);
    }

    fn at(&self, id: NodeId) -> Element<'_> {
        self.element(id).unwrap_or_else(|| self.root())
    }

    /// What `path`, which must not be empty, leads to.
    fn target(&self, path: &str) -> Result<Target, PathError> {
        let (parents, last) = path.rsplit_once('.').unwrap_or(("", path));
        let Some(name) = last.strip_prefix('@') else {
            if path.is_empty() {
                return Err(PathError::Malformed("the path is empty".to_owned()));
            }
            return self.find(path).map(Target::Element);
        };
        let parent = self.find(parents)?;
        let element = self.at(parent);
        let index = element.attributes().iter().position(|a| a.name == name);
        index.map(|index| Target::Attribute(parent, index)).ok_or_else(|| {
            let names = element.attributes().iter().map(|a| a.name.as_str());
            missing("attribute", name, name, element, names)
        })
    }

    /// The element at `path`; the root for an empty path.
    fn find(&self, path: &str) -> Result<NodeId, PathError> {
        let mut at = self.root();
        for step in path.split('.').filter(|_| !path.is_empty()) {
            let (name, index) = parse_step(step)?;
            let mut fits = at.elements().filter(|e| e.name() == name).skip(index.map_or(0, |i| i - 1));
            let found = fits.next();
            let second = fits.next();
            at = match (found, second) {
                (None, _) => {
                    return Err(missing("element", step, name, at, at.elements().map(Element::name)));
                }
                (Some(_), Some(_)) if index.is_none() => {
                    let message =
                        format!("`{}` has several `{name}`: write `{name}[1]` for the first", at.xpath());
                    return Err(PathError::Ambiguous(message));
                }
                (Some(found), _) => found,
            };
        }
        Ok(at.id)
    }
}

enum Target {
    Element(NodeId),
    /// The element, and the index of one of its attributes.
    Attribute(NodeId, usize),
}

fn check_text(text: &str) -> Result<(), PathError> {
    match chars::first_illegal(text) {
        None => Ok(()),
        Some((_, c)) => Err(PathError::Malformed(format!(
            "U+{:04X} cannot occur in XML 1.0: send a raw body instead",
            c as u32
        ))),
    }
}

/// `name` or `name[2]`.
fn parse_step(step: &str) -> Result<(&str, Option<usize>), PathError> {
    let malformed = || PathError::Malformed(format!("`{}` is not a step of a path", quoted(step)));
    let Some((name, index)) = step.split_once('[') else {
        return if chars::is_qname(step) { Ok((step, None)) } else { Err(malformed()) };
    };
    let index = index.strip_suffix(']').and_then(|i| i.parse().ok()).filter(|&i: &usize| i > 0);
    match index {
        Some(index) if chars::is_qname(name) => Ok((name, Some(index))),
        _ => Err(malformed()),
    }
}

/// `step` is what was asked for, `name` without a position.
fn missing<'a>(
    what: &str,
    step: &str,
    name: &str,
    at: Element<'_>,
    known: impl Iterator<Item = &'a str>,
) -> PathError {
    PathError::Missing {
        message: format!("no {what} `{}` in `{}`", quoted(step), at.xpath()),
        nearest: nearest(name, known).map(str::to_owned),
    }
}
