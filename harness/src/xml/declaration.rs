//! The XML declaration (XML 1.0 section 2.8): version, then encoding, then standalone.

use super::chars;
use super::error::quoted;

/// Checks what is between `<?` and `?>` of an XML declaration. `Err` is a message without a position.
pub(crate) fn check(inner: &str) -> Result<(), String> {
    let mut rest = inner.strip_prefix("xml").unwrap_or(inner);
    let mut expected = ["version", "encoding", "standalone"].as_slice();
    let mut seen_version = false;
    loop {
        let trimmed = rest.trim_start_matches(chars::is_space);
        if trimmed.is_empty() {
            return if seen_version {
                Ok(())
            } else {
                Err("the XML declaration has no `version`".to_owned())
            };
        }
        if trimmed.len() == rest.len() {
            return Err("white space is missing in the XML declaration".to_owned());
        }
        let (name, value, after) = pseudo_attribute(trimmed)?;
        let Some(at) = expected.iter().position(|known| *known == name) else {
            return Err(format!("`{}` does not belong there in the XML declaration", quoted(name)));
        };
        if !seen_version && name != "version" {
            return Err("the XML declaration does not begin with `version`".to_owned());
        }
        check_value(name, value)?;
        seen_version = true;
        expected = &expected[at + 1..];
        rest = after;
    }
}

fn pseudo_attribute(text: &str) -> Result<(&str, &str, &str), String> {
    let malformed = || format!("malformed XML declaration at `{}`", quoted(text));
    let (name, rest) = text.split_once('=').ok_or_else(malformed)?;
    let rest = rest.trim_start_matches(chars::is_space);
    let quote = rest.chars().next().filter(|c| matches!(c, '"' | '\'')).ok_or_else(malformed)?;
    let (value, after) = rest[1..].split_once(quote).ok_or_else(malformed)?;
    Ok((name.trim_end_matches(chars::is_space), value, after))
}

fn check_value(name: &str, value: &str) -> Result<(), String> {
    let fits = match name {
        "version" => {
            value.strip_prefix("1.").is_some_and(|n| !n.is_empty() && n.bytes().all(|b| b.is_ascii_digit()))
        }
        "encoding" => {
            value.starts_with(|c: char| c.is_ascii_alphabetic())
                && value.bytes().all(|b| b.is_ascii_alphanumeric() || b"._-".contains(&b))
        }
        _ => matches!(value, "yes" | "no"),
    };
    if fits { Ok(()) } else { Err(format!("`{}` is no {name} of an XML declaration", quoted(value))) }
}
