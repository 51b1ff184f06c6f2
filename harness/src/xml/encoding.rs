//! From the bytes of a body to text: byte order mark, HTTP `charset` and XML declaration.
//!
//! The order of authority is that of RFC 7303 section 3.2: byte order mark, then the HTTP charset, then the XML
//! declaration, then UTF-8. What the three sources said is kept, because their disagreement is a finding of its own.

use super::error::{Position, XmlError, XmlErrorKind, quoted};
use encoding_rs::{DecoderResult, UTF_8, UTF_16BE, UTF_16LE};
use std::borrow::Cow;

/// What a body says of its encoding, source by source, and which encoding it was read with.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Encoding {
    /// From the byte order mark: `UTF-8`, `UTF-16LE` or `UTF-16BE`.
    pub bom: Option<&'static str>,
    /// `encoding=` of the XML declaration, as written.
    pub declared: Option<String>,
    /// The `charset` that the caller got from HTTP, as given.
    pub http: Option<String>,
    /// The name of the encoding that the text was read with, as in the WHATWG Encoding Standard.
    pub used: &'static str,
}

impl Encoding {
    /// The disagreements between the sources, one line each: `the byte order mark says …, the XML declaration says …`,
    /// and where only one of them says anything, its disagreement with the bytes.
    /// Labels of one encoding (`gb2312`, `GBK`) agree. An unknown label disagrees with everything.
    pub fn conflicts(&self) -> Vec<String> {
        let sources = [
            ("the byte order mark", self.bom),
            ("the HTTP charset", self.http.as_deref()),
            ("the XML declaration", self.declared.as_deref()),
        ];
        let said: Vec<_> = sources.into_iter().filter_map(|(who, label)| Some((who, label?))).collect();
        let mut out = Vec::new();
        for (i, (who, label)) in said.iter().enumerate() {
            if encoding_of(label).is_none() {
                out.push(format!("{who} says `{}`, which is no known encoding", quoted(label)));
            }
            for (other, other_label) in &said[i + 1..] {
                if !same(label, other_label) {
                    out.push(format!(
                        "{who} says `{}`, {other} says `{}`",
                        quoted(label),
                        quoted(other_label)
                    ));
                }
            }
        }
        // Where the declaration is all that is said, the bytes can still contradict it.
        if let [(who, label)] = said.as_slice()
            && encoding_of(label).is_some()
            && !same(label, self.used)
        {
            out.push(format!("{who} says `{}`, the bytes are {}", quoted(label), self.used));
        }
        out
    }
}

/// Whether two labels name one encoding. `UTF-16` leaves the byte order open.
fn same(a: &str, b: &str) -> bool {
    let wide = |l: &str| l.eq_ignore_ascii_case("utf-16");
    match (encoding_of(a), encoding_of(b)) {
        (Some(x), Some(y)) => x == y || (wide(a) && y == UTF_16BE) || (wide(b) && x == UTF_16BE),
        _ => false,
    }
}

fn encoding_of(label: &str) -> Option<&'static encoding_rs::Encoding> {
    encoding_rs::Encoding::for_label(label.as_bytes())
}

/// The text of a body without its byte order mark, how long that mark was, and what was said of the encoding.
///
/// # Errors
/// [`XmlErrorKind::Encoding`] when the bytes are malformed in the encoding chosen, or the only label given is unknown.
pub(crate) fn decode<'a>(
    bytes: &'a [u8],
    http: Option<&str>,
) -> Result<(Cow<'a, str>, usize, Encoding), XmlError> {
    let (bom, bom_len) = match encoding_rs::Encoding::for_bom(bytes) {
        Some((encoding, len)) => (Some(encoding), len),
        None => (None, 0),
    };
    let body = &bytes[bom_len..];
    let wide = bom.filter(|e| *e != UTF_8).or_else(|| without_mark(body));
    let declared = declared(body, wide);
    let http = http.map(str::trim).filter(|label| !label.is_empty());
    let chosen = bom
        .or_else(|| http.and_then(encoding_of))
        .or(wide)
        .or_else(|| declared.as_deref().and_then(encoding_of).filter(|e| e.is_ascii_compatible()));
    let unknown = || declared.as_deref().filter(|label| encoding_of(label).is_none());
    let chosen = match (chosen, unknown()) {
        (Some(encoding), _) => encoding,
        (None, Some(label)) => {
            let message =
                format!("the XML declaration names the encoding `{}`, which is unknown", quoted(label));
            return Err(error(start(bom_len), message));
        }
        (None, None) => UTF_8,
    };
    let used = if chosen == UTF_16LE && bom.is_none() { wide.unwrap_or(chosen) } else { chosen };
    let text = convert(body, used, bom_len)?;
    let encoding = Encoding {
        bom: bom.map(encoding_rs::Encoding::name),
        declared,
        http: http.map(str::to_owned),
        used: used.name(),
    };
    Ok((text, bom_len, encoding))
}

/// UTF-16 without a byte order mark, seen by its `<` (XML 1.0 appendix F).
fn without_mark(body: &[u8]) -> Option<&'static encoding_rs::Encoding> {
    match body {
        [0, b'<', 0, _, ..] => Some(UTF_16BE),
        [b'<', 0, _, 0, ..] => Some(UTF_16LE),
        _ => None,
    }
}

/// `encoding=` of the XML declaration, read from the first kilobyte before the encoding is known.
fn declared(body: &[u8], wide: Option<&'static encoding_rs::Encoding>) -> Option<String> {
    const LOOKAHEAD: usize = 1024;
    let head = &body[..body.len().min(LOOKAHEAD)];
    let narrow: Vec<u8> = match wide {
        Some(encoding) => head.chunks_exact(2).map(|unit| unit[usize::from(encoding == UTF_16BE)]).collect(),
        None => head.to_vec(),
    };
    let end = narrow.windows(2).position(|w| w == b"?>")?;
    let declaration = std::str::from_utf8(&narrow[..end]).ok()?.strip_prefix("<?xml")?;
    let after = declaration.split_once("encoding")?.1.trim_start().strip_prefix('=')?.trim_start();
    let quote = after.chars().next().filter(|c| matches!(c, '"' | '\''))?;
    Some(after[1..].split_once(quote)?.0.to_owned())
}

fn convert<'a>(
    body: &'a [u8],
    encoding: &'static encoding_rs::Encoding,
    bom_len: usize,
) -> Result<Cow<'a, str>, XmlError> {
    if encoding == UTF_8 {
        return std::str::from_utf8(body).map(Cow::Borrowed).map_err(|e| {
            let valid = &body[..e.valid_up_to()];
            malformed(&String::from_utf8_lossy(valid), body.get(e.valid_up_to()), "UTF-8", bom_len)
        });
    }
    let mut decoder = encoding.new_decoder_without_bom_handling();
    let room = decoder.max_utf8_buffer_length_without_replacement(body.len()).unwrap_or(body.len());
    let mut text = String::with_capacity(room);
    match decoder.decode_to_string_without_replacement(body, &mut text, true) {
        (DecoderResult::InputEmpty, _) => Ok(Cow::Owned(text)),
        // The buffer is as long as the decoder asked for, so it is never full.
        (DecoderResult::OutputFull | DecoderResult::Malformed(..), read) => {
            Err(malformed(&text, read.checked_sub(1).and_then(|i| body.get(i)), encoding.name(), bom_len))
        }
    }
}

fn malformed(before: &str, byte: Option<&u8>, encoding: &str, bom_len: usize) -> XmlError {
    let mut lines = super::lines::Lines::new(before, bom_len);
    let shown = byte.map_or_else(|| "the end".to_owned(), |b| format!("byte `0x{b:02X}`"));
    error(lines.at(before.len()), format!("{shown} is not valid {encoding} here"))
}

fn start(offset: usize) -> Position {
    Position { offset, line: 1, column: 1 }
}

fn error(position: Position, message: String) -> XmlError {
    XmlError { kind: XmlErrorKind::Encoding, position, message }
}
