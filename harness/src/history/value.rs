//! [`Value`]: what goes into a database and what comes out, the same for both.

use super::error::HistoryError;

/// One value of a row.
#[derive(Debug, Clone, PartialEq)]
pub enum Value {
    Null,
    Integer(i64),
    Real(f64),
    Text(String),
}

impl From<i64> for Value {
    fn from(n: i64) -> Self {
        Self::Integer(n)
    }
}

impl From<usize> for Value {
    fn from(n: usize) -> Self {
        Self::Integer(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<u64> for Value {
    fn from(n: u64) -> Self {
        Self::Integer(i64::try_from(n).unwrap_or(i64::MAX))
    }
}

impl From<bool> for Value {
    fn from(is: bool) -> Self {
        Self::Integer(i64::from(is))
    }
}

impl From<f64> for Value {
    fn from(n: f64) -> Self {
        Self::Real(n)
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::Text(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::Text(text)
    }
}

impl<T: Into<Value>> From<Option<T>> for Value {
    fn from(value: Option<T>) -> Self {
        value.map_or(Self::Null, Into::into)
    }
}

/// A row that is read from its first column to its last.
#[derive(Debug)]
pub struct Row(std::vec::IntoIter<Value>);

impl Row {
    pub fn new(values: Vec<Value>) -> Self {
        Self(values.into_iter())
    }

    fn wrong<T>(found: Option<Value>, wanted: &str) -> Result<T, HistoryError> {
        Err(HistoryError::Broken(format!("{wanted} where there is {found:?}")))
    }

    pub fn text(&mut self) -> Result<String, HistoryError> {
        match self.0.next() {
            Some(Value::Text(text)) => Ok(text),
            other => Self::wrong(other, "a text"),
        }
    }

    pub fn optional_text(&mut self) -> Result<Option<String>, HistoryError> {
        match self.0.next() {
            Some(Value::Text(text)) => Ok(Some(text)),
            Some(Value::Null) => Ok(None),
            other => Self::wrong(other, "a text or nothing"),
        }
    }

    pub fn integer(&mut self) -> Result<i64, HistoryError> {
        match self.0.next() {
            Some(Value::Integer(n)) => Ok(n),
            other => Self::wrong(other, "a whole number"),
        }
    }

    pub fn optional_integer(&mut self) -> Result<Option<i64>, HistoryError> {
        match self.0.next() {
            Some(Value::Integer(n)) => Ok(Some(n)),
            Some(Value::Null) => Ok(None),
            other => Self::wrong(other, "a whole number or nothing"),
        }
    }

    pub fn count(&mut self) -> Result<usize, HistoryError> {
        Ok(usize::try_from(self.integer()?).unwrap_or_default())
    }

    pub fn real(&mut self) -> Result<f64, HistoryError> {
        match self.0.next() {
            Some(Value::Real(n)) => Ok(n),
            #[expect(clippy::cast_precision_loss, reason = "a time in milliseconds")]
            Some(Value::Integer(n)) => Ok(n as f64),
            other => Self::wrong(other, "a number"),
        }
    }
}
