//! Chunks and transfer codings that aren't.

use crate::hostile::answer::{Answer, chunk};
use crate::hostile::behaviour::{Behaviour, Cause, Check, Serve, Shows};
use crate::hostile::request::Request;

const PROTOCOL: &[Cause] = &[Cause::Protocol];

/// An honest answer whose chunks break the protocol.
const fn broken(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::errored(name, what, PROTOCOL, Shows::Bytes(shows), serve)
}

/// An honest answer whose chunks are odd but right.
const fn odd(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::passed(name, what, Shows::Bytes(shows), serve)
}

pub const BEHAVIOURS: &[Behaviour] = &[
    broken(
        "chunk-size-not-hex",
        "writes a chunk's size as `zz`",
        b"chunked\r\n\r\nzz\r\n",
        |connection, request| connection.send_and_close(chunked(request, "zz\r\n", "\r\n0\r\n\r\n")),
    ),
    broken(
        "chunk-size-negative",
        "writes a chunk's size as -1",
        b"chunked\r\n\r\n-1\r\n",
        |connection, request| connection.send_and_close(chunked(request, "-1\r\n", "\r\n0\r\n\r\n")),
    ),
    broken(
        "chunk-size-empty",
        "writes no size before a chunk",
        b"chunked\r\n\r\n\r\n{\"id\": ",
        |connection, request| connection.send_and_close(chunked(request, "\r\n", "\r\n0\r\n\r\n")),
    ),
    broken(
        "chunk-size-overflow",
        "writes a chunk's size beyond 64 bits",
        b"fffffffffffffffff\r\n",
        |connection, request| {
            connection.send_and_close(chunked(request, "fffffffffffffffff\r\n", "\r\n0\r\n\r\n"))
        },
    ),
    Behaviour::errored(
        "chunk-size-huge",
        "promises a chunk of 16 exabytes",
        &[Cause::TooLarge, Cause::Timeout, Cause::Protocol],
        Shows::Silence(b"\r\nffffffffffffffff\r\n{\"id\": "),
        |connection, request| {
            connection.send(chunked(request, "ffffffffffffffff\r\n", ""))?;
            connection.never_answer()
        },
    ),
    broken(
        "chunk-longer-than-size",
        "sends more of a chunk than its size says",
        b"chunked\r\n\r\n5\r\n{\"id\": ",
        |connection, request| connection.send_and_close(chunked(request, "5\r\n", "\r\n0\r\n\r\n")),
    ),
    broken(
        "chunk-size-lf-only",
        "ends a chunk's size with LF alone",
        b"\n{\"id\": ",
        |connection, request| {
            let size = format!("{:x}\n", Answer::honest(request).body().len());
            connection.send_and_close(chunked(request, &size, "\n0\n\n"))
        },
    ),
    odd(
        "chunk-size-upper-case",
        "writes a chunk's size in capitals with zeros before it",
        b"chunked\r\n\r\n0000",
        |connection, request| {
            let size = format!("{:08X}\r\n", Answer::honest(request).body().len());
            connection.send_and_keep(chunked(request, &size, "\r\n0\r\n\r\n"))
        },
    ),
    odd("chunk-extension", "sends chunk extensions", b";owned=\"1\"\r\n{\"id\": ", |connection, request| {
        let size = format!("{:x};owned=\"1\"\r\n", Answer::honest(request).body().len());
        connection.send_and_keep(chunked(request, &size, "\r\n0;last\r\n\r\n"))
    }),
    odd(
        "chunk-trailers",
        "sends trailers that would change the head",
        b"0\r\nContent-Length: 5\r\n",
        |connection, request| {
            let whole = Answer::honest(request).chunked();
            let trailers = b"Content-Length: 5\r\nContent-Type: text/html\r\nSet-Cookie: owned=1\r\n\r\n";
            connection.send_and_keep([&whole[..whole.len() - 2], trailers].concat())
        },
    ),
    odd(
        "coding-and-length",
        "sends Transfer-Encoding: chunked and a Content-Length",
        b"Content-Length: 3\r\nTransfer-",
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line("Content-Length: 3").chunked())
        },
    ),
    Behaviour::failed(
        "coding-chunked-not-last",
        "sends Transfer-Encoding: chunked, identity, which ends with the connection",
        &[Check::WellFormed],
        Shows::End(b"chunked, identity\r\n\r\n"),
        |connection, request| connection.send_and_close(coded(request, "chunked, identity")),
    ),
    Behaviour::failed(
        "coding-misspelt",
        "sends Transfer-Encoding: xchunked, which ends with the connection",
        &[Check::WellFormed],
        Shows::End(b"Transfer-Encoding: xchunked\r\n\r\n"),
        |connection, request| connection.send_and_close(coded(request, "xchunked")),
    ),
    broken(
        "coding-on-http-1.0",
        "sends chunks as HTTP/1.0, which has none",
        b"HTTP/1.0 200 OK\r\n",
        |connection, request| {
            connection.send_and_close(Answer::honest(request).start("HTTP/1.0 200 OK").chunked())
        },
    ),
    Behaviour::failed(
        "coding-chunked-twice",
        "chunks its chunks",
        &[Check::WellFormed],
        Shows::Bytes(b"Transfer-Encoding: chunked, chunked\r\n\r\n"),
        |connection, request| {
            // Chunked twice: once undone, what is left is still chunks.
            let inner = [chunk(Answer::honest(request).body()), b"0\r\n\r\n".to_vec()].concat();
            let head = Answer::json("").line("Transfer-Encoding: chunked, chunked").head();
            connection.send_and_keep([head, chunk(&inner), b"0\r\n\r\n".to_vec()].concat())
        },
    ),
];

/// An honest answer in one chunk, with what comes before and after the chunk's data.
fn chunked(request: &Request, before: &str, after: &str) -> Vec<u8> {
    let answer = Answer::honest(request).line("Transfer-Encoding: chunked");
    [answer.head().as_slice(), before.as_bytes(), answer.body(), after.as_bytes()].concat()
}

/// An honest answer in chunks, with another `Transfer-Encoding`.
fn coded(request: &Request, coding: &str) -> Vec<u8> {
    let answer = Answer::honest(request).line(format!("Transfer-Encoding: {coding}"));
    [answer.head(), chunk(answer.body()), b"0\r\n\r\n".to_vec()].concat()
}
