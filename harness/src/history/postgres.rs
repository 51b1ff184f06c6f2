//! [`Postgres`]: a history on a server that a team shares.

use super::database::Database;
use super::error::HistoryError;
use super::tls::MakeTls;
use super::value::{Row, Value};
use crate::http::connection::{self, HttpVersion, Pems};
use bytes::BytesMut;
use std::error::Error;
use std::str::FromStr;
use std::sync::Arc;
use std::time::{Duration, Instant};
use tokio::runtime::Runtime;
use tokio_postgres::config::{Host, SslMode};
use tokio_postgres::types::{FromSql, IsNull, ToSql, Type, to_sql_checked};
use tokio_postgres::{Client, Config};

/// For the connection, and for all that is done with it: a server that does not answer must not keep a run.
const CONNECT: Duration = Duration::from_secs(5);
const PATIENCE: Duration = Duration::from_secs(30);
/// Of the transaction lock that histories share: writers come one after the other.
const LOCK: &str = "SELECT pg_advisory_xact_lock(8102664177264355)";

pub struct Postgres {
    client: Client,
    runtime: Runtime,
    deadline: Instant,
}

impl Postgres {
    /// Connects to a `postgres://` URL. No error shows the URL, which may have a password.
    pub fn connect(url: &str) -> Result<Self, HistoryError> {
        let unusable = |why: &str| HistoryError::Unusable(why.to_owned());
        let mut config = Config::from_str(url).map_err(|_| {
            unusable("it is not a URL such as `postgres://user:password@host:5432/database?sslmode=require`")
        })?;
        if config.get_connect_timeout().is_none() {
            config.connect_timeout(CONNECT);
        }
        if config.get_application_name().is_none() {
            config.application_name("proofmark");
        }
        // As libpq does: what does not leave the machine is not encrypted.
        if config.get_hosts().iter().all(is_file) {
            config.ssl_mode(SslMode::Disable);
        }
        let tls = connection::tls(&Pems::default(), HttpVersion::default())
            .map_err(|e| unusable(&e.message))?
            .ok_or_else(|| unusable("there is no TLS"))?;
        // PostgreSQL 17 refuses a client that offers other protocols only.
        let mut tls = tls.as_ref().clone();
        tls.alpn_protocols = vec![b"postgresql".to_vec()];
        let tls = Arc::new(tls);
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .map_err(|e| unusable(&e.to_string()))?;
        let connecting = async {
            let connected = tokio::time::timeout(PATIENCE, config.connect(MakeTls(tls))).await;
            let (client, connection) =
                connected.map_err(|_| unusable("the server does not answer"))?.map_err(told)?;
            // Its errors come to the statements that wait.
            tokio::spawn(connection);
            Ok::<Client, HistoryError>(client)
        };
        let client = runtime.block_on(connecting)?;
        Ok(Self { client, runtime, deadline: Instant::now() + PATIENCE })
    }

    fn wait<T>(
        &self,
        work: impl Future<Output = Result<T, tokio_postgres::Error>>,
    ) -> Result<T, HistoryError> {
        let left = self.deadline.saturating_duration_since(Instant::now());
        let done = self.runtime.block_on(async { tokio::time::timeout(left, work).await });
        let late = |_| HistoryError::Unusable(format!("the server took more than {} s", PATIENCE.as_secs()));
        done.map_err(late)?.map_err(told)
    }
}

/// Whether a server is reached by a socket in the file system.
fn is_file(host: &Host) -> bool {
    match host {
        Host::Tcp(_) => false,
        #[cfg(unix)]
        Host::Unix(_) => true,
    }
}

/// What the server or the connection says, with what lies under it.
fn told(error: tokio_postgres::Error) -> HistoryError {
    let mut text = match error.as_db_error() {
        Some(db) => format!("{} ({})", db.message(), db.code().code()),
        None => error.to_string(),
    };
    let mut cause = error.source().filter(|_| error.as_db_error().is_none());
    while let Some(inner) = cause {
        let says = inner.to_string();
        if !text.contains(&says) {
            text = format!("{text}: {says}");
        }
        cause = inner.source();
    }
    if text.contains("certificate") {
        text.push_str(" (SSL_CERT_FILE names certificates to trust)");
    }
    HistoryError::Unusable(text)
}

impl Database for Postgres {
    fn begin(&mut self) -> Result<(), HistoryError> {
        self.execute("BEGIN", &[])?;
        self.query(LOCK, &[]).map(|_| ())
    }

    fn execute(&mut self, sql: &str, values: &[Value]) -> Result<(), HistoryError> {
        self.wait(self.client.execute_raw(sql, values)).map(|_| ())
    }

    fn query(&mut self, sql: &str, values: &[Value]) -> Result<Vec<Row>, HistoryError> {
        let parameters: Vec<&(dyn ToSql + Sync)> = values.iter().map(|v| v as &(dyn ToSql + Sync)).collect();
        let rows = self.wait(self.client.query(sql, &parameters))?;
        let row = |row: &tokio_postgres::Row| {
            let values = (0..row.len()).map(|i| row.try_get::<_, Value>(i).map_err(told));
            Ok(Row::new(values.collect::<Result<_, _>>()?))
        };
        rows.iter().map(row).collect()
    }
}

impl ToSql for Value {
    fn to_sql(&self, kind: &Type, out: &mut BytesMut) -> Result<IsNull, Box<dyn Error + Sync + Send>> {
        match self {
            Self::Null => Ok(IsNull::Yes),
            Self::Integer(n) => n.to_sql_checked(kind, out),
            Self::Real(n) => n.to_sql_checked(kind, out),
            Self::Text(text) => text.to_sql_checked(kind, out),
        }
    }

    fn accepts(_: &Type) -> bool {
        true
    }

    to_sql_checked!();
}

impl<'a> FromSql<'a> for Value {
    fn from_sql(kind: &Type, raw: &'a [u8]) -> Result<Self, Box<dyn Error + Sync + Send>> {
        match *kind {
            Type::INT8 => i64::from_sql(kind, raw).map(Self::Integer),
            Type::FLOAT8 => f64::from_sql(kind, raw).map(Self::Real),
            // What the lock answers.
            Type::VOID => Ok(Self::Null),
            _ => String::from_sql(kind, raw).map(Self::Text),
        }
    }

    fn from_sql_null(_: &Type) -> Result<Self, Box<dyn Error + Sync + Send>> {
        Ok(Self::Null)
    }

    fn accepts(kind: &Type) -> bool {
        matches!(*kind, Type::INT8 | Type::FLOAT8 | Type::TEXT | Type::VARCHAR | Type::VOID)
    }
}
