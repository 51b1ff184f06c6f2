//! A request as it was received, and how its head is read.

use std::net::SocketAddr;

/// The head of a request, and its body once it is read.
#[derive(Clone, Debug, Default)]
pub struct Request {
    pub method: String,
    /// As sent: path and query, percent-encoded.
    pub target: String,
    /// Names as sent, values with bytes beyond ASCII read as Latin-1.
    pub headers: Vec<(String, String)>,
    pub body: Vec<u8>,
}

/// Where a behaviour can send a client to.
#[derive(Clone, Copy, Debug)]
pub struct Neighbours {
    /// The hostile server itself.
    pub origin: SocketAddr,
    /// A listener with the same address and another port.
    pub other_port: SocketAddr,
    /// A listener with another address (the same one where the machine has only one loopback address).
    pub other_host: SocketAddr,
}

impl Request {
    /// Reads a head, without its last empty line. `None` when there is no request line.
    pub fn parse(head: &[u8]) -> Option<Request> {
        let text: String = head.iter().map(|&byte| char::from(byte)).collect();
        let mut lines = text.split("\r\n");
        let mut first = lines.next()?.split(' ');
        let method = first.next()?.to_owned();
        let target = first.next()?.to_owned();
        let headers = lines
            .filter_map(|line| line.split_once(':'))
            .map(|(name, value)| (name.to_owned(), value.trim().to_owned()))
            .collect();
        Some(Request { method, target, headers, body: Vec::new() })
    }

    /// The path, percent-encoded as sent.
    pub fn path(&self) -> &str {
        self.target.split_once('?').map_or(&self.target, |(path, _)| path)
    }

    /// The query parameters, decoded.
    pub fn query(&self) -> Vec<(String, String)> {
        let query = self.target.split_once('?').map_or("", |(_, query)| query);
        query
            .split('&')
            .filter(|pair| !pair.is_empty())
            .map(|pair| pair.split_once('=').unwrap_or((pair, "")))
            .map(|(name, value)| (percent_decode(name), percent_decode(value)))
            .collect()
    }

    /// The query parameter `id`, decoded; empty when there is none.
    pub fn id(&self) -> String {
        self.query().into_iter().find(|(name, _)| name == "id").map(|(_, value)| value).unwrap_or_default()
    }

    /// The first value of a header.
    pub fn header(&self, name: &str) -> Option<&str> {
        self.headers
            .iter()
            .find(|(known, _)| known.eq_ignore_ascii_case(name))
            .map(|(_, value)| value.as_str())
    }

    /// What the request could be trusted with: the values of `Authorization`, `X-Api-Key` and `Cookie`, and of every
    /// query parameter but `id`; each as it was before it was encoded.
    pub fn secrets(&self) -> Vec<String> {
        let headers = ["authorization", "x-api-key", "cookie"].iter().filter_map(|name| self.header(name));
        let query = self.query().into_iter().filter(|(name, _)| name != "id").map(|(_, value)| value);
        headers.map(str::to_owned).chain(query).collect()
    }
}

/// Undoes `%XX`; anything else stays. Bytes that aren't UTF-8 become U+FFFD.
pub fn percent_decode(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut decoded = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let hex = bytes.get(at + 1..at + 3).filter(|_| bytes[at] == b'%');
        let byte = hex
            .and_then(|hex| std::str::from_utf8(hex).ok())
            .and_then(|hex| u8::from_str_radix(hex, 16).ok());
        decoded.push(byte.unwrap_or(bytes[at]));
        at += if byte.is_some() { 3 } else { 1 };
    }
    String::from_utf8_lossy(&decoded).into_owned()
}
