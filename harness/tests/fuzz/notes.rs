//! A server of notes on loopback that asks for a key, and that can do one thing wrong.

use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{SocketAddr, TcpListener, TcpStream};

/// The key that requests must have.
pub const KEY: &str = "key-of-the-notes";

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Wrong {
    Nothing,
    Location,
    MadeNotThere,
    DeletedIsListed,
    PutForgetsTags,
    PutAppendsTags,
    PutKeepsTags,
    PatchResetsTags,
    RefusedPutWrites,
    ShowingTakesTags,
    AnyKeyDeletes,
    LimitIgnored,
    KindIgnored,
}

pub const DOCUMENT: &str = r##"
openapi: 3.1.0
info: { title: Notes, version: "1" }
security: [{ key: [] }]
paths:
  /notes:
    get:
      operationId: list
      parameters:
        - { name: limit, in: query, schema: { type: integer, minimum: 1, maximum: 50 } }
        - { name: kind, in: query, schema: { $ref: "#/components/schemas/Kind" } }
      responses: { "200": { description: all }, "400": { description: wrong }, "401": { description: no key } }
    post:
      operationId: make
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Note" } } } }
      responses: { "201": { description: made }, "400": { description: wrong }, "401": { description: no key } }
  /notes/{noteId}:
    parameters: [{ name: noteId, in: path, required: true, schema: { type: integer, minimum: 1 } }]
    get:
      operationId: show
      responses: { "200": { description: one }, "401": { description: no key }, "404": { description: none } }
    put:
      operationId: put
      requestBody: { required: true, content: { application/json: { schema: { $ref: "#/components/schemas/Note" } } } }
      responses: { "200": { description: put }, "400": { description: wrong }, "401": { description: no key }, "404": { description: none } }
    patch:
      operationId: patch
      requestBody:
        required: true
        content:
          application/json:
            schema: { type: object, properties: { text: { type: string }, kind: { $ref: "#/components/schemas/Kind" }, tags: { $ref: "#/components/schemas/Tags" } } }
      responses: { "200": { description: patched }, "400": { description: wrong }, "401": { description: no key }, "404": { description: none } }
    delete:
      operationId: remove
      responses: { "204": { description: gone }, "401": { description: no key }, "404": { description: none } }
components:
  securitySchemes: { key: { type: apiKey, in: header, name: X-Key } }
  schemas:
    Kind: { type: string, enum: [todo, idea] }
    Tags: { type: array, items: { type: string } }
    Note:
      type: object
      required: [text, kind]
      properties: { text: { type: string }, kind: { $ref: "#/components/schemas/Kind" }, tags: { $ref: "#/components/schemas/Tags" } }
"##;

#[derive(Default)]
struct Notes {
    last: u64,
    notes: BTreeMap<u64, Map<String, Value>>,
    /// Deleted, and listed all the same.
    ghosts: Vec<Map<String, Value>>,
}

/// Serves until the process ends.
pub fn serve(wrong: Wrong) -> SocketAddr {
    let listener = TcpListener::bind("127.0.0.1:0").expect("a port");
    let address = listener.local_addr().expect("an address");
    std::thread::spawn(move || {
        let mut notes = Notes::default();
        for stream in listener.incoming().flatten() {
            let _ = answer(stream, &mut notes, wrong);
        }
    });
    address
}

fn answer(stream: TcpStream, notes: &mut Notes, wrong: Wrong) -> std::io::Result<()> {
    let mut reader = BufReader::new(stream);
    let mut line = String::new();
    reader.read_line(&mut line)?;
    let (mut length, mut key) = (0, String::new());
    loop {
        let mut header = String::new();
        if reader.read_line(&mut header)? == 0 || header.trim().is_empty() {
            break;
        }
        match header.split_once(':').map(|(name, value)| (name.to_lowercase(), value.trim().to_owned())) {
            Some((name, value)) if name == "content-length" => length = value.parse().unwrap_or(0),
            Some((name, value)) if name == "x-key" => key = value,
            _ => {}
        }
    }
    let mut body = vec![0; length];
    reader.read_exact(&mut body)?;
    let words: Vec<&str> = line.split(' ').collect();
    let (method, target) =
        (words.first().copied().unwrap_or_default(), words.get(1).copied().unwrap_or_default());
    let free = wrong == Wrong::AnyKeyDeletes && method == "DELETE";
    let (status, location, answer) = match key == KEY || free {
        true => notes.respond(method, target, &body, wrong),
        false => (401, None, Value::Null),
    };
    let text = if answer.is_null() { String::new() } else { answer.to_string() };
    let location = location.map(|id| format!("Location: /notes/{id}\r\n")).unwrap_or_default();
    let length = if status == 204 { String::new() } else { format!("Content-Length: {}\r\n", text.len()) };
    write!(
        reader.get_mut(),
        "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n{location}{length}Connection: close\r\n\r\n{text}"
    )
}

/// The note that a body says; `None` where it is wrong.
fn read(body: &[u8], whole: bool) -> Option<Map<String, Value>> {
    let Value::Object(note) = serde_json::from_slice(body).ok()? else { return None };
    let text = note.get("text").map_or(!whole, Value::is_string);
    let kind =
        note.get("kind").map_or(!whole, |kind| ["todo", "idea"].contains(&kind.as_str().unwrap_or_default()));
    let tags =
        note.get("tags").is_none_or(|tags| tags.as_array().is_some_and(|t| t.iter().all(Value::is_string)));
    (text && kind && tags).then_some(note)
}

type Answer = (u16, Option<u64>, Value);

impl Notes {
    fn respond(&mut self, method: &str, target: &str, body: &[u8], wrong: Wrong) -> Answer {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let id = path.strip_prefix("/notes/").and_then(|id| id.parse::<u64>().ok());
        match (method, path, id) {
            ("GET", "/notes", _) => self.list(query, wrong),
            ("POST", "/notes", _) => {
                let Some(note) = read(body, true) else { return (400, None, Value::Null) };
                self.last += 1;
                let note = whole(self.last, note);
                if wrong != Wrong::MadeNotThere {
                    self.notes.insert(self.last, note.clone());
                }
                let named = if wrong == Wrong::Location { self.last + 100 } else { self.last };
                (201, Some(named), note.into())
            }
            (_, _, Some(id)) if self.notes.contains_key(&id) => self.item(method, id, body, wrong),
            (_, "/notes", _) => (405, None, Value::Null),
            _ => (404, None, Value::Null),
        }
    }

    fn list(&self, query: &str, wrong: Wrong) -> Answer {
        let value = |name: &str| {
            query.split('&').filter_map(|pair| pair.split_once('=')).find(|(n, _)| *n == name).map(|(_, v)| v)
        };
        let limit = value("limit")
            .map_or(Some(20), |text| text.parse::<usize>().ok().filter(|n| (1..=50).contains(n)));
        let kind = value("kind");
        let (Some(limit), true) = (limit, kind.is_none_or(|kind| ["todo", "idea"].contains(&kind))) else {
            return (400, None, Value::Null);
        };
        let limit = if wrong == Wrong::LimitIgnored { usize::MAX } else { limit };
        let wanted = |note: &&Map<String, Value>| {
            wrong == Wrong::KindIgnored || kind.is_none_or(|kind| note["kind"] == kind)
        };
        let all = self.notes.values().chain(&self.ghosts);
        (200, None, all.filter(wanted).take(limit).cloned().map(Value::Object).collect::<Vec<Value>>().into())
    }

    fn item(&mut self, method: &str, id: u64, body: &[u8], wrong: Wrong) -> Answer {
        let old = self.notes[&id].clone();
        let note = match method {
            "GET" => {
                let shown = old.clone();
                if wrong == Wrong::ShowingTakesTags {
                    self.notes
                        .insert(id, Map::from_iter([("tags".to_owned(), json!([]))].into_iter().chain(old)));
                    self.notes.entry(id).and_modify(|note| note["tags"] = json!([]));
                }
                return (200, None, shown.into());
            }
            "DELETE" => {
                self.notes.remove(&id);
                if wrong == Wrong::DeletedIsListed {
                    self.ghosts.push(old);
                }
                return (204, None, Value::Null);
            }
            "PUT" => {
                let Some(said) = read(body, true) else {
                    let text =
                        serde_json::from_slice::<Value>(body).ok().and_then(|b| b.get("text").cloned());
                    if let (Wrong::RefusedPutWrites, Some(text)) = (wrong, text.filter(Value::is_string)) {
                        self.notes.entry(id).and_modify(|note| note["text"] = text);
                    }
                    return (400, None, Value::Null);
                };
                let mut note = whole(id, said.clone());
                let tags = |note: &Map<String, Value>| note["tags"].as_array().cloned().unwrap_or_default();
                match wrong {
                    Wrong::PutForgetsTags => note["tags"] = old["tags"].clone(),
                    Wrong::PutAppendsTags => note["tags"] = [tags(&old), tags(&note)].concat().into(),
                    Wrong::PutKeepsTags if !said.contains_key("tags") => note["tags"] = old["tags"].clone(),
                    _ => {}
                }
                note
            }
            "PATCH" => {
                let Some(said) = read(body, false) else { return (400, None, Value::Null) };
                let mut note = old;
                if wrong == Wrong::PatchResetsTags {
                    note["tags"] = json!([]);
                }
                note.extend(said);
                note
            }
            _ => return (405, None, Value::Null),
        };
        self.notes.insert(id, note.clone());
        (200, None, note.into())
    }
}

fn whole(id: u64, said: Map<String, Value>) -> Map<String, Value> {
    let mut note = Map::from_iter([("id".to_owned(), json!(id)), ("tags".to_owned(), json!([]))]);
    note.extend(said);
    note
}
