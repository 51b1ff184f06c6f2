//! What one row of the table of behaviours says.

use std::io;

use super::connection::Connection;
use super::request::Request;

/// Misbehaves on `connection`, whose request is `request`. An error means that the client went away (or that the
/// server stops), which many behaviours end in.
pub type Serve = fn(connection: &mut Connection, request: &Request) -> io::Result<After>;

/// One way to misbehave, and what must become of it.
#[derive(Clone, Copy)]
pub struct Behaviour {
    /// Kebab-case and unique; the path is `/b/NAME`.
    pub name: &'static str,
    /// What it does, in words that follow "a target that …".
    pub what: &'static str,
    /// The verdict that the trial must end in.
    pub expect: Expect,
    /// What a plain socket sees of it: the proof that the server really does it.
    pub shows: Shows,
    /// The media type that the contract of this path documents.
    pub media: Media,
    /// Answers before it reads the request's body.
    pub early: bool,
    /// What it does to a client that sends its next request on the same connection.
    pub reuse: Reuse,
    /// Does it.
    pub serve: Serve,
}

/// The verdict that a trial must end in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Expect {
    /// A lenient HTTP client accepts it, and what it carries is right.
    Passed,
    /// Received whole, and wrong: found by at least one of these checks.
    Failed(&'static [Check]),
    /// Could not be judged, for one of these causes.
    Errored(&'static [Cause]),
    /// A race decides between failed and errored; anything but passed.
    NotPassed,
}

/// A check that judges an answer (section 3 of the design).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Check {
    Status,
    ContentType,
    /// The declared charset, the bytes, or a byte order mark.
    Charset,
    /// The bytes are not what `Content-Encoding` says.
    ContentEncoding,
    WellFormed,
    /// JSON Schema, or XSD for [`Media::Xml`].
    Schema,
    /// The rule that `id` is the request's.
    Echo,
}

/// Why an answer could not be judged.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Cause {
    /// No connection: refused, unreachable, or its time was up.
    Connect,
    /// TLS could not be agreed on.
    Tls,
    /// Closed or reset before the answer was whole.
    Closed,
    Timeout,
    /// More than the limit on heads or bodies, as sent or as decoded.
    TooLarge,
    /// Not HTTP.
    Protocol,
    /// A `Content-Encoding` that the client doesn't know.
    Encoding,
}

/// What a behaviour does to the next request of a client that uses the connection again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Reuse {
    /// Nothing, or nothing that a careful client doesn't see before it uses the connection again.
    Safe,
    /// The connection may be gone when the next request is sent. A client is protected if it sends a request again
    /// that got no byte of an answer on a kept connection (RFC 9112 section 9.3.1, RFC 9110 section 9.2.2).
    NeedsRetry,
    /// The next request gets nothing, or an answer that isn't its own. Only a connection of its own protects it; else
    /// it can but be noticed, by the timeout or by the echo of `id`.
    NeedsFreshConnection,
}

/// The media type that the contract documents for a path.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Media {
    Json,
    /// `application/xml`, `<answer><id/><status/><note/></answer>`.
    Xml,
}

/// What a plain socket that sends a request sees. The bytes are somewhere in the first 256 KB.
#[derive(Clone, Copy, Debug)]
pub enum Shows {
    /// These bytes.
    Bytes(&'static [u8]),
    /// These bytes (perhaps none), then the end of the stream.
    End(&'static [u8]),
    /// These bytes (perhaps none), then a reset.
    Reset(&'static [u8]),
    /// These bytes (perhaps none), then nothing more, and the connection stays open.
    Silence(&'static [u8]),
    /// These bytes, then about a byte a second.
    Trickle(&'static [u8]),
    /// These bytes, and more than 2 MB in all.
    Flood(&'static [u8]),
}

/// What becomes of the connection when a behaviour is through.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum After {
    /// The next request is read from it.
    Keep,
    /// It is closed in an orderly way.
    Close,
    /// It is reset.
    Reset,
}

impl Behaviour {
    /// A behaviour whose trial must pass.
    pub const fn passed(name: &'static str, what: &'static str, shows: Shows, serve: Serve) -> Self {
        Self::new(name, what, Expect::Passed, shows, serve)
    }

    /// A behaviour whose trial must fail by one of `checks`.
    pub const fn failed(
        name: &'static str,
        what: &'static str,
        checks: &'static [Check],
        shows: Shows,
        serve: Serve,
    ) -> Self {
        Self::new(name, what, Expect::Failed(checks), shows, serve)
    }

    /// A behaviour whose trial can't be judged, for one of `causes`.
    pub const fn errored(
        name: &'static str,
        what: &'static str,
        causes: &'static [Cause],
        shows: Shows,
        serve: Serve,
    ) -> Self {
        Self::new(name, what, Expect::Errored(causes), shows, serve)
    }

    const fn new(name: &'static str, what: &'static str, expect: Expect, shows: Shows, serve: Serve) -> Self {
        Behaviour { name, what, expect, shows, media: Media::Json, early: false, reuse: Reuse::Safe, serve }
    }

    /// The same, on a path whose contract documents XML.
    pub const fn xml(mut self) -> Self {
        self.media = Media::Xml;
        self
    }

    /// The same, but answering before the request's body is read.
    pub const fn early(mut self) -> Self {
        self.early = true;
        self
    }

    /// The same, with what it does to the next request on its connection.
    pub const fn reuse(mut self, reuse: Reuse) -> Self {
        self.reuse = reuse;
        self
    }

    /// The path that misbehaves so, without the query.
    pub fn path(&self) -> String {
        format!("/b/{}", self.name)
    }
}
