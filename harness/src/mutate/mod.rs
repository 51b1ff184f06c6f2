//! How strong is the suite? Answers of a run are changed, one defect at a time, and judged again offline with exactly the
//! checks of the run. A defect that no check notices is one that nobody would notice at a provider.
//!
//! [`Pool`] takes the answers apart, [`operators`] make [`Mutant`]s of them, `judge` tells what comes of each, and
//! [`Counts`] adds it up. [`Live`] changes answers of a running target in the same way. Nothing here sends, reads or writes
//! anything.

mod equivalent;
mod floor;
mod judge;
mod known;
mod live;
mod operator;
pub mod operators;
mod patched;
pub mod places;
mod run;
mod score;
mod source;
mod suggest;
mod summary;

pub use equivalent::Reason;
pub use floor::{Floors, lower};
pub use judge::{Fate, Judge, Kill};
pub use live::{Choice, Live, Served, Wish};
pub use operator::{Mutant, Mutants, Operator, Touches};
pub use run::{Settings, run};
pub use score::{Cell, CheckTally, Counts, Disagreement, Example, Key, Tally};
pub use source::{Pool, Source};
pub use suggest::Addition;
pub use summary::{CellRow, CheckRow, Equivalents, Facts, Row, Summary, Survivors};
