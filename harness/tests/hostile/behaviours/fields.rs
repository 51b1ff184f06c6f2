//! Header fields that aren't, and fields that a client must not obey.

use crate::hostile::answer::Answer;
use crate::hostile::behaviour::{Behaviour, Cause, Check, Serve, Shows};

const PROTOCOL: &[Cause] = &[Cause::Protocol];
const TYPE: &[Check] = &[Check::ContentType];

/// An honest answer with a field that breaks the protocol.
const fn broken(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::errored(name, what, PROTOCOL, Shows::Bytes(shows), serve)
}

/// An honest body with a content type that is wrong.
const fn mistyped(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::failed(name, what, TYPE, Shows::Bytes(shows), serve)
}

/// An honest answer with a field that changes nothing.
const fn harmless(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::passed(name, what, Shows::Bytes(shows), serve)
}

pub const BEHAVIOURS: &[Behaviour] = &[
    broken(
        "field-name-invalid",
        "sends a field name with a parenthesis",
        b"\r\nX(Bad): 1\r\n",
        |connection, request| connection.send_and_keep(Answer::honest(request).line("X(Bad): 1").bytes()),
    ),
    broken(
        "field-name-empty",
        "sends a field without a name",
        b"\r\n: nameless\r\n",
        |connection, request| connection.send_and_keep(Answer::honest(request).line(": nameless").bytes()),
    ),
    broken(
        "field-name-not-ascii",
        "sends a field name that isn't ASCII",
        b"\r\nX-\xc3\xa9: 1\r\n",
        |connection, request| connection.send_and_keep(Answer::honest(request).line("X-\u{e9}: 1").bytes()),
    ),
    broken(
        "field-without-colon",
        "sends a field without a colon",
        b"\r\nno colon here\r\n",
        |connection, request| connection.send_and_keep(Answer::honest(request).line("no colon here").bytes()),
    ),
    broken(
        "field-space-before-colon",
        "puts a space before the colon",
        b"\r\nX-Space : 1\r\n",
        |connection, request| connection.send_and_keep(Answer::honest(request).line("X-Space : 1").bytes()),
    ),
    broken(
        "field-folded",
        "folds a field over two lines, as HTTP no longer allows",
        b"one\r\n two\r\n",
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line("X-Folded: one\r\n two").bytes())
        },
    ),
    broken("field-with-nul", "sends NUL in a field", b"X-Nul: a\0b\r\n", |connection, request| {
        connection.send_and_keep(Answer::honest(request).line("X-Nul: a\0b").bytes())
    }),
    broken(
        "field-with-bare-cr",
        "sends a lone CR in a field",
        b"X-Cr: a\rX-Hidden: b\r\n",
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line("X-Cr: a\rX-Hidden: b").bytes())
        },
    ),
    harmless(
        "field-not-utf-8",
        "sends bytes that aren't UTF-8 in a field",
        b"X-Bytes: \xc4\xe3\xff\xfe\r\n",
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line(b"X-Bytes: \xc4\xe3\xff\xfe").bytes())
        },
    ),
    harmless("field-empty", "sends a field without a value", b"\r\nX-Empty:\r\n", |connection, request| {
        connection.send_and_keep(Answer::honest(request).line("X-Empty:").bytes())
    }),
    harmless(
        "field-repeated",
        "sends a field in 60 lines",
        b"X-Again: 58\r\nX-Again: 59\r\n",
        |connection, request| {
            let answer = (0..60)
                .fold(Answer::honest(request), |answer, number| answer.line(format!("X-Again: {number}")));
            connection.send_and_keep(answer.bytes())
        },
    ),
    mistyped(
        "type-missing",
        "sends no Content-Type",
        b"HTTP/1.1 200 OK\r\nContent-Length: ",
        |connection, request| connection.send_and_keep(Answer::bare(Answer::honest(request).body()).bytes()),
    ),
    mistyped("type-empty", "sends an empty Content-Type", b"Content-Type: \r\n", |connection, request| {
        connection.send_and_keep(Answer::typed("", Answer::honest(request).body()).bytes())
    }),
    mistyped(
        "type-malformed",
        "sends a Content-Type that isn't one",
        b"Content-Type: ;;/=json;\r\n",
        |connection, request| {
            connection.send_and_keep(Answer::typed(";;/=json;", Answer::honest(request).body()).bytes())
        },
    ),
    mistyped(
        "type-not-utf-8",
        "sends a Content-Type of bytes that aren't UTF-8",
        b"application/\xff\xfe\r\n",
        |connection, request| {
            connection
                .send_and_keep(Answer::typed(b"application/\xff\xfe", Answer::honest(request).body()).bytes())
        },
    ),
    mistyped(
        "type-html",
        "says that its JSON is HTML",
        b"Content-Type: text/html\r\n",
        |connection, request| {
            connection.send_and_keep(Answer::typed("text/html", Answer::honest(request).body()).bytes())
        },
    ),
    mistyped(
        "type-twice",
        "sends two different Content-Types",
        b"Content-Type: text/html\r\n",
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line("Content-Type: text/html").bytes())
        },
    ),
    mistyped(
        "type-list",
        "sends a list of Content-Types",
        b"application/json, text/html\r\n",
        |connection, request| {
            connection.send_and_keep(
                Answer::typed("application/json, text/html", Answer::honest(request).body()).bytes(),
            )
        },
    ),
    mistyped(
        "type-long",
        "sends a Content-Type of 60 KB",
        b"Content-Type: application/aaaa",
        |connection, request| {
            let long = format!("application/{}", "a".repeat(60_000));
            connection.send_and_keep(Answer::typed(long, Answer::honest(request).body()).bytes())
        },
    ),
    harmless(
        "type-upper-case",
        "shouts its Content-Type",
        b"APPLICATION/JSON ; CHARSET=\"UTF-8\"",
        |connection, request| {
            let body = Answer::honest(request);
            connection
                .send_and_keep(Answer::typed("APPLICATION/JSON ; CHARSET=\"UTF-8\"", body.body()).bytes())
        },
    ),
    harmless(
        "alt-svc",
        "names another host as its alternative",
        b"Alt-Svc: h2=\"127.0.0.",
        |connection, request| {
            let line = format!("Alt-Svc: h2=\"{}\"; ma=86400", connection.neighbours.other_host);
            connection.send_and_keep(Answer::honest(request).line(line).bytes())
        },
    ),
    harmless(
        "refresh",
        "wants the page loaded from another host",
        b"Refresh: 0; url=http://127.0.0.",
        |connection, request| {
            let line = format!("Refresh: 0; url=http://{}/", connection.neighbours.other_host);
            connection.send_and_keep(Answer::honest(request).line(line).bytes())
        },
    ),
    harmless(
        "link-preload",
        "wants a link loaded from another host",
        b"Link: <http://127.0.0.",
        |connection, request| {
            let line = format!("Link: <http://{}/x>; rel=preload", connection.neighbours.other_host);
            connection.send_and_keep(Answer::honest(request).line(line).bytes())
        },
    ),
    harmless(
        "location-with-200",
        "sends Location to another host with status 200",
        b"Location: http://127.0.0.",
        |connection, request| {
            let line = format!("Location: http://{}/", connection.neighbours.other_host);
            connection.send_and_keep(Answer::honest(request).line(line).bytes())
        },
    ),
    harmless(
        "cookie-for-everybody",
        "sets a cookie for other hosts",
        b"Set-Cookie: owned=1; Domain=",
        |connection, request| {
            let line = "Set-Cookie: owned=1; Domain=0.0.1; Path=/; Max-Age=999999999999999999999999";
            connection.send_and_keep(Answer::honest(request).line(line).bytes())
        },
    ),
];
