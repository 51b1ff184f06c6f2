//! `x-proofmark.sign`: a signature over a canonical string, declared.

use crate::model::source::{At, Location};

/// How the signature of a message is made. See [`super::sign`] for the steps.
#[derive(Debug, Clone)]
pub struct SignSpec {
    /// The names that are signed; `None` is all fields that are there.
    pub fields: Option<Vec<String>>,
    pub exclude: Vec<String>,
    /// Fields without a value are left out.
    pub skip_empty: bool,
    pub order: SignOrder,
    /// How one field is written: `{name}={value}`.
    pub pair: String,
    pub join: String,
    /// The string that is digested: may hold `{fields}` and `{secret}`.
    pub canonical: String,
    /// Environment variable that holds the key. `None` for a digest that anybody can make: md5, sha1 or sha256 of a
    /// `canonical` without `{secret}`.
    pub secret: Option<At<String>>,
    pub digest: Digest,
    pub encoding: SignatureEncoding,
    pub charset: String,
    pub place: SignIn,
    /// Name of the body field, query parameter or header that carries the signature.
    pub name: String,
    pub location: Location,
    pub doc: Option<String>,
}

impl SignSpec {
    /// Name of the environment variable that holds the key.
    pub fn secret_name(&self) -> Option<&str> {
        self.secret.as_ref().map(|secret| secret.value.as_str())
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignOrder {
    /// By name, byte order.
    Sorted,
    /// As `fields` lists them, or as they stand in the message.
    Listed,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Digest {
    Md5,
    Sha1,
    Sha256,
    HmacMd5,
    HmacSha1,
    HmacSha256,
}

impl Digest {
    pub const WORDS: [(&'static str, Digest); 6] = [
        ("md5", Digest::Md5),
        ("sha1", Digest::Sha1),
        ("sha256", Digest::Sha256),
        ("hmac-md5", Digest::HmacMd5),
        ("hmac-sha1", Digest::HmacSha1),
        ("hmac-sha256", Digest::HmacSha256),
    ];

    /// Whether it takes a key of its own (HMAC, RFC 2104).
    pub fn is_keyed(self) -> bool {
        matches!(self, Self::HmacMd5 | Self::HmacSha1 | Self::HmacSha256)
    }

    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, d)| *d == self).map_or("", |(word, _)| word)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignatureEncoding {
    LowerHex,
    UpperHex,
    Base64,
}

impl SignatureEncoding {
    pub const WORDS: [(&'static str, SignatureEncoding); 3] = [
        ("hex", SignatureEncoding::LowerHex),
        ("HEX", SignatureEncoding::UpperHex),
        ("base64", SignatureEncoding::Base64),
    ];

    pub fn as_str(self) -> &'static str {
        Self::WORDS.iter().find(|(_, e)| *e == self).map_or("", |(word, _)| word)
    }
}

#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum SignIn {
    Body,
    Query,
    Header,
}
