//! [`Node`]: an element to be written, and what can be changed of it.

use super::{Child, Document, Element};
use std::fmt;

/// A local name and its namespace, which is empty for none.
#[derive(Debug, Clone, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct Name {
    pub namespace: String,
    pub local: String,
}

#[derive(Debug, Clone, PartialEq)]
pub struct Node {
    pub name: Name,
    pub attributes: Vec<(Name, String)>,
    pub content: Vec<Content>,
}

/// One change of a document.
#[derive(Debug, Clone, PartialEq)]
pub enum NodeEdit {
    /// The element is not there.
    Remove,
    /// The element is there once more than so often.
    Beyond(usize),
    /// The first two children of different names change places.
    Swap,
    /// The children in the opposite order.
    Reverse,
    /// Another name.
    Rename,
    /// Another namespace.
    Namespace,
    AddAttribute,
    AddElement,
    /// Text before the children.
    AddText,
    /// The whole content.
    Text(String),
    SetAttribute(Name, String),
    RemoveAttribute(Name),
}

impl Name {
    /// A name that no schema has.
    fn unknown() -> Self {
        Self { namespace: String::new(), local: "fz1q".into() }
    }
}

#[derive(Debug, Clone, PartialEq)]
pub enum Content {
    Node(Node),
    Text(String),
}

impl Node {
    pub fn children(&self) -> impl Iterator<Item = &Node> {
        self.content.iter().filter_map(|content| match content {
            Content::Node(node) => Some(node),
            Content::Text(_) => None,
        })
    }

    /// The document as elements, attributes and text; comments and instructions are left out.
    pub fn of(document: &Document) -> Self {
        Self::element(document.root())
    }

    fn element(element: Element<'_>) -> Self {
        let name = |namespace: Option<&str>, local: &str| Name {
            namespace: namespace.unwrap_or_default().to_owned(),
            local: local.to_owned(),
        };
        let own = element.attributes().iter().filter(|attribute| !attribute.is_namespace_declaration());
        let attributes =
            own.map(|a| (name(a.namespace.as_deref(), a.local_name()), a.value.clone())).collect();
        let content = element.children().filter_map(|child| match child {
            Child::Element(child) => Some(Content::Node(Self::element(child))),
            Child::Text(text) | Child::CData(text) => Some(Content::Text(text.to_owned())),
            Child::Comment(_) | Child::Instruction(_) => None,
        });
        Self { name: name(element.namespace(), element.local_name()), attributes, content: content.collect() }
    }

    /// Makes a change at a path of local names from the root; `None` where there is nothing of the kind.
    pub fn change(&mut self, path: &[String], edit: &NodeEdit) -> Option<()> {
        let (parent, last) = match path.split_last() {
            Some((last, parent)) => (parent, Some(last)),
            None => (path, None),
        };
        let is =
            |content: &Content| matches!((content, last), (Content::Node(n), Some(l)) if n.name.local == *l);
        match edit {
            NodeEdit::Remove => {
                let parent = self.at(parent)?;
                let before = parent.content.len();
                parent.content.retain(|content| !is(content));
                (parent.content.len() < before).then_some(())
            }
            NodeEdit::Beyond(most) => {
                let parent = self.at(parent)?;
                let at = parent.content.iter().position(is)?;
                let count = parent.content.iter().filter(|content| is(content)).count();
                let one = parent.content[at].clone();
                (count..=*most).for_each(|_| parent.content.insert(at, one.clone()));
                Some(())
            }
            edit => self.at(path)?.own(edit),
        }
    }

    fn own(&mut self, edit: &NodeEdit) -> Option<()> {
        let name = |content: &Content| match content {
            Content::Node(node) => Some(node.name.clone()),
            Content::Text(_) => None,
        };
        match edit {
            NodeEdit::Remove | NodeEdit::Beyond(_) => return None,
            NodeEdit::Rename => self.name.local.push_str("fz1q"),
            NodeEdit::Namespace => self.name.namespace.push_str("urn:fz1q"),
            NodeEdit::AddAttribute => self.attributes.push((Name::unknown(), "1".into())),
            NodeEdit::AddElement => self.content.push(Content::Node(Self {
                name: Name::unknown(),
                attributes: Vec::new(),
                content: Vec::new(),
            })),
            NodeEdit::AddText => self.content.insert(0, Content::Text("fz1q".into())),
            NodeEdit::Swap => {
                let nodes: Vec<usize> =
                    (0..self.content.len()).filter(|i| name(&self.content[*i]).is_some()).collect();
                let pair = nodes
                    .windows(2)
                    .find(|pair| name(&self.content[pair[0]]) != name(&self.content[pair[1]]))?;
                self.content.swap(pair[0], pair[1]);
            }
            NodeEdit::Reverse => {
                let mut nodes = self.content.iter().filter_map(name);
                let first = nodes.next()?;
                nodes.find(|other| *other != first)?;
                self.content.reverse();
            }
            NodeEdit::Text(text) => {
                self.content = if text.is_empty() { Vec::new() } else { vec![Content::Text(text.clone())] };
            }
            NodeEdit::SetAttribute(name, text) => {
                self.attributes.retain(|(known, _)| known != name);
                self.attributes.push((name.clone(), text.clone()));
            }
            NodeEdit::RemoveAttribute(name) => {
                let before = self.attributes.len();
                self.attributes.retain(|(known, _)| known != name);
                return (self.attributes.len() < before).then_some(());
            }
        }
        Some(())
    }

    /// The first element below by its path of local names; the empty path is the node itself.
    pub fn at(&mut self, path: &[String]) -> Option<&mut Node> {
        let Some((first, rest)) = path.split_first() else { return Some(self) };
        let found = self.content.iter_mut().find_map(|content| match content {
            Content::Node(node) if node.name.local == *first => Some(node),
            Content::Node(_) | Content::Text(_) => None,
        });
        found?.at(rest)
    }

    fn write(&self, out: &mut String, around: &str) {
        let Name { namespace, local } = &self.name;
        out.push('<');
        out.push_str(local);
        if namespace != around {
            out.push_str(&format!(" xmlns=\"{}\"", escaped(namespace)));
        }
        for (index, (name, value)) in self.attributes.iter().enumerate() {
            let value = escaped(value);
            match name.namespace.as_str() {
                "" => out.push_str(&format!(" {}=\"{value}\"", name.local)),
                "http://www.w3.org/XML/1998/namespace" => {
                    out.push_str(&format!(" xml:{}=\"{value}\"", name.local))
                }
                uri => out.push_str(&format!(
                    " xmlns:n{index}=\"{}\" n{index}:{}=\"{value}\"",
                    escaped(uri),
                    name.local
                )),
            }
        }
        if self.content.is_empty() {
            out.push_str("/>");
            return;
        }
        out.push('>');
        for content in &self.content {
            match content {
                Content::Node(node) => node.write(out, namespace),
                Content::Text(text) => out.push_str(&escaped(text)),
            }
        }
        out.push_str(&format!("</{local}>"));
    }
}

/// As XML, with namespaces declared where they change.
impl fmt::Display for Node {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        self.write(&mut out, "");
        f.write_str(&out)
    }
}

fn escaped(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            '&' => out.push_str("&amp;"),
            '"' => out.push_str("&quot;"),
            '\t' | '\n' | '\r' => out.push_str(&format!("&#{};", c as u32)),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn namespaces_are_declared_where_they_change() {
        let name = |namespace: &str, local: &str| Name { namespace: namespace.into(), local: local.into() };
        let node = |name, content| Node { name, attributes: Vec::new(), content };
        let leaf = node(name("", "b"), vec![Content::Text("1<2".into())]);
        let mut root = node(name("urn:x", "a"), vec![Content::Node(leaf)]);
        root.attributes.push((name("urn:y", "c"), "\"".into()));
        assert_eq!(
            root.to_string(),
            "<a xmlns=\"urn:x\" xmlns:n0=\"urn:y\" n0:c=\"&quot;\"><b xmlns=\"\">1&lt;2</b></a>"
        );
        assert_eq!(root.at(&["b".to_owned()]).map(|b| b.name.local.clone()).as_deref(), Some("b"));
    }
}
