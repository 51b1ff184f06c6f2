//! [`changes`]: how the answers of a trial differ from its snapshot, step by step and place by place.

use super::parse::{Section, Tree, sections};
use crate::diff::{Difference, Kind, differences};
use crate::xml;
use serde_json::Value;

/// More places of one answer are not told apart.
const LIMIT: usize = 50;

/// One thing that changed.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Index of the section.
    pub section: usize,
    /// `field-added`, `status-changed`…: the same for every answer that changed so.
    pub kind: String,
    /// `status`, `header location`, JSON pointer, XPath, `body`.
    pub at: String,
    /// One sentence.
    pub message: String,
    pub old: Option<String>,
    pub new: Option<String>,
}

impl Change {
    fn new(section: usize, kind: &str, at: &str, message: impl Into<String>) -> Self {
        let (kind, at) = (kind.to_owned(), at.to_owned());
        Self { section, kind, at, message: message.into(), old: None, new: None }
    }

    fn between(mut self, old: &str, new: &str) -> Self {
        (self.old, self.new) = (Some(old.to_owned()), Some(new.to_owned()));
        self
    }
}

/// What changed from one text to another. Empty where they say the same: the order of an object's members is nothing.
pub fn changes(old: &str, new: &str) -> Vec<Change> {
    if old.trim_end() == new.trim_end() {
        return Vec::new();
    }
    let (Some(before), Some(after)) = (sections(old), sections(new)) else {
        return vec![Change::new(
            0,
            "text-changed",
            "body",
            "the snapshot is not as proofmark writes it; its text differs",
        )];
    };
    let mut found = Vec::new();
    for (index, pair) in after.iter().zip(&before).enumerate() {
        section(index, pair.1, pair.0, &mut found);
    }
    for (index, gone) in before.iter().enumerate().skip(after.len()) {
        let what = gone.operation.as_deref().unwrap_or("an answer");
        let last = after.len().saturating_sub(1);
        let message = format!("step {} is gone: `{what}`", index + 1);
        found.push(Change::new(last, "step-removed", "body", message));
    }
    for (index, come) in after.iter().enumerate().skip(before.len()) {
        let what = come.operation.as_deref().unwrap_or("an answer");
        let message = format!("step {} is new: `{what}`", index + 1);
        found.push(Change::new(index, "step-added", "body", message));
    }
    found
}

fn section(index: usize, old: &Section, new: &Section, found: &mut Vec<Change>) {
    if old.operation != new.operation {
        let name = |s: &Section| s.operation.clone().unwrap_or_default();
        let message = format!("step {} calls another operation", index + 1);
        found.push(Change::new(index, "step-changed", "body", message).between(&name(old), &name(new)));
    }
    if old.status != new.status {
        let message = format!("the status changed: {} instead of {}", new.status, old.status);
        found.push(Change::new(index, "status-changed", "status", message).between(&old.status, &new.status));
    }
    headers(index, old, new, found);
    if old.body != new.body {
        body(index, old, new, found);
    }
}

fn headers(index: usize, old: &Section, new: &Section, found: &mut Vec<Change>) {
    let get = |section: &Section, name: &str| {
        section.headers.iter().find(|(n, _)| n == name).map(|(_, value)| value.clone())
    };
    for (name, value) in &new.headers {
        let at = format!("header {name}");
        match get(old, name) {
            None => {
                let mut change =
                    Change::new(index, "header-added", &at, format!("the header is new: `{value}`"));
                change.new = Some(value.clone());
                found.push(change);
            }
            Some(before) if before != *value => {
                let message = format!("the header changed: `{value}` instead of `{before}`");
                found.push(Change::new(index, "header-changed", &at, message).between(&before, value));
            }
            Some(_) => {}
        }
    }
    for (name, value) in old.headers.iter().filter(|(name, _)| get(new, name).is_none()) {
        let message = format!("the header is gone: it was `{value}`");
        let mut change = Change::new(index, "header-removed", &format!("header {name}"), message);
        change.old = Some(value.clone());
        found.push(change);
    }
}

fn body(index: usize, old: &Section, new: &Section, found: &mut Vec<Change>) {
    let text = |value: &Option<Value>| value.as_ref().map(ToString::to_string);
    let mut add = |difference: Difference, at: String| {
        found.push(Change {
            section: index,
            kind: difference.kind.as_str().to_owned(),
            at: if at.is_empty() { "body".into() } else { at },
            message: difference.sentence(),
            old: text(&difference.old),
            new: text(&difference.new),
        });
    };
    match (old.tree(), new.tree()) {
        (Tree::Json(before), Tree::Json(after)) => {
            for difference in differences(&before, &after, LIMIT) {
                let at = difference.at.clone();
                add(difference, at);
            }
        }
        (Tree::Xml(old_document, before), Tree::Xml(new_document, after)) => {
            let all = differences(&before, &after, LIMIT);
            let same = all.is_empty();
            for difference in all {
                let gone = matches!(difference.kind, Kind::FieldRemoved | Kind::ElementRemoved);
                let document = if gone { &old_document } else { &new_document };
                let at = xml::locate(document, &difference.at).xpath;
                add(difference, at);
            }
            if same {
                let message = "elements came in another order, or comments differ";
                found.push(Change::new(index, Kind::OrderChanged.as_str(), "body", message));
            }
        }
        (Tree::Text, Tree::Text) => {
            found.push(Change::new(index, "text-changed", "body", "the text of the body changed"));
        }
        (before, after) => {
            let message =
                format!("the body is {} instead of {}", language(new, &after), language(old, &before));
            found.push(Change::new(index, Kind::TypeChanged.as_str(), "body", message));
        }
    }
}

fn language(section: &Section, tree: &Tree) -> &'static str {
    match tree {
        _ if section.body.is_empty() => "empty",
        Tree::Json(_) => "JSON",
        Tree::Xml(..) => "XML",
        Tree::Text => "text",
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(old: &str, new: &str) -> Vec<String> {
        changes(old, new).iter().map(|c| format!("{} {} {}", c.section, c.kind, c.at)).collect()
    }

    #[test]
    fn status_headers_and_bodies() {
        let old = "HTTP 200\ncontent-type: a/b\nvary: x\n\n{\"a\": 1, \"b\": 2}";
        assert_eq!(
            found(old, "HTTP 200\ncontent-type: a/b\nvary: x\n\n{\"b\": 2, \"a\": 1}"),
            [] as [&str; 0]
        );
        assert_eq!(
            found(old, "HTTP 201\ncontent-type: a/c\nallow: GET\n\n{\"a\": \"1\"}"),
            [
                "0 status-changed status",
                "0 header-changed header content-type",
                "0 header-added header allow",
                "0 header-removed header vary",
                "0 type-changed /a",
                "0 field-removed /b"
            ]
        );
        assert_eq!(found(old, "HTTP 200\ncontent-type: a/b\nvary: x\n\noops"), ["0 type-changed body"]);
    }

    #[test]
    fn xml_is_compared_by_its_tree_and_named_by_xpath() {
        let make = |body: &str| format!("HTTP 200\n\n{body}");
        let old = make("<R><id>1</id><x/></R>");
        assert_eq!(found(&old, &make("<R>\n  <id>2</id>\n  <x/></R>")), ["0 value-changed /R/id[1]"]);
        assert_eq!(found(&old, &make("<R><x/><id>1</id></R>")), ["0 order-changed body"]);
        assert_eq!(found(&old, &make("<R><id>1</id></R>")), ["0 field-removed /R/x[1]"]);
    }

    #[test]
    fn steps_of_flows() {
        let old = "==== 1 a\nHTTP 200\n\n==== 2 b\nHTTP 200";
        assert_eq!(found(old, "==== 1 a\nHTTP 500"), ["0 status-changed status", "0 step-removed body"]);
        assert_eq!(found("edited", old), ["0 text-changed body"]);
    }
}
