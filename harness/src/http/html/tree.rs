//! [`Tree`]: what html5ever builds. Elements and text only; comments and the document type are dropped.

use html5ever::interface::{ElemName, ElementFlags, NodeOrText, QuirksMode, TreeSink};
use html5ever::tendril::StrTendril;
use html5ever::{Attribute, LocalName, Namespace, QualName, local_name, ns};
use std::borrow::Cow;
use std::cell::{Cell, RefCell};

/// Number of a node in its tree.
pub type Id = usize;

/// The document's own number.
pub const DOCUMENT: Id = 0;

/// An element, the document, or something that is not kept (a comment).
#[derive(Debug)]
pub struct Node {
    name: QualName,
    attributes: Vec<(String, String)>,
    parent: Option<Id>,
    pub children: Vec<Child>,
    /// The form that a control belongs to, where the parser says so (its form element pointer).
    pub form: Option<Id>,
    /// The fragment that a `template` holds instead of children.
    template: Option<Id>,
    depth: usize,
}

#[derive(Debug)]
pub enum Child {
    Node(Id),
    Text(String),
}

impl Node {
    /// Name of an HTML element, lower case; empty for anything else.
    pub fn tag(&self) -> &str {
        if self.name.ns == ns!(html) { &self.name.local } else { "" }
    }

    /// An attribute's value, entities resolved.
    pub fn attribute(&self, name: &str) -> Option<&str> {
        self.attributes.iter().find(|(n, _)| n == name).map(|(_, value)| value.as_str())
    }
}

/// A document under construction. html5ever's interface is by shared reference, hence the cells.
#[derive(Debug)]
pub struct Tree {
    pub nodes: RefCell<Vec<Node>>,
    /// Nodes and pieces of text so far.
    pub count: Cell<usize>,
    /// The deepest nesting so far.
    pub depth: Cell<usize>,
}

impl Tree {
    pub fn new() -> Self {
        let tree = Self { nodes: RefCell::new(Vec::new()), count: Cell::new(0), depth: Cell::new(0) };
        tree.add(QualName::new(None, ns!(), local_name!("")), Vec::new());
        tree
    }

    fn add(&self, name: QualName, attributes: Vec<Attribute>) -> Id {
        self.count.set(self.count.get() + 1);
        let attributes =
            attributes.into_iter().map(|a| (a.name.local.to_string(), a.value.to_string())).collect();
        let mut nodes = self.nodes.borrow_mut();
        nodes.push(Node {
            name,
            attributes,
            parent: None,
            children: Vec::new(),
            form: None,
            template: None,
            depth: 0,
        });
        nodes.len() - 1
    }

    fn ignored(&self) -> Id {
        self.add(QualName::new(None, ns!(), local_name!("")), Vec::new())
    }

    /// Puts a child at a position of its parent; text joins the text before it.
    fn insert(&self, parent: Id, at: usize, child: NodeOrText<Id>) {
        let mut nodes = self.nodes.borrow_mut();
        match child {
            NodeOrText::AppendText(text) => {
                let children = &mut nodes[parent].children;
                match at.checked_sub(1).and_then(|before| children.get_mut(before)) {
                    Some(Child::Text(known)) => known.push_str(&text),
                    _ => {
                        self.count.set(self.count.get() + 1);
                        children.insert(at, Child::Text(text.to_string()));
                    }
                }
            }
            NodeOrText::AppendNode(id) => {
                let depth = nodes[parent].depth + 1;
                nodes[id].depth = depth;
                nodes[id].parent = Some(parent);
                self.depth.set(self.depth.get().max(depth));
                nodes[parent].children.insert(at, Child::Node(id));
            }
        }
    }

    fn end_of(&self, parent: Id) -> usize {
        self.nodes.borrow()[parent].children.len()
    }

    /// Where a node stands among its parent's children. What is looked for is mostly the last.
    fn position(&self, parent: Id, child: Id) -> Option<usize> {
        self.nodes.borrow()[parent]
            .children
            .iter()
            .rposition(|c| matches!(c, Child::Node(id) if *id == child))
    }
}

/// A name that does not borrow the tree, which may grow while html5ever looks at it.
#[derive(Debug)]
pub struct Name(QualName);

impl ElemName for Name {
    fn ns(&self) -> &Namespace {
        &self.0.ns
    }

    fn local_name(&self) -> &LocalName {
        &self.0.local
    }
}

impl TreeSink for Tree {
    type Handle = Id;
    type Output = Self;
    type ElemName<'a> = Name;

    fn finish(self) -> Self {
        self
    }

    /// HTML is never refused for its form: what a browser makes of it is what counts.
    fn parse_error(&self, _: Cow<'static, str>) {}

    fn get_document(&self) -> Id {
        DOCUMENT
    }

    fn elem_name(&self, target: &Id) -> Name {
        Name(self.nodes.borrow()[*target].name.clone())
    }

    fn create_element(&self, name: QualName, attributes: Vec<Attribute>, flags: ElementFlags) -> Id {
        let id = self.add(name, attributes);
        if flags.template {
            let contents = self.ignored();
            self.nodes.borrow_mut()[id].template = Some(contents);
        }
        id
    }

    fn create_comment(&self, _: StrTendril) -> Id {
        self.ignored()
    }

    fn create_pi(&self, _: StrTendril, _: StrTendril) -> Id {
        self.ignored()
    }

    fn append(&self, parent: &Id, child: NodeOrText<Id>) {
        self.insert(*parent, self.end_of(*parent), child);
    }

    fn append_based_on_parent_node(&self, element: &Id, previous: &Id, child: NodeOrText<Id>) {
        match self.nodes.borrow()[*element].parent.is_some() {
            true => self.append_before_sibling(element, child),
            false => self.append(previous, child),
        }
    }

    fn append_doctype_to_document(&self, _: StrTendril, _: StrTendril, _: StrTendril) {}

    fn get_template_contents(&self, target: &Id) -> Id {
        self.nodes.borrow()[*target].template.unwrap_or(*target)
    }

    fn same_node(&self, x: &Id, y: &Id) -> bool {
        x == y
    }

    fn set_quirks_mode(&self, _: QuirksMode) {}

    fn append_before_sibling(&self, sibling: &Id, child: NodeOrText<Id>) {
        if let NodeOrText::AppendNode(id) = &child {
            self.remove_from_parent(id);
        }
        let parent = self.nodes.borrow()[*sibling].parent.unwrap_or(DOCUMENT);
        let at = self.position(parent, *sibling).unwrap_or_else(|| self.end_of(parent));
        self.insert(parent, at, child);
    }

    fn add_attrs_if_missing(&self, target: &Id, attributes: Vec<Attribute>) {
        let known = &mut self.nodes.borrow_mut()[*target].attributes;
        for attribute in attributes {
            let name: &str = &attribute.name.local;
            if !known.iter().any(|(n, _)| n == name) {
                known.push((name.to_owned(), attribute.value.to_string()));
            }
        }
    }

    fn associate_with_form(&self, target: &Id, form: &Id, _: (&Id, Option<&Id>)) {
        self.nodes.borrow_mut()[*target].form = Some(*form);
    }

    fn remove_from_parent(&self, target: &Id) {
        let parent = self.nodes.borrow_mut()[*target].parent.take();
        if let Some(parent) = parent
            && let Some(at) = self.position(parent, *target)
        {
            self.nodes.borrow_mut()[parent].children.remove(at);
        }
    }

    fn reparent_children(&self, node: &Id, new_parent: &Id) {
        let mut nodes = self.nodes.borrow_mut();
        let moved = std::mem::take(&mut nodes[*node].children);
        for child in &moved {
            if let Child::Node(id) = child {
                nodes[*id].parent = Some(*new_parent);
            }
        }
        nodes[*new_parent].children.extend(moved);
    }
}
