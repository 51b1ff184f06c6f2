//! Content codings (RFC 9110 section 8.4) taken off within a bound, so that a compression bomb ends as an error.

use crate::model::exchange::{TransportError, TransportErrorKind};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// The body with the codings of `content_encoding` taken off, last applied first. `max` bounds every layer, in bytes.
/// Where the bytes are not what the label says, they are given back as they are, with what is wrong.
///
/// # Errors
/// A body that is too large when decoded, or a coding that is not known: such an answer cannot be judged.
pub fn decode(
    body: Vec<u8>,
    content_encoding: Option<&str>,
    max: u64,
) -> Result<(Vec<u8>, Option<String>), TransportError> {
    let Some(value) = content_encoding else { return Ok((body, None)) };
    let codings: Vec<String> = value.split(',').map(|c| c.trim().to_ascii_lowercase()).collect();
    if codings.len() > 4 {
        return Err(error(
            TransportErrorKind::Protocol,
            format!("{} content codings on one body", codings.len()),
        ));
    }
    let mut decoded = body.clone();
    for coding in codings.iter().rev() {
        decoded = match one(decoded, coding, max) {
            Ok(decoded) => decoded,
            Err(Flaw::Mislabelled(message)) => return Ok((body, Some(message))),
            Err(Flaw::Unreadable(error)) => return Err(error),
        };
    }
    Ok((decoded, None))
}

/// What can be wrong with a coding.
enum Flaw {
    /// The bytes are not what the label says: the answer is wrong.
    Mislabelled(String),
    /// It cannot be told.
    Unreadable(TransportError),
}

fn one(body: Vec<u8>, coding: &str, max: u64) -> Result<Vec<u8>, Flaw> {
    match coding {
        "" | "identity" => Ok(body),
        // An empty body has nothing to decode, whatever it is labelled (204, 304, HEAD).
        _ if body.is_empty() => Ok(body),
        "gzip" | "x-gzip" => read(MultiGzDecoder::new(body.as_slice()), coding, max),
        // RFC 9110 section 8.4.1.2: deflate is zlib, but some servers send it bare.
        "deflate" => match read(ZlibDecoder::new(body.as_slice()), coding, max) {
            Err(Flaw::Mislabelled(_)) => read(DeflateDecoder::new(body.as_slice()), coding, max),
            decoded => decoded,
        },
        other => Err(Flaw::Unreadable(error(
            TransportErrorKind::Protocol,
            format!(
                "content coding `{}` was not asked for and is not known (known: `gzip`, `deflate`)",
                other.escape_default()
            ),
        ))),
    }
}

fn read(decoder: impl Read, coding: &str, max: u64) -> Result<Vec<u8>, Flaw> {
    let mut out = Vec::new();
    match decoder.take(max + 1).read_to_end(&mut out) {
        Ok(read) if read as u64 > max => Err(Flaw::Unreadable(error(
            TransportErrorKind::TooLarge,
            format!("the {coding} body is larger than {max} bytes when decoded"),
        ))),
        Ok(_) => Ok(out),
        Err(e) => Err(Flaw::Mislabelled(format!("the body is labelled {coding} but does not decode: {e}"))),
    }
}

fn error(kind: TransportErrorKind, message: String) -> TransportError {
    TransportError { kind, message }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::io::Write;

    fn gzip(data: &[u8]) -> Vec<u8> {
        let mut encoder = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
        encoder.write_all(data).unwrap();
        encoder.finish().unwrap()
    }

    #[test]
    fn nested_codings_come_off_and_bombs_do_not_go_off() {
        let twice = gzip(&gzip(b"hello"));
        assert_eq!(decode(twice, Some("gzip, gzip"), 100).unwrap(), (b"hello".to_vec(), None));
        let bomb = gzip(&vec![0; 5_000_000]);
        assert_eq!(decode(bomb, Some("gzip"), 1_000_000).unwrap_err().kind, TransportErrorKind::TooLarge);
        let (body, wrong) = decode(b"plain".to_vec(), Some("gzip"), 100).unwrap();
        assert_eq!(body, b"plain");
        assert!(wrong.unwrap().starts_with("the body is labelled gzip but does not decode"));
        assert_eq!(
            decode(b"plain".to_vec(), Some("br"), 100).unwrap_err().kind,
            TransportErrorKind::Protocol
        );
        assert_eq!(decode(b"plain".to_vec(), None, 100).unwrap(), (b"plain".to_vec(), None));
    }
}
