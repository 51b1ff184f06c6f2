//! [`Database`]: what a history asks of a database. SQLite and PostgreSQL get the same statements.

use super::error::HistoryError;
use super::value::{Row, Value};

/// Statements are in the part of SQL that both databases have; parameters are `$1`, `$2`….
pub trait Database {
    /// Begins a transaction that no other writer of a history is beside.
    fn begin(&mut self) -> Result<(), HistoryError>;

    /// Changes something.
    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<(), HistoryError>;

    /// Reads rows.
    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, HistoryError>;
}

/// Does something whole or not at all.
pub fn transaction<T>(
    database: &mut dyn Database,
    work: impl FnOnce(&mut dyn Database) -> Result<T, HistoryError>,
) -> Result<T, HistoryError> {
    database.begin()?;
    match work(database) {
        Ok(done) => database.execute("COMMIT", &[]).map(|()| done),
        Err(e) => {
            let _ = database.execute("ROLLBACK", &[]);
            Err(e)
        }
    }
}
