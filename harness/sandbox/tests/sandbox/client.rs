//! A tiny HTTP/1.1 client: one request a connection, bytes in and bytes out.

use std::io::{Read, Write};
use std::net::{Shutdown, SocketAddr, TcpStream};
use std::time::Duration;

/// An answer as it came.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Answer {
    pub status: u16,
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

impl Answer {
    /// The header's value, empty if there is none.
    pub fn header(&self, name: &str) -> &str {
        self.headers.iter().find(|(given, _)| given == name).map_or("", |(_, value)| value)
    }

    pub fn text(&self) -> String {
        String::from_utf8(self.body.clone()).expect("an answer in UTF-8")
    }

    pub fn gbk(&self) -> String {
        let (text, _, broken) = encoding_rs::GBK.decode(&self.body);
        assert!(!broken, "an answer in GBK: {}", self.body.escape_ascii());
        text.into_owned()
    }

    /// Whether the body is as long as Content-Length says.
    pub fn is_complete(&self) -> bool {
        self.header("content-length") == self.body.len().to_string()
    }
}

/// Sends bytes and reads until the server closes; `None` if it closes without a word.
pub fn send(address: SocketAddr, request: &[u8]) -> Option<Answer> {
    exchange(address, request, false)
}

/// The same, and tells the server that nothing more will come.
pub fn send_and_finish(address: SocketAddr, request: &[u8]) -> Option<Answer> {
    exchange(address, request, true)
}

fn exchange(address: SocketAddr, request: &[u8], finish: bool) -> Option<Answer> {
    let mut stream = TcpStream::connect(address).expect("a server that listens");
    stream.set_read_timeout(Some(Duration::from_secs(20))).unwrap();
    // The server may answer and close before it has read everything.
    let _ = stream.write_all(request);
    if finish {
        let _ = stream.shutdown(Shutdown::Write);
    }
    let mut bytes = Vec::new();
    let _ = stream.read_to_end(&mut bytes);
    parse(&bytes)
}

pub fn get(address: SocketAddr, path: &str) -> Answer {
    request(address, "GET", path, &[], b"")
}

pub fn post(address: SocketAddr, path: &str, content_type: &str, body: &[u8]) -> Answer {
    request(address, "POST", path, &[("Content-Type", content_type)], body)
}

pub fn request(
    address: SocketAddr,
    method: &str,
    path: &str,
    headers: &[(&str, &str)],
    body: &[u8],
) -> Answer {
    send(address, &raw(method, path, headers, body)).expect("an answer")
}

/// A request's bytes, with Content-Length and Connection: close.
pub fn raw(method: &str, path: &str, headers: &[(&str, &str)], body: &[u8]) -> Vec<u8> {
    let headers: String = headers.iter().map(|(name, value)| format!("{name}: {value}\r\n")).collect();
    let head = format!(
        "{method} {path} HTTP/1.1\r\nHost: sandbox.example\r\nConnection: close\r\n{headers}Content-Length: {}\r\n\r\n",
        body.len()
    );
    [head.as_bytes(), body].concat()
}

fn parse(bytes: &[u8]) -> Option<Answer> {
    let end = bytes.windows(4).position(|window| window == b"\r\n\r\n")?;
    let head = str::from_utf8(&bytes[..end]).ok()?;
    let mut lines = head.split("\r\n");
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let header = |line: &str| {
        let (name, value) = line.split_once(':')?;
        Some((name.to_ascii_lowercase(), value.trim().to_owned()))
    };
    let headers = lines.filter_map(header).filter(|(name, _)| name != "date").collect();
    Some(Answer { status, headers, body: bytes[end + 4..].to_vec() })
}
