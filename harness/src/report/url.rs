//! URLs for formats that want an absolute URI (RFC 3986), where the record has what went over the wire.

use crate::record::RequestRecord;

/// The URL of a request as a URI. Callbacks are recorded with a path only: their `host` says the rest. What a URI cannot
/// have (a `%` that begins no escape, a space) is percent-encoded.
pub fn absolute(request: &RequestRecord) -> String {
    let url = request.url.as_str();
    let begins = url.find("://").filter(|at| url[..*at].bytes().all(|b| b.is_ascii_alphabetic()));
    let (authority, rest) = match begins {
        Some(at) => {
            let start = at + 3;
            let end = url[start..].find(['/', '?', '#']).map_or(url.len(), |end| start + end);
            (url[..end].to_owned(), &url[end..])
        }
        None => {
            let host = request.headers.iter().find(|(name, _)| name.eq_ignore_ascii_case("host"));
            (format!("http://{}", host.map_or("", |(_, host)| host)), url)
        }
    };
    let host = authority.split_once("://").map_or("", |(_, host)| host);
    let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._~:@[]!$&'()*+,;=".contains(&b);
    let known = !host.is_empty() && host.bytes().all(plain);
    let slash = if rest.is_empty() || rest.starts_with(['/', '?', '#']) { "" } else { "/" };
    let authority = if known { authority } else { "http://unknown.invalid".to_owned() };
    format!("{authority}{slash}{}", encoded(rest))
}

/// Path, query and fragment in characters that a URI has there.
fn encoded(text: &str) -> String {
    let bytes = text.as_bytes();
    let mut out = String::with_capacity(text.len());
    let mut fragment = false;
    for (at, byte) in bytes.iter().copied().enumerate() {
        let escape = bytes.get(at + 1..at + 3).is_some_and(|pair| pair.iter().all(u8::is_ascii_hexdigit));
        let allowed = match byte {
            b'%' => escape,
            b'#' => !std::mem::replace(&mut fragment, true),
            byte => byte.is_ascii_alphanumeric() || b"-._~:@!$&'()*+,;=/?".contains(&byte),
        };
        match allowed {
            true => out.push(char::from(byte)),
            false => out.push_str(&format!("%{byte:02X}")),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(url: &str, host: &str) -> String {
        absolute(&RequestRecord {
            method: "GET".into(),
            url: url.into(),
            headers: vec![("Host".into(), host.into())],
            body: Default::default(),
        })
    }

    #[test]
    fn what_is_a_uri_stays() {
        for url in ["http://127.0.0.1:1/a/b?c=%D2&d=e;f#g", "https://[::1]:8/", "http://a.example"] {
            assert_eq!(of(url, "b.example"), url);
        }
    }

    #[test]
    fn what_is_none_becomes_one() {
        assert_eq!(of("/callback?a=b", "127.0.0.1:9"), "http://127.0.0.1:9/callback?a=b");
        assert_eq!(of("/callback", "a b\r\n"), "http://unknown.invalid/callback");
        assert_eq!(
            of("http://h.example/?p=%D2%&q= \"é#a#b", ""),
            "http://h.example/?p=%D2%25&q=%20%22%C3%A9#a%23b"
        );
        assert_eq!(of("*", "h.example"), "http://h.example/*");
        assert_eq!(of("", ""), "http://unknown.invalid");
    }
}
