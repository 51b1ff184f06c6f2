//! In which language messages are.

use axum::http::HeaderValue;

use crate::fault::Faults;

use super::faults;

/// The languages that messages are there in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Language {
    /// `zh-CN`, the documented default.
    Chinese,
    /// `en-US`.
    English,
}

impl Language {
    /// The language that an `Accept-Language` header (RFC 9110 section 12.5.4) likes best; of several liked equally,
    /// the first.
    pub(super) fn negotiate(faults: &Faults, header: Option<&HeaderValue>) -> Language {
        if faults.has(&faults::LANGUAGE_IGNORED) {
            return Language::Chinese;
        }
        let ranges = header.and_then(|header| header.to_str().ok()).unwrap_or_default();
        let mut best = (Language::Chinese, 0.0);
        for (language, quality) in ranges.split(',').filter_map(range) {
            if quality > best.1 {
                best = (language, quality);
            }
        }
        best.0
    }
}

/// One range that is a language we have, and how much it is liked.
fn range(text: &str) -> Option<(Language, f64)> {
    let (tag, parameters) = text.split_once(';').unwrap_or((text, ""));
    let language = match tag.trim().to_ascii_lowercase().split('-').next()? {
        "zh" | "*" => Language::Chinese,
        "en" => Language::English,
        _ => return None,
    };
    let quality = match parameters.trim().strip_prefix("q=") {
        Some(quality) => quality.trim().parse().ok()?,
        None => 1.0,
    };
    Some((language, quality))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn negotiates() {
        let faults = Faults::resolve(&[]).unwrap();
        for (header, language) in [
            ("zh-CN", Language::Chinese),
            ("en-US", Language::English),
            ("EN", Language::English),
            ("fr, en;q=0.5, zh;q=0.4", Language::English),
            ("en;q=0.5,zh-TW", Language::Chinese),
            ("en;q=0", Language::Chinese),
            ("fr", Language::Chinese),
            ("", Language::Chinese),
            (";;,=q", Language::Chinese),
            ("*", Language::Chinese),
        ] {
            let header = HeaderValue::from_static(header);
            assert_eq!(Language::negotiate(&faults, Some(&header)), language, "{header:?}");
        }
        assert_eq!(Language::negotiate(&faults, None), Language::Chinese);
    }
}
