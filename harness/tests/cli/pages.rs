//! Answers that are HTML pages: judged as the forms on them, by the real command.

use crate::support::{Answer, Server, Suite};

/// A payment form, signed without a key, and JSON for the other way to pay.
const SPEC: &str = r##"openapi: 3.1.0
info: { title: Demo API, version: "1" }
x-proofmark: { document: demo.txt }
paths:
  /pay:
    get:
      operationId: pay
      x-proofmark:
        rules:
          - { id: one-form, when: "has(body.forms)", rule: size(body.forms) == 1, says: The page has one form. }
      parameters: [ { name: order, in: query, schema: { type: string } } ]
      responses:
        "200":
          description: A form that goes to the gateway, or the paid order
          content:
            application/json: { schema: { type: object, properties: { paid: { type: boolean } } } }
            text/html:
              x-proofmark:
                sign:
                  response:
                    exclude: [sign, sign_type]
                    skip_empty: true
                    digest: md5
                    encoding: hex
                    in: body
                    name: sign
                    doc: "#7"
              schema:
                type: object
                properties:
                  forms:
                    type: array
                    minItems: 1
                    items:
                      type: object
                      properties:
                        action: { type: string, pattern: "^https://pay\\.example/" }
                        method: { const: get }
                        fields:
                          type: object
                          required: [total_fee]
                          properties:
                            total_fee: { type: string, pattern: "^[0-9]+\\.[0-9]{2}$", x-proofmark: { doc: "#8" } }
                            subject: { type: string }
                            order: { type: string }
                            show_url: { type: string }
                            sign: { type: string }
                            sign_type: { type: string }
  /gone:
    get:
      operationId: gone
      parameters: [ { name: subject, in: query, schema: { type: string } } ]
      responses: { "200": { description: "", content: { application/json: { schema: { type: object } } } } }
"##;

/// `printf 'order=7&subject=A & B <b>&total_fee=12.50' | md5sum`
const SIGN: &str = "65fc63a403876e46aa8b947a2e33d09e";

fn page(sign: &str) -> String {
    format!(
        "<!DOCTYPE html><html><head><title>Pay</title></head><body>\
         <form id='pay' action='https://pay.example/gate?a=1&amp;b=2' method='GET'>\
         <input type='hidden' name='order' value='7'/><input type='hidden' name='total_fee' value='12.50'/>\
         <input type='hidden' name='subject' value='A &amp; B &lt;b&gt;'/><input type='hidden' name='show_url' value=''/>\
         <input type='hidden' name='sign' value='{sign}'/><input type='hidden' name='sign_type' value='MD5'/>\
         <input type='submit' value='OK'></form><script>document.forms[0].submit()</script></body></html>"
    )
}

const CASES: &str = r##"
  - id: form
    title: The form goes to the gateway
    doc: "#7"
    steps:
      - call: pay
        with: { order: "7" }
        expect:
          like: |
            <form id="x" action="https://pay.example/" method="get"><input name="order" value=""><input name="total_fee" value=""></form>
          equals: { title: Pay, forms: [ { id: pay, name: null, action: "https://pay.example/gate?a=1&b=2", fields: { order: "7" } } ] }
          rules:
            - body.forms[0].fields.subject == 'A & B <b>'
            - jsonpath('$..total_fee') == ['12.50']
        capture: { subject: "body.forms[0].fields.subject" }
      - call: gone
        with: { subject: "${vars.subject}" }
"##;

fn suite(url: &str) -> Suite {
    Suite::at(url).file("specs/demo/openapi.yaml", SPEC).cases(CASES)
}

fn server(content_type: &'static str, body: String) -> Server {
    Server::start(move |request| match request.target().starts_with("/pay") {
        true => Answer::typed(content_type, body.as_bytes()),
        false => Answer::json("{}"),
    })
}

#[test]
fn a_page_is_judged_as_its_form() {
    let server = server("text/html;charset=UTF-8", page(SIGN));
    let suite = suite(&server.url());
    suite.run("staging", &[]).exits(0);
    // Captured with its entities resolved, and sent on.
    assert!(
        server.lines().iter().any(|l| l.contains("subject=A%20%26%20B%20%3Cb%3E")),
        "{:?}",
        server.lines()
    );
    assert!(suite.record().findings("form").is_empty(), "{:?}", suite.record().findings("form"));
}

/// What a page is changed to, and the findings that this gives.
#[track_caller]
fn finds(content_type: &'static str, body: String, expected: &[&str]) {
    let server = server(content_type, body);
    let suite = suite(&server.url());
    suite.run("staging", &[]).exits(1);
    let found = suite.record().findings("form");
    for expected in expected {
        assert!(found.iter().any(|f| f.starts_with(expected)), "no `{expected}` in {found:#?}");
    }
}

#[test]
fn every_way_to_be_wrong_is_told() {
    let html = "text/html;charset=UTF-8";
    finds(html, page("0123"), &["signature: the signature is not that of the answer"]);
    finds(
        html,
        page(SIGN).replace("name='sign'", "name='signature'"),
        &["signature: the answer has no signature in `sign`", "undocumented: `signature` is not documented"],
    );
    finds(
        html,
        page(SIGN).replace("12.50", "12.5"),
        &[
            "signature: the signature is not that of the answer",
            "schema: `\"12.5\"` does not have the documented form",
        ],
    );
    finds(html, page(SIGN).replace("'GET'", "'post'"), &["schema: "]);
    finds(
        html,
        "<p>Sorry.".into(),
        &["signature: the page has no form", "rule: not so: The page has one form", "schema: "],
    );
    finds(
        html,
        page(SIGN).repeat(2),
        &[
            "signature: the page has 2 forms",
            "rule: not so: The page has one form",
            "equals: 2 elements instead of 1",
        ],
    );
    finds(
        html,
        page(SIGN).replace("<input type='submit'", "<input name='order' value='8'><input type='submit'"),
        &["signature: `order` stands more than once in the form", "schema: "],
    );
    finds(html, "{\"paid\": true}".into(), &["well-formed: the body is not well-formed at line 1"]);
    finds(html, String::new(), &["well-formed: the body is empty where the contract has text/html"]);
    finds(
        "text/html;charset=UTF-8",
        page(SIGN).replace("<head>", "<head><meta charset='gbk'>"),
        &["charset: the page says that its charset is `gbk`"],
    );
}

/// Whatever a page holds, reports show it as text.
#[test]
fn markup_in_values_reaches_no_report() {
    let attack = "&lt;script&gt;alert(1)&lt;/script&gt;\"&gt;<img src=x onerror=alert(2)>";
    let body = page("<script>alert(3)</script>").replace("A &amp; B", attack).replace("12.50", attack);
    let server = server("text/html;charset=UTF-8", body);
    let suite = suite(&server.url());
    let output = suite.run("staging", &[]).exits(1);
    assert!(output.stdout.contains("alert(3)"), "the signature found is shown: {}", output.stdout);
    let report = std::fs::read_to_string(suite.only_run().join("report.html")).expect("a report");
    assert!(report.contains("alert(3)"), "the value is shown");
    for raw in ["<script>alert", "<img src=x", "onerror=alert(2)>"] {
        assert!(!report.contains(raw), "`{raw}` stands in the report");
    }
    let junit = std::fs::read_to_string(suite.only_run().join("junit.xml")).expect("a report");
    assert!(!junit.contains("<script>alert") && !junit.contains("<img src=x"));
}

/// The other media type of the operation stays what it is.
#[test]
fn json_beside_the_page_is_not_looked_through_for_a_form() {
    let server = server("application/json", "{\"paid\": true}".into());
    let cases = "
  - { id: paid, title: Paid at once, doc: \"#9\", call: pay, with: { order: \"7\" }, expect: { equals: { paid: true } } }
";
    let suite = Suite::at(&server.url()).file("specs/demo/openapi.yaml", SPEC).cases(cases);
    suite.run("staging", &[]).exits(0);
}

#[test]
fn a_secret_is_there_exactly_where_it_is_needed() {
    let problem = |from: &str, to: &str| {
        let suite = Suite::demo().file("specs/demo/openapi.yaml", &SPEC.replace(from, to));
        suite.check().exits(3).stderr
    };
    let digest = "digest: md5";
    assert!(problem(digest, "digest: hmac-sha1").contains("`hmac-sha1` needs a `secret`"));
    assert!(
        problem(digest, "digest: md5\n                    canonical: \"{fields}{secret}\"")
            .contains("`canonical` names `{secret}`, but the signature has no `secret`")
    );
    let unused = problem(digest, "digest: sha256\n                    secret: DEMO_KEY");
    assert!(unused.contains("`secret` is without use: `sha256` has no key"), "{unused}");
    let request = problem("response:\n", "request: {}\n                  response:\n");
    assert!(request.contains("the media type of an answer has `sign.response` only"), "{request}");
}
