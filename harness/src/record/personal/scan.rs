//! Values beside their names in any text: `"phone": "…"`, `phone=…`, `<phone>…</phone>`, `name="phone" value="…"`.
//!
//! What a fuzzer sends and what a broken target answers is no JSON and no XML often enough: nothing is parsed here.

/// Longer values are no values of one field.
const LONGEST: usize = 512;

/// Shows every value that stands beside a name.
pub fn named_values(text: &str, knows: &mut dyn FnMut(&str) -> bool, see: &mut dyn FnMut(&str, &str)) {
    let bytes = text.as_bytes();
    let mut at = 0;
    while at < bytes.len() {
        if !is_start(bytes[at]) {
            at += 1;
            continue;
        }
        let end = at + bytes[at..].iter().take_while(|b| is_name(**b)).count();
        let name = &text[at..end];
        if end - at <= 64 && knows(name) {
            let in_tag = at > 0 && matches!(bytes[at - 1], b'<' | b':');
            if let Some(value) = beside(&text[end..], in_tag) {
                see(name, value);
            }
        }
        at = end;
    }
    tags(text, knows, see);
}

fn is_start(b: u8) -> bool {
    b.is_ascii_alphabetic() || b == b'_'
}

fn is_name(b: u8) -> bool {
    b.is_ascii_alphanumeric() || matches!(b, b'_' | b'-' | b'.')
}

/// The value behind a name.
fn beside(rest: &str, in_tag: bool) -> Option<&str> {
    if in_tag
        && let Some((attributes, content)) = rest.split_once('>')
        && !attributes.ends_with('/')
        && !attributes.contains('<')
    {
        return content.split_once('<').map(|(value, _)| value.trim()).filter(|v| v.len() <= LONGEST);
    }
    let quoted = rest.starts_with(['"', '\'']);
    let rest = rest.trim_start_matches(['"', '\'']);
    // A part of a multipart form: its value is behind an empty line.
    if quoted && rest.starts_with("\r\n") {
        let (_, value) = rest.split_once("\r\n\r\n")?;
        return value.split_once("\r\n").map(|(value, _)| value).filter(|v| v.len() <= LONGEST);
    }
    let rest = rest.trim_start_matches([' ', '\t']).strip_prefix(['=', ':'])?.trim_start_matches([' ', '\t']);
    let value = match rest.chars().next()? {
        quote @ ('"' | '\'') => {
            let inside = &rest[1..];
            let mut escaped = false;
            let end = inside.char_indices().find(|(_, c)| {
                let ends = *c == quote && !escaped;
                escaped = *c == '\\' && !escaped;
                ends
            });
            &inside[..end.map_or(inside.len(), |(at, _)| at)]
        }
        _ => {
            let ends = |c: char| c.is_whitespace() || "&;,\"'<>(){}[]`".contains(c);
            &rest[..rest.find(ends).unwrap_or(rest.len())]
        }
    };
    Some(value).filter(|value| value.len() <= LONGEST)
}

/// Elements that name a field in one attribute and hold its value in another, as HTML's controls do.
fn tags(text: &str, knows: &mut dyn FnMut(&str) -> bool, see: &mut dyn FnMut(&str, &str)) {
    for tag in text.split('<').skip(1) {
        let tag = tag.split_once('>').map_or(tag, |(tag, _)| tag);
        let named =
            ["name", "id", "key", "property"].iter().find_map(|n| attribute(tag, n).filter(|v| knows(v)));
        if let Some(name) = named {
            for value in ["value", "content"].iter().filter_map(|n| attribute(tag, n)) {
                see(name, value);
            }
        }
    }
}

/// The value of an attribute in a tag.
fn attribute<'t>(tag: &'t str, name: &str) -> Option<&'t str> {
    let mut from = 0;
    while let Some(found) = tag.get(from..)?.find(name) {
        let (start, end) = (from + found, from + found + name.len());
        from = end;
        let begins = tag[..start].ends_with(|c: char| c.is_whitespace());
        let Some(rest) = tag[end..].trim_start().strip_prefix('=').filter(|_| begins) else { continue };
        let rest = rest.trim_start();
        return match rest.chars().next() {
            Some(quote @ ('"' | '\'')) => rest[1..].split_once(quote).map(|(value, _)| value),
            _ => rest.split_whitespace().next(),
        };
    }
    None
}
