//! Attacks on the next request of a kept connection: an answer more than was asked for.

use std::time::Duration;

use crate::hostile::answer::{Answer, chunk, json_string};
use crate::hostile::behaviour::{Behaviour, Cause, Check, Reuse, Shows};

/// What the attacks smuggle: complete and well-formed, and nobody's.
fn smuggled() -> Vec<u8> {
    let id = json_string("smuggled");
    Answer::json(format!("{{\"id\": {id}, \"status\": \"ok\", \"note\": \"hello\"}}")).bytes()
}

const SMUGGLED: &[u8] =
    b"}HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 51\r\n\r\n{\"id\": \"smuggled\"";

pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour::passed(
        "extra-bytes",
        "sends noise after the end of an honest answer",
        Shows::Bytes(b"\"hello\"}\r\n\r\nnoise, and no HTTP"),
        |connection, request| {
            let noise = b"\r\n\r\nnoise, and no HTTP";
            connection.send_and_keep([Answer::honest(request).bytes().as_slice(), noise].concat())
        },
    ),
    Behaviour::passed(
        "second-answer-at-once",
        "sends a second answer with the first",
        Shows::Bytes(SMUGGLED),
        |connection, request| {
            connection.send_and_keep([Answer::honest(request).bytes(), smuggled()].concat())
        },
    ),
    Behaviour::passed(
        "second-answer-later",
        "sends a second answer 30 ms after the first",
        Shows::Bytes(SMUGGLED),
        |connection, request| {
            connection.send(Answer::honest(request).bytes())?;
            connection.pause(Duration::from_millis(30))?;
            connection.send_and_keep(smuggled())
        },
    )
    .reuse(Reuse::NeedsFreshConnection),
    Behaviour::passed(
        "second-answer-on-next-request",
        "sends a second answer as the next request arrives",
        Shows::Silence(b"\"note\": \"hello\"}"),
        |connection, request| {
            connection.send(Answer::honest(request).bytes())?;
            connection.wait_for_bytes()?;
            connection.send_and_keep(smuggled())
        },
    )
    .reuse(Reuse::NeedsFreshConnection),
    Behaviour::passed(
        "half-answer-ahead",
        "sends the start of a second answer with the first, so that the next one completes it",
        Shows::Bytes(b"}HTTP/1.1 200 OK\r\nX-Swallows: "),
        |connection, request| {
            let ahead = b"HTTP/1.1 200 OK\r\nX-Swallows: ";
            connection.send_and_keep([Answer::honest(request).bytes().as_slice(), ahead].concat())
        },
    ),
    Behaviour::failed(
        "empty-answer-first",
        "sends an empty answer, then an honest one",
        &[Check::WellFormed],
        Shows::Bytes(b"Content-Length: 0\r\n\r\nHTTP/1.1 200 OK\r\n"),
        |connection, request| {
            connection.send_and_keep([Answer::json("").bytes(), Answer::honest(request).bytes()].concat())
        },
    ),
    Behaviour::failed(
        "length-hides-answer",
        "says that the body ends where a second answer starts",
        &[Check::WellFormed],
        Shows::Bytes(b"Content-Length: 6\r\n\r\n{\"id\":HTTP/1.1 200 OK\r\n"),
        |connection, _| connection.send_and_keep([Answer::json("{\"id\":").bytes(), smuggled()].concat()),
    ),
    Behaviour::passed(
        "coding-hides-answer",
        "says by its length that a second answer is part of the body, and by its chunks that it isn't",
        Shows::Bytes(b"0\r\n\r\nHTTP/1.1 200 OK\r\n"),
        |connection, request| {
            let (honest, smuggled) = (Answer::honest(request), smuggled());
            let body = [chunk(honest.body()), b"0\r\n\r\n".to_vec(), smuggled].concat();
            let lines =
                honest.line("Transfer-Encoding: chunked").line(format!("Content-Length: {}", body.len()));
            connection.send_and_keep([lines.head(), body].concat())
        },
    ),
    Behaviour::errored(
        "lengths-hide-answer",
        "sends two Content-Lengths, the longer of which takes in a second answer",
        &[Cause::Protocol],
        Shows::Bytes(SMUGGLED),
        |connection, request| {
            let (honest, smuggled) = (Answer::honest(request), smuggled());
            let longer = format!("Content-Length: {}", honest.body().len() + smuggled.len());
            connection.send_and_keep([honest.line(longer).bytes(), smuggled].concat())
        },
    ),
    Behaviour::failed(
        "204-hides-answer",
        "answers 204, which has no body, with a second answer for a body",
        &[Check::Status],
        Shows::Bytes(b"\r\n\r\nHTTP/1.1 200 OK\r\n"),
        |connection, _| {
            connection.send_and_keep(Answer::json(smuggled()).start("HTTP/1.1 204 No Content").bytes())
        },
    ),
    Behaviour::failed(
        "304-hides-answer",
        "answers 304, which has no body, with a second answer for a body",
        &[Check::Status],
        Shows::Bytes(b"\r\n\r\nHTTP/1.1 200 OK\r\n"),
        |connection, _| {
            connection.send_and_keep(Answer::json(smuggled()).start("HTTP/1.1 304 Not Modified").bytes())
        },
    ),
    Behaviour::passed(
        "trailers-hide-answer",
        "sends a second answer after the trailers",
        Shows::Bytes(b"0\r\nX-Trailer: 1\r\n\r\nHTTP/1.1 200 OK\r\n"),
        |connection, request| {
            let whole = Answer::honest(request).chunked();
            connection
                .send_and_keep([&whole[..whole.len() - 2], b"X-Trailer: 1\r\n\r\n", &smuggled()].concat())
        },
    ),
];
