//! Answers that take their time.

use std::time::Duration;

use crate::hostile::answer::{Answer, chunk};
use crate::hostile::behaviour::{After, Behaviour, Cause, Shows};
use crate::hostile::connection::Connection;

const TIMEOUT: &[Cause] = &[Cause::Timeout];

pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour::errored(
        "never-answer",
        "reads the request and never answers",
        TIMEOUT,
        Shows::Silence(b""),
        |c, _| c.never_answer(),
    ),
    Behaviour::errored(
        "never-after-status-line",
        "sends a status line and then nothing",
        TIMEOUT,
        Shows::Silence(b"HTTP/1.1 200 OK\r\n"),
        |connection, _| {
            connection.send("HTTP/1.1 200 OK\r\n")?;
            connection.never_answer()
        },
    ),
    Behaviour::errored(
        "never-the-body",
        "sends the head and then nothing",
        TIMEOUT,
        Shows::Silence(b"Content-Length: 64\r\n\r\n"),
        |connection, _| {
            connection.send(Answer::json("").with_length("64"))?;
            connection.never_answer()
        },
    ),
    Behaviour::errored(
        "never-the-last-byte",
        "sends all of the answer but the last byte",
        TIMEOUT,
        Shows::Silence(b"\"note\": \"hello\""),
        |connection, request| {
            let bytes = Answer::honest(request).bytes();
            connection.send(&bytes[..bytes.len() - 1])?;
            connection.never_answer()
        },
    ),
    Behaviour::errored(
        "never-the-last-chunk",
        "sends all of the answer in a chunk, and never the last chunk",
        TIMEOUT,
        Shows::Silence(b"\"note\": \"hello\"}\r\n"),
        |connection, request| {
            let answer = Answer::honest(request).line("Transfer-Encoding: chunked");
            connection.send([answer.head(), chunk(answer.body())].concat())?;
            connection.never_answer()
        },
    ),
    Behaviour::errored(
        "trickle-status-line",
        "sends the status line at a byte a second",
        TIMEOUT,
        Shows::Trickle(b"HTTP/1."),
        |connection, _| connection.trickle("HTTP/1.", b"1 200 OK"),
    ),
    Behaviour::errored(
        "trickle-headers",
        "sends headers at a byte a second",
        TIMEOUT,
        Shows::Trickle(b"X-Slow: "),
        |connection, _| connection.trickle("HTTP/1.1 200 OK\r\nX-Slow: ", b"slow"),
    ),
    Behaviour::errored(
        "trickle-body",
        "sends the body at a byte a second",
        TIMEOUT,
        Shows::Trickle(b"Content-Length: 10000\r\n\r\n"),
        |connection, _| connection.trickle(Answer::json("").with_length("10000"), b" "),
    ),
    Behaviour::errored(
        "trickle-chunks",
        "sends a chunk's bytes at a byte a second, without end",
        TIMEOUT,
        Shows::Trickle(b"Transfer-Encoding: chunked\r\n\r\n"),
        |connection, _| {
            connection.trickle(Answer::json("").line("Transfer-Encoding: chunked").head(), b"1\r\n \r\n")
        },
    ),
    Behaviour::errored(
        "late-answer",
        "answers honestly, but only after a second and a half",
        TIMEOUT,
        Shows::Bytes(b"\"note\": \"hello\"}"),
        |connection, request| {
            connection.pause(Duration::from_millis(1500))?;
            connection.send_and_keep(Answer::honest(request).bytes())
        },
    ),
    Behaviour::passed(
        "slow-answer",
        "answers honestly after 200 ms",
        Shows::Bytes(b"\"note\": \"hello\"}"),
        |connection, request| {
            connection.pause(Duration::from_millis(200))?;
            connection.send_and_keep(Answer::honest(request).bytes())
        },
    ),
    Behaviour::passed(
        "byte-by-byte",
        "sends an honest answer as one segment a byte",
        Shows::Bytes(b"\"note\": \"hello\"}"),
        |connection, request| {
            for byte in Answer::honest(request).bytes() {
                connection.send([byte])?;
            }
            Ok(After::Keep)
        },
    ),
    Behaviour::passed(
        "early-answer",
        "answers before it has read the request's body",
        Shows::Bytes(b"\"note\": \"hello\"}"),
        |connection, request| connection.send_and_keep(Answer::honest(request).bytes()),
    )
    .early(),
    Behaviour::errored(
        "continue-slowly",
        "sends 100 Continue every 100 ms and never an answer",
        TIMEOUT,
        Shows::Bytes(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"),
        |connection, _| continue_slowly(connection),
    ),
];

fn continue_slowly(connection: &mut Connection) -> std::io::Result<After> {
    loop {
        connection.send("HTTP/1.1 100 Continue\r\n\r\n")?;
        connection.pause(Duration::from_millis(100))?;
    }
}
