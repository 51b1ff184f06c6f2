//! Subscriber numbers.

/// Whether a text is `84` and nine digits.
pub(super) fn is_msisdn(text: &str) -> bool {
    text.len() == 11 && text.starts_with("84") && is_digits(text)
}

/// Whether a text is digits and nothing else.
pub(super) fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

/// Whether a text is a bigint of the document: 1 to 19 digits.
pub(super) fn is_bigint(text: &str) -> bool {
    is_digits(text) && text.len() <= 19
}
