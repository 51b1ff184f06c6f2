//! XML that isn't, and XML that reads files, calls hosts or grows.

use crate::hostile::answer::{Answer, xml};
use crate::hostile::behaviour::{Behaviour, Check, Serve, Shows};
use crate::hostile::request::Request;

const DEPTH: usize = 100_000;

/// An answer that isn't XML, or has a document type declaration, which is as bad.
const fn malformed(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::failed(name, what, &[Check::WellFormed], Shows::Bytes(shows), serve).xml()
}

/// An answer that the schema doesn't allow, and a reader perhaps neither.
const fn wrong(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::failed(name, what, &[Check::WellFormed, Check::Schema], Shows::Bytes(shows), serve).xml()
}

/// An honest answer with something that must not be obeyed.
const fn harmless(name: &'static str, what: &'static str, shows: &'static [u8], serve: Serve) -> Behaviour {
    Behaviour::passed(name, what, Shows::Bytes(shows), serve).xml()
}

pub const BEHAVIOURS: &[Behaviour] = &[
    wrong(
        "xml-deep",
        "answers with 100,000 elements in each other",
        b"<note><a><a><a>",
        |connection, request| {
            let note = ["<a>".repeat(DEPTH), "</a>".repeat(DEPTH)].concat();
            connection.send_and_keep(Answer::xml(xml(request, &note)).bytes())
        },
    ),
    malformed(
        "xml-deep-unclosed",
        "opens 100,000 elements and closes none",
        b"\r\n\r\n<a><a><a>",
        |connection, _| connection.send_and_keep(Answer::xml("<a>".repeat(DEPTH)).bytes()),
    ),
    malformed(
        "xml-billion-laughs",
        "declares entities that grow to a billion",
        b"<!ENTITY l9 \"&l8;&l8;",
        |connection, request| {
            let entities: String = (1..10)
                .map(|n| format!("<!ENTITY l{n} \"{}\">", format!("&l{};", n - 1).repeat(10)))
                .collect();
            let subset = format!("[<!ENTITY l0 \"lol\">{entities}]");
            connection.send_and_keep(with_doctype(request, &subset, "&l9;"))
        },
    ),
    malformed(
        "xml-quadratic",
        "declares one long entity and uses it 10,000 times",
        b"<!ENTITY a \"aaaa",
        |connection, request| {
            let subset = format!("[<!ENTITY a \"{}\">]", "a".repeat(100_000));
            connection.send_and_keep(with_doctype(request, &subset, &"&a;".repeat(10_000)))
        },
    ),
    malformed(
        "xml-entity-loop",
        "declares entities in a circle",
        b"<!ENTITY a \"&b;\"",
        |connection, request| {
            connection.send_and_keep(with_doctype(request, "[<!ENTITY a \"&b;\"><!ENTITY b \"&a;\">]", "&a;"))
        },
    ),
    malformed(
        "xml-external-entity",
        "declares an entity on another host",
        b"<!ENTITY x SYSTEM \"http://127.0.0.",
        |connection, request| {
            let subset =
                format!("[<!ENTITY x SYSTEM \"http://{}/entity\">]", connection.neighbours.other_host);
            connection.send_and_keep(with_doctype(request, &subset, "&x;"))
        },
    ),
    malformed(
        "xml-external-dtd",
        "has its DTD on another host",
        b"<!DOCTYPE answer SYSTEM \"http://127.0.0.",
        |connection, request| {
            let subset = format!("SYSTEM \"http://{}/answer.dtd\"", connection.neighbours.other_host);
            connection.send_and_keep(with_doctype(request, &subset, "hello"))
        },
    ),
    malformed(
        "xml-parameter-entity",
        "loads declarations from another host",
        b"<!ENTITY % x SYSTEM \"http://127.0.0.",
        |connection, request| {
            let subset =
                format!("[<!ENTITY % x SYSTEM \"http://{}/x.dtd\"> %x;]", connection.neighbours.other_host);
            connection.send_and_keep(with_doctype(request, &subset, "hello"))
        },
    ),
    malformed(
        "xml-file-entity",
        "declares an entity that is a file",
        b"SYSTEM \"file:///etc/hostname\"",
        |connection, request| {
            connection.send_and_keep(with_doctype(
                request,
                "[<!ENTITY x SYSTEM \"file:///etc/hostname\">]",
                "&x;",
            ))
        },
    ),
    malformed(
        "xml-doctype",
        "has a document type declaration that declares nothing",
        b"<!DOCTYPE answer>",
        |connection, request| connection.send_and_keep(with_doctype(request, "", "hello")),
    ),
    malformed(
        "xml-undeclared-entity",
        "uses an entity that nobody declared",
        b"<note>&owned;</note>",
        |connection, request| connection.send_and_keep(Answer::xml(xml(request, "&owned;")).bytes()),
    ),
    malformed(
        "xml-control-reference",
        "writes ESC as a character reference",
        b"<note>&#27;[2J</note>",
        |connection, request| connection.send_and_keep(Answer::xml(xml(request, "&#27;[2J")).bytes()),
    ),
    malformed("xml-control-byte", "writes ESC as a byte", b"<note>\x1b[2J</note>", |connection, request| {
        connection.send_and_keep(Answer::xml(xml(request, "\x1b[2J")).bytes())
    }),
    malformed(
        "xml-cut",
        "cuts its XML, with a Content-Length to match",
        b"Content-Length: 11\r\n\r\n<answer><id",
        |connection, _| connection.send_and_keep(Answer::xml("<answer><id").bytes()),
    ),
    malformed(
        "xml-crossed-tags",
        "closes its elements in the wrong order",
        b"<i><b></i></b>",
        |connection, request| connection.send_and_keep(Answer::xml(xml(request, "<i><b></i></b>")).bytes()),
    ),
    malformed("xml-two-roots", "sends two documents", b"</answer><answer>", |connection, request| {
        connection.send_and_keep(Answer::xml(xml(request, "hello").repeat(2)).bytes())
    }),
    malformed(
        "xml-text-after",
        "sends text behind its document",
        b"</answer>noise",
        |connection, request| connection.send_and_keep(Answer::xml(xml(request, "hello") + "noise").bytes()),
    ),
    malformed(
        "xml-duplicate-attribute",
        "writes an attribute twice",
        b"<note a=\"1\" a=\"2\">",
        |connection, request| {
            connection.send_and_keep(Answer::xml(with_tag(request, "note a=\"1\" a=\"2\"")).bytes())
        },
    ),
    malformed(
        "xml-undeclared-prefix",
        "uses a prefix that nobody declared",
        b"<p:owned/>",
        |connection, request| connection.send_and_keep(Answer::xml(xml(request, "<p:owned/>")).bytes()),
    ),
    malformed(
        "xml-empty",
        "sends an empty body and calls it XML",
        b"xml\r\nContent-Length: 0\r\n\r\n",
        |connection, _| connection.send_and_keep(Answer::xml("").bytes()),
    ),
    malformed(
        "xml-is-json",
        "sends JSON and calls it XML",
        b"application/xml\r\nContent-Length: ",
        |connection, request| connection.send_and_keep(Answer::xml(Answer::honest(request).body()).bytes()),
    ),
    wrong(
        "xml-many-attributes",
        "writes 50,000 attributes",
        b"<note a0=\"\" a1=\"\" ",
        |connection, request| {
            let attributes: String = (0..50_000).map(|number| format!(" a{number}=\"\"")).collect();
            connection.send_and_keep(Answer::xml(with_tag(request, &format!("note{attributes}"))).bytes())
        },
    ),
    wrong(
        "xml-long-name",
        "has an element whose name is 1 MB long",
        b"<note><aaaaaaaa",
        |connection, request| {
            let name = "a".repeat(1 << 20);
            connection.send_and_keep(Answer::xml(xml(request, &format!("<{name}/>"))).bytes())
        },
    ),
    wrong(
        "xml-include",
        "includes a document of another host",
        b"<xi:include href=\"http://127.0.0.",
        |connection, request| {
            let host = connection.neighbours.other_host;
            let include =
                format!("<xi:include href=\"http://{host}/\" xmlns:xi=\"http://www.w3.org/2001/XInclude\"/>");
            connection.send_and_keep(Answer::xml(xml(request, &include)).bytes())
        },
    ),
    harmless(
        "xml-schema-location",
        "names a schema on another host",
        b":noNamespaceSchemaLocation=\"http://127.0.0.",
        |connection, request| {
            let root = format!(
                "<answer xmlns:xsi=\"http://www.w3.org/2001/XMLSchema-instance\" xsi:noNamespaceSchemaLocation=\"http://{}/x.xsd\">",
                connection.neighbours.other_host
            );
            connection
                .send_and_keep(Answer::xml(xml(request, "hello").replacen("<answer>", &root, 1)).bytes())
        },
    ),
    harmless(
        "xml-stylesheet",
        "names a stylesheet on another host",
        b"<?xml-stylesheet href=\"http://127.0.0.",
        |connection, request| {
            let host = connection.neighbours.other_host;
            let instruction = format!("<?xml-stylesheet href=\"http://{host}/x.xsl\" type=\"text/xsl\"?>");
            connection.send_and_keep(Answer::xml(instruction + &xml(request, "hello")).bytes())
        },
    ),
    harmless(
        "xml-cdata",
        "writes its note as CDATA that looks like markup",
        b"<![CDATA[<script>&x;]]]]>",
        |connection, request| {
            connection
                .send_and_keep(Answer::xml(xml(request, "<![CDATA[<script>&x;]]]]><![CDATA[>]]>")).bytes())
        },
    ),
    Behaviour::failed(
        "xml-declares-utf-16",
        "says in its XML declaration that its UTF-8 is UTF-16",
        &[Check::Charset, Check::WellFormed],
        Shows::Bytes(b"encoding=\"UTF-16\"?><answer>"),
        |connection, request| {
            let declaration = "<?xml version=\"1.0\" encoding=\"UTF-16\"?>";
            connection.send_and_keep(Answer::xml(declaration.to_owned() + &xml(request, "hello")).bytes())
        },
    )
    .xml(),
];

/// The honest XML behind a document type declaration with `subset`, and with another note.
fn with_doctype(request: &Request, subset: &str, note: &str) -> Vec<u8> {
    let doctype = if subset.is_empty() {
        "<!DOCTYPE answer>".to_owned()
    } else {
        format!("<!DOCTYPE answer {subset}>")
    };
    Answer::xml(doctype + &xml(request, note)).bytes()
}

/// The honest XML with another start tag for its note.
fn with_tag(request: &Request, tag: &str) -> String {
    xml(request, "hello").replacen("<note>", &format!("<{tag}>"), 1)
}
