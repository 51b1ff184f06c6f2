//! XML laid out for reading: an element a line, indented; the text of leaves as it is.

use super::echo::Echoes;
use crate::contract::Shape;
use crate::model::visible::{is_hidden, visible};
use crate::xml::{Child, Document, Element};

/// A document, with its declaration as it was.
pub fn pretty(document: &Document, shape: Option<&Shape>, echoes: &Echoes) -> String {
    let mut out = String::new();
    if let Some(declaration) = &document.declaration {
        out.push_str(declaration);
        out.push('\n');
    }
    let root = document.root();
    write(root, shape.map(|s| s.of_root(root.name())), echoes, 0, &mut out);
    out
}

fn write(element: Element<'_>, shape: Option<&Shape>, echoes: &Echoes, depth: usize, out: &mut String) {
    let indent = "  ".repeat(depth);
    out.push_str(&format!("{indent}<{}", element.name()));
    for attribute in element.attributes() {
        let shape = shape.and_then(|s| s.properties.get(&format!("@{}", attribute.name)));
        let value = kept(&attribute.value, shape, echoes);
        out.push_str(&format!(" {}=\"{}\"", attribute.name, escape(&value).replace('"', "&quot;")));
    }
    let redacted = shape.is_some_and(Shape::is_redacted);
    if element.elements().next().is_none() || redacted {
        let shape = shape.map(|s| s.properties.get("#text").unwrap_or(s));
        let text = match redacted && element.elements().next().is_some() {
            true => "[object]".to_owned(),
            false => kept(&element.text(), shape, echoes),
        };
        match text.is_empty() {
            true => out.push_str("/>\n"),
            false => out.push_str(&format!(">{}</{}>\n", escape(&text), element.name())),
        }
        return;
    }
    out.push_str(">\n");
    for child in element.children() {
        match child {
            Child::Element(child) => {
                let shape = shape.and_then(|s| s.properties.get(child.name())).map(Shape::of_item);
                write(child, shape, echoes, depth + 1, out);
            }
            Child::Text(text) | Child::CData(text) if !text.trim().is_empty() => {
                out.push_str(&format!("{indent}  {}\n", escape(&echoes.text(text.trim()))));
            }
            Child::Comment(text) => out.push_str(&format!("{indent}  <!--{}-->\n", visible(text))),
            Child::Text(_) | Child::CData(_) | Child::Instruction(_) => {}
        }
    }
    out.push_str(&format!("{indent}</{}>\n", element.name()));
}

fn kept(text: &str, shape: Option<&Shape>, echoes: &Echoes) -> String {
    match shape.is_some_and(Shape::is_redacted) && !text.is_empty() {
        true => "[string]".into(),
        false => echoes.text(text),
    }
}

/// Character data: markup and what is not seen as references.
fn escape(text: &str) -> String {
    let mut out = String::with_capacity(text.len());
    for c in text.chars() {
        match c {
            '&' => out.push_str("&amp;"),
            '<' => out.push_str("&lt;"),
            '>' => out.push_str("&gt;"),
            c if is_hidden(c) => out.push_str(&format!("&#x{:x};", c as u32)),
            c => out.push(c),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::xml::{Limits, parse, to_json};
    use serde_json::json;

    #[test]
    fn elements_stand_on_lines_and_volatile_ones_keep_their_type() {
        let text = "<?xml version=\"1.0\"?><R v=\"1\"><id>77</id><a><b>1 &lt; 2</b><c/></a><n k=\"x\">9</n>mixed<!-- c --></R>";
        let document = parse(text.as_bytes(), None, &Limits::default()).unwrap();
        let volatile = json!({"x-proofmark": {"volatile": true}});
        let shape = Shape::of(
            &json!({"properties": {"id": volatile, "n": {"properties": {"@k": volatile}}}}),
            &json!({}),
        );
        let expected = "<?xml version=\"1.0\"?>\n<R v=\"1\">\n  <id>[string]</id>\n  <a>\n    <b>1 &lt; 2</b>\n    <c/>\n  </a>\n  <n k=\"[string]\">9</n>\n  mixed\n  <!-- c -->\n</R>\n";
        assert_eq!(pretty(&document, Some(&shape), &Echoes::default()), expected);
        let again = parse(expected.as_bytes(), Some("utf-8"), &Limits::default()).unwrap();
        assert_eq!(to_json(again.root())["R"]["a"], json!({"b": "1 < 2", "c": ""}));
    }
}
