//! The generated suite: one operation, cases with an outcome, a pasted answer, equal values and a rule.

use std::fmt::Write;
use std::path::Path;

const FILES: usize = 100;

pub const SPEC: &str = r##"openapi: 3.1.0
info: { title: Things, version: "1" }
x-proofmark:
  outcome: { success: "body.code == 0", failure: "body.code != 0" }
  codes: { value: body.code, complete: true, table: [ { code: "0", meaning: done, outcome: success } ] }
  rules:
    - { id: echo, rule: "body.id == request.query.id", level: must, says: The id is that of the request }
    - { id: total, rule: "body.total == size(body.items)", level: must, says: The total is the number of items }
paths:
  /things:
    get:
      operationId: things
      parameters: [ { name: id, in: query, required: true, schema: { type: string } } ]
      responses:
        "200":
          description: things
          content:
            application/json: { schema: { $ref: "#/components/schemas/Things" } }
components:
  schemas:
    Things:
      type: object
      required: [code, message, id, total, items]
      properties:
        code: { type: integer }
        message: { type: string, minLength: 1 }
        id: { type: string, pattern: "^[0-9]+$" }
        total: { type: integer, minimum: 0 }
        items: { type: array, items: { $ref: "#/components/schemas/Item" } }
    Item:
      type: object
      required: [sku, title, price, stock, tags, active, updated]
      properties:
        sku: { type: string, pattern: "^SKU-[0-9]{8}-[0-9]{2}$" }
        title: { type: string, maxLength: 80 }
        price: { type: number, minimum: 0 }
        stock: { type: integer, minimum: 0 }
        tags: { type: array, items: { type: string }, maxItems: 8 }
        active: { type: boolean }
        updated: { type: string, format: date-time }
"##;

/// `items` is how many each answer has.
pub fn write(folder: &Path, cases: usize, items: usize) {
    let (specs, files) = (folder.join("specs/things"), folder.join("cases/things"));
    let _ = std::fs::remove_dir_all(&files);
    std::fs::create_dir_all(&specs).expect("a folder");
    std::fs::create_dir_all(&files).expect("a folder");
    std::fs::write(folder.join("proofmark.yaml"), "proofmark: 1\napis: { things: }\n").expect("a file");
    std::fs::write(specs.join("openapi.yaml"), SPEC).expect("a file");
    let each = cases.div_ceil(FILES);
    for (file, numbers) in (0..cases).collect::<Vec<_>>().chunks(each).enumerate() {
        let mut text = String::from("api: things\ncases:\n");
        for n in numbers {
            write!(
                text,
                "  - id: things/{n}\n    title: Thing {n} is answered\n    doc: things.txt#{}\n    call: things\n    \
                 with: {{ id: \"{n}\" }}\n    expect:\n      outcome: success\n      \
                 like: {{ code: 0, message: ok, id: \"1\", items: [ {{ sku: x, price: 1.5, tags: [ x ] }} ] }}\n      \
                 equals: {{ id: \"{n}\", total: {items} }}\n      rules: [ \"body.items[0].stock == 0\" ]\n",
                n + 1
            )
            .expect("memory");
        }
        std::fs::write(files.join(format!("things-{file:03}.yaml")), text).expect("a file");
    }
}
