//! The links of answers, read once all operations are known. What is wrong with a link becomes a problem, and what is wrong is
//! left out: the link, or the one parameter.

use crate::contract::expression::{ExpressionError, Piece, RuntimeExpression, Source, pieces};
use crate::contract::link::{LinkParameter, LinkSpec, LinkValue};
use crate::contract::operation::{Operation, Parameter, ParameterIn};
use crate::expr::inside;
use crate::http::charset::percent_decode;
use crate::model::problem::Problem;
use crate::model::source::{Location, Span};
use crate::yaml::{Kind, Node, Reader};
use std::collections::BTreeMap;
use std::sync::Arc;

/// References are followed this deep.
const MAX_DEPTH: usize = 16;
const KEYS: [&str; 6] = ["operationId", "operationRef", "parameters", "requestBody", "description", "server"];

/// Reads the links of all answers, and puts them there.
pub(super) fn read(reader: &mut Reader<'_>, root: &Node, operations: &mut [Operation]) {
    // By where they are written: an answer of `components` stands under many operations, and is read once.
    let mut known: BTreeMap<u32, Option<Arc<LinkSpec>>> = BTreeMap::new();
    let before = reader.problems.len();
    let mut found: Vec<(usize, usize, Arc<LinkSpec>)> = Vec::new();
    for (index, operation) in operations.iter().enumerate() {
        for (place, response) in operation.responses.iter().enumerate() {
            for (name, span, node) in nodes(root, operation, &response.status.to_string()) {
                let read = || link(reader, root, &name, span, node, operations).map(Arc::new);
                let link = known.entry(span.start).or_insert_with(read).clone();
                found.extend(link.map(|link| (index, place, link)));
            }
        }
    }
    let mut told: Vec<(Span, String)> = Vec::new();
    let wrong = reader.problems.split_off(before);
    for problem in wrong {
        let what = (problem.span, problem.message.clone());
        if !told.contains(&what) {
            told.push(what);
            reader.problems.push(problem);
        }
    }
    for (index, place, link) in found {
        operations[index].responses[place].links.push(link);
    }
}

/// The links of one answer as they are written: name, where that stands, and what it holds.
fn nodes<'n>(root: &'n Node, operation: &Operation, status: &str) -> Vec<(String, Span, &'n Node)> {
    let find = || {
        let item = resolved(root, root.get("paths")?.get(&operation.path)?)?;
        let operation = resolved(root, item.get(&operation.method.to_ascii_lowercase())?)?;
        let all = operation.get("responses")?.entries();
        let (_, response) = all.iter().find(|(key, _)| key.name.eq_ignore_ascii_case(status))?;
        resolved(root, response)?.get("links")
    };
    let entries = find().map(Node::entries).unwrap_or_default();
    let entries = entries.iter().filter(|(key, _)| !key.name.starts_with("x-"));
    entries.map(|(key, node)| (key.name.clone(), key.span, node)).collect()
}

fn resolved<'n>(root: &'n Node, mut node: &'n Node) -> Option<&'n Node> {
    for _ in 0..MAX_DEPTH {
        let Some(target) = node.get("$ref") else { return Some(node) };
        node = root.pointer(target.as_str()?.strip_prefix('#')?)?;
    }
    None
}

fn link(
    reader: &mut Reader<'_>,
    root: &Node,
    name: &str,
    span: Span,
    node: &Node,
    operations: &[Operation],
) -> Option<LinkSpec> {
    let Some(link) = resolved(root, node) else {
        let target = node.get("$ref");
        let said = target.and_then(Node::as_str).unwrap_or_default().to_owned();
        let message = format!("`$ref` of the link `{name}` to `{said}`, which is not in this file");
        reader.problem(target.map_or(span, |target| target.span), message);
        return None;
    };
    if !matches!(link.kind, Kind::Map(_)) {
        return reader.expected(link, "a link");
    }
    for (key, _) in link.entries() {
        if !KEYS.contains(&key.name.as_str()) && !key.name.starts_with("x-") {
            reader.unknown(key.span, "key of a link", &key.name, KEYS);
        }
    }
    if let Some(server) = link.get("server") {
        let message = format!("the link `{name}` leads to another `server`: it is not followed");
        reader.problem(crate::yaml::first_line(server), message);
        return None;
    }
    let target = target(reader, root, name, span, link, operations)?;
    let parameters = match link.get("parameters") {
        Some(node) if !matches!(node.kind, Kind::Map(_)) => {
            return reader.expected(node, "parameters by their names");
        }
        Some(node) => node.entries(),
        None => &[],
    };
    let read = |(key, value): &(crate::yaml::Key, Node)| {
        let Some(parameter) = parameter(target, &key.name) else {
            let what = format!("parameter of `{}`", target.id);
            let names = target.parameters.iter().map(|p| p.name.as_str());
            reader.unknown(key.span, &what, &key.name, names);
            return None;
        };
        let (name, place) = (parameter.name.clone(), parameter.place);
        let required = parameter.required || place == ParameterIn::Path;
        Some(LinkParameter { name, place, required, value: self::value(reader, value)? })
    };
    let parameters = parameters.iter().filter_map(read).collect();
    let body = link.get("requestBody");
    if let Some(body) = body.filter(|_| target.bodies.is_empty()) {
        let message = format!("`requestBody` of a link to `{}`, which takes no body", target.id);
        reader.problem(crate::yaml::first_line(body), message);
    }
    let body = body.filter(|_| !target.bodies.is_empty()).and_then(|body| value(reader, body));
    let location = Location::new(reader.file, span);
    Some(LinkSpec { name: name.to_owned(), target: target.id.clone(), parameters, body, location })
}

/// The operation that a link names, one way or the other.
fn target<'o>(
    reader: &mut Reader<'_>,
    root: &Node,
    name: &str,
    span: Span,
    link: &Node,
    operations: &'o [Operation],
) -> Option<&'o Operation> {
    match (link.get("operationId"), link.get("operationRef")) {
        (Some(node), None) => {
            let id = reader.string(node)?;
            let found = operations.iter().find(|operation| operation.id == id);
            if found.is_none() {
                reader.unknown(node.span, "operation", &id, operations.iter().map(|o| o.id.as_str()));
            }
            found
        }
        (None, Some(node)) => by_reference(reader, root, node, operations),
        (Some(_), Some(node)) => {
            let message =
                format!("the link `{name}` has both `operationId` and `operationRef`: expected one of them");
            reader.problem(node.span, message);
            None
        }
        (None, None) => {
            let message =
                format!("the link `{name}` leads nowhere: expected `operationId` or `operationRef`");
            reader.problem(span, message);
            None
        }
    }
}

/// `#/paths/~1pets~1{petId}/get`; the braces may be percent-encoded, as in a URI they have to be.
fn by_reference<'o>(
    reader: &mut Reader<'_>,
    root: &Node,
    node: &Node,
    operations: &'o [Operation],
) -> Option<&'o Operation> {
    let reference = reader.string(node)?;
    let own = reader.file.path.file_name().map(|name| name.to_string_lossy().into_owned());
    let local = match reference.split_once('#') {
        Some((file, pointer)) if file.is_empty() || Some(file.trim_start_matches("./")) == own.as_deref() => {
            pointer
        }
        _ => {
            let message =
                format!("`operationRef` to `{reference}`: links to other documents are not followed");
            reader.problem(node.span, message);
            return None;
        }
    };
    let pointer = percent_decode(&local.replace('+', "%2B"), "utf-8");
    let written = root.pointer(&pointer).and_then(|node| resolved(root, node));
    let place = |operation: &Operation| {
        format!("/paths/{}/{}", crate::http::json::escape(&operation.path), operation.method.to_lowercase())
    };
    let same = |operation: &&Operation| {
        let place = place(operation);
        place == pointer
            || written.is_some_and(|node| root.pointer(&place).is_some_and(|n| std::ptr::eq(n, node)))
    };
    let found = operations.iter().find(same);
    if found.is_none() {
        let known: Vec<String> =
            operations.iter().map(|operation| format!("#{}", place(operation))).collect();
        reader.unknown(node.span, "operation", &format!("#{pointer}"), known.iter().map(String::as_str));
    }
    found
}

/// `id`, or `path.id` where a name alone says too little.
fn parameter<'o>(target: &'o Operation, name: &str) -> Option<&'o Parameter> {
    let of = |name: &str, place: Option<ParameterIn>| {
        let all =
            || target.parameters.iter().map(Arc::as_ref).filter(|p| place.is_none_or(|at| at == p.place));
        let same = |p: &&Parameter| match p.place {
            ParameterIn::Header => p.name.eq_ignore_ascii_case(name),
            _ => p.name == name,
        };
        let of_path = all().filter(same).find(|p| p.place == ParameterIn::Path);
        of_path.or_else(|| all().find(same))
    };
    let qualified = || {
        let (place, name) = name.split_once('.')?;
        let place = match place {
            "path" => ParameterIn::Path,
            "query" => ParameterIn::Query,
            "header" => ParameterIn::Header,
            "cookie" => ParameterIn::Cookie,
            _ => return None,
        };
        of(name, Some(place))
    };
    qualified().or_else(|| of(name, None))
}

/// A constant, an expression, text with expressions in braces, or a list or mapping of these.
fn value(reader: &mut Reader<'_>, node: &Node) -> Option<LinkValue> {
    match &node.kind {
        Kind::String(text) => self::text(reader, text, node.span),
        Kind::Seq(items) => {
            items.iter().map(|item| value(reader, item)).collect::<Option<_>>().map(LinkValue::List)
        }
        Kind::Map(members) => {
            let one = |(key, node): &(crate::yaml::Key, Node)| Some((key.name.clone(), value(reader, node)?));
            members.iter().map(one).collect::<Option<_>>().map(LinkValue::Object)
        }
        _ => Some(LinkValue::Constant(node.to_json())),
    }
}

fn text(reader: &mut Reader<'_>, text: &str, span: Span) -> Option<LinkValue> {
    let parsed = match text.starts_with('$') {
        true => RuntimeExpression::parse(text).map(|expression| vec![Piece::Expression(expression)]),
        false => pieces(text),
    };
    let parsed = match parsed.and_then(|pieces| answerable(text, pieces)) {
        Ok(parsed) => parsed,
        Err(error) => {
            not_an_expression(reader, text, span, error);
            return None;
        }
    };
    Some(match &parsed[..] {
        [] => LinkValue::Constant(text.into()),
        [Piece::Text(text)] => LinkValue::Constant(text.clone().into()),
        [Piece::Expression(expression)] => LinkValue::Expression(expression.clone()),
        _ => LinkValue::Text(parsed),
    })
}

/// A problem whose caret is inside the text.
pub(super) fn not_an_expression(reader: &mut Reader<'_>, text: &str, span: Span, error: ExpressionError) {
    let span = inside(reader.file, text, span, error.offset);
    let problem = Problem::new(reader.file, span, error.message).label("not a runtime expression");
    reader.problems.push(match error.help {
        Some(help) => problem.help(help),
        None => problem,
    });
}

/// An answer has neither a path nor a query, though the grammar has expressions for them.
fn answerable(text: &str, pieces: Vec<Piece>) -> Result<Vec<Piece>, ExpressionError> {
    let wrong = |piece: &Piece| match piece {
        Piece::Expression(expression @ RuntimeExpression::Response(Source::Query(_) | Source::Path(_))) => {
            Some(expression.to_string())
        }
        _ => None,
    };
    let Some(wrong) = pieces.iter().find_map(wrong) else { return Ok(pieces) };
    Err(ExpressionError {
        message: format!("`{wrong}`: an answer has a `header` and a `body` only"),
        offset: text.find(&wrong).unwrap_or(0),
        help: Some(format!("did you mean `{}`?", wrong.replacen("$response", "$request", 1))),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::{Contract, StatusPattern, load};
    use crate::model::source::SourceFile;
    use serde_json::json;

    type Told = (u32, u32, String, Option<String>);

    /// Reads a document in which answers of `makeOrder` have these links; with line, column, message and help of what is wrong.
    fn read(links: &str) -> (Option<Contract>, Vec<Told>) {
        let text = format!(
            "openapi: 3.1.0
paths:
  /orders:
    post:
      operationId: makeOrder
      responses:
        '201':
          description: made
          links:
{links}
  /orders/{{orderId}}:
    get:
      operationId: showOrder
      parameters:
        - {{ name: orderId, in: path, required: true }}
        - {{ name: orderId, in: query }}
        - {{ name: X-Trace, in: header }}
      responses: {{ '200': {{ description: one }} }}
    put:
      operationId: putOrder
      parameters: [{{ name: orderId, in: path, required: true }}]
      requestBody: {{ content: {{ application/json: {{ schema: {{ type: object }} }} }} }}
      responses: {{ '200': {{ description: put }} }}
components:
  links:
    Shared: {{ operationRef: '#/paths/~1orders~1%7BorderId%7D/get', parameters: {{ path.orderId: $response.body#/id }} }}
    Wrong: {{ operationId: showOrders }}
"
        );
        let file = SourceFile::new("openapi.yaml", "openapi.yaml", text);
        let mut problems = Vec::new();
        let contract = load("a", file, None, &mut problems);
        let told = |p: Problem| (p.span.line, p.span.column, p.message, p.help);
        (contract, problems.into_iter().map(told).collect())
    }

    #[test]
    fn links_are_plain_data_on_the_answer() {
        let (contract, problems) = read(
            "            show: { $ref: '#/components/links/Shared' }
            search:
              operationId: showOrder
              parameters: { query.orderId: 'o-{$response.body#/id}', x-trace: $request.header.X-Trace, orderId: 7 }
            put:
              operationRef: 'openapi.yaml#/paths/~1orders~1{orderId}/put'
              requestBody: { items: [$response.body#/first], of: '{$url}', note: plain }",
        );
        assert_eq!(problems, []);
        let contract = contract.expect("a contract");
        let made = contract.operation("makeOrder").and_then(|o| o.response(201)).expect("an answer");
        assert_eq!(made.status, StatusPattern::Code(201));
        let targets: Vec<&str> = made.links.iter().map(|link| link.target.as_str()).collect();
        assert_eq!(targets, ["showOrder", "showOrder", "putOrder"]);
        let id = RuntimeExpression::Response(Source::Body("/id".into()));
        let [show] = &made.links[0].parameters[..] else { panic!("one parameter") };
        assert_eq!((show.name.as_str(), show.place), ("orderId", ParameterIn::Path));
        assert_eq!(show.value, LinkValue::Expression(id.clone()));
        assert_eq!((made.links[0].location.line, made.links[0].location.column), (10, 13));
        let search: Vec<_> = made.links[1].parameters.iter().map(|p| (p.name.as_str(), p.place)).collect();
        let places = [
            ("orderId", ParameterIn::Query),
            ("X-Trace", ParameterIn::Header),
            ("orderId", ParameterIn::Path),
        ];
        assert_eq!(search, places);
        let text = LinkValue::Text(vec![Piece::Text("o-".into()), Piece::Expression(id)]);
        assert_eq!(made.links[1].parameters[0].value, text);
        assert_eq!(made.links[1].parameters[2].value, LinkValue::Constant(json!(7)));
        let first = RuntimeExpression::Response(Source::Body("/first".into()));
        let body = LinkValue::Object(vec![
            ("items".into(), LinkValue::List(vec![LinkValue::Expression(first)])),
            ("of".into(), LinkValue::Expression(RuntimeExpression::Url)),
            ("note".into(), LinkValue::Constant(json!("plain"))),
        ]);
        assert_eq!(made.links[2].body, Some(body));
    }

    #[test]
    fn what_is_wrong_with_a_link_is_told_with_its_place() {
        for (links, line, column, message, help) in [
            (
                "            a: { operationId: showOdrer }",
                10,
                31,
                "unknown operation `showOdrer` (known: `showOrder`, `makeOrder`, `putOrder`)",
                Some("did you mean `showOrder`?"),
            ),
            (
                "            a: { operationRef: '#/paths/~1order~1{orderId}/get' }",
                10,
                32,
                "unknown operation `#/paths/~1order~1{orderId}/get` (known: `#/paths/~1orders~1{orderId}/get`, \
                 `#/paths/~1orders~1{orderId}/put`, `#/paths/~1orders/post`)",
                Some("did you mean `#/paths/~1orders~1{orderId}/get`?"),
            ),
            (
                "            a: { operationRef: 'https://host.example/o.yaml#/paths/~1a/get' }",
                10,
                32,
                "`operationRef` to `https://host.example/o.yaml#/paths/~1a/get`: links to other documents are not followed",
                None,
            ),
            (
                "            a: { operationId: showOrder, operationRef: '#/paths/~1orders/post' }",
                10,
                56,
                "the link `a` has both `operationId` and `operationRef`: expected one of them",
                None,
            ),
            (
                "            a: { parameters: { orderId: 1 } }",
                10,
                13,
                "the link `a` leads nowhere: expected `operationId` or `operationRef`",
                None,
            ),
            (
                "            a: { operationId: putOrder, parameters: { orderID: 1 } }",
                10,
                55,
                "unknown parameter of `putOrder` `orderID` (known: `orderId`)",
                Some("did you mean `orderId`?"),
            ),
            (
                "            a: { operationId: putOrder, parameters: { orderId: $response.body.id } }",
                10,
                78,
                "expected `#` and a JSON pointer after `body`, found `.id`",
                Some("did you mean `$response.body#/id`?"),
            ),
            (
                "            a: { operationId: putOrder, parameters: { orderId: 'x{$response.body#id}' } }",
                10,
                82,
                "`id` is not a JSON pointer: expected `/` before each name",
                Some("did you mean `$response.body#/id`?"),
            ),
            (
                "            a: { operationId: putOrder, parameters: { orderId: $response.query.id } }",
                10,
                64,
                "`$response.query.id`: an answer has a `header` and a `body` only",
                Some("did you mean `$request.query.id`?"),
            ),
            (
                "            a: { operationId: showOrder, requestBody: 1 }",
                10,
                55,
                "`requestBody` of a link to `showOrder`, which takes no body",
                None,
            ),
            (
                "            a: { operationId: showOrder, server: { url: 'https://host.example' } }",
                10,
                52,
                "the link `a` leads to another `server`: it is not followed",
                None,
            ),
            (
                "            a: { operationId: showOrder, params: {} }",
                10,
                42,
                "unknown key of a link `params` (known: `parameters`, `server`, `operationId`, `operationRef`, `requestBody`, `description`)",
                Some("did you mean `parameters`?"),
            ),
            (
                "            a: { $ref: '#/components/links/Shard' }",
                10,
                24,
                "`$ref` of the link `a` to `#/components/links/Shard`, which is not in this file",
                None,
            ),
            (
                "            a: { $ref: '#/components/links/Wrong' }\n            b: { $ref: '#/components/links/Wrong' }",
                28,
                27,
                "unknown operation `showOrders` (known: `showOrder`, `makeOrder`, `putOrder`)",
                Some("did you mean `showOrder`?"),
            ),
        ] {
            let (_, problems) = read(links);
            let expected = (line, column, message.to_owned(), help.map(str::to_owned));
            assert_eq!(problems, [expected], "{links}");
        }
    }

    #[test]
    fn the_url_of_a_callback_has_the_same_expressions() {
        let read = |url: &str| {
            let text = format!(
                "openapi: 3.1.0
paths:
  /a:
    post:
      operationId: a
      responses: {{ '200': {{}} }}
      callbacks:
        told: {{ '{url}': {{ post: {{}} }} }}
"
            );
            let mut problems = Vec::new();
            load("a", SourceFile::new("o.yaml", "o.yaml", text), None, &mut problems);
            problems.into_iter().map(|p| (p.span.line, p.span.column, p.message)).collect::<Vec<_>>()
        };
        assert_eq!(read("{$request.query.url}"), []);
        assert_eq!(read("http://partner.example/?of={$request.body#/id}"), []);
        let message = "expected `#` and a JSON pointer after `body`, found `.url`";
        assert_eq!(read("{$request.body.url}"), [(8, 32, message.to_owned())]);
    }
}
