//! [`Exchange`]: what a request and its answer give to the operations that the answer links to (OpenAPI 3.1.1 section 4.8.20).

use crate::contract::{
    LinkSpec, LinkValue, Operation, ParameterIn, Piece, ResponseSpec, RuntimeExpression, Source,
};
use crate::expr::printed;
use crate::record::StepRecord;
use serde_json::{Map, Value};
use std::sync::Arc;

/// One request with its answer, as runtime expressions see it.
#[derive(Debug, Clone, Copy)]
pub struct Exchange<'a> {
    pub operation: &'a Operation,
    pub method: &'a str,
    pub url: &'a str,
    /// Values of the parameters, by name.
    pub parameters: &'a [(String, Value)],
    pub sent_headers: &'a [(String, String)],
    pub sent: Option<&'a Value>,
    pub status: u16,
    pub headers: &'a [(String, String)],
    pub body: Option<&'a Value>,
}

/// What a link says of a request to its target.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Followed {
    /// Name of the link.
    pub name: String,
    /// Id of the operation.
    pub target: String,
    pub parameters: Vec<(String, Value)>,
    /// The whole body, or some of its members.
    pub body: Option<Value>,
}

impl<'a> Exchange<'a> {
    /// A step with the values that went into it and the answer as a tree; `None` where no answer came.
    pub fn of(
        operation: &'a Operation,
        step: &'a StepRecord,
        parameters: &'a [(String, Value)],
        sent: Option<&'a Value>,
        body: Option<&'a Value>,
    ) -> Option<Self> {
        let response = step.response.as_ref()?;
        Some(Self {
            operation,
            method: &step.request.method,
            url: &step.request.url,
            parameters,
            sent_headers: &step.request.headers,
            sent,
            status: response.status,
            headers: &response.headers,
            body,
        })
    }

    /// The response of the contract that has the links of the answer.
    pub fn response(&self) -> Option<&'a ResponseSpec> {
        self.operation.response(self.status)
    }

    pub fn links(&self) -> &'a [Arc<LinkSpec>] {
        self.response().map(|response| &response.links[..]).unwrap_or_default()
    }

    /// The request that a link leads to, without optional parameters for which there is no value; `None` where something that
    /// must be there has none.
    pub fn follow(&self, link: &LinkSpec) -> Option<Followed> {
        let mut parameters = Vec::new();
        for parameter in &link.parameters {
            match self.value(&parameter.value) {
                Some(value) => parameters.push((parameter.name.clone(), value)),
                None if parameter.required => return None,
                None => {}
            }
        }
        let body = match &link.body {
            Some(body) => Some(self.value(body)?),
            None => None,
        };
        Some(Followed { name: link.name.clone(), target: link.target.clone(), parameters, body })
    }

    /// The expressions of a link that stand for nothing here, in the order of the link.
    pub fn missing(&self, link: &LinkSpec) -> Vec<RuntimeExpression> {
        let mut missing = Vec::new();
        for value in link.parameters.iter().map(|parameter| &parameter.value).chain(&link.body) {
            value.expressions(&mut |expression| {
                if self.find(expression).is_none() && !missing.contains(expression) {
                    missing.push(expression.clone());
                }
            });
        }
        missing
    }

    /// `None` where a part of it is not there.
    pub fn value(&self, value: &LinkValue) -> Option<Value> {
        match value {
            LinkValue::Constant(value) => Some(value.clone()),
            LinkValue::Expression(expression) => self.find(expression),
            LinkValue::Text(pieces) => {
                let one = |piece: &Piece| match piece {
                    Piece::Text(text) => Some(text.clone()),
                    Piece::Expression(expression) => self.find(expression).map(|value| printed(&value)),
                };
                pieces.iter().map(one).collect::<Option<String>>().map(Value::String)
            }
            LinkValue::List(items) => {
                items.iter().map(|item| self.value(item)).collect::<Option<_>>().map(Value::Array)
            }
            LinkValue::Object(members) => members
                .iter()
                .map(|(name, member)| Some((name.clone(), self.value(member)?)))
                .collect::<Option<Map<_, _>>>()
                .map(Value::Object),
        }
    }

    /// What an expression stands for; null is nothing that a request could be made with.
    pub fn find(&self, expression: &RuntimeExpression) -> Option<Value> {
        let found = match expression {
            RuntimeExpression::Url => Some(self.url.into()),
            RuntimeExpression::Method => Some(self.method.into()),
            RuntimeExpression::StatusCode => Some(self.status.into()),
            RuntimeExpression::Request(Source::Body(pointer)) => self.sent?.pointer(pointer).cloned(),
            RuntimeExpression::Response(Source::Body(pointer)) => self.body?.pointer(pointer).cloned(),
            RuntimeExpression::Request(Source::Query(name)) => self.parameter(name, ParameterIn::Query),
            RuntimeExpression::Request(Source::Path(name)) => self.parameter(name, ParameterIn::Path),
            RuntimeExpression::Request(Source::Header(name)) => {
                header(self.sent_headers, name).or_else(|| self.parameter(name, ParameterIn::Header))
            }
            RuntimeExpression::Response(Source::Header(name)) => header(self.headers, name),
            RuntimeExpression::Response(Source::Query(_) | Source::Path(_)) => None,
        };
        found.filter(|value| !value.is_null())
    }

    fn parameter(&self, name: &str, place: ParameterIn) -> Option<Value> {
        let same = |known: &str| match place {
            ParameterIn::Header => known.eq_ignore_ascii_case(name),
            _ => known == name,
        };
        let there =
            |known: &str| self.operation.parameters.iter().any(|p| p.place == place && p.name == known);
        let given = self.parameters.iter().find(|(known, _)| same(known) && there(known));
        given.map(|(_, value)| value.clone())
    }
}

fn header(headers: &[(String, String)], name: &str) -> Option<Value> {
    headers.iter().find(|(known, _)| known.eq_ignore_ascii_case(name)).map(|(_, value)| value.clone().into())
}

/// The CEL that finds again, in another answer to the same request, what an expression stands for; `None` where only the
/// value itself can be used.
pub fn as_cel(expression: &RuntimeExpression, exchange: &Exchange<'_>) -> Option<String> {
    let (start, source, body) = match expression {
        RuntimeExpression::Request(source) => ("request.", source, exchange.sent),
        RuntimeExpression::Response(source) => ("", source, exchange.body),
        RuntimeExpression::Url | RuntimeExpression::Method | RuntimeExpression::StatusCode => return None,
    };
    let quoted = |name: &str| Value::from(name).to_string();
    match source {
        Source::Header(name) => Some(format!("{start}headers[{}]", quoted(&name.to_lowercase()))),
        Source::Query(_) | Source::Path(_) => None,
        Source::Body(pointer) => {
            let (mut cel, mut at) = (format!("{start}body"), body?);
            for token in pointer.split('/').skip(1) {
                let token = token.replace("~1", "/").replace("~0", "~");
                let step = match at {
                    Value::Array(_) => format!("[{token}]"),
                    _ => format!("[{}]", quoted(&token)),
                };
                cel.push_str(&step);
                at = match at {
                    Value::Array(items) => items.get(token.parse::<usize>().ok()?)?,
                    other => other.get(&token)?,
                };
            }
            Some(cel)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::load_foreign;
    use crate::expr::Program;
    use crate::model::source::SourceFile;
    use serde_json::json;

    const DOCUMENT: &str = r##"
openapi: 3.1.0
paths:
  /shops/{shop}/orders:
    post:
      operationId: make
      parameters: [{ name: shop, in: path, required: true }, { name: dry, in: query }, { name: X-Of, in: header }]
      requestBody: { content: { application/json: { schema: {} } } }
      responses:
        '201':
          links:
            show:
              operationId: show
              parameters: { code: $response.body#/data/0/a~1b, shop: $request.path.shop, dry: "{$request.query.dry}!" }
              requestBody: { of: $request.body#/name, all: [$response.header.x-id, 1] }
            none: { operationId: show, parameters: { code: $response.body#/none, shop: $response.body#/null } }
            some: { operationId: show, parameters: { code: $response.body#/data/0/a~1b, shop: $response.body#/null } }
  /show/{code}:
    put:
      operationId: show
      parameters: [{ name: code, in: path, required: true }, { name: shop, in: query }, { name: dry, in: query }]
      requestBody: { content: { application/json: { schema: {} } } }
      responses: { '200': {} }
"##;

    #[test]
    fn a_link_makes_a_request_of_an_exchange() {
        let file = SourceFile::new("o.yaml", "o.yaml", DOCUMENT.to_owned());
        let mut problems = Vec::new();
        let contract = load_foreign("a", file, &mut problems).expect("a contract");
        assert!(problems.is_empty(), "{problems:?}");
        let (sent, body) = (json!({ "name": "n" }), json!({ "data": [{ "a/b": 7 }], "null": null }));
        let parameters = [("shop".to_owned(), json!("s1")), ("dry".to_owned(), json!(true))];
        let headers = [("X-Id".to_owned(), "i".to_owned())];
        let exchange = Exchange {
            operation: contract.operation("make").expect("there"),
            method: "POST",
            url: "http://127.0.0.1/shops/s1/orders",
            parameters: &parameters,
            sent_headers: &[("X-Of".to_owned(), "of".to_owned())],
            sent: Some(&sent),
            status: 201,
            headers: &headers,
            body: Some(&body),
        };
        let [show, none, some] = exchange.links() else { panic!("three links") };
        let followed = exchange.follow(show).expect("all values");
        let given = [("code", json!(7)), ("shop", json!("s1")), ("dry", json!("true!"))];
        assert_eq!(followed.parameters, given.map(|(name, value)| (name.to_owned(), value)));
        assert_eq!(followed.body, Some(json!({ "of": "n", "all": ["i", 1] })));
        assert_eq!(exchange.follow(none), None);
        let missing: Vec<String> = exchange.missing(none).iter().map(ToString::to_string).collect();
        assert_eq!(missing, ["$response.body#/none", "$response.body#/null"]);
        let followed = exchange.follow(some).expect("all that must be there");
        assert_eq!(followed.parameters, [("code".to_owned(), json!(7))]);
        for (expression, found, cel) in [
            ("$url", Some(json!("http://127.0.0.1/shops/s1/orders")), None),
            ("$method", Some(json!("POST")), None),
            ("$statusCode", Some(json!(201)), None),
            ("$request.header.x-of", Some(json!("of")), Some("request.headers[\"x-of\"]")),
            ("$request.query.shop", None, None),
            ("$response.body#/data/0/a~1b", Some(json!(7)), Some("body[\"data\"][0][\"a/b\"]")),
            ("$response.body", Some(body.clone()), Some("body")),
            ("$response.body#/data/7", None, None),
        ] {
            let parsed = RuntimeExpression::parse(expression).expect(expression);
            assert_eq!(exchange.find(&parsed), found, "{expression}");
            let written = as_cel(&parsed, &exchange);
            assert_eq!(written.as_deref(), cel, "{expression}");
            assert!(written.is_none_or(|cel| Program::compile(&cel).is_ok()), "{expression}");
        }
    }
}
