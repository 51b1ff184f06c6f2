//! Content codings (RFC 9110 section 8.4) taken off within a bound, so that a compression bomb ends as an error.

use crate::model::exchange::{TransportError, TransportErrorKind};
use flate2::read::{DeflateDecoder, MultiGzDecoder, ZlibDecoder};
use std::io::Read;

/// The body with the codings of `content_encoding` taken off, last applied first. `max` bounds every layer, in bytes.
pub fn decode(body: Vec<u8>, content_encoding: Option<&str>, max: u64) -> Result<Vec<u8>, TransportError> {
    let Some(value) = content_encoding else { return Ok(body) };
    let codings: Vec<String> = value.split(',').map(|c| c.trim().to_ascii_lowercase()).collect();
    if codings.len() > 4 {
        return Err(error(
            TransportErrorKind::Protocol,
            format!("{} content codings on one body", codings.len()),
        ));
    }
    codings.iter().rev().try_fold(body, |body, coding| one(body, coding, max))
}

fn one(body: Vec<u8>, coding: &str, max: u64) -> Result<Vec<u8>, TransportError> {
    match coding {
        "" | "identity" => Ok(body),
        // An empty body has nothing to decode, whatever it is labelled (204, 304, HEAD).
        _ if body.is_empty() => Ok(body),
        "gzip" | "x-gzip" => read(MultiGzDecoder::new(body.as_slice()), coding, max),
        // RFC 9110 section 8.4.1.2: deflate is zlib, but some servers send it bare.
        "deflate" => read(ZlibDecoder::new(body.as_slice()), coding, max).or_else(|e| {
            if e.kind == TransportErrorKind::TooLarge {
                Err(e)
            } else {
                read(DeflateDecoder::new(body.as_slice()), coding, max)
            }
        }),
        other => Err(error(
            TransportErrorKind::Protocol,
            format!(
                "content coding `{}` was not asked for and is not known (known: `gzip`, `deflate`)",
                other.escape_default()
            ),
        )),
    }
}

fn read(decoder: impl Read, coding: &str, max: u64) -> Result<Vec<u8>, TransportError> {
    let mut out = Vec::new();
    match decoder.take(max + 1).read_to_end(&mut out) {
        Ok(read) if read as u64 > max => Err(error(
            TransportErrorKind::TooLarge,
            format!("the {coding} body is larger than {max} bytes when decoded"),
        )),
        Ok(_) => Ok(out),
        Err(e) => Err(error(
            TransportErrorKind::Protocol,
            format!("the body is labelled {coding} but does not decode: {e}"),
        )),
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
        assert_eq!(decode(twice, Some("gzip, gzip"), 100).unwrap(), b"hello");
        let bomb = gzip(&vec![0; 5_000_000]);
        assert_eq!(decode(bomb, Some("gzip"), 1_000_000).unwrap_err().kind, TransportErrorKind::TooLarge);
        assert_eq!(
            decode(b"plain".to_vec(), Some("gzip"), 100).unwrap_err().kind,
            TransportErrorKind::Protocol
        );
        assert_eq!(
            decode(b"plain".to_vec(), Some("br"), 100).unwrap_err().kind,
            TransportErrorKind::Protocol
        );
        assert_eq!(decode(b"plain".to_vec(), None, 100).unwrap(), b"plain");
    }
}
