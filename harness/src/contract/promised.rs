//! [`promised`]: whether a document says that what a runtime expression stands for is always there.

use super::expression::{RuntimeExpression, Source};
use super::field::resolve;
use crate::yaml::Node;

/// References and combinations are followed this deep.
const MAX_DEPTH: usize = 24;

/// Whether an answer that keeps the document has a value for the expression: a `required` header, a member that each schema
/// on the way to it requires.
pub fn promised(
    root: &Node,
    (path, method): (&str, &str),
    status: &str,
    expression: &RuntimeExpression,
) -> bool {
    let response = || {
        let item = resolve(root, root.get("paths")?.get(path)?, 0)?;
        let operation = resolve(root, item.get(&method.to_lowercase())?, 0)?;
        let (_, response) = operation
            .get("responses")?
            .entries()
            .iter()
            .find(|(key, _)| key.name.eq_ignore_ascii_case(status))?;
        resolve(root, response, 0)
    };
    let RuntimeExpression::Response(source) = expression else { return false };
    let Some(response) = response() else { return false };
    match source {
        Source::Header(name) => {
            let headers = response.get("headers").map(Node::entries).unwrap_or_default();
            let header = headers.iter().find(|(key, _)| key.name.eq_ignore_ascii_case(name));
            let header = header.and_then(|(_, header)| resolve(root, header, 0));
            header.and_then(|header| header.get("required")).is_some_and(|node| node.to_json() == true)
        }
        Source::Body(pointer) => {
            let media = response.get("content").map(Node::entries).unwrap_or_default();
            let tokens: Vec<String> =
                pointer.split('/').skip(1).map(|t| t.replace("~1", "/").replace("~0", "~")).collect();
            let one = |media: &Node| {
                let schema = resolve(root, media, 0).and_then(|media| media.get("schema"));
                schema.is_some_and(|schema| requires(root, schema, &tokens, 0))
            };
            !media.is_empty() && media.iter().all(|(_, media)| one(media))
        }
        Source::Query(_) | Source::Path(_) => false,
    }
}

/// Whether every instance of a schema has a value at a pointer.
fn requires(root: &Node, schema: &Node, tokens: &[String], depth: usize) -> bool {
    let Some((token, rest)) = tokens.split_first() else { return true };
    let Some(schema) = resolve(root, schema, 0).filter(|_| depth < MAX_DEPTH) else { return false };
    let named = schema.get("required").map(Node::items).unwrap_or_default();
    let property = schema.get("properties").and_then(|properties| properties.get(token));
    let whole = || all_of(schema).any(|part| is_required(root, part, token, depth + 1));
    let is_there = named.iter().any(|name| name.as_str() == Some(token)) || whole();
    let inside = || property.is_some_and(|property| requires(root, property, rest, depth + 1));
    (is_there && (rest.is_empty() || inside()))
        || all_of(schema).any(|part| requires(root, part, tokens, depth + 1))
}

fn is_required(root: &Node, schema: &Node, token: &str, depth: usize) -> bool {
    requires(root, schema, &[token.to_owned()], depth)
}

fn all_of(schema: &Node) -> impl Iterator<Item = &Node> {
    schema.get("allOf").map(Node::items).unwrap_or_default().iter()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::source::SourceFile;
    use crate::yaml::parse;

    #[test]
    fn what_is_required_on_the_whole_way_is_promised() {
        let text = "
paths:
  /a:
    get:
      responses:
        '200': { $ref: '#/components/responses/A' }
components:
  responses:
    A:
      headers: { X-Id: { required: true }, X-Maybe: { schema: { type: string } } }
      content: { application/json: { schema: { $ref: '#/components/schemas/A' } } }
  schemas:
    A: { allOf: [{ required: [id, data], properties: { data: { $ref: '#/components/schemas/B' } } }, { required: [own] }] }
    B: { required: [key], properties: { key: { type: string }, maybe: { required: [key] } } }
";
        let file = SourceFile::new("o.yaml", "o.yaml", text.to_owned());
        let root = parse(&file, &mut Vec::new()).expect("YAML");
        for (expression, expected) in [
            ("$response.header.x-id", true),
            ("$response.header.X-Maybe", false),
            ("$response.header.X-None", false),
            ("$response.body#/id", true),
            ("$response.body#/own", true),
            ("$response.body#/data/key", true),
            ("$response.body#/data/maybe", false),
            ("$response.body#/data/maybe/key", false),
            ("$response.body#/none", false),
            ("$response.body", true),
            ("$request.body#/id", false),
        ] {
            let parsed = RuntimeExpression::parse(expression).expect(expression);
            assert_eq!(promised(&root, ("/a", "GET"), "200", &parsed), expected, "{expression}");
        }
    }
}
