//! A small contract and answers to it, for the tests of the checks.

use super::{CHECKS, Expectation, Like, Subject, read_answer};
use crate::contract::{Contract, Digest, Operation, SignIn, SignOrder, SignSpec, SignatureEncoding, load};
use crate::expr::{Ambient, Evaluator, Program, Scope, Template, Text};
use crate::model::exchange::{Exchange, Request, Response, Timing};
use crate::model::finding::Finding;
use crate::model::level::Level;
use crate::model::source::{At, Location, SourceFile, Span};
use jiff::tz::Offset;
use serde_json::{Value, json};
use std::sync::Arc;
use std::time::Duration;

const SPEC: &str = r##"
openapi: 3.1.0
info: { title: Things, version: "1" }
x-proofmark:
  outcome: { success: "body.status == 'ok'", failure: "body.status == 'bad' || has(body.failed)" }
  codes: { value: body.code, table: [ { code: "0", meaning: done, outcome: success } ] }
paths:
  /thing:
    get:
      operationId: get_thing
      parameters: [ { name: id, in: query, schema: { type: string } } ]
      x-proofmark:
        rules:
          - { id: echo, rule: "body.id == request.query.id", when: "!has(body.anonymous)", doc: "d.txt#9", says: The id is that of the request. }
      responses:
        "200":
          description: a thing
          content:
            application/json:
              schema: { $ref: "#/components/schemas/Thing" }
components:
  schemas:
    Thing:
      type: object
      required: [id, status, list]
      properties:
        id: { type: string, x-proofmark: { doc: "d.txt#7" } }
        status: { enum: [ok, bad] }
        code: { type: integer }
        failed: { type: boolean }
        anonymous: { type: boolean }
        list:
          type: array
          items:
            oneOf:
              - { type: object, properties: { kind: { const: a }, a: { type: integer } }, required: [kind, a] }
              - { type: object, properties: { kind: { const: b }, b: { type: string } }, required: [kind, b] }
"##;

type Change = Box<dyn FnOnce(&mut Expectation)>;

/// An answer and what is expected of it.
pub struct Fixture {
    status: u16,
    headers: Vec<(String, Vec<u8>)>,
    body: Vec<u8>,
    operation: Operation,
    expectation: Option<Change>,
    took: Duration,
    miscoded: Option<String>,
    env: Value,
}

/// An answer of `application/json`.
pub fn json(body: &str) -> (String, Vec<u8>) {
    ("application/json".into(), body.as_bytes().to_vec())
}

/// An answer with another `Content-Type`; none where it is empty.
pub fn typed(content_type: &str, body: impl AsRef<[u8]>) -> (String, Vec<u8>) {
    (content_type.into(), body.as_ref().to_vec())
}

fn contract() -> Contract {
    let mut problems = Vec::new();
    let file = SourceFile::new("openapi.yaml", "openapi.yaml", SPEC.into());
    let contract = load("things", file, None, &mut problems);
    assert!(problems.is_empty(), "{problems:?}");
    contract.expect("the fixture's spec is good")
}

impl Default for Fixture {
    fn default() -> Self {
        let contract = contract();
        let operation = contract.operations.into_iter().next().and_then(Arc::into_inner);
        Self {
            status: 200,
            headers: Vec::new(),
            body: Vec::new(),
            operation: operation.expect("one operation"),
            expectation: None,
            took: Duration::from_millis(1),
            miscoded: None,
            env: json!({}),
        }
    }
}

impl Fixture {
    pub fn status(mut self, status: u16) -> Self {
        self.status = status;
        self
    }

    pub fn answer(mut self, (content_type, body): (String, Vec<u8>)) -> Self {
        if !content_type.is_empty() {
            self.headers.push(("content-type".into(), content_type.into_bytes()));
        }
        self.body = body;
        self
    }

    pub fn charset(mut self, charset: Option<&str>) -> Self {
        self.operation.charset = charset.map(str::to_owned);
        self
    }

    pub fn miscoded(mut self, message: &str) -> Self {
        self.miscoded = Some(message.to_owned());
        self
    }

    pub fn took(mut self, took: Duration) -> Self {
        self.took = took;
        self
    }

    /// Answers may be pages too.
    pub fn pages(mut self) -> Self {
        self.operation.responses[0].media.push(crate::contract::MediaSpec {
            essence: "text/html".into(),
            charset: None,
            schema: None,
            schema_at: None,
            xsd: None,
            shape: crate::contract::Shape::default(),
            examples: Vec::new(),
            sign: None,
            location: location(),
        });
        self
    }

    /// Answers may be pages, whose form carries `sign`: MD5 over its sorted fields but `sign_type`, without a key.
    pub fn signed_page(self) -> Self {
        let mut fixture = self.signed("").pages();
        let spec = fixture.operation.sign_response.take();
        fixture.operation.responses[0].media[1].sign = spec.map(|spec| SignSpec {
            exclude: vec!["sign".into(), "sign_type".into()],
            skip_empty: true,
            canonical: "{fields}".into(),
            secret: None,
            ..spec
        });
        fixture
    }

    /// Answers carry `sign`: MD5 over the sorted fields and the secret.
    pub fn signed(mut self, secret: &str) -> Self {
        self.operation.sign_response = Some(SignSpec {
            fields: None,
            exclude: vec!["sign".into()],
            skip_empty: false,
            order: SignOrder::Sorted,
            pair: "{name}={value}".into(),
            join: "&".into(),
            canonical: "{fields}{secret}".into(),
            secret: Some(At::new("KEY".into(), Span::default())),
            digest: Digest::Md5,
            encoding: SignatureEncoding::LowerHex,
            charset: "UTF-8".into(),
            place: SignIn::Body,
            name: "sign".into(),
            location: location(),
            doc: None,
        });
        self.env = json!({ "KEY": secret });
        self
    }

    fn expect(mut self, change: impl FnOnce(&mut Expectation) + 'static) -> Self {
        self.expectation = Some(Box::new(change));
        self
    }

    pub fn expect_status(self, status: u16) -> Self {
        self.expect(move |e| {
            e.status = Some((vec![crate::contract::StatusPattern::Code(status)], location()))
        })
    }

    pub fn expect_outcome(self, outcome: &'static str) -> Self {
        self.expect(move |e| e.outcome = Some((outcome.into(), location())))
    }

    pub fn expect_code(self, code: &'static str) -> Self {
        self.expect(move |e| e.code = Some((Text::Plain(code.into()), location())))
    }

    pub fn expect_header(self, name: &str, value: &str) -> Self {
        let header = (name.to_owned(), Text::Plain(value.into()), location());
        self.expect(move |e| e.headers.push(header))
    }

    pub fn expect_like(self, tree: Value) -> Self {
        self.expect(move |e| e.like = Some(Like { tree, location: location() }))
    }

    pub fn expect_equals(self, tree: Value) -> Self {
        self.expect(move |e| e.equals = Some((Template::Fixed(tree), location())))
    }

    pub fn expect_within(self, budget: Duration) -> Self {
        self.expect(move |e| e.within = Some((budget, location())))
    }

    pub fn expect_rule(self, source: &'static str) -> Self {
        self.expect(move |e| {
            e.rules.push(Arc::new(crate::contract::Rule {
                id: source.into(),
                rule: Program::compile(source).expect("compiles"),
                when: None,
                level: Level::Must,
                doc: None,
                says: None,
                holds: None,
                location: location(),
            }));
        })
    }

    /// The findings of one check.
    pub fn check(self, name: &str) -> Vec<Finding> {
        let operation = Arc::new(self.operation);
        let mut expectation = Expectation::of_contract(&operation, location(), None);
        if let Some(change) = self.expectation {
            change(&mut expectation);
        }
        let request = Request {
            method: "GET".into(),
            url: "http://127.0.0.1:1/thing?id=1".into(),
            headers: Vec::new(),
            body: Vec::new(),
            charset: "UTF-8".into(),
        };
        let response = Response {
            status: self.status,
            version: "HTTP/1.1".into(),
            headers: self.headers,
            body: self.body,
            miscoded: self.miscoded,
        };
        let timing = Timing { first_byte: self.took, total: self.took };
        let exchange = Exchange { request, response: Ok(response.clone()), timing };
        let answer = read_answer(&operation, &response);
        let ambient = Arc::new(Ambient::new(1, "fixture", Offset::UTC));
        let (vars, view) = (json!({}), json!({"query": {"id": "1"}}));
        let scope = Scope {
            status: Some(response.status),
            headers: Some(&answer.headers),
            body: answer.body.as_ref(),
            text: Some(&answer.text),
            request: Some(&view),
            ..Scope::before(&vars, &self.env, &ambient)
        };
        let evaluator = Evaluator::new(scope);
        let subject = Subject::new(&exchange, &response, &answer, &operation, &evaluator);
        let check = CHECKS.iter().find(|c| c.name == name).expect("a check of that name");
        (check.run)(&subject, &expectation)
    }
}

fn location() -> Location {
    Location { file: "case.yaml".into(), line: 1, column: 1 }
}
