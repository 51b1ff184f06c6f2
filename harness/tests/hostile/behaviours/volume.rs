//! More than anybody asked for.

use crate::hostile::answer::{Answer, chunk, json, with_note, with_status};
use crate::hostile::behaviour::{Behaviour, Cause, Check, Shows};

/// A client may be told "too much" by its limit on heads or find no HTTP in what fits.
const HEAD: &[Cause] = &[Cause::TooLarge, Cause::Protocol];
const BODY: &[Cause] = &[Cause::TooLarge];

const CHUNKED: &str =
    "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nTransfer-Encoding: chunked\r\n\r\n";

pub const BEHAVIOURS: &[Behaviour] = &[
    Behaviour::errored(
        "endless-status-line",
        "sends a reason phrase without end",
        HEAD,
        Shows::Flood(b"HTTP/1.1 200 OK OK OK"),
        |connection, _| connection.send_forever("HTTP/1.1 200", b" OK"),
    ),
    Behaviour::errored(
        "endless-headers",
        "sends headers without end",
        HEAD,
        Shows::Flood(b"X-More: more\r\nX-More: more\r\n"),
        |connection, _| connection.send_forever("HTTP/1.1 200 OK\r\n", b"X-More: more\r\n"),
    ),
    Behaviour::errored(
        "endless-header-line",
        "sends one header without end",
        HEAD,
        Shows::Flood(b"X-Long: aaaa"),
        |connection, _| connection.send_forever("HTTP/1.1 200 OK\r\nX-Long: ", b"a"),
    ),
    Behaviour::errored(
        "headers-100000",
        "sends 100,000 headers before an honest body",
        HEAD,
        Shows::Flood(b"X-More: more more more\r\nX-More:"),
        |connection, request| {
            let lines = "X-More: more more more\r\n".repeat(100_000);
            let answer = Answer::honest(request);
            connection.send([answer.open_head(), lines.into_bytes()].concat())?;
            connection.send_and_close([b"\r\n", answer.body()].concat())
        },
    ),
    Behaviour::errored(
        "header-10mb",
        "sends one header of 10 MB before an honest body",
        HEAD,
        Shows::Flood(b"X-Long: aaaa"),
        |connection, request| connection.send_and_close(Answer::honest(request).line(long_header()).bytes()),
    ),
    Behaviour::errored(
        "set-cookie-flood",
        "sets 50,000 cookies",
        HEAD,
        Shows::Flood(b"Set-Cookie: c49999="),
        |connection, request| {
            // The last one first, so that the start of the flood shows how long it is.
            let answer = (0..50_000).rev().fold(Answer::honest(request), |answer, number| {
                answer.line(format!("Set-Cookie: c{number}={}; Path=/", "x".repeat(40)))
            });
            connection.send_and_keep(answer.bytes())
        },
    ),
    Behaviour::passed(
        "set-cookie-many",
        "sets 80 cookies of 1 KB with an honest answer",
        Shows::Bytes(b"Set-Cookie: c79=xxx"),
        |connection, request| {
            let answer = (0..80).fold(Answer::honest(request), |answer, number| {
                answer.line(format!("Set-Cookie: c{number}={}; Path=/", "x".repeat(1000)))
            });
            connection.send_and_keep(answer.bytes())
        },
    ),
    Behaviour::errored(
        "endless-body",
        "sends a body without Content-Length and without end",
        BODY,
        Shows::Flood(b"application/json\r\n\r\n    "),
        |connection, _| connection.send_forever(Answer::json("").head(), b" "),
    ),
    Behaviour::errored(
        "endless-body-with-length",
        "promises a body of 9 exabytes and sends it",
        BODY,
        Shows::Flood(b"Content-Length: 9000000000000000000\r\n\r\n    "),
        |connection, _| connection.send_forever(Answer::json("").with_length("9000000000000000000"), b" "),
    ),
    Behaviour::errored(
        "huge-length-and-silence",
        "promises a body of 9 exabytes and sends none of it",
        &[Cause::TooLarge, Cause::Timeout],
        Shows::Silence(b"Content-Length: 9000000000000000000\r\n\r\n"),
        |connection, _| {
            connection.send(Answer::json("").with_length("9000000000000000000"))?;
            connection.never_answer()
        },
    ),
    Behaviour::errored(
        "endless-chunks",
        "sends chunks without end",
        BODY,
        Shows::Flood(b"\r\n\r\n100\r\n    "),
        |connection, _| connection.send_forever(CHUNKED, &chunk(&[b' '; 256])),
    ),
    Behaviour::errored(
        "endless-chunk-size",
        "writes a chunk's size without end",
        &[Cause::TooLarge, Cause::Protocol, Cause::Timeout],
        Shows::Flood(b"chunked\r\n\r\n0000"),
        |connection, _| connection.send_forever_slowly(CHUNKED, b"0"),
    ),
    Behaviour::errored(
        "endless-chunk-extension",
        "writes a chunk's extension without end",
        HEAD,
        Shows::Flood(b"chunked\r\n\r\n1;aaaa"),
        |connection, _| connection.send_forever([CHUNKED, "1;"].concat(), b"a"),
    ),
    Behaviour::errored(
        "endless-trailers",
        "sends trailers without end after an honest body",
        HEAD,
        Shows::Flood(b"}\r\n0\r\nX-More: more\r\nX-More: more\r\n"),
        |connection, request| {
            let whole = Answer::honest(request).chunked();
            connection.send_forever(&whole[..whole.len() - 2], b"X-More: more\r\n")
        },
    ),
    Behaviour::errored(
        "continue-flood-forever",
        "sends 100 Continue without end",
        &[Cause::Timeout, Cause::TooLarge, Cause::Protocol],
        Shows::Flood(b"HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 100 Continue\r\n\r\n"),
        |connection, _| connection.send_forever_slowly("", b"HTTP/1.1 100 Continue\r\n\r\n"),
    ),
    Behaviour::errored(
        "body-3mb",
        "answers well, with a note of 3 MB",
        BODY,
        Shows::Flood(b"\"note\": \"aaaa"),
        |connection, request| connection.send_and_keep(with_note(request, quoted(3 << 20)).bytes()),
    ),
    Behaviour::errored(
        "spaces-50mb",
        "sends 50 MB of spaces before an honest body",
        BODY,
        Shows::Flood(b"\r\n\r\n    "),
        |connection, request| {
            let answer = Answer::honest(request);
            let length = (50 << 20) + answer.body().len();
            connection.send(Answer::json("").with_length(&length.to_string()))?;
            let spaces = vec![b' '; 1 << 20];
            (0..50).try_for_each(|_| connection.send(&spaces))?;
            connection.send_and_keep(answer.body())
        },
    ),
    Behaviour::passed(
        "note-1mb",
        "answers well, with a note of 1 MB",
        Shows::Bytes(b"\"note\": \"aaaa"),
        |connection, request| connection.send_and_keep(with_note(request, quoted(1 << 20)).bytes()),
    ),
    Behaviour::failed(
        "status-1mb",
        "answers a status that is 1 MB long",
        &[Check::Schema],
        Shows::Bytes(b"\"status\": \"aaaa"),
        |connection, request| connection.send_and_keep(with_status(request, quoted(1 << 20)).bytes()),
    ),
    Behaviour::passed(
        "fields-100000",
        "answers with 100,000 undocumented fields",
        Shows::Bytes(b"\"f0\": 0, \"f1\": 0, "),
        |connection, request| {
            let fields: String = (0..100_000).map(|number| format!("\"f{number}\": 0, ")).collect();
            let honest = json(request, "\"ok\"", "\"hello\"");
            connection.send_and_keep(Answer::json([b"{", fields.as_bytes(), &honest[1..]].concat()).bytes())
        },
    ),
    Behaviour::passed(
        "chunks-of-one-byte",
        "sends an honest body of 5 KB in chunks of one byte",
        Shows::Bytes(b"\r\n\r\n1\r\n{\r\n1\r\n\"\r\n1\r\ni\r\n"),
        |connection, request| {
            let answer = with_note(request, quoted(5 << 10)).line("Transfer-Encoding: chunked");
            let chunks: Vec<u8> =
                answer.body().iter().flat_map(|&byte| [b'1', b'\r', b'\n', byte, b'\r', b'\n']).collect();
            connection.send_and_keep([answer.head(), chunks, b"0\r\n\r\n".to_vec()].concat())
        },
    ),
];

fn long_header() -> Vec<u8> {
    [b"X-Long: ".to_vec(), vec![b'a'; 10 << 20]].concat()
}

/// A JSON string of so many characters.
fn quoted(length: usize) -> String {
    format!("\"{}\"", "a".repeat(length))
}
