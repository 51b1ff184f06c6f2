//! Listeners that nobody has a reason to talk to, but for having believed what a hostile answer says.

use std::io::{self, Read, Write};
use std::net::{Ipv4Addr, SocketAddr, TcpStream};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use super::acceptor::{Acceptor, lock};
use super::answer::Answer;
use super::request::Request;

/// A request (or a bare connection) that reached a tripwire.
#[derive(Clone, Debug)]
pub struct Intruder {
    /// The tripwire that it reached.
    pub at: SocketAddr,
    /// What it sent, the first 16 KB; empty when it only connected.
    pub bytes: Vec<u8>,
}

/// Two tripwires: one a port away from the hostile server, one on another address.
pub struct Tripwires {
    pub other_port: Acceptor,
    pub other_host: Acceptor,
    intruders: Arc<Mutex<Vec<Intruder>>>,
}

impl Tripwires {
    /// Listens on 127.0.0.1 and on 127.0.0.2 (twice on the first where the second isn't there).
    ///
    /// # Errors
    /// When no port can be bound.
    pub fn start() -> io::Result<Tripwires> {
        let intruders = Arc::new(Mutex::new(Vec::new()));
        let here = Ipv4Addr::LOCALHOST;
        let other_port = listen(here, &intruders)?;
        let other_host =
            listen(Ipv4Addr::new(127, 0, 0, 2), &intruders).or_else(|_| listen(here, &intruders))?;
        Ok(Tripwires { other_port, other_host, intruders })
    }

    /// Everything that reached either so far.
    pub fn intruders(&self) -> Vec<Intruder> {
        lock(&self.intruders).clone()
    }
}

fn listen(address: Ipv4Addr, intruders: &Arc<Mutex<Vec<Intruder>>>) -> io::Result<Acceptor> {
    let intruders = Arc::clone(intruders);
    let handler = move |stream: Arc<TcpStream>, _: &_| {
        let Ok(at) = stream.local_addr() else { return };
        // Recorded before anything is read: a client that waits for the answer must not be faster than the record.
        let number = {
            let mut intruders = lock(&intruders);
            intruders.push(Intruder { at, bytes: Vec::new() });
            intruders.len() - 1
        };
        // Whatever goes wrong here, the record has what came before.
        let _ = converse(&stream, |bytes| lock(&intruders)[number].bytes.extend(bytes));
    };
    Acceptor::start(SocketAddr::from((address, 0)), Arc::new(handler))
}

/// Records a request, then answers it honestly: whoever followed must not be told that it was a mistake.
fn converse(mut stream: &TcpStream, mut record: impl FnMut(&[u8])) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_millis(500)))?;
    let mut received = Vec::new();
    let mut buffer = [0; 4096];
    while received.len() < 16 << 10 && !received.windows(4).any(|window| window == b"\r\n\r\n") {
        let read = stream.read(&mut buffer)?;
        if read == 0 {
            break;
        }
        record(&buffer[..read]);
        received.extend(&buffer[..read]);
    }
    let request = Request::parse(&received).unwrap_or_default();
    stream.write_all(&Answer::honest(&request).line("Connection: close").bytes())
}
