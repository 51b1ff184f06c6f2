//! Terminal escapes, controls, and characters that hide or turn text around.

use crate::hostile::answer::{Answer, json_string, with_note, with_status};
use crate::hostile::behaviour::{Behaviour, Cause, Check, Serve, Shows};
use crate::hostile::behaviours::markup::with_key;
use crate::hostile::behaviours::payload::{BIDI, C1, CONTROLS, ESCAPES, LINE_ENDS, NONCHARACTERS};

/// Well-formed and wrong: a finding shows the value.
const fn shown(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::failed(name, what, &[Check::Schema], Shows::Bytes(shows), serve)
}

/// Not HTTP: the client's message may show it.
const fn refused(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::errored(name, what, &[Cause::Protocol], Shows::Bytes(shows), serve)
}

pub const BEHAVIOURS: &[Behaviour] = &[
    shown(
        "escapes-in-status",
        "sends terminal escapes, escaped, in a wrong value",
        b"\"\\u001b]0;owned",
        |connection, request| connection.send_and_keep(with_status(request, json_string(ESCAPES)).bytes()),
    ),
    Behaviour::passed(
        "escapes-in-note",
        "sends terminal escapes, escaped, in a right value",
        Shows::Bytes(b"\"note\": \"\\u001b]0;owned"),
        |connection, request| connection.send_and_keep(with_note(request, json_string(ESCAPES)).bytes()),
    ),
    Behaviour::passed(
        "escapes-in-key",
        "sends terminal escapes, escaped, for an undocumented key",
        Shows::Bytes(b"{\"\\u001b]0;owned"),
        |connection, request| connection.send_and_keep(with_key(request, ESCAPES).bytes()),
    ),
    Behaviour::failed(
        "escapes-raw",
        "sends terminal escapes as bytes in JSON",
        &[Check::WellFormed],
        Shows::Bytes(b"\"note\": \"\x1b]0;owned\x07\x1b[2J"),
        |connection, request| connection.send_and_keep(with_note(request, format!("\"{ESCAPES}\"")).bytes()),
    ),
    Behaviour::failed(
        "escapes-for-body",
        "sends terminal escapes for a body",
        &[Check::WellFormed],
        Shows::Bytes(b"\r\n\r\n\x1b]0;owned\x07\x1b[2J"),
        |connection, _| connection.send_and_keep(Answer::json(ESCAPES).bytes()),
    ),
    refused(
        "escapes-in-field",
        "sends terminal escapes in a header field",
        b"X-Note: \x1b]0;owned",
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line(format!("X-Note: {ESCAPES}")).bytes())
        },
    ),
    refused(
        "escapes-in-field-name",
        "sends terminal escapes for a field's name",
        b"\r\n\x1b[2J: 1\r\n",
        |connection, request| connection.send_and_keep(Answer::honest(request).line("\x1b[2J: 1").bytes()),
    ),
    refused(
        "escapes-in-reason",
        "sends terminal escapes for a reason phrase",
        b"HTTP/1.1 200 \x1b]0;owned",
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).start(format!("HTTP/1.1 200 {ESCAPES}")).bytes())
        },
    ),
    refused(
        "escapes-in-status-line",
        "sends terminal escapes for a status line",
        b"\x1b]0;owned\x07\x1b[2J",
        |connection, request| connection.send_and_keep(Answer::honest(request).start(ESCAPES).bytes()),
    ),
    shown(
        "c1-in-status",
        "sends C1 controls in a wrong value",
        b"\"\xc2\x9b2J\xc2\x9d0;owned",
        |connection, request| connection.send_and_keep(with_status(request, json_string(C1)).bytes()),
    ),
    Behaviour::passed(
        "c1-in-field",
        "sends C1 controls in a header field, as UTF-8 and as bytes",
        Shows::Bytes(b"\xc2\x85owned\x9b2J\r\n"),
        |connection, request| {
            let line = [b"X-Note: ", C1.as_bytes(), b"\x9b2J"].concat();
            connection.send_and_keep(Answer::honest(request).line(line).bytes())
        },
    ),
    Behaviour::failed(
        "c1-in-reason",
        "sends C1 controls for a reason phrase",
        &[Check::Status],
        Shows::Bytes(b"HTTP/1.1 500 \xc2\x9b2J"),
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).start(format!("HTTP/1.1 500 {C1}")).bytes())
        },
    ),
    shown(
        "controls-in-status",
        "sends backspaces, DEL and a carriage return in a wrong value",
        b"\\u0008\\u0008\\u000b",
        |connection, request| connection.send_and_keep(with_status(request, json_string(CONTROLS)).bytes()),
    ),
    refused("del-in-field", "sends DEL in a header field", b"X-Note: a\x7fb\r\n", |connection, request| {
        connection.send_and_keep(Answer::honest(request).line("X-Note: a\x7fb").bytes())
    }),
    shown(
        "bidi-in-status",
        "turns the direction of a wrong value around",
        b"\"status\": \"\xe2\x80\xaecilbup",
        |connection, request| connection.send_and_keep(with_status(request, json_string(BIDI)).bytes()),
    ),
    Behaviour::passed(
        "bidi-in-field",
        "turns the direction of a header field around",
        Shows::Bytes(b"X-Note: \xe2\x80\xaecilbup"),
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line(format!("X-Note: {BIDI}")).bytes())
        },
    ),
    shown(
        "noncharacters-in-status",
        "sends U+FFFE and its like in a wrong value",
        b"\"status\": \"\xef\xbf\xbe\xef\xbf\xbf",
        |connection, request| {
            connection.send_and_keep(with_status(request, json_string(NONCHARACTERS)).bytes())
        },
    ),
    shown(
        "nul-in-status",
        "sends an escaped NUL in a wrong value",
        b"\"status\": \"o\\u0000k\"",
        |connection, request| connection.send_and_keep(with_status(request, "\"o\\u0000k\"").bytes()),
    ),
    shown(
        "line-ends-in-status",
        "sends U+2028, U+2029 and NEL in a wrong value",
        b"\"status\": \"\xe2\x80\xa8owned",
        |connection, request| connection.send_and_keep(with_status(request, json_string(LINE_ENDS)).bytes()),
    ),
    shown(
        "combining-in-status",
        "piles 10,000 accents on one letter",
        b"\"status\": \"o\xcc\x81\xcc\x81",
        |connection, request| {
            connection
                .send_and_keep(with_status(request, format!("\"o{}k\"", "\u{301}".repeat(10_000))).bytes())
        },
    ),
];
