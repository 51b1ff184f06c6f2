//! Ends of the connection where no end should be, and none where one should be.

use std::time::Duration;

use crate::hostile::answer::{Answer, chunk};
use crate::hostile::behaviour::{After, Behaviour, Cause, Reuse, Shows};

/// Long enough for the client to read what came before a reset, which would otherwise take it along.
const READ_TIME: Duration = Duration::from_millis(50);

const CLOSED: &[Cause] = &[Cause::Closed];

pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour::errored(
        "close-after-request",
        "closes instead of answering",
        CLOSED,
        Shows::End(b""),
        |_, _| Ok(After::Close),
    ),
    Behaviour::errored(
        "reset-after-request",
        "resets instead of answering",
        CLOSED,
        Shows::Reset(b""),
        |_, _| Ok(After::Reset),
    ),
    Behaviour::errored(
        "close-mid-status-line",
        "closes in the middle of the status line",
        CLOSED,
        Shows::End(b"HTTP/1.1 20"),
        |connection, _| connection.send_and_close("HTTP/1.1 20"),
    ),
    Behaviour::errored(
        "close-mid-headers",
        "closes in the middle of a header",
        CLOSED,
        Shows::End(b"\r\nContent-Le"),
        |connection, _| {
            connection.send_and_close("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Le")
        },
    ),
    Behaviour::errored(
        "close-before-body",
        "closes after the head, though a body is promised",
        CLOSED,
        Shows::End(b"Content-Length: 64\r\n\r\n"),
        |connection, _| connection.send_and_close(Answer::json("").with_length("64")),
    ),
    Behaviour::errored(
        "close-mid-body",
        "closes before the body is as long as its Content-Length",
        CLOSED,
        Shows::End(b"\"note\": \"hello\"}"),
        |connection, request| {
            let answer = Answer::honest(request);
            connection.send_and_close(answer.with_length(&(answer.body().len() + 1).to_string()))
        },
    ),
    Behaviour::errored(
        "reset-mid-headers",
        "resets in the middle of the head",
        CLOSED,
        Shows::Reset(b"\r\nContent-Le"),
        |connection, _| {
            connection.send("HTTP/1.1 200 OK\r\nContent-Le")?;
            connection.pause(READ_TIME)?;
            Ok(After::Reset)
        },
    ),
    Behaviour::errored(
        "reset-mid-body",
        "resets in the middle of the body",
        CLOSED,
        Shows::Reset(b"\"note\": \"hello\"}"),
        |connection, request| {
            let answer = Answer::honest(request);
            connection.send(answer.with_length("1000"))?;
            connection.pause(READ_TIME)?;
            Ok(After::Reset)
        },
    ),
    Behaviour::errored(
        "close-mid-chunk",
        "closes in the middle of a chunk",
        CLOSED,
        Shows::End(b"\r\n400\r\n{\"id\": "),
        |connection, request| {
            let answer = Answer::honest(request).line("Transfer-Encoding: chunked");
            connection.send_and_close([answer.head().as_slice(), b"400\r\n", answer.body()].concat())
        },
    ),
    Behaviour::errored(
        "close-in-chunk-size",
        "closes in the middle of a chunk's size",
        CLOSED,
        Shows::End(b"chunked\r\n\r\n4"),
        |connection, request| {
            let answer = Answer::honest(request).line("Transfer-Encoding: chunked");
            connection.send_and_close([answer.head().as_slice(), b"4"].concat())
        },
    ),
    Behaviour::errored(
        "close-before-last-chunk",
        "sends the whole answer in a chunk and closes without the last chunk",
        CLOSED,
        Shows::End(b"\"note\": \"hello\"}\r\n"),
        |connection, request| {
            let answer = Answer::honest(request).line("Transfer-Encoding: chunked");
            connection.send_and_close([answer.head(), chunk(answer.body())].concat())
        },
    ),
    Behaviour::errored(
        "close-in-last-chunk",
        "closes between the last chunk's size and its empty line",
        CLOSED,
        Shows::End(b"}\r\n0\r\n"),
        |connection, request| {
            let answer = Answer::honest(request).line("Transfer-Encoding: chunked");
            connection.send_and_close([answer.head(), chunk(answer.body()), b"0\r\n".to_vec()].concat())
        },
    ),
    Behaviour::passed(
        "no-length-and-closes",
        "frames the body by the end of the connection",
        Shows::End(b"application/json\r\n\r\n{\"id\": "),
        |connection, request| connection.send_and_close(Answer::honest(request).unframed()),
    ),
    Behaviour::errored(
        "no-length-and-stays",
        "frames the body by the end of the connection, and never ends it",
        &[Cause::Timeout],
        Shows::Silence(b"application/json\r\nConnection: close\r\n\r\n{\"id\": "),
        |connection, request| {
            connection.send(Answer::honest(request).line("Connection: close").unframed())?;
            connection.never_answer()
        },
    ),
    Behaviour::passed(
        "says-close-and-stays",
        "says Connection: close, and leaves the connection open",
        Shows::Silence(b"Connection: close\r\nContent-Length: "),
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line("Connection: close").bytes())
        },
    ),
    Behaviour::passed(
        "says-keep-alive-and-closes",
        "says Connection: keep-alive, and closes after the answer",
        Shows::End(b"Connection: keep-alive\r\n"),
        |connection, request| {
            connection.send_and_close(Answer::honest(request).line("Connection: keep-alive").bytes())
        },
    )
    .reuse(Reuse::NeedsRetry),
    Behaviour::passed(
        "reset-after-answer",
        "resets the kept connection a moment after a good answer",
        Shows::Reset(b"\"note\": \"hello\"}"),
        |connection, request| {
            connection.send(Answer::honest(request).bytes())?;
            connection.pause(READ_TIME)?;
            Ok(After::Reset)
        },
    )
    .reuse(Reuse::NeedsRetry),
    Behaviour::passed(
        "close-on-next-request",
        "answers well, then closes the kept connection as the next request arrives",
        Shows::Silence(b"\"note\": \"hello\"}"),
        |connection, request| {
            connection.send(Answer::honest(request).bytes())?;
            connection.wait_for_bytes()?;
            Ok(After::Close)
        },
    )
    .reuse(Reuse::NeedsRetry),
    Behaviour::passed(
        "deaf-after-answer",
        "answers well, then keeps the connection and never answers on it again",
        Shows::Silence(b"\"note\": \"hello\"}"),
        |connection, request| {
            connection.send(Answer::honest(request).bytes())?;
            connection.never_answer()
        },
    )
    .reuse(Reuse::NeedsFreshConnection),
];
