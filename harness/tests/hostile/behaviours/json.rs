//! JSON that isn't, and JSON that readers disagree about.

use crate::hostile::answer::{Answer, json, json_string, with_note};
use crate::hostile::behaviour::{Behaviour, Check, Serve, Shows};

const DEPTH: usize = 100_000;

/// An answer that isn't JSON, or that two readers would read differently.
const fn malformed(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::failed(name, what, &[Check::WellFormed], Shows::Bytes(shows), serve)
}

/// An answer with the wrong value, which a reader may already refuse.
const fn wrong(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::failed(name, what, &[Check::WellFormed, Check::Schema], Shows::Bytes(shows), serve)
}

pub const BEHAVIOURS: &[Behaviour] = &[
    wrong(
        "json-deep-arrays",
        "answers with 100,000 arrays in each other",
        b"\r\n\r\n[[[[[[[[",
        |connection, _| {
            connection.send_and_keep(Answer::json(["[".repeat(DEPTH), "]".repeat(DEPTH)].concat()).bytes())
        },
    ),
    wrong(
        "json-deep-objects",
        "answers with 100,000 objects in its note",
        b"\"note\": {\"a\":{\"a\":",
        |connection, request| {
            let note = ["{\"a\":".repeat(DEPTH), "0".to_owned(), "}".repeat(DEPTH)].concat();
            connection.send_and_keep(with_note(request, note).bytes())
        },
    ),
    malformed(
        "json-deep-unclosed",
        "opens 100,000 arrays and closes none",
        b"\r\n\r\n[[[[[[[[",
        |connection, _| connection.send_and_keep(Answer::json("[".repeat(DEPTH)).bytes()),
    ),
    Behaviour::passed(
        "json-deep-undocumented",
        "answers well, with 100 arrays in an undocumented field",
        Shows::Bytes(b"\"deep\": [[[["),
        |connection, request| {
            let honest = json(request, "\"ok\"", "\"hello\"");
            let deep = format!("{{\"deep\": {}{}, ", "[".repeat(100), "]".repeat(100));
            connection.send_and_keep(Answer::json([deep.as_bytes(), &honest[1..]].concat()).bytes())
        },
    ),
    malformed(
        "json-duplicate-keys",
        "answers the id twice, the second time another",
        b", \"id\": \"other\"}",
        |connection, request| {
            let id = json_string(&request.id());
            let body =
                format!("{{\"id\": {id}, \"status\": \"ok\", \"note\": \"hello\", \"id\": \"other\"}}");
            connection.send_and_keep(Answer::json(body).bytes())
        },
    ),
    malformed(
        "json-duplicate-keys-escaped",
        "answers the id twice, the second time with its key escaped",
        b"\"\\u0069d\": \"other\"}",
        |connection, request| {
            let id = json_string(&request.id());
            let body =
                format!("{{\"id\": {id}, \"status\": \"ok\", \"note\": \"hello\", \"\\u0069d\": \"other\"}}");
            connection.send_and_keep(Answer::json(body).bytes())
        },
    ),
    malformed(
        "json-nul-byte",
        "sends a NUL byte in a string",
        b"\"note\": \"a\0b\"}",
        |connection, request| connection.send_and_keep(with_note(request, "\"a\0b\"").bytes()),
    ),
    Behaviour::passed(
        "json-nul-escaped",
        "sends an escaped NUL",
        Shows::Bytes(b"\"a\\u0000b\"}"),
        |connection, request| connection.send_and_keep(with_note(request, "\"a\\u0000b\"").bytes()),
    ),
    malformed(
        "json-lone-surrogate",
        "sends half of a surrogate pair",
        b"\"note\": \"\\ud83d\"}",
        |connection, request| connection.send_and_keep(with_note(request, "\"\\ud83d\"").bytes()),
    ),
    malformed(
        "json-surrogates-swapped",
        "sends a surrogate pair the wrong way round",
        b"\"\\ude00\\ud83d\"}",
        |connection, request| connection.send_and_keep(with_note(request, "\"\\ude00\\ud83d\"").bytes()),
    ),
    malformed("json-nan", "sends NaN", b"\"note\": NaN}", |connection, request| {
        connection.send_and_keep(with_note(request, "NaN").bytes())
    }),
    malformed("json-infinity", "sends -Infinity", b"\"note\": -Infinity}", |connection, request| {
        connection.send_and_keep(with_note(request, "-Infinity").bytes())
    }),
    wrong(
        "json-number-1e999",
        "sends a number beyond any double",
        b"\"note\": 1e999}",
        |connection, request| connection.send_and_keep(with_note(request, "1e999").bytes()),
    ),
    wrong(
        "json-number-exponent",
        "sends a number with an exponent of a billion",
        b"\"note\": 1e-1000000000}",
        |connection, request| connection.send_and_keep(with_note(request, "1e-1000000000").bytes()),
    ),
    wrong(
        "json-number-long",
        "sends a number of 100,000 digits",
        b"\"note\": 9999999999",
        |connection, request| connection.send_and_keep(with_note(request, "9".repeat(100_000)).bytes()),
    ),
    malformed(
        "json-number-octal",
        "sends a number with a zero before it",
        b"\"note\": 0755}",
        |connection, request| connection.send_and_keep(with_note(request, "0755").bytes()),
    ),
    malformed(
        "json-trailing-garbage",
        "sends noise behind its JSON",
        b"\"note\": \"hello\"} noise",
        |connection, request| {
            connection
                .send_and_keep(Answer::json([Answer::honest(request).body(), b" noise"].concat()).bytes())
        },
    ),
    malformed(
        "json-two-documents",
        "sends its JSON twice",
        b"\"note\": \"hello\"}{\"id\": ",
        |connection, request| {
            connection.send_and_keep(Answer::json(Answer::honest(request).body().repeat(2)).bytes())
        },
    ),
    malformed(
        "json-trailing-comma",
        "puts a comma before the last brace",
        b"\"note\": \"hello\",}",
        |connection, request| connection.send_and_keep(with_note(request, "\"hello\",").bytes()),
    ),
    malformed(
        "json-comment",
        "puts a comment into its JSON",
        b"\"hello\" /* note */}",
        |connection, request| connection.send_and_keep(with_note(request, "\"hello\" /* note */").bytes()),
    ),
    malformed(
        "json-single-quotes",
        "quotes with apostrophes",
        b"\"note\": 'hello'}",
        |connection, request| connection.send_and_keep(with_note(request, "'hello'").bytes()),
    ),
    malformed(
        "json-prefix",
        "guards its JSON against script inclusion",
        b"\r\n\r\n)]}',\n{\"id\": ",
        |connection, request| {
            connection
                .send_and_keep(Answer::json([b")]}',\n", Answer::honest(request).body()].concat()).bytes())
        },
    ),
    malformed(
        "json-cut",
        "cuts its JSON, with a Content-Length to match",
        b"Content-Length: 8\r\n\r\n{\"id\": \"",
        |connection, _| connection.send_and_keep(Answer::json("{\"id\": \"").bytes()),
    ),
    malformed("body-empty", "sends an empty body", b"Content-Length: 0\r\n\r\n", |connection, _| {
        connection.send_and_keep(Answer::json("").bytes())
    }),
    malformed(
        "body-html",
        "sends an HTML page and calls it JSON",
        b"\r\n\r\n<!DOCTYPE html>",
        |connection, _| {
            connection.send_and_keep(Answer::json("<!DOCTYPE html><title>502 Bad Gateway</title>").bytes())
        },
    ),
    Behaviour::failed(
        "json-null",
        "answers null",
        &[Check::Schema],
        Shows::Bytes(b"\r\n\r\nnull"),
        |connection, _| connection.send_and_keep(Answer::json("null").bytes()),
    ),
    Behaviour::failed(
        "json-prototype",
        "answers with keys that mean something to JavaScript",
        &[Check::Schema],
        Shows::Bytes(b"{\"__proto__\": {\"status\": \"ok\"}"),
        |connection, _| {
            let body = "{\"__proto__\": {\"status\": \"ok\"}, \"constructor\": {\"prototype\": {}}, \"note\": \"hello\"}";
            connection.send_and_keep(Answer::json(body).bytes())
        },
    ),
    Behaviour::failed(
        "id-of-another",
        "answers with the id of another request",
        &[Check::Echo],
        Shows::Bytes(b"{\"id\": \"another\""),
        |connection, _| {
            connection.send_and_keep(
                Answer::json("{\"id\": \"another\", \"status\": \"ok\", \"note\": \"hello\"}").bytes(),
            )
        },
    ),
];
