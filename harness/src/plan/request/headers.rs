//! The headers of a request, and what says who it is from.

use crate::contract::{Operation, ParameterIn};
use crate::expr::printed;
use crate::http::auth::{Credential, KeyPlace};
use crate::http::charset;
use crate::http::media_type::{Syntax, syntax};
use serde_json::Value;

/// JSON is UTF-8 and says so by being JSON (RFC 8259 section 8.1); other text names its charset.
pub(super) fn content_type(media_type: &str, charset: &str) -> String {
    match syntax(media_type) {
        Syntax::Json if charset.eq_ignore_ascii_case("utf-8") => media_type.to_owned(),
        Syntax::Form => media_type.to_owned(),
        _ if media_type.contains(';') => media_type.to_owned(),
        _ => format!("{media_type}; charset={charset}"),
    }
}

pub(super) fn parameter_headers(
    operation: &Operation,
    parameters: &[(String, Value)],
    headers: &mut Vec<(String, Vec<u8>)>,
) {
    let mut cookies = Vec::new();
    for (name, value) in parameters {
        match operation.parameter(name).map(|p| p.place) {
            Some(ParameterIn::Header) => put_new(headers, name, printed(value).into_bytes()),
            Some(ParameterIn::Cookie) => cookies.push(format!("{name}={}", printed(value))),
            _ => {}
        }
    }
    if !cookies.is_empty() {
        put_new(headers, "Cookie", cookies.join("; ").into_bytes());
    }
}

/// Adds credentials, unless the step itself gives something of that name.
pub(super) fn apply(credential: &Credential, url: &mut String, headers: &mut Vec<(String, Vec<u8>)>) {
    let Credential { place, name, value, .. } = credential;
    let encode = |text: &str| charset::percent_encode(text, "utf-8").unwrap_or_default();
    match place {
        KeyPlace::Header => put_new(headers, name, value.clone().into_bytes()),
        KeyPlace::Query => {
            let pair = format!("{}={}", encode(name), encode(value));
            let query = url.split_once('?').map(|(_, query)| query.to_owned());
            let named = format!("{}=", encode(name));
            match query {
                Some(query) if query.split('&').any(|pair| pair.starts_with(&named)) => {}
                Some(query) if query.is_empty() => url.push_str(&pair),
                Some(_) => url.push_str(&format!("&{pair}")),
                None => url.push_str(&format!("?{pair}")),
            }
        }
        KeyPlace::Cookie => {
            let pair = format!("{name}={value}");
            let cookies = headers.iter_mut().find(|(n, _)| n.eq_ignore_ascii_case("cookie"));
            let Some((_, cookies)) = cookies else { return put_new(headers, "Cookie", pair.into_bytes()) };
            let text = String::from_utf8_lossy(cookies).into_owned();
            if !text.split(';').any(|cookie| cookie.trim().starts_with(&format!("{name}="))) {
                *cookies = format!("{text}; {pair}").into_bytes();
            }
        }
    }
}

pub(super) fn put(headers: &mut Vec<(String, Vec<u8>)>, name: &str, value: Vec<u8>) {
    headers.retain(|(n, _)| !n.eq_ignore_ascii_case(name));
    headers.push((name.to_owned(), value));
}

pub(super) fn put_new(headers: &mut Vec<(String, Vec<u8>)>, name: &str, value: Vec<u8>) {
    if !headers.iter().any(|(n, _)| n.eq_ignore_ascii_case(name)) {
        headers.push((name.to_owned(), value));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn content_types_name_the_charset_where_it_matters() {
        assert_eq!(content_type("application/json", "UTF-8"), "application/json");
        assert_eq!(content_type("text/xml", "UTF-8"), "text/xml; charset=UTF-8");
        assert_eq!(content_type("application/json", "GBK"), "application/json; charset=GBK");
    }
}
