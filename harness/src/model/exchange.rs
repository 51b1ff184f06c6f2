//! [`Exchange`]: the request as sent and the answer as received, byte for byte.

use std::time::Duration;

/// A request ready to be sent. Header names keep the spelling they were given; values are bytes.
#[derive(Debug, Clone, PartialEq)]
pub struct Request {
    pub method: String,
    /// Absolute URL, percent-encoded as it goes over the wire.
    pub url: String,
    pub headers: Vec<(String, Vec<u8>)>,
    pub body: Vec<u8>,
    /// Charset of the percent-encoded query and of the body: an encoding_rs label.
    pub charset: String,
}

impl Request {
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        find(&self.headers, name)
    }
}

/// An answer received whole.
#[derive(Debug, Clone, PartialEq)]
pub struct Response {
    pub status: u16,
    /// `HTTP/1.1` and the like.
    pub version: String,
    pub headers: Vec<(String, Vec<u8>)>,
    /// The body after the content coding (gzip, deflate) was taken off; as received where it does not come off.
    pub body: Vec<u8>,
    /// Why the content coding does not come off.
    pub miscoded: Option<String>,
}

impl Response {
    pub fn header(&self, name: &str) -> Option<&[u8]> {
        find(&self.headers, name)
    }

    /// The value of a header as text, bytes beyond ASCII read as Latin-1.
    pub fn header_text(&self, name: &str) -> Option<String> {
        self.header(name).map(latin1)
    }
}

fn find<'a>(headers: &'a [(String, Vec<u8>)], name: &str) -> Option<&'a [u8]> {
    headers.iter().find(|(n, _)| n.eq_ignore_ascii_case(name)).map(|(_, v)| v.as_slice())
}

/// Header bytes as text (RFC 9110 section 5.5: obs-text is opaque).
pub fn latin1(bytes: &[u8]) -> String {
    bytes.iter().map(|b| char::from(*b)).collect()
}

/// Where the time of an exchange went.
#[derive(Debug, Clone, Copy, PartialEq, Default)]
pub struct Timing {
    /// From sending to the end of the header section.
    pub first_byte: Duration,
    /// From sending to the end of the body.
    pub total: Duration,
}

/// Why there is no answer to judge. Never the contract's fault: a trial that ends so is *errored*, not *failed*.
#[derive(Debug, Clone, PartialEq)]
pub struct TransportError {
    pub kind: TransportErrorKind,
    pub message: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum TransportErrorKind {
    /// Name not found, connection refused, TLS handshake failed.
    Connect,
    /// Not answered whole within the time limit.
    Timeout,
    /// What came is not HTTP, or stopped before its end.
    Protocol,
    /// The answer is larger than the limit.
    TooLarge,
    /// The request could not be made.
    Request,
    /// The run was stopped while the request was under way.
    Interrupted,
}

impl TransportErrorKind {
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Connect => "connect",
            Self::Timeout => "timeout",
            Self::Protocol => "protocol",
            Self::TooLarge => "too-large",
            Self::Request => "request",
            Self::Interrupted => "interrupted",
        }
    }
}

/// One request and what came of it.
#[derive(Debug, Clone, PartialEq)]
pub struct Exchange {
    pub request: Request,
    pub response: Result<Response, TransportError>,
    pub timing: Timing,
}
