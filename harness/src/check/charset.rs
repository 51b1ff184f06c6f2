//! Is the charset the documented one, as declared and in the bytes? Nothing lost on the way (`???`, U+FFFD)?

use super::{Expectation, Subject};
use crate::http::charset::{encoding, looks_like_gbk};
use crate::http::media_type::{Syntax, syntax};
use crate::model::finding::Finding;
use encoding_rs::{Encoding, UTF_8};

pub fn check(subject: &Subject<'_, '_>, expectation: &Expectation) -> Vec<Finding> {
    let answer = subject.answer;
    let contract =
        subject.media.and_then(|m| m.charset.as_deref()).or(expectation.operation.charset.as_deref());
    let spec = subject.media.map(|m| m.location.clone());
    // Of an answer that is not documented, only what its bytes are can be judged.
    let contract = contract.filter(|_| subject.documented.is_some());
    // JSON between systems is UTF-8 (RFC 8259 section 8.1), unless the contract says otherwise.
    let is_json = subject.media.is_some_and(|m| syntax(&m.essence) == Syntax::Json);
    let contract = contract.or(if is_json { Some("UTF-8") } else { None });
    let mut findings = Vec::new();
    findings.extend(declared(subject, contract));
    findings.extend(declared_twice(subject));
    let other_bytes = bytes(subject, contract);
    let is_another = other_bytes.is_some();
    findings.extend(other_bytes);
    findings.extend(labels_in_xml(subject));
    findings.extend(label_of_page(subject));
    if answer.bom && answer.media_type.as_ref().is_some_and(|m| m.syntax() == Syntax::Json) {
        findings.push(
            Finding::new(
                "charset",
                "body",
                "the JSON text begins with a byte order mark, which RFC 8259 section 8.1 forbids",
            )
            .requirement("no-bom"),
        );
    }
    findings.extend(lost(subject));
    // Where all bytes are of another charset, text that looks garbled is no second defect.
    findings.extend(garbled(subject).filter(|_| !is_another));
    findings.into_iter().map(|f| f.spec(spec.clone())).collect()
}

/// The label against the contract.
fn declared(subject: &Subject<'_, '_>, contract: Option<&str>) -> Option<Finding> {
    let declared = subject.answer.media_type.as_ref().and_then(|m| m.charset.as_deref());
    let finding = |requirement, message: String| {
        Finding::new("charset", "header content-type", message)
            .requirement(requirement)
            .expected(contract.unwrap_or("a known charset"))
            .actual(declared.unwrap_or("nothing"))
    };
    match (declared, contract) {
        (Some(label), _) if encoding(label).is_none() => {
            Some(finding("known", format!("charset `{}` does not exist", label.escape_debug())))
        }
        (Some(label), Some(contract)) if encoding(label) != encoding(contract) => {
            Some(finding("label", format!("charset `{label}` is declared where the contract has {contract}")))
        }
        (None, Some(contract)) if encoding(contract) != Some(UTF_8) => {
            Some(finding("label", format!("no charset is declared where the contract has {contract}")))
        }
        _ => None,
    }
}

/// Two labels in one header: each reader takes another.
fn declared_twice(subject: &Subject<'_, '_>) -> Option<Finding> {
    let header = subject.response.header_text("content-type")?.to_ascii_lowercase();
    (header.matches("charset=").count() > 1).then(|| {
        Finding::new("charset", "header content-type", "the charset is declared more than once")
            .requirement("once")
            .actual(header.escape_debug().to_string())
    })
}

/// What an XML document says of its encoding against what the bytes and the header say.
fn labels_in_xml(subject: &Subject<'_, '_>) -> Vec<Finding> {
    let Some(document) = &subject.answer.document else { return Vec::new() };
    let finding = |message: String| Finding::new("charset", "body", message).requirement("declaration");
    document.encoding.conflicts().into_iter().map(finding).collect()
}

/// What an HTML page says of its charset against what it is read in.
fn label_of_page(subject: &Subject<'_, '_>) -> Option<Finding> {
    let label = subject.answer.page_charset.as_deref()?;
    let read_in = subject.answer.encoding;
    let message = match encoding(label) {
        Some(own) if own == read_in => return None,
        Some(_) => format!("the page says that its charset is `{label}`, it is read as {}", read_in.name()),
        None => format!("the page says that its charset is `{}`, which does not exist", label.escape_debug()),
    };
    Some(
        Finding::new("charset", "body", message)
            .requirement("page")
            .expected(read_in.name())
            .actual(label.escape_debug().to_string()),
    )
}

/// The bytes against the label.
fn bytes(subject: &Subject<'_, '_>, contract: Option<&str>) -> Option<Finding> {
    let answer = subject.answer;
    let body = &subject.response.body;
    let name = answer.encoding.name();
    let finding = |actual: &str, message: String| {
        Finding::new("charset", "body", message).requirement("bytes").expected(name).actual(actual.to_owned())
    };
    // A byte order mark overrules every label.
    if answer.bom && contract.is_some_and(|label| encoding(label) != Some(answer.encoding)) {
        let contract = contract.unwrap_or_default();
        return Some(finding(name, format!("the bytes are {name} where the contract has {contract}")));
    }
    if let Some(at) = answer.invalid_at {
        let byte = body.get(at).map_or(String::new(), |b| format!(" (0x{b:02X})"));
        return Some(match looks_like_gbk(body) {
            true if answer.encoding == UTF_8 => {
                finding("GBK", format!("the bytes are GBK, not {name}: byte {at}{byte} is not valid"))
            }
            _ => finding("invalid bytes", format!("byte {at}{byte} is not valid {name}")),
        });
    }
    // Two or more multi-byte sequences of valid UTF-8 are no accident in text of another charset.
    let is_utf8 = answer.encoding != UTF_8 && is_single_or_double_byte(answer.encoding);
    let sequences = || body.iter().filter(|b| **b >= 0xc2).count();
    if is_utf8 && !body.is_ascii() && sequences() >= 2 && std::str::from_utf8(body).is_ok() {
        return Some(finding("UTF-8", format!("the bytes are UTF-8, though the answer is read as {name}")));
    }
    None
}

fn is_single_or_double_byte(encoding: &'static Encoding) -> bool {
    encoding.is_ascii_compatible()
}

/// Characters that were lost before the answer was sent.
fn lost(subject: &Subject<'_, '_>) -> Option<Finding> {
    let text = &subject.answer.text;
    let replaced =
        || (!text.is_ascii() && text.contains('\u{fffd}')) || (has(text, b'\\') && text.contains("\\ufffd"));
    if subject.answer.invalid_at.is_none() && replaced() {
        return Some(
            Finding::new(
                "charset",
                "body",
                "a character was lost before the answer was sent: it holds U+FFFD",
            )
            .requirement("lost")
            .actual("U+FFFD"),
        );
    }
    let sent = |needle: &str| {
        subject.exchange.request.url.contains(needle)
            || String::from_utf8_lossy(&subject.exchange.request.body).contains(needle)
    };
    if has(text, b'?') && text.contains("???") && !sent("???") && !sent("%3F%3F%3F") {
        return Some(
            Finding::new(
                "charset",
                "body",
                "characters were lost before the answer was sent: it holds `???`",
            )
            .requirement("lost")
            .actual("???"),
        );
    }
    None
}

/// One byte is looked for much faster than a text, and most answers do not have it.
fn has(text: &str, byte: u8) -> bool {
    memchr::memchr(byte, text.as_bytes()).is_some()
}

/// Text that was read in another charset before it was sent: `æåŠŸ`, `³É¹¦` or `鎴愬姛` for `成功`.
fn garbled(subject: &Subject<'_, '_>) -> Option<Finding> {
    let answer = subject.answer;
    if answer.invalid_at.is_some() || answer.text.is_ascii() {
        return None;
    }
    let found = match answer.encoding == UTF_8 {
        true => twice_encoded(&answer.text),
        false if is_single_or_double_byte(answer.encoding) => {
            utf8_inside(&subject.response.body, answer.encoding)
        }
        false => None,
    }?;
    // What we sent ourselves comes back.
    let request = &subject.exchange.request;
    let (sent, _) = crate::http::charset::decode(&request.body, answer.encoding);
    if sent.contains(&found)
        || crate::http::charset::percent_decode(&request.url, answer.encoding.name()).contains(&found)
    {
        return None;
    }
    let shown: String = found.chars().take(40).collect();
    let message =
        format!("text was read in another charset before it was sent: it holds `{}`", shown.escape_debug());
    Some(Finding::new("charset", "body", message).requirement("garbled").actual(shown))
}

/// As many characters of Latin-1 beyond ASCII follow each other in no language.
const UNNATURAL: usize = 4;

/// The first run of Latin-1 letters whose bytes are UTF-8, or Chinese in GBK.
fn twice_encoded(text: &str) -> Option<String> {
    let is_latin = |c: char| ('\u{80}'..='\u{ff}').contains(&c);
    text.split(|c: char| !is_latin(c)).filter(|run| run.chars().count() >= UNNATURAL).find_map(|run| {
        let bytes: Vec<u8> = run.chars().map(|c| c as u8).collect();
        let chinese = encoding_rs::GBK
            .decode_without_bom_handling_and_without_replacement(&bytes)
            .is_some_and(|text| text.chars().all(is_ideograph));
        (chinese || std::str::from_utf8(&bytes).is_ok()).then(|| run.to_owned())
    })
}

/// The first run of bytes beyond ASCII that is UTF-8 in an answer of another charset: Chinese, or Chinese encoded twice.
fn utf8_inside(body: &[u8], encoding: &'static Encoding) -> Option<String> {
    body.split(u8::is_ascii).find_map(|run| {
        let text = std::str::from_utf8(run).ok()?;
        let chinese = text.chars().count() >= 2 && text.chars().all(is_ideograph);
        let twice = text.chars().count() >= UNNATURAL && text.chars().all(|c| c <= '\u{ff}');
        (chinese || twice).then(|| crate::http::charset::decode(run, encoding).0)
    })
}

fn is_ideograph(c: char) -> bool {
    ('\u{4e00}'..='\u{9fff}').contains(&c)
}

#[cfg(test)]
mod tests {
    use super::super::fixture::{Fixture, json, typed};

    fn messages(content_type: &str, body: &[u8], contract: Option<&str>) -> Vec<String> {
        let fixture = Fixture::default().charset(contract).answer(typed(content_type, body));
        fixture.check("charset").into_iter().map(|f| f.message).collect()
    }

    #[test]
    fn fires_on_a_wrong_label_and_on_wrong_bytes() {
        let gbk = b"{\"a\":\"\xb2\xca\xc1\xe5\"}";
        let utf8 = "{\"a\":\"彩铃\"}".as_bytes();
        assert_eq!(
            messages("application/json; charset=GBK", utf8, Some("GBK")),
            ["the bytes are UTF-8, though the answer is read as GBK"]
        );
        assert_eq!(
            messages("application/json; charset=utf-8", gbk, Some("GBK")),
            [
                "charset `utf-8` is declared where the contract has GBK",
                "the bytes are GBK, not UTF-8: byte 6 (0xB2) is not valid"
            ]
        );
        assert_eq!(
            messages("application/json", gbk, Some("GBK")),
            ["no charset is declared where the contract has GBK"]
        );
        assert_eq!(
            messages("application/json;charset=klingon", b"{}", None),
            ["charset `klingon` does not exist"]
        );
    }

    #[test]
    fn fires_on_lost_characters_and_a_byte_order_mark() {
        assert!(messages("application/json", b"{\"a\":\"??????\"}", None)[0].contains("`???`"));
        assert!(messages("application/json", "{\"a\":\"\u{fffd}\"}".as_bytes(), None)[0].contains("U+FFFD"));
        assert!(messages("application/json", b"\xef\xbb\xbf{}", None)[0].contains("byte order mark"));
    }

    #[test]
    fn fires_on_a_page_that_says_another_charset() {
        let check = |content_type: &str, body: &[u8]| {
            let findings = Fixture::default().pages().answer(typed(content_type, body)).check("charset");
            findings.into_iter().map(|f| f.message).collect::<Vec<_>>()
        };
        let page = |label: &str| format!("<meta charset={label}><title>\u{4ed8}</title>");
        assert_eq!(
            check("text/html;charset=utf-8", page("gb2312").as_bytes()),
            ["the page says that its charset is `gb2312`, it is read as UTF-8"]
        );
        let unknown = check("text/html", page("klingon").as_bytes());
        assert!(unknown[0].ends_with("is `klingon`, which does not exist"), "{unknown:?}");
        assert!(check("text/html;charset=utf-8", page("UTF-8").as_bytes()).is_empty());
        // Where nobody else says it, the page does.
        assert!(check("text/html", b"<meta charset=GBK><title>\xb2\xca</title>").is_empty());
        assert!(check("text/html", b"<title>\xb2\xca</title>")[0].starts_with("the bytes are GBK"));
    }

    /// `'成功'.encode('gbk').decode('latin-1')` and `.encode('utf-8').decode('latin-1')` in Python 3.11.
    #[test]
    fn fires_on_text_that_was_read_in_another_charset() {
        let in_utf8 =
            |text: &str| messages("application/json", format!("{{\"a\":\"{text}\"}}").as_bytes(), None);
        for garbled in ["\u{b3}\u{c9}\u{b9}\u{a6}", "\u{e6}\u{88}\u{90}\u{e5}\u{8a}\u{9f}"] {
            assert!(in_utf8(garbled)[0].contains("read in another charset"), "{garbled:?}");
        }
        assert!(in_utf8("成功, déjà-vu à ÀÉ").is_empty());
        let in_gbk = |value: &[u8]| {
            let body = [b"{\"b\":\"\xb2\xca\",\"a\":\"", value, b"\"}"].concat();
            messages("application/json; charset=GBK", &body, Some("GBK"))
        };
        assert!(in_gbk("成功".as_bytes())[0].contains("read in another charset"));
        assert!(in_gbk("\u{b3}\u{c9}\u{b9}\u{a6}".as_bytes())[0].contains("read in another charset"));
        // 谢谢 and 联通, whose GBK bytes are nearly UTF-8.
        assert!(in_gbk(b"\xd0\xbb\xd0\xbb \xc1\xaa\xcd\xa8 \xb3\xc9\xb9\xa6").is_empty());
    }

    #[test]
    fn is_silent_on_the_documented_charset() {
        assert!(
            messages("application/json; charset=gbk", b"{\"a\":\"\xb2\xca\xc1\xe5\"}", Some("GBK"))
                .is_empty()
        );
        assert!(Fixture::default().answer(json("{\"a\":\"what??\"}")).check("charset").is_empty());
    }
}
