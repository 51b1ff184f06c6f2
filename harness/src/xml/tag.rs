//! The grammar inside a start tag (XML 1.0 section 3.1). quick-xml finds where a tag ends but does not check what is
//! in it: `<a b=1 c="2"d="3">` would pass.

use super::chars;
use super::error::{XmlErrorKind, quoted};
use super::reference::{Defect, attribute_value};

/// What a start tag says.
pub(crate) struct StartTag<'a> {
    pub name: &'a str,
    pub attributes: Vec<RawAttribute<'a>>,
}

pub(crate) struct RawAttribute<'a> {
    pub name: &'a str,
    pub value: String,
    /// Byte offset of the name in the tag.
    pub offset: usize,
}

/// Reads `raw`, which begins with `<` and ends with `>` or `/>`, and holds at most `max` attributes.
pub(crate) fn start_tag(raw: &str, max: usize) -> Result<StartTag<'_>, Defect> {
    let body = raw[1..].strip_suffix("/>").or_else(|| raw[1..].strip_suffix('>')).unwrap_or(&raw[1..]);
    let end = body.find(chars::is_space).unwrap_or(body.len());
    let name = &body[..end];
    check_name(name, "element").map_err(|message| (0, XmlErrorKind::Syntax, message))?;
    let mut tag = StartTag { name, attributes: Vec::new() };
    let mut rest = &body[end..];
    loop {
        let trimmed = rest.trim_start_matches(chars::is_space);
        if trimmed.is_empty() {
            return Ok(tag);
        }
        let offset = 1 + body.len() - trimmed.len();
        if trimmed.len() == rest.len() {
            return Err((
                offset,
                XmlErrorKind::Syntax,
                "white space is missing before an attribute".to_owned(),
            ));
        }
        if tag.attributes.len() == max {
            return Err((
                offset,
                XmlErrorKind::Size,
                format!("more than {max} attributes in `<{}>`", quoted(name)),
            ));
        }
        let (attribute, after) = attribute(trimmed, offset)?;
        tag.attributes.push(attribute);
        rest = after;
    }
}

/// One attribute at the start of `text`, and what follows it.
fn attribute(text: &str, offset: usize) -> Result<(RawAttribute<'_>, &str), Defect> {
    let syntax = |at: usize, message: String| (offset + at, XmlErrorKind::Syntax, message);
    let end = text.find(|c| c == '=' || chars::is_space(c)).unwrap_or(text.len());
    let name = &text[..end];
    check_name(name, "attribute").map_err(|message| syntax(0, message))?;
    let no_value = || syntax(0, format!("attribute `{}` has no value", quoted(name)));
    let value = text[end..].trim_start_matches(chars::is_space).strip_prefix('=').ok_or_else(no_value)?;
    let value = value.trim_start_matches(chars::is_space);
    let quote = value.chars().next().ok_or_else(no_value)?;
    let at = text.len() - value.len();
    if !matches!(quote, '"' | '\'') {
        return Err(syntax(at, format!("the value of attribute `{}` is not in quotes", quoted(name))));
    }
    let Some((raw, rest)) = value[1..].split_once(quote) else {
        return Err(syntax(at, format!("the value of attribute `{}` has no closing quote", quoted(name))));
    };
    let value =
        attribute_value(raw).map_err(|(inner, kind, message)| (offset + at + 1 + inner, kind, message))?;
    Ok((RawAttribute { name, value, offset }, rest))
}

fn check_name(name: &str, what: &str) -> Result<(), String> {
    match name {
        "" => Err(format!("{what} name is missing")),
        _ if !chars::is_qname(name) => {
            Err(format!("`{}` is not a name that an {what} may have", quoted(name)))
        }
        _ => Ok(()),
    }
}

/// The name in `raw`, which begins with `</` and ends with `>`.
pub(crate) fn end_tag(raw: &str) -> &str {
    let inner = raw.strip_prefix("</").and_then(|rest| rest.strip_suffix('>')).unwrap_or("");
    inner.trim_end_matches(chars::is_space)
}
