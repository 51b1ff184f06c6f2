//! The messages of a case as they were sent and received, kept for the script's "Raw" and "Bytes".

use super::store::{Address, Store};
use super::words::size;
use crate::http::digest::from_base64;
use crate::record::{BodyRecord, RequestRecord, ResponseRecord, TrialFinished};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// Bytes of a body that are kept in the page; the record has all.
const MAX_BODY: usize = 64 * 1024;
/// Bytes of a start line and of headers.
const MAX_HEAD: usize = 64 * 1024;

/// One message: where it is, and how to read it.
#[derive(Debug, Clone, Default)]
pub struct Raw {
    address: Option<Address>,
    charset: Option<String>,
    /// Bytes that are not kept.
    cut: usize,
}

/// The messages of a step: request, answer, callbacks.
#[derive(Debug, Clone, Default)]
pub struct RawStep {
    pub request: Raw,
    pub answer: Raw,
    pub callbacks: Vec<Raw>,
}

/// Puts every message of a trial into the store, as long as it has room.
pub fn keep(trial: &TrialFinished, store: &mut Store) -> Vec<RawStep> {
    let mut of_step = |step: &crate::record::StepRecord| RawStep {
        request: request(&step.request, store),
        answer: step.response.as_ref().map(|response| answer(response, store)).unwrap_or_default(),
        callbacks: step.callbacks.iter().map(|callback| request(&callback.request, store)).collect(),
    };
    trial.steps.iter().map(&mut of_step).collect()
}

/// Attributes of the element that shows a message.
impl Raw {
    pub fn address(&self) -> Option<String> {
        self.address.map(|address| address.to_string())
    }

    /// A label that browsers know; `None` for UTF-8.
    pub fn charset(&self) -> Option<&str> {
        self.charset.as_deref().filter(|_| self.address.is_some())
    }

    pub fn cut(&self) -> Option<String> {
        Some(self.cut).filter(|cut| *cut > 0 && self.address.is_some()).map(size)
    }
}

fn request(record: &RequestRecord, store: &mut Store) -> Raw {
    let after = record.url.split_once("://").map_or(record.url.as_str(), |(_, rest)| rest);
    let target = after.find('/').map_or("/", |at| &after[at..]);
    message(&format!("{} {target} HTTP/1.1", record.method), &record.headers, &record.body, store)
}

fn answer(record: &ResponseRecord, store: &mut Store) -> Raw {
    message(&format!("{} {}", record.version, record.status), &record.headers, &record.body, store)
}

fn message(start: &str, headers: &[(String, String)], body: &BodyRecord, store: &mut Store) -> Raw {
    if !store.has_room() {
        return Raw::default();
    }
    let mut bytes = octets(start);
    bytes.extend_from_slice(b"\r\n");
    for (name, value) in headers {
        bytes.extend(octets(&format!("{name}: {value}\r\n")));
    }
    let long = bytes.len().saturating_sub(MAX_HEAD);
    bytes.truncate(MAX_HEAD);
    bytes.extend_from_slice(b"\r\n");
    let (content, whole) = content(body);
    bytes.extend_from_slice(&content);
    let cut = long + whole.saturating_sub(content.len());
    let charset = body.charset.clone().or_else(|| body.base64.as_ref().map(|_| "latin1".to_owned()));
    Raw { address: store.put(&bytes), charset, cut }
}

/// Header text is Latin-1 (RFC 9110 section 5.5); what is beyond it was never on the wire.
fn octets(text: &str) -> Vec<u8> {
    text.chars().map(|c| u8::try_from(u32::from(c)).unwrap_or(b'?')).collect()
}

/// The first bytes of a body, and how many it has.
fn content(body: &BodyRecord) -> (Vec<u8>, usize) {
    let bytes = match (&body.text, &body.base64) {
        (Some(text), _) => match body.charset.as_deref().and_then(crate::http::charset::encoding) {
            Some(encoding) => encoding.encode(super::body::beginning(text, MAX_BODY)).0.into_owned(),
            None => super::body::beginning(text, MAX_BODY).as_bytes().to_vec(),
        },
        (None, Some(base64)) if base64.len() > MAX_BODY * 4 / 3 + 4 => {
            STANDARD.decode(super::body::beginning(base64, MAX_BODY / 3 * 4)).unwrap_or_default()
        }
        (None, Some(base64)) => from_base64(base64).unwrap_or_default(),
        (None, None) => Vec::new(),
    };
    let whole = body.size.max(bytes.len());
    (bytes, whole)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_body_is_the_bytes_that_came() {
        let gbk = BodyRecord::new(&[0xb3, 0xc9, 0xb9, 0xa6], "GBK");
        assert_eq!(content(&gbk), (vec![0xb3, 0xc9, 0xb9, 0xa6], 4));
        let binary = BodyRecord::new(&[0xff, 0, 0xfe], "UTF-8");
        assert_eq!(content(&binary), (vec![0xff, 0, 0xfe], 3));
        let long = BodyRecord::new(&vec![b'a'; 10 << 20], "UTF-8");
        let (bytes, whole) = content(&long);
        assert_eq!((bytes.len(), whole), (MAX_BODY, 10 << 20));
        let binary = BodyRecord::new(&vec![0xff; 1 << 20], "UTF-8");
        assert_eq!((content(&binary).0.len(), content(&binary).1), (MAX_BODY / 3 * 3, 1 << 20));
    }
}
