//! [`View`]: a text with one kind of escape taken off, which remembers where each byte came from. A secret is found in
//! whatever mixture of escaped and plain characters a target gives it back.

/// A text without escapes of one kind.
pub struct View {
    pub bytes: Vec<u8>,
    /// Offset in the source of each byte, and of the end; bodies are far below 4 GiB.
    starts: Vec<u32>,
}

impl View {
    /// `starts` has an offset for each of the bytes, and one for the end.
    pub fn new(bytes: Vec<u8>, starts: Vec<u32>) -> Self {
        Self { bytes, starts }
    }

    /// Offset in the source of the byte at an offset of the view, or of the end.
    pub fn start(&self, at: usize) -> usize {
        self.starts[at] as usize
    }
}

/// What an escape at the beginning of a text stands for, and its length.
type Escape = fn(&[u8]) -> Option<(Plain, usize)>;

enum Plain {
    Byte(u8),
    Char(char),
}

/// The kinds of escapes, and the byte without which a text has none.
const ESCAPES: [(u8, Escape); 4] = [(b'%', percent), (b'\\', shell), (b'\\', backslash), (b'&', entity)];

/// How many kinds there are.
pub const KINDS: usize = ESCAPES.len();

/// A text without escapes of the kind; `None` when it has none.
pub fn view(source: &[u8], kind: usize) -> Option<View> {
    let (mark, escape) = ESCAPES[kind];
    if !source.contains(&mark) {
        return None;
    }
    let mut view =
        View { bytes: Vec::with_capacity(source.len()), starts: Vec::with_capacity(source.len() + 1) };
    let mut at = 0;
    let mut escapes = 0;
    while at < source.len() {
        let (plain, length) = escape(&source[at..]).unwrap_or((Plain::Byte(source[at]), 1));
        match plain {
            Plain::Byte(byte) => view.bytes.push(byte),
            Plain::Char(c) => view.bytes.extend_from_slice(c.encode_utf8(&mut [0; 4]).as_bytes()),
        }
        view.starts.resize(view.bytes.len(), at as u32);
        escapes += usize::from(length > 1);
        at += length;
    }
    view.starts.push(at as u32);
    (escapes > 0).then_some(view)
}

/// The beginning of a pattern (sorted ones) at the end of bytes that were cut: where it begins, which pattern it is of, and
/// how many bytes of it are there. The cut may have gone through an escape.
pub fn begun(patterns: &[Vec<u8>], bytes: &[u8]) -> Option<(usize, usize, usize)> {
    let longest = patterns.iter().map(Vec::len).max().unwrap_or(0);
    for end in (bytes.len().saturating_sub(5)..=bytes.len()).rev() {
        for start in end.saturating_sub(longest)..end.saturating_sub(3) {
            let part = &bytes[start..end];
            let at = patterns.partition_point(|pattern| pattern.as_slice() < part);
            if patterns.get(at).is_some_and(|pattern| pattern.starts_with(part) && pattern.len() > part.len())
            {
                return Some((start, at, part.len()));
            }
        }
    }
    None
}

/// The source with other bytes in the view: as many, and escaped as those were that they replace.
pub fn rewrite(source: &[u8], view: &View, bytes: &[u8]) -> Vec<u8> {
    let mut out = Vec::with_capacity(source.len());
    let mut at = 0;
    while at < bytes.len() {
        let start = view.start(at);
        // Bytes of one escape came from one place.
        let length = view.starts[at..bytes.len()].iter().take_while(|s| **s as usize == start).count();
        let end = view.start(at + length);
        let (old, new) = (&view.bytes[at..at + length], &bytes[at..at + length]);
        match old == new {
            true => out.extend_from_slice(&source[start..end]),
            false => out.extend_from_slice(&escaped_like(&source[start..end], new)),
        }
        at += length;
    }
    out
}

/// Bytes in the form of an escape.
fn escaped_like(escape: &[u8], bytes: &[u8]) -> Vec<u8> {
    let code = || std::str::from_utf8(bytes).ok().and_then(|text| text.chars().next()).map_or(0, u32::from);
    let upper = escape.iter().skip(2).any(u8::is_ascii_uppercase);
    let hex = |digits: usize, n: u32| match upper {
        true => format!("{n:0digits$X}"),
        false => format!("{n:0digits$x}"),
    };
    let byte = u32::from(bytes.first().copied().unwrap_or_default());
    match escape {
        [b'%', _, ..] if escape.len() == 3 => {
            let upper = escape.iter().any(u8::is_ascii_uppercase);
            if upper { format!("%{byte:02X}") } else { format!("%{byte:02x}") }.into_bytes()
        }
        [b'\\', b'u', ..] => {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.encode_utf16()
                .map(|unit| format!("\\u{}", hex(4, u32::from(unit))))
                .collect::<String>()
                .into_bytes()
        }
        [b'\\', b'x', ..] => format!("\\x{}", hex(2, byte)).into_bytes(),
        [b'\\', b'0'..=b'3', _, _] => format!("\\{byte:03o}").into_bytes(),
        [b'&', b'#', x @ (b'x' | b'X'), digits @ .., b';'] => {
            format!("&#{}{};", char::from(*x), hex(digits.len(), code())).into_bytes()
        }
        [b'&', b'#', digits @ .., b';'] => {
            let (number, width) = (code().to_string(), digits.len());
            // `d` has one digit more than `c`: a star is as long.
            let number = if number.len() > width { "42".to_owned() } else { number };
            format!("&#{number:0>width$};").into_bytes()
        }
        _ => bytes.to_vec(),
    }
}

/// `%C3%BC` (RFC 3986 section 2.1).
fn percent(text: &[u8]) -> Option<(Plain, usize)> {
    match text {
        [b'%', rest @ ..] => Some((Plain::Byte(u8::try_from(number(rest, 2, 16)?).ok()?), 3)),
        _ => None,
    }
}

/// `'\''`: a quote inside a quoted word of a shell.
fn shell(text: &[u8]) -> Option<(Plain, usize)> {
    text.starts_with(b"'\\''").then_some((Plain::Byte(b'\''), 4))
}

/// `\"`, `\u00fc` of JSON (RFC 8259 section 7), `\303`, `%%` of printf, `\xc3` of a shell; in a quoted word.
fn backslash(text: &[u8]) -> Option<(Plain, usize)> {
    if let Some(quote) = shell(text) {
        return Some(quote);
    }
    match text {
        [b'%', b'%', ..] => Some((Plain::Byte(b'%'), 2)),
        [b'\\', b'u', rest @ ..] => {
            let first = number(rest, 4, 16)?;
            match (char::from_u32(first), rest.get(4..6)) {
                (Some(c), _) => Some((Plain::Char(c), 6)),
                // A character beyond U+FFFF is a pair of surrogates.
                (None, Some(b"\\u")) => {
                    let second = number(&rest[6..], 4, 16)?;
                    let c = 0x10000 + ((first & 0x3ff) << 10) + (second & 0x3ff);
                    Some((Plain::Char(char::from_u32(c)?), 12))
                }
                (None, _) => None,
            }
        }
        [b'\\', b'x', rest @ ..] => Some((Plain::Byte(u8::try_from(number(rest, 2, 16)?).ok()?), 4)),
        [b'\\', b'0'..=b'3', ..] => Some((Plain::Byte(u8::try_from(number(&text[1..], 3, 8)?).ok()?), 4)),
        [b'\\', escaped, ..] => {
            let plain = match escaped {
                b'n' => b'\n',
                b'r' => b'\r',
                b't' => b'\t',
                other => *other,
            };
            Some((Plain::Byte(plain), 2))
        }
        _ => None,
    }
}

/// `&amp;`, `&#252;`, `&#xfc;` of XML and HTML.
fn entity(text: &[u8]) -> Option<(Plain, usize)> {
    const NAMED: [(&[u8], u8); 5] =
        [(b"amp", b'&'), (b"lt", b'<'), (b"gt", b'>'), (b"quot", b'"'), (b"apos", b'\'')];
    let [b'&', rest @ ..] = text else { return None };
    let end = rest.iter().take(10).position(|b| *b == b';')?;
    let plain = match &rest[..end] {
        [b'#', b'x' | b'X', digits @ ..] => Plain::Char(char::from_u32(number(digits, digits.len(), 16)?)?),
        [b'#', digits @ ..] => Plain::Char(char::from_u32(number(digits, digits.len(), 10)?)?),
        name => Plain::Byte(NAMED.iter().find(|(n, _)| n == &name)?.1),
    };
    Some((plain, end + 2))
}

/// The number that the first `digits` bytes of a text are.
fn number(text: &[u8], digits: usize, radix: u32) -> Option<u32> {
    let text = text.get(..digits).filter(|t| t.iter().all(u8::is_ascii_alphanumeric))?;
    u32::from_str_radix(std::str::from_utf8(text).ok()?, radix).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn plain(source: &str) -> Vec<String> {
        let views = (0..KINDS).filter_map(|kind| view(source.as_bytes(), kind));
        views.map(|v| String::from_utf8_lossy(&v.bytes).into_owned()).collect()
    }

    #[test]
    fn each_kind_comes_off_alone() {
        assert_eq!(plain("a%C3%BCb%zz"), ["aüb%zz"]);
        assert_eq!(plain(r"it'\''s"), ["it's", "it's"]);
        assert_eq!(plain(r#"\"\u00fc\ud83d\ude00\/\n\\"#), ["\"ü😀/\n\\"]);
        assert_eq!(plain(r"%%\303\274\xc3\xbc"), ["%üü"]);
        assert_eq!(plain("&lt;&#252;&#xFC;&nothing;&"), ["<üü&nothing;&"]);
        assert!(plain("plain 100% & \u{e9}").is_empty());
    }

    #[test]
    fn every_byte_knows_where_it_came_from() {
        assert_eq!(view(b"a%C3%BCb", 0).unwrap().starts, [0, 1, 4, 7, 8]);
        assert_eq!(view(br"\u00fcb", 2).unwrap().starts, [0, 0, 6, 7]);
    }

    #[test]
    fn an_escape_that_is_cut_short_is_none() {
        for cut in ["%", "%4", "\\", "\\u00f", "\\x1", "\\30", "&", "&#;", "&#x;", "\\ud83d", "\\ud83d\\u"] {
            assert!(plain(cut).iter().all(|view| view.len() <= cut.len()), "{cut}");
        }
    }
}
