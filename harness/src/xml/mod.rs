//! XML bodies: a safe parser, a tree, patches, a JSON projection, XSD validation and XPath.
mod chars;
mod declaration;
mod encoding;
mod error;
mod limits;
mod lines;
mod names;
mod nearest;
mod parse;
mod patch;
mod project;
mod reference;
mod tag;
mod tree;
mod write;
pub mod xpath;
pub mod xsd;
#[cfg(test)]
mod tests;
pub use encoding::Encoding;
pub use error::{Position, XmlError, XmlErrorKind};
pub use limits::{DEPTH_CEILING, Limits};
use nearest::nearest;
pub use parse::parse;
pub use patch::PathError;
pub use project::{Located, locate, to_json};
pub use tree::{Attribute, Child, Document, Element};
