//! Documented examples judged without a target: every example of an answer is made an exchange, with the request of the
//! same name where the spec has one, and judged by the spec's own checks and rules. What is measured is compared with what
//! the spec says of its rules (`holds`) and examples (`breaks`).

mod answers;
mod compare;
mod exchange;
mod judge;
mod table;

pub use answers::documented_answers;
pub use compare::{Mistake, compare};
pub use judge::{Broken, Judged, judge};
pub use table::{Row, Table};
