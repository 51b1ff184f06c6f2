//! Runs that are over: what their records say of them in short, which of them belong together, and an index of all of
//! them, in a file beside the records or on a server that a team shares.

mod commit;
mod database;
mod error;
mod index;
mod past;
mod postgres;
mod query;
mod schema;
mod shared;
mod sqlite;
mod store;
mod summary;
mod tls;
mod trend;
mod trials;
mod value;

pub use commit::commit;
pub use database::Database;
pub use error::HistoryError;
pub use index::{Brought, FILE, with_index, without_index};
pub use past::{folders, latest_green, past, past_of};
pub use query::{Case, Filter, Point, cases, count, runs, targets, trend};
pub use shared::{NotShared, share, share_all, shared};
pub use summary::summary;
pub use trend::Trend;
pub use trials::{Ended, trials};
