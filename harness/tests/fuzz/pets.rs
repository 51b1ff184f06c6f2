//! A server of its own on loopback, with an OpenAPI 3.0 document that was not written for Proofmark.

use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex};

/// What a server gets wrong.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Defect {
    None,
    /// `limit` above its maximum is accepted.
    LimitIgnored,
    /// Fails with every request after the longest name was stored.
    Breaks,
    /// Closes its socket for good when it sees the word in a name.
    Dies,
}

pub const DOCUMENT: &str = r##"
openapi: 3.0.3
info: { title: Pets, version: "1" }
paths:
  /pets:
    get:
      parameters:
        - { name: limit, in: query, schema: { type: integer, minimum: 0, exclusiveMinimum: true, maximum: 20 } }
        - { name: tag, in: query, schema: { anyOf: [{ type: array, items: { type: string } }, { type: number }] } }
        - { name: more, in: query, description: any other parameter, schema: { type: object } }
      responses:
        "200": { description: all, content: { application/json: { schema: { type: array, items: { $ref: "#/components/schemas/Pet" } } } } }
        "400": { description: wrong }
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema:
              type: object
              required: [name]
              properties:
                name: { type: string, minLength: 1, maxLength: 12 }
                tag: { type: string, nullable: true }
      responses:
        "201": { description: made, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
        "400": { description: wrong }
  /pets/{petId}:
    parameters: [{ name: petId, in: path, required: true, schema: { type: integer, minimum: 1 } }]
    get:
      responses:
        "200": { description: one, content: { application/json: { schema: { $ref: "#/components/schemas/Pet" } } } }
        "400": { description: wrong }
        "404": { description: none }
    delete:
      operationId: deletePet
      responses: { "204": { description: gone }, "400": { description: wrong }, "404": { description: none } }
  /weight:
    put:
      operationId: weigh
      requestBody: { required: true, content: { application/json: { schema: { type: integer, minimum: 1, maximum: 900, example: 512 } } } }
      responses: { "204": { description: kept }, "400": { description: wrong } }
components:
  schemas:
    Pet:
      type: object
      required: [id, name]
      properties: { id: { type: integer }, name: { type: string }, tag: { type: string, nullable: true } }
"##;

/// The last id of a server that fails with everything.
const BROKEN: u64 = u64::MAX;

type Pets = Arc<Mutex<(u64, BTreeMap<u64, serde_json::Value>)>>;

/// Serves until the process ends, or the defect closes the socket.
pub fn serve(defect: Defect) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    let pets: Pets = Arc::default();
    std::thread::spawn(move || {
        for stream in listener.incoming().flatten() {
            // One after the other: a request that kills is the last one.
            if !answer(stream, &pets, defect) {
                break;
            }
        }
    });
    address
}

/// Answers one request on a connection; false when the server is to end.
fn answer(stream: TcpStream, pets: &Pets, defect: Defect) -> bool {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    if reader.read_line(&mut line).is_err() {
        return true;
    }
    let mut words = line.split(' ');
    let (method, target) =
        (words.next().unwrap_or_default().to_owned(), words.next().unwrap_or_default().to_owned());
    let (mut length, mut media) = (0usize, String::new());
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header).is_err() || header.trim().is_empty() {
            break;
        }
        if let Some((name, value)) = header.split_once(':') {
            match name.to_lowercase().as_str() {
                "content-length" => length = value.trim().parse().unwrap_or(0),
                "content-type" => media = value.trim().to_owned(),
                _ => {}
            }
        }
    }
    let mut body = vec![0; length];
    if reader.read_exact(&mut body).is_err() {
        return true;
    }
    if defect == Defect::Dies && String::from_utf8_lossy(&body).contains("etc/passwd") {
        return false;
    }
    let (status, text) = respond(&method, &target, &media, &body, pets, defect);
    let _ = write!(
        reader.get_mut(),
        "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\nContent-Length: {}\r\nConnection: close\r\n\r\n{text}",
        text.len()
    );
    true
}

fn respond(
    method: &str,
    target: &str,
    media: &str,
    body: &[u8],
    pets: &Pets,
    defect: Defect,
) -> (u16, String) {
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let mut pets = pets.lock().expect("pets");
    if pets.0 == BROKEN {
        return (500, String::new());
    }
    match (method, path, path.strip_prefix("/pets/")) {
        ("GET", "/pets", _) => {
            let limits: Vec<&str> = query.split('&').filter_map(|pair| pair.strip_prefix("limit=")).collect();
            let most = if defect == Defect::LimitIgnored { u64::MAX } else { 20 };
            let limit = match limits[..] {
                [] => Some(20),
                [one] => one.parse().ok().filter(|n| *n > 0 && *n <= most),
                _ => None,
            };
            let Some(limit) = limit else { return (400, String::new()) };
            let list: Vec<_> = pets.1.values().take(limit as usize).cloned().collect();
            (200, serde_json::Value::from(list).to_string())
        }
        ("POST", "/pets", _) => {
            let json = serde_json::from_slice::<serde_json::Value>(body).ok();
            let json = json.filter(|_| media.starts_with("application/json") && !media.contains("utf-16"));
            let Some(json) = json.filter(serde_json::Value::is_object) else { return (400, String::new()) };
            let length = json["name"].as_str().map_or(0, |name| name.chars().count());
            if !(1..=12).contains(&length) || !(json["tag"].is_null() || json["tag"].is_string()) {
                return (400, String::new());
            }
            pets.0 += 1;
            let id = pets.0;
            if defect == Defect::Breaks && length == 12 {
                pets.0 = BROKEN;
            }
            let pet = serde_json::json!({ "id": id, "name": json["name"], "tag": json["tag"] });
            pets.1.insert(id, pet.clone());
            (201, pet.to_string())
        }
        ("PUT", "/weight", _) => {
            let json = media.starts_with("application/json") && !media.contains("utf-16");
            match serde_json::from_slice::<u64>(body).ok().filter(|n| json && (1..=900).contains(n)) {
                Some(_) => (204, String::new()),
                None => (400, String::new()),
            }
        }
        ("GET" | "DELETE", _, Some(id)) => {
            let Some(id) = id.parse::<u64>().ok().filter(|id| *id > 0 && query.is_empty()) else {
                return (400, String::new());
            };
            match method {
                "GET" => pets.1.get(&id).map_or((404, String::new()), |pet| (200, pet.to_string())),
                _ => pets.1.remove(&id).map_or((404, String::new()), |_| (204, String::new())),
            }
        }
        (_, "/pets" | "/weight", _) | (_, _, Some(_)) => (405, String::new()),
        _ => (404, String::new()),
    }
}
