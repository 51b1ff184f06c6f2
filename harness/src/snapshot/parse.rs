//! [`sections`]: the text of a snapshot back into answers, for telling how two of them differ.

use super::render::STEP;
use crate::xml;
use serde_json::Value;

/// The answer of one step as a snapshot has it.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Section {
    /// `operationId`, in a flow.
    pub operation: Option<String>,
    /// `200`.
    pub status: String,
    pub headers: Vec<(String, String)>,
    pub body: String,
}

/// A body's tree, for comparing place by place.
#[derive(Debug)]
pub enum Tree {
    Json(Value),
    /// The document, and its projection.
    Xml(Box<xml::Document>, Value),
    Text,
}

impl Section {
    pub fn tree(&self) -> Tree {
        match self.body.chars().next() {
            Some('<') => match xml::parse(self.body.as_bytes(), Some("utf-8"), &xml::Limits::default()) {
                Ok(document) => {
                    let projection = xml::to_json(document.root());
                    Tree::Xml(Box::new(document), projection)
                }
                Err(_) => Tree::Text,
            },
            _ => serde_json::from_str(&self.body).map_or(Tree::Text, Tree::Json),
        }
    }
}

/// `None` where a text is not what [`super::render()`] writes: edited by hand, or by another program.
pub fn sections(content: &str) -> Option<Vec<Section>> {
    let mut steps: Vec<(Option<String>, Vec<&str>)> = Vec::new();
    for line in content.lines() {
        let next = line.strip_prefix(STEP).and_then(|rest| rest.split_once(' '));
        match next.filter(|(number, _)| number.parse() == Ok(steps.len() + 1)) {
            Some((_, operation)) => steps.push((Some(operation.to_owned()), Vec::new())),
            None if steps.is_empty() => steps.push((None, vec![line])),
            None => steps.last_mut()?.1.push(line),
        }
    }
    steps.into_iter().map(|(operation, lines)| section(operation, &lines)).collect()
}

fn section(operation: Option<String>, lines: &[&str]) -> Option<Section> {
    let status = lines.first()?.strip_prefix("HTTP ")?.to_owned();
    let end = lines.iter().position(|line| line.is_empty()).unwrap_or(lines.len());
    let headers = lines[1..end]
        .iter()
        .map(|line| line.split_once(": ").map(|(name, value)| (name.to_owned(), value.to_owned())))
        .collect::<Option<Vec<_>>>()?;
    let body = lines.get(end + 1..).unwrap_or_default().join("\n");
    Some(Section { operation, status, headers, body: body.trim_end().to_owned() })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_written_is_read_back() {
        let text =
            "==== 1 make\nHTTP 200\ncontent-type: a/b\n\n{}\n\n==== 2 ask\nHTTP 204\n\n==== 9 no step\n";
        let read = sections(text).unwrap();
        assert_eq!(read.len(), 2);
        assert_eq!(read[0].headers, [("content-type".to_owned(), "a/b".to_owned())]);
        assert_eq!((read[0].body.as_str(), read[0].operation.as_deref()), ("{}", Some("make")));
        assert_eq!((read[1].status.as_str(), read[1].body.as_str()), ("204", "==== 9 no step"));
        assert_eq!(sections("HTTP 204").unwrap()[0].body, "");
        assert_eq!(sections("hello"), None);
    }
}
