//! Mistakes in specs and what belongs to them: schemas, XSDs, rules, signatures, the defects of the document.

use super::refused;
use crate::support::Suite;

#[test]
fn every_mistake_of_a_spec_is_told_at_once() {
    let make = |url: &str| {
        Suite::at(url)
            .file("specs/demo/openapi.yaml", include_str!("mistakes.openapi.yaml"))
            .file("specs/demo/defects.yaml", include_str!("mistakes.defects.yaml"))
            .file(
                "specs/demo/schemas/bad.xsd",
                "<xs:schema xmlns:xs=\"http://www.w3.org/2001/XMLSchema\"><xs:element name=\"R\" type=\"Rr\"/></xs:schema>\n",
            )
            .file("cases/demo/cases.yaml", "api: demo\n")
    };
    refused(make, include_str!("mistakes.specs.stderr"));
}

#[test]
fn another_version_of_openapi_is_refused() {
    let make =
        |url: &str| Suite::at(url).file("specs/demo/openapi.yaml", "openapi: 3.0.3\ninfo: {}\npaths: {}\n");
    let expected = "\
error: specs/demo/openapi.yaml:1:10: × expected `openapi: 3.1.x`, found `3.0.3`
   ╭─[specs/demo/openapi.yaml:1:10]
 1 │ openapi: 3.0.3
   ·          ──┬──
   ·            ╰── here
 2 │ info: {}
   ╰────

the suite is refused: 1 problem, nothing was sent
";
    refused(make, expected);
}

/// A construct that the XSD validator does not know is refused, not ignored.
#[test]
fn an_xsd_beyond_1_0_is_refused() {
    let xsd = r#"<xs:schema xmlns:xs="http://www.w3.org/2001/XMLSchema">
  <xs:element name="R">
    <xs:complexType>
      <xs:sequence/>
      <xs:assert test="true()"/>
    </xs:complexType>
  </xs:element>
</xs:schema>
"#;
    let spec = "openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /x:
    get:
      operationId: x
      responses: { '200': { description: '', content: { text/xml: { x-proofmark: { xsd: r.xsd } } } } }
";
    let suite = Suite::demo().file("specs/demo/openapi.yaml", spec).file("specs/demo/r.xsd", xsd);
    let output = suite.check().exits(3);
    assert!(
        output.stderr.starts_with("error: specs/demo/openapi.yaml:7:89: × XSD `r.xsd`: "),
        "{}",
        output.stderr
    );
    assert!(output.stderr.contains("r.xsd:5:7"), "{}", output.stderr);
    assert!(output.stderr.contains("assert"), "{}", output.stderr);
}

/// Signing with a secret that nobody has would be signing with no key.
#[test]
fn a_signature_with_an_unknown_secret_is_refused() {
    let spec = "openapi: 3.1.0
info: { title: T, version: '1' }
paths:
  /x:
    get:
      operationId: x
      x-proofmark:
        sign: { request: { secret: DEMO_KEYS, digest: hmac-md5, encoding: hex, in: query, name: sign } }
      responses: { '200': { description: '' } }
";
    let expected = "\
error: specs/demo/openapi.yaml:8:36: × unknown secret `DEMO_KEYS` (known: `DEMO_KEY`, `DEMO_TOKEN`)
   ╭─[specs/demo/openapi.yaml:8:36]
 7 │       x-proofmark:
 8 │         sign: { request: { secret: DEMO_KEYS, digest: hmac-md5, encoding: hex, in: query, name: sign } }
   ·                                    ────┬────
   ·                                        ╰── not known
 9 │       responses: { '200': { description: '' } }
   ╰────
  help: did you mean `DEMO_KEY`?

the suite is refused: 1 problem, nothing was sent
";
    refused(|url| Suite::at(url).file("specs/demo/openapi.yaml", spec), expected);
}
