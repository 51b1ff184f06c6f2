//! Secrets inside what is encoded whole: the hex or base64 of a text that has them, percent-encoded or in JSON, say.

use crate::http::digest;
use base64::engine::{DecodePaddingMode, GeneralPurpose, GeneralPurposeConfig};
use base64::{Engine, alphabet};

/// A run may end anywhere in a group: what followed may have been taken out, or cut.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &alphabet::STANDARD,
    GeneralPurposeConfig::new()
        .with_decode_allow_trailing_bits(true)
        .with_decode_padding_mode(DecodePaddingMode::RequireNone),
);
/// A shorter run of letters and digits is a word; secrets by themselves are found in any form (`redact`).
const SHORTEST: usize = 24;

/// The bytes with every run of hex or base64 cleaned of what `clean` takes out of the decoded; `None` when there is
/// nothing to take out.
pub fn without(bytes: &[u8], clean: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> Option<Vec<u8>> {
    let mut out = Vec::new();
    let mut copied = 0;
    let mut at = 0;
    while at < bytes.len() {
        let length = bytes[at..].iter().take_while(|b| is_encoded(**b)).count();
        if length >= SHORTEST
            && let Some(cleaned) = run(&bytes[at..at + length], clean)
        {
            out.extend_from_slice(&bytes[copied..at]);
            out.extend_from_slice(cleaned.as_bytes());
            // What filled up the last group of base64 belongs to what is gone.
            let filled = bytes[at + length..].iter().take(2).take_while(|b| **b == b'=').count();
            copied = at + length + filled;
        }
        at += length.max(1);
    }
    if copied == 0 {
        return None;
    }
    out.extend_from_slice(&bytes[copied..]);
    Some(out)
}

/// Whether hex or base64, the URL-safe one too, has a byte.
pub fn is_encoded(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b"+/-_".contains(&byte)
}

/// One run, which may have other characters before it: every way to cut it into groups is tried.
fn run(run: &[u8], clean: &dyn Fn(&[u8]) -> Option<Vec<u8>>) -> Option<String> {
    let text = std::str::from_utf8(run).ok()?;
    if run.iter().all(u8::is_ascii_hexdigit) {
        let found = (0..2).find_map(|skipped| Some((skipped, clean(&from_hex(&text[skipped..])?)?)));
        if let Some((skipped, clean)) = found {
            return Some(format!("{}{}", &text[..skipped], digest::hex(&clean)));
        }
    }
    let plain = text.replace('-', "+").replace('_', "/");
    (0..4).find_map(|skipped| {
        let rest = &plain[skipped..];
        // A single character is no group.
        let whole = if rest.len() % 4 == 1 { &rest[..rest.len() - 1] } else { rest };
        let clean =
            Some(LENIENT.decode(whole).ok()?).filter(|text| is_text(text)).and_then(|text| clean(&text))?;
        Some(format!("{}{}", &text[..skipped], digest::base64(&clean)))
    })
}

/// Ids and digests decode to anything but text, and so does text at a wrong offset.
fn is_text(bytes: &[u8]) -> bool {
    let odd = bytes.iter().filter(|b| !matches!(b, b' '..=b'~' | b'\n' | b'\r' | b'\t')).count();
    odd * 4 <= bytes.len()
}

/// Whole bytes of hex; half a byte at the end is left out.
fn from_hex(text: &str) -> Option<Vec<u8>> {
    let digit = |byte: u8| char::from(byte).to_digit(16);
    let pairs = text.as_bytes().as_chunks::<2>().0.iter();
    pairs.map(|[high, low]| u8::try_from(digit(*high)? * 16 + digit(*low)?).ok()).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_encoded_text_goes_and_the_rest_stays() {
        let clean = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.contains("s3cret").then(|| text.replace("s3cret", "[KEY]").into_bytes())
        };
        let line = b"GET /things?key=s3cret&more=0123456789 HTTP/1.1";
        let (hex, base64) = (digest::hex(line), digest::base64(line));
        let expected = b"GET /things?key=[KEY]&more=0123456789 HTTP/1.1";
        for before in ["", "x", "xy", "xyz", "a: "] {
            let found = without(format!("{before}{base64}, more").as_bytes(), &clean).expect("a secret");
            let text = String::from_utf8(found).expect("text");
            assert_eq!(text, format!("{before}{}, more", digest::base64(expected)));
        }
        for before in ["", "a", "in "] {
            let found = without(format!("{before}{hex}").as_bytes(), &clean).expect("a secret");
            assert_eq!(String::from_utf8(found).expect("text"), format!("{before}{}", digest::hex(expected)));
        }
        let url_safe = base64.trim_end_matches('=').replace('+', "-").replace('/', "_");
        assert!(without(url_safe.as_bytes(), &clean).is_some());
        let cut = format!("{}[OTHER]", &base64[..base64.len() - 7]);
        assert!(without(cut.as_bytes(), &clean).is_some());
        let innocent = "a word, 0123456789abcdef0123456789abcdef, TG9yZW0gaXBzdW0gZG9sb3Igc2l0IGFtZXQ=";
        assert_eq!(without(innocent.as_bytes(), &clean), None);
    }
}
