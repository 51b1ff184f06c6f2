//! Defects of xsd-schema 0.3.0 that are corrected here.

use xsd_schema::validation::ValidationError;

/// Whether `error` is one that XML Schema does not know.
///
/// `xs:base64Binary` may have a space between any two characters (Part 2, section 3.2.16), and line-wrapped base64 does
/// once its white space is collapsed. The validator refuses the first space. The facets of such a value go unchecked.
pub(crate) fn is_mistaken(error: &ValidationError) -> bool {
    let value = error.message.strip_prefix("Invalid base64Binary value '");
    let Some((value, symbol)) = value.and_then(|rest| rest.rsplit_once("': Invalid symbol ")) else {
        return false;
    };
    let is_space = ["9,", "10,", "13,", "32,"].iter().any(|code| symbol.starts_with(code));
    is_space && is_base64(&value.replace(crate::xml::chars::is_space, ""))
}

/// Base64 with its padding, and no bits beyond the last byte.
fn is_base64(text: &str) -> bool {
    const ALPHABET: &str = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    let digits = text.strip_suffix("==").or_else(|| text.strip_suffix('=')).unwrap_or(text);
    let values: Option<Vec<usize>> = digits.chars().map(|c| ALPHABET.find(c)).collect();
    let Some(values) = values else { return false };
    let unused_bits = match text.len() - digits.len() {
        0 => 1,
        1 => 4,
        _ => 16,
    };
    text.len().is_multiple_of(4) && values.last().is_none_or(|last| last % unused_bits == 0)
}
