//! XML bodies: parsing what may be hostile, the tree, changes by path, the projection to JSON, XSD and XPath.
//!
//! [`parse`] takes the bytes of a body and what HTTP said of their charset. It refuses what is not well-formed, every
//! document type declaration, and whatever exceeds [`Limits`], each with the place. The [`Document`] it gives is a flat
//! arena; [`Element`] is a handle into it. Rules see [`to_json`]'s projection, [`locate`] leads from a JSON pointer
//! back to the XML. [`xsd::Schema`] judges documents, [`xpath::XPath`] asks them. Request variants are made with
//! [`Document::set_text`], [`Document::insert_text`] and [`Document::remove`] and written by `to_string`.
//!
//! Nothing here reads files, writes or waits: [`xsd::Schema::compile`] is given a function to read with.

mod chars;
mod declaration;
mod encoding;
mod error;
mod limits;
mod lines;
mod names;
mod nearest;
mod node;
mod parse;
mod patch;
mod project;
mod reference;
mod tag;
#[cfg(test)]
mod tests;
mod tree;
mod unproject;
mod write;
pub mod xpath;
pub mod xsd;
pub use encoding::Encoding;
pub use error::{Position, XmlError, XmlErrorKind};
pub use limits::{DEPTH_CEILING, Limits};
use nearest::nearest;
pub use node::{Content, Name, Node, NodeEdit};
pub use parse::parse;
pub use patch::PathError;
pub use project::{Located, locate, to_json};
pub use tree::{Attribute, Child, Document, Element};
pub use unproject::from_json;
pub(crate) use write::escaped;
