//! A door: a listener whose every connection misbehaves before it is known what would be asked.

use std::io;
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::Arc;
use std::time::Duration;

use socket2::{Domain, Socket, Type};

use super::acceptor::{Acceptor, Stop};
use super::behaviour::{After, Expect};
use super::connection::Connection;
use super::request::Neighbours;

/// A way to misbehave that no path can choose.
#[derive(Clone, Copy)]
pub struct Door {
    /// Kebab-case, unique among doors and behaviours.
    pub name: &'static str,
    /// What it does, in words that follow "a target that …".
    pub what: &'static str,
    /// The verdict of any trial that is sent there.
    pub expect: Expect,
    /// `http` or `https`: what the client should believe to find.
    pub scheme: &'static str,
    pub kind: DoorKind,
}

/// What a door does with those who knock.
#[derive(Clone, Copy)]
pub enum DoorKind {
    /// Accepts, and does this.
    Accepts(fn(&mut Connection) -> io::Result<After>),
    /// Bound, but not listening: connections are refused, and nobody else can get the port meanwhile.
    Refuses,
    /// Listening with a full backlog and never accepting: the client's SYN goes unanswered.
    Swallows,
}

/// A door that is open until it is dropped.
pub struct OpenDoor {
    address: SocketAddr,
    scheme: &'static str,
    _held: Held,
}

/// What keeps a door as it is.
enum Held {
    Acceptor(Acceptor),
    Socket(Socket),
    Full(Socket, Vec<TcpStream>),
}

impl Door {
    /// Opens it on a free port of 127.0.0.1.
    ///
    /// # Errors
    /// When no port can be bound, or (for [`DoorKind::Swallows`]) when the system takes connections without end.
    pub fn open(&self) -> io::Result<OpenDoor> {
        let (address, held) = match self.kind {
            DoorKind::Accepts(serve) => {
                let acceptor = Acceptor::start(free_port(), Arc::new(handler(serve)))?;
                (acceptor.address(), Held::Acceptor(acceptor))
            }
            DoorKind::Refuses => {
                let (socket, address) = bound()?;
                (address, Held::Socket(socket))
            }
            DoorKind::Swallows => {
                let (socket, address) = bound()?;
                socket.listen(0)?;
                (address, Held::Full(socket, fill(address)?))
            }
        };
        Ok(OpenDoor { address, scheme: self.scheme, _held: held })
    }
}

impl OpenDoor {
    /// Where it is.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// `http://127.0.0.1:PORT` or `https://…`, without a slash at the end.
    pub fn base_url(&self) -> String {
        format!("{}://{}", self.scheme, self.address)
    }
}

fn free_port() -> SocketAddr {
    SocketAddr::from((Ipv4Addr::LOCALHOST, 0))
}

fn bound() -> io::Result<(Socket, SocketAddr)> {
    let socket = Socket::new(Domain::IPV4, Type::STREAM, None)?;
    socket.bind(&free_port().into())?;
    let address = socket.local_addr()?.as_socket().ok_or(io::ErrorKind::AddrNotAvailable)?;
    Ok((socket, address))
}

/// Connects until nothing more gets through.
fn fill(address: SocketAddr) -> io::Result<Vec<TcpStream>> {
    let mut held = Vec::new();
    while held.len() < 64 {
        match TcpStream::connect_timeout(&address, Duration::from_millis(50)) {
            Ok(stream) => held.push(stream),
            Err(error) if error.kind() == io::ErrorKind::TimedOut => return Ok(held),
            Err(error) => return Err(error),
        }
    }
    Err(io::Error::other("a backlog of 0 took 64 connections"))
}

fn handler(serve: fn(&mut Connection) -> io::Result<After>) -> impl Fn(Arc<TcpStream>, &Stop) + Send + Sync {
    move |stream, stop| {
        let Ok(origin) = stream.local_addr() else { return };
        let neighbours = Neighbours { origin, other_port: origin, other_host: origin };
        let mut connection = Connection::new(stream, stop, neighbours);
        // An error is a client that went away.
        let after = serve(&mut connection).unwrap_or(After::Close);
        connection.end(after);
    }
}
