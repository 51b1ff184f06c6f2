//! The request's own secrets, sent back in every form in which a record could keep them.

use std::io::Write;

use flate2::Compression;
use flate2::write::GzEncoder;

use crate::hostile::answer::{Answer, chunk, json, json_string, with_note, with_status};
use crate::hostile::behaviour::{Behaviour, Check, Serve, Shows};
use crate::hostile::behaviours::encodings::{base64, percent, percent_some};
use crate::hostile::behaviours::markup::with_key;
use crate::hostile::request::Request;

/// A right answer with the secrets in its note, in some form.
const fn echo(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::passed(name, what, Shows::Bytes(shows), serve)
}

/// A wrong answer whose finding shows the secrets.
const fn shown(
    name: &'static str,
    what: &'static str,
    check: &'static [Check],
    shows: &'static [u8],
    serve: Serve,
) -> Behaviour {
    Behaviour::failed(name, what, check, Shows::Bytes(shows), serve)
}

// What a row shows is what becomes of the two secrets of the server's own test: `Bearer s3cr3t-token` and `query/s3cr3t`.
pub const BEHAVIOURS: &[Behaviour] = &[
    echo(
        "echo-in-note",
        "sends the secrets back in a value",
        b"Bearer s3cr3t-token query/s3cr3t",
        |connection, request| {
            connection.send_and_keep(with_note(request, json_string(&secrets(request))).bytes())
        },
    ),
    shown(
        "echo-in-status",
        "sends the secrets back in a wrong value",
        &[Check::Schema],
        b"\"status\": \"Bearer s3cr3t",
        |connection, request| {
            connection.send_and_keep(with_status(request, json_string(&secrets(request))).bytes())
        },
    ),
    shown(
        "echo-everywhere-in-status",
        "sends the secrets back 500 times, so that wherever a long value is cut, a secret is",
        &[Check::Schema],
        b"\"status\": \"Bearer s3cr3t",
        |connection, request| {
            let many = format!("{} ", secrets(request)).repeat(500);
            connection.send_and_keep(with_status(request, json_string(&many)).bytes())
        },
    ),
    echo(
        "echo-in-key",
        "sends the secrets back as an undocumented key",
        b"{\"Bearer s3cr3t",
        |connection, request| connection.send_and_keep(with_key(request, &secrets(request)).bytes()),
    ),
    echo(
        "echo-target",
        "sends the request's target back as it came",
        b"/b/echo-target?",
        |connection, request| {
            connection.send_and_keep(with_note(request, json_string(&request.target)).bytes())
        },
    ),
    shown(
        "echo-request",
        "sends the request back as a text",
        &[Check::Status],
        b"Authorization: Bearer s3cr3t",
        |connection, request| {
            let lines: String =
                request.headers.iter().map(|(name, value)| format!("{name}: {value}\n")).collect();
            let text = format!(
                "{} {}\n{lines}\n{}",
                request.method,
                request.target,
                String::from_utf8_lossy(&request.body)
            );
            connection
                .send_and_keep(Answer::typed("text/plain", text).start("HTTP/1.1 400 Bad Request").bytes())
        },
    ),
    shown(
        "echo-malformed",
        "sends the secrets back in JSON that isn't",
        &[Check::WellFormed],
        b"\"note\": Bearer s3cr3t",
        |connection, request| connection.send_and_keep(with_note(request, secrets(request)).bytes()),
    ),
    shown(
        "echo-invalid-utf-8",
        "sends the secrets back among bytes that aren't UTF-8",
        &[Check::Charset, Check::WellFormed],
        b"\xff\xfeBearer s3cr3t",
        |connection, request| {
            connection.send_and_keep(
                with_note(request, [b"\"\xff\xfe", secrets(request).as_bytes(), b"\""].concat()).bytes(),
            )
        },
    ),
    shown(
        "echo-utf-16",
        "sends the secrets back in UTF-16",
        &[Check::Charset, Check::WellFormed],
        b"s\x003\0c\0r\x003\0t\0",
        |connection, request| {
            let text = String::from_utf8_lossy(&json(request, "\"ok\"", json_string(&secrets(request))))
                .into_owned();
            let bytes: Vec<u8> = text.encode_utf16().flat_map(u16::to_le_bytes).collect();
            connection.send_and_keep(Answer::typed("application/json; charset=utf-16le", bytes).bytes())
        },
    ),
    echo(
        "echo-percent",
        "sends the secrets back percent-encoded, each byte of them",
        b"%73%33%63%72%33%74",
        |connection, request| {
            connection
                .send_and_keep(with_note(request, json_string(&percent(secrets(request).as_bytes()))).bytes())
        },
    ),
    echo(
        "echo-percent-some",
        "sends the secrets back percent-encoded where a URL must be",
        b"Bearer%20s3cr3t-token%20query%2Fs3cr3t",
        |connection, request| {
            connection
                .send_and_keep(with_note(request, json_string(&percent_some(&secrets(request)))).bytes())
        },
    ),
    echo(
        "echo-percent-lower",
        "sends the secrets back percent-encoded with small letters",
        b"query%2fs3cr3t",
        |connection, request| {
            let encoded = percent_some(&secrets(request)).replace("%2F", "%2f");
            connection.send_and_keep(with_note(request, json_string(&encoded)).bytes())
        },
    ),
    echo(
        "echo-percent-twice",
        "sends the secrets back percent-encoded twice",
        b"query%252Fs3cr3t",
        |connection, request| {
            connection.send_and_keep(
                with_note(request, json_string(&percent_some(&percent_some(&secrets(request))))).bytes(),
            )
        },
    ),
    echo(
        "echo-base64",
        "sends each secret back in base64",
        b"QmVhcmVyIHMzY3IzdC10b2tlbg== cXVlcnkvczNjcjN0",
        |connection, request| {
            let encoded: Vec<String> =
                request.secrets().iter().map(|secret| base64(secret.as_bytes())).collect();
            connection.send_and_keep(with_note(request, json_string(&encoded.join(" "))).bytes())
        },
    ),
    echo(
        "echo-base64-shifted",
        "sends the secrets back in base64 in the middle of something else",
        b"eHg6QmVhcmVy",
        |connection, request| {
            let encoded: Vec<String> = ["", "x", "xx"]
                .iter()
                .map(|shift| base64(format!("{shift}:{}:", secrets(request)).as_bytes()))
                .collect();
            connection.send_and_keep(with_note(request, json_string(&encoded.join(" "))).bytes())
        },
    ),
    echo("echo-hex", "sends the secrets back in hexadecimal", b"733363723374", |connection, request| {
        let encoded: String = secrets(request).bytes().map(|byte| format!("{byte:02x}")).collect();
        connection.send_and_keep(with_note(request, json_string(&encoded)).bytes())
    }),
    echo(
        "echo-json-escaped",
        "sends the secrets back with every character escaped",
        b"\\u0073\\u0033\\u0063\\u0072\\u0033\\u0074",
        |connection, request| {
            let escaped: String =
                secrets(request).encode_utf16().map(|unit| format!("\\u{unit:04x}")).collect();
            connection.send_and_keep(with_note(request, format!("\"{escaped}\"")).bytes())
        },
    ),
    echo(
        "echo-json-slashes",
        "sends the secrets back with their slashes escaped",
        b"query\\/s3cr3t",
        |connection, request| {
            connection
                .send_and_keep(with_note(request, json_string(&secrets(request)).replace('/', "\\/")).bytes())
        },
    ),
    echo(
        "echo-entities",
        "sends the secrets back as character references",
        b"&#115;&#51;&#99;&#114;&#51;&#116;",
        |connection, request| {
            let encoded: String = secrets(request).chars().map(|c| format!("&#{};", u32::from(c))).collect();
            connection.send_and_keep(with_note(request, json_string(&encoded)).bytes())
        },
    ),
    echo(
        "echo-in-chunks",
        "sends the secrets back in chunks of three bytes",
        b"\r\n3\r\n",
        |connection, request| {
            let answer = with_note(request, json_string(&secrets(request)));
            let chunks = answer.body().chunks(3).map(chunk).collect::<Vec<_>>().concat();
            let head = answer.line("Transfer-Encoding: chunked").head();
            connection.send_and_keep([head, chunks, b"0\r\n\r\n".to_vec()].concat())
        },
    ),
    echo(
        "echo-gzip",
        "sends the secrets back compressed",
        b"Content-Encoding: gzip\r\n",
        |connection, request| {
            let mut encoder = GzEncoder::new(Vec::new(), Compression::fast());
            encoder.write_all(with_note(request, json_string(&secrets(request))).body())?;
            connection.send_and_keep(Answer::json(encoder.finish()?).line("Content-Encoding: gzip").bytes())
        },
    ),
    echo(
        "echo-in-field",
        "sends the secrets back in a header field",
        b"X-Echo: Bearer s3cr3t",
        |connection, request| {
            connection
                .send_and_keep(Answer::honest(request).line(format!("X-Echo: {}", secrets(request))).bytes())
        },
    ),
    echo(
        "echo-in-field-name",
        "sends the secrets back as the name of a header field",
        b"\r\nX-Bearer-s3cr3t-token",
        |connection, request| {
            let name: String =
                secrets(request).chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
            connection.send_and_keep(Answer::honest(request).line(format!("X-{name}: 1")).bytes())
        },
    ),
    echo(
        "echo-in-cookie",
        "sets a cookie of the secrets",
        b"Set-Cookie: session=Bearer%20s3cr3t",
        |connection, request| {
            let line = format!("Set-Cookie: session={}", percent_some(&secrets(request)));
            connection.send_and_keep(Answer::honest(request).line(line).bytes())
        },
    ),
    shown(
        "echo-in-type",
        "sends the secrets back as a content type",
        &[Check::ContentType],
        b"Content-Type: Bearer s3cr3t",
        |connection, request| {
            connection.send_and_keep(Answer::typed(secrets(request), Answer::honest(request).body()).bytes())
        },
    ),
    shown(
        "echo-in-reason",
        "sends the secrets back as a reason phrase",
        &[Check::Status],
        b"HTTP/1.1 500 Bearer s3cr3t",
        |connection, request| {
            connection.send_and_keep(
                Answer::honest(request).start(format!("HTTP/1.1 500 {}", secrets(request))).bytes(),
            )
        },
    ),
    shown(
        "echo-in-location",
        "redirects to another host with the secrets",
        &[Check::Status],
        b"/?stolen=Bearer%20s3cr3t",
        |connection, request| {
            let host = connection.neighbours.other_host;
            let line = format!("Location: http://{host}/?stolen={}", percent_some(&secrets(request)));
            connection
                .send_and_keep(Answer::honest(request).start("HTTP/1.1 302 Elsewhere").line(line).bytes())
        },
    ),
];

/// The request's secrets, with spaces between them.
fn secrets(request: &Request) -> String {
    request.secrets().join(" ")
}
