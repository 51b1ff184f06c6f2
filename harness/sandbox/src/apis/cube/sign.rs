//! The signature. The document shows one (with the length of base64 of 20 bytes) and no rule; assumed is
//! base64(HMAC-SHA1(secret, canonical)), where canonical is `name=value` of all non-empty fields but `sign`, in byte
//! order of the names, joined by `&`, in UTF-8.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha1::Sha1;

use super::fields::Fields;

/// Whether `sign` is the signature of the fields, compared in constant time.
pub(super) fn is_valid(secret: &str, fields: &Fields, sign: &str) -> bool {
    let Ok(sign) = STANDARD.decode(sign) else { return false };
    let Ok(mut mac) = Hmac::<Sha1>::new_from_slice(secret.as_bytes()) else { return false };
    mac.update(canonical(fields).as_bytes());
    mac.verify_slice(&sign).is_ok()
}

fn canonical(fields: &Fields) -> String {
    let signed = fields.iter().filter(|(name, value)| *name != "sign" && !value.is_empty());
    signed.map(|(name, value)| format!("{name}={value}")).collect::<Vec<_>>().join("&")
}

#[cfg(test)]
mod tests {
    use super::*;

    const BODY: &str = r#"{"b": "2", "a": "联 1&", "B": "0", "c": "", "sign": "x"}"#;

    #[test]
    fn canonical_text() {
        let fields = Fields::parse(&crate::fault::Faults::resolve(&[]).unwrap(), BODY.as_bytes()).unwrap();
        assert_eq!(canonical(&fields), "B=0&a=联 1&&b=2");
    }

    /// `printf 'B=0&a=联 1&&b=2' | openssl dgst -sha1 -hmac key -binary | base64`
    #[test]
    fn matches_openssl() {
        let fields = Fields::parse(&crate::fault::Faults::resolve(&[]).unwrap(), BODY.as_bytes()).unwrap();
        assert!(is_valid("key", &fields, "UMSVofIK9PKLxYLfoAfQbl9W5Oo="));
        assert!(!is_valid("other", &fields, "UMSVofIK9PKLxYLfoAfQbl9W5Oo="));
        for sign in ["", "x", "AAAAAAAAAAAAAAAAAAAAAAAAAAA=", "UMSVofIK9PKLxYLfoAfQ"] {
            assert!(!is_valid("key", &fields, sign), "{sign}");
        }
    }
}
