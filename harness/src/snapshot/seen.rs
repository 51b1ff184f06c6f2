//! [`Seen`]: an answer as a trial met it, kept until the trial is over, when all variables are known.

use crate::contract::{Operation, Shape};
use crate::xml;
use serde_json::Value;
use std::sync::Arc;

/// An answer, read.
#[derive(Debug, Clone)]
pub struct Seen {
    pub operation: Arc<Operation>,
    /// The number of the step in the record of the trial.
    pub step: usize,
    pub status: u16,
    /// Names in lower case, values of the same name joined by `, `.
    pub headers: Value,
    /// Media type without parameters, as declared.
    pub essence: Option<String>,
    pub body: SeenBody,
}

/// A body in its own language.
#[derive(Debug, Clone)]
pub enum SeenBody {
    Empty,
    Json(Arc<Value>),
    Xml(Arc<xml::Document>),
    /// HTML, forms, everything else, and what is not what its media type says.
    Text(String),
    /// Bytes that are no text, or too many to keep: length and SHA-256.
    Digest {
        size: usize,
        sha256: String,
    },
}

impl Seen {
    /// What the contract says of the body's fields.
    pub fn shape(&self) -> Option<&Shape> {
        let media = &self.operation.response(self.status)?.media;
        let declared = media.iter().find(|m| Some(m.essence.as_str()) == self.essence.as_deref());
        declared.or_else(|| media.first()).map(|m| &m.shape)
    }
}

/// What a trial leaves for its snapshot, with secrets taken out.
#[derive(Debug, Clone, PartialEq)]
pub struct Taken {
    pub content: String,
    /// For each section of the content: the number of the step in the record.
    pub steps: Vec<usize>,
}
