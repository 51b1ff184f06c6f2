//! What of the documents is touched: operations, parameters, fields of answers, codes, values of enumerations, examples.
//!
//! [`Index`] numbers everything that the specs document; a [`Tracker`] has a bit for each, set by what was sent and received;
//! its statement is an event of the record. ARCHITECTURE.md says what touches what.

mod enumerate;
mod field;
mod index;
mod join;
mod lines;
mod planned;
mod rules;
mod tracker;

pub use index::{Index, Item};
pub use join::join;
pub use planned::planned;
pub use rules::RuleTracker;
pub use tracker::Tracker;
