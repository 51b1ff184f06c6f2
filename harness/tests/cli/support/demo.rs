//! The API that most tests are about: made up, small, with one operation for each thing that a request can carry.

/// `proofmark.yaml`; `URL` stands for that of the target `staging`.
pub const CONFIG: &str = r#"proofmark: 1
title: Demo suite
apis:
  demo:
secrets: [DEMO_KEY, DEMO_TOKEN]
targets:
  staging: { url: "URL" }
  acceptance: { url: "http://acceptance.example", vars: { shop: acceptance-shop } }
"#;

/// Code 0 is success, code 1 is failure.
pub const GOOD: &str = r#"{"id": "7", "name": "seven", "code": "0"}"#;
pub const REFUSED: &str = r#"{"id": "7", "name": "seven", "code": "1"}"#;

/// `specs/demo/openapi.yaml`.
pub const SPEC: &str = r##"openapi: 3.1.0
info: { title: Demo API, version: "1" }
x-proofmark:
  document: demo.txt
  outcome:
    success: body.code == '0'
    failure: body.code != '0'
  codes:
    value: body.code
    table:
      - { code: "0", meaning: done, outcome: success }
      - { code: "1", meaning: refused, outcome: failure }
paths:
  /things/{id}:
    get:
      operationId: get_thing
      parameters:
        - { name: id, in: path, required: true, schema: { type: string }, examples: { documented: { value: "7" } } }
        - { name: q, in: query, schema: { type: string } }
        - { name: X-Trace, in: header, schema: { type: string } }
        - { name: session, in: cookie, schema: { type: string } }
        - { name: theme, in: cookie, schema: { type: string } }
      responses: { "200": { $ref: "#/components/responses/Thing" } }
  /things:
    post:
      operationId: make_thing
      requestBody:
        content:
          application/json:
            schema: { $ref: "#/components/schemas/NewThing" }
            examples:
              documented: { value: { zebra: "1", name: seven, inner: { list: [1, 2, 3], flag: true }, apple: "2" } }
          application/x-www-form-urlencoded:
            schema: { $ref: "#/components/schemas/NewThing" }
      responses: { "200": { $ref: "#/components/responses/Thing" } }
  /xml:
    post:
      operationId: post_xml
      x-proofmark: { outcome: { success: "body.R.ok == '1'", failure: "body.R.ok != '1'" } }
      requestBody:
        content:
          application/xml:
            schema: { type: object, xml: { name: Q } }
            examples: { documented: { value: "<?xml version=\"1.0\"?><Q kind=\"a\"><id>1</id><note>old</note></Q>" } }
      responses:
        "200":
          description: ""
          content: { application/xml: { schema: { type: object } } }
  /gbk:
    get:
      operationId: find_gbk
      x-proofmark: { charset: GBK }
      parameters:
        - { name: name, in: query, required: true, schema: { type: string } }
      responses: { "200": { $ref: "#/components/responses/Thing" } }
  /subscriptions:
    get:
      operationId: subscribe
      x-proofmark: { effect: mutates }
      parameters:
        - { name: mobile, in: query, required: true, schema: { type: string } }
      responses: { "200": { $ref: "#/components/responses/Thing" } }
      callbacks:
        result:
          "http://partner.example/callback":
            get:
              parameters:
                - { name: mobile, in: query, required: true, schema: { type: string } }
                - { name: result, in: query, required: true, schema: { type: string, enum: ["0", "1"] } }
              x-proofmark:
                rules:
                  - { id: same-mobile, rule: callback.query.mobile == request.query.mobile, says: The number is that of the request. }
              responses: { "200": { description: "" } }
components:
  responses:
    Thing:
      description: A thing
      content: { application/json: { schema: { $ref: "#/components/schemas/Thing" } } }
  schemas:
    Thing:
      type: object
      required: [code]
      properties:
        id: { type: string }
        name: { type: string }
        code: { type: string }
        token: { type: string }
    NewThing:
      type: object
      properties:
        zebra: { type: string }
        name: { type: string }
        apple: { type: string }
        inner: { type: object }
"##;
