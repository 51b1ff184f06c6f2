//! Tests of the XML half, by what they are about.

mod encoding;
mod hostile;
mod parse;
mod patch;
mod pattern;
mod project;
mod schema;
mod validate;
mod xpath;

use super::{Document, Limits, XmlError};

/// A document that must be well-formed.
fn document(text: &str) -> Document {
    super::parse(text.as_bytes(), None, &Limits::default())
        .unwrap_or_else(|error| panic!("{error} in {text}"))
}

/// The error of a document that must not be well-formed.
fn refused(text: &str) -> XmlError {
    match super::parse(text.as_bytes(), None, &Limits::default()) {
        Ok(_) => panic!("well-formed: {text}"),
        Err(error) => error,
    }
}
