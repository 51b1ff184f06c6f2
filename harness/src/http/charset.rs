//! Charsets of bodies, queries and forms: text to bytes and back, with nothing silently replaced.

use encoding_rs::{Encoding, GBK, UTF_8};

/// The encoding of a label (WHATWG Encoding Standard section 4.2), e.g. `GBK`, `utf-8`.
pub fn encoding(label: &str) -> Option<&'static Encoding> {
    Encoding::for_label(label.trim().as_bytes())
}

/// Text as bytes; `Err` with the first character that the charset does not have.
pub fn encode(text: &str, label: &str) -> Result<Vec<u8>, char> {
    let encoding = encoding(label).unwrap_or(UTF_8);
    if encoding == UTF_8 {
        return Ok(text.as_bytes().to_vec());
    }
    let mut out = Vec::with_capacity(text.len());
    let mut buffer = [0; 8];
    for c in text.chars() {
        let (bytes, _, unmappable) = encoding.encode(c.encode_utf8(&mut buffer));
        if unmappable {
            return Err(c);
        }
        out.extend_from_slice(&bytes);
    }
    Ok(out)
}

/// Bytes as text, and the offset of the first byte that is not valid in the charset.
pub fn decode(bytes: &[u8], encoding: &'static Encoding) -> (String, Option<usize>) {
    if let Some(text) = encoding.decode_without_bom_handling_and_without_replacement(bytes) {
        return (text.into_owned(), None);
    }
    let (text, _) = encoding.decode_without_bom_handling(bytes);
    (text.into_owned(), Some(first_invalid(bytes, encoding)))
}

fn first_invalid(bytes: &[u8], encoding: &'static Encoding) -> usize {
    if encoding == UTF_8 {
        return std::str::from_utf8(bytes).err().map_or(bytes.len(), |e| e.valid_up_to());
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let mut out = String::with_capacity(bytes.len() * 3 + 16);
    match decoder.decode_to_string_without_replacement(bytes, &mut out, true) {
        (encoding_rs::DecoderResult::Malformed(bad, after), read) => {
            read.saturating_sub(usize::from(bad) + usize::from(after))
        }
        (_, read) => read,
    }
}

/// Whether bytes that are not valid UTF-8 read as GBK text with Chinese in it: the usual mislabelling.
pub fn looks_like_gbk(bytes: &[u8]) -> bool {
    std::str::from_utf8(bytes).is_err()
        && GBK
            .decode_without_bom_handling_and_without_replacement(bytes)
            .is_some_and(|text| text.chars().any(|c| ('\u{4e00}'..='\u{9fff}').contains(&c)))
}

/// Percent-encodes text in a charset: everything but RFC 3986 unreserved characters, space as `%20`.
pub fn percent_encode(text: &str, label: &str) -> Result<String, char> {
    let mut out = String::with_capacity(text.len());
    for byte in encode(text, label)? {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'.' | b'_' | b'~' => out.push(char::from(byte)),
            _ => out.push_str(&format!("%{byte:02X}")),
        }
    }
    Ok(out)
}

/// Takes percent-encoding and `+` off, in a charset. Bytes that are not valid in it become U+FFFD.
pub fn percent_decode(text: &str, label: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = Vec::with_capacity(bytes.len());
    let mut at = 0;
    while at < bytes.len() {
        let pair = bytes.get(at + 1..at + 3).and_then(|p| std::str::from_utf8(p).ok());
        match (bytes[at], pair.and_then(|p| u8::from_str_radix(p, 16).ok())) {
            (b'%', Some(byte)) => {
                out.push(byte);
                at += 2;
            }
            (b'+', _) => out.push(b' '),
            (byte, _) => out.push(byte),
        }
        at += 1;
    }
    decode(&out, encoding(label).unwrap_or(UTF_8)).0
}

/// The name/value pairs of a query or a form, decoded; a name that stands more than once has a list of its values.
pub fn pairs(query: &str, label: &str) -> serde_json::Map<String, serde_json::Value> {
    let mut map = serde_json::Map::new();
    for pair in query.split('&').filter(|pair| !pair.is_empty()) {
        let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
        let value = serde_json::Value::String(percent_decode(value, label));
        match map.entry(percent_decode(name, label)) {
            serde_json::map::Entry::Vacant(entry) => {
                entry.insert(value);
            }
            serde_json::map::Entry::Occupied(mut entry) => match entry.get_mut() {
                serde_json::Value::Array(list) => list.push(value),
                first => *first = serde_json::Value::Array(vec![first.take(), value]),
            },
        }
    }
    map
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Vectors: `'彩铃'.encode('gbk')` in Python 3.11.
    #[test]
    fn gbk_both_ways() {
        assert_eq!(percent_encode("彩铃 1", "GBK"), Ok("%B2%CA%C1%E5%201".into()));
        assert_eq!(percent_decode("%B2%CA%C1%E5%201", "gbk"), "彩铃 1");
        assert_eq!(encode("a😀", "shift_jis"), Err('😀'));
    }

    #[test]
    fn invalid_bytes_are_found_where_they_are() {
        assert_eq!(decode(b"ab\xb2\xca", UTF_8).1, Some(2));
        assert_eq!(decode(b"\xb2\xcaab\xff\xff", GBK).1, Some(4));
        assert_eq!(decode(b"\xb2\xca", GBK), ("彩".into(), None));
        assert!(looks_like_gbk(b"{\"cause\":\"\xb2\xca\"}"));
        assert!(!looks_like_gbk("{\"cause\":\"彩\"}".as_bytes()));
    }

    #[test]
    fn broken_percent_encoding_stays_as_it_is() {
        assert_eq!(percent_decode("100%&%zz%4", "utf-8"), "100%&%zz%4");
        assert_eq!(
            serde_json::Value::Object(pairs("a=1&b&a=2&=x", "utf-8")),
            serde_json::json!({"a": ["1", "2"], "b": "", "": "x"})
        );
    }
}
