//! [`declare_volatile`]: `x-proofmark: { volatile: true }` written into `openapi.yaml` as a person would.

use crate::model::source::{SourceFile, Span};
use crate::yaml::{Node, parse};
use std::sync::Arc;

/// The text with every one of these schemas declared volatile, or what stands in the way. `schemas` are nodes of `text`.
pub fn declare_volatile(text: &str, schemas: &[&Node]) -> Result<String, String> {
    let mut edits: Vec<(usize, String)> = Vec::new();
    for schema in schemas {
        let edit = edit(text, schema).ok_or_else(|| {
            let Span { line, column, .. } = schema.span;
            format!("line {line}, column {column} is not written in a way that can be edited: add `x-proofmark: {{ volatile: true }}` there by hand")
        })?;
        if !edits.contains(&edit) {
            edits.push(edit);
        }
    }
    edits.sort_by_key(|(at, _)| std::cmp::Reverse(*at));
    let mut out = text.to_owned();
    for (at, insertion) in &edits {
        out.insert_str(*at, insertion);
    }
    let count = |text: &str| {
        let file: Arc<SourceFile> = SourceFile::new("openapi.yaml", "openapi.yaml", text.to_owned());
        let mut problems = Vec::new();
        let root = parse(&file, &mut problems).filter(|_| problems.is_empty())?;
        Some(volatile(&root))
    };
    // Nothing but these declarations may have come of it.
    match (count(text), count(&out)) {
        (Some(before), Some(after)) if after >= before + edits.len() => Ok(out),
        _ => Err("the edited text would not be the same document with more declarations".into()),
    }
}

/// How many schemas are declared volatile.
fn volatile(node: &Node) -> usize {
    let own = node.get("x-proofmark").and_then(|x| x.get("volatile")).is_some_and(|v| v.to_json() == true);
    let below: usize = node.entries().iter().map(|(_, n)| volatile(n)).sum();
    usize::from(own) + below + node.items().iter().map(volatile).sum::<usize>()
}

/// Where to insert what. Mappings only: `true` and `{}` on their own are not schemas of a value that moves.
fn edit(text: &str, schema: &Node) -> Option<(usize, String)> {
    match schema.get("x-proofmark") {
        Some(own) if own.get("volatile").is_some() => None,
        Some(own) => member(text, own, "volatile: true"),
        None => member(text, schema, "x-proofmark: { volatile: true }"),
    }
}

/// One more member of a mapping: before the brace of a flow mapping, on a line of its own in a block.
fn member(text: &str, map: &Node, entry: &str) -> Option<(usize, String)> {
    let (first, _) = map.entries().first()?;
    let (_, last) = map.entries().last()?;
    let start = map.span.start as usize;
    if text.get(start..)?.starts_with('{') {
        let after = last.span.end as usize;
        let brace = after + text.get(after..)?.find('}')?;
        // Between the last value and the brace is white space or a comma, or the value is not what it seems.
        let between = text.get(after..brace)?;
        if !between.chars().all(|c| c.is_whitespace() || matches!(c, ',' | '"' | '\'')) {
            return None;
        }
        let end = after + between.trim_end().len();
        let comma = if between.contains(',') { "" } else { "," };
        return Some((end, format!("{comma} {entry}")));
    }
    let key = first.span.start as usize;
    let line = text.get(..key)?.rfind('\n').map_or(0, |n| n + 1);
    let indent: String = text.get(line..key)?.chars().map(|c| if c == '\t' { '\t' } else { ' ' }).collect();
    let value = text.get(last.span.start as usize..last.span.end as usize)?;
    let one_line = !value.trim_end().contains('\n') && !value.starts_with(['|', '>']);
    if one_line && !last.span_is_block(text) {
        let end = last.span.end as usize;
        let end = end + text.get(end..)?.find('\n').unwrap_or(text.len() - end);
        return Some((end, format!("\n{indent}{entry}")));
    }
    Some((key, format!("{entry}\n{indent}")))
}

impl Node {
    /// Whether a value is a block mapping or list, whose end is not where its last line ends.
    fn span_is_block(&self, text: &str) -> bool {
        let begins = |c| text.get(self.span.start as usize..).is_some_and(|rest| rest.starts_with(c));
        (!self.entries().is_empty() && !begins('{')) || (!self.items().is_empty() && !begins('['))
    }
}

#[cfg(test)]
mod tests {
    use super::super::field::field;
    use super::*;

    const SPEC: &str = r##"paths:
  /a:
    get:
      responses:
        "200": { $ref: "#/components/responses/A" }
        2XX:
          content:
            text/xml: { schema: { properties: { id: { type: string } } } }
components:
  responses:
    A:
      content:
        application/json: { schema: { $ref: "#/components/schemas/A" } }
  schemas:
    A:
      allOf:
        - properties:
            flow: { type: string, x-proofmark: { doc: "#1" } }
            list:
              type: array
              items:
                type: object
                properties:
                  at:
                    type: string # when
                    format: date-time
                  text:
                    type: string
                    description: |
                      Two
                      lines.
                  more: { $ref: "#/components/schemas/More" }
    More: { type: "string" }
"##;

    fn edited(places: &[(u16, &str, &str)]) -> String {
        let file = SourceFile::new("openapi.yaml", "openapi.yaml", SPEC.to_owned());
        let root = parse(&file, &mut Vec::new()).unwrap();
        let nodes: Vec<&Node> = places
            .iter()
            .map(|(status, essence, pointer)| field(&root, ("/a", "GET"), *status, essence, pointer).unwrap())
            .collect();
        let text = declare_volatile(SPEC, &nodes).unwrap();
        crate::diff::unified(SPEC, &text, 0)
            .lines()
            .filter(|l| l.starts_with(['+', '-']))
            .map(|l| format!("{l}\n"))
            .collect()
    }

    #[test]
    fn declarations_are_written_in_the_style_of_the_place() {
        let json = "application/json";
        assert_eq!(
            edited(&[(200, json, "/list/*/at"), (200, json, "/flow"), (200, json, "/list/0/at")]),
            "-            flow: { type: string, x-proofmark: { doc: \"#1\" } }\n+            flow: { type: string, x-proofmark: { doc: \"#1\", volatile: true } }\n+                    x-proofmark: { volatile: true }\n"
        );
        assert_eq!(
            edited(&[(200, json, "/list/*/text")]),
            "+                    x-proofmark: { volatile: true }\n"
        );
        assert_eq!(
            edited(&[(200, json, "/list/*/more")]),
            "-                  more: { $ref: \"#/components/schemas/More\" }\n+                  more: { $ref: \"#/components/schemas/More\", x-proofmark: { volatile: true } }\n"
        );
        assert_eq!(
            edited(&[(204, "text/xml", "/R/id")]),
            "-            text/xml: { schema: { properties: { id: { type: string } } } }\n+            text/xml: { schema: { properties: { id: { type: string, x-proofmark: { volatile: true } } } } }\n"
        );
    }

    #[test]
    fn what_the_document_does_not_describe_is_not_found() {
        let file = SourceFile::new("openapi.yaml", "openapi.yaml", SPEC.to_owned());
        let root = parse(&file, &mut Vec::new()).unwrap();
        assert!(field(&root, ("/a", "GET"), 200, "application/json", "/nothing").is_none());
        assert!(field(&root, ("/b", "GET"), 200, "application/json", "/flow").is_none());
    }
}
