//! GBK, strictly: one or two bytes a character, and each character in one way only.

use encoding_rs::GBK;

/// The text that GBK bytes stand for. `None` if they are not GBK.
///
/// The WHATWG decoder that `encoding_rs` implements also takes four-byte GB18030 and second spellings of a character;
/// those would be echoed as other bytes than were sent, so they are refused here.
pub(crate) fn decode(bytes: &[u8]) -> Option<String> {
    let text = GBK.decode_without_bom_handling_and_without_replacement(bytes)?;
    let (again, _, unmappable) = GBK.encode(&text);
    (!unmappable && *again == *bytes).then(|| text.into_owned())
}

/// The bytes of a text in GBK; a character that GBK does not have becomes `?`.
pub(crate) fn encode(text: &str) -> Vec<u8> {
    let (bytes, _, unmappable) = GBK.encode(text);
    if !unmappable {
        return bytes.into_owned();
    }
    // encoding_rs would leave `&#N;`, which is for HTML forms.
    let mut bytes = Vec::with_capacity(text.len());
    let mut buffer = [0; 4];
    for character in text.chars() {
        match GBK.encode(character.encode_utf8(&mut buffer)) {
            (encoded, _, false) => bytes.extend_from_slice(&encoded),
            (_, _, true) => bytes.push(b'?'),
        }
    }
    bytes
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `'联通包月'.encode('gbk')` in Python 3.
    const BYTES: &[u8] = b"\xC1\xAA\xCD\xA8\xB0\xFC\xD4\xC2";

    #[test]
    fn matches_python() {
        assert_eq!(encode("联通包月"), BYTES);
        assert_eq!(decode(BYTES).as_deref(), Some("联通包月"));
    }

    /// `'乗'.encode('gbk')` in Python 3: the second byte of a character may be a backslash.
    #[test]
    fn second_bytes_may_be_ascii() {
        assert_eq!(decode(b"\x81\x5C").as_deref(), Some("乗"));
        assert_eq!(encode("乗"), b"\x81\x5C");
    }

    #[test]
    fn what_is_not_gbk_is_refused() {
        let four_byte_gb18030 = b"\x81\x30\x81\x30";
        let second_spelling_of_the_euro_sign = b"\xA2\xE3";
        let not_gbk: [&[u8]; 6] = [
            b"\xFF",
            b"\xC4",
            b"a\xC1\xAA\xCD",
            four_byte_gb18030,
            second_spelling_of_the_euro_sign,
            "联通".as_bytes(),
        ];
        for bytes in not_gbk {
            assert_eq!(decode(bytes), None, "{bytes:?}");
        }
    }

    #[test]
    fn what_gbk_lacks_becomes_a_question_mark() {
        assert_eq!(encode("联😀a"), b"\xC1\xAA?a");
    }
}
