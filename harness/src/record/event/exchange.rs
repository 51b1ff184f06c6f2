//! Requests and answers as they are written down.

use serde::{Deserialize, Serialize};

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RequestRecord {
    pub method: String,
    pub url: String,
    pub headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "BodyRecord::is_empty")]
    pub body: BodyRecord,
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ResponseRecord {
    pub status: u16,
    pub version: String,
    pub headers: Vec<(String, String)>,
    #[serde(default, skip_serializing_if = "BodyRecord::is_empty")]
    pub body: BodyRecord,
}

/// A body, byte for byte: text with the charset that gives the bytes back, or base64 where no charset does.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct BodyRecord {
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub text: Option<String>,
    /// Left out for UTF-8.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub charset: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub base64: Option<String>,
    /// Length in bytes.
    #[serde(default)]
    pub size: usize,
}

impl BodyRecord {
    /// Records bytes as text of a charset where that gives the same bytes back, else as base64.
    pub fn new(bytes: &[u8], charset: &str) -> Self {
        let size = bytes.len();
        if let Ok(text) = std::str::from_utf8(bytes) {
            return Self { text: Some(text.to_owned()), size, ..Self::default() };
        }
        if let Some(encoding) = crate::http::charset::encoding(charset) {
            let (text, invalid) = crate::http::charset::decode(bytes, encoding);
            let (again, _, lossy) = encoding.encode(&text);
            if invalid.is_none() && !lossy && again.as_ref() == bytes {
                return Self {
                    text: Some(text),
                    charset: Some(encoding.name().to_owned()),
                    base64: None,
                    size,
                };
            }
        }
        Self { base64: Some(crate::http::digest::base64(bytes)), size, ..Self::default() }
    }

    pub fn is_empty(&self) -> bool {
        self.size == 0
    }
}

#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ErrorRecord {
    /// `connect`, `timeout`, `protocol`, `too-large`, `request`, `interrupted`.
    pub kind: String,
    pub message: String,
}

/// A request that the target sent to us.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CallbackRecord {
    pub name: String,
    /// Milliseconds after the answer of the step.
    pub after_ms: f64,
    pub request: RequestRecord,
}
