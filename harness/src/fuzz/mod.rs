//! Requests that the documents did not think of: [`boundaries`] makes deviations of a request that the target accepts,
//! each with what it must come to; [`judge`] says what is wrong with the answers. Nothing here sends anything.

mod boundaries;
mod covered;
mod dictionary;
mod field;
mod generated;
mod judge;
mod linked;
mod links;
mod observed;
mod paste;
mod pool;
mod probe;
mod requests;
pub mod strategy;
mod unsayable;
mod values;
mod variety;
mod wire;
mod xml_body;
pub mod xsd;

pub use boundaries::{boundaries, demand, examples, refused_by_case, set};
pub use covered::{Covered, Reached};
pub use field::{Field, Writing, fields};
pub use generated::{Growth, generated, growth};
pub use judge::{COERCED, Sent, judge, made_twice, of_transport, slow_good, unstable};
pub use links::{Exchange, Followed};
pub use observed::{Base, Observed};
pub use paste::case;
pub use pool::Pool;
pub use probe::{Bound, Breach, Demand, Origin, Phase, Probe};
pub use requests::requests;
pub use values::SAME_TEXT;
pub use variety::{optional, varied, writable};
