//! Percent-encoding of bytes (RFC 3986 section 2.1), in whatever charset the bytes are.

/// The bytes that a query component stands for, with `+` as a space as HTML forms and servlets have it.
/// `None` if a `%` is not followed by two hexadecimal digits.
pub(crate) fn decode(text: &str) -> Option<Vec<u8>> {
    let mut bytes = Vec::with_capacity(text.len());
    let mut rest = text.bytes();
    while let Some(byte) = rest.next() {
        bytes.push(match byte {
            b'%' => hex(rest.next()?)? << 4 | hex(rest.next()?)?,
            b'+' => b' ',
            other => other,
        });
    }
    Some(bytes)
}

/// Every byte but the unreserved ones (RFC 3986 section 2.3) as `%XX`.
pub(crate) fn encode(bytes: &[u8]) -> String {
    const HEX: &[u8; 16] = b"0123456789ABCDEF";
    let mut text = String::with_capacity(bytes.len());
    for &byte in bytes {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            text.push(char::from(byte));
        } else {
            text.push('%');
            text.push(char::from(HEX[usize::from(byte >> 4)]));
            text.push(char::from(HEX[usize::from(byte & 15)]));
        }
    }
    text
}

fn hex(digit: u8) -> Option<u8> {
    char::from(digit).to_digit(16).and_then(|value| u8::try_from(value).ok())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decodes_bytes_of_any_charset() {
        assert_eq!(decode("a%C4%e3+b%2B").as_deref(), Some(&b"a\xC4\xE3 b+"[..]));
        assert_eq!(decode("%00%ff").as_deref(), Some(&b"\x00\xFF"[..]));
    }

    #[test]
    fn broken_escapes_are_none() {
        for text in ["%", "%4", "%zz", "%4g", "a%", "%%41", "%+1"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }

    #[test]
    fn encodes_all_but_unreserved() {
        assert_eq!(encode(b"aZ9-._~ \xC4\xE3&"), "aZ9-._~%20%C4%E3%26");
        let all: Vec<u8> = (0..=255).collect();
        assert_eq!(decode(&encode(&all)), Some(all));
    }
}
