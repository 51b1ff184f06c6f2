//! Media types (RFC 9110 section 8.3.1).

/// A parsed `Content-Type`.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct MediaType {
    /// `type/subtype`, lower case.
    pub essence: String,
    pub charset: Option<String>,
}

/// How the bytes of a media type are read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Syntax {
    Json,
    Xml,
    Form,
    Html,
    Text,
}

impl MediaType {
    /// `None` where the value is not `type/subtype` with parameters.
    pub fn parse(value: &str) -> Option<Self> {
        let mut parts = value.split(';');
        let essence = parts.next()?.trim().to_ascii_lowercase();
        let token = |s: &str| {
            !s.is_empty() && s.bytes().all(|b| b.is_ascii_graphic() && !b"()<>@,;:\\\"/[]?=".contains(&b))
        };
        let (kind, subtype) = essence.split_once('/')?;
        if !token(kind) || !token(subtype) {
            return None;
        }
        let charset = parts.find_map(|p| {
            let (name, value) = p.split_once('=')?;
            name.trim().eq_ignore_ascii_case("charset").then(|| value.trim().trim_matches('"').to_owned())
        });
        Some(Self { essence, charset })
    }

    pub fn syntax(&self) -> Syntax {
        syntax(&self.essence)
    }
}

pub fn syntax(essence: &str) -> Syntax {
    match essence.split_once('/') {
        Some((_, "json" | "x-json")) => Syntax::Json,
        Some((_, "xml")) => Syntax::Xml,
        Some((_, s)) if s.ends_with("+json") => Syntax::Json,
        Some((_, s)) if s.ends_with("+xml") => Syntax::Xml,
        Some((_, "x-www-form-urlencoded")) => Syntax::Form,
        Some(("text", "html")) => Syntax::Html,
        _ => Syntax::Text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn parses_what_servers_send() {
        let m = MediaType::parse("Application/JSON; Charset=\"GBK\"").unwrap();
        assert_eq!((m.essence.as_str(), m.charset.as_deref()), ("application/json", Some("GBK")));
        assert_eq!(MediaType::parse("text/xml").unwrap().syntax(), Syntax::Xml);
        assert_eq!(MediaType::parse("application/problem+json").unwrap().syntax(), Syntax::Json);
        assert_eq!(MediaType::parse("json"), None);
        assert_eq!(MediaType::parse("a b/c"), None);
    }
}
