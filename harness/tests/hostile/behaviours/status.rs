//! Status lines, and what isn't one.

use crate::hostile::answer::Answer;
use crate::hostile::behaviour::{Behaviour, Cause, Check, Serve, Shows};

const PROTOCOL: &[Cause] = &[Cause::Protocol];
const STATUS: &[Check] = &[Check::Status];

/// An honest answer but for its status line, which breaks the protocol.
const fn broken(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::errored(name, what, PROTOCOL, Shows::Bytes(shows), serve)
}

pub const BEHAVIOURS: &[Behaviour] = &[
    broken(
        "status-line-garbage",
        "sends noise for a status line",
        b"\x00\xff\xfe%$#@!",
        |connection, request| {
            connection.send_and_close(Answer::honest(request).start(b"\x00\xff\xfe%$#@! \x01\x02").bytes())
        },
    ),
    broken("status-99", "answers status 99", b"HTTP/1.1 99 Low", |connection, request| {
        connection.send_and_keep(Answer::honest(request).start("HTTP/1.1 99 Low").bytes())
    }),
    broken("status-1000", "answers status 1000", b"HTTP/1.1 1000 High", |connection, request| {
        connection.send_and_keep(Answer::honest(request).start("HTTP/1.1 1000 High").bytes())
    }),
    broken("status-000", "answers status 000", b"HTTP/1.1 000 None", |connection, request| {
        connection.send_and_keep(Answer::honest(request).start("HTTP/1.1 000 None").bytes())
    }),
    broken("status-negative", "answers status -200", b"HTTP/1.1 -200 OK", |connection, request| {
        connection.send_and_keep(Answer::honest(request).start("HTTP/1.1 -200 OK").bytes())
    }),
    broken(
        "status-letters",
        "answers status 2OO, with letters",
        b"HTTP/1.1 2OO OK",
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).start("HTTP/1.1 2OO OK").bytes())
        },
    ),
    broken(
        "http-0.9",
        "answers as HTTP/0.9 did: a body and nothing else",
        b"{\"id\": ",
        |connection, request| connection.send_and_close(Answer::honest(request).body()),
    ),
    broken(
        "http-2-preface",
        "answers with the preface of HTTP/2",
        b"PRI * HTTP/2.0\r\n\r\nSM",
        |connection, _| connection.send_and_close("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\x04\0\0\0\0\0"),
    ),
    broken(
        "http-2-frame",
        "answers with a SETTINGS frame of HTTP/2",
        b"\0\0\0\x04\0\0\0\0\0",
        |connection, _| connection.send_and_close("\0\0\0\x04\0\0\0\0\0"),
    ),
    broken("http-3.0", "answers as HTTP/3.0", b"HTTP/3.0 200 OK", |connection, request| {
        connection.send_and_keep(Answer::honest(request).start("HTTP/3.0 200 OK").bytes())
    }),
    broken("http-lower-case", "answers as http/1.1", b"http/1.1 200 OK", |connection, request| {
        connection.send_and_keep(Answer::honest(request).start("http/1.1 200 OK").bytes())
    }),
    broken("ssh-banner", "is an SSH server", b"SSH-2.0-", |connection, _| {
        connection.send_and_close("SSH-2.0-Proof_1.0\r\n")
    }),
    broken(
        "cr-only",
        "ends its lines with CR alone",
        b"HTTP/1.1 200 OK\rContent-Type",
        |connection, request| {
            let head = "HTTP/1.1 200 OK\rContent-Type: application/json\rConnection: close\r\r";
            connection.send_and_close([head.as_bytes(), Answer::honest(request).body()].concat())
        },
    ),
    Behaviour::passed(
        "lf-only",
        "ends its lines with LF alone",
        Shows::Bytes(b"HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: "),
        |connection, request| {
            let answer = Answer::honest(request);
            let head = format!(
                "HTTP/1.1 200 OK\nContent-Type: application/json\nContent-Length: {}\n\n",
                answer.body().len()
            );
            connection.send_and_keep([head.as_bytes(), answer.body()].concat())
        },
    ),
    Behaviour::passed(
        "http-1.0",
        "answers as HTTP/1.0, and closes",
        Shows::End(b"HTTP/1.0 200 OK\r\n"),
        |connection, request| {
            connection.send_and_close(Answer::honest(request).start("HTTP/1.0 200 OK").unframed())
        },
    ),
    Behaviour::passed(
        "crlf-before-status-line",
        "sends two empty lines before the status line",
        Shows::Bytes(b"\r\n\r\nHTTP/1.1 200 OK\r\n"),
        |connection, request| {
            connection.send_and_keep([b"\r\n\r\n".to_vec(), Answer::honest(request).bytes()].concat())
        },
    ),
    Behaviour::passed(
        "reason-missing",
        "sends no reason phrase",
        Shows::Bytes(b"HTTP/1.1 200\r\nContent-Type: "),
        |connection, request| connection.send_and_keep(Answer::honest(request).start("HTTP/1.1 200").bytes()),
    ),
    Behaviour::passed(
        "reason-not-utf-8",
        "sends a reason phrase of bytes that aren't UTF-8",
        Shows::Bytes(b"HTTP/1.1 200 \xc4\xe3\xff\xfe\r\n"),
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).start(b"HTTP/1.1 200 \xc4\xe3\xff\xfe").bytes())
        },
    ),
    Behaviour::failed(
        "status-500",
        "answers 500 with an honest body",
        STATUS,
        Shows::Bytes(b"HTTP/1.1 500 Internal"),
        |connection, request| {
            connection
                .send_and_keep(Answer::honest(request).start("HTTP/1.1 500 Internal Server Error").bytes())
        },
    ),
    Behaviour::failed(
        "status-999",
        "answers status 999",
        STATUS,
        Shows::Bytes(b"HTTP/1.1 999 Request denied"),
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).start("HTTP/1.1 999 Request denied").bytes())
        },
    ),
    Behaviour::failed(
        "status-401",
        "asks for a password (which must not be asked of the user)",
        STATUS,
        Shows::Bytes(b"WWW-Authenticate: Basic realm="),
        |connection, request| {
            let answer = Answer::honest(request).start("HTTP/1.1 401 Unauthorized");
            connection.send_and_keep(answer.line("WWW-Authenticate: Basic realm=\"owned\"").bytes())
        },
    ),
    Behaviour::failed(
        "upgrade-101",
        "switches to a protocol that nobody asked for",
        STATUS,
        Shows::Bytes(b"HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade"),
        |connection, _| {
            let head = "HTTP/1.1 101 Switching Protocols\r\nConnection: upgrade\r\nUpgrade: proof\r\n\r\n\0\x01proof";
            connection.send(head)?;
            connection.never_answer()
        },
    ),
    Behaviour::passed(
        "continue-unasked",
        "sends 100 Continue, unasked, before an honest answer",
        Shows::Bytes(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"),
        |connection, request| {
            connection.send("HTTP/1.1 100 Continue\r\n\r\n")?;
            connection.send_and_keep(Answer::honest(request).bytes())
        },
    ),
    Behaviour::passed(
        "continue-flood",
        "sends 100 Continue 1,000 times before an honest answer",
        Shows::Bytes(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 200 OK\r\n"),
        |connection, request| {
            connection.send("HTTP/1.1 100 Continue\r\n\r\n".repeat(1000))?;
            connection.send_and_keep(Answer::honest(request).bytes())
        },
    ),
    Behaviour::passed(
        "informational-flood",
        "sends 102, 103 and 199 a hundred times with headers before an honest answer",
        Shows::Bytes(b"HTTP/1.1 199 \r\nX-Info: 199\r\n\r\nHTTP/1.1 200 OK\r\n"),
        |connection, request| {
            let round: String =
                [102, 103, 199].map(|code| format!("HTTP/1.1 {code} \r\nX-Info: {code}\r\n\r\n")).concat();
            connection.send(round.repeat(100))?;
            connection.send_and_keep(Answer::honest(request).bytes())
        },
    ),
];
