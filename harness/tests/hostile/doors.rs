//! The table of doors.

use std::time::Duration;

use super::answer::Answer;
use super::behaviour::{After, Cause, Expect};
use super::door::{Door, DoorKind};
use super::request::Request;

/// All of them.
pub fn doors() -> &'static [Door] {
    DOORS
}

static DOORS: &[Door] = &[
    Door {
        name: "refused",
        what: "refuses the connection",
        expect: Expect::Errored(&[Cause::Connect]),
        scheme: "http",
        kind: DoorKind::Refuses,
    },
    Door {
        name: "unanswered-connect",
        what: "never accepts: the connection is neither made nor refused",
        expect: Expect::Errored(&[Cause::Connect, Cause::Timeout]),
        scheme: "http",
        kind: DoorKind::Swallows,
    },
    Door {
        name: "close-at-accept",
        what: "closes every connection as soon as it is made",
        expect: Expect::Errored(&[Cause::Closed]),
        scheme: "http",
        kind: DoorKind::Accepts(|_| Ok(After::Close)),
    },
    Door {
        name: "reset-at-accept",
        what: "resets every connection as soon as it is made",
        expect: Expect::Errored(&[Cause::Closed, Cause::Connect]),
        scheme: "http",
        kind: DoorKind::Accepts(|_| Ok(After::Reset)),
    },
    Door {
        name: "silent",
        what: "makes the connection and never sends a byte",
        expect: Expect::Errored(&[Cause::Timeout]),
        scheme: "http",
        kind: DoorKind::Accepts(|connection| connection.never_answer()),
    },
    Door {
        name: "answer-before-request",
        what: "sends a well-formed answer before any request",
        // Whether the bytes or the request are first decides what the client makes of them.
        expect: Expect::NotPassed,
        scheme: "http",
        kind: DoorKind::Accepts(|connection| {
            connection.send(Answer::honest(&Request::default()).bytes())?;
            connection.never_answer()
        }),
    },
    Door {
        name: "slow-accept",
        what: "makes the connection and answers honestly, but only after 200 ms",
        expect: Expect::Passed,
        scheme: "http",
        kind: DoorKind::Accepts(|connection| {
            connection.pause(Duration::from_millis(200))?;
            while let Some(mut request) = connection.read_head()? {
                connection.read_body(&mut request)?;
                connection.send(Answer::honest(&request).bytes())?;
            }
            Ok(After::Close)
        }),
    },
    Door {
        name: "plain-http-on-https",
        what: "speaks plain HTTP where TLS was agreed on",
        expect: Expect::Errored(&[Cause::Tls, Cause::Connect]),
        scheme: "https",
        kind: DoorKind::Accepts(|connection| {
            connection.wait_for_bytes()?;
            connection.send(Answer::bare("plain").start("HTTP/1.1 400 Bad Request").bytes())?;
            connection.never_answer()
        }),
    },
    Door {
        name: "tls-alert",
        what: "answers the TLS hello with a fatal alert, handshake_failure",
        expect: Expect::Errored(&[Cause::Tls, Cause::Connect]),
        scheme: "https",
        kind: DoorKind::Accepts(|connection| {
            connection.wait_for_bytes()?;
            // RFC 8446 section 6: alert record, TLS 1.2, two bytes, fatal, handshake_failure.
            connection.send([0x15, 3, 3, 0, 2, 2, 40])?;
            connection.never_answer()
        }),
    },
    Door {
        name: "tls-silent",
        what: "never answers the TLS hello",
        expect: Expect::Errored(&[Cause::Timeout, Cause::Tls, Cause::Connect]),
        scheme: "https",
        kind: DoorKind::Accepts(|connection| connection.never_answer()),
    },
];
