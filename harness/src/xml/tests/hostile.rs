//! Documents made to hurt: each ends in an error or a tree, in bounded time and memory, and never in a panic.

use super::refused;
use crate::xml::xpath::XPath;
use crate::xml::xsd::Schema;
use crate::xml::{DEPTH_CEILING, Limits, XmlErrorKind as Kind, parse, to_json};
use std::path::Path;

#[test]
fn nesting_is_bounded() {
    let error = refused(&"<a>".repeat(100_000));
    assert_eq!((error.kind, error.position.column), (Kind::Depth, 64 * 3 + 1));
    let nested = |depth: usize| format!("{}{}", "<a>".repeat(depth), "</a>".repeat(depth));
    assert!(parse(nested(64).as_bytes(), None, &Limits::default()).is_ok());
    assert_eq!(refused(&nested(65)).kind, Kind::Depth);
    // No limit lifts the ceiling that the recursive parts rely on; at the ceiling they fit a worker's stack.
    let lax = Limits { max_depth: usize::MAX, ..Limits::default() };
    assert_eq!(
        parse(nested(DEPTH_CEILING + 1).as_bytes(), None, &lax).map(|_| ()).map_err(|e| e.kind),
        Err(Kind::Depth)
    );
    let deepest = parse(nested(DEPTH_CEILING).as_bytes(), None, &lax).expect("nested to the ceiling");
    assert!(to_json(deepest.root()).to_string().len() > DEPTH_CEILING);
    assert_eq!(deepest.to_string().len(), nested(DEPTH_CEILING).len() - "</a>".len() + "/".len());
}

#[test]
fn entities_are_never_declared() {
    let laughs = "<!DOCTYPE l [<!ENTITY a 'ha'><!ENTITY b '&a;&a;&a;'>]><l>&b;</l>";
    let external = "<?xml version='1.0'?>\n<!DOCTYPE l [<!ENTITY x SYSTEM 'file:///etc/passwd'>]><l>&x;</l>";
    let parameter = "<!DOCTYPE l SYSTEM 'http://127.0.0.1:9/x.dtd'><l/>";
    let unclosed = "<!DOCTYPE l [<!ENTITY a '";
    let lower = "<!doctype l><l/>";
    for text in [laughs, external, parameter, unclosed, lower] {
        assert_eq!(refused(text).kind, Kind::Dtd, "{text}");
    }
    assert_eq!(refused("<a>&b;</a>").kind, Kind::Entity);
    assert_eq!(refused("<a b='&c;'/>").kind, Kind::Entity);
    assert_eq!(refused("<a><!DOCTYPE b></a>").kind, Kind::Dtd);
    assert_eq!(refused("<a><!ENTITY b 'c'></a>").kind, Kind::Syntax);
}

#[test]
fn counts_are_bounded() {
    let attributes: String = (0..20_000).map(|i| format!(" a{i}='1'")).collect();
    assert_eq!(refused(&format!("<a{attributes}/>")).kind, Kind::Size);
    assert_eq!(refused(&format!("<a>{}</a>", "<b/>".repeat(200_001))).kind, Kind::Size);
    let declarations: String = (0..65).map(|i| format!(" xmlns:p{i}='u'")).collect();
    assert_eq!(refused(&format!("<a{declarations}/>")).kind, Kind::Size);
    let nested: String = (0..33).map(|i| format!("<a xmlns:p{i}='u' xmlns:q{i}='u'>")).collect();
    assert_eq!(refused(&nested).kind, Kind::Size);
    // A declaration counts only while it is in scope.
    let siblings: String = (0..500).map(|i| format!("<a xmlns:p{i}='u'/>")).collect();
    assert!(parse(format!("<r>{siblings}</r>").as_bytes(), None, &Limits::default()).is_ok());
    // Attributes count as nodes.
    let limits = Limits { max_nodes: 9, ..Limits::default() };
    let error =
        parse(b"<a b='1' c='2' d='3'><e f='4' g='5' h='6'><i/><j/></e></a>", None, &limits).map(|_| ());
    assert_eq!(error.map_err(|e| (e.kind, e.position.column)), Err((Kind::Size, 47)));
}

#[test]
fn every_truncation_is_an_error_or_a_tree() {
    let text = "\u{FEFF}<?xml version=\"1.0\" encoding='UTF-8'?><!-- c --><?p d?><s:a xmlns:s=\"urn:s\" k='1&amp;2'>\
                é&#x41;<![CDATA[<]]>中<b/></s:a >\n<!-- e -->";
    let bytes = text.as_bytes();
    let end_of_root = text.find("</s:a >").map(|at| at + 7).expect("the end tag");
    for end in 0..=bytes.len() {
        let parsed = parse(&bytes[..end], None, &Limits::default());
        let whole = end == end_of_root || end == end_of_root + 1 || end == bytes.len();
        assert_eq!(parsed.is_ok(), whole, "{end}: {:?}", parsed.err());
    }
}

#[test]
fn every_changed_byte_is_an_error_or_a_tree() {
    let text = "<?xml version=\"1.0\"?><s:a xmlns:s=\"urn:s\" k='1&amp;2'>é&#x41;<![CDATA[<]]><b/></s:a>";
    let mut accepted = 0;
    for at in 0..text.len() {
        for byte in [0, b'<', b'>', b'&', b'"', b'\'', b'/', b'!', b'?', b'-', b']', b' ', b'x', 0x80, 0xFF] {
            let mut bytes = text.as_bytes().to_vec();
            bytes[at] = byte;
            if let Ok(document) = parse(&bytes, None, &Limits::default()) {
                accepted += 1;
                let written = document.to_string();
                assert!(parse(written.as_bytes(), None, &Limits::default()).is_ok(), "{written}");
            }
        }
    }
    // Most changes break the document; some, in text and values, do not.
    assert!((50..400).contains(&accepted), "{accepted}");
}

#[test]
fn binary_is_refused() {
    for bytes in
        [&b"\0\0\0\0"[..], b"\x89PNG\r\n\x1a\n", b"<a>\0</a>", b"\xFF\xFF\xFF", b"<\0a", b"\x1F\x8B\x08\0"]
    {
        let error = parse(bytes, None, &Limits::default()).expect_err("no XML");
        assert!(matches!(error.kind, Kind::Character | Kind::Encoding | Kind::Syntax), "{bytes:?}: {error}");
    }
}

#[test]
fn large_bodies_take_linear_time() {
    // Each would take minutes if any part of it were quadratic.
    let many = 200_000;
    let bodies = [
        format!("<a>{}</a>", "x".repeat(5 * many)),
        format!("<a>{}</a>", "&amp;".repeat(many)),
        format!("<a>{}</a>", "]]".repeat(many)),
        format!("<a>{}</a>", "<b c='d'/>".repeat(60_000)),
        format!("<!--{}--><a/>", "- ".repeat(many)),
        format!("<a b='{}'/>", "&lt;\n".repeat(many / 2)),
        format!("<a>{}</a>", "<![CDATA[]]>".repeat(150_000)),
    ];
    for body in &bodies {
        assert!(parse(body.as_bytes(), None, &Limits::default()).is_ok());
    }
    let broken = ["<", "<!", "&", "<!-- ", "<![CDATA[", "<?", "<a ", "</", "\"", "<a b=\""];
    for start in broken {
        refused(&format!("<a>{}", start.repeat(many)));
    }
}

#[test]
fn a_message_quotes_little() {
    for text in
        [format!("<{}>", "a".repeat(100_000)), format!("<a {}='1' x>", "b".repeat(100_000)), "é".repeat(9999)]
    {
        assert!(refused(&text).message.chars().count() < 300);
    }
    assert!(!refused("<a>\u{85}</b>").message.contains('\u{85}'));
}

#[test]
fn validation_of_a_hostile_document_is_bounded() {
    let xsd = "<xs:schema xmlns:xs='http://www.w3.org/2001/XMLSchema'><xs:element name='r'><xs:complexType><xs:sequence>\
               <xs:element name='a' type='xs:int' maxOccurs='9'/><xs:element name='b' type='xs:string'/>\
               </xs:sequence></xs:complexType></xs:element></xs:schema>";
    let schema =
        Schema::compile(Path::new("r.xsd"), &|_| Ok(xsd.as_bytes().to_vec())).expect("a valid schema");
    let unknown: String = (0..30_000).map(|i| format!("<x{i}/>")).collect();
    let bodies = [
        unknown,
        "<b/>".repeat(30_000),
        "<a>x</a>".repeat(20_000),
        format!("<a>{}</a>", "9".repeat(1_000_000)),
    ];
    for body in bodies {
        let document = super::document(&format!("<r>{body}</r>"));
        let violations = schema.validate(&document).expect("a verdict");
        assert!((1..=1000).contains(&violations.len()));
        assert!(violations.iter().all(|v| v.message.chars().count() < 2000));
    }
    // Names of hostile documents do not pile up in the schema, and it goes on judging rightly.
    assert!(schema.validate(&super::document("<r><a>1</a><b/></r>")).expect("a verdict").is_empty());
}

#[test]
fn xpath_over_a_hostile_document_is_bounded() {
    let document = super::document(&format!("<a>{}</a>", "<b>x</b>".repeat(9_000)));
    for quadratic in ["//*[//b]", "//*[contains(/, 'y')]"] {
        let xpath = XPath::compile(quadratic).expect("an expression");
        assert!(xpath.strings(&document).is_err(), "{quadratic}");
    }
    let xpath = XPath::compile("count(//b)").expect("an expression");
    assert_eq!(xpath.strings(&document), Ok(vec!["9000".to_owned()]));
}
