//! DSSE, version 1.0: the envelope that carries a signed payload (secure-systems-lab/dsse, `protocol.md` and
//! `envelope.md`).

use super::keys::{PrivateKey, PublicKey};
use crate::http::digest;
use serde::{Deserialize, Serialize};

/// The payload is an in-toto Statement.
pub const PAYLOAD_TYPE: &str = "application/vnd.in-toto+json";

/// An envelope with one signature.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Envelope {
    #[serde(rename = "payloadType")]
    pub payload_type: String,
    /// Base64.
    pub payload: String,
    pub signatures: Vec<Signature>,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Signature {
    /// Id of the key: see [`PublicKey::id`]. A hint, which is not signed.
    pub keyid: String,
    /// Base64.
    pub sig: String,
}

/// The bytes that are signed: `DSSEv1 SP LEN(type) SP type SP LEN(body) SP body`; lengths are of bytes.
pub fn pae(payload_type: &str, payload: &[u8]) -> Vec<u8> {
    let head = format!("DSSEv1 {} {payload_type} {} ", payload_type.len(), payload.len());
    [head.as_bytes(), payload].concat()
}

impl Envelope {
    pub fn sign(payload: &[u8], key: &PrivateKey) -> Self {
        let sig = digest::base64(&key.sign(&pae(PAYLOAD_TYPE, payload)));
        Self {
            payload_type: PAYLOAD_TYPE.into(),
            payload: digest::base64(payload),
            signatures: vec![Signature { keyid: key.public().id(), sig }],
        }
    }

    /// The one way in which we write it: nothing in the file is left to the writer's taste, so that no byte of it can
    /// change unnoticed.
    pub fn to_json(&self) -> Vec<u8> {
        let mut json = serde_json::to_vec_pretty(self).unwrap_or_default();
        json.push(b'\n');
        json
    }

    /// The payload of an envelope that `key` signed; what is wrong with it otherwise. Stricter than DSSE asks: one
    /// signature, with the id of the key, and the file as [`Envelope::to_json`] writes it.
    pub fn open(json: &[u8], key: PublicKey) -> Result<Vec<u8>, Refusal> {
        let envelope: Self = serde_json::from_slice(json).map_err(|e| {
            let text = e.to_string();
            Refusal::at_line(format!("not a DSSE envelope: {}", before_place(&text)), e.line(), e.column())
        })?;
        let [signature] = envelope.signatures.as_slice() else {
            let n = envelope.signatures.len();
            return Err(Refusal::new(format!("the envelope has {n} signatures instead of one")));
        };
        if envelope.payload_type != PAYLOAD_TYPE {
            let found = envelope.payload_type.escape_debug().to_string();
            return Err(Refusal::new(format!("the payload is `{found}` instead of `{PAYLOAD_TYPE}`")));
        }
        let decoded = (digest::from_base64(&envelope.payload), digest::from_base64(&signature.sig));
        let (Some(payload), Some(sig)) = decoded else {
            return Err(Refusal::new("payload or signature is not base64"));
        };
        if !key.verifies(&pae(&envelope.payload_type, &payload), &sig) {
            return Err(Refusal::new(match signature.keyid == key.id() {
                true => "the signature is wrong: the statement is not the one that was signed".into(),
                false => format!(
                    "the signature is not by this key: it names key {}, this is {}",
                    short(&signature.keyid),
                    short(&key.id())
                ),
            }));
        }
        if signature.keyid != key.id() {
            return Err(Refusal::new("the envelope names another key than the one that signed it"));
        }
        let canonical = envelope.to_json();
        match first_difference(json, &canonical) {
            None => Ok(payload),
            Some(at) => Err(Refusal {
                message: "the envelope is not written as it was signed".into(),
                offset: Some(at),
                line: None,
            }),
        }
    }
}

/// Why an envelope is refused, and where.
#[derive(Debug, PartialEq, Eq)]
pub struct Refusal {
    pub message: String,
    pub offset: Option<usize>,
    pub line: Option<(usize, usize)>,
}

impl Refusal {
    fn new(message: impl Into<String>) -> Self {
        Self { message: message.into(), offset: None, line: None }
    }

    fn at_line(message: String, line: usize, column: usize) -> Self {
        Self { message, offset: None, line: (line > 0).then_some((line, column)) }
    }
}

/// A message of serde_json without the place, which is told beside it.
fn before_place(text: &str) -> &str {
    text.split_once(" at line ").map_or(text, |(message, _)| message)
}

/// The beginning of a key id; whatever else a hostile file has there is not shown.
fn short(id: &str) -> String {
    id.chars().filter(char::is_ascii_hexdigit).take(12).collect::<String>() + "…"
}

/// The offset of the first byte in which two texts differ.
pub fn first_difference(one: &[u8], other: &[u8]) -> Option<usize> {
    match one.iter().zip(other).position(|(a, b)| a != b) {
        None if one.len() == other.len() => None,
        None => Some(one.len().min(other.len())),
        found => found,
    }
}
