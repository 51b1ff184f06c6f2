//! [`Sqlite`]: a history in a file.

use super::database::Database;
use super::error::HistoryError;
use super::value::{Row, Value};
use rusqlite::types::{ToSqlOutput, ValueRef};
use rusqlite::{Connection, ErrorCode, params_from_iter};
use std::path::Path;
use std::time::Duration;

/// How long another process may write.
const PATIENCE: Duration = Duration::from_secs(10);

/// As the standard and PostgreSQL have it.
const LIKE: &str = "PRAGMA case_sensitive_like = ON";

pub struct Sqlite {
    connection: Connection,
}

impl Sqlite {
    /// Opens a file, or makes it. Write-ahead logging lets readers go on while a run is written; a process that is
    /// killed leaves nothing half-written (sqlite.org/wal.html).
    pub fn open(path: &Path) -> Result<Self, HistoryError> {
        let connection = Connection::open(path)?;
        connection.busy_timeout(PATIENCE)?;
        connection.execute_batch(LIKE)?;
        // Answers with the mode that it has then; file systems without shared memory keep their own.
        connection.query_row("PRAGMA journal_mode = WAL", [], |_| Ok(()))?;
        // Without a sync at every commit a power cut can lose the last runs, which are indexed again from their records.
        connection.execute_batch("PRAGMA synchronous = NORMAL")?;
        Ok(Self { connection })
    }

    /// One that is gone when it is dropped.
    pub fn in_memory() -> Result<Self, HistoryError> {
        let connection = Connection::open_in_memory()?;
        connection.execute_batch(LIKE)?;
        Ok(Self { connection })
    }
}

impl Database for Sqlite {
    fn begin(&mut self) -> Result<(), HistoryError> {
        Ok(self.connection.execute_batch("BEGIN IMMEDIATE")?)
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<(), HistoryError> {
        self.connection.execute(&numbered(sql), params_from_iter(values))?;
        Ok(())
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, HistoryError> {
        let mut statement = self.connection.prepare(&numbered(sql))?;
        let columns = statement.column_count();
        let mut rows = statement.query(params_from_iter(values))?;
        let mut found = Vec::new();
        while let Some(row) = rows.next()? {
            let values = (0..columns).map(|i| value(row.get_ref(i)?)).collect::<Result<Vec<_>, _>>()?;
            found.push(Row::new(values));
        }
        Ok(found)
    }
}

/// SQLite's `?1` is PostgreSQL's `$1`; no statement has the sign for anything else.
fn numbered(sql: &str) -> String {
    sql.replace('$', "?")
}

fn value(value: ValueRef<'_>) -> Result<Value, HistoryError> {
    Ok(match value {
        ValueRef::Null => Value::Null,
        ValueRef::Integer(n) => Value::Integer(n),
        ValueRef::Real(n) => Value::Real(n),
        ValueRef::Text(text) => Value::Text(String::from_utf8_lossy(text).into_owned()),
        ValueRef::Blob(_) => {
            return Err(HistoryError::Broken("bytes where there is no column for them".into()));
        }
    })
}

impl rusqlite::ToSql for Value {
    fn to_sql(&self) -> rusqlite::Result<ToSqlOutput<'_>> {
        Ok(ToSqlOutput::Borrowed(match self {
            Self::Null => ValueRef::Null,
            Self::Integer(n) => ValueRef::Integer(*n),
            Self::Real(n) => ValueRef::Real(*n),
            Self::Text(text) => ValueRef::Text(text.as_bytes()),
        }))
    }
}

impl From<rusqlite::Error> for HistoryError {
    fn from(error: rusqlite::Error) -> Self {
        let text = error.to_string();
        match error.sqlite_error_code() {
            // No SQLite file, a damaged one, or one with other tables.
            Some(ErrorCode::NotADatabase | ErrorCode::DatabaseCorrupt | ErrorCode::Unknown) => {
                Self::Broken(text)
            }
            Some(_) => Self::Unusable(text),
            None => Self::Broken(text),
        }
    }
}
