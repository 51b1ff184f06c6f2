//! Signatures over a canonical string, as `x-proofmark.sign` declares them.

use super::signature::{Digest, SignOrder, SignSpec, SignatureEncoding};
use crate::expr::printed;
use crate::http::{charset, digest};
use serde_json::{Map, Value};

/// A signature and how it came about.
#[derive(Debug, Clone, PartialEq)]
pub struct Signature {
    pub value: String,
    /// The steps, a line each, with the secret shown as its name.
    pub steps: Vec<String>,
}

/// Signs the fields of a message. `Err` says which character the charset does not have.
pub fn sign(spec: &SignSpec, fields: &Map<String, Value>, secret: &str) -> Result<Signature, String> {
    let pairs = chosen(spec, fields);
    let written: Vec<String> =
        pairs.iter().map(|(name, value)| fill(&spec.pair, &[("{name}", name), ("{value}", value)])).collect();
    let joined = written.join(&spec.join);
    let canonical = fill(&spec.canonical, &[("{fields}", &joined), ("{secret}", secret)]);
    let name = spec.secret_name().unwrap_or("secret");
    let shown = fill(&spec.canonical, &[("{fields}", &joined), ("{secret}", &format!("<{name}>"))]);
    let bytes = charset::encode(&canonical, &spec.charset)
        .map_err(|c| format!("`{c}` cannot be written in {}", spec.charset))?;
    let key = secret.as_bytes();
    let raw = match spec.digest {
        Digest::Md5 => digest::md5(&bytes),
        Digest::Sha1 => digest::sha1(&bytes),
        Digest::Sha256 => digest::sha256(&bytes),
        Digest::HmacMd5 => digest::hmac_md5(key, &bytes),
        Digest::HmacSha1 => digest::hmac_sha1(key, &bytes),
        Digest::HmacSha256 => digest::hmac_sha256(key, &bytes),
    };
    let value = match spec.encoding {
        SignatureEncoding::LowerHex => digest::hex(&raw),
        SignatureEncoding::UpperHex => digest::hex(&raw).to_uppercase(),
        SignatureEncoding::Base64 => digest::base64(&raw),
    };
    let names: Vec<&str> = pairs.iter().map(|(name, _)| name.as_str()).collect();
    let order = match spec.order {
        SignOrder::Sorted => "sorted by name",
        SignOrder::Listed => "in the listed order",
    };
    let keyed = if spec.digest.is_keyed() { format!(" with the key <{name}>") } else { String::new() };
    let steps = vec![
        format!("fields {order}: {}", names.join(", ")),
        format!("canonical string ({}, {} bytes): {shown}", spec.charset, bytes.len()),
        format!("{}{keyed}: {}", spec.digest.as_str(), digest::hex(&raw)),
        format!("{}: {value}", spec.encoding.as_str()),
    ];
    Ok(Signature { value, steps })
}

fn chosen(spec: &SignSpec, fields: &Map<String, Value>) -> Vec<(String, String)> {
    let mut pairs: Vec<(String, String)> = match &spec.fields {
        Some(names) => names.iter().filter_map(|n| Some((n.clone(), printed(fields.get(n)?)))).collect(),
        None => fields.iter().map(|(n, v)| (n.clone(), printed(v))).collect(),
    };
    pairs.retain(|(name, value)| !(spec.exclude.contains(name) || spec.skip_empty && value.is_empty()));
    if spec.order == SignOrder::Sorted {
        pairs.sort();
    }
    pairs
}

/// Replaces placeholders in one pass, so that a value that looks like a placeholder stays what it is.
fn fill(pattern: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(pattern.len() + 64);
    let mut rest = pattern;
    while let Some((at, (mark, value))) =
        values.iter().filter_map(|v| Some((rest.find(v.0)?, v))).min_by_key(|(at, _)| *at)
    {
        out.push_str(&rest[..at]);
        out.push_str(value);
        rest = &rest[at + mark.len()..];
    }
    out.push_str(rest);
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::contract::SignIn;
    use crate::model::source::{At, Location, Span};
    use serde_json::json;

    fn spec(digest: Digest, encoding: SignatureEncoding) -> SignSpec {
        SignSpec {
            fields: None,
            exclude: vec!["sign".into()],
            skip_empty: true,
            order: SignOrder::Sorted,
            pair: "{name}={value}".into(),
            join: "&".into(),
            canonical: "{fields}".into(),
            secret: Some(At::new("KEY".into(), Span::default())),
            digest,
            encoding,
            charset: "UTF-8".into(),
            place: SignIn::Body,
            name: "sign".into(),
            location: Location { file: String::new(), line: 0, column: 0 },
            doc: None,
        }
    }

    fn fields() -> Map<String, Value> {
        let Value::Object(map) = json!({"b": "2", "a": "{value}", "empty": "", "sign": "x", "n": 3}) else {
            unreachable!()
        };
        map
    }

    /// `printf 'a={value}&b=2&n=3' | openssl dgst -sha1 -hmac key -binary | base64`
    #[test]
    fn hmac_over_sorted_pairs() {
        let signature = sign(&spec(Digest::HmacSha1, SignatureEncoding::Base64), &fields(), "key").unwrap();
        assert_eq!(signature.value, "AQvO2W3Py8E9Sa+WuLTObKDZ6Vw=");
        assert_eq!(signature.steps[1], "canonical string (UTF-8, 17 bytes): a={value}&b=2&n=3");
        assert!(signature.steps.iter().all(|s| !s.contains("key") || s.contains("<KEY>")));
    }

    /// Alipay's `sign` of a payment form: everything but `sign` and `sign_type`, without a key.
    ///
    /// `printf '_input_charset=utf-8&body=7:s1&subject=数据卡,流量&total_fee=12.50' | md5sum`
    #[test]
    fn md5_without_a_secret_over_all_but_two_fields() {
        let Value::Object(fields) = json!({
            "sign": "old", "total_fee": "12.50", "_input_charset": "utf-8", "sign_type": "MD5", "show_url": "",
            "subject": "数据卡,流量", "body": "7:s1"
        }) else {
            unreachable!()
        };
        let spec = SignSpec {
            exclude: vec!["sign".into(), "sign_type".into()],
            secret: None,
            ..spec(Digest::Md5, SignatureEncoding::LowerHex)
        };
        let signature = sign(&spec, &fields, "").unwrap();
        assert_eq!(signature.value, "84b953c1a1eb946b6a7bce6e67f064c4");
        assert_eq!(signature.steps[0], "fields sorted by name: _input_charset, body, subject, total_fee");
    }

    /// `printf '2{value}key' | md5sum`
    #[test]
    fn md5_with_the_secret_inside_and_a_listed_order() {
        let spec = SignSpec {
            fields: Some(vec!["b".into(), "a".into(), "missing".into()]),
            order: SignOrder::Listed,
            pair: "{value}".into(),
            join: String::new(),
            canonical: "{fields}{secret}".into(),
            ..spec(Digest::Md5, SignatureEncoding::UpperHex)
        };
        let signature = sign(&spec, &fields(), "key").unwrap();
        assert_eq!(signature.value, "8F0E0F24F3F488E5133C41FDA58B4CD2");
        assert!(signature.steps[1].ends_with("2{value}<KEY>"));
    }
}
