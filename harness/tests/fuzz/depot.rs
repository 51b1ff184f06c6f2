//! A left-luggage office on loopback: only the links of its OpenAPI document say what belongs together.

use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    /// What is taken in cannot be looked up.
    NotKept,
    /// The answer has no `X-Slot`.
    NoSlot,
    /// A `depth` above its maximum is accepted.
    DeepLooks,
    /// What is handed out is still there.
    NotHandedOut,
    /// What is handed out is refused, for a reason that the document has.
    Closed,
}

/// The words by which the operations are joined are of no use to somebody who guesses.
pub const DOCUMENT: &str = r##"openapi: 3.0.3
info: { title: Depot, version: "1" }
paths:
  /intake:
    post:
      operationId: takeIn
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [label]
              properties: { label: { type: string, minLength: 1, maxLength: 20 }, weight: { type: integer, minimum: 1, maximum: 40 } }
      responses:
        "201":
          description: taken in
          headers: { X-Slot: { required: true, schema: { type: string } } }
          content:
            application/json:
              schema:
                type: object
                required: [receipt]
                properties:
                  receipt: { type: object, required: [code], properties: { code: { type: string } } }
          links:
            HandOut: { operationRef: "#/paths/~1hatch~1%7Bplace%7D/delete", parameters: { path.place: $response.header.X-Slot } }
            LookUp: { $ref: "#/components/links/LookUp" }
            Move: { operationId: move, requestBody: { slot: "{$response.header.X-Slot}", to: north } }
        "400": { description: wrong }
  /scan/{tag}:
    get:
      operationId: lookUp
      parameters:
        - { name: tag, in: path, required: true, schema: { type: string, pattern: "^[0-9a-f]{8}$" } }
        - { name: depth, in: query, schema: { type: integer, minimum: 1, maximum: 9 } }
      responses: { "200": { description: it }, "400": { description: wrong }, "404": { description: none } }
  /hatch/{place}:
    delete:
      operationId: handOut
      parameters: [{ name: place, in: path, required: true, schema: { type: string, minLength: 1 } }]
      responses: { "204": { description: gone }, "404": { description: none }, "409": { description: closed } }
  /crane:
    put:
      operationId: move
      requestBody:
        required: true
        content:
          application/json:
            schema: { type: object, required: [slot, to], properties: { slot: { type: string }, to: { type: string, enum: [north, south] } } }
      responses: { "200": { description: moved }, "400": { description: wrong }, "404": { description: none } }
components:
  links:
    LookUp: { operationId: lookUp, parameters: { tag: $response.body#/receipt/code } }
"##;

#[derive(Debug, Default)]
struct Depot {
    last: u32,
    /// By code: slot, and what was said.
    luggage: BTreeMap<String, (String, Value)>,
}

/// Serves until the process ends.
pub fn serve(wrong: Wrong) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let mut depot = Depot::default();
        for stream in listener.incoming().flatten() {
            let _ = answer(stream, &mut depot, wrong);
        }
    });
    address
}

fn answer(stream: TcpStream, depot: &mut Depot, wrong: Wrong) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut head = Vec::new();
    while !head.ends_with(b"\r\n\r\n") && reader.read_until(b'\n', &mut head)? > 0 {}
    let head = String::from_utf8_lossy(&head).into_owned();
    let length = head
        .lines()
        .find_map(|line| line.to_lowercase().strip_prefix("content-length:")?.trim().parse().ok());
    let mut body = vec![0; length.unwrap_or(0)];
    reader.read_exact(&mut body)?;
    let media =
        head.lines().any(|line| line.to_lowercase().replace(' ', "") == "content-type:application/json");
    let mut words = head.split(' ');
    let (method, target) = (words.next().unwrap_or_default(), words.next().unwrap_or_default());
    let body = serde_json::from_slice(&body).ok().filter(|_| media).filter(Value::is_object);
    let (status, slot, answer) = depot.respond(method, target, body, wrong);
    let slot = slot.map(|slot| format!("X-Slot: {slot}\r\n")).unwrap_or_default();
    let text = if answer.is_null() { String::new() } else { answer.to_string() };
    let length = if status == 204 { String::new() } else { format!("Content-Length: {}\r\n", text.len()) };
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n{slot}{length}Connection: close\r\n\r\n{text}"
    )
}

type Answer = (u16, Option<String>, Value);

impl Depot {
    fn respond(&mut self, method: &str, target: &str, body: Option<Value>, wrong: Wrong) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let no = |status: u16| (status, None, Value::Null);
        let part =
            |start: &str| path.strip_prefix(start).filter(|rest| !rest.is_empty() && !rest.contains('/'));
        match (method, path, part("/scan/"), part("/hatch/")) {
            ("POST", "/intake", _, _) => body.map_or(no(400), |body| self.take_in(body, wrong)),
            ("PUT", "/crane", _, _) => {
                let text = |name: &str| Some(body.as_ref()?.get(name)?.as_str()?.to_owned());
                match (text("slot"), text("to").filter(|to| ["north", "south"].contains(&to.as_str()))) {
                    (Some(slot), Some(_)) if self.luggage.values().any(|(other, _)| *other == slot) => {
                        (200, None, json!({}))
                    }
                    (Some(_), Some(_)) => no(404),
                    _ => no(400),
                }
            }
            ("GET", _, Some(tag), _) => {
                let most = if wrong == Wrong::DeepLooks { i64::MAX } else { 9 };
                let depths: Vec<&str> =
                    query.split('&').filter_map(|pair| pair.strip_prefix("depth=")).collect();
                let good = |text: &str| text.parse::<i64>().is_ok_and(|depth| (1..=most).contains(&depth));
                let is_tag =
                    tag.len() == 8 && tag.bytes().all(|b| b.is_ascii_hexdigit() && !b.is_ascii_uppercase());
                match self.luggage.get(tag) {
                    _ if depths.len() > 1 || !depths.iter().all(|text| good(text)) || !is_tag => no(400),
                    Some((_, said)) if wrong != Wrong::NotKept => (200, None, said.clone()),
                    _ => no(404),
                }
            }
            ("DELETE", _, _, Some(_)) if wrong == Wrong::Closed => no(409),
            ("DELETE", _, _, Some(place)) => {
                let code =
                    self.luggage.iter().find(|(_, (slot, _))| slot == place).map(|(code, _)| code.clone());
                match code {
                    Some(code) if wrong != Wrong::NotHandedOut => {
                        self.luggage.remove(&code);
                        no(204)
                    }
                    Some(_) => no(204),
                    None => no(404),
                }
            }
            (_, "/intake" | "/crane", _, _) | (_, _, Some(_), _) | (_, _, _, Some(_)) => no(405),
            _ => no(404),
        }
    }

    fn take_in(&mut self, body: Value, wrong: Wrong) -> Answer {
        let label = body["label"].as_str().is_some_and(|label| (1..=20).contains(&label.chars().count()));
        let weight = body.get("weight").is_none_or(|weight| {
            weight.as_f64().is_some_and(|kilos| kilos.fract() == 0.0 && (1.0..=40.0).contains(&kilos))
        });
        if !label || !weight {
            return (400, None, Value::Null);
        }
        self.last += 1;
        let (code, slot) =
            (format!("{:08x}", self.last.wrapping_mul(0x9e37_79b1)), format!("slot-{}", self.last));
        self.luggage.insert(code.clone(), (slot.clone(), body));
        (201, Some(slot).filter(|_| wrong != Wrong::NoSlot), json!({ "receipt": { "code": code } }))
    }
}
