//! Encodings: byte order mark, HTTP charset, XML declaration.

use crate::xml::{Limits, XmlErrorKind as Kind, parse};

fn text_and_encoding(bytes: &[u8], http: Option<&str>) -> (String, &'static str, Vec<String>) {
    let document = parse(bytes, http, &Limits::default()).unwrap_or_else(|e| panic!("{e} in {bytes:?}"));
    (document.root().text(), document.encoding.used, document.encoding.conflicts())
}

fn utf16(text: &str, big_endian: bool) -> Vec<u8> {
    text.encode_utf16()
        .flat_map(|unit| if big_endian { unit.to_be_bytes() } else { unit.to_le_bytes() })
        .collect()
}

#[test]
fn the_sources_are_followed_in_their_order() {
    let gbk = |text: &str| encoding_rs::GBK.encode(text).0.into_owned();
    let none: Vec<String> = Vec::new();
    assert_eq!(text_and_encoding("<a>é</a>".as_bytes(), None), ("é".into(), "UTF-8", none.clone()));
    assert_eq!(
        text_and_encoding("\u{FEFF}<a>é</a>".as_bytes(), Some("utf-8")),
        ("é".into(), "UTF-8", none.clone())
    );
    assert_eq!(text_and_encoding(&gbk("<a>中</a>"), Some("GBK")), ("中".into(), "GBK", none.clone()));
    let declared = gbk("<?xml version='1.0' encoding=\"gb2312\"?><a>中</a>");
    assert_eq!(text_and_encoding(&declared, None), ("中".into(), "GBK", none.clone()));
    assert_eq!(text_and_encoding(&declared, Some("gbk")), ("中".into(), "GBK", none.clone()));
    let latin = b"<?xml version='1.0' encoding='ISO-8859-1'?><a>\xE9</a>";
    assert_eq!(text_and_encoding(latin, None), ("é".into(), "windows-1252", none.clone()));
    for big_endian in [false, true] {
        let used = if big_endian { "UTF-16BE" } else { "UTF-16LE" };
        let declared = "<?xml version='1.0' encoding='UTF-16'?><a>中</a>";
        let marked = utf16(&format!("\u{FEFF}{declared}"), big_endian);
        assert_eq!(text_and_encoding(&marked, None), ("中".into(), used, none.clone()));
        assert_eq!(text_and_encoding(&utf16(declared, big_endian), None), ("中".into(), used, none.clone()));
        assert_eq!(
            text_and_encoding(&utf16("<a>中</a>", big_endian), Some("utf-16")),
            ("中".into(), used, none.clone())
        );
    }
}

#[test]
fn contradictions_are_data() {
    let conflicts = |bytes: &[u8], http: Option<&str>| text_and_encoding(bytes, http).2;
    let declared = b"<?xml version='1.0' encoding='GBK'?><a>x</a>";
    assert_eq!(
        conflicts(declared, Some("UTF-8")),
        ["the HTTP charset says `UTF-8`, the XML declaration says `GBK`"]
    );
    let marked = "\u{FEFF}<?xml version='1.0' encoding='GBK'?><a>x</a>".as_bytes();
    assert_eq!(
        conflicts(marked, Some("latin1")),
        [
            "the byte order mark says `UTF-8`, the HTTP charset says `latin1`",
            "the byte order mark says `UTF-8`, the XML declaration says `GBK`",
            "the HTTP charset says `latin1`, the XML declaration says `GBK`",
        ]
    );
    assert_eq!(
        conflicts(b"<a/>", Some("klingon")),
        ["the HTTP charset says `klingon`, which is no known encoding"]
    );
    let wide = b"<?xml version='1.0' encoding='UTF-16'?><a>x</a>";
    assert_eq!(
        conflicts(wide, Some("utf-8")),
        ["the HTTP charset says `utf-8`, the XML declaration says `UTF-16`"]
    );
    // The declaration can be read as ASCII, so it is wrong, whatever it says.
    assert_eq!(text_and_encoding(wide, None).1, "UTF-8");
    assert_eq!(conflicts(wide, None), ["the XML declaration says `UTF-16`, the bytes are UTF-8"]);
}

#[test]
fn bytes_that_do_not_fit_are_refused_where_they_are() {
    let refused = |bytes: &[u8], http: Option<&str>| {
        let error = parse(bytes, http, &Limits::default()).expect_err("malformed");
        (error.kind, error.position.line, error.position.column, error.position.offset, error.message)
    };
    let message = "byte `0xFF` is not valid UTF-8 here".to_owned();
    assert_eq!(refused(b"<a>\n\xC3\xA9\xFF</a>", None), (Kind::Encoding, 2, 2, 6, message));
    let message = "byte `0xD6` is not valid UTF-8 here".to_owned();
    assert_eq!(refused(b"<a>\xD6\xD0</a>", Some("utf-8")), (Kind::Encoding, 1, 4, 3, message));
    assert_eq!(refused(b"<a>\x81", Some("gbk")).0, Kind::Encoding);
    let message = "the XML declaration names the encoding `klingon`, which is unknown".to_owned();
    assert_eq!(
        refused(b"<?xml version='1.0' encoding='klingon'?><a/>", None),
        (Kind::Encoding, 1, 1, 0, message)
    );
    // An odd number of bytes is no UTF-16.
    let mut odd = utf16("\u{FEFF}<a/>", false);
    odd.pop();
    assert_eq!(refused(&odd, None).0, Kind::Encoding);
}

#[test]
fn every_truncation_of_utf_16_is_an_error_or_a_tree() {
    let bytes = utf16("\u{FEFF}<?xml version='1.0' encoding='UTF-16'?><a b='c'>中</a>", true);
    for end in 0..bytes.len() {
        assert!(parse(&bytes[..end], None, &Limits::default()).is_err(), "{end}");
    }
    assert!(parse(&bytes, None, &Limits::default()).is_ok());
}
