//! Entity and character references, and the normalisation of character data (XML 1.0 sections 2.11, 3.3.3 and 4.1).

use super::chars;
use super::error::{XmlErrorKind, quoted};
use std::borrow::Cow;

/// A defect inside a piece of text: its byte offset in that piece, kind and message.
pub(crate) type Defect = (usize, XmlErrorKind, String);

/// The character that a reference stands for. `name` is what is between `&` and `;`.
pub(crate) fn resolve(name: &str) -> Result<char, (XmlErrorKind, String)> {
    let Some(number) = name.strip_prefix('#') else {
        return match name {
            "amp" => Ok('&'),
            "lt" => Ok('<'),
            "gt" => Ok('>'),
            "apos" => Ok('\''),
            "quot" => Ok('"'),
            _ if chars::is_ncname(name) => Err((
                XmlErrorKind::Entity,
                format!(
                    "unknown entity `&{};` (known: `&amp;`, `&lt;`, `&gt;`, `&apos;`, `&quot;`)",
                    quoted(name)
                ),
            )),
            _ => Err((
                XmlErrorKind::Entity,
                format!("malformed reference `&{};`: write `&` as `&amp;`", quoted(name)),
            )),
        };
    };
    let (digits, radix) = number.strip_prefix('x').map_or((number, 10), |hex| (hex, 16));
    if digits.is_empty() || !digits.chars().all(|c| c.is_digit(radix)) {
        return Err((XmlErrorKind::Entity, format!("malformed character reference `&{};`", quoted(name))));
    }
    let code = u32::from_str_radix(digits, radix).ok().and_then(char::from_u32);
    code.filter(|&c| chars::is_char(c)).ok_or_else(|| {
        (XmlErrorKind::Character, format!("`&{};` is not a character that XML 1.0 allows", quoted(name)))
    })
}

/// `raw` with line ends as `\n`.
pub(crate) fn line_ends(raw: &str) -> Cow<'_, str> {
    if raw.contains('\r') {
        Cow::Owned(raw.replace("\r\n", "\n").replace('\r', "\n"))
    } else {
        Cow::Borrowed(raw)
    }
}

/// The value of an attribute from what is between its quotes: references resolved, white space characters as spaces.
///
/// # Errors
/// For `<`, and for a reference that [`resolve`] refuses.
pub(crate) fn attribute_value(raw: &str) -> Result<String, Defect> {
    let mut out = String::with_capacity(raw.len());
    let mut rest = raw;
    while let Some(at) = rest.find(['&', '<', '\t', '\n', '\r']) {
        let offset = raw.len() - rest.len() + at;
        out.push_str(&rest[..at]);
        rest = &rest[at..];
        let taken = match rest.as_bytes()[0] {
            b'<' => {
                let message = "`<` in an attribute value: write it as `&lt;`".to_owned();
                return Err((offset, XmlErrorKind::Syntax, message));
            }
            b'&' => {
                let Some(end) = rest.find(';') else {
                    let message = "`&` without `;` in an attribute value: write `&` as `&amp;`".to_owned();
                    return Err((offset, XmlErrorKind::Entity, message));
                };
                out.push(resolve(&rest[1..end]).map_err(|(kind, message)| (offset, kind, message))?);
                end + 1
            }
            b'\r' if rest.as_bytes().get(1) == Some(&b'\n') => {
                out.push(' ');
                2
            }
            _ => {
                out.push(' ');
                1
            }
        };
        rest = &rest[taken..];
    }
    out.push_str(rest);
    Ok(out)
}
