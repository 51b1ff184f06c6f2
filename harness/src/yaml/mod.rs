//! YAML with positions: [`parse`] gives a [`Node`] tree, [`Fields`] reads it into plain types while it collects
//! every problem of a file.

mod fields;
mod node;
mod parse;

pub use fields::{Fields, Reader, first_line, parse_duration, parse_size};
pub use node::{Key, Kind, Node};
pub use parse::parse;
