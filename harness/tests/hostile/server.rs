//! The hostile server: routes a request to its behaviour.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex};

use super::acceptor::{Acceptor, Stop, lock};
use super::answer::Answer;
use super::behaviour::After;
use super::behaviours::behaviour;
use super::connection::Connection;
use super::request::{Neighbours, Request};
use super::tripwire::{Intruder, Tripwires};

/// A request that the server got: what tells whether a client sent one twice, or used a connection again.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Received {
    /// Numbers the connections from 1, in the order of their first request's arrival.
    pub connection: u64,
    pub method: String,
    /// Path and query as sent.
    pub target: String,
}

/// The server. Stops within moments when it is dropped, whatever its clients are doing.
pub struct HostileServer {
    acceptor: Acceptor,
    tripwires: Tripwires,
    log: Arc<Log>,
}

#[derive(Default)]
struct Log {
    connections: AtomicU64,
    received: Mutex<Vec<Received>>,
}

impl HostileServer {
    /// Listens on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn start() -> io::Result<HostileServer> {
        let tripwires = Tripwires::start()?;
        let (other_port, other_host) = (tripwires.other_port.address(), tripwires.other_host.address());
        let log = Arc::new(Log::default());
        let handler = {
            let log = Arc::clone(&log);
            move |stream: Arc<TcpStream>, stop: &Stop| {
                let Ok(origin) = stream.local_addr() else { return };
                let neighbours = Neighbours { origin, other_port, other_host };
                let mut connection = Connection::new(stream, stop, neighbours);
                // An error is a client that went away, as most do.
                let after = serve_all(&mut connection, &log).unwrap_or(After::Close);
                connection.end(after);
            }
        };
        let acceptor = Acceptor::start(SocketAddr::from((Ipv4Addr::LOCALHOST, 0)), Arc::new(handler))?;
        Ok(HostileServer { acceptor, tripwires, log })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.acceptor.address()
    }

    /// `http://127.0.0.1:PORT`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("http://{}", self.address())
    }

    /// What reached a host that only an answer's content could have named: nothing, if all is well.
    pub fn intruder_requests(&self) -> Vec<Intruder> {
        self.tripwires.intruders()
    }

    /// The addresses of the two tripwires: another port, another host.
    pub fn tripwire_addresses(&self) -> [SocketAddr; 2] {
        [self.tripwires.other_port.address(), self.tripwires.other_host.address()]
    }

    /// Every request so far, in the order of arrival.
    pub fn received(&self) -> Vec<Received> {
        lock(&self.log.received).clone()
    }
}

fn serve_all(connection: &mut Connection, log: &Log) -> io::Result<After> {
    let mut number = None;
    while let Some(request) = connection.read_head()? {
        let number = *number.get_or_insert_with(|| log.connections.fetch_add(1, Ordering::Relaxed) + 1);
        lock(&log.received).push(Received {
            connection: number,
            method: request.method.clone(),
            target: request.target.clone(),
        });
        let last = request.header("connection").is_some_and(|value| value.eq_ignore_ascii_case("close"));
        let after = serve(connection, request)?;
        if last || after != After::Keep {
            return Ok(if after == After::Keep { After::Close } else { after });
        }
    }
    Ok(After::Close)
}

fn serve(connection: &mut Connection, mut request: Request) -> io::Result<After> {
    let behaviour = request.path().strip_prefix("/b/").and_then(behaviour);
    if let Some(behaviour) = behaviour.filter(|behaviour| behaviour.early) {
        let after = (behaviour.serve)(connection, &request)?;
        connection.read_body(&mut request)?;
        return Ok(after);
    }
    connection.read_body(&mut request)?;
    match (request.path(), behaviour) {
        (_, Some(behaviour)) => (behaviour.serve)(connection, &request),
        ("/honest", _) => connection.send_and_keep(Answer::honest(&request).bytes()),
        ("/honest.xml", _) => connection.send_and_keep(Answer::honest_xml(&request).bytes()),
        _ => {
            let body = format!("no such behaviour: {}\n", request.path());
            connection
                .send_and_keep(Answer::typed("text/plain", body).start("HTTP/1.1 404 Not Found").bytes())
        }
    }
}
