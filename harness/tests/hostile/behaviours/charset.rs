//! Bytes in one charset under the name of another.

use crate::hostile::answer::{Answer, json};
use crate::hostile::behaviour::{Behaviour, Cause, Check, Serve, Shows};
use crate::hostile::request::Request;

/// An answer whose charset is wrong, or not what its bytes are.
const fn mislabelled(
    name: &'static str,
    what: &'static str,
    shows: &'static [u8],
    serve: Serve,
) -> Behaviour {
    Behaviour::failed(name, what, &[Check::Charset], Shows::Bytes(shows), serve)
}

/// The same where a reader may also find that the bytes are no JSON.
const fn unreadable(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::failed(name, what, &[Check::Charset, Check::WellFormed], Shows::Bytes(shows), serve)
}

pub const BEHAVIOURS: &[Behaviour] = &[
    unreadable("gbk-as-utf-8", "labels GBK as UTF-8", b"charset=UTF-8\r\n", |connection, request| {
        connection.send_and_keep(labelled(
            request,
            "application/json; charset=UTF-8",
            b"\"\xc4\xe3\xba\xc3\"",
        ))
    }),
    unreadable(
        "gbk-unlabelled",
        "sends GBK under a JSON label without charset",
        b"\"\xc4\xe3\xba\xc3\"}",
        |connection, request| {
            connection.send_and_keep(labelled(request, "application/json", b"\"\xc4\xe3\xba\xc3\""))
        },
    ),
    mislabelled("utf-8-as-gbk", "labels UTF-8 as GBK", b"charset=GBK\r\n", |connection, request| {
        connection.send_and_keep(labelled(request, "application/json; charset=GBK", "\"你好\"".as_bytes()))
    }),
    mislabelled(
        "charset-unknown",
        "names a charset that nobody knows",
        b"charset=x-owned\r\n",
        |connection, request| {
            connection.send_and_keep(labelled(request, "application/json; charset=x-owned", b"\"hello\""))
        },
    ),
    mislabelled("charset-empty", "names an empty charset", b"charset=\r\n", |connection, request| {
        connection.send_and_keep(labelled(request, "application/json; charset=", b"\"hello\""))
    }),
    mislabelled(
        "charset-twice",
        "names two charsets",
        b"charset=utf-8; charset=gbk\r\n",
        |connection, request| {
            connection.send_and_keep(labelled(
                request,
                "application/json; charset=utf-8; charset=gbk",
                b"\"hello\"",
            ))
        },
    ),
    Behaviour::errored(
        "charset-escape",
        "sends a terminal escape in the charset's name",
        &[Cause::Protocol],
        Shows::Bytes(b"charset=\x1b]0;owned\x07\r\n"),
        |connection, request| {
            connection.send_and_keep(labelled(
                request,
                "application/json; charset=\x1b]0;owned\x07",
                b"\"hello\"",
            ))
        },
    ),
    mislabelled(
        "charset-c1",
        "sends C1 controls in the charset's name",
        b"charset=\"\xc2\x9b2J\"\r\n",
        |connection, request| {
            connection.send_and_keep(labelled(
                request,
                "application/json; charset=\"\u{9b}2J\"",
                b"\"hello\"",
            ))
        },
    ),
    mislabelled(
        "charset-markup",
        "sends markup in the charset's name",
        b"charset=\"</script>",
        |connection, request| {
            let label = "application/json; charset=\"</script><img src=x onerror=alert(1)>\"";
            connection.send_and_keep(labelled(request, label, b"\"hello\""))
        },
    ),
    unreadable("utf-7", "hides a script in UTF-7", b"charset=utf-7\r\n", |connection, request| {
        connection.send_and_keep(labelled(
            request,
            "application/json; charset=utf-7",
            b"\"+ADw-script+AD4-\"",
        ))
    }),
    unreadable(
        "iso-2022-jp",
        "hides quotes behind the shifts of ISO-2022-JP",
        b"\"\x1b$B$\"\x1b(B\"}",
        |connection, request| {
            connection.send_and_keep(labelled(
                request,
                "application/json; charset=iso-2022-jp",
                b"\"\x1b$B$\"\x1b(B\"",
            ))
        },
    ),
    unreadable(
        "utf-16",
        "sends UTF-16 and doesn't say so",
        b"\r\n\r\n\xff\xfe{\0\"\0i\0d\0",
        |connection, request| {
            let honest = String::from_utf8_lossy(Answer::honest(request).body()).into_owned();
            let body = std::iter::once(0xfeff).chain(honest.encode_utf16()).flat_map(u16::to_le_bytes);
            connection.send_and_keep(Answer::json(body.collect::<Vec<u8>>()).bytes())
        },
    ),
    unreadable(
        "invalid-utf-8",
        "sends bytes that no charset explains",
        b"\"\xff\xfe\xc0\xaf\xed\xa0\x80\"}",
        |connection, request| {
            connection.send_and_keep(labelled(
                request,
                "application/json",
                b"\"\xff\xfe\xc0\xaf\xed\xa0\x80\"",
            ))
        },
    ),
    unreadable(
        "cut-utf-8",
        "ends a string in the middle of a character",
        b"\"\xe4\xbd\"}",
        |connection, request| {
            connection.send_and_keep(labelled(request, "application/json", b"\"\xe4\xbd\""))
        },
    ),
    unreadable(
        "byte-order-mark",
        "sends a byte order mark before its JSON",
        b"\r\n\r\n\xef\xbb\xbf{\"id\": ",
        |connection, request| {
            connection.send_and_keep(
                Answer::json([b"\xef\xbb\xbf", Answer::honest(request).body()].concat()).bytes(),
            )
        },
    ),
    mislabelled(
        "replacement-characters",
        "sends U+FFFD where its own decoding failed",
        b"\"\xef\xbf\xbd\xef\xbf\xbd",
        |connection, request| {
            connection.send_and_keep(labelled(
                request,
                "application/json",
                "\"\u{fffd}\u{fffd}\u{fffd}\"".as_bytes(),
            ))
        },
    ),
];

/// The honest JSON with another content type and note.
fn labelled(request: &Request, content_type: &str, note: &[u8]) -> Vec<u8> {
    Answer::typed(content_type, json(request, "\"ok\"", note)).bytes()
}
