//! The honest answer, and how to build one that is a little less so.

use super::request::Request;

/// An answer as bytes to be. Nothing is checked or escaped: that is the point.
#[derive(Clone, Debug)]
pub struct Answer {
    start: Vec<u8>,
    lines: Vec<Vec<u8>>,
    body: Vec<u8>,
}

impl Answer {
    /// `200 OK`, `application/json`, and the honest body.
    pub fn honest(request: &Request) -> Answer {
        Answer::json(json(request, "\"ok\"", "\"hello\""))
    }

    /// `200 OK`, `application/json`, and `body`.
    pub fn json(body: impl Into<Vec<u8>>) -> Answer {
        Answer::typed("application/json", body)
    }

    /// `200 OK`, `application/xml`, and the honest body in XML.
    pub fn honest_xml(request: &Request) -> Answer {
        Answer::xml(xml(request, "hello"))
    }

    /// `200 OK`, `application/xml`, and `body`.
    pub fn xml(body: impl Into<Vec<u8>>) -> Answer {
        Answer::typed("application/xml", body)
    }

    /// `200 OK`, the given content type, and `body`.
    pub fn typed(content_type: impl AsRef<[u8]>, body: impl Into<Vec<u8>>) -> Answer {
        let line = [b"Content-Type: ", content_type.as_ref()].concat();
        Answer { start: b"HTTP/1.1 200 OK".to_vec(), lines: vec![line], body: body.into() }
    }

    /// `200 OK` and `body`, with no header.
    pub fn bare(body: impl Into<Vec<u8>>) -> Answer {
        Answer { start: b"HTTP/1.1 200 OK".to_vec(), lines: Vec::new(), body: body.into() }
    }

    /// Another status line.
    pub fn start(mut self, start: impl AsRef<[u8]>) -> Answer {
        self.start = start.as_ref().to_vec();
        self
    }

    /// One more header line, as it is.
    pub fn line(mut self, line: impl AsRef<[u8]>) -> Answer {
        self.lines.push(line.as_ref().to_vec());
        self
    }

    /// The head without `Content-Length`, with its empty line.
    pub fn head(&self) -> Vec<u8> {
        let mut head = self.open_head();
        head.extend(b"\r\n");
        head
    }

    /// The head without `Content-Length` and without its empty line: more lines can follow.
    pub fn open_head(&self) -> Vec<u8> {
        let mut head = self.start.clone();
        for line in &self.lines {
            head.extend(b"\r\n");
            head.extend(line);
        }
        head.extend(b"\r\n");
        head
    }

    /// The whole answer, framed by its true `Content-Length`.
    pub fn bytes(&self) -> Vec<u8> {
        self.with_length(&self.body.len().to_string())
    }

    /// The whole answer, with `length` for its `Content-Length`.
    pub fn with_length(&self, length: &str) -> Vec<u8> {
        let mut bytes = self.clone().line(format!("Content-Length: {length}")).head();
        bytes.extend(&self.body);
        bytes
    }

    /// The whole answer with no framing at all: its body ends with the connection.
    pub fn unframed(&self) -> Vec<u8> {
        [self.head(), self.body.clone()].concat()
    }

    /// The whole answer, framed as one chunk.
    pub fn chunked(&self) -> Vec<u8> {
        let head = self.clone().line("Transfer-Encoding: chunked").head();
        [head, chunk(&self.body), b"0\r\n\r\n".to_vec()].concat()
    }

    /// The body alone.
    pub fn body(&self) -> &[u8] {
        &self.body
    }
}

/// One chunk of a chunked body.
pub fn chunk(data: &[u8]) -> Vec<u8> {
    [format!("{:x}\r\n", data.len()).as_bytes(), data, b"\r\n"].concat()
}

/// The honest JSON with other values; `status` and `note` are JSON text, put in as they are.
pub fn json(request: &Request, status: impl AsRef<[u8]>, note: impl AsRef<[u8]>) -> Vec<u8> {
    let id = json_string(&request.id());
    let parts: [&[u8]; 7] = [
        b"{\"id\": ",
        id.as_bytes(),
        b", \"status\": ",
        status.as_ref(),
        b", \"note\": ",
        note.as_ref(),
        b"}",
    ];
    parts.concat()
}

/// The honest JSON with another note, JSON text put in as it is.
pub fn with_note(request: &Request, note: impl AsRef<[u8]>) -> Answer {
    Answer::json(json(request, "\"ok\"", note))
}

/// The honest JSON with another status, JSON text put in as it is. Wrong whatever it is, so that it shows up as the
/// actual value of a finding.
pub fn with_status(request: &Request, status: impl AsRef<[u8]>) -> Answer {
    Answer::json(json(request, status, "\"hello\""))
}

/// The honest answer in XML, with another note, put in as it is.
pub fn xml(request: &Request, note: &str) -> String {
    format!("<answer><id>{}</id><status>ok</status><note>{note}</note></answer>", xml_text(&request.id()))
}

/// `text` as a JSON string.
pub fn json_string(text: &str) -> String {
    let mut string = String::from("\"");
    for character in text.chars() {
        match character {
            '"' | '\\' => string.extend(['\\', character]),
            '\0'..='\x1f' => string.push_str(&format!("\\u{:04x}", u32::from(character))),
            _ => string.push(character),
        }
    }
    string + "\""
}

fn xml_text(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;")
}
