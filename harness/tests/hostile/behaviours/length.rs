//! Lies about the length of the body.

use crate::hostile::answer::Answer;
use crate::hostile::behaviour::{Behaviour, Cause, Check, Serve, Shows};

const PROTOCOL: &[Cause] = &[Cause::Protocol];

/// An honest answer whose `Content-Length` is none.
const fn broken(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::errored(name, what, PROTOCOL, Shows::Bytes(shows), serve)
}

pub const BEHAVIOURS: &[Behaviour] = &[
    broken(
        "length-negative",
        "says that the body has -1 bytes",
        b"Content-Length: -1\r\n",
        |connection, request| connection.send_and_close(Answer::honest(request).with_length("-1")),
    ),
    broken(
        "length-not-a-number",
        "says that the body has `many` bytes",
        b"Content-Length: many\r\n",
        |connection, request| connection.send_and_close(Answer::honest(request).with_length("many")),
    ),
    broken(
        "length-empty",
        "says that the body has no number of bytes",
        b"Content-Length: \r\n",
        |connection, request| connection.send_and_close(Answer::honest(request).with_length("")),
    ),
    broken(
        "length-signed",
        "writes the length with a plus sign",
        b"Content-Length: +",
        |connection, request| {
            let answer = Answer::honest(request);
            connection.send_and_close(answer.with_length(&format!("+{}", answer.body().len())))
        },
    ),
    broken("length-hex", "writes the length in hexadecimal", b"Content-Length: 0x", |connection, request| {
        let answer = Answer::honest(request);
        connection.send_and_close(answer.with_length(&format!("{:#x}", answer.body().len())))
    }),
    broken(
        "length-overflow",
        "writes a length beyond 64 bits",
        b"Content-Length: 99999999999999999999",
        |connection, request| {
            connection.send_and_close(Answer::honest(request).with_length("99999999999999999999999"))
        },
    ),
    broken(
        "lengths-different",
        "sends two different Content-Lengths",
        b"\r\nContent-Length: 5\r\n",
        |connection, request| {
            let answer = Answer::honest(request);
            connection.send_and_close(answer.clone().line("Content-Length: 5").bytes())
        },
    ),
    broken(
        "length-list-different",
        "sends a list of two different lengths",
        b"Content-Length: 5, ",
        |connection, request| {
            let answer = Answer::honest(request);
            connection.send_and_close(answer.with_length(&format!("5, {}", answer.body().len())))
        },
    ),
    Behaviour::passed(
        "lengths-same",
        "sends the same Content-Length twice",
        Shows::Bytes(b"\r\nContent-Length: "),
        |connection, request| {
            let answer = Answer::honest(request);
            let line = format!("Content-Length: {}", answer.body().len());
            connection.send_and_keep(answer.line(line).bytes())
        },
    ),
    Behaviour::failed(
        "length-zero",
        "says that the body has no bytes, and sends them",
        &[Check::WellFormed],
        Shows::Bytes(b"Content-Length: 0\r\n\r\n{\"id\": "),
        |connection, request| connection.send_and_keep(Answer::honest(request).with_length("0")),
    ),
    Behaviour::failed(
        "length-shorter",
        "says that the body is ten bytes shorter than it is",
        &[Check::WellFormed],
        Shows::Bytes(b"\"note\": \"hello\"}"),
        |connection, request| {
            let answer = Answer::honest(request);
            connection.send_and_keep(answer.with_length(&(answer.body().len() - 10).to_string()))
        },
    ),
    Behaviour::errored(
        "length-longer",
        "says that the body is ten bytes longer than it is, and keeps the connection",
        &[Cause::Timeout],
        Shows::Silence(b"\"note\": \"hello\"}"),
        |connection, request| {
            let answer = Answer::honest(request);
            connection.send_and_keep(answer.with_length(&(answer.body().len() + 10).to_string()))
        },
    ),
    Behaviour::failed(
        "204-with-body",
        "answers 204, which has no body, with one",
        &[Check::Status],
        Shows::Bytes(b"HTTP/1.1 204 No Content\r\n"),
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).start("HTTP/1.1 204 No Content").bytes())
        },
    ),
    Behaviour::failed(
        "304-with-body",
        "answers 304, which has no body, with one",
        &[Check::Status],
        Shows::Bytes(b"HTTP/1.1 304 Not Modified\r\n"),
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).start("HTTP/1.1 304 Not Modified").bytes())
        },
    ),
    Behaviour::failed(
        "304-empty",
        "answers 304 though the request had no condition",
        &[Check::Status],
        Shows::Bytes(b"HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n"),
        |connection, _| connection.send_and_keep("HTTP/1.1 304 Not Modified\r\nETag: \"1\"\r\n\r\n"),
    ),
];
