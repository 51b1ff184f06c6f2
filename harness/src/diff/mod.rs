//! Differences between two answers: of their trees, place by place, and of their texts, line by line.

mod array;
mod inside;
mod lines;
mod rows;
mod structural;

pub use inside::inside;
pub use lines::{patch, unified};
pub use rows::{Row, rows};
pub use structural::{Difference, Kind, differences};
