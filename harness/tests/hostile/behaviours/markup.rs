//! Markup where a report shows what a target sent: in values, keys, fields and reason phrases.

use crate::hostile::answer::{Answer, json, json_string, with_note, with_status, xml};
use crate::hostile::behaviour::{Behaviour, Check, Serve, Shows};
use crate::hostile::behaviours::payload::{CI_COMMANDS, MARKUP};
use crate::hostile::request::Request;

/// A wrong answer: its findings show the markup.
const fn shown(
    name: &'static str,
    what: &'static str,
    checks: &'static [Check],
    shows: &'static [u8],
    serve: Serve,
) -> Behaviour {
    Behaviour::failed(name, what, checks, Shows::Bytes(shows), serve)
}

/// A right answer: only its evidence shows the markup.
const fn carried(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::passed(name, what, Shows::Bytes(shows), serve)
}

const SCHEMA: &[Check] = &[Check::Schema];

pub const BEHAVIOURS: &[Behaviour] = &[
    carried(
        "markup-in-note",
        "sends markup in a value that may be anything",
        b"\"note\": \"</script><script>",
        |connection, request| connection.send_and_keep(with_note(request, json_string(MARKUP)).bytes()),
    ),
    shown(
        "markup-in-status",
        "sends markup in a value that is wrong",
        SCHEMA,
        b"\"status\": \"</script><script>",
        |connection, request| connection.send_and_keep(with_status(request, json_string(MARKUP)).bytes()),
    ),
    shown(
        "markup-in-id",
        "sends markup for the id",
        &[Check::Echo],
        b"{\"id\": \"</script><script>",
        |connection, _| {
            let body =
                format!("{{\"id\": {}, \"status\": \"ok\", \"note\": \"hello\"}}", json_string(MARKUP));
            connection.send_and_keep(Answer::json(body).bytes())
        },
    ),
    carried(
        "markup-in-key",
        "sends markup for an undocumented key",
        b"{\"</script><script>",
        |connection, request| connection.send_and_keep(with_key(request, MARKUP).bytes()),
    ),
    shown(
        "markup-in-body",
        "sends a page of markup for JSON",
        &[Check::WellFormed],
        b"\r\n\r\n</script><script>",
        |connection, _| connection.send_and_keep(Answer::json(MARKUP).bytes()),
    ),
    carried(
        "markup-in-field",
        "sends markup in a header field",
        b"X-Note: </script><script>",
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).line(format!("X-Note: {MARKUP}")).bytes())
        },
    ),
    shown(
        "markup-in-type",
        "sends markup for a content type",
        &[Check::ContentType],
        b"Content-Type: </script><script>",
        |connection, request| {
            connection.send_and_keep(Answer::typed(MARKUP, Answer::honest(request).body()).bytes())
        },
    ),
    shown(
        "markup-in-reason",
        "sends markup for a reason phrase",
        &[Check::Status],
        b"HTTP/1.1 500 </script><script>",
        |connection, request| {
            connection.send_and_keep(Answer::honest(request).start(format!("HTTP/1.1 500 {MARKUP}")).bytes())
        },
    ),
    shown(
        "markup-that-calls",
        "sends markup that loads from another host",
        SCHEMA,
        b"<img src=http://127.0.0.",
        |connection, request| {
            let host = connection.neighbours.other_host;
            let markup = format!(
                "<img src=http://{host}/i><link rel=stylesheet href=//{host}/s><style>@import url(http://{host}/c);</style>"
            );
            connection.send_and_keep(with_status(request, json_string(&markup)).bytes())
        },
    ),
    shown(
        "markup-as-link",
        "sends a script where a report might put a link",
        SCHEMA,
        b"\"status\": \"javascript:",
        |connection, request| {
            connection.send_and_keep(with_status(request, "\"javascript:document.title='owned'\"").bytes())
        },
    ),
    shown(
        "markup-as-template",
        "sends what template engines evaluate",
        SCHEMA,
        b"{{ 7 * 7 }}",
        |connection, request| {
            let status = "{{ 7 * 7 }}{% include '/etc/hostname' %}${7*7}<%= 7*7 %>";
            connection.send_and_keep(with_status(request, json_string(status)).bytes())
        },
    ),
    shown(
        "markup-as-ci-command",
        "sends lines that a CI server obeys",
        SCHEMA,
        b"\\u000a::error::owned",
        |connection, request| {
            connection.send_and_keep(with_status(request, json_string(CI_COMMANDS)).bytes())
        },
    ),
    shown(
        "markup-in-xml",
        "sends escaped markup in XML",
        SCHEMA,
        b"<status>&lt;/script>&lt;script>",
        |connection, request| {
            let status = "<status>&lt;/script>&lt;script>document.title='owned'&lt;/script>]]&gt;</status>";
            connection.send_and_keep(
                Answer::xml(xml(request, "hello").replacen("<status>ok</status>", status, 1)).bytes(),
            )
        },
    )
    .xml(),
];

/// The honest JSON with one more key.
pub fn with_key(request: &Request, key: &str) -> Answer {
    let honest = json(request, "\"ok\"", "\"hello\"");
    let more = format!("{{{}: 0, ", json_string(key));
    Answer::json([more.as_bytes(), &honest[1..]].concat())
}
