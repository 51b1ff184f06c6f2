//! A listener with one thread a connection, which stops within moments whatever its connections are doing.

use std::collections::HashMap;
use std::io;
use std::net::{Shutdown, SocketAddr, TcpListener, TcpStream};
use std::sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError, Weak};
use std::thread::{self, JoinHandle};
use std::time::{Duration, Instant};

/// How long any read or write of ours may block: a bound for a client that neither goes on nor goes away.
const PATIENCE: Duration = Duration::from_secs(30);

/// Handles one connection; returning closes it.
pub type Handler = dyn Fn(Arc<TcpStream>, &Stop) + Send + Sync;

/// A flag that ends pauses as soon as it is raised.
#[derive(Default)]
pub struct Stop {
    raised: Mutex<bool>,
    changed: Condvar,
}

impl Stop {
    /// Waits for `time`.
    ///
    /// # Errors
    /// `Interrupted` when the listener stops meanwhile, or has stopped.
    pub fn pause(&self, time: Duration) -> io::Result<()> {
        let until = Instant::now() + time;
        let mut raised = lock(&self.raised);
        while !*raised {
            let left = until.saturating_duration_since(Instant::now());
            if left.is_zero() {
                return Ok(());
            }
            raised = self.changed.wait_timeout(raised, left).unwrap_or_else(PoisonError::into_inner).0;
        }
        Err(io::Error::new(io::ErrorKind::Interrupted, "the hostile server stops"))
    }

    fn raise(&self) {
        *lock(&self.raised) = true;
        self.changed.notify_all();
    }

    fn is_raised(&self) -> bool {
        *lock(&self.raised)
    }
}

/// A listening socket. Dropping it shuts all of its connections and joins all of its threads.
pub struct Acceptor {
    address: SocketAddr,
    stop: Arc<Stop>,
    live: Arc<Mutex<Live>>,
    accepting: Option<JoinHandle<()>>,
}

/// The connections that are open. Weak, so that a connection's last handle, and with it the socket, goes with its
/// thread: a copy here would keep the client from seeing the end.
type Live = HashMap<u64, Weak<TcpStream>>;

impl Acceptor {
    /// Listens on `address` (port 0 picks one).
    ///
    /// # Errors
    /// When the address can't be bound.
    pub fn start(address: SocketAddr, handler: Arc<Handler>) -> io::Result<Acceptor> {
        let listener = TcpListener::bind(address)?;
        let address = listener.local_addr()?;
        let stop = Arc::new(Stop::default());
        let live = Arc::new(Mutex::new(Live::new()));
        let accepting = {
            let (stop, live) = (Arc::clone(&stop), Arc::clone(&live));
            thread::Builder::new()
                .name(format!("hostile {address}"))
                .spawn(move || accept_all(&listener, &stop, &live, &handler))?
        };
        Ok(Acceptor { address, stop, live, accepting: Some(accepting) })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }
}

impl Drop for Acceptor {
    fn drop(&mut self) {
        self.stop.raise();
        for stream in lock(&self.live).values().filter_map(Weak::upgrade) {
            // Already closed by the client: nothing to shut.
            let _ = stream.shutdown(Shutdown::Both);
        }
        // Wakes the thread that waits in accept.
        let _ = TcpStream::connect_timeout(&self.address, Duration::from_secs(1));
        if let Some(accepting) = self.accepting.take() {
            // A panic of a handler was already printed by its thread.
            let _ = accepting.join();
        }
    }
}

fn accept_all(listener: &TcpListener, stop: &Arc<Stop>, live: &Arc<Mutex<Live>>, handler: &Arc<Handler>) {
    let mut handling: Vec<JoinHandle<()>> = Vec::new();
    let mut number = 0;
    while !stop.is_raised() {
        let Ok((stream, _)) = listener.accept() else {
            // Out of file handles, or the client is gone again: neither is ours to end the test for.
            if stop.pause(Duration::from_millis(5)).is_err() {
                break;
            }
            continue;
        };
        number += 1;
        let stream = Arc::new(stream);
        lock(live).insert(number, Arc::downgrade(&stream));
        // After the insertion: either we see the flag, or whoever raised it sees the connection.
        if stop.is_raised() {
            break;
        }
        let (stop, live, handler) = (Arc::clone(stop), Arc::clone(live), Arc::clone(handler));
        let spawned = thread::Builder::new().name(format!("hostile connection {number}")).spawn(move || {
            if prepare(&stream).is_ok() {
                handler(stream, &stop);
            }
            lock(&live).remove(&number);
        });
        handling.retain(|thread| !thread.is_finished());
        handling.extend(spawned);
    }
    for thread in handling {
        let _ = thread.join();
    }
}

/// No delay, so that every write is a segment of its own when the behaviour wants one.
fn prepare(stream: &TcpStream) -> io::Result<()> {
    stream.set_nodelay(true)?;
    stream.set_read_timeout(Some(PATIENCE))?;
    stream.set_write_timeout(Some(PATIENCE))
}

/// Locks, whether or not another thread panicked meanwhile.
pub fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
