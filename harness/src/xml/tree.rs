//! The tree of a parsed document: a flat arena, so that neither walking nor dropping it recurses.

use super::encoding::Encoding;
use super::error::Position;
use std::sync::Arc;

/// Index of a node in its [`Document`]. Node 0 is the document itself. Ids order like the document as it was parsed.
pub(crate) type NodeId = u32;
const NONE: NodeId = NodeId::MAX;
pub(crate) const DOCUMENT: NodeId = 0;

/// A well-formed document. Made by [`parse`](super::parse), changed by the functions of `patch`.
#[derive(Clone, Debug)]
pub struct Document {
    nodes: Vec<Node>,
    root: NodeId,
    /// Bytes of the body before its text: the length of the byte order mark.
    bom_len: usize,
    /// What the body said of its encoding, and which encoding it was read with.
    pub encoding: Encoding,
    /// The XML declaration as written, `<?xml …?>`, when there is one.
    pub declaration: Option<String>,
}

#[derive(Clone, Debug)]
struct Node {
    parent: NodeId,
    previous: NodeId,
    next: NodeId,
    first: NodeId,
    last: NodeId,
    position: Position,
    data: Data,
}

/// What a node is.
#[derive(Clone, Debug)]
pub(crate) enum Data {
    Document,
    Element(Box<ElementData>),
    Text(String),
    Cdata(String),
    Comment(String),
    /// Target and data as written between `<?` and `?>`.
    Instruction(String),
}

#[derive(Clone, Debug)]
pub(crate) struct ElementData {
    pub name: String,
    pub namespace: Option<Arc<str>>,
    pub attributes: Vec<Attribute>,
}

/// An attribute, or a namespace declaration.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    /// The name as written, such as `xsi:nil`.
    pub name: String,
    /// The namespace of the name; `None` for a name without a prefix.
    pub namespace: Option<Arc<str>>,
    /// The value after normalisation (XML 1.0 section 3.3.3): references resolved, white space characters as spaces.
    pub value: String,
    /// Where the name begins.
    pub position: Position,
}

impl Attribute {
    /// The name without its prefix.
    pub fn local_name(&self) -> &str {
        local(&self.name)
    }

    /// Whether this is `xmlns` or `xmlns:…` and not an attribute of the data.
    pub fn is_namespace_declaration(&self) -> bool {
        self.name == "xmlns" || self.name.starts_with("xmlns:")
    }
}

/// An element of a document. A cheap handle: copy it freely.
#[derive(Clone, Copy)]
pub struct Element<'a> {
    pub(crate) document: &'a Document,
    pub(crate) id: NodeId,
    data: &'a ElementData,
}

/// A child of an element.
#[derive(Clone, Copy, Debug)]
pub enum Child<'a> {
    Element(Element<'a>),
    /// Character data, references resolved and line ends normalised to `\n`.
    Text(&'a str),
    /// A CDATA section.
    CData(&'a str),
    Comment(&'a str),
    /// A processing instruction: target and data as written between `<?` and `?>`.
    Instruction(&'a str),
}

impl Document {
    pub(crate) fn new(encoding: Encoding, bom_len: usize) -> Document {
        let mut document = Document { nodes: Vec::new(), root: NONE, bom_len, encoding, declaration: None };
        document.push(Data::Document, Position { offset: 0, line: 1, column: 1 });
        document
    }

    /// The document element.
    pub fn root(&self) -> Element<'_> {
        self.element(self.root).expect("the parser sets the root of every document, and no patch removes it")
    }

    /// Bytes of the body before its text: offsets of positions count them.
    pub(crate) fn before_text(&self) -> usize {
        self.bom_len
    }

    pub(crate) fn set_root(&mut self, id: NodeId) {
        self.root = id;
    }

    /// The element that node `id` is.
    pub(crate) fn element(&self, id: NodeId) -> Option<Element<'_>> {
        match self.data(id) {
            Data::Element(data) => Some(Element { document: self, id, data }),
            _ => None,
        }
    }

    pub(crate) fn data(&self, id: NodeId) -> &Data {
        &self.nodes[id as usize].data
    }

    pub(crate) fn data_mut(&mut self, id: NodeId) -> &mut Data {
        &mut self.nodes[id as usize].data
    }

    pub(crate) fn position(&self, id: NodeId) -> Position {
        self.nodes[id as usize].position
    }

    pub(crate) fn parent(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].parent)
    }

    pub(crate) fn next(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].next)
    }

    pub(crate) fn previous(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].previous)
    }

    pub(crate) fn first_child(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].first)
    }

    pub(crate) fn last_child(&self, id: NodeId) -> Option<NodeId> {
        some(self.nodes[id as usize].last)
    }

    /// The children of a node, in order.
    pub(crate) fn ids(&self, id: NodeId) -> impl Iterator<Item = NodeId> + '_ {
        std::iter::successors(self.first_child(id), |&child| self.next(child))
    }

    /// The node after `id` in document order, within the subtree of `top`.
    pub(crate) fn following(&self, id: NodeId, top: NodeId) -> Option<NodeId> {
        self.first_child(id).or_else(|| self.following_outside(id, top))
    }

    /// The node after the subtree of `id` in document order, within the subtree of `top`.
    pub(crate) fn following_outside(&self, id: NodeId, top: NodeId) -> Option<NodeId> {
        let mut at = id;
        while at != top {
            if let Some(next) = self.next(at) {
                return Some(next);
            }
            at = self.parent(at)?;
        }
        None
    }

    /// Concatenated character data of the subtree of `id` (XPath 1.0 section 5, string-value).
    pub(crate) fn string_value(&self, id: NodeId) -> String {
        self.string_value_counted(id).0
    }

    /// [`string_value`](Self::string_value), and how many nodes it was gathered from.
    pub(crate) fn string_value_counted(&self, id: NodeId) -> (String, usize) {
        if let Data::Comment(text) | Data::Instruction(text) = self.data(id) {
            return (text.clone(), 1);
        }
        let (mut out, mut count) = (String::new(), 0);
        let mut at = Some(id);
        while let Some(node) = at {
            count += 1;
            if let Data::Text(text) | Data::Cdata(text) = self.data(node) {
                out.push_str(text);
            }
            at = self.following(node, id);
        }
        (out, count)
    }

    /// A node that is in no tree yet.
    pub(crate) fn push(&mut self, data: Data, position: Position) -> NodeId {
        let id = NodeId::try_from(self.nodes.len()).expect("the parser bounds the number of nodes");
        self.nodes.push(Node {
            parent: NONE,
            previous: NONE,
            next: NONE,
            first: NONE,
            last: NONE,
            position,
            data,
        });
        id
    }

    /// Makes `id` the last child of `parent`.
    pub(crate) fn append(&mut self, parent: NodeId, id: NodeId) {
        self.insert_after(parent, self.last_child(parent), id);
    }

    /// Makes `id` a child of `parent`, after `previous` or first.
    pub(crate) fn insert_after(&mut self, parent: NodeId, previous: Option<NodeId>, id: NodeId) {
        let next = match previous {
            Some(previous) => std::mem::replace(&mut self.nodes[previous as usize].next, id),
            None => std::mem::replace(&mut self.nodes[parent as usize].first, id),
        };
        match some(next) {
            Some(next) => self.nodes[next as usize].previous = id,
            None => self.nodes[parent as usize].last = id,
        }
        let node = &mut self.nodes[id as usize];
        (node.parent, node.previous, node.next) = (parent, previous.unwrap_or(NONE), next);
    }

    /// Takes `id` and its subtree out of the tree.
    pub(crate) fn detach(&mut self, id: NodeId) {
        let Node { parent, previous, next, .. } = self.nodes[id as usize];
        match some(previous) {
            Some(previous) => self.nodes[previous as usize].next = next,
            None if parent != NONE => self.nodes[parent as usize].first = next,
            None => {}
        }
        match some(next) {
            Some(next) => self.nodes[next as usize].previous = previous,
            None if parent != NONE => self.nodes[parent as usize].last = previous,
            None => {}
        }
        let node = &mut self.nodes[id as usize];
        (node.parent, node.previous, node.next) = (NONE, NONE, NONE);
    }
}

fn some(id: NodeId) -> Option<NodeId> {
    (id != NONE).then_some(id)
}

fn local(name: &str) -> &str {
    name.split_once(':').map_or(name, |(_, local)| local)
}

impl<'a> Element<'a> {
    /// The name as written, such as `soap:Envelope`.
    pub fn name(self) -> &'a str {
        &self.data.name
    }

    /// The name without its prefix.
    pub fn local_name(self) -> &'a str {
        local(&self.data.name)
    }

    /// The URI of the namespace of the name, when it is in one.
    pub fn namespace(self) -> Option<&'a str> {
        self.data.namespace.as_deref()
    }

    /// Where the start tag begins.
    pub fn position(self) -> Position {
        self.document.position(self.id)
    }

    /// Attributes and namespace declarations, in order.
    pub fn attributes(self) -> &'a [Attribute] {
        &self.data.attributes
    }

    /// The value of the attribute with this name as written.
    pub fn attribute(self, name: &str) -> Option<&'a str> {
        self.data.attributes.iter().find(|a| a.name == name).map(|a| a.value.as_str())
    }

    /// All children, in order.
    pub fn children(self) -> impl Iterator<Item = Child<'a>> {
        let document = self.document;
        document.ids(self.id).filter_map(move |id| document.child(id))
    }

    /// The children that are elements, in order.
    pub fn elements(self) -> impl Iterator<Item = Element<'a>> {
        let document = self.document;
        document.ids(self.id).filter_map(move |id| document.element(id))
    }

    /// This element and all elements in it, in document order.
    pub fn descendants(self) -> impl Iterator<Item = Element<'a>> {
        let Element { document, id: top, .. } = self;
        std::iter::successors(Some(top), move |&id| document.following(id, top))
            .filter_map(|id| document.element(id))
    }

    /// The element that this one is a child of; `None` for the root.
    pub fn parent(self) -> Option<Element<'a>> {
        self.document.element(self.document.parent(self.id)?)
    }

    /// All character data in the element and its descendants.
    pub fn text(self) -> String {
        self.document.string_value(self.id)
    }

    /// The path to this element, by names as written: `/ACCESSGW/COMMAND[1]/error_id[1]`. Every step but the first
    /// has its 1-based position among the siblings of the same name.
    pub fn xpath(self) -> String {
        let mut steps = Vec::new();
        let mut at = self;
        while let Some(parent) = at.parent() {
            let before =
                parent.elements().take_while(|e| e.id != at.id).filter(|e| e.name() == at.name()).count();
            steps.push(format!("/{}[{}]", at.name(), before + 1));
            at = parent;
        }
        steps.push(format!("/{}", at.name()));
        steps.reverse();
        steps.concat()
    }
}

impl std::fmt::Debug for Element<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "<{}> at {}", self.name(), self.position())
    }
}

impl Document {
    fn child(&self, id: NodeId) -> Option<Child<'_>> {
        Some(match self.data(id) {
            Data::Document => return None,
            Data::Element(_) => Child::Element(self.element(id)?),
            Data::Text(text) => Child::Text(text),
            Data::Cdata(text) => Child::CData(text),
            Data::Comment(text) => Child::Comment(text),
            Data::Instruction(text) => Child::Instruction(text),
        })
    }
}

/// The first attribute whose expanded name an earlier one has.
pub(crate) fn repeated(attributes: &[Attribute]) -> Option<&Attribute> {
    let expanded = |a: &Attribute| (a.namespace.clone(), a.local_name().to_owned());
    // A tag has few attributes as a rule, and then comparing is faster than hashing.
    if attributes.len() <= 8 {
        let same =
            |a: &Attribute, b: &Attribute| a.local_name() == b.local_name() && a.namespace == b.namespace;
        return attributes
            .iter()
            .enumerate()
            .find(|(i, a)| attributes[..*i].iter().any(|b| same(a, b)))
            .map(|x| x.1);
    }
    let mut seen = std::collections::HashSet::new();
    attributes.iter().find(|a| !seen.insert(expanded(a)))
}
