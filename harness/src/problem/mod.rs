//! What is wrong with a target, as far as findings tell: those that most likely have one cause are one [`Problem`], so
//! that a broken field that fails forty cases is read once. The terminal and the HTML report say the same.

mod attach;
mod calls;
mod chance;
mod cluster;
mod expression;
mod group;
mod join;
mod novelty;
mod place;
mod reasons;
mod tally;

pub use calls::Calls;
pub use cluster::{CaseRef, Cluster, Clusters, Key};
pub use group::{Problem, problems};
pub use place::{is_consequence, is_specific, normalised, rank, saying};
pub use reasons::{Reason, Reasons};
pub use tally::{Added, Tally};
