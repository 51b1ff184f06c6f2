//! A made-up API with an answer of every syntax, so that every defect can be made, and a suite that notices them.

use crate::support::{Answer, Received, Server, Suite};

const CONFIG: &str = "proofmark: 1\ntitle: Shop\napis: { shop: }\n";

/// The thing: what JSON can be. `md5('0012')` is its signature (`printf 0012 | md5sum`).
pub const THING: &str = r#"{"id":"1007","name":"灯","code":"0","count":3,"price":"12.50","ok":true,"state":"open","day":"20221122","at":"1669075200","zip":"0012","blank":" x ","list":[1,2],"cause":"成功","extra":"e","ticket":"T1","sign":"29150bb2319c182c944841c74d2f8d75"}"#;

const SPEC: &str = r##"openapi: 3.1.0
info: { title: Shop, version: "1" }
x-proofmark: { document: shop.txt }
paths:
  /thing:
    get:
      operationId: thing
      x-proofmark:
        charset: UTF-8
        outcome: { success: "body.code == '0'", failure: "body.code != '0'" }
        codes:
          value: body.code
          complete: true
          table:
            - { code: "0", meaning: done, outcome: success }
            - { code: "7", meaning: gone, outcome: failure }
            - { code: "8", meaning: closed, outcome: failure }
        sign: { response: { fields: [zip], pair: "{value}", digest: md5, encoding: hex, in: body, name: sign } }
        rules:
          - { id: echo, rule: "body.id == request.query.id", level: must, says: The id is that of the request. }
      parameters: [ { name: id, in: query, required: true, schema: { type: string } } ]
      responses:
        "200":
          description: a thing
          content:
            application/json:
              schema:
                type: object
                required: [id, name, code, count, price, ok, state, day, at, zip, blank, list, cause, ticket, sign]
                properties:
                  id: { type: string }
                  name: { type: string }
                  code: { type: string }
                  count: { type: integer, const: 3 }
                  price: { type: string, const: "12.50" }
                  ok: { type: boolean, const: true }
                  state: { type: string, enum: [open, closed] }
                  day: { type: string, const: "20221122" }
                  at: { type: string, const: "1669075200" }
                  zip: { type: string }
                  blank: { type: string, const: " x " }
                  list: { type: array, const: [1, 2] }
                  cause: { type: string, const: 成功 }
                  extra: { type: string }
                  ticket: { type: string, pattern: "^T[0-9]+$", x-proofmark: { volatile: true } }
                  sign: { type: string }
  /note:
    get:
      operationId: note
      responses:
        "200":
          description: a note
          content:
            text/xml:
              schema: { type: object, properties: { id: { type: string }, text: { type: string } } }
              x-proofmark: { xsd: note.xsd, charset: UTF-8 }
  /pay:
    get:
      operationId: pay
      responses:
        "200":
          description: a page
          content:
            text/html:
              schema:
                type: object
                properties:
                  forms:
                    type: array
                    minItems: 1
                    items: { type: object, properties: { fields: { type: object, required: [fee], properties: { fee: { const: "1" } } } } }
"##;

const XSD: &str = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema"><xs:element name="note"><xs:complexType>
<xs:sequence><xs:element name="id" fixed="7" type="xs:string"/><xs:element name="text" type="xs:string"/></xs:sequence>
<xs:attribute name="name" use="required" type="xs:string" fixed="a"/></xs:complexType></xs:element></xs:schema>"#;

const CASES: &str = r##"api: shop
cases:
  - id: thing
    title: A thing is answered
    doc: "#1"
    call: thing
    with: { id: "1007" }
    expect:
      outcome: success
      like: { extra: e }
      equals: { name: 灯 }
      headers: { x-version: "1" }
  - id: gone
    title: A thing that is gone is refused
    doc: "#2"
    call: thing
    with: { id: "2004" }
    expect: { code: "7", like: { extra: e } }
  - { id: note, title: A note is answered, doc: "#3", call: note }
  - { id: pay, title: A page is answered, doc: "#4", call: pay }
"##;

pub fn suite() -> Suite {
    Suite::empty()
        .file("proofmark.yaml", CONFIG)
        .file("specs/shop/openapi.yaml", SPEC)
        .file("specs/shop/note.xsd", XSD)
        .file("cases/shop/cases.yaml", CASES)
}

/// The suite with a piece of its spec replaced.
pub fn with_spec(from: &str, to: &str) -> Suite {
    assert!(SPEC.contains(from), "the spec has `{from}`");
    suite().file("specs/shop/openapi.yaml", &SPEC.replace(from, to))
}

pub fn server() -> Server {
    Server::start(answer)
}

fn answer(request: &Received) -> Answer {
    let version = ("X-Version", "1");
    let typed =
        |kind, body: &str| Answer::whole("200 OK", &[("Content-Type", kind), version], body.as_bytes());
    match (request.target().split('?').next(), request.query("id")) {
        (Some("/note"), _) => {
            typed("text/xml; charset=UTF-8", "<note name=\"a\"><id>7</id><text></text></note>")
        }
        (Some("/pay"), _) => typed(
            "text/html",
            "<form id=\"pay\" action=\"https://pay.example\"><input type=\"hidden\" name=\"fee\" value=\"1\"></form>",
        ),
        (_, Some("2004")) => typed(
            "application/json",
            &THING.replace("1007", "2004").replace("\"code\":\"0\"", "\"code\":\"7\"").replace("T1", "T2"),
        ),
        _ => typed("application/json", THING),
    }
}
