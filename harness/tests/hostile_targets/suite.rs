//! [`Suite`]: the hostile server under contract, a case for each behaviour and an honest one after it.

use crate::hostile::{Behaviour, Media, behaviours};
use crate::leaks::{HEADER_SECRET, QUERY_SECRET};
use std::fmt::Write;
use std::fs;
use std::path::Path;
use tempfile::TempDir;

/// A honest trial that needs no hostile server behind the URL: all that a door can be asked.
pub const ANY_HONEST: &str = "json::honest::after/close-after-request";

/// A suite in a folder that goes when the test is over.
pub struct Suite {
    folder: TempDir,
}

impl Suite {
    pub fn new() -> Self {
        let suite = Self { folder: tempfile::tempdir().expect("a temporary folder") };
        suite.write("proofmark.yaml", CONFIG);
        suite.write("specs/json/openapi.yaml", &specification("/honest", JSON_MEDIA));
        suite.write("specs/xml/openapi.yaml", &specification("/honest.xml", XML_MEDIA));
        suite.write("specs/xml/answer.xsd", XSD);
        suite.write("cases/json/cases.yaml", &cases("json", Media::Json));
        suite.write("cases/xml/cases.yaml", &cases("xml", Media::Xml));
        suite
    }

    pub fn path(&self) -> &Path {
        self.folder.path()
    }

    fn write(&self, name: &str, text: &str) {
        let path = self.path().join(name);
        fs::create_dir_all(path.parent().expect("a folder")).expect("folders can be made");
        fs::write(path, text).expect("files can be written");
    }
}

/// The name of the trial that asks for a behaviour.
pub fn name(row: &Behaviour) -> String {
    let operation = if row.early { "send" } else { "ask" };
    format!("{}::{operation}::behaviour/{}", api(row.media), slug(row))
}

/// The name of the trial after it.
pub fn honest_name(row: &Behaviour) -> String {
    format!("{}::honest::after/{}", api(row.media), slug(row))
}

fn api(media: Media) -> &'static str {
    match media {
        Media::Json => "json",
        Media::Xml => "xml",
    }
}

/// Case ids have no dots.
fn slug(row: &Behaviour) -> String {
    row.name.replace('.', "-")
}

const CONFIG: &str = "\
proofmark: 1
title: Hostile targets
apis: { json: , xml: }
secrets: [HOSTILE_HEADER, HOSTILE_QUERY]
";

/// The secrets of [`CONFIG`], for the command's environment.
pub const SECRETS: [(&str, &str); 2] = [("HOSTILE_HEADER", HEADER_SECRET), ("HOSTILE_QUERY", QUERY_SECRET)];

const JSON_MEDIA: &str = r#"
          application/json:
            x-proofmark: { charset: UTF-8 }
            schema:
              type: object
              required: [id, status, note]
              properties:
                id: { type: string }
                status: { type: string, enum: [ok] }
                note: { type: string }
      x-proofmark:
        rules:
          - { id: echo, rule: body.id == request.query.id, says: The id is that of the request. }
"#;

const XML_MEDIA: &str = r#"
          application/xml:
            x-proofmark: { charset: UTF-8, xsd: answer.xsd }
            schema: { type: object }
      x-proofmark:
        rules:
          - { id: echo, rule: body.answer.id == request.query.id, says: The id is that of the request. }
"#;

const XSD: &str = r#"<?xml version="1.0" encoding="UTF-8"?>
<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema" elementFormDefault="unqualified">
  <xs:element name="answer">
    <xs:complexType>
      <xs:sequence>
        <xs:element name="id" type="xs:string"/>
        <xs:element name="status" type="Status"/>
        <xs:element name="note" type="xs:string"/>
      </xs:sequence>
    </xs:complexType>
  </xs:element>
  <xs:simpleType name="Status">
    <xs:restriction base="xs:string">
      <xs:enumeration value="ok"/>
    </xs:restriction>
  </xs:simpleType>
</xs:schema>
"#;

/// A contract whose operations all answer the same. What is in capitals is put in.
const SPECIFICATION: &str = r##"openapi: 3.1.0
info: { title: Hostile, version: "1" }
x-proofmark: { document: hostile.txt }
paths:
  /b/{name}:
    parameters:
      - { name: name, in: path, required: true, schema: { type: string } }
      - { name: id, in: query, required: true, schema: { type: string } }
      - { name: token, in: query, required: true, schema: { type: string } }
      - { name: Authorization, in: header, required: true, schema: { type: string } }
    get:
      operationId: ask
      x-proofmark: { effect: safe }
      responses: { "200": { $ref: "#/components/responses/Answer" } }
    post:
      operationId: send
      x-proofmark: { effect: mutates }
      requestBody: { content: { text/plain: { schema: { type: string } } } }
      responses: { "200": { $ref: "#/components/responses/Answer" } }
  HONEST:
    parameters:
      - { name: id, in: query, required: true, schema: { type: string } }
      - { name: token, in: query, required: true, schema: { type: string } }
      - { name: Authorization, in: header, required: true, schema: { type: string } }
    get:
      operationId: honest
      x-proofmark: { effect: safe }
      responses: { "200": { $ref: "#/components/responses/Answer" } }
components:
  responses:
    Answer:
      description: The answer
      content:MEDIA"##;

fn specification(honest: &str, media: &str) -> String {
    SPECIFICATION.replace("HONEST", honest).replace("MEDIA", media)
}

/// Each behaviour of a media type, each followed by an honest case.
fn cases(api: &str, media: Media) -> String {
    let mut text = format!("api: {api}\ncases:\n");
    for row in behaviours().iter().filter(|row| row.media == media) {
        let (slug, name) = (slug(row), row.name);
        // A YAML string in double quotes reads what JSON writes.
        let title = serde_json::Value::String(format!("A target that {}", row.what));
        let (operation, body) = match row.early {
            true => ("send", format!("    body: \"{}\"\n", "a".repeat(100_000))),
            false => ("ask", String::new()),
        };
        let secret = "token: \"${env.HOSTILE_QUERY}\", Authorization: \"Bearer ${env.HOSTILE_HEADER}\"";
        write!(
            text,
            "  - id: behaviour/{slug}\n    title: {title}\n    doc: \"#1\"\n    call: {operation}\n    \
             with: {{ name: {name}, id: {name}, {secret} }}\n{body}  - id: after/{slug}\n    title: Honest after {name}\n    \
             doc: \"#1\"\n    call: honest\n    with: {{ id: after-{name}, {secret} }}\n"
        )
        .expect("a string grows");
    }
    text
}
